"""What changed from one version of a text to another, heading by heading, in sentences.

Words are compared without punctuation, so that two conversions of one text do not differ. What only moved is no change.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ingest.catalogue import HeldVersion
from ingest.editions.titles import lasting
from ingest.sentences import sentence_spans
from ingest.vocabulary import BlockKind, CanonicalText

State = Literal["unchanged", "changed", "new", "gone"]

_RENAMED = 0.5
"""Share of sentences in common from which on a section goes on under another heading."""
_REWORDED = 0.5
"""Likeness of two sentences from which on one is the other reworded."""
_MOST_PAIRS = 2_500


class SentenceChange(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    old: str | None
    """None of a sentence that is new."""
    new: str | None
    """None of a sentence that is gone."""


class HeadingChange(BaseModel):
    """A section, which is what stands directly under one heading."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    heading: tuple[str, ...]
    """With those above it; empty for what stands above the first. Of what is gone, as it was."""
    was: tuple[str, ...] | None = None
    """Of a section under another heading than before: that heading."""
    state: State
    sentences_before: int
    sentences_now: int
    changes: tuple[SentenceChange, ...] = ()


@dataclass(frozen=True, slots=True)
class _Section:
    heading: tuple[str, ...]
    sentences: tuple[str, ...]
    keys: tuple[str, ...]
    """Of the sentences: their words alone."""


_NOTHING = _Section((), (), ())


def changes_by_heading(old: HeldVersion, new: HeldVersion | CanonicalText) -> tuple[HeadingChange, ...]:
    """In the order of the new text; what is gone comes last."""
    before, now = _sections(old), _sections(new)
    pairs = _paired(before, now)
    moved = _moved(before, now)
    return tuple(_change(one, other, moved) for one, other in pairs)


def _sections(text: HeldVersion | CanonicalText) -> list[_Section]:
    found: dict[tuple[str, ...], list[str]] = {}
    for block in text.blocks:
        sentences = found.setdefault(block.heading_path, [])
        if block.kind is BlockKind.PARAGRAPH:
            sentences += [text.text[start:end] for start, end in sentence_spans(text.text, block.start, block.end)]
        elif block.kind is not BlockKind.HEADING:
            sentences.append(text.text[block.start : block.end])
    return [_Section(heading, tuple(sentences), tuple(map(_key, sentences))) for heading, sentences in found.items()]


def _paired(before: Sequence[_Section], now: Sequence[_Section]) -> list[tuple[_Section | None, _Section | None]]:
    """By the headings on the way, then by the heading alone, then by what stands under it."""
    left, partners = list(before), dict[int, _Section]()
    for same in (_same_path, _same_heading, _same_words):
        for number, section in enumerate(now):
            if number in partners:
                continue
            if (partner := next((one for one in left if same(one, section)), None)) is not None:
                partners[number] = partner
                left.remove(partner)
    pairs: list[tuple[_Section | None, _Section | None]] = [
        (partners.get(number), section) for number, section in enumerate(now)
    ]
    return [*pairs, *((section, None) for section in left)]


def _same_path(one: _Section, other: _Section) -> bool:
    return [*map(lasting, one.heading)] == [*map(lasting, other.heading)]


def _same_heading(one: _Section, other: _Section) -> bool:
    return bool(one.heading and other.heading) and lasting(one.heading[-1]) == lasting(other.heading[-1])


def _same_words(one: _Section, other: _Section) -> bool:
    mine, theirs = Counter(one.keys), Counter(other.keys)
    return (mine & theirs).total() >= max(1, _RENAMED * max(mine.total(), theirs.total()))


def _moved(before: Sequence[_Section], now: Sequence[_Section]) -> frozenset[str]:
    """Sentences of both texts: where one stands is no change."""
    return frozenset(key for one in before for key in one.keys) & frozenset(key for one in now for key in one.keys)


def _change(old: _Section | None, new: _Section | None, moved: frozenset[str]) -> HeadingChange:
    changes = tuple(_changes(old, new, moved))
    shown = new or old
    assert shown is not None
    state: State = "new" if old is None else "gone" if new is None else "changed" if changes else "unchanged"
    renamed = old is not None and new is not None and not _same_path(old, new)
    return HeadingChange(
        heading=shown.heading,
        was=old.heading if old and renamed else None,
        state=state,
        sentences_before=len(old.sentences) if old else 0,
        sentences_now=len(new.sentences) if new else 0,
        changes=changes,
    )


def _changes(old: _Section | None, new: _Section | None, moved: frozenset[str]) -> Iterator[SentenceChange]:
    old, new = old or _NOTHING, new or _NOTHING
    for what, start, end, first, last in SequenceMatcher(None, old.keys, new.keys).get_opcodes():
        if what != "equal":
            gone = [old.sentences[at] for at in range(start, end) if old.keys[at] not in moved]
            come = [new.sentences[at] for at in range(first, last) if new.keys[at] not in moved]
            yield from _reworded(gone, come)


def _reworded(gone: Sequence[str], come: Sequence[str]) -> Iterator[SentenceChange]:
    """Each sentence that is gone beside the one that says it now, in order."""
    if len(gone) * len(come) > _MOST_PAIRS:
        yield from (SentenceChange(old=old, new=new) for old, new in zip_longest(gone, come))
        return
    left = list(gone)
    for sentence in come:
        partner = max(left, key=lambda one: _nearness(one, sentence), default=None)
        if partner is not None and _nearness(partner, sentence) >= _REWORDED:
            left.remove(partner)
            yield SentenceChange(old=partner, new=sentence)
        else:
            yield SentenceChange(old=None, new=sentence)
    yield from (SentenceChange(old=sentence, new=None) for sentence in left)


def _nearness(one: str, other: str) -> float:
    return SequenceMatcher(None, _key(one).split(), _key(other).split(), autojunk=False).ratio()


def _key(sentence: str) -> str:
    return " ".join(re.findall(r"[\w£$€%]+", sentence.casefold()))
