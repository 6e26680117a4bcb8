"""Catalogue, answers, submissions, gaps and requests in PostgreSQL: the strand lead's round, and a restart."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import httpx
import pytest

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
QUESTION = "How do wardens of Humberside lend lanterns to orchard keepers?"
PLAN = """# Orchard plan

Published by Humberside Police

Review date: May 2024

Wardens lend lanterns to orchard keepers each winter. Ring PC 4411 Marlow to be lent one.
"""

pytestmark = pytest.mark.skipif(not PROGRAMS, reason="PostgreSQL is not installed")


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """Address of an empty database of its own cluster, which is deleted afterwards."""
    bin_ = PROGRAMS[-1].parent
    folder = Path(mkdtemp(prefix="engage-postgresql-"))
    # PostgreSQL does not run as root; Debian's package brings a user for it.
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if user:
        shutil.chown(folder, "postgres", "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(*command: object) -> None:
        ended = subprocess.run([*user, *map(str, command)], cwd="/", capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr

    run(bin_ / "initdb", "-D", folder / "data", "-U", "engage", "-A", "trust", "-E", "UTF8", "--no-sync")
    listening = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} -c fsync=off"
    run(bin_ / "pg_ctl", "-D", folder / "data", "-o", listening, "-l", folder / "log", "-w", "start")
    try:
        yield f"postgresql+pg8000://engage@127.0.0.1:{port}/postgres"
    finally:
        run(bin_ / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


@pytest.fixture
def environment(database: str, tmp_path: Path) -> dict[str, str]:
    return {**os.environ, "ENGAGE_DATA_DIR": str(tmp_path / "data"), "ENGAGE_DATABASE_URL": database}


@contextmanager
def served(environment: dict[str, str]) -> Iterator[httpx.Client]:
    """The service in a process of its own, and its owner's client."""
    with subprocess.Popen(
        [sys.executable, "-m", "service", "serve", "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        ready = next((found for line in process.stdout if (found := re.match(r"Ready: (http://\S+?)/ ", line))), None)
        assert ready
        token = json.loads((Path(environment["ENGAGE_DATA_DIR"]) / "owner.json").read_text("utf-8"))["token"]
        try:
            with httpx.Client(base_url=ready[1], headers={"X-Engage-Token": token}, timeout=60) as client:
                until(lambda: client.get("/ready").is_success)
                yield client
        finally:
            process.terminate()
            process.communicate(timeout=30)


def until(there: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + 60
    while not (found := there()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def got(answer: httpx.Response) -> Any:
    assert answer.is_success, answer.text
    return answer.json()


def test_a_document_goes_all_the_way_and_everything_is_there_after_a_restart(environment: dict[str, str]) -> None:
    with served(environment) as client:
        assert got(client.post("/api/v1/questions", json={"question": QUESTION}))["outcome"] == "nothing_relevant"
        request = got(client.post("/api/v1/requests", json={"organisation": "humberside"}))

        sent = got(client.post("/api/v1/submissions", files={"file": ("orchard.md", PLAN)}))["id"]
        own = f"/api/v1/submissions/{sent}"
        waiting = until(lambda: (one := got(client.get(own)))["state"] == "to_confirm" and one)
        assert waiting["proposal"]["card"]["review_date"] == "2024-05"
        card = waiting["proposal"]["card"] | {"organisations": [{"slug": "humberside", "role": "author"}]}
        got(client.post(f"{own}/confirm", params={"mask": True}, json=card))
        assert until(lambda: (one := got(client.get(own)))["state"] == "added" and one)["document"] == "orchard"

        answer = got(client.post("/api/v1/questions", json={"question": QUESTION}))
        assert (answer["outcome"], answer["citations"][0]["source"]["review_overdue"]) == ("answered", True)
        [gap] = until(lambda: [one for one in got(client.get("/api/v1/gaps")) if one["state"] == "answered"])
        assert gap["answered_by"]["document_id"] == "orchard"

        card = got(client.get("/api/v1/documents/orchard"))["card"] | {"title": "Orchard plan, revised"}
        got(client.put("/api/v1/documents/orchard/card", json=card))
        assert got(client.get("/api/v1/documents/orchard/changes"))["old"]["version"] == 1
        humberside = next(row for row in got(client.get("/api/v1/coverage"))["rows"] if row["slug"] == "humberside")
        assert {cell["state"] for cell in humberside["cells"]} != {"not_held"}

    with served(environment) as client:
        assert got(client.get(f"/api/v1/answers/{answer['reference']}"))["points"] == answer["points"]
        assert [one["question"] for one in got(client.get("/api/v1/documents/orchard/answers"))] == [QUESTION]
        assert got(client.get(f"{own}/receipt"))["document"] == "orchard"
        assert [one["id"] for one in got(client.get("/api/v1/requests"))] == [request["id"]]
        assert client.delete("/api/v1/documents/orchard").is_success
        assert got(client.post("/api/v1/questions", json={"question": QUESTION}))["citations"] == []
        got(client.post("/api/v1/documents/orchard/restore"))

    for command in (["verify"], ["documents"], ["forget", "--before", "2100-01-01"]):
        ran = subprocess.run(
            [sys.executable, "-m", "service", *command], env=environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stderr
