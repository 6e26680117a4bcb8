"""How the vectors of a library lie: what cosine a text has with its passages that have nothing to do with it.

A cosine of 0.5 is much in a library about everything and little in one about one thing; measured in standard deviations
above the library's own average for the same text it can be compared.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np

from ingest.scale import OWN, Scale

SAMPLE = 4_000
"""Passages that are looked at; their number is not decisive, and a larger one costs time at the first question."""


@dataclass(frozen=True, slots=True)
class Spread:
    mean: np.ndarray
    """float32, shape (dimensions,)"""
    covariance: np.ndarray
    """float32, shape (dimensions, dimensions)"""
    passages: int
    """In the library when it was looked at."""
    scale: Scale = OWN
    """Of the cosines that are to be judged."""

    @classmethod
    def of(cls, vectors: np.ndarray, passages: int, scale: Scale = OWN) -> Self:
        """Of a sample of vectors, float32 (n, dimensions), from a library of so many passages."""
        if len(vectors) < 2:
            return cls(np.zeros(0, np.float32), np.zeros((0, 0), np.float32), passages, scale)
        mean = vectors.mean(axis=0)
        centred = vectors - mean
        return cls(mean, centred.T @ centred / (len(vectors) - 1), passages, scale)

    def deviations(self, vector: np.ndarray, cosine: float) -> float:
        """How many standard deviations a cosine lies above the average that this vector has in the library.

        0 in a library of fewer than two passages.
        """
        if not self.mean.size:
            return 0.0
        deviation = float(np.sqrt(max(float(vector @ self.covariance @ vector), 1e-6))) * self.scale.stretch
        return (cosine - self.scale(float(vector @ self.mean))) / deviation

    def holds_for(self, passages: int) -> bool:
        """Whether the library has not grown or shrunk by more than a tenth since."""
        return abs(passages - self.passages) <= self.passages // 10
