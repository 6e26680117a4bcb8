"""Documents as the API tells of them: what is held, how it came in, a stretch of its text."""

from datetime import datetime

from ingest.comparing import PassageChanges
from ingest.vocabulary import Card, PageUnit, PartialDate, Quality, Slug, Status
from service.vocabulary import (
    Citation,
    CitedOrganisation,
    DocumentReference,
    Model,
    NamedOrganisation,
    Outcome,
    Point,
    VersionState,
)


class Document(Model):
    """A document that answers may be made from, with its card."""

    document_id: Slug
    version: int
    title: str
    organisations: tuple[CitedOrganisation, ...]
    newest: PartialDate | None
    """The date a reader would call it by."""
    status: Status
    card: Card
    card_digest: str
    """Changes with the card: send it as If-Match with a corrected card, to be told if somebody else was quicker."""
    file_name: str
    format: str
    pages: int | None
    passages: int
    added_at: datetime
    quality: Quality | None = None
    """How well it was read; null where it was added before that was counted."""


class DocumentVersion(Model):
    """One version of a document, without its text."""

    version: int
    state: VersionState
    added_at: datetime
    title: str
    file_name: str
    format: str
    size: int
    """Bytes of the original."""
    sha256: str
    """Of the original."""
    pages: int | None
    passages: int
    changes: PassageChanges | None
    """Against the version before it; null of the first."""


class CitingAnswer(Model):
    """A kept answer that cites a document."""

    reference: str
    asked_at: datetime
    question: str
    versions: tuple[int, ...]
    """Of the document, that it cites."""


class Removed(Model):
    """A document that was taken out of answers."""

    document: Slug
    message: str
    """What was done, in words."""


class Excerpt(Model):
    """A stretch of a version's canonical text in its context. Characters are Unicode code points."""

    document_id: Slug
    version: int
    state: VersionState
    """Of the version; only a live one answers questions, but what was cited from it can always be read."""
    title: str
    before: str
    cited: str
    after: str
    char_start: int
    char_end: int
    heading_path: tuple[str, ...]
    paragraph: int | None
    page: int | None
    page_unit: PageUnit = "page"
    printed_page: str | None = None
    """What is printed on the page for its number, where that differs from the file's."""
    recognised: bool = False
    """Whether the page's words were read from a picture (OCR)."""


class Holding(NamedOrganisation):
    """An organisation of the register and what is held of or about it."""

    kind: str
    region: str
    documents: tuple[DocumentReference, ...] = ()
    newest: PartialDate | None = None


class Evidenced(Model):
    """A field of a card, and the words that its value was taken from."""

    field: str
    value: str
    quote: str | None = None
    """None where a person, or the file's own card, says so."""
    page: int | None = None
    source: str | None = None


class Tried(Model):
    """A question answered from one document alone, to see what was made of it."""

    question: str
    outcome: Outcome
    message: str | None = None
    points: tuple[Point, ...] = ()
    citations: tuple[Citation, ...] = ()


class Receipt(Model):
    """What a submission came to."""

    submission: int
    document: Slug
    version: int
    title: str
    file_name: str
    sha256: str
    pages: int | None
    page_unit: PageUnit = "page"
    pages_read: int | None
    """With text; the others are blank, pictures or were not read."""
    characters: int
    """Of its text as it is held."""
    characters_read: int
    """Of all that the reader took from the file, white space included."""
    headings: int
    passages: int
    tables: int
    left_out: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    card: tuple[Evidenced, ...]
    alike: tuple[DocumentReference, ...] = ()
    """Held documents that it may be an edition or a copy of, as they were told before it was added."""
    supersedes: int | None = None
    """The version that it took the place of."""
    questions: tuple[Tried, ...] = ()
    note: str | None = None
    """Why there are no questions, where they could not be asked."""
