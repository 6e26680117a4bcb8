"""The service is killed again and again while a batch of files goes in: nothing is lost, doubled or different."""

import io
import os
import random
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from threading import Timer
from typing import Any

import httpx
import pytest

PLACES = ("pier", "mill", "moor", "weir", "quay", "dale", "fell")
QUESTIONS = (
    "How often do wardens of the weir meet the public?",
    "What is asked in the survey about the moor?",
    "Which day do the wardens of the quay visit the school?",
)
PATIENCE = 120


def plan(place: str) -> str:
    paragraphs = "\n\n".join(
        f"In month {month} the wardens of the {place} walk round {month} of it with those who live there."
        for month in range(1, 9)
    )
    return f"""# Plan for the {place}

## Meetings of the {place}

Wardens of the {place} meet the public every {len(place)} weeks.

## Survey about the {place}

In the survey about the {place} residents are asked what the wardens should do first.

## School visits from the {place}

The wardens of the {place} visit the school on day {PLACES.index(place) + 1} of the week.

{paragraphs}
"""


def batch() -> dict[str, bytes]:
    """By name: plans that wait for their card, some that bring it, an archive, a duplicate and one that is broken."""
    files = {f"{place}.md": plan(place).encode() for place in PLACES[:3]}
    for place in PLACES[3:5]:
        files[f"{place}.md"] = f"---\nid: {place}-plan\ntitle: Plan for the {place}\n---\n{plan(place)}".encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for place in PLACES[5:]:
            archive.writestr(f"{place}.md", plan(place))
    files |= {"plans.zip": packed.getvalue(), "weir-copy.md": files["weir.md"], "broken.pdf": b"%PDF-1.7 and no more"}
    return files


class Service:
    """The real service over a data folder, killed after each of its lives in seconds, and started again."""

    def __init__(self, data_dir: Path, lives: list[float], how: signal.Signals = signal.SIGKILL) -> None:
        self._data_dir = data_dir
        self._lives = lives
        self._how = how
        self.kills = 0
        self._start()

    def _start(self) -> None:
        environment = {**os.environ, "ENGAGE_DATA_DIR": str(self._data_dir)}
        command = [sys.executable, "-m", "service", "serve", "--port", "0"]
        self._process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        url = next(m[1] for line in self._process.stdout if (m := re.match(r"Ready: (http://\S+?)/ ", line)))
        token = re.search(r'"token": "([^"]+)"', (self._data_dir / "owner.json").read_text())
        assert token
        self.client = httpx.Client(base_url=url, headers={"X-Engage-Token": token[1]}, timeout=60)
        if self._lives:
            Timer(self._lives.pop(0), self.kill).start()

    def kill(self) -> None:
        self.kills += 1
        self._process.send_signal(self._how)

    def ask(self, method: str, path: str, **sent: Any) -> httpx.Response:
        """As often as the service has to be started for it."""
        while True:
            try:
                return self.client.request(method, path, **sent)
            except httpx.HTTPError:
                self.stop()
                self._start()

    def stop(self) -> None:
        self.client.close()
        self._process.terminate()
        self._process.communicate(timeout=20)


def until(found: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """What is found once none of it is under way."""
    deadline = time.monotonic() + PATIENCE
    while any(one["state"] in ("queued", "working") for one in found()):
        assert time.monotonic() < deadline, found()
        time.sleep(0.05)
    return found()


def take_in(data_dir: Path, lives: list[float], how: signal.Signals = signal.SIGKILL) -> tuple[dict[str, Any], int]:
    """The batch is handed in and confirmed whatever happens; gives what the library then holds and says."""
    service = Service(data_dir, lives, how)

    def submissions() -> list[dict[str, Any]]:
        return list(service.ask("GET", "/api/v1/submissions").json())

    try:
        for name, content in batch().items():
            assert service.ask("POST", "/api/v1/submissions", files={"file": (name, content)}).status_code == 202
        for waiting in until(submissions):
            if waiting["state"] == "to_confirm":
                answer = service.ask("POST", f"/api/v1/submissions/{waiting['id']}/confirm")
                assert answer.status_code in (200, 409), answer.text  # 409: killed before it could say so
        ended = until(submissions)
        service.stop()
        return {**outcomes(ended), **said(data_dir)}, service.kills
    finally:
        service.stop()


def outcomes(ended: list[dict[str, Any]]) -> dict[str, Any]:
    """By place. A file whose receipt was cut off was sent twice: then it is held already as well."""
    found: dict[str, set[tuple[str, str | None]]] = {}
    for one in ended:
        assert one["state"] in ("added", "failed"), one
        if one["outcome"] != "already_held":
            found.setdefault(one["place"], set()).add((one["state"], one["reason"]))
    return {"outcomes": found}


def said(data_dir: Path) -> dict[str, Any]:
    """What is held, passage by passage, and what is answered; and that the folder is whole and tidy."""
    from ingest.library import Library
    from ingest.settings import IngestSettings
    from ingest.verifying import verify
    from service.answering import Answering
    from service.vocabulary import Asker, Question

    settings = IngestSettings(data_dir=data_dir, _env_file=None)  # type: ignore[call-arg]
    with Library.open(settings) as library:
        library.settle()
        assert list(verify(library)) == []
        held = [library.catalogue.version(version) for version in library.catalogue.all_versions()]
        passages = {
            (version.document_id, version.number): [p.text for p in library.catalogue.passages_of(version.id)]
            for version in held
        }
        answering = Answering(library, lambda: "")
        answers = [answering.answer(Question(question=question), Asker()) for question in QUESTIONS]
        cited = [[(c.source.document_id, c.cited_text) for c in answer.citations] for answer in answers]
        said = [(answer.outcome, [point.text for point in answer.points]) for answer in answers]
    return {"passages": passages, "cited": cited, "said": said}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    found, _ = take_in(tmp_path_factory.mktemp("undisturbed") / "data", [])
    return found


def test_the_batch_goes_in(undisturbed: dict[str, Any]) -> None:
    assert sorted(document for document, _ in undisturbed["passages"]) == [
        *("dale", "fell", "mill", "moor", "pier"),
        *("quay-plan", "weir-plan"),
    ]
    assert undisturbed["outcomes"]["broken.pdf"] == {("failed", "damaged")}
    assert undisturbed["said"][0][1] == ["Wardens of the weir meet the public every 4 weeks."]


@pytest.mark.parametrize(
    ("seed", "how"), [(1, signal.SIGKILL), (2, signal.SIGKILL), (3, signal.SIGKILL), (4, signal.SIGTERM)]
)
def test_killed_again_and_again_the_library_is_the_same(
    tmp_path: Path, undisturbed: dict[str, Any], seed: int, how: signal.Signals
) -> None:
    chance = random.Random(seed)
    lives = [chance.uniform(0.02, 1.2) for _ in range(4)]
    found, kills = take_in(tmp_path / "data", lives, how)

    assert kills > 0
    assert found == undisturbed
    kept = list((tmp_path / "data" / "submissions").iterdir())
    assert len(kept) == 1  # of the broken file, which may be tried again
