"""The words of a question that carry its meaning, and how much of them a text covers."""

import re
from collections.abc import Callable, Iterable, Mapping, Set
from functools import lru_cache
from math import log

import snowballstemmer

_OPENING = 5
"""Letters that two stems must begin with to be taken for one family of words."""
_RELATED = 0.7
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_STEMMER = snowballstemmer.stemmer("english")
_STOP_WORDS = """
a about above after again against all also am an and any are aren't as at be because been before being below
between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each
else ever few for from further get give given go had hadn't has hasn't have haven't having he her here hers
him his how i if in into is isn't it it's its itself just let's like made make many may me might more most
much must my need no nor not of off on once one only or other ought our ours out over own per please put said
same say says shall she should so some such take tell than that that's the their theirs them then there these
they this those through to too under until up upon us use used using very was we were what what's when where
which while who whom whose why will with within would you your yours ones
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
"""Of no use for telling whether a text is about the question."""


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    return str(_STEMMER.stemWord(word.casefold().replace("’", "'").removesuffix("'s")))


def stems(text: str) -> list[str]:
    """Stems of all words that are not stop words, in order."""
    words = (word.casefold().replace("’", "'") for word in _WORD.findall(text))
    return [stem(word) for word in words if word not in STOP_WORDS]


def weights(text: str, frequency: Callable[[str], int], passages: int) -> dict[str, float]:
    """The question's content stems with their inverse document frequency over the passages held."""
    return {
        stem(word): log(1 + (passages + 1) / (frequency(word) + 0.5))
        for word in dict.fromkeys(word.casefold() for word in _WORD.findall(text))
        if word.replace("’", "'") not in STOP_WORDS
    }


def coverage(wanted: Mapping[str, float], found: Iterable[str]) -> float:
    """Share of the wanted stems' weight that occurs among the found stems, 0 to 1; 0 where nothing is wanted.

    A long stem is also found in another that begins as it does ("prioritis" in "prioriti"), at part of its weight.
    """
    total = sum(wanted.values())
    present = set(found)
    openings = {stem[:length] for stem in present for length in range(_OPENING, len(stem) + 1)}
    return sum(weight * _found(word, present, openings) for word, weight in wanted.items()) / total if total else 0.0


def _found(word: str, present: Set[str], openings: Set[str]) -> float:
    if word in present:
        return 1.0
    return _RELATED if len(word) > _OPENING and word[: max(_OPENING, len(word) - 2)] in openings else 0.0
