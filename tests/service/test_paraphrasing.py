"""Questions that ask the same are one gap; those that only look alike are not."""

import csv
from pathlib import Path

import pytest

from ingest.glossary import Glossary
from ingest.register import Register
from service.paraphrasing import Paraphrasing
from service.vocabulary import Question, Turn

PAIRS = Path(__file__).parent / "alike"


@pytest.fixture(scope="module")
def paraphrasing() -> Paraphrasing:
    return Paraphrasing(Register.load(), Glossary.load())


def judged(paraphrasing: Paraphrasing, name: str) -> list[tuple[bool, bool, str]]:
    """Of each pair: whether it asks the same, whether that is found, and the pair."""
    with (PAIRS / f"{name}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [
        (
            row["same"] == "y",
            paraphrasing.asked(Question(question=row["one"])).is_same_as(
                paraphrasing.asked(Question(question=row["other"]))
            ),
            f"{row['one']} | {row['other']}",
        )
        for row in rows
    ]


@pytest.mark.parametrize(("name", "least_recall"), [("chosen_on", 0.65), ("measured_on", 0.7)])
def test_none_is_merged_that_asks_something_else_and_most_that_ask_the_same_are(
    paraphrasing, name, least_recall
) -> None:
    pairs = judged(paraphrasing, name)
    assert [pair for same, found, pair in pairs if found and not same] == []
    same = [found for same, found, _ in pairs if same]
    assert sum(same) / len(same) >= least_recall


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Question(question="Who is consulted?", organisations=("kent",)), Question(question="Who is consulted?")),
        (Question(question="Who is consulted?", date_from="2020"), Question(question="Who is consulted?")),
        (
            Question(question="And young people?", history=(Turn(role="user", content="Who is consulted in Kent?"),)),
            Question(question="And young people?", history=(Turn(role="user", content="Who is trained in Kent?"),)),
        ),
    ],
)
def test_filters_and_what_a_question_leans_on_are_part_of_what_is_asked(paraphrasing, one, other) -> None:
    assert not paraphrasing.asked(one).is_same_as(paraphrasing.asked(other))
    assert paraphrasing.asked(one).is_same_as(paraphrasing.asked(one))
