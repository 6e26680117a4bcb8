"""Can it be answered? A calibrated guess, from features that cost nothing more at question time."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from service.vocabulary import Evidence
from service.weighing import Wanted
from service.words import stems

THRESHOLD = 0.42
INTERCEPT, COSINE, SENTENCE, COVERED = -2.2, 0.6, 1.1, 3.65


@dataclass(frozen=True, slots=True)
class Sufficiency:
    """How well the evidence answers the question."""

    cosine: float
    """Of the best passage with the question, -1 to 1."""
    sentence: float
    """Cosine of the best sentence with the question."""
    covered: float
    """Share of the question's content words, by rarity, that the best passages hold; 0 to 1."""

    @property
    def probability(self) -> float:
        """That the library answers the question: a logistic of the three, fitted on development questions only."""
        return 1 / (1 + exp(-(INTERCEPT + COSINE * self.cosine + SENTENCE * self.sentence + COVERED * self.covered)))

    @property
    def enough(self) -> bool:
        return self.probability >= THRESHOLD


def sufficiency(evidence: Sequence[Evidence], wanted: Sequence[Wanted]) -> Sufficiency:
    """Looks at the best three passages; a question that leans on an earlier one is covered as the two together are."""
    best = evidence[:3]
    found = [stem for e in best for s in e.sentences for stem in stems(s.text)]
    found += [stem for e in best for stem in stems(" ".join(e.heading_path))]
    return Sufficiency(
        cosine=max((e.cosine for e in evidence), default=0.0),
        sentence=max((s.cosine for e in evidence for s in e.sentences), default=0.0),
        covered=sum(want.query.weight * want.covered(found) for want in wanted) * _numbers_found(wanted, found),
    )


def _numbers_found(wanted: Sequence[Wanted], found: Sequence[str]) -> float:
    """A number that was asked about and is nowhere in the evidence ("Update 3") takes half of its coverage away."""
    numbers = {word for want in wanted for word in want.words if word.isdigit()}
    return 1.0 if numbers <= set(found) else 0.5
