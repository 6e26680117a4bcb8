"""A file as read → what it says of itself, for its card. Nothing is inferred: what its words do not say is left out."""

from collections.abc import Iterator
from itertools import chain

from ingest.proposing.events import events, is_of_an_event
from ingest.proposing.kinds import kind_called
from ingest.proposing.labelled import told_behind_labels
from ingest.proposing.lines import Lines
from ingest.proposing.marking import is_restricted, is_secret, markings
from ingest.proposing.masking import masked, masking_told
from ingest.proposing.naming import Naming
from ingest.proposing.periods import periods
from ingest.proposing.personal import personal
from ingest.proposing.proposal import Conflict, PersonalDatum, Proposal, Proposed
from ingest.proposing.settling import settled
from ingest.proposing.standing import told_by_file_name, told_by_itself, told_by_title
from ingest.proposing.titling import title
from ingest.register import Register
from ingest.tidying import tidy
from ingest.vocabulary import CanonicalText, Reading

__all__ = [
    "Conflict",
    "PersonalDatum",
    "Proposal",
    "Proposed",
    "is_restricted",
    "is_secret",
    "marked",
    "masked",
    "masking_told",
    "propose",
]


def propose(reading: Reading, file_name: str, register: Register) -> Proposal:
    """The card's fields with the very words for each, what conflicts, and what must be looked at first."""
    canonical = tidy(reading)
    lines = Lines.of(reading, canonical)
    found = markings(lines)
    fields, conflicts = settled([*_told(lines, reading, register), *found], told_by_file_name(file_name))
    highest = str(found[0].value) if found else None
    return Proposal(
        fields=fields,
        conflicts=conflicts,
        personal=tuple(personal(canonical)),
        marking=highest,
        secret=is_secret(highest),
        restricted=is_restricted(highest),
    )


def marked(reading: Reading, canonical: CanonicalText | None = None) -> str | None:
    """The highest protective marking that a text bears, in its own words. canonical: where that is known already."""
    return next((str(found.value) for found in markings(Lines.of(reading, canonical or tidy(reading)))), None)


def _told(lines: Lines, reading: Reading, register: Register) -> Iterator[Proposed]:
    titled, named = _headed(lines, reading, register)
    if titled is not None:
        yield titled
        yield from told_by_title(titled)
        if kind := kind_called(str(titled.value)):
            yield titled.model_copy(update={"field": "kind", "value": str(kind[0]), "quote": kind[1]})
    yield from named
    yield from told_by_itself(lines)
    yield from events(titled, lines)
    yield from chain.from_iterable(periods(lines, titled))
    yield from told_behind_labels(lines)


def _headed(lines: Lines, reading: Reading, register: Register) -> tuple[Proposed | None, list[Proposed]]:
    """Title and organisations."""
    naming = Naming(lines, register, reading.title)
    titled = title(lines, [line.text for line, _, _ in naming.standing_alone()], reading.title)
    return titled, list(naming.proposed(titled, is_of_an_event(titled)))
