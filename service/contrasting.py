"""Two versions that a reader may read, side by side, down to the words that differ."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Annotated, NamedTuple

from pydantic import Field

from ingest.catalogue import Catalogue
from ingest.editions import SentenceChange, TextChanges, text_changes, version_before
from ingest.vocabulary import Slug
from service.excerpting import permitted_version
from service.vocabulary import Asker, Model

Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


class Sides(Model):
    """Which version is set beside which; by default the latest beside the one before it."""

    version: Number | None = None
    since: Number | None = None
    """The version that it is compared with."""
    against: Slug | None = None
    """The document that it is compared with, if not with itself."""


def permitted_changes(catalogue: Catalogue, reader: Asker | None, document_id: str, sides: Sides) -> TextChanges:
    """Raises UnknownDocument where there is no such version, or none that the reader may read."""
    new = permitted_version(catalogue, reader, document_id, sides.version)
    number = sides.since if sides.since or sides.against else version_before(catalogue, new)
    old = permitted_version(catalogue, reader, sides.against or document_id, number)
    return text_changes(old, new)


class Stretch(NamedTuple):
    """Words of a sentence that stand in its counterpart too, or do not."""

    text: str
    differs: bool


def side_by_side(change: SentenceChange) -> tuple[tuple[Stretch, ...] | None, tuple[Stretch, ...] | None]:
    """A sentence as it was and as it is, None where there was or is none; one without a counterpart differs nowhere."""
    if change.old is None or change.new is None:
        return _whole(change.old), _whole(change.new)
    before, now = (re.findall(r"\w+|\W+", text) for text in (change.old, change.new))
    steps = SequenceMatcher(None, before, now, autojunk=False).get_opcodes()
    return (
        tuple(_stretches(before, ((step[1], step[2], step[0] != "equal") for step in steps))),
        tuple(_stretches(now, ((step[3], step[4], step[0] != "equal") for step in steps))),
    )


def _whole(text: str | None) -> tuple[Stretch, ...] | None:
    return None if text is None else (Stretch(text, False),)


def _stretches(words: list[str], steps: Iterator[tuple[int, int, bool]]) -> Iterator[Stretch]:
    for start, end, differs in steps:
        if start < end:
            yield Stretch("".join(words[start:end]), differs)
