"""Large libraries without the hours of embedding them: for measuring how asking grows, never how adding does.

A few hundred sentences are embedded. A library's sentences are these with places of its documents' own put in, and take
their vectors with a little noise; a passage takes the mean of its sentences'. So the vectors lie about as those of real
texts do, and words differ from document to document. The texts and vectors are the same for the product and the peers.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.speed.texts import FORCES, Document, Section, Writer
from ingest.catalogue import Catalogue, NewVersion, Original
from ingest.embedders import load_embedder
from ingest.settings import IngestSettings
from ingest.splitting import split
from ingest.tidying import tidy
from ingest.vocabulary import Block, BlockKind, Card, Kind, Prepared, Reading, Role, SourceOrganisation

SENTENCES = 4
SECTIONS = 20
"""Of each document; each becomes one passage."""
PATTERNS = 400
_MAX_TOKENS = 256
_SENTENCE_NOISE = 0.3
_PASSAGE_NOISE = 0.2
"""Length of the noise added to a vector of length 1."""


@dataclass(frozen=True, slots=True)
class Made:
    """A document with the vectors made for it."""

    document: Document
    sentence_vectors: np.ndarray
    """float32 (sections * sentences, dimensions), of length 1."""
    passage_vectors: np.ndarray
    """float32 (sections, dimensions), of length 1."""


class Maker:
    """Makes the same documents for the same seed."""

    def __init__(self, settings: IngestSettings, seed: int = 7) -> None:
        self._writer = Writer(seed)
        self._random = np.random.default_rng(seed)
        self._patterns = [self._writer.pattern() for _ in range(PATTERNS)]
        self._vectors = load_embedder(settings).vectors([p.format(place="the town") for p in self._patterns])

    def documents(self, passages: int) -> Iterator[Made]:
        for number in range(passages // SECTIONS):
            yield self._document(number)

    def _document(self, number: int) -> Made:
        place = self._writer.place()
        chosen = self._random.integers(PATTERNS, size=(SECTIONS, SENTENCES))
        sections = tuple(
            Section(self._writer.heading(at), tuple(self._patterns[i].format(place=place) for i in row))
            for at, row in enumerate(chosen, 1)
        )
        force = list(FORCES)[number % len(FORCES)]
        sentences = self._near(self._vectors[chosen.ravel()], _SENTENCE_NOISE)
        passages = self._near(_unit(sentences.reshape(SECTIONS, SENTENCES, -1).mean(axis=1)), _PASSAGE_NOISE)
        return Made(Document(f"{place} plan {number}", force, sections), sentences, passages)

    def _near(self, vectors: np.ndarray, noise: float) -> np.ndarray:
        away = self._random.standard_normal(vectors.shape, dtype=np.float32)
        return _unit(vectors + noise * _unit(away))


def fill(settings: IngestSettings, passages: int) -> None:
    """Put documents with so many passages into the catalogue; the indexes follow when the library is next opened."""
    catalogue = Catalogue(settings.catalogue_url)
    for made in Maker(settings).documents(passages):
        catalogue.publish(catalogue.stage(_version(made, settings.embedder_name)))
    catalogue.close()


def write_for_peers(settings: IngestSettings, passages: int, texts: Path, vectors: Path) -> None:
    """The same passages, a text a line of JSON, and their vectors as float32 (passages, dimensions)."""
    documents = list(Maker(settings).documents(passages))
    lines = (json.dumps(section.text) for made in documents for section in made.document.sections)
    texts.write_text("\n".join(lines), encoding="utf-8")
    np.save(vectors, np.concatenate([made.passage_vectors for made in documents]))


def _version(made: Made, embedder: str) -> NewVersion:
    reading = Reading(tuple(_blocks(made.document)), pages=None)
    canonical = tidy(reading)
    # Counting by length spares the tokenizer half a million texts; the sections are far below the limit.
    passages = split(made.document.title, canonical, _about, _MAX_TOKENS)
    if sum(len(passage.sentences) for passage in passages) != len(made.sentence_vectors):
        raise ValueError("the splitter found other sentences than were written")
    text = made.document.markdown
    organisation = SourceOrganisation(slug=made.document.force, role=Role.AUTHOR)
    return NewVersion(
        card=Card(
            id=_slug(made.document.title),
            title=made.document.title,
            organisations=(organisation,),
            kind=Kind.ACTIVITY_PLAN,
            published="2021",
        ),
        card_digest=_digest(""),
        original=Original(_digest(text), "plan.md", "md", len(text.encode())),
        prepared=Prepared(reading, canonical, passages, made.passage_vectors, made.sentence_vectors),
        embedding_keys=[_digest(passage.embedded_text) for passage in passages],
        embedder=embedder,
    )


def _blocks(document: Document) -> Iterator[Block]:
    yield Block(BlockKind.HEADING, document.title, level=1)
    for section in document.sections:
        yield Block(BlockKind.HEADING, section.heading, level=2)
        yield Block(BlockKind.PARAGRAPH, " ".join(section.sentences))


def _about(text: str) -> int:
    return 2 + len(text) // 4


def _unit(vectors: np.ndarray) -> np.ndarray:
    result: np.ndarray = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return result


def _slug(title: str) -> str:
    return "-".join(title.lower().split())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
