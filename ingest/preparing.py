"""Unpacking, reading, tidying, splitting and embedding, in a child process that no document can take the library down
with.

One child serves a whole batch. A document on which it crashes, falls silent or asks for too much memory is refused with
that reason, and the next document gets a new child.
"""

import hashlib
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from ingest import reading as readers
from ingest import unpacking
from ingest.apart import Apart, Died, Failed, FellSilent
from ingest.embedders import Made, load_embedder
from ingest.embedding import Embedder
from ingest.errors import EngageError, UnreadableDocument
from ingest.gauging import gauge
from ingest.proposing import Proposal, propose
from ingest.reading import pacing
from ingest.register import Register
from ingest.settings import MINILM, IngestSettings
from ingest.splitting import sentence_text, split
from ingest.tidying import tidy
from ingest.unpacking.refusing import Refused
from ingest.vocabulary import CanonicalText, Passage, Prepared, Reading

PASSAGES_AT_ONCE = 24
"""Embedded between two signs of life."""

Vectors = tuple[np.ndarray, np.ndarray]
"""Of a passage: its own, float32 (dimensions,), and its sentences', float32 (sentences, dimensions)."""
Report = Callable[[str, int, int], None]
"""Called with a stage ("read", "tidied", "split", "embedded"), how many are done and of how many."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A prepared document, with a key for each passage: digest of the very texts that its vectors are made from."""

    prepared: Prepared
    embedding_keys: tuple[str, ...]


class Preparer:
    """A context manager; the child is started when it is first needed and stopped at the end."""

    def __init__(self, settings: IngestSettings, made: Made | None = None) -> None:
        """made: of the library that documents are prepared for; an embedder that did not make it is refused."""
        self._settings = settings
        self._made = made
        self._child: Apart | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def read(self, path: Path, report: Report) -> Reading:
        """The file as read. Raises UnreadableDocument."""
        reading: Reading = self._ask(("read", path), path.name, report)
        return reading

    def propose(self, reading: Reading, name: str, report: Report) -> Proposal:
        """What the file of that name says of itself, for its card. Raises UnreadableDocument."""
        proposal: Proposal = self._ask(("propose", reading, name), name, report)
        return proposal

    def unpack(self, path: Path, folder: Path) -> tuple[Refused, ...]:
        """Fill the folder with the files that this one holds; tells which were left. Raises UnreadableDocument."""
        refused: tuple[Refused, ...] = self._ask(("unpack", path, folder), path.name, lambda *_: None)
        return refused

    def prepare(self, title: str, reading: Reading, known: Mapping[str, Vectors], name: str, report: Report) -> Ready:
        """What was read, tidied, split and embedded under that title; vectors that are known are not made again.

        Raises UnreadableDocument, or EngageError if the embedder fails.
        """
        canonical, passages, keys, made = self._ask(("prepare", title, reading, set(known)), name, report)
        return _ready(reading, canonical, passages, keys, {**known, **made})

    def embed_again(self, title: str, canonical: CanonicalText, name: str, report: Report) -> Ready:
        """A canonical text split and embedded as the configured embedder needs it."""
        _, passages, keys, made = self._ask(("embed", title, canonical), name, report)
        return _ready(Reading(()), canonical, passages, keys, made)

    def interrupt(self) -> None:
        """End what is being done: it fails at once. May be called from another thread."""
        if child := self._child:
            child.kill()

    def _ask(self, request: tuple[Any, ...], name: str, report: Report) -> Any:
        try:
            return self._answer(request, report)
        except FellSilent:
            raise UnreadableDocument("too_slow", _too_slow(name, self._settings.max_reading_seconds)) from None
        except Died as death:
            raise _death(name, death) from None
        except Failed as failure:
            self._stop()
            if failure.kind == "MemoryError":
                raise UnreadableDocument("too_much_memory", _too_much_memory(name)) from None
            sentence = f"{name} could not be prepared ({failure}). Report this, and add the other documents without it."
            raise UnreadableDocument("unreadable", sentence) from None

    def _answer(self, request: tuple[Any, ...], report: Report) -> Any:
        child = self._running()
        child.send(request)
        while True:
            kind, *values = child.receive(self._settings.max_reading_seconds)
            if kind == "progress":
                self._report(report, values)
            elif kind == "unreadable":
                raise UnreadableDocument(*values)
            elif kind == "error":
                raise EngageError(*values)
            else:
                return values[0]

    def _report(self, report: Report, values: Sequence[Any]) -> None:
        try:
            report(*values)
        except BaseException:  # whoever asked wants it no more, and the child must not answer the next one with it
            self._stop()
            raise

    def _running(self) -> Apart:
        if self._child is None or not self._child.is_running:
            self._stop()
            self._child = Apart(_serve, self._settings, self._made, memory=self._settings.max_reading_memory_bytes)
        return self._child

    def _stop(self) -> None:
        if self._child is not None:
            self._child.stop()
            self._child = None


def _ready(
    reading: Reading,
    canonical: CanonicalText,
    passages: tuple[Passage, ...],
    keys: Sequence[str],
    vectors: Mapping[str, Vectors],
) -> Ready:
    passage_vectors = np.stack([vectors[key][0] for key in keys])
    sentence_vectors = np.concatenate([vectors[key][1] for key in keys])
    return Ready(Prepared(reading, canonical, passages, passage_vectors, sentence_vectors), tuple(keys))


def _too_slow(name: str, seconds: float) -> str:
    return (
        f"{name} was given up: nothing came of it for {seconds:g} seconds. Split it into smaller documents, or raise"
        " ENGAGE_MAX_READING_SECONDS."
    )


def _too_much_memory(name: str) -> str:
    return (
        f"{name} takes more memory to read than it may. Split it into smaller documents, or raise"
        " ENGAGE_MAX_READING_MEMORY_BYTES."
    )


def _death(name: str, death: Died) -> UnreadableDocument:
    if death.for_memory:
        return UnreadableDocument("too_much_memory", _too_much_memory(name))
    how = signal.Signals(-death.exit_code).name if death.exit_code < 0 else f"exit code {death.exit_code}"
    sentence = (
        f"{name} crashed its reader ({how}). Open it in the program that made it, save it anew and add that copy."
    )
    return UnreadableDocument("damaged", sentence)


def _serve(connection: Connection, settings: IngestSettings, made: Made | None) -> None:
    """The child's whole life: one request, its signs of life, its answer, the next request."""
    worker = _Worker(connection, settings, made)
    while True:
        request, *values = connection.recv()
        try:
            connection.send(("answer", getattr(worker, request)(*values)))
        except UnreadableDocument as error:
            if isinstance(error.__cause__, MemoryError):
                raise MemoryError from error
            connection.send(("unreadable", error.reason, str(error)))
        except EngageError as error:
            connection.send(("error", str(error)))


class _Worker:
    def __init__(self, connection: Connection, settings: IngestSettings, made: Made | None) -> None:
        self._connection = connection
        self._settings = settings
        self._made = made
        self._loaded: Embedder | None = None

    def read(self, path: Path) -> Reading:
        with pacing.told(partial(self._tell, "read")):
            reading = readers.read(path)
        self._tell("read")
        return gauge(reading, knows_english_only=self._settings.embedder == MINILM)

    def unpack(self, path: Path, folder: Path) -> tuple[Refused, ...]:
        return unpacking.unpack(path, folder, self._settings.max_document_bytes, self._tell)

    def propose(self, reading: Reading, name: str) -> Proposal:
        return propose(reading, name, Register.load())

    def prepare(self, title: str, reading: Reading, known: set[str]) -> tuple[Any, ...]:
        canonical = tidy(reading)
        self._tell("tidied")
        return self._embedded(title, canonical, known)

    def embed(self, title: str, canonical: CanonicalText) -> tuple[Any, ...]:
        return self._embedded(title, canonical, set())

    @property
    def _embedder(self) -> Embedder:
        if self._loaded is None:
            self._loaded = load_embedder(self._settings, self._made)
        return self._loaded

    def _embedded(self, title: str, canonical: CanonicalText, known: set[str]) -> tuple[Any, ...]:
        passages = split(title, canonical, self._embedder.count_tokens, self._embedder.max_tokens)
        if not passages:
            raise UnreadableDocument("empty", f"'{title}' holds no words. Check that it is the right file.")
        self._tell("split")
        texts = [_texts(canonical.text, passage) for passage in passages]
        keys = [hashlib.sha256("\x1e".join(own).encode()).hexdigest() for own in texts]
        unknown = {key: own for key, own in zip(keys, texts, strict=True) if key not in known}
        return canonical, passages, keys, self._vectors(unknown)

    def _vectors(self, texts: Mapping[str, Sequence[str]]) -> dict[str, Vectors]:
        made: dict[str, Vectors] = {}
        keys = list(texts)
        for at in range(0, len(keys), PASSAGES_AT_ONCE):
            some = keys[at : at + PASSAGES_AT_ONCE]
            own = self._embedder.vectors([texts[key][0] for key in some])
            rows = iter(self._embedder.sentence_vectors([text for key in some for text in texts[key][1:]]))
            for key, vector in zip(some, own, strict=True):
                made[key] = vector, np.stack([next(rows) for _ in texts[key][1:]])
            self._tell("embedded", len(made), len(keys))
        return made

    def _tell(self, stage: str, done: int = 1, of: int = 1) -> None:
        self._connection.send(("progress", stage, done, of))


def _texts(text: str, passage: Passage) -> list[str]:
    """All that is embedded of a passage: itself under its title and headings, then each of its sentences."""
    return [passage.embedded_text, *(sentence_text(text, sentence) for sentence in passage.sentences)]
