"""What is of the time asked about counts for more, what is no longer in force for less; nothing is left out."""

from dataclasses import replace

from ingest.vocabulary import Card
from service.dating import Time, time_asked
from service.preferring import preferred
from service.vocabulary import Evidence
from tests.service.test_extractive import PARAGRAPH, Block, evidence, version

CARDS: dict[int, dict[str, object]] = {
    1: {"published": "2016"},
    2: {"published": "2021"},
    3: {},
    4: {"published": "2018", "status": "superseded"},
    5: {"published": "2026", "kind": "profile"},
}


def scores(time: Time | None, text: str = "Teams meet residents.") -> dict[int, float]:
    """Of the best sentence by document, where without any preference all have 1."""
    found: list[Evidence] = []
    for number in CARDS:
        held = version(number, f"Plan {number}", Block(PARAGRAPH, text))
        found += [replace(e, passage_id=number) for e in evidence(held, {text: 1.0})]
    cards = {n: Card.model_validate({"id": f"plan-{n}", "title": "A plan", **card}) for n, card in CARDS.items()}
    return {e.version_id: round(e.sentences[0].score, 3) for e in preferred(found, time, cards)}


def test_without_a_time_only_what_is_not_in_force_counts_less() -> None:
    assert scores(None) == {1: 1, 2: 1, 3: 1, 4: 0.85, 5: 1}


def test_documents_of_the_time_asked_about_count_more_superseded_or_not() -> None:
    assert scores(time_asked("What was said in 2016?")) == {1: 1.15, 2: 1, 3: 1, 4: 0.85, 5: 1}
    assert scores(time_asked("What was said in 2018?")) == {1: 1, 2: 1, 3: 1, 4: 1.15, 5: 1}


def test_a_sentence_that_names_a_year_of_that_time_counts_more_wherever_it_stands() -> None:
    assert scores(time_asked("What was said in 2019?"), "In 2019 teams met residents.")[5] == 1.15


def test_the_newest_goes_before_the_oldest_and_what_bears_no_date_of_its_own_stays() -> None:
    assert scores(time_asked("What is the latest?")) == {1: 0.85, 2: 1, 3: 1, 4: round(0.85 * 0.925, 3), 5: 1}
