"""Further forms of a question's terms, for finding only: those that the index holds, where its own form hardly occurs.

Adding every synonym to every question made ordinary questions worse; this lifts the ones worded unlike the sources.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ingest.glossary import Glossary
from service.words import STOP_WORDS, stems

RARE = 4
"""A form that at most this many passages hold is as good as missing."""
MOST = 12
_CONNECTIVES = frozenset(("a", "against", "and", "by", "for", "from", "in", "of", "on", "the", "to", "with"))


@dataclass(frozen=True, slots=True)
class Synonyms:
    """A form of a term that a text uses, and the other forms of it, all in stems."""

    own: frozenset[str]
    others: tuple[frozenset[str], ...]


def synonyms(text: str, glossary: Glossary) -> tuple[Synonyms, ...]:
    """The text's terms of the field with what else they are called."""
    return tuple(
        Synonyms(
            frozenset(stems(written)),
            tuple(
                frozenset(stems(form))
                for form in family.all_forms
                if form.casefold() != written.casefold() and _is_told_by_stems(form)
            ),
        )
        for family, written in glossary.families_in(text)
    )


def _is_told_by_stems(form: str) -> bool:
    """Whether enough of it is left without stop words: "well-being" would be met in every "as well as"."""
    words = re.findall(r"[^\W_]+", form.casefold())
    left = [word for word in words if word not in STOP_WORDS]
    return left == words or (len(left) > 1 and _CONNECTIVES.issuperset(set(words) - set(left)))


def with_synonyms(found: frozenset[str], terms: Iterable[Synonyms]) -> frozenset[str]:
    """The stems found, and those of the text's own forms where another form of the term was found whole."""
    meant = [term.own for term in terms for other in term.others if other and other <= found]
    return found.union(*meant) if meant else found


def expansions(text: str, glossary: Glossary, frequency: Callable[[str], int]) -> tuple[str, ...]:
    """Forms to search for beside the text's own, each found in at least one passage."""
    found: dict[str, None] = {}
    for family, written in glossary.families_in(text):
        if frequency(written) > RARE:
            continue
        for form in family.all_forms:
            if form.casefold() != written.casefold() and frequency(form) > 0:
                found.setdefault(form)
    return tuple(found)[:MOST]
