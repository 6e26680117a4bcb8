"""The library page: the documents that are meant, a line each, with what is to be watched about them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from pydantic import ValidationError

from ingest.catalogue import HeldDocument, State
from ingest.register import Register
from ingest.selecting import UNMARKED, Selection, select
from ingest.vocabulary import Card, Grade, Kind
from service import spreadsheet
from service.listing import named
from service.vocabulary import NamedOrganisation
from service.wording import capital, counted, dates, kind_in_words, marks, who

ROWS = 100
"""On one page."""
REMOVED = "removed"
"""In the place of a status: what was withdrawn from this library, for whoever keeps it."""
FIELDS = ("words", "organisation", "kind", "status", "date_from", "date_to", "marking", "reading", "sort")
_COLUMNS = (
    *("id", "title", "organisations", "kind", "edition", "event_date", "published", "covers_from", "covers_to"),
    *("review_date", "status", "superseded_by", "marking", "licence", "url", "retrieved_on", "owner_post", "language"),
    *("audience", "reading", "pages", "passages", "version", "file_name", "added", "to_watch"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A document in the list."""

    id: str
    title: str
    who: str
    kind: str
    dates: str
    status: str
    marking: str
    reading: str
    added: str
    to_watch: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from among the documents held."""

    organisations: tuple[NamedOrganisation, ...]
    kinds: tuple[Kind, ...]
    markings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters as they stand in the address, and as they were understood."""

    given: Mapping[str, str]
    """What was written, without what is empty."""
    selection: Selection
    faults: Mapping[str, str]
    """By field, what to write instead; the selection leaves these out."""

    @property
    def is_of_removed(self) -> bool:
        return self.given.get("status") == REMOVED

    @property
    def is_narrow(self) -> bool:
        """Whether anything but words and order is asked for."""
        return bool(self.given.keys() - {"words", "sort"})

    def address(self, path: str = "/library", **changed: object) -> str:
        """That shows the same, but for what is changed."""
        query = urlencode({**self.given, **changed})
        return f"{path}?{query}" if query else path


def understood(written: Mapping[str, str]) -> Asked:
    """Never refuses: a filter that is none is told and left out."""
    given = {name: written[name].strip() for name in FIELDS if written.get(name, "").strip()}
    fields = {name: value for name, value in given.items() if (name, value) != ("status", REMOVED)}
    try:
        return Asked(given, Selection.model_validate(fields), {})
    except ValidationError as error:
        faults = {str(one["loc"][0]): one["msg"].removeprefix("Value error, ") for one in error.errors()}
        right = {name: value for name, value in fields.items() if name not in faults}
        shown = {
            name: f"{capital(said)}." if name.startswith("date") else "Choose from the list."
            for name, said in faults.items()
        }
        return Asked(given, Selection.model_validate(right), shown)


def shown(documents: Iterable[HeldDocument], asked: Asked) -> list[HeldDocument]:
    return select(documents, asked.selection)


def line(document: HeldDocument, register: Register, today: date) -> Line:
    card, quality = document.card, document.quality
    return Line(
        id=document.id,
        title=card.title,
        who=capital(who(named(card, register))) or "None named",
        kind=kind_in_words(card.kind),
        dates=dates(card) or "Not stated",
        status="Withdrawn" if document.state is State.WITHDRAWN else card.status.value.capitalize(),
        marking=card.marking or "None",
        reading=capital(quality.grade.value) if quality else "Not counted",
        added=f"{document.added_at:%-d %b %Y}",
        to_watch=tuple(to_watch(document, today)),
    )


def to_watch(document: HeldDocument, today: date) -> Iterator[str]:
    yield from map(capital, marks(document.card.status, document.card.review_date, today))
    if document.quality and document.quality.grade is Grade.POOR:
        yield "Poor reading"


def choices(documents: Sequence[HeldDocument], register: Register) -> Choices:
    slugs = {organisation.slug for document in documents for organisation in document.card.organisations}
    bodies = (NamedOrganisation(slug=slug, name=register.name(slug)) for slug in slugs)
    return Choices(
        organisations=tuple(sorted(bodies, key=lambda organisation: organisation.name)),
        kinds=tuple(sorted({document.card.kind for document in documents})),
        markings=tuple(sorted({document.card.marking or UNMARKED for document in documents})),
    )


def summary(found: Sequence[HeldDocument], held: int, asked: Asked, today: date) -> str:
    """How many there are, and how many of these are to be watched."""
    what = "withdrawn document" if asked.is_of_removed else "document"
    number = counted(held, what) if len(found) == held else f"{len(found):,} of {counted(held, what)}"
    watched = [mark.partition(" was due")[0] for document in found for mark in to_watch(document, today)]
    words = (("Draft", "draft"), ("Review", "past its review date"), ("Poor reading", "read poorly"))
    told = [f"{watched.count(mark):,} {said}" for mark, said in words if mark in watched]
    return f"{number}{': ' if told else ''}{', '.join(told)}"


def as_csv(documents: Iterable[HeldDocument], register: Register, today: date) -> str:
    """One line a document, all of its card."""
    values = (_values(document, register, today) for document in documents)
    return spreadsheet.as_file([_COLUMNS, *([value[name] for name in _COLUMNS] for value in values)])


def _values(document: HeldDocument, register: Register, today: date) -> dict[str, object]:
    card: Card = document.card
    named_there = "; ".join(f"{o.name} ({o.role.value.replace('_', ' ')})" for o in named(card, register))
    return {
        **card.model_dump(mode="json"),
        "organisations": named_there,
        "audience": "; ".join(card.audience),
        "status": REMOVED if document.state is State.WITHDRAWN else card.status.value,
        "reading": document.quality.grade.value if document.quality else "",
        "pages": document.pages,
        "passages": document.passages,
        "version": document.number,
        "file_name": document.file_name,
        "added": document.added_at.date().isoformat(),
        "to_watch": "; ".join(to_watch(document, today)),
    }
