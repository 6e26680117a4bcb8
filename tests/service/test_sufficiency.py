"""Whether the library answers is a calibrated guess over a few named numbers."""

import json
from dataclasses import asdict, replace

import pytest

from ingest.settings import PROJECT
from service.sufficiency import Sufficiency

PLAIN = Sufficiency(match=0.7, deviations=6.0, smallness=0.7)
FOREIGN = Sufficiency(match=0.05, deviations=1.0, smallness=0.7)
NEAR = Sufficiency(match=0.35, deviations=3.0, smallness=0.7)


def test_there_is_a_number_for_each_feature() -> None:
    numbers = json.loads((PROJECT / "service" / "sufficiency.json").read_text(encoding="utf-8"))
    assert set(numbers) == {"intercept", *asdict(PLAIN)}


def test_plain_evidence_is_enough_and_foreign_evidence_is_not_even_near() -> None:
    assert PLAIN.enough
    assert not FOREIGN.near


def test_between_the_two_the_nearest_statements_may_be_shown() -> None:
    assert NEAR.near
    assert not NEAR.enough


@pytest.mark.parametrize("feature", ["match", "deviations"])
def test_more_evidence_never_makes_an_answer_less_likely(feature: str) -> None:
    assert replace(NEAR, **{feature: getattr(NEAR, feature) + 0.1}).probability > NEAR.probability


def test_the_more_is_held_the_more_is_demanded() -> None:
    assert replace(NEAR, smallness=0.05).probability < NEAR.probability
