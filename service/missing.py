"""The nouns of what is missing: what each body says on the field's questions, gaps, and requests for documents."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, StringConstraints

from ingest.vocabulary import Slug
from service.vocabulary import Citation, Model, NamedOrganisation, without_nul

MAX_LETTER_CHARACTERS = 10_000
MAX_NOTE_CHARACTERS = 2_000

Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(without_nul)
]
"""A line of text, such as what is asked for."""
BodyKind = Literal["force", "opcc", "held"]


class FieldQuestion(Model):
    """One of the questions that the field asks of every body."""

    id: Slug
    heading: Line
    question: Line


class CellState(StrEnum):
    NOT_HELD = "not_held"
    """No document of or about the body is held."""
    SILENT = "silent"
    """Documents are held, and none of them answers."""
    NEAR = "near"
    """Passages come near; the ordinary answer shows them and says that they do not plainly answer."""
    ANSWERED = "answered"


class Count(Model):
    documents: int = 0
    passages: int = 0


class CoverageCell(Model):
    """What is held of one body on one question."""

    question: Slug
    state: CellState
    own: Count = Count()
    """In documents that the body wrote."""
    reported: Count = Count()
    """About it, in what somebody else wrote."""
    words: str
    """The same in words."""
    evidence: str
    """Address of the page that lists the sentences."""


class CoverageRow(NamedOrganisation):
    kind: str
    region: str
    documents: int
    """Held of or about it."""
    cells: tuple[CoverageCell, ...]
    """In the order of the questions."""


class FieldCoverage(Model):
    """Organisations by the questions that the field asks."""

    index_version: str
    questions: tuple[FieldQuestion, ...]
    rows: tuple[CoverageRow, ...]


class Finding(Model):
    """A sentence that counts for a cell, with where it stands."""

    text: str
    own: bool
    """Whether the body wrote the document."""
    citations: tuple[Citation, ...]


class CellEvidence(Model):
    """A cell with what it counts, the best first."""

    organisation: NamedOrganisation
    question: FieldQuestion
    cell: CoverageCell
    findings: tuple[Finding, ...]


class RequestState(StrEnum):
    DRAFTED = "drafted"
    SENT = "sent"
    RECEIVED = "received"
    CLOSED = "closed"
    DECLINED = "declined"


Letter = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_LETTER_CHARACTERS),
    AfterValidator(without_nul),
]
Note = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=MAX_NOTE_CHARACTERS), AfterValidator(without_nul)
]


class NewRequest(Model):
    """A document to be asked for. What is left out is drafted."""

    organisation: Slug
    gap: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")] | None = None
    """Id of the gap that it is to fill, if it is one."""
    wanted: Line | None = None
    """Such as "engagement plan covering young people"."""
    letter: Letter | None = None
    note: Note = ""


class RequestChange(Model):
    """What is to be changed of a request; what is left out stays."""

    wanted: Line | None = None
    letter: Letter | None = None
    note: Note | None = None
    state: RequestState | None = None
    sent_on: date | None = None
    """Of a request that is or was sent; today where none is given."""


class DocumentRequest(Model):
    """A document asked of a body."""

    id: int
    gap: str | None
    organisation: NamedOrganisation
    wanted: str
    letter: str
    state: RequestState
    sent_on: date | None
    note: str
    created_at: datetime
    changed_at: datetime


class Draft(Model):
    """What a request would say, before anybody has read it over."""

    organisation: NamedOrganisation | None
    wanted: str
    letter: str
