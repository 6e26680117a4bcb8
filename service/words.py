"""The words of a question that carry its meaning, and how much of them a text covers."""

import re
from collections.abc import Callable, Mapping, Set
from functools import cache, lru_cache
from math import log

from ingest.lexical import Analyser, analyser, encodable

_OPENING = 5
"""Letters that two stems must begin with to be taken for one family of words."""
_RELATED = 0.7
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_STOP_WORDS = """
a about above after again against all also am an and any are aren as at be because been before being below
between both but by can cannot could couldn d did didn do does doesn doing don down during each else ever few
for from further get give given go had hadn has hasn have haven having he her here hers him his how i if in
into is isn it its itself just like ll made make many may me might more most much must my need no nor not of
off on once one ones only or other ought our ours out over own per put re s said same say says shall she
should so some such t take than that the their theirs them then there these they this those through to too
under until up upon us use used using ve very was we were what when where which while who whom whose why will
with within would you your yours
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
"""Of no use for telling whether a text is about the question."""
_FRAMING_WORDS = """
anything compare compared comparison concerning contrast currently describe differ difference differences
differently differs done everything exactly explain find information know known knows list mention mentioned
mentions please regarding show something still summarise summarize summary tell told
"""
FRAMING_WORDS = frozenset(_FRAMING_WORDS.split())
"""Of a question: they say what to do with the answer, and what it is about is elsewhere."""


@cache
def _analyser(without: frozenset[str] = STOP_WORDS) -> Analyser:
    return analyser(without)


def stem(word: str) -> str:
    """The stem of one word, be it a stop word or not."""
    return next(iter(_analyser(frozenset()).analyze(encodable(word))), word.casefold())


def stems(text: str) -> list[str]:
    """Stems of all words that are not stop words, in order; the same as the index holds."""
    found: list[str] = _analyser().analyze(encodable(text))
    return found


@lru_cache(maxsize=4_000)
def stems_within(text: str) -> frozenset[str]:
    """The same, each once, and kept for a while: questions share sentences and headings."""
    return frozenset(stems(text))


def weights(text: str, frequency: Callable[[str], int], passages: int) -> dict[str, float]:
    """The question's content stems with their inverse document frequency over the passages held."""
    return {
        stem: log(1 + (passages - frequency(word) + 0.5) / (frequency(word) + 0.5))
        for word in dict.fromkeys(_WORD.findall(text))
        if word.casefold() not in FRAMING_WORDS
        for stem in stems(word)
    }


def coverage(wanted: Mapping[str, float], found: Set[str]) -> float:
    """Share of the wanted stems' weight that occurs among the found stems, 0 to 1; 0 where nothing is wanted.

    A long stem is also found in another that begins as it does ("prioritis" in "prioriti"), at part of its weight.
    """
    total = sum(wanted.values())
    if not total:
        return 0.0
    # Each behind a space: whether one of many begins with a few letters is then one search in one text.
    beginnings = " ".join(("", *found))
    covered = 0.0
    for word, weight in wanted.items():  # a loop, since a question asks this of a hundred sentences
        if word in found:
            covered += weight
        elif len(word) >= _OPENING and f" {word[: max(_OPENING, len(word) - 2)]}" in beginnings:
            covered += weight * _RELATED
    return covered / total
