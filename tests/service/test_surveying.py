"""Which body says what on the field's questions; nothing held, held and silent, and an answer are different things."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from ingest.adding import add
from ingest.corpus import gather
from ingest.errors import EngageError
from ingest.library import Library
from service import tabling
from service.field import field_questions
from service.missing import CellState, CoverageRow, FieldCoverage, FieldQuestion
from service.surveying import Surveying
from service.vocabulary import Asker

MEASURED = """---
id: kent-strategy
title: Kent Police community engagement strategy
organisations: [{slug: kent, role: author}]
kind: engagement-strategy
published: 2024-04
---
# Community engagement strategy

## Measuring success

The success of engagement is measured by a survey of 2,000 households each spring.
"""
BUILDINGS = """---
id: essex-buildings
title: Essex Police buildings
organisations: [{slug: essex, role: author}]
---
# Buildings

Solar panels are fitted to all new garages by 2028.
"""
INSPECTED = """---
id: inspection
title: How two forces evaluate engagement
organisations: [{slug: hmicfrs, role: author}, {slug: surrey, role: reported_on}, {slug: sussex, role: reported_on}]
kind: inspection
---
# How two forces evaluate engagement

## In Surrey

The success of engagement in Surrey is measured by asking residents each year.

## In Sussex

There the vehicles are washed on Fridays.
"""


@pytest.fixture(scope="module")
def client(service) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.url, timeout=60) as client:
        for name, text in (("kent.md", MEASURED), ("essex.md", BUILDINGS), ("inspection.md", INSPECTED)):
            sent = client.post(
                "/api/v1/documents", files={"file": (name, text)}, headers={"X-Engage-Token": service.token}
            )
            assert [added["outcome"] for added in sent.json()] == ["added"]
        yield client


@pytest.fixture(scope="module")
def coverage(client) -> FieldCoverage:
    return FieldCoverage.model_validate_json(client.get("/api/v1/coverage").content)


def row(coverage: FieldCoverage, slug: str) -> CoverageRow:
    return next(row for row in coverage.rows if row.slug == slug)


def evaluated(coverage: FieldCoverage, slug: str) -> tuple[CellState, int, int, str]:
    [cell] = [cell for cell in row(coverage, slug).cells if cell.question == "evaluation"]
    return cell.state, cell.own.passages, cell.reported.passages, cell.words


def test_every_force_in_being_has_a_row_with_a_cell_a_question(coverage, service) -> None:
    forces = {o.slug for o in service.library.register if o.kind == "force" and not o.successor}
    assert {row.slug for row in coverage.rows} == forces
    assert [question.id for question in coverage.questions] == ["why", "whom", "what", "forms", "evaluation"]
    assert all(len(row.cells) == 5 for row in coverage.rows)


def test_own_words_reported_words_silence_and_nothing_held_are_told_apart(coverage) -> None:
    assert evaluated(coverage, "kent") == (CellState.ANSWERED, 1, 0, "Own words: 1 passage in 1 document")
    assert evaluated(coverage, "surrey") == (CellState.ANSWERED, 0, 1, "Reported: 1 passage in 1 document")
    assert evaluated(coverage, "essex") == (CellState.SILENT, 0, 0, "Held, silent")
    assert evaluated(coverage, "gwent") == (CellState.NOT_HELD, 0, 0, "Nothing held")


def test_what_a_document_on_several_forces_says_of_one_is_not_said_of_another(coverage) -> None:
    assert evaluated(coverage, "sussex")[0] is CellState.SILENT


def test_a_cell_opens_its_sentences_at_the_words(client) -> None:
    found = client.get("/api/v1/coverage/evidence", params={"organisation": "kent", "question": "evaluation"}).json()
    [finding] = found["findings"]
    assert finding["text"] == "The success of engagement is measured by a survey of 2,000 households each spring."
    assert finding["own"]
    [citation] = finding["citations"]
    assert citation["cited_text"] == finding["text"]
    page = client.get(citation["link"].partition("#")[0])
    assert f'<mark class="cited" id="cited">{finding["text"]}</mark>' in page.text


def test_rows_are_filtered_by_kind_and_region(client) -> None:
    welsh = client.get("/api/v1/coverage", params={"region": "Wales"}).json()["rows"]
    assert {row["slug"] for row in welsh} == {"dyfed-powys", "gwent", "north-wales", "south-wales"}
    bodies = client.get("/api/v1/coverage", params={"kind": "opcc"}).json()["rows"]
    assert {row["kind"] for row in bodies} == {"opcc"}
    held = client.get("/api/v1/coverage", params={"kind": "held"}).json()["rows"]
    assert {row["slug"] for row in held} == {"cheshire", "durham", "essex", "hmicfrs", "kent", "surrey", "sussex"}


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/api/v1/coverage?region=Atlantis", 422, "unknown-region"),
        ("/api/v1/coverage?kind=choir", 422, "invalid-request"),
        ("/api/v1/coverage/evidence?organisation=kemt&question=why", 422, "unknown-organisation"),
        ("/api/v1/coverage/evidence?organisation=kent&question=whither", 404, "unknown-field-question"),
    ],
)
def test_a_slip_of_the_pen_does_not_pass_for_silence(client, path, status, kind) -> None:
    replied = client.get(path)
    assert (replied.status_code, replied.json()["type"]) == (status, f"/problems/{kind}")


def test_it_follows_what_is_added_and_removed(client, service) -> None:
    owner = {"X-Engage-Token": service.token}
    asked = {"organisation": "gwent", "question": "evaluation"}
    assert client.get("/api/v1/coverage/evidence", params=asked).json()["cell"]["state"] == "not_held"
    text = MEASURED.replace("kent", "gwent").replace("Kent", "Gwent")
    client.post("/api/v1/documents", files={"file": ("gwent.md", text)}, headers=owner)
    assert client.get("/api/v1/coverage/evidence", params=asked).json()["cell"]["state"] == "answered"
    client.delete("/api/v1/documents/gwent-strategy", headers=owner)
    assert client.get("/api/v1/coverage/evidence", params=asked).json()["cell"]["state"] == "not_held"


def test_as_csv_it_can_be_counted_with(client) -> None:
    replied = client.get("/missing/coverage.csv", params={"region": "South East"})
    assert replied.headers["content-type"] == "text/csv; charset=utf-8"
    rows = {row["Slug"]: row for row in csv.DictReader(io.StringIO(replied.content.decode("utf-8-sig")))}
    kent = rows["kent"]
    assert (kent["Organisation"], kent["How it is evaluated"]) == ("Kent Police", "Own words: 1 passage in 1 document")
    assert (kent["How it is evaluated: own passages"], kent["How it is evaluated: reported passages"]) == ("1", "0")


def test_for_word_it_is_a_plain_table_with_styles_of_its_own(client) -> None:
    copied = client.get("/api/v1/coverage/briefing", params={"region": "South East"}).json()
    assert copied["html"].startswith("<table style=")
    assert copied["html"].count("<tr>") == copied["text"].count("\n")
    assert "class=" not in copied["html"]
    heads, *lines = copied["text"].splitlines()
    assert heads.split("\t") == [
        "Organisation",
        "Why engage",
        "Whom",
        "What about",
        "In which forms",
        "How it is evaluated",
    ]
    assert all(line.count("\t") == 5 for line in lines)


@pytest.mark.parametrize("heading", ["=1+1", "+1", "-1", "@sum", " =1", '=HYPERLINK("http://elsewhere.example")'])
def test_no_cell_of_the_csv_is_a_formula(coverage, heading) -> None:
    question = FieldQuestion.model_construct(id="x", heading=heading, question="Why?")
    told = tabling.as_csv(coverage.model_copy(update={"questions": (question,)}))
    [head, *_] = csv.reader(io.StringIO(told))
    assert head[5] == f"'{heading}"


def test_a_force_may_ask_questions_of_its_own(tmp_path) -> None:
    (tmp_path / "field.csv").write_text("id,heading,question\nlanguages,Languages,Which languages are used?\n", "utf-8")
    [question] = field_questions(tmp_path)
    assert (question.id, question.heading, question.question) == (
        "languages",
        "Languages",
        "Which languages are used?",
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"id,question\nwhy,Why?\n",
        b"id,heading,question\n",
        b"id,heading,question\nwhy,Why,\n",
        b"id,heading,question\nNo slug,Why,Why?\n",
        b"id,heading,question\nwhy,Why,Why?\nwhy,Why,Why?\n",
        b"\xff\xfe\x00",
    ],
)
def test_a_bad_file_of_questions_is_told_in_a_sentence(tmp_path: Path, content) -> None:
    (tmp_path / "field.csv").write_bytes(content)
    with pytest.raises(EngageError, match=r"field\.csv cannot be used .* or remove the file"):
        field_questions(tmp_path)


SHORT = """---
id: {force}-report
title: Report on {force}
organisations: [{{slug: {force}, role: author}}]
---
# Report

{text}
"""
REPORTS = {
    "dorset": "Each neighbourhood team keeps an account on social media and answers residents there within a day.",
    "cumbria": "Views on the plan were sought by a survey and at agricultural shows.",
    "norfolk": "A structural survey of all garages is made every five years. Engineers meet on Mondays.",
}


def test_what_a_question_lists_is_asked_one_by_one_so_that_short_reports_are_heard(library: Library, tmp_path) -> None:
    for force, text in REPORTS.items():
        (tmp_path / f"{force}.md").write_text(SHORT.format(force=force, text=text), "utf-8")
    assert [added.outcome for added in add(library, gather(sorted(tmp_path.glob("*.md"))))] == ["added"] * 3
    [asked] = [question for question in field_questions(tmp_path) if question.id == "forms"]
    surveying = Surveying(library, [asked])
    bodies = [body for body in library.register if body.slug in REPORTS]
    found = {body.slug: surveying.evidence(body, asked, Asker()).cell.state.value for body in bodies}
    assert found == {"dorset": "near", "cumbria": "near", "norfolk": "silent"}
