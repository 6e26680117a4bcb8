"""The nouns of the library. Imports nothing of ours and is what everybody imports.

Spans are pairs of Unicode code point offsets, zero-based, end-exclusive, into a version's canonical text.
"""

import calendar
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

import numpy as np
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

EVERYONE = "everyone"

Span = tuple[int, int]
SentenceKind = Literal["sentence", "item", "row"]
PageUnit = Literal["page", "slide"]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=100)]


def _partial_date(value: str) -> str:
    """A year, a month or a day, as much as is known: 2016, 2016-01 or 2016-01-07."""
    match = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", value, re.ASCII)
    if not match:
        raise ValueError(f"'{value}' is not a date; write 2016, 2016-01 or 2016-01-07")
    year, month, day = (int(part) if part else None for part in match.groups())
    if year == 0 or (month is not None and not 1 <= month <= 12):
        raise ValueError(f"'{value}' is not in the calendar")
    if day is not None and not 1 <= day <= calendar.monthrange(year or 1, month or 1)[1]:
        raise ValueError(f"'{value}' is not in the calendar")
    return value


PartialDate = Annotated[str, AfterValidator(_partial_date)]


def is_past(partial: PartialDate | None, today: date) -> bool:
    """Whether all of a year, month or day that is given lies before today."""
    return partial is not None and partial < today.isoformat()[: len(partial)]


def page_unit(file_format: str) -> PageUnit:
    """What a reader calls the numbered parts of a file with this extension ("pptx")."""
    return "slide" if file_format in ("odp", "pptx") else "page"


class Role(StrEnum):
    """What an organisation has to do with a document. Nothing is attributed to a body merely reported on."""

    AUTHOR = "author"
    REPORTED_ON = "reported_on"


class Kind(StrEnum):
    ENGAGEMENT_STRATEGY = "engagement-strategy"
    ACTIVITY_PLAN = "activity-plan"
    POLICE_AND_CRIME_PLAN = "police-and-crime-plan"
    SEMINAR_OUTPUT = "seminar-output"
    POLICY = "policy"
    GUIDANCE = "guidance"
    INSPECTION = "inspection"
    EVALUATION = "evaluation"
    PROFILE = "profile"
    """Compiled by us from public sources: never the force's own words."""
    DIGEST = "digest"
    """A document or a subject retold in our own words: never a quotation from a body it reports on."""
    GLOSSARY = "glossary"
    """Terms of the field, explained by us."""
    OTHER = "other"

    @property
    def is_compiled(self) -> bool:
        """Written by us from what others published: what they published themselves is the better evidence."""
        return self in (Kind.PROFILE, Kind.DIGEST, Kind.GLOSSARY)


class Status(StrEnum):
    DRAFT = "draft"
    CURRENT = "current"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class SourceOrganisation(BaseModel):
    """An organisation of the register in its role in one document."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: Slug
    role: Role
    published_as: str | None = None
    """The name the document itself uses, where the body has since been renamed."""


class Card(BaseModel):
    """The minimum record of a document. What is not known is left out, never inferred."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Slug
    title: Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
    organisations: tuple[SourceOrganisation, ...] = ()
    kind: Kind = Kind.OTHER
    edition: str | None = None
    """The version that the document gives itself: "V2", "draft 3"."""
    event_date: PartialDate | None = None
    published: PartialDate | None = None
    covers_from: PartialDate | None = None
    covers_to: PartialDate | None = None
    review_date: PartialDate | None = None
    status: Status = Status.CURRENT
    superseded_by: Slug | None = None
    marking: str | None = None
    licence: str | None = None
    url: str | None = None
    retrieved_on: PartialDate | None = None
    owner_post: str | None = None
    language: str = "en"
    audience: tuple[str, ...] = (EVERYONE,)
    """Who may be answered from it; "everyone" or names of groups."""

    @property
    def authors(self) -> frozenset[str]:
        """Slugs of the organisations that wrote it."""
        return frozenset(organisation.slug for organisation in self.organisations if organisation.role is Role.AUTHOR)

    @property
    def newest_date(self) -> str | None:
        """The date a reader would call this document by: published, else event, else the start of what it covers."""
        return self.published or self.event_date or self.covers_from

    @property
    def digest(self) -> str:
        """sha256 of all that it says: whether somebody else has changed it meanwhile."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    """One item of a list."""
    ROW = "row"
    """One row of a table, its cells joined by ' | '."""


@dataclass(frozen=True, slots=True)
class Block:
    """What a reader hands over: a heading, paragraph, list item or table row, its words as they stand in the file.

    A heading without words only ends what stands under the one before: a slide without a title begins, say.
    """

    kind: BlockKind
    text: str
    level: int | None = None
    """Of a heading: 1 is the highest."""
    page: int | None = None
    """1-based page of the file; None where the format has no pages."""
    header: bool = False
    """Of a table row: it names the columns of the rows below it."""


class Grade(StrEnum):
    """How well a file was read, all in all."""

    GOOD = "good"
    FAIR = "fair"
    """Something is to be known before quoting from it."""
    POOR = "poor"
    """Much is missing or damaged: get a better copy."""


class Oddity(StrEnum):
    DAMAGED = "damaged"
    UNREAD_PAGES = "unread_pages"
    RECOGNISED = "recognised"
    FEW_CHARACTERS = "few_characters"
    LOST_LIGATURES = "lost_ligatures"
    REVERSED_TEXT = "reversed_text"
    UNREADABLE_CHARACTERS = "unreadable_characters"
    SPACES = "spaces"
    NO_KNOWN_LANGUAGE = "no_known_language"
    WELSH = "welsh"


class Quality(BaseModel):
    """How well a version was read, as counted on its pages and words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    grade: Grade
    characters: int
    characters_per_page: int | None
    pages_with_text: int | None
    recognised: tuple[int, ...] = ()
    """Pages whose words were read from a picture (OCR)."""
    unread: tuple[int, ...] = ()
    """Pages that hold something which was not, or not wholly, read."""
    unrecognised: tuple[int, ...] = ()
    """Of these, pictures that waited for a program that recognises their words."""
    oddities: tuple[Oddity, ...] = ()
    warnings: tuple[str, ...] = ()
    """Of each oddity, what it is and what to do, in a sentence or two."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read: its blocks in reading order."""

    blocks: tuple[Block, ...]
    pages: int | None = None
    title: str | None = None
    """From the file's own properties, if it has one."""
    card: dict[str, object] = field(default_factory=dict)
    """Fields from front matter, unchecked."""
    left_out: tuple[str, ...] = ()
    """What was not taken over and why, a sentence each."""
    furniture: tuple[Block, ...] = ()
    """Headers and footers, each once: no part of the text, but what says whose it is and how it is marked."""
    printed_pages: Mapping[int, str] = field(default_factory=dict)
    """What is printed on a page for its number, where the file says so and it differs from the file's own."""
    recognised: tuple[int, ...] = ()
    """Pages whose words were read from a picture (OCR): a letter here and there may be wrong."""
    confidence: float | None = None
    """Of the program that recognised them, in their words: mean, in per cent."""
    unread: tuple[int, ...] = ()
    """Pages that hold something which was not, or not wholly, read; left_out says why."""
    unrecognised: tuple[int, ...] = ()
    """Of these, pictures that were not read for want of a program that recognises their words."""
    wordless: tuple[int, ...] = ()
    """Pages from which no word was taken: blank ones too."""
    damaged: bool = False
    """Whether the file had to be mended before it could be read."""
    quality: Quality | None = None
    """Once it has been gauged."""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A block's place in the canonical text."""

    kind: BlockKind
    start: int
    end: int
    heading_path: tuple[str, ...] = ()
    level: int | None = None
    page: int | None = None
    paragraph: int | None = None
    """1-based, counted from the nearest heading; every list item and row counts on its own."""
    lead_in: Span | None = None
    """Of an item or row: the sentence that introduces the list, or the row that names the columns."""


@dataclass(frozen=True, slots=True)
class CanonicalText:
    """The words of a version in reading order, only white space tidied: what quotations are checked against."""

    text: str
    blocks: tuple[TextBlock, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """The unit that is quoted: a sentence, a list item or a table row."""

    start: int
    end: int
    kind: SentenceKind = "sentence"
    lead_in: Span | None = None
    paragraph: int | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of canonical text small enough to embed whole."""

    ordinal: int
    start: int
    end: int
    heading_path: tuple[str, ...]
    page_start: int | None
    page_end: int | None
    sentences: tuple[Sentence, ...]
    digest: str
    """sha256 of text[start:end] in UTF-8: says whether a passage is new, changed or unchanged."""
    embedded_text: str
    """Title, headings and text as given to the embedder; kept apart from the text that is quoted."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that has been read, tidied, split and embedded, ready for the catalogue."""

    reading: Reading
    canonical: CanonicalText
    passages: tuple[Passage, ...]
    passage_vectors: np.ndarray
    """float32, shape (passages, dimensions), L2-normalised."""
    sentence_vectors: np.ndarray
    """float32, shape (sentences of all passages in order, dimensions), L2-normalised."""
