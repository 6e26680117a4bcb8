"""The nouns of a question and its answer: the words of the code, the JSON, the pages and the docs."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from ingest.vocabulary import (
    EVERYONE,
    Kind,
    PageUnit,
    PartialDate,
    Role,
    SentenceKind,
    Slug,
    Span,
    Status,
)

MAX_QUESTION_CHARACTERS = 2_000
MAX_TURNS = 20
NOT_KEPT = "[not kept]"
"""In the place of a question whose words are not recorded."""

VersionState = Literal["live", "superseded", "withdrawn"]


def without_nul(text: str) -> str:
    """PostgreSQL keeps no NUL, and no question needs one."""
    if "\x00" in text:
        raise ValueError("holds a NUL character")
    return text


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Outcome(StrEnum):
    ANSWERED = "answered"
    PARTLY_ANSWERED = "partly_answered"
    NOTHING_RELEVANT = "nothing_relevant"
    OUT_OF_SCOPE = "out_of_scope"
    NOT_SUPPORTED = "not_supported"
    """Evidence was found, but no statement survived the check of its citations."""
    FAILED = "failed"


class Turn(Model):
    """One earlier turn of the conversation."""

    role: Literal["user", "assistant"]
    content: Annotated[str, StringConstraints(max_length=20_000), AfterValidator(without_nul)]


class Question(Model):
    """What was asked, the history it leans on and the filters."""

    question: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION_CHARACTERS),
        AfterValidator(without_nul),
    ]
    history: Annotated[tuple[Turn, ...], Field(max_length=MAX_TURNS)] = ()
    organisations: Annotated[tuple[Slug, ...], Field(max_length=200)] = ()
    kinds: Annotated[tuple[Kind, ...], Field(max_length=len(Kind))] = ()
    date_from: PartialDate | None = None
    date_to: PartialDate | None = None
    documents: Annotated[tuple[Slug, ...], Field(max_length=200)] = ()
    """Answered from these alone."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, as the service knows it; never taken from the request's body."""

    audiences: frozenset[str] = frozenset({EVERYONE})


class NamedOrganisation(Model):
    slug: Slug
    name: str


class CitedOrganisation(NamedOrganisation):
    role: Role


class CitationSource(Model):
    """The document behind a citation, as its card stood when the answer was made."""

    document_id: Slug
    version: int
    title: str
    organisations: tuple[CitedOrganisation, ...]
    role: Role | None
    """Of the organisations, authors first; null where the document names none."""
    kind: Kind
    published: PartialDate | None
    event_date: PartialDate | None
    review_date: PartialDate | None = None
    review_overdue: bool = False
    """Whether that date had passed when the answer was made."""
    marking: str | None
    status: Status
    licence: str | None = None
    url: str | None


class Location(Model):
    """Where in the version the quotation stands. Characters are Unicode code points, zero-based, end-exclusive."""

    heading_path: tuple[str, ...]
    paragraph: int | None
    page_start: int | None
    page_end: int | None
    page_unit: PageUnit = "page"
    """What the numbers count: the slides of a presentation, the pages of anything else."""
    char_start: int
    char_end: int
    printed_start: str | None = None
    """What is printed on the first page for its number, where that differs from the file's."""
    printed_end: str | None = None
    recognised: bool = False
    """Whether words on these pages were read from a picture (OCR): a letter here and there may be wrong."""


class Citation(Model):
    """A frozen, checkable pointer: it carries its quotation and digest, so it outlives re-indexing."""

    marker: int
    cited_text: str
    """Exactly the version's canonical text at the location."""
    digest: str
    """sha256 of cited_text in UTF-8."""
    source: CitationSource
    location: Location
    link: str
    """Relative address of the page that shows the quotation highlighted in its context."""
    verified: bool


class Point(Model):
    """One statement of an answer with the markers of its citations."""

    text: str
    citations: tuple[int, ...]
    heading: str | None = None
    """Organisation or document that this point is grouped under."""
    also_in: tuple[int, ...] = ()
    """Markers of citations that say nearly the same words in other documents; this point cites their origin."""
    partly_also_in: tuple[int, ...] = ()
    """The same of a part of this point."""
    taken_from: tuple[int, ...] = ()
    """In a comparison: markers of citations of the document that these words name as their source."""


class DocumentReference(Model):
    document_id: Slug
    title: str
    date: PartialDate | None


class Coverage(Model):
    """What was searched and what that says: silence is information."""

    documents_searched: int
    organisations_searched: int
    found: tuple[NamedOrganisation, ...] = ()
    unshown: tuple[NamedOrganisation, ...] = ()
    """Found too and not quoted: for want of room, or since another document's words are quoted for theirs."""
    silent: tuple[NamedOrganisation, ...] = ()
    """Asked about, held, and nothing in what is held answers."""
    not_held: tuple[NamedOrganisation, ...] = ()
    """Asked about, and no document of or about them is held."""
    newest: PartialDate | None = None
    outdated: tuple[DocumentReference, ...] = ()
    """Cited, and not in force, past the time that it covers or past its review."""
    nearest: tuple[DocumentReference, ...] = ()
    """Of an unanswered question: the documents that come closest."""
    sentence: str
    """The same in words."""


class Method(Model):
    """How the answer was made."""

    composer: Literal["extractive", "generative"]
    model: str | None = None
    embedder: str
    reranker: str | None = None
    """The model that ordered the passages; null where none did."""
    index_version: str
    citations_dropped: int = 0
    """Statements or citations that failed their check and were left out."""
    note: str | None = None
    """What the reader should know, such as that the model failed and the answer is extractive."""


class Answer(Model):
    reference: str
    asked_at: datetime
    question: str
    outcome: Outcome
    message: str | None = None
    """Plain sentence for what was not answered, and what to do about it."""
    points: tuple[Point, ...] = ()
    citations: tuple[Citation, ...] = ()
    coverage: Coverage
    method: Method


@dataclass(frozen=True, slots=True)
class EvidenceSentence:
    """A sentence offered for a question. Retrieved is not cited."""

    span: Span
    text: str
    score: float
    cosine: float
    """Of the sentence with the question."""
    kind: SentenceKind
    lead_in: Span | None
    paragraph: int | None
    page: int | None
    retells: tuple[int, Span] | None = None
    """Version and span of what it says in other words, which is quoted for it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage with its sentences and scores for one question."""

    passage_id: int
    document_id: str
    version: int
    version_id: int
    heading_path: tuple[str, ...]
    page_start: int | None
    page_end: int | None
    span: Span
    score: float
    cosine: float
    bm25: float
    covered: float = 0.0
    """Share of the question's content words, by rarity, that it holds under its headings; 0 to 1."""
    sentences: tuple[EvidenceSentence, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Quotation:
    """Canonical text chosen as evidence for a statement: what citing turns into a citation, or drops."""

    version_id: int
    span: Span
    text: str
    heading_path: tuple[str, ...]
    paragraph: int | None
    page_start: int | None
    page_end: int | None


Relation = Literal["whole", "part", "source"]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where else the words of a statement stand: the whole of it or a part, or where it says that it has them from."""

    quotations: tuple[Quotation, ...]
    relation: Relation


@dataclass(frozen=True, slots=True)
class Statement:
    """A composer's proposal: text, and the quotations that carry it. It leaves only with a verified citation."""

    text: str
    quotations: tuple[Quotation, ...]
    heading: str | None = None
    elsewhere: tuple[Elsewhere, ...] = ()


class Briefing(Model):
    """An answer laid out for pasting into a paper."""

    html: str
    text: str


class AnsweredBy(Model):
    """Since when a gap is answered, and by which document."""

    document_id: Slug
    version: int
    title: str
    since: datetime
    """When that version was added, or, where it was held already, when the question was answered."""


class Wording(Model):
    """One way in which a gap was asked."""

    question: str
    times: int
    last_asked: datetime


GapState = Literal["open", "answered", "out_of_scope"]


class Gap(Model):
    """A question that the library could not answer, or not whole, merged with others that ask the same."""

    id: str
    question: str
    """As it was worded the last time."""
    outcome: Outcome
    """Of the last time it was asked."""
    first_asked: datetime
    last_asked: datetime
    times: int
    organisations: tuple[NamedOrganisation, ...] = ()
    """Asked about, and silent or not held the last time."""
    state: GapState = "open"
    """Out of scope: nothing that could be added would answer it."""
    answered_by: AnsweredBy | None = None
    wordings: tuple[Wording, ...] = ()
    """The latest first."""
    asked: Question | None = None
    """With its filters and what it leaned on, so that it can be asked again; null of what was not kept."""
