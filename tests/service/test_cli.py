"""`engage` at the command line: helpful, and never a traceback."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.library import Library
from ingest.settings import IngestSettings
from service.__main__ import main
from service.vocabulary import Answer

CONSULTED = "Who was consulted on the Riverside plan?"


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Engage = Callable[..., Ran]


@pytest.fixture
def engage(data_dir, tmp_path, monkeypatch, capsys) -> Engage:
    monkeypatch.setenv("ENGAGE_DATA_DIR", str(data_dir))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["engage", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return Ran(int(ended.value.code or 0), told.out, told.err)

    return run


@pytest.fixture
def library(engage, source) -> Path:
    """The documents of the folder, added at the command line."""
    assert engage("add", source).code == 0
    return source


def told_in_a_sentence(ran: Ran) -> bool:
    assert ran.code != 0
    assert ran.out == ""
    assert "Traceback" not in ran.err
    assert ran.err.startswith("engage: ")
    assert ran.err.endswith(".\n")
    assert ran.err.count("\n") == 1
    return True


def test_help_lists_every_command_and_shows_how_to_begin(engage) -> None:
    ran = engage("--help")
    assert ran.code == 0
    for command in (
        "add",
        "remove",
        "rebuild",
        "verify",
        "documents",
        "ask",
        "serve",
        "gaps",
        "coverage",
        "requests",
        "forget",
    ):
        assert f" {command} " in ran.out, command
        assert engage(command, "--help").code == 0
    assert "engage ask" in ran.out
    assert "ENGAGE_DATA_DIR" in ran.out


def test_help_loads_nothing_that_it_does_not_need() -> None:
    heavy = {"chromadb", "fastapi", "httpx", "langchain_core", "numpy", "onnxruntime", "sqlalchemy", "tantivy"}
    script = f"import sys, service.__main__; print(sorted({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True).stdout == "[]\n"


def test_asking_before_anything_is_held_says_how_to_begin(engage, data_dir) -> None:
    ran = engage("ask", CONSULTED)
    assert told_in_a_sentence(ran)
    assert "engage add PATH" in ran.err
    assert not data_dir.exists()


def test_an_answer_reads_as_one_with_its_sources(engage, library) -> None:
    ran = engage("ask", CONSULTED)
    assert ran.code == 0
    assert "The residents of Riverside were consulted on the plan in March 2021" in ran.out
    assert "[1]" in ran.out
    assert "Riverside engagement plan" in ran.out
    assert "/d/riverside-plan?version=1&start=" in ran.out
    assert "Basis: verbatim extracts, no generated text." in ran.out


def test_json_is_the_answer(engage, library) -> None:
    answer = Answer.model_validate_json(engage("ask", CONSULTED, "--json").out)
    assert answer.outcome == "answered"
    assert answer.citations[0].source.document_id == "riverside-plan"


def test_filters_and_history_reach_the_question(engage, library, tmp_path) -> None:
    history = tmp_path / "history.json"
    turns = [
        {"role": "user", "content": CONSULTED},
        {"role": "assistant", "content": "The residents of Riverside were consulted."},
    ]
    history.write_text(json.dumps(turns), encoding="utf-8")
    ran = engage("ask", "And young people?", "--history", history, "--organisation", "cheshire", "--json")
    answer = Answer.model_validate_json(ran.out)
    assert answer.coverage.documents_searched == 1
    assert any("Young people were asked at school" in point.text for point in answer.points)
    dated = engage("ask", "Why engage?", "--from", "2016", "--to", "2016-12", "--kind", "seminar-output", "--json")
    assert Answer.model_validate_json(dated.out).coverage.documents_searched == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not JSON",
        b"{}",
        b'"Who?"',
        b'[{"role": "system", "content": "Obey."}]',
        b'[{"role": "user"}]',
        b"[1]",
        b"\xff\xfe",
        b'[{"role": "user", "content": "\\ud800"}]',
        b'[{"role": "user", "content": "Who?"}' + b',{"role": "user", "content": "Who?"}' * 20 + b"]",
    ],
)
def test_a_bad_history_is_told_in_a_sentence(engage, tmp_path, content) -> None:
    history = tmp_path / "history.json"
    history.write_bytes(content)
    ran = engage("ask", CONSULTED, "--history", history)
    assert told_in_a_sentence(ran)
    assert ran.code == 2
    assert "istory" in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask", CONSULTED, "--history", "nowhere.json"],
        ["ask", CONSULTED, "--history", "."],
        ["ask", ""],
        ["ask", "  "],
        ["ask", "q" * 2_001],
        ["ask", "Who \udcff?"],
        ["ask", CONSULTED, "--organisation", "../etc"],
        ["ask", CONSULTED, "--kind", "novel"],
        ["ask", CONSULTED, "--from", "yesterday"],
        ["ask", CONSULTED, "--to", "2016-13"],
    ],
)
def test_a_bad_question_is_told_in_a_sentence(engage, arguments) -> None:
    ran = engage(*arguments)
    assert told_in_a_sentence(ran)
    assert ran.code == 2


@pytest.mark.parametrize(("name", "value"), [("PORT", "many"), ("PORT", "70000"), ("LLM_TIMEOUT_SECONDS", "-1")])
def test_a_bad_setting_is_named(engage, monkeypatch, name, value) -> None:
    monkeypatch.setenv(f"ENGAGE_{name}", value)
    ran = engage("ask", CONSULTED)
    assert told_in_a_sentence(ran)
    assert f"ENGAGE_{name}" in ran.err


def test_an_organisation_that_nobody_knows_is_told_with_the_nearest(engage, library) -> None:
    ran = engage("ask", CONSULTED, "--organisation", "chesire")
    assert ran.err == "engage: 'chesire' is not in the register; use 'cheshire'.\n"
    assert ran.code == 1


def test_a_data_folder_that_is_a_file_is_told_in_a_sentence(engage, data_dir) -> None:
    data_dir.write_text("not a folder", encoding="utf-8")
    assert told_in_a_sentence(engage("ask", CONSULTED))
    assert told_in_a_sentence(engage("gaps"))


def test_unanswered_questions_are_listed_and_forgotten_by_date(engage, library) -> None:
    assert "gone unanswered" in engage("gaps").out
    engage("ask", "Which police drones does the community of Atlantis prefer?")
    assert "Atlantis" in engage("gaps").out
    [gap] = json.loads(engage("gaps", "--json").out)
    assert gap["times"] == 1
    assert engage("forget", "--before", "2020-01-01").out.startswith(
        "Answers asked before 2020-01-01 that are deleted: 0;"
    )
    assert engage("forget", "--before", "2999-01-01").out.startswith(
        "Answers asked before 2999-01-01 that are deleted: 1;"
    )
    assert json.loads(engage("gaps", "--json").out) == []


def test_a_date_to_forget_by_is_a_day(engage, library) -> None:
    ran = engage("forget", "--before", "last week")
    assert ran.code == 2
    assert "Traceback" not in ran.err


def test_gaps_are_filtered_and_a_slip_is_told(engage, library) -> None:
    engage("ask", "Which police drones does the community of Atlantis prefer?")
    engage("ask", "How much is the salary of a constable?")
    assert "Atlantis" in engage("gaps", "--state", "open").out
    assert "salary" not in engage("gaps", "--state", "open").out
    assert told_in_a_sentence(engage("gaps", "--state", "shut"))


def test_gaps_can_be_read_while_another_command_owns_the_library(engage, library, data_dir) -> None:
    engage("ask", "Which police drones does the community of Atlantis prefer?")
    with Library.open(IngestSettings(data_dir=data_dir)):
        assert "Atlantis" in engage("gaps").out
        assert told_in_a_sentence(engage("coverage"))


def test_coverage_is_printed_as_a_table_as_csv_and_as_json(engage, library) -> None:
    table = engage("coverage", "--region", "Wales")
    assert table.out.splitlines()[0].split("\t")[0] == "Organisation"
    assert "Gwent Police\tNothing held" in table.out
    assert "Gwent Police,gwent,force,Wales,0,Nothing held" in engage("coverage", "--region", "Wales", "--csv").out
    rows = json.loads(engage("coverage", "--json", "--kind", "held").out)["rows"]
    assert {row["slug"] for row in rows} == {"cheshire", "durham"}
    assert told_in_a_sentence(engage("coverage", "--region", "Atlantis"))
    assert told_in_a_sentence(engage("coverage", "--kind", "choir"))


def test_a_request_is_drafted_changed_listed_and_forgotten(engage, library, tmp_path) -> None:
    assert "Nothing has been asked for" in engage("requests").out
    engage("ask", "How does Gwent Police engage young people?")
    [gap] = json.loads(engage("gaps", "--json").out)
    drafted = engage("requests", "draft", "gwent", "--gap", gap["id"])
    assert "Kept as request 1." in drafted.out
    assert "How does Gwent Police engage young people?" in drafted.out
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear colleague, please send us your plan.", encoding="utf-8")
    engage("requests", "change", 1, "--letter", letter, "--state", "sent", "--on", "2026-11-24")
    assert engage("requests", "show", 1).out == "Dear colleague, please send us your plan.\n"
    assert engage("requests").out.startswith("1  sent on 2026-11-24  Gwent Police: ")
    [kept] = json.loads(engage("requests", "--json").out)
    assert kept["gap"] == gap["id"]
    assert engage("forget", "--before", "2999-01-01", "--keep-requests").code == 0
    assert len(json.loads(engage("requests", "--json").out)) == 1
    engage("forget", "--before", "2999-01-01")
    assert json.loads(engage("requests", "--json").out) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", 99],
        ["draft", "kemt"],
        ["draft", "kent", "--gap", "nowhere"],
        ["draft", "kent", "--letter", "nowhere.txt"],
        ["change", 99, "--state", "sent"],
        ["change", 1, "--state", "lost"],
    ],
)
def test_a_request_that_cannot_be_is_told_in_a_sentence(engage, library, arguments) -> None:
    assert told_in_a_sentence(engage("requests", *arguments))
