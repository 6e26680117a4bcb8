"""What the catalogue hands out and takes in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from ingest.vocabulary import EVERYONE, Card, Kind, Prepared, Quality, Sentence, Span, TextBlock


class State(StrEnum):
    """Of a version. At most one version of a document is live, and only live versions answer questions."""

    STAGED = "staged"
    LIVE = "live"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which live documents may be searched. Empty means no restriction, except for audiences, which always apply."""

    audiences: frozenset[str] = frozenset({EVERYONE})
    """Who asks: a document is permitted when one of these is in its own audience."""
    organisations: frozenset[str] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    date_from: str | None = None
    """Year, month or day, as are all dates. With either date set, undated documents are left out."""
    date_to: str | None = None
    documents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Original:
    """The file behind a version, kept under its sha256."""

    sha256: str
    file_name: str
    format: str
    """Extension in lower case without the dot, or "" if the file has none."""
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Edit:
    """That a card was edited in the library, and no longer says what the file says."""

    file_card: Card
    """What the file, or the card beside it, said last."""
    at: datetime


@dataclass(frozen=True, slots=True)
class NewVersion:
    """All that one transaction needs to write a version that cannot be lost from then on."""

    card: Card
    card_digest: str
    """Of the card as the strand lead wrote it: says whether it was changed since."""
    original: Original
    prepared: Prepared
    embedding_keys: Sequence[str]
    """One a passage: digest of the very texts that its vectors were made from."""
    embedder: str
    edit: Edit | None = None


@dataclass(frozen=True, slots=True)
class HeldDocument:
    """A document in one of its versions, usually the live one, without its text."""

    id: str
    version_id: int
    number: int
    card: Card
    sha256: str
    file_name: str
    format: str
    size: int
    pages: int | None
    passages: int
    added_at: datetime
    quality: Quality | None = None
    """None of versions that were added before it was counted."""
    state: State = State.LIVE


class PassageDigest(NamedTuple):
    """A passage as far as versions are compared by it."""

    digest: str
    heading_path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeldVersion:
    """One version of a document, whatever its state: a citation of a superseded version still resolves."""

    id: int
    document_id: str
    number: int
    state: State
    card: Card
    text: str
    """Canonical text."""
    blocks: tuple[TextBlock, ...]
    pages: int | None
    sha256: str
    file_name: str
    format: str
    size: int
    embedder: str
    card_digest: str
    added_at: datetime
    left_out: tuple[str, ...]
    """What the reader did not take over and why, a sentence each."""
    quality: Quality | None = None
    """None of versions that were added before it was counted."""
    printed_pages: Mapping[int, str] = field(default_factory=dict)
    """What is printed on a page for its number, where that differs from the file's."""
    edit: Edit | None = None


@dataclass(frozen=True, slots=True)
class PassagePlace:
    """Where a passage stands: what is needed to rank it."""

    id: int
    version_id: int
    ordinal: int
    heading_path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeldPassage:
    """A passage with its vectors; spans count from the start of the version's canonical text."""

    id: int
    version_id: int
    document_id: str
    number: int
    """Of the version."""
    ordinal: int
    span: Span
    text: str
    heading_path: tuple[str, ...]
    page_start: int | None
    page_end: int | None
    digest: str
    vector: np.ndarray
    """float32, shape (dimensions,), L2-normalised."""
    sentences: tuple[Sentence, ...]
    sentence_vectors: np.ndarray
    """float32, shape (sentences, dimensions), L2-normalised."""
