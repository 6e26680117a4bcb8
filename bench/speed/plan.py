"""How much is measured."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Shape = Mapping[str, int]


def _shape(documents: int, sections: int, sentences: int) -> Shape:
    return {"documents": documents, "sections": sections, "sentences": sentences}


@dataclass(frozen=True, slots=True)
class Plan:
    """Sizes of one run; a text is a section: short with one sentence, some 30 tokens, long with ten, some 230."""

    passages: int = 10_000
    """Of the index that is asked."""
    questions: int = 60
    repetitions: int = 3
    growth: tuple[int, ...] = (1_000, 10_000, 100_000)
    adding: Mapping[str, Shape] = field(default_factory=lambda: {"short": _shape(11, 20, 1), "long": _shape(7, 8, 10)})

    @classmethod
    def quick(cls) -> "Plan":
        adding = {"short": _shape(3, 20, 1), "long": _shape(3, 5, 10)}
        return cls(passages=1_000, questions=20, repetitions=1, growth=(200, 1_000), adding=adding)

    def __str__(self) -> str:
        return f"{self.passages:,} passages, {self.questions} questions, median of {self.repetitions}"
