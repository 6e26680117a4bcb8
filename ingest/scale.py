"""What a cosine says, whichever embedder it comes from.

Texts that have nothing to do with each other lie at a cosine of about 0.07 with the packaged embedder and at 0.7 or
more with many others; how passages are ranked, sentences chosen and questions refused is fitted to the former. So
another embedder's distances (1 - cosine) are stretched until its unrelated texts lie where the packaged one's do.
"""

import csv
from dataclasses import dataclass
from importlib.resources import files
from typing import Self

import numpy as np

UNRELATED = 0.0727
"""Mean cosine of the packaged embedder between the questions and the others' answers of unrelated.csv."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Turns an embedder's cosines into those that the packaged one would have."""

    stretch: float = 1.0

    @classmethod
    def of(cls, questions: np.ndarray, answers: np.ndarray) -> Self:
        """Of vectors of the texts of unrelated.csv, float32 (n, dimensions) each, of length 1."""
        cosines = questions @ answers.T
        unrelated = float(cosines[~np.eye(len(cosines), dtype=bool)].mean())
        return cls((1 - UNRELATED) / max(1 - unrelated, 1e-6))

    def __call__(self, cosine: float) -> float:
        return 1 - self.stretch * (1 - cosine)


OWN = Scale()
"""The packaged embedder's."""


def unrelated_texts() -> tuple[list[str], list[str]]:
    """Questions, and in the same order their answers: of as many subjects, none of which has to do with another."""
    text = files("ingest").joinpath("unrelated.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return [row["question"] for row in rows], [row["answer"] for row in rows]
