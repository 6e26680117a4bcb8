"""The two processes of the compose file's profile chroma-server: `chroma run`, and the service beside it."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

QUESTION = "When is the mobile police station at Alder Green?"
DOCUMENTS = {
    "alder.md": "# Alder Green plan\n\nThe mobile police station is at Alder Green on the first Monday of the month.\n",
    "birch.md": "# Birch End plan\n\nResidents of Birch End choose the priorities of their ward at a public meeting.\n",
}
COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections"


class Chroma:
    def __init__(self, folder: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._command = [str(Path(sys.executable).with_name("chroma")), "run", "--path", str(folder)]
        self._command += ["--host", "127.0.0.1", "--port", str(port)]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            try:
                httpx.get(f"{self.url}/api/v2/heartbeat").raise_for_status()
                return
            except httpx.TransportError:
                time.sleep(0.1)
        pytest.fail("chroma run did not start")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def passages(self) -> int:
        """How many passages it holds, in all collections."""
        held = httpx.get(f"{self.url}{COLLECTIONS}").json()
        return sum(int(httpx.get(f"{self.url}{COLLECTIONS}/{collection['id']}/count").text) for collection in held)


@pytest.fixture
def chroma(tmp_path: Path) -> Iterator[Chroma]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server = Chroma(tmp_path / "vectors", free.getsockname()[1])
    server.start()
    yield server
    server.kill()


Serve = Callable[[Path], str]


@pytest.fixture
def environment(chroma: Chroma, data_dir: Path) -> dict[str, str]:
    return {**os.environ, "ENGAGE_DATA_DIR": str(data_dir), "ENGAGE_CHROMA_URL": chroma.url}


@pytest.fixture
def serve(environment: dict[str, str]) -> Iterator[Serve]:
    """Starts the service, after stopping the one before, and waits until it is ready. Returns its address."""
    running: list[subprocess.Popen[str]] = []

    def stop() -> None:
        for process in running:
            process.terminate()
            process.communicate(timeout=30)
        running.clear()

    def start(documents: Path) -> str:
        stop()
        command = [sys.executable, "-m", "service", "serve", "--port", "0", "--add", str(documents)]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        running.append(process)
        assert process.stdout is not None
        for line in process.stdout:
            if ready := re.match(r"Ready: (http://[\w.:]+)/", line):
                return ready[1]
        raise AssertionError("the service ended before it was ready")

    yield start
    stop()


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def ask(service: str, question: str) -> list[str]:
    """The quotations of the answer."""
    reply = httpx.post(f"{service}/api/v1/questions", json={"question": question}, timeout=60)
    reply.raise_for_status()
    return [citation["cited_text"] for citation in reply.json()["citations"]]


def test_answers_go_on_while_the_server_is_away(
    chroma: Chroma, serve: Serve, documents: Path, environment: dict[str, str]
) -> None:
    service = serve(documents)
    quoted = ask(service, QUESTION)
    assert any("first Monday of the month" in quotation for quotation in quoted)
    assert eventually(chroma.passages) == 2

    chroma.kill()
    assert ask(service, QUESTION) == quoted

    (documents / "cedar.md").write_text(
        "# Cedar Bank plan\n\nOfficers meet the Cedar Bank tenants' panel every quarter.\n"
    )
    added = [sys.executable, "-m", "service", "add", str(documents / "cedar.md")]
    subprocess.run(added, env=environment, check=True, stdout=subprocess.DEVNULL)
    assert any(
        "every quarter" in quotation for quotation in ask(service, "How often do officers meet the tenants' panel?")
    )

    chroma.start()
    service = serve(documents)
    assert ask(service, QUESTION) == quoted
    assert eventually(chroma.passages, 3) == 3


def eventually(count: Callable[[], int], expected: int = 2) -> int:
    """The count, once it is what is expected, or after half a minute: vectors follow on a thread of their own."""
    for _ in range(300):
        if count() == expected:
            break
        time.sleep(0.1)
    return count()
