"""Killed at any point while a document is added, the library holds the old or the new version whole, never a half."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest.adding import add
from ingest.corpus import gather
from ingest.library import Library
from ingest.settings import IngestSettings
from ingest.verifying import verify

PROJECT = Path(__file__).parents[2]
QUESTIONS = ("When is the street surgery?", "Who should be heard first?", "What is printed in the newsletter?")
AFTER_THE_ORIGINAL = (0.0, 0.01, 0.02, 0.03, 0.05, 0.1)
"""Seconds between the original's arrival and the kill: staging, indexing, publishing and forgetting lie within them."""


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Libraries of any size are asked through Chroma, as large ones are."""
    monkeypatch.setattr("ingest.library._COMPARED", 0)


def start_adding(settings: IngestSettings, path: Path) -> subprocess.Popen[str]:
    environment = os.environ | {"ENGAGE_DATA_DIR": str(settings.data_dir)}
    command = [sys.executable, "-m", "ingest", "add", str(path)]
    return subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def readers(settings: IngestSettings) -> list[str]:
    """Process ids of the children that work on this data folder, whoever started them."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            at_work = b"ingest.apart" in (process / "cmdline").read_bytes()
            if at_work and str(settings.data_dir).encode() in (process / "environ").read_bytes():
                found.append(process.name)
        except OSError:  # it has ended meanwhile
            continue
    return found


def wait_for_original(settings: IngestSettings, held: int, process: subprocess.Popen[str]) -> None:
    """Until one more original than those held is there, if only under its temporary name."""
    folder = settings.data_dir / "originals"
    while len(list(folder.iterdir())) <= held and process.poll() is None:
        time.sleep(0.0005)


def write_plan(source: Path, edition: int) -> Path:
    path = source / "harbour-plan.md"
    text = path.read_text(encoding="utf-8").split("\n## Edition")[0]
    words = f"\n## Edition\n\nEdition {edition} adds {' '.join(f'word{edition}x{number}' for number in range(40))}.\n"
    path.write_text(text + words, encoding="utf-8")
    return path


def edition(library: Library) -> int:
    """Of the plan that is live, which must be whole: in its text, in its passages, in both indexes."""
    version = library.catalogue.version_of("harbour-plan")
    number = int(version.text.split("Edition ")[1].split()[0])
    assert version.text.endswith(f"word{number}x39.")
    passages = library.catalogue.passages_of(version.id)
    assert [passage.ordinal for passage in passages] == [0, 1, 2, 3]
    [(found, _)] = library.lexical.search(f"word{number}x39", 5)
    assert found == passages[3].id
    assert library.nearest(passages[3].vector, 1)[0][0] == passages[3].id
    return number


def answers(library: Library) -> list[list[str]]:
    """The texts of what both indexes find, best first."""
    found = []
    for question in QUESTIONS:
        vector = library.embedder.vectors([question])[0]
        for hits in (library.nearest(vector, 3), library.lexical.search(question, 3)):
            held = library.passages([id_ for id_, _ in hits])
            found.append([held[id_].text for id_, _ in hits])
    return found


def check(settings: IngestSettings, source: Path, tmp_path: Path, old: int, new: int) -> int:
    """The library after a kill: whole, clean, and answering as a library does that was never disturbed."""
    with Library.open(settings) as library:
        live = edition(library)
        assert live in (old, new)
        library.settle()
        assert list(verify(library)) == []
        assert library.index_state == "chroma"
        found = answers(library)
    write_plan(source, live)
    with Library.open(settings.model_copy(update={"data_dir": tmp_path / f"undisturbed-{new}"})) as undisturbed:
        list(add(undisturbed, gather([source])))
        assert answers(undisturbed) == found
    return live


@pytest.fixture
def held(settings: IngestSettings, source: Path) -> int:
    """A library with the first edition of the plan; gives the number of originals."""
    write_plan(source, 0)
    with Library.open(settings) as library:
        outcomes = list(add(library, gather([source])))
        library.settle()
    assert {outcome.outcome for outcome in outcomes} == {"added"}
    return len(outcomes)


def test_killed_while_a_new_version_is_written(
    settings: IngestSettings, source: Path, tmp_path: Path, held: int
) -> None:
    live = 0
    for new, delay in enumerate(AFTER_THE_ORIGINAL, start=1):
        originals = len(list((settings.data_dir / "originals").iterdir()))
        process = start_adding(settings, write_plan(source, new))
        wait_for_original(settings, originals, process)
        time.sleep(delay)
        kill(process)
        live = check(settings, source, tmp_path, live, new)


@pytest.mark.parametrize("delay", [0.3, 1.5])
def test_killed_before_anything_is_written(
    settings: IngestSettings, source: Path, tmp_path: Path, held: int, delay: float
) -> None:
    process = start_adding(settings, write_plan(source, 1))
    time.sleep(delay)
    kill(process)

    check(settings, source, tmp_path, 0, 1)


def test_killed_in_the_middle_of_an_archive_nothing_is_doubled_lost_or_left_lying_about(
    settings: IngestSettings, source: Path, tmp_path: Path
) -> None:
    for number in range(4):
        (source / f"notes-{number}.txt").write_text(f"Wardens of quay {number} visit on day {number} of the week.")
    archive = Path(shutil.make_archive(str(tmp_path / "plans"), "zip", source))
    originals = settings.data_dir / "originals"
    for held in (1, 3, 5):
        process = start_adding(settings, archive)
        while process.poll() is None and (not originals.exists() or len(list(originals.iterdir())) < held):
            time.sleep(0.0005)
        kill(process)

    with Library.open(settings) as library:
        assert not settings.unpacking_dir.exists()
        outcomes = list(add(library, gather([archive])))
        library.settle()
        assert list(verify(library)) == []
        live = [library.catalogue.version(version) for version in library.catalogue.all_live_versions()]

    assert {outcome.outcome for outcome in outcomes} <= {"added", "already_held"}
    assert sorted((version.document_id, version.number) for version in live) == [
        *((name, 1) for name in ("harbour-plan", "moorland-seminar", "notes-0", "notes-1", "notes-2", "notes-3")),
        ("tutors", 1),
    ]


def test_what_it_had_started_ends_with_it(settings: IngestSettings, source: Path) -> None:
    process = start_adding(settings, source)
    deadline = time.monotonic() + 60
    while not readers(settings) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert readers(settings) != []

    kill(process)

    while readers(settings) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert readers(settings) == []


def test_what_was_killed_can_be_added_again(settings: IngestSettings, source: Path, held: int) -> None:
    process = start_adding(settings, write_plan(source, 1))
    wait_for_original(settings, held, process)
    kill(process)

    process = start_adding(settings, source)
    printed, complaints = process.communicate()

    assert (process.returncode, complaints) == (0, "")
    assert "harbour-plan" in printed
    with Library.open(settings) as library:
        assert edition(library) == 1
