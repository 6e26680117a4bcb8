"""The commands as a person and a program meet them: lines, JSON, one sentence on what failed, an exit code."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.adding import add
from ingest.corpus import gather
from ingest.library import Library
from ingest.settings import IngestSettings
from tests.ingest.conftest import PROJECT, Run


@pytest.fixture
def held(settings: IngestSettings, source: Path) -> None:
    """A library with three documents."""
    with Library.open(settings) as library:
        list(add(library, gather([source])))
        library.settle()


def test_a_person_reads_a_line_for_each_document_and_what_failed(engage: Run, source: Path) -> None:
    (source / "tune.mp3").write_bytes(b"ID3")

    ran = engage("add", source)

    assert ran.returncode == 1
    *lines, summary = ran.stdout.splitlines()
    assert [Path(line.split(": ")[0]).name for line in lines] == ["harbour-plan.md", "moorland-seminar.md", "tutors.md"]
    assert summary == "3 added, 1 failed"
    [complaint] = ran.stderr.splitlines()
    assert complaint.startswith(f"Not added: {source / 'tune.mp3'}: tune.mp3 is of a format that is not read.")


def test_a_folder_without_documents_is_told(engage: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ran = engage("add", tmp_path / "empty")

    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == f"There is no document in {tmp_path / 'empty'}. Name files, or folders that hold some.\n"
    assert engage("documents").stdout == "Nothing is held yet. Add documents with 'engage add PATH'.\n"


def test_a_draft_and_an_overdue_review_are_marked_in_the_list(engage: Run, tmp_path: Path) -> None:
    plan = "---\nid: quay\ntitle: Quay plan\nstatus: draft\nreview_date: 2024-05\n---\nOfficers walk the quay.\n"
    (tmp_path / "quay.md").write_text(plan, encoding="utf-8")
    engage("add", tmp_path / "quay.md")
    assert engage("documents").stdout.strip().endswith("Quay plan  (draft, review was due 2024-05)")


@pytest.mark.usefixtures("held")
def test_a_program_reads_one_object_for_each_document_and_nothing_else(engage: Run, source: Path) -> None:
    (source / "tune.mp3").write_bytes(b"ID3")

    ran = engage("add", "--json", source)

    objects = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [(made["document"], made["outcome"], made["reason"]) for made in objects] == [
        ("harbour-plan", "already_held", None),
        ("moorland-seminar", "already_held", None),
        (None, "failed", "unknown_format"),
        ("tutors", "already_held", None),
    ]
    assert set(objects[0]) == {"path", "document", "version", "outcome", "reason", "passages", "message"}
    assert objects[0]["passages"] == {"new": 0, "changed": 0, "unchanged": 3, "removed": 0}
    assert (ran.returncode, ran.stderr) == (1, "")


def test_a_terminal_shows_the_stage_under_way(data_dir: Path, source: Path) -> None:
    ours, theirs = pty.openpty()
    environment = os.environ | {"ENGAGE_DATA_DIR": str(data_dir), "TERM": "xterm", "COLUMNS": "100"}
    command = [sys.executable, "-m", "ingest", "add", str(source / "harbour-plan.md")]
    with subprocess.Popen(command, cwd=PROJECT, env=environment, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(ours, 65_536):
                shown += part
        except OSError:  # how a terminal says that the other side has gone
            pass
        os.close(ours)

    assert process.returncode == 0
    assert b"harbour-plan.md: " in shown
    assert b"Added 'Harbour engagement plan'" in shown


@pytest.mark.usefixtures("held")
def test_documents_are_listed_even_while_another_owns_them(engage: Run, settings: IngestSettings) -> None:
    with Library.open(settings):
        lines = engage("documents").stdout.splitlines()
        objects = [json.loads(line) for line in engage("documents", "--json").stdout.splitlines()]

    assert lines == [
        "harbour-plan  2021-05  activity-plan  version 1  Harbour engagement plan",
        "moorland-seminar  2016-01-07  seminar-output  version 1  Moorland seminar notes",
        "tutors  undated  other  version 1  Notes for tutors",
    ]
    assert [(held["document"], held["passages"], held["card"]["audience"]) for held in objects] == [
        ("harbour-plan", 3, ["everyone"]),
        ("moorland-seminar", 2, ["everyone"]),
        ("tutors", 1, ["tutors"]),
    ]


def test_a_poor_reading_is_told_when_it_is_added_and_marked_in_the_list(engage: Run, tmp_path: Path) -> None:
    broken = "The o cers made no di erent e ort, and the speci c bene ts of con dence were lost.\n"
    (tmp_path / "broken.txt").write_text(broken, encoding="utf-8")

    warned = engage("add", tmp_path / "broken.txt").stdout
    assert "Letters such as 'ffi' were lost from words ('o cers'): these are not found. Get another copy." in warned
    assert engage("documents").stdout.strip().endswith("(poor reading)")
    [told] = [json.loads(line)["quality"] for line in engage("documents", "--json").stdout.splitlines()]
    assert (told["grade"], told["oddities"]) == ("poor", ["lost_ligatures"])


@pytest.mark.usefixtures("held")
def test_a_removed_document_is_gone_from_the_list(engage: Run) -> None:
    assert engage("remove", "tutors").stdout.startswith("Removed 'Notes for tutors' (tutors)")
    assert "tutors" not in engage("documents").stdout

    again = engage("remove", "tutors")
    assert (again.returncode, again.stdout, len(again.stderr.splitlines())) == (1, "", 1)


@pytest.mark.usefixtures("held")
def test_verify_finds_nothing_and_then_what_was_done_to_the_library(engage: Run, settings: IngestSettings) -> None:
    sound = engage("verify")
    assert (sound.returncode, sound.stdout.splitlines()) == (
        0,
        ["Nothing differs: 3 documents, their originals and both indexes are as the catalogue has them."],
    )
    with Library.open(settings) as library:
        version = library.catalogue.version_of("harbour-plan")
        library.originals.path(version.sha256).write_bytes(b"something else")
        with library.catalogue.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE passages SET text = 'Forged.' WHERE ordinal = 1")

    ran = engage("verify")

    assert ran.returncode == 1
    assert ran.stdout.splitlines() == [
        "The original of 'harbour-plan', version 1 (harbour-plan.md) is missing or altered: add that file again.",
        "1 of 3 passages of 'harbour-plan', version 1 do not stand in its text as recorded: remove the document and add"
        " it again.",
        "1 of 2 passages of 'moorland-seminar', version 1 do not stand in its text as recorded: remove the document and"
        " add it again.",
    ]


@pytest.mark.usefixtures("held")
def test_rebuild_makes_indexes_and_vectors_again(engage: Run, settings: IngestSettings) -> None:
    with Library.open(settings) as library, library.catalogue.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE versions SET embedder = 'another'")
    refused = engage("verify")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "engage rebuild --embed-again" in refused.stderr

    ran = engage("rebuild", "--embed-again")

    assert ran.stdout.splitlines() == [
        "Embedded 3 documents again with minilm.",
        "Both indexes are made again: 3 documents, 6 passages.",
    ]
    assert engage("verify").returncode == 0


@pytest.mark.usefixtures("held")
def test_a_second_owner_is_refused_in_a_sentence(engage: Run, settings: IngestSettings, source: Path) -> None:
    with Library.open(settings):
        for command in (("add", source), ("remove", "tutors"), ("verify",), ("rebuild",)):
            ran = engage(*command)
            assert (ran.returncode, ran.stdout) == (1, "")
            assert ran.stderr == (
                f"The data folder {settings.data_dir} is in use by another process (process {os.getpid()})."
                " Wait until it has finished or stop it, then try again.\n"
            )


def test_a_service_that_does_not_answer_is_told_in_a_sentence(
    engage: Run, settings: IngestSettings, source: Path
) -> None:
    with Library.open(settings) as library:
        library.announce("http://127.0.0.1:9", "token")
        ran = engage("add", source)

    assert (ran.returncode, ran.stdout) == (1, "")
    assert "http://127.0.0.1:9 owns the data folder but gave no answer" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("max_document_bytes", "many", "ENGAGE_MAX_DOCUMENT_BYTES"),
        ("database_url", "nonsense", "ENGAGE_DATABASE_URL"),
        ("data_dir", "/dev/null/data", "ENGAGE_DATA_DIR"),
    ],
)
def test_a_wrong_setting_is_told_in_a_sentence(engage: Run, setting: str, value: str, said: str) -> None:
    ran = engage("verify", **{setting: value})

    assert (ran.returncode, ran.stdout, len(ran.stderr.splitlines())) == (1, "", 1)
    assert said in ran.stderr


@pytest.mark.usefixtures("held")
def test_documents_are_found_by_what_they_are(engage: Run) -> None:
    assert engage("documents", "--organisation", "durham", "--from", "2021").stdout.startswith("harbour-plan  ")
    assert engage("documents", "--sort", "date").stdout.splitlines()[0].startswith("harbour-plan  ")
    assert engage("documents", "--status", "draft").stdout == "Nothing of what is held is so.\n"
    assert engage("documents", "--withdrawn").stdout == "No document was withdrawn.\n"
    wrong = engage("documents", "--from", "soon")
    assert (wrong.returncode, wrong.stderr) == (
        1,
        "--from: 'soon' is not a date; write 2016, 2016-01 or 2016-01-07. See 'engage documents --help'.\n",
    )


@pytest.mark.usefixtures("held")
def test_a_card_is_printed_changed_and_put_back(engage: Run, tmp_path: Path) -> None:
    printed = engage("card", "harbour-plan").stdout
    assert "published: 2021-05\n" in printed.replace("'", "")
    file = tmp_path / "card.yaml"
    file.write_text(printed.replace("2021-05", "2022-06"), encoding="utf-8")

    done = engage("card", "harbour-plan", "--set", file)

    assert done.stdout == "Changed the card of 'Harbour engagement plan' (harbour-plan).\n"
    assert json.loads(engage("card", "harbour-plan", "--json").stdout)["published"] == "2022-06"
    file.write_text("title: Plan\npublishd: 2022\n", encoding="utf-8")
    refused = engage("card", "harbour-plan", "--set", file)
    assert refused.returncode == 1
    assert "Field 'publishd' is unknown (the nearest known is 'published')." in refused.stderr
    file.write_text("title: Plan\nmarking: SECRET\n", encoding="utf-8")
    assert "withdraw the document and delete its file." in engage("card", "harbour-plan", "--set", file).stderr
    file.write_text("title: Plan\nmarking: OFFICIAL-SENSITIVE\n", encoding="utf-8")
    assert "say who may be answered from it, as the audience." in engage("card", "harbour-plan", "--set", file).stderr


@pytest.mark.usefixtures("held")
def test_what_was_removed_is_listed_and_restored(engage: Run) -> None:
    engage("remove", "harbour-plan")
    assert engage("documents", "--withdrawn").stdout.startswith("harbour-plan  ")
    assert engage("restore", "harbour-plan").stdout.startswith("'Harbour engagement plan' (harbour-plan) is back")
    assert "harbour-plan" in engage("documents").stdout


@pytest.mark.usefixtures("held")
def test_originals_and_the_whole_library_are_written_out(engage: Run, source: Path, tmp_path: Path) -> None:
    assert engage("original", "tutors", tmp_path / "mine.md").returncode == 0
    assert (tmp_path / "mine.md").read_bytes() == (source / "tutors.md").read_bytes()
    assert engage("original", "tutors", tmp_path / "mine.md").stderr.endswith("(File exists). Name another file.\n")

    done = engage("export", tmp_path / "library.zip")
    assert done.stdout.startswith(f"Wrote {tmp_path / 'library.zip'}: 3 documents, 0 older versions, 0 withdrawn, ")
    assert engage("export", tmp_path / "library.zip").returncode == 1
    back = engage("add", tmp_path / "library.zip", data_dir=str(tmp_path / "again"))
    assert back.stdout.splitlines()[-1] == "3 added"
