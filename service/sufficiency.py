"""Can it be answered? A calibrated guess, from three features that cost nothing more at question time.

Whether a passage holds the question's own words tells most in a library about a single subject, where everything is
near; how far the best sentence stands out, in one about many. The more is held, the nearer the nearest is by chance.
The numbers are data, fitted by bench/training.py.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from math import exp

import numpy as np

from ingest.spread import Spread
from service.vocabulary import Evidence
from service.weighing import Wanted
from service.words import stems

THRESHOLD = 0.5
"""From here on, more likely than not, the library answers."""
NEAR_THRESHOLD = 0.10
"""From here on the nearest statements are shown, and said to be no more than that.

Below lies one in a hundred, at most, of the answerable questions of any set that the numbers were fitted on.
"""
SMALL = 300
"""Passages of a library that is half way between small and large."""
COVERED_SHARE = 0.3
"""Of the best passage's match; the rest is its cosine."""


@dataclass(frozen=True, slots=True)
class Sufficiency:
    """How well the evidence answers the question."""

    match: float
    """Of the best passage: cosine and the share of the question's words that it holds, in one; up to 1."""
    deviations: float
    """The best sentence's cosine, in standard deviations above the library's average for this question."""
    smallness: float
    """1 for a library of no passages, towards 0 the more it holds."""

    @property
    def probability(self) -> float:
        """That the library answers the question."""
        coefficients = _coefficients()
        weighed = (coefficients[name] * value for name, value in asdict(self).items())
        return 1 / (1 + exp(-(coefficients["intercept"] + sum(weighed))))

    @property
    def enough(self) -> bool:
        return self.probability >= THRESHOLD

    @property
    def near(self) -> bool:
        return self.probability >= NEAR_THRESHOLD


@cache
def _coefficients() -> dict[str, float]:
    text = files("service").joinpath("sufficiency.json").read_text(encoding="utf-8")
    return {name: float(value) for name, value in json.loads(text).items()}


def sufficiency(evidence: Sequence[Evidence], wanted: Sequence[Wanted], spread: Spread) -> Sufficiency:
    share = COVERED_SHARE * _numbers_found(evidence[:3], wanted)
    meaning = np.sum([want.query.weight * want.vector for want in wanted], axis=0)
    return Sufficiency(
        match=max(((1 - COVERED_SHARE) * e.cosine + share * e.covered for e in evidence), default=0.0),
        deviations=spread.deviations(meaning, max((s.cosine for e in evidence for s in e.sentences), default=0.0)),
        smallness=SMALL / (SMALL + spread.passages),
    )


def _numbers_found(evidence: Sequence[Evidence], wanted: Sequence[Wanted]) -> float:
    """A number that was asked about and is nowhere in the evidence ("Update 3") takes half of its coverage away."""
    numbers = {word for want in wanted for word in want.words if word.isdigit()}
    if not numbers:
        return 1.0
    texts = [text for e in evidence for text in (*e.heading_path, *(s.text for s in e.sentences))]
    told = {stem for e in evidence for want in wanted for stem in want.told.get(e.version_id, ())}
    return 1.0 if numbers <= told.union(*map(stems, texts)) else 0.5
