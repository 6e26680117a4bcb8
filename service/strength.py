"""How strongly a text says a thing: its negations, modals and quantifiers, and what they bear on.

Enough to tell that "should" has become "must", "may reduce" has become "reduces", or a "not" has been lost.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from service.quoting import is_negation, words_of
from service.words import STOP_WORDS, stem

_FORMS = {
    "must": "must shall required requires compulsory mandatory obliged obligatory",
    "should": "should ought recommended recommends recommend recommendation advised advisable",
    "need": "need_to needs_to needed_to",
    "may": "may might possibly perhaps potentially",
    "will": "will",
    "only": "only solely exclusively",
    "all": "all every each always everyone everybody entire whole",
    "most": "most majority mostly",
    "some": "some several certain sometimes occasionally",
    "often": "often usually generally typically frequently normally",
}
_CLASSES = {form: name for name, forms in _FORMS.items() for form in forms.split()}
_PHRASES = (
    (re.compile(r"\b(have|has|had) to\b", re.IGNORECASE), "must"),
    (re.compile(r"\b(need|needs|needed) to\b", re.IGNORECASE), r"\1_to"),
    (re.compile(r"\bnot (?:only|just|merely)\b", re.IGNORECASE), " "),
    (re.compile(r"(?<=\d )May\b|\bMay(?= \d)|(?<=\b[Ii]n )May\b"), "month"),
    (re.compile(r"\b(\w+)['’]ll\b"), r"\1 will"),
)
_NOT_ADDED = ("not", "must", "should", "will", "only", "all", "most")
"""What a statement may not say unless what it cites says it. A hedge added ("may", "some") is no overstatement."""
_NOT_LOST = ("not", "must", "should", "need", "may", "will")
"""What a statement may not leave out of a word that it takes over."""
_NOT_LOST_IN_A_CLOSE_MATCH = (*_NOT_LOST, "only", "some", "often")
_CLOSE = 0.8
"""Dice coefficient of the content words from which a statement is a sentence retold, not a summary."""
_REACH = 4
_TOKEN_BREAK = re.compile(r"(?<!\d)[,;:.!?()–—](?!\d)")


@dataclass(frozen=True, slots=True)
class Strength:
    """What a text says of its content words: for each stem, the operators that bear on it each time it occurs."""

    operators: Counter[str] = field(default_factory=Counter)
    governed: dict[str, list[frozenset[str]]] = field(default_factory=dict)

    @property
    def stems(self) -> set[str]:
        return set(self.governed)


def strength_of(text: str) -> Strength:
    for pattern, instead in _PHRASES:
        text = pattern.sub(instead, text)
    strength = Strength()
    for clause in _TOKEN_BREAK.split(text):
        _read(clause, strength)
    return strength


def changed_strength(statement: str, cited: Sequence[str]) -> str | None:
    """Which operator the statement has added to, or lost from, the sentences that it cites; None where neither."""
    said, sources = strength_of(statement), [strength_of(text) for text in cited]
    added = [name for name in _NOT_ADDED if name in said.operators and not any(name in s.operators for s in sources)]
    if added:
        return f"it adds '{added[0]}'"
    lost = _lost_from_shared_words(said, sources) or _lost_from_a_close_match(said, sources)
    return f"it loses '{lost}'" if lost else None


def _read(clause: str, strength: Strength) -> None:
    """Operators bear on the next content word within reach, and on nothing beyond the clause."""
    bearing: dict[str, int] = {}
    for word in _words(clause):
        operator = "not" if is_negation(word) else _CLASSES.get(word)
        if operator:
            strength.operators[operator] += 1
            bearing[operator] = _REACH
        elif word not in STOP_WORDS and not word.endswith("ly"):
            strength.governed.setdefault(stem(word), []).append(frozenset(bearing))
            bearing = {}
        else:
            bearing = {name: left - 1 for name, left in bearing.items() if left > 1}


def _words(clause: str) -> list[str]:
    return [word for part in clause.split() for word in ([part] if part.endswith("_to") else words_of(part))]


def _lost_from_shared_words(said: Strength, sources: Sequence[Strength]) -> str | None:
    """An operator that bears on a word wherever it is cited, and that the statement with that word never uses."""
    for word in said.governed:
        cited = [operators for source in sources for operators in source.governed.get(word, ())]
        everywhere = frozenset.intersection(*cited) if cited else frozenset()
        lost = [name for name in _NOT_LOST if name in everywhere and name not in said.operators]
        if lost:
            return lost[0]
    return None


def _lost_from_a_close_match(said: Strength, sources: Sequence[Strength]) -> str | None:
    for source in sources:
        shared = len(said.stems & source.stems)
        if 2 * shared < _CLOSE * (len(said.stems) + len(source.stems)):
            continue
        if said.operators["not"] != source.operators["not"]:
            return "not"
        for name in _NOT_LOST_IN_A_CLOSE_MATCH:
            if name in source.operators and name not in said.operators:
                return name
    return None
