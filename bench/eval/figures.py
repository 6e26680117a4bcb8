"""What is computed from ranks, choices and probabilities. Plain arithmetic, checked by hand in the tests.

Rates and shares lie from 0 to 1. Where there is nothing to divide by, the result is None.
"""

from collections.abc import Collection, Hashable, Iterable, Sequence, Set
from dataclasses import dataclass
from math import log2
from typing import TypeVar

Unit = TypeVar("Unit", bound=Hashable)
Span = tuple[int, int]


def ndcg(ranked: Sequence[Unit], gold: Set[Unit], k: int = 10) -> float:
    """Normalised discounted cumulative gain of the first k, every gold unit gaining 1."""
    gained = sum(1 / log2(rank + 1) for rank, unit in enumerate(ranked[:k], start=1) if unit in gold)
    return gained / sum(1 / log2(rank + 1) for rank in range(1, min(k, len(gold)) + 1))


def recall(ranked: Sequence[Unit], gold: Set[Unit], k: int) -> float:
    """Share of gold that is among the first k."""
    return len(gold & set(ranked[:k])) / len(gold)


@dataclass(frozen=True, slots=True)
class Match:
    """How well what was chosen matches what should have been."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def match(chosen: Sequence[Set[Unit]], gold: Set[Unit]) -> Match:
    """Precision: share of the chosen that hold a unit of gold. Recall: share of gold that they hold.

    What was chosen may be cut otherwise than gold is: one of them may hold several units, or none. Nothing chosen has a
    precision of 0.
    """
    right = sum(1 for held in chosen if held & gold)
    found = {unit for held in chosen for unit in held} & gold
    return Match(right / len(chosen) if chosen else 0.0, len(found) / len(gold))


def auroc(wanted: Sequence[float], unwanted: Sequence[float]) -> float | None:
    """How often one that is wanted scores higher than one that is not, ties counting half."""
    if not wanted or not unwanted:
        return None
    wins = sum(float(a > b) + 0.5 * (a == b) for a in wanted for b in unwanted)
    return wins / (len(wanted) * len(unwanted))


@dataclass(frozen=True, slots=True)
class Decisions:
    """Whether questions were answered, of those that can be and of those that cannot."""

    answerable: tuple[bool, ...]
    unanswerable: tuple[bool, ...]

    @property
    def false_answers(self) -> float | None:
        return share(self.unanswerable)

    @property
    def f1(self) -> float | None:
        """Of answering: precision is the share of answers that had an answer."""
        if not self.answerable or not self.unanswerable:
            return None
        right = sum(self.answerable)
        return 2 * right / (right + sum(self.unanswerable) + len(self.answerable))


def share(values: Iterable[bool]) -> float | None:
    held = list(values)
    return sum(held) / len(held) if held else None


def mean(values: Collection[float]) -> float | None:
    return sum(values) / len(values) if values else None


def overlap(a: Span, b: Span) -> int:
    """Characters that the two have in common."""
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def united(spans: Iterable[Span]) -> list[Span]:
    """The same characters in spans that do not overlap, in order."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result


def characters(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in united(spans))


def common_characters(a: Iterable[Span], b: Iterable[Span]) -> int:
    others = united(b)
    return sum(overlap(span, other) for span in united(a) for other in others)
