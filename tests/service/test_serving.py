"""`engage serve` as a process of its own: its start, its second start, what goes through it, and its stop."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Thread

import httpx
import pytest

from service.examples import EXAMPLES

CONSULTED = "Who was consulted on the Riverside plan?"
SAMPLES = Path(__file__).parents[1] / "samples"
ENGAGE = [sys.executable, "-m", "service"]


@dataclass
class Service:
    process: subprocess.Popen[str]
    url: str
    said: list[str]
    """Up to the line that says that it is ready."""

    def ask(self, question: str) -> dict[str, object]:
        replied = httpx.post(f"{self.url}/api/v1/questions", json={"question": question}, timeout=60)
        assert replied.status_code == 200, replied.text
        return dict(replied.json())

    def rest(self) -> list[str]:
        """What it said after that, once it has stopped."""
        assert self.process.stdout is not None
        return self.process.stdout.read().splitlines()

    def complaints(self) -> str:
        assert self.process.stderr is not None
        return self.process.stderr.read()

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=20)


Start = Callable[..., Service]
Engage = Callable[..., subprocess.CompletedProcess[str]]


def environment(data_dir: Path) -> dict[str, str]:
    return {**os.environ, "ENGAGE_DATA_DIR": str(data_dir), "PYTHONWARNINGS": "default"}


def launch(data_dir: Path, *arguments: object, **more: str) -> subprocess.Popen[str]:
    command = [*ENGAGE, "serve", "--port", "0", *map(str, arguments)]
    return subprocess.Popen(
        command, env=environment(data_dir) | more, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def when_ready(process: subprocess.Popen[str]) -> Service:
    assert process.stdout is not None
    assert process.stderr is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line.rstrip("\n"))
        ready = re.match(r"Ready: (http://\S+)/ ", line)
        if ready:
            return Service(process, ready[1], said)
    raise AssertionError(process.stderr.read())


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


@pytest.fixture
def launched(data_dir) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: object, **more: str) -> subprocess.Popen[str]:
        started.append(launch(data_dir, *arguments, **more))
        return started[-1]

    yield run
    for process in started:
        end(process)


@pytest.fixture
def start(launched) -> Start:
    return lambda *arguments, **more: when_ready(launched(*arguments, **more))


def run_engage(data_dir: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [*ENGAGE, *map(str, arguments)]
    return subprocess.run(command, env=environment(data_dir), capture_output=True, text=True, timeout=300)


@pytest.fixture
def engage(data_dir) -> Engage:
    return partial(run_engage, data_dir)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return Path(tmp_path_factory.mktemp("running"))


@pytest.fixture(scope="module")
def running(folder, write_documents) -> Iterator[Service]:
    """Started with the documents of the other tests and one that is broken."""
    source = write_documents(folder / "source")
    (source / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    process = launch(folder / "data", "--add", source)
    try:
        yield when_ready(process)
    finally:
        end(process)


def test_it_adds_what_it_is_given_says_when_it_is_ready_and_answers(running) -> None:
    assert running.url.startswith("http://127.0.0.1:")
    assert "1 failed, 3 added" in running.said
    assert httpx.get(f"{running.url}/ready").status_code == 200
    assert running.ask(CONSULTED)["outcome"] == "answered"


def test_cards_originals_and_the_export_are_had_from_the_command_line_meanwhile(running, folder, tmp_path) -> None:
    engage = partial(run_engage, folder / "data")
    card = engage("card", "harbour-notes").stdout
    file = tmp_path / "card.yaml"
    file.write_text(card.replace("review_date: ''", "review_date: 2031"))
    assert engage("card", "harbour-notes", "--set", file).stdout.startswith("Changed the card of 'Notes of the Harbour")
    assert "review_date: '2031'" in engage("card", "harbour-notes").stdout
    file.write_text(card.replace("slug: durham", "slug: durhm"))
    assert "'durhm' is not in the register" in engage("card", "harbour-notes", "--set", file).stderr

    assert engage("remove", "harbour-notes").returncode == 0
    assert engage("restore", "harbour-notes").stdout.endswith("(harbour-notes) is back in answers.\n")
    assert engage("original", "harbour-notes", tmp_path / "notes.md").returncode == 0
    assert engage("export", tmp_path / "library.zip").returncode == 0
    assert zipfile.is_zipfile(tmp_path / "library.zip")


def test_a_document_that_cannot_be_read_is_named(running) -> None:
    assert any("broken.pdf" in line for line in running.said)


def test_while_it_runs_other_commands_go_through_it(running, folder, tmp_path) -> None:
    note = tmp_path / "ferry-note.md"
    note.write_text("# Ferry note\n\nBeat surgeries are held on the ferry at the upper deck.\n", encoding="utf-8")
    added = json.loads(run_engage(folder / "data", "add", note, "--json").stdout)
    assert (added["path"], added["document"], added["outcome"]) == (str(note), "ferry-note", "added")
    where = "Where are the beat surgeries on the ferry held?"
    asked = json.loads(run_engage(folder / "data", "ask", where, "--json").stdout)
    assert "upper deck" in asked["points"][0]["text"]
    assert httpx.get(f"{running.url}/api/v1/answers/{asked['reference']}").json() == asked
    assert run_engage(folder / "data", "remove", "ferry-note").returncode == 0
    assert "ferry-note" not in json.dumps(running.ask(where)["citations"])


def test_archives_and_mails_go_through_it_too(running, folder, tmp_path) -> None:
    archive = tmp_path / "plans.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.write(SAMPLES / "mail.eml", "mails/mail.eml")
        made.writestr("steps.md", "# Steps\n\nThe steps to the quay are swept on Fridays.\n")
        made.writestr("steps.md.card.yaml", "id: quay-steps\ntitle: Steps to the quay\n")
        made.writestr("inner.zip", "PK")
    ran = run_engage(folder / "data", "add", archive, SAMPLES / "mail.eml", "--json")
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    inside = ["", "/Meeting plan 2024_25.txt", *(f"/What the panel asked for.eml{end}" for end in ("", "/Minutes.md"))]
    assert [(one["path"], one["outcome"], one["reason"]) for one in told] == [
        (f"{archive}/inner.zip", "failed", "nested_archive"),
        *((f"{archive}/mails/mail.eml{end}", "added", None) for end in inside),
        (f"{archive}/steps.md", "added", None),
        *((f"{SAMPLES}/mail.eml{end}", "already_held", None) for end in inside),
    ]
    assert told[5]["document"] == "quay-steps"
    assert list((folder / "data" / "unpacked").iterdir()) == []


def test_a_question_refused_by_it_is_told_in_a_sentence(running, folder) -> None:
    refused = run_engage(folder / "data", "ask", CONSULTED, "--organisation", "chesire")
    assert refused.returncode == 1
    assert refused.stderr == "engage: 'chesire' is not in the register; use 'cheshire'.\n"


def test_a_second_service_on_the_same_folder_is_refused(running, folder) -> None:
    second = run_engage(folder / "data", "serve", "--port", "0")
    assert (second.returncode, second.stdout) == (1, "")
    assert running.url in second.stderr
    assert second.stderr.count("\n") == 1


def test_the_second_start_adds_nothing_and_what_was_withdrawn_stays_withdrawn(start, engage, source) -> None:
    first = start("--add", source)
    assert first.stop() == 0
    assert first.rest() == ["Three questions to try:", *(f"  {question}" for question in EXAMPLES)]
    assert first.complaints() == ""
    assert engage("remove", "harbour-notes").returncode == 0
    second = start("--add", source)
    assert second.said[0] == "3 already held"
    held = {document["document_id"] for document in httpx.get(f"{second.url}/api/v1/documents").json()}
    assert held == {"riverside-plan"}


def test_it_does_not_listen_where_others_could_reach_it(engage, data_dir) -> None:
    refused = engage("serve", "--host", "0.0.0.0", "--port", "0")
    assert refused.returncode == 1
    assert "ENGAGE_LISTEN_BEYOND_LOOPBACK" in refused.stderr
    assert not data_dir.exists()


def test_told_so_it_listens_everywhere(start) -> None:
    service = start("--host", "0.0.0.0", ENGAGE_LISTEN_BEYOND_LOOPBACK="true")
    assert httpx.get(f"{service.url}/health").status_code == 200
    assert httpx.get(f"{service.url}/health", headers={"Host": "192.0.2.7:8000"}).status_code == 200
    assert httpx.get(f"{service.url}/health", headers={"Host": "evil.example"}).status_code == 421


def test_a_port_that_is_taken_is_told_in_a_sentence(engage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = engage("serve", "--port", taken.getsockname()[1])
    assert refused.returncode == 1
    assert "--port" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_a_language_model_that_cannot_be_had_is_told_at_the_start(launched, engage) -> None:
    refused = launched(ENGAGE_LLM="nobody:nothing")
    told, complaint = refused.communicate(timeout=60)
    assert (refused.returncode, told) == (1, "")
    assert complaint.startswith("engage: ")
    assert complaint.count("\n") == 1
    assert engage("verify").returncode == 0


@contextmanager
def open_request(service: Service, path: str, body: bytes, announced: int) -> Iterator[socket.socket]:
    host, port = service.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {announced}\r\n\r\n"
        )
        connection.sendall(head.encode() + body)
        yield connection


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_within_seconds_while_a_question_is_only_half_sent(start, number) -> None:
    service = start()
    with open_request(service, "/api/v1/questions/stream", b'{"question": ', 500):
        assert service.stop(number) == 0


@contextmanager
def silent_model() -> Iterator[tuple[str, list[socket.socket]]]:
    """A language model that takes the call and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        calls: list[socket.socket] = []

        def take() -> None:
            try:
                while True:
                    calls.append(listener.accept()[0])
            except OSError:
                pass

        Thread(target=take, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1", calls
        for call in calls:
            call.close()


def test_it_stops_within_seconds_while_an_answer_is_streamed(start, engage, source) -> None:
    body = json.dumps({"question": CONSULTED}).encode()
    with silent_model() as (address, calls):
        service = start(
            "--add",
            source,
            ENGAGE_LLM="openai:silent",
            ENGAGE_LLM_BASE_URL=address,
            ENGAGE_LLM_API_KEY="none",
            ENGAGE_LLM_TIMEOUT_SECONDS="300",
        )
        with open_request(service, "/api/v1/questions/stream", body, len(body)) as connection:
            assert connection.recv(12) == b"HTTP/1.1 200"
            while not calls:
                assert connection.recv(1) != b"", "the model is asked before the answer ends"
            assert service.stop() == 0
    assert service.complaints() == ""
    assert engage("verify").returncode == 0


def test_it_stops_within_seconds_while_it_adds_and_the_library_is_whole(launched, engage, tmp_path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    for number in range(200):
        (notes / f"note-{number}.md").write_text(f"# Note {number}\n\nPatrol {number} met residents.\n")
    process = launched("--add", notes)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("Added")
    process.terminate()
    assert process.wait(timeout=20) == 0
    assert process.stderr is not None
    assert process.stderr.read() == ""
    assert engage("verify").returncode == 0


def test_killed_it_starts_again(start, engage, source) -> None:
    service = start("--add", source)
    service.process.kill()
    service.process.wait()
    assert start("--add", source).ask(CONSULTED)["outcome"] == "answered"
