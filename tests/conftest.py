"""What every test may need: a data folder, versions made by hand, a few documents of our own."""

import hashlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from ingest.catalogue import Catalogue, HeldVersion, NewVersion, Original, State
from ingest.library import Library
from ingest.settings import IngestSettings
from ingest.tidying import tidy
from ingest.vocabulary import Block, BlockKind, CanonicalText, Card, Passage, Prepared, Reading, Sentence, TextBlock

PROJECT = Path(__file__).parents[1]
DIMENSIONS = 384
MakeVersion = Callable[..., NewVersion]

DOCUMENTS = {
    "harbour-plan.md": """---
id: harbour-plan
title: Harbour engagement plan
organisations: [{slug: durham, role: author}]
kind: activity-plan
published: 2021-05
---
# Harbour engagement plan

## Street surgeries

Officers hold a street surgery by the ferry landing on the first Monday of each month.

## Online meetings

An online meeting follows each surgery, so that shift workers can take part.

## Feedback

What was said and what was done about it is printed in the harbour newsletter.
""",
    "moorland-seminar.md": """---
id: moorland-seminar
title: Moorland seminar notes
kind: seminar-output
event_date: 2016-01-07
---
# Moorland seminar notes

## Who should be heard first

Participants felt that children, older people and new arrivals should be heard first, since they complain least.

## How to reach farms

Visits at the livestock market were thought to reach more farmers than any website.
""",
    "tutors.md": """---
id: tutors
title: Notes for tutors
audience: [tutors]
---
# Notes for tutors

The answer that tutors expect names the ferry landing and the livestock market.
""",
}


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def settings(data_dir: Path) -> IngestSettings:
    return IngestSettings(data_dir=data_dir, _env_file=None)  # type: ignore[call-arg]


@pytest.fixture
def library(settings: IngestSettings) -> Iterator[Library]:
    """Open over an empty data folder."""
    with Library.open(settings) as opened:
        yield opened


@pytest.fixture
def run_python() -> Callable[[str], str]:
    """Runs a program in a Python of its own and gives back what it printed."""

    def run(program: str) -> str:
        command = [sys.executable, "-c", program]
        return subprocess.run(command, capture_output=True, text=True, check=True, cwd=PROJECT).stdout

    return run


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with three Markdown documents, cards in their front matter."""
    folder = tmp_path / "source"
    folder.mkdir()
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def catalogue(data_dir: Path) -> Iterator[Catalogue]:
    opened = Catalogue(f"sqlite:///{data_dir / 'catalogue.sqlite'}")
    yield opened
    opened.close()


def held_version(card: Card, *blocks: Block, number: int = 1, state: State = State.LIVE) -> HeldVersion:
    """As it comes from the catalogue, without one. `number` is its id too."""
    canonical = tidy(Reading(blocks))
    return HeldVersion(
        id=number,
        document_id=card.id,
        number=number,
        state=state,
        card=card,
        text=canonical.text,
        blocks=canonical.blocks,
        pages=None,
        sha256="0" * 64,
        file_name="plan.md",
        format="md",
        size=1,
        embedder="none",
        card_digest="",
        added_at=datetime(2026, 11, 24, tzinfo=UTC),
        left_out=(),
    )


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


@dataclass
class Site:
    """A web site on this machine: what is at each path, with its headers; a number is a status, a string a redirect."""

    url: str
    pages: dict[str, tuple[dict[str, str], bytes] | int | str] = field(default_factory=dict)
    slowly: float = 0.0
    """Seconds between two bytes."""
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def site() -> Iterator[Site]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)
            page = made.pages.get(self.path, 404)
            if not isinstance(page, tuple):
                self.send_response(page if isinstance(page, int) else 302)
                if isinstance(page, str):
                    self.send_header("Location", page)
                self.end_headers()
                return
            headers, body = page
            self.send_response(200)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            for byte in [body[at : at + 1] for at in range(len(body))] if made.slowly else [body]:
                self.wfile.write(byte)
                time.sleep(made.slowly)

        def log_message(self, *_: object) -> None:
            pass

        def handle(self) -> None:
            with suppress(ConnectionError):  # the other side has had enough
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    made = Site(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()
