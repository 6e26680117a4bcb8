"""A report speaks of several forces: each is heard with what is said of it, the inspectorate with its own words."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.adding import add
from ingest.corpus import gather
from ingest.library import Library
from ingest.settings import IngestSettings
from service.answering import Answering
from service.vocabulary import Answer, Asker, Question

Ask = Callable[[str], Answer]

REPORT = """---
id: inspection
title: Listening, a thematic inspection
organisations: [{slug: hmicfrs, role: author}]
kind: other
published: 2024-05
---
# Listening, a thematic inspection

## How well forces know their wards

In Dorset each ward has a portrait that wardens keep up to date with residents. Officers read the ward portrait before
each walk. Wiltshire Police had no portrait of its wards that was newer than ten years. In Cumbria ward portraits were
neatly laid out, and nobody could say what they were for.

## What should be done

Scrutiny panels should be shown recordings from cameras within six weeks.
"""
MINUTES = """---
id: minutes
title: Scrutiny panel of the harbour, minutes
organisations: [{slug: essex, role: author}]
kind: other
---
# Scrutiny panel of the harbour, minutes

## Recordings

The scrutiny panel was shown recordings from cameras. The scrutiny panel looked at twelve recordings within an hour.
"""


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    folder = tmp_path_factory.mktemp("reports")
    _write(folder)
    with Library.open(IngestSettings(data_dir=folder / "data", _env_file=None)) as library:  # type: ignore[call-arg]
        assert {added.outcome for added in add(library, gather([folder / "source"]))} == {"added"}
        answering = Answering(library, lambda: "7F3A-21")
        yield lambda text: answering.answer(Question(question=text), Asker())


def _write(folder: Path) -> None:
    (folder / "source").mkdir()
    for name, text in (("inspection", REPORT), ("minutes", MINUTES)):
        (folder / "source" / f"{name}.md").write_text(text, encoding="utf-8")


def test_forces_are_compared_by_what_a_report_says_of_each_and_of_no_third(ask: Ask) -> None:
    answer = ask("Compare Dorset and Wiltshire on the portraits of their wards.")
    said = " ".join(point.text for point in answer.points)
    assert "In Dorset each ward has a portrait" in said
    assert "Wiltshire Police had no portrait" in said
    assert "Cumbria" not in said
    assert {body.slug for body in answer.coverage.not_held} == {"dorset", "wiltshire"}


def test_a_body_that_is_named_and_is_no_force_is_heard_first(ask: Ask) -> None:
    answer = ask("Within what time should scrutiny panels be shown recordings from cameras, according to HMICFRS?")
    assert answer.points[0].text == "Scrutiny panels should be shown recordings from cameras within six weeks."
