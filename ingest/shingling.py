"""A text as the set of its stretches of five words, by which two conversions of one text are known for the same.

Only letters and digits count: dashes, bullets and quotation marks are what conversions differ in.
"""

import re
import zlib
from dataclasses import dataclass

import numpy as np

_WORDS = 5
_KEPT = 512
"""Smallest numbers that a sketch keeps: some 4 kB. What they say of two texts is off by some .02."""
_WORD = re.compile(r"\w+")
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Likeness:
    common: float
    """Share of the stretches of both texts that are in both, 0 to 1."""
    contained: float
    """Share of the shorter text's stretches that are in the other, 0 to 1."""


def shingles(text: str) -> np.ndarray:
    """A number for each different stretch of five words: uint64, ascending. The same on every machine."""
    codes = np.array([zlib.crc32(word.encode()) for word in _WORD.findall(text.casefold())], dtype=np.uint64)
    if len(codes) < _WORDS:
        return np.empty(0, dtype=np.uint64)
    numbers = np.zeros(len(codes) - _WORDS + 1, dtype=np.uint64)
    for place in range(_WORDS):
        numbers = (numbers ^ codes[place : place + len(numbers)]) * _MULTIPLIER
        numbers ^= numbers >> np.uint64(29)
    return np.unique(numbers)


def sketch(text: str) -> np.ndarray:
    """The smallest of the text's shingles: a fair sample of them, and all of a short text."""
    return shingles(text)[:_KEPT]


def likeness(one: np.ndarray, other: np.ndarray) -> Likeness:
    """Of the shingles of two texts."""
    both = len(np.intersect1d(one, other, assume_unique=True))
    either, shorter = len(one) + len(other) - both, min(len(one), len(other))
    return Likeness(both / either if either else 0.0, both / shorter if shorter else 0.0)


def estimated_likeness(one: np.ndarray, other: np.ndarray) -> Likeness:
    """Of their sketches: from the numbers up to the largest that both would have kept."""
    highest = min((some[-1] for some in (one, other) if len(some) == _KEPT), default=None)
    if highest is None:
        return likeness(one, other)
    return likeness(one[one <= highest], other[other <= highest])
