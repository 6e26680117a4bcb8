"""A sentence that holds the kind of thing that is asked for is put before one that only shares its words."""

from pathlib import Path

import pytest

from ingest.adding import add
from ingest.corpus import gather
from ingest.library import Library
from service.answering import Answering
from service.seeking import sought
from service.vocabulary import Asker, Question


@pytest.mark.parametrize(
    ("question", "told", "not_told"),
    [
        ("How often does the ward panel meet?", "It sits every second Tuesday.", "It sits in the chapel hall."),
        ("how regularly are surveys run", "Questionnaires go out quarterly.", "Questionnaires go out to farms."),
        ("When was the plan adopted?", "Adopted on 3 May by the board.", "It may be adopted by the board."),
        ("What year did the scheme start?", "It goes back to 2011.", "It goes back a long way."),
        ("How many people joined?", "Forty-one and then twelve more joined.", "Nearly everybody joined."),
        ("What share of residents replied?", "Half of them did.", "Most of them did."),
    ],
)
def test_what_is_sought_is_known_by_its_look(question: str, told: str, not_told: str) -> None:
    kind = sought(question)
    assert kind is not None
    assert kind.search(told)
    assert not kind.search(not_told)


def test_what_has_no_look_of_its_own_is_not_looked_for() -> None:
    assert sought("Why do forces engage?") is None


def test_how_often_is_answered_with_how_often(library: Library, tmp_path: Path) -> None:
    text = """---
title: Lakeside panel
organisations: [{slug: cumbria, role: author}]
---
# Lakeside panel

## Whom we meet

Residents meet the panel to be heard.

## Sittings

Panel sittings at the lakeside are quarterly.
"""
    (tmp_path / "panel.md").write_text(text, encoding="utf-8")
    list(add(library, gather([tmp_path / "panel.md"]), lambda progress: None))
    answer = Answering(library, lambda: "7F3A-21").answer(
        Question(question="How often does the Lakeside panel meet?"), Asker()
    )
    assert answer.points[0].text == "Panel sittings at the lakeside are quarterly."
