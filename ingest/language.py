"""English or Welsh, by the little words that each is full of.

It tells these two apart in stretches of some forty words, and either from what is neither. It names no third language,
and a list of names or a table of figures is neither to it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_ENGLISH = """
the of and to in is that for with as on are be by this was at from or have it not we will an which their has
been our were they you your can should how what when who all more if about there than also these other but may
"""
_WELSH = """
y yr yn ac ar mae am gan wedi bod sy sydd eu ei hyn neu ond gyda mewn cael fel ni heb trwy drwy dros os rydym
byddwn bydd chi hon hwn nid gyfer gallwch ein eich oedd yw ydym fydd fod wrth hefyd pob roedd maent sut pan er
rhag unrhyw lle ddim iddo iddynt
"""
"""Without "a", "i", "o" and "at", which are English words too."""
_LITTLE_WORDS = frozenset(_ENGLISH.split()), frozenset(_WELSH.split())
_STRETCH = 40
"""Words, about three lines: bilingual documents change from one language to the other by the paragraph."""
_ENOUGH = 0.1
"""Share of little words from which on a stretch is in a language; prose has 0.3 and more."""
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Spoken:
    """How many of a text's words stand in stretches of a language."""

    words: int
    english: int
    welsh: int


def spoken(texts: Iterable[str]) -> Spoken:
    """The texts are taken one after the other, so that short ones share a stretch."""
    words = english = welsh = 0
    for stretch in _stretches(texts):
        words += len(stretch)
        in_english, in_welsh = (sum(word in known for word in stretch) for known in _LITTLE_WORDS)
        if max(in_english, in_welsh) < _ENOUGH * len(stretch):
            continue
        if in_welsh > in_english:
            welsh += len(stretch)
        else:
            english += len(stretch)
    return Spoken(words, english, welsh)


def _stretches(texts: Iterable[str]) -> Iterator[list[str]]:
    stretch: list[str] = []
    for text in texts:
        stretch += (word.casefold() for word in _WORD.findall(text))
        while len(stretch) >= 2 * _STRETCH:
            yield stretch[:_STRETCH]
            del stretch[:_STRETCH]
        if len(stretch) >= _STRETCH:
            yield stretch
            stretch = []
    if stretch:
        yield stretch
