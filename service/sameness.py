"""Whether two sentences of different documents say the same in (nearly) the same words.

Words decide, never a cosine: it sees no "not", nor 12 become 21. They must stand in the same order. What may differ is
spelling, damage, articles and the like, and one plain word in ten that only one of the two has.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.tidying import shown
from service.figures import figures_in
from service.quoting import is_negation, negations_in
from service.strength import strength_of
from service.words import STOP_WORDS

_LEAST_WORDS = 2
_WORDS_FOR_ONE_ADDED = 10
_EMPTY = {"a", "an", "the", "and", "that", "which", "of", "our", "its", "this", "these", "those", "also", "both"}
_SPELLINGS = {
    **{"upon": "on", "within": "in", "whilst": "while", "amongst": "among", "towards": "toward"},
    **{"are": "is", "were": "was", "has": "have"},
}
_TURNING_WORDS = """
stop cease avoid lack deny refuse former previous proposed planned draft seldom rare few fewer less least little
last next half double
"""
_TURNS = frozenset(_TURNING_WORDS.split())
"""Plain words that make another statement of the one they are added to."""
_IZE = re.compile(r"iz(e|ed|es|er|ers|ing|ation|ations)$")
_REFERENCE = re.compile(r"\s*\((?:sources?|see|ref(?:erence)?)\b[^()]*\)", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ATTRIBUTED = re.compile(
    r"^(?:according to [^,:]{3,80}|as [^,:]{3,80}?\b(?:says?|said|states?|stated|puts? it|defines? it|notes?|explains?|"
    r"recommends?|recommended|sets? out)(?: in [^,:]{3,80})?)[,:]\s*(?P<said>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_ENDS_QUOTED = re.compile(r"[’”\"'][.;]?\s*$")
_QUOTES = re.compile(r"[:,]?\s[‘“\"'](?P<said>[^‘“”\"]{40,}?)[’”\"'][.;]?\s*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Read:
    """A text as it is compared."""

    words: tuple[tuple[str, str], ...]
    """Those that count, each in one spelling, with the word as it is written."""
    joined: str
    text: str
    """Without references."""

    @property
    def asks(self) -> bool:
        return self.text.rstrip().endswith("?")


def same_words(one: str, other: str) -> bool:
    """Whether the two say the same thing in nearly the same words: no figure, name, negation or modal differs."""
    shorter, longer = sorted((_read(one), _read(other)), key=lambda read: len(read.words))
    added = len(longer.words) - len(shorter.words)
    if shorter.joined == longer.joined:
        # A hyphen or space lost or won ("wellbeing"), unless a "not" went with it ("notable").
        same = len(negations_in(one)) == len(negations_in(other))
        return same and len(shorter.words) >= _LEAST_WORDS and _agree(shorter, longer)
    if not added or _WORDS_FOR_ONE_ADDED * added > len(longer.words):
        return False
    extra = _added(shorter.words, longer.words)
    if extra is None or not (_is_loose(extra) or not any(map(_changes_what_is_said, extra))):
        return False
    return _agree(shorter, longer) and strength_of(one).operators == strength_of(other).operators


def wording(text: str) -> str:
    """Equal where two say the very same: made in a moment, for telling copies apart in passing."""
    return " ".join(text.casefold().split()).rstrip(" .;")


def without_attribution(text: str) -> str | None:
    """What the sentence takes from another: behind "As the College puts it," or between quotation marks; else None."""
    quotes = _QUOTES.search(text) if _ENDS_QUOTED.search(text) else None
    found = quotes or _ATTRIBUTED.match(text)
    return found["said"] if found else None


@lru_cache(maxsize=4_000)
def _read(text: str) -> _Read:
    text = shown(_REFERENCE.sub("", text)) if "(" in text else shown(text)
    written = _WORD.findall(text.replace("&", " and "))
    words = tuple((word, as_written) for as_written in written if (word := _levelled(as_written)) not in _EMPTY)
    return _Read(words, "".join(word for word, _ in words), text)


@lru_cache(maxsize=10_000)
def _levelled(written: str) -> str:
    word = written.casefold().replace("’", "'").removesuffix("'s")
    figure = next(iter(figures_in(word)), None)
    if figure and figure.written == word:
        return figure.value
    word = _SPELLINGS.get(word, _IZE.sub(r"is\1", word))
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return f"{word[:-3]}y" if word.endswith("ies") else word[:-1]
    return word


def _agree(one: _Read, other: _Read) -> bool:
    """Whether both ask or both state, with the same figures."""
    return one.asks == other.asks and _figures(one.text) == _figures(other.text)


def _figures(text: str) -> Counter[str]:
    return Counter(figure.value for figure in figures_in(text))


def _added(shorter: Sequence[tuple[str, str]], longer: Sequence[tuple[str, str]]) -> list[tuple[str, str]] | None:
    """The words that only the longer has; None where it does not hold the words of the shorter in their order."""
    added: list[tuple[str, str]] = []
    for at, word in enumerate(longer):
        next_of_shorter = at - len(added)
        if next_of_shorter < len(shorter) and shorter[next_of_shorter][0] == word[0]:
            continue
        added.append(word)
        if len(added) > len(longer) - len(shorter):
            return None
    return added


def _is_loose(added: Sequence[tuple[str, str]]) -> bool:
    """Whether it is only the "to" of "helps people to find"; with a verb of its own ("aims to find") it says more."""
    return [word for word, _ in added] == ["to"]


def _changes_what_is_said(added: tuple[str, str]) -> bool:
    """Whether a word that only one has is more than plain: a name, a figure, a turn, or a word that binds others."""
    word, written = added
    plain = word.isalpha() and written.islower() and word not in STOP_WORDS | _TURNS
    return not plain or is_negation(word) or word.endswith("ly")
