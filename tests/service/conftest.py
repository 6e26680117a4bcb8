"""A service over a small library of our own, answering on a free loopback port; and answers made by hand."""

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from service.vocabulary import Answer, Coverage, Method, NamedOrganisation, Outcome

if TYPE_CHECKING:
    from fastapi import FastAPI

    from ingest.library import Library

MakeAnswer = Callable[..., Answer]

DOCUMENTS = {
    "riverside-plan.md": """---
id: riverside-plan
title: Riverside engagement plan
organisations:
  - {slug: cheshire, role: author}
kind: engagement-strategy
published: 2021-05
marking: OFFICIAL
---
# Riverside engagement plan

## Who was consulted

The residents of Riverside were consulted on the plan in March 2021, before it was written.

Young people were asked at school what would make them trust a neighbourhood officer.

## How often the team meets the public

The neighbourhood team holds an open meeting in the library every month.
""",
    "harbour-notes.md": """---
id: harbour-notes
title: Notes of the Harbour seminar
organisations:
  - {slug: durham, role: reported_on}
kind: seminar-output
event_date: 2016-01-07
---
# Notes of the Harbour seminar

## Why engage

Participants felt that engagement builds the legitimacy of the police.
""",
    "tutors-only.md": """---
id: tutors-only
title: Notes for tutors
audience: [tutors]
---
# Notes for tutors

The model answer is that consultation with residents of Riverside comes first.
""",
}


def _write(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def write_documents() -> Callable[[Path], Path]:
    """Makes a folder with the documents above."""
    return _write


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder with the documents above."""
    return _write(tmp_path / "source")


@dataclass(frozen=True)
class Served:
    url: str
    app: "FastAPI"

    @property
    def token(self) -> str:
        return str(self.app.state.token)

    @property
    def library(self) -> "Library":
        return self.app.state.library  # type: ignore[no-any-return]


@contextmanager
def served(folder: Path, **settings: object) -> Iterator[Served]:
    """The documents above in a library of their own, behind the very server that `engage serve` runs."""
    # Imported here: most tests in this folder need none of it.
    from ingest.adding import add
    from ingest.corpus import gather
    from ingest.library import Library
    from service.app import create_app
    from service.serving import server_for
    from service.settings import Settings

    source = _write(folder / "source")
    chosen = Settings.model_validate({"data_dir": folder / "data", **settings})
    library = Library.open(chosen)
    for added in add(library, gather([source]), lambda progress: None):
        assert added.outcome == "added", added
    app = create_app(chosen, library)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = server_for(app)
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield Served(f"http://127.0.0.1:{listener.getsockname()[1]}", app)
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="session")
def serve_documents() -> Callable[..., AbstractContextManager[Served]]:
    """`served`, for a test that breaks its service."""
    return served


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("served"), max_document_bytes=500_000) as running:
        yield running


@pytest.fixture
def make_answer() -> MakeAnswer:
    def make(
        question: str = "Who was consulted?",
        outcome: Outcome = Outcome.ANSWERED,
        reference: str = "7F3A-21",
        asked_at: datetime = datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
        not_held: tuple[tuple[str, str], ...] = (),
    ) -> Answer:
        return Answer(
            reference=reference,
            asked_at=asked_at,
            question=question,
            outcome=outcome,
            coverage=Coverage(
                documents_searched=1,
                organisations_searched=1,
                not_held=tuple(NamedOrganisation(slug=slug, name=name) for slug, name in not_held),
                sentence="Searched: 1 document, 1 organisation.",
            ),
            method=Method(composer="extractive", embedder="minilm", index_version="1"),
        )

    return make
