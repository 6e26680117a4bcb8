"""What every test may need: a data folder, versions made by hand, a few documents of our own."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from ingest.catalogue import Catalogue, NewVersion, Original
from ingest.vocabulary import Block, BlockKind, CanonicalText, Card, Passage, Prepared, Reading, Sentence, TextBlock

DIMENSIONS = 384
MakeVersion = Callable[..., NewVersion]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def catalogue(data_dir: Path) -> Iterator[Catalogue]:
    opened = Catalogue(f"sqlite:///{data_dir / 'catalogue.sqlite'}")
    yield opened
    opened.close()


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def direction(text: str) -> np.ndarray:
    """A unit vector that depends on the text alone, so that equal texts lie together and others far apart."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
    vector = np.random.default_rng(seed).standard_normal(DIMENSIONS).astype(np.float32)
    return vector / np.linalg.norm(vector)


def _passages(title: str, paragraphs: tuple[str, ...]) -> tuple[Passage, ...]:
    made, at = [], 0
    for ordinal, paragraph in enumerate(paragraphs):
        end = at + len(paragraph)
        sentence = Sentence(at, end, paragraph=ordinal + 1, page=1)
        embedded = f"{title}\nReach\n{paragraph}"
        made.append(
            Passage(ordinal, at, end, (title, "Reach"), 1, 1, (sentence,), digest_of(paragraph), embedded_text=embedded)
        )
        at = end + 2
    return tuple(made)


@pytest.fixture
def make_version() -> MakeVersion:
    """One passage a paragraph, one sentence a passage, vectors by `direction` of the paragraph."""

    def make(
        *paragraphs: str, document: str = "plan", title: str = "A plan", embedder: str = "minilm", **card: object
    ) -> NewVersion:
        text = "\n\n".join(paragraphs)
        passages = _passages(title, paragraphs)
        vectors = np.stack([direction(paragraph) for paragraph in paragraphs])
        blocks = tuple(
            TextBlock(BlockKind.PARAGRAPH, passage.start, passage.end, passage.heading_path, page=1, paragraph=1)
            for passage in passages
        )
        reading = Reading(tuple(Block(BlockKind.PARAGRAPH, paragraph) for paragraph in paragraphs), pages=1)
        prepared = Prepared(reading, CanonicalText(text, blocks), passages, vectors, vectors)
        return NewVersion(
            card=Card.model_validate({"id": document, "title": title, **card}),
            card_digest=digest_of(title),
            original=Original(digest_of(text), f"{document}.md", "md", len(text.encode())),
            prepared=prepared,
            embedding_keys=[digest_of(passage.embedded_text) for passage in passages],
            embedder=embedder,
        )

    return make
