"""A lead is told what is a draft, unreviewed, superseded or past its time, wherever it is cited."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.adding import add, remove
from ingest.corpus import gather
from ingest.library import Library
from ingest.settings import IngestSettings
from service.answering import Answering
from service.briefing import as_text
from service.records import Records
from service.vocabulary import Answer, Asker, Question

Ask = Callable[[str], Answer]
BASE = "http://127.0.0.1:8000"

LANTERNS = "Wardens carry a lantern of their own colour on every night walk along the canal."
KITES = "Cadets fly kites on the common to start talks with families who picnic there."

DOCUMENTS = {
    "cumbria-2018": f"""---
id: cumbria-2018
title: Fellside engagement strategy 2018-2021
organisations: [{{slug: cumbria, role: author}}]
kind: engagement-strategy
published: 2018-03
covers_from: 2018
covers_to: 2021
---
# Fellside engagement strategy

## Night walks

{LANTERNS}

## Talks by kite

{KITES}
""",
    "cleveland": f"""---
id: cleveland-plan
title: Cleveland lantern plan
organisations: [{{slug: cleveland, role: author}}]
kind: activity-plan
published: 2022-03
review_date: 2023-03
status: draft
---
# Cleveland lantern plan

## Night walks

{LANTERNS}

## Boats

The plan gives each ward a rowing boat for talks with anglers on the reservoir.
""",
    "northumbria": """---
id: northumbria-old
title: Northumbria drum policy
organisations: [{slug: northumbria, role: author}]
kind: policy
published: 2015-03
status: superseded
superseded_by: northumbria-new
---
# Northumbria drum policy

A drum is beaten at the town hall before each public meeting so that nobody misses it.
""",
}
NEWER = """---
id: cumbria-2022
title: Fellside engagement strategy 2022-2035
organisations: [{slug: cumbria, role: author}]
kind: engagement-strategy
published: 2022-03
covers_from: 2022
covers_to: 2035
---
# Fellside engagement strategy

## Shop visits

Officers visit the shop in every village on pension day.
"""


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    source = tmp_path / "source"
    source.mkdir()
    for name, text in DOCUMENTS.items():
        (source / f"{name}.md").write_text(text, encoding="utf-8")
    with Library.open(IngestSettings(data_dir=tmp_path / "data", _env_file=None)) as opened:  # type: ignore[call-arg]
        assert all(added.outcome == "added" for added in add(opened, gather([source])))
        yield opened


@pytest.fixture
def ask(library: Library) -> Ask:
    answering = Answering(library, Records(library.catalogue.engine).new_reference)
    return lambda text: answering.answer(Question(question=text), Asker())


def add_text(library: Library, folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    [added] = add(library, gather([folder / name]))
    assert added.outcome == "added"


def test_a_draft_that_nobody_reviewed_says_so_in_heading_source_and_briefing(ask: Ask) -> None:
    answer = ask("What are anglers on the reservoir given for talks?")

    assert answer.points[0].heading == "Cleveland lantern plan (draft, review was due March 2023)"
    source = answer.citations[0].source
    assert (source.status, source.review_date, source.review_overdue) == ("draft", "2023-03", True)
    told = as_text(answer, BASE)
    assert "Cleveland lantern plan, activity plan, published March 2022, draft, review was due March 2023, " in told


def test_where_else_it_stands_is_marked_too(ask: Ask) -> None:
    answer = ask("What do wardens carry on night walks along the canal?")

    told = as_text(answer, BASE)
    assert "Also in Cleveland lantern plan, Cleveland Police (draft, review was due March 2023) [2]." in told


def test_an_old_edition_that_is_all_there_is_is_said_to_be_that(ask: Ask, library: Library, tmp_path: Path) -> None:
    kites = "Why do cadets fly kites on the common?"
    answer = ask(kites)
    assert [old.document_id for old in answer.coverage.outdated] == ["cumbria-2018"]
    old = "'Fellside engagement strategy 2018-2021' covers 2018 to 2021"
    assert answer.coverage.sentence.endswith(f"{old}, and no newer edition is held.")
    assert f"{old}, and no newer edition is held." in as_text(answer, BASE)

    add_text(library, tmp_path, "cumbria-2022.md", NEWER)
    newer = "a newer edition is held: 'Fellside engagement strategy 2022-2035'."
    assert ask(kites).coverage.sentence.endswith(f"{old}; {newer}")
    assert not ask("When do officers visit village shops?").coverage.outdated

    remove(library, "cumbria-2022")
    assert ask(kites).coverage.sentence.endswith(f"{old}, and no newer edition is held.")


def test_of_two_editions_without_cards_the_later_one_leads_and_the_older_one_is_told_apart(
    ask: Ask, library: Library, tmp_path: Path
) -> None:
    for years, often in (("2019-2022", "every month"), ("2023-2040", "every spring")):
        text = f"# Ropewalk engagement strategy {years}\n\nKent Police\n\n## Skippers\n\n"
        text += f"Wardens of the ropewalk hold a breakfast for skippers {often}, and write down what they say.\n"
        add_text(library, tmp_path, f"ropewalk-{years}.md", text)
    answer = ask("How often do wardens of the ropewalk hold a breakfast for skippers?")
    assert "every spring" in answer.points[0].text
    assert "every month" in answer.points[1].text
    assert answer.coverage.sentence.endswith(
        "'Ropewalk engagement strategy 2019-2022' covers 2019 to 2022; a newer edition is held: "
        "'Ropewalk engagement strategy 2023-2040'."
    )


def test_what_was_superseded_names_its_successor_only_if_that_is_held(
    ask: Ask, library: Library, tmp_path: Path
) -> None:
    drum = "Why is a drum beaten before each public meeting?"
    assert ask(drum).coverage.sentence.endswith(
        "'Northumbria drum policy' has been superseded, and what replaced it is not held."
    )
    successor = DOCUMENTS["northumbria"].replace("-old\n", "-new\n").replace("drum policy", "bell policy")
    successor = successor.replace("status: superseded\nsuperseded_by: northumbria-new\n", "")
    add_text(library, tmp_path, "new.md", successor.replace("A drum is beaten", "The bell is rung"))
    assert ask(drum).coverage.sentence.endswith(
        "'Northumbria drum policy' has been superseded by 'Northumbria bell policy'."
    )


def test_who_asks_about_a_past_time_is_not_told_that_it_is_past(ask: Ask) -> None:
    answer = ask("Why did cadets fly kites on the common in 2019?")
    assert answer.citations
    assert answer.coverage.outdated == ()
