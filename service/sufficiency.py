"""Can it be answered? A calibrated guess, from features that cost nothing more at question time.

What tells depends on the library. In a large one most words occur somewhere, and how far the best passage stands out
tells most; in a small one about a single subject everything is near, and what tells is whether the question's own words
are there. So the share of words counts by how small the library is. The numbers are data, fitted by bench/training.py.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp

from ingest.spread import Spread
from service.vocabulary import Evidence
from service.weighing import Wanted
from service.words import stems

THRESHOLD = 0.5
"""From here on, more likely than not, the library answers."""
NEAR_THRESHOLD = 0.12
"""From here on the nearest statements are shown, and said to be no more than that."""
SMALL = 300
"""Passages of a library that is half way between small and large."""


@dataclass(frozen=True, slots=True)
class Sufficiency:
    """How well the evidence answers the question."""

    cosine: float
    """Of the best passage with the question, -1 to 1."""
    sentence: float
    """Cosine of the best sentence with the question."""
    deviations: float
    """The best passage's cosine, in standard deviations above the library's average for this question."""
    covered: float
    """Share of the question's content words, by rarity, that the best passages hold; 0 to 1."""
    smallness: float
    """1 for a library of no passages, towards 0 the more it holds."""

    @property
    def features(self) -> dict[str, float]:
        """What the logistic is over, by the names of its coefficients."""
        return {
            "cosine": self.cosine,
            "sentence": self.sentence,
            "deviations": self.deviations,
            "covered_in_small": self.covered * self.smallness,
        }

    @property
    def probability(self) -> float:
        """That the library answers the question."""
        coefficients = _coefficients()
        weighed = (coefficients[name] * value for name, value in self.features.items())
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
    """Looks at the best three passages; a question that leans on an earlier one is covered as the two together are."""
    best = evidence[:3]
    found = [stem for e in best for s in e.sentences for stem in stems(s.text)]
    found += [stem for e in best for stem in stems(" ".join(e.heading_path))]
    cosine = max((e.cosine for e in evidence), default=0.0)
    return Sufficiency(
        cosine=cosine,
        sentence=max((s.cosine for e in evidence for s in e.sentences), default=0.0),
        deviations=spread.deviations(wanted[-1].vector, cosine),
        covered=sum(want.query.weight * want.covered(found) for want in wanted) * _numbers_found(wanted, found),
        smallness=SMALL / (SMALL + spread.passages),
    )


def _numbers_found(wanted: Sequence[Wanted], found: Sequence[str]) -> float:
    """A number that was asked about and is nowhere in the evidence ("Update 3") takes half of its coverage away."""
    numbers = {word for want in wanted for word in want.words if word.isdigit()}
    return 1.0 if numbers <= set(found) else 0.5
