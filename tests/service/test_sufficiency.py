"""Whether the library answers is a calibrated guess over a few named numbers."""

import json
from dataclasses import replace

import pytest

from ingest.settings import PROJECT
from service.sufficiency import Sufficiency

PLAIN = Sufficiency(cosine=0.7, sentence=0.7, deviations=3.0, covered=1.0, smallness=0.7)
FOREIGN = Sufficiency(cosine=0.05, sentence=0.1, deviations=1.0, covered=0.0, smallness=0.7)
NEAR = replace(PLAIN, cosine=0.4, sentence=0.5, covered=0.4)


def test_there_is_a_number_for_each_feature() -> None:
    numbers = json.loads((PROJECT / "service" / "sufficiency.json").read_text(encoding="utf-8"))
    assert set(numbers) == {"intercept", *PLAIN.features}


def test_plain_evidence_is_enough_and_foreign_evidence_is_not_even_near() -> None:
    assert PLAIN.enough
    assert not FOREIGN.near


def test_between_the_two_the_nearest_statements_may_be_shown() -> None:
    assert NEAR.near
    assert not NEAR.enough


@pytest.mark.parametrize("feature", ["cosine", "sentence", "deviations", "covered"])
def test_more_evidence_never_makes_an_answer_less_likely(feature: str) -> None:
    assert replace(NEAR, **{feature: getattr(NEAR, feature) + 0.1}).probability > NEAR.probability


def test_the_share_of_words_tells_more_in_a_small_library() -> None:
    def gain(smallness: float) -> float:
        here = replace(NEAR, smallness=smallness)
        return replace(here, covered=0.9).probability - here.probability

    assert gain(0.7) > gain(0.05)
