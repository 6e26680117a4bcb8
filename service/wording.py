"""Cards and citations in the words a reader sees: the same on the pages, in a briefing and at the command line."""

import calendar
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ingest.register import Register
from ingest.vocabulary import Card, Kind, PageUnit, Role, Status, is_past
from service.vocabulary import Citation, CitationSource, CitedOrganisation, Location, Point

COMPILED = "Compiled from public sources; not the force's own words."
PARTICIPANTS = "View of participants as a whole; no force is named."
RETOLD = "Retold in our own words."

RECOGNISED = "read by text recognition (OCR)"

_MARKINGS = ("TOP SECRET", "SECRET", "CONFIDENTIAL", "OFFICIAL SENSITIVE", "RESTRICTED", "PROTECT")
"""Highest first; what is not known ranks below these and above OFFICIAL."""
_LOW_MARKINGS = ("OFFICIAL", "NOT PROTECTIVELY MARKED", "UNCLASSIFIED")


@dataclass(frozen=True, slots=True)
class Described:
    """A citation in words: who says it, in what, where it stands, and whose view it is."""

    who: str
    title: str
    reports: str
    marks: tuple[str, ...]
    place: str
    speaking: str
    marking: str


def describe(citation: Citation, register: Register, today: date) -> Described:
    source = citation.source
    return Described(
        who=who(source.organisations),
        title=source.title,
        reports=reports(source),
        marks=tuple(marks(source.status, source.review_date, today)),
        place=place(citation.location),
        speaking=speaking(source.kind, source.event_date, source.organisations, register),
        marking=source.marking or "none on source",
    )


def who(organisations: Sequence[CitedOrganisation]) -> str:
    """Authors first; a body merely reported on is only what the document is about. Empty where none is named."""
    authors = [organisation.name for organisation in organisations if organisation.role is Role.AUTHOR]
    about = [organisation.name for organisation in organisations if organisation.role is not Role.AUTHOR]
    return ", ".join(filter(None, (listed(authors), f"about {listed(about)}" if about else "")))


def also_in(point: Point, cited: Mapping[int, Citation]) -> Iterator[tuple[str, list[list[Citation]]]]:
    """How a point tells where else its words stand, with the citations of each document."""
    places = (("Also in", point.also_in), ("In part also in", point.partly_also_in), ("Taken from", point.taken_from))
    for said, markers in places:
        documents: dict[str, list[Citation]] = {}
        for marker in markers:
            documents.setdefault(cited[marker].source.document_id, []).append(cited[marker])
        if documents:
            yield said, list(documents.values())


def titled(source: CitationSource, today: date) -> tuple[str, str]:
    """A document in a sentence: its title, and behind it whose it is and what must be known before relying on it."""
    named = who(source.organisations)
    standing = ", ".join(marks(source.status, source.review_date, today))
    return source.title, f"{f', {named}' if named else ''}{f' ({standing})' if standing else ''}"


def marks(status: Status, review_date: str | None, today: date) -> Iterator[str]:
    """What must be known before a document is relied on: that it is a draft, is not in force, or is long unreviewed."""
    if status is not Status.CURRENT:
        yield status.value
    if review_date and is_past(review_date, today):
        yield f"review was due {date_in_words(review_date)}"


def reports(source: CitationSource) -> str:
    """What the document is, with its dates."""
    parts = [_kind_and_event(source)]
    parts.append(f"published {date_in_words(source.published)}" if source.published else "")
    told = ", ".join(filter(None, parts))
    missing = _not_stated(source)
    return f"{told} ({missing})" if told and missing else told or missing


def _not_stated(source: CitationSource) -> str:
    missing = [] if source.organisations or source.kind.is_compiled else ["organisation"]
    missing += [] if source.published else ["publication date"]
    return f"{' and '.join(missing)} not stated" if missing else ""


def _kind_and_event(source: CitationSource) -> str:
    if source.event_date is None:
        return "" if source.kind is Kind.OTHER else kind_in_words(source.kind).lower()
    event = "seminar" if source.kind is Kind.SEMINAR_OUTPUT else "event"
    told = f"reporting the {event} of {date_in_words(source.event_date)}"
    return told if source.kind is Kind.SEMINAR_OUTPUT else f"{kind_in_words(source.kind).lower()} {told}"


def place(location: Location) -> str:
    """Where the quotation stands: section 'What form?', paragraph 2, page 3."""
    parts = [f"section '{location.heading_path[-1]}'" if location.heading_path else ""]
    parts.append(f"paragraph {location.paragraph}" if location.paragraph else "")
    if location.page_start:
        printed = location.printed_start, location.printed_end
        parts.append(pages(location.page_start, location.page_end or location.page_start, *printed, location.page_unit))
    parts.append(RECOGNISED if location.recognised else "")
    return ", ".join(filter(None, parts))


def pages(
    first: int, last: int, printed_first: str | None = None, printed_last: str | None = None, unit: PageUnit = "page"
) -> str:
    """Numbers of the file with those printed, where they differ: pages 12–13 (printed iv–v)."""
    if first == last:
        return f"{unit} {first}" + (f" (printed {printed_first})" if printed_first else "")
    printed = f"{printed_first or first}–{printed_last or last}"
    return f"{unit}s {first}–{last}" + (f" (printed {printed})" if printed_first or printed_last else "")


def speaking(kind: Kind, event_date: str | None, organisations: Sequence[CitedOrganisation], register: Register) -> str:
    """Whose words these are, where a reader could take them for somebody else's."""
    if kind is Kind.PROFILE:
        return COMPILED
    sentences = [RETOLD] if kind in (Kind.DIGEST, Kind.GLOSSARY) else []
    if kind in (Kind.SEMINAR_OUTPUT, Kind.DIGEST) and event_date and not _names_a_force(organisations, register):
        sentences.append(PARTICIPANTS)
    return " ".join(sentences)


def _names_a_force(organisations: Sequence[CitedOrganisation], register: Register) -> bool:
    known = (register.get(organisation.slug) for organisation in organisations)
    return any(organisation and organisation.kind == "force" for organisation in known)


def highest_marking(markings: Iterable[str | None]) -> str | None:
    """The most protective of the markings; None where no source bears one."""
    return next(iter(ranked_markings(markings)), None)


def ranked_markings(markings: Iterable[str | None]) -> list[str]:
    """Each marking once, the most protective first."""
    return sorted({marking for marking in markings if marking}, key=lambda marking: (_rank(marking), marking))


def _rank(marking: str) -> int:
    words = re.sub(r"[\W_]+", " ", marking).strip().upper()
    for rank, known in enumerate(_MARKINGS):
        if words.startswith(known):
            return rank
    for rank, known in enumerate(_LOW_MARKINGS, start=len(_MARKINGS) + 1):
        if words.startswith(known):
            return rank
    return len(_MARKINGS)


def date_in_words(partial: str) -> str:
    """2016-01-07 → 7 January 2016; 2016-01 → January 2016; 2016 stays."""
    year, month, day = (*partial.split("-"), "", "")[:3]
    return " ".join(filter(None, (day.lstrip("0"), calendar.month_name[int(month)] if month else "", year)))


def dates(card: Card) -> str:
    """The dates that say how old the document is, as many as it bears."""
    parts = [f"Published {date_in_words(card.published)}" if card.published else ""]
    parts.append(f"Event {date_in_words(card.event_date)}" if card.event_date else "")
    parts.append(f"Covers {period(card)}" if period(card) else "")
    return "; ".join(filter(None, parts))


def period(card: Card) -> str:
    ends = [date_in_words(end) for end in (card.covers_from, card.covers_to) if end]
    return " to ".join(ends)


def kind_in_words(kind: Kind) -> str:
    return kind.value.replace("-", " ").capitalize()


def capital(words: str) -> str:
    """With a capital letter at the start, the rest as it is."""
    return words[:1].upper() + words[1:]


def listed(words: Sequence[str]) -> str:
    """One, two and three."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def counted(things: int | Collection[object], singular: str) -> str:
    """1 document, 2 documents."""
    number = things if isinstance(things, int) else len(things)
    return f"{number:,} {singular if number == 1 else singular + 's'}"
