"""Generations on their shelf, the folder that holds them: found, checked, built aside and published by a rename.

Checking and building happen in a child process: bad graph files can crash whoever reads them, and a full disk can hang
whoever writes them.
"""

import os
import re
import shutil
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from ingest.apart import Apart, Died, Failed, FellSilent
from ingest.index.exact import VectorSource
from ingest.index.generation import BATCH, Generation, Marker, delete_collection, numbers_taken
from ingest.index.reaching import ChromaFailed, within

SILENCE_SECONDS = 60.0
_SAMPLE = 200
_CLOSE_ENOUGH = 0.999
_FOUND_SHARE = 0.95
"""Of the sampled vectors that must find themselves; the graph is approximate, and now and then misses one."""


class GenerationFailed(Exception):
    """A generation that could not be built, or did not pass its check."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """A generation on the shelf, not open."""

    folder: Path
    marker: Marker
    built_from: frozenset[int]
    """Ids of the passages that it was built from."""


class Shelf:
    """url: of the Chroma server; None if embedded. timeout: seconds that one call of it may take."""

    def __init__(self, folder: Path, source: VectorSource, embedder: str, url: str | None, timeout: float) -> None:
        self._folder, self._source, self._embedder, self._url = folder, source, embedder, url
        self._timeout = timeout
        self._child: Apart | None = None
        self._stopped = False

    def stop(self) -> None:
        """End what is being built or checked, so that nobody need wait for it; from now on everything fails."""
        self._stopped = True
        child = self._child
        if child is not None:
            child.kill()

    def reach_server(self) -> None:
        """Fails if there is a server and it does not answer."""
        if self._url is not None:
            numbers_taken(self._url)

    def newest(self) -> Shelved | None:
        """The newest generation that was made for us and passes its check; None if there is none."""
        for number in sorted(self._numbers(), reverse=True):
            found = self._shelved(self._folder / f"generation-{number}")
            if found is not None and self._passes(found):
                return found
        return None

    def make_new(self) -> Shelved:
        """Build a generation of all live passages. Raises GenerationFailed or ChromaFailed."""
        if self._stopped:
            raise GenerationFailed("the library was closed meanwhile")
        taken = within(self._timeout, partial(numbers_taken, self._url)) if self._url else []
        number = 1 + max([0, *self._numbers(), *taken])
        marker = Marker.new(self._embedder, self._url, number)
        folder = self._folder / f"generation-{number}"
        aside = folder.with_name(folder.name + ".building")
        aside.mkdir(parents=True)
        marker.write(aside)
        ids, _, vectors = self._source.vectors()
        np.savez(aside / "vectors.npz", ids=ids, vectors=vectors)
        np.save(aside / "built_from.npy", ids)
        self._last_word(Apart(_build, aside, marker))
        (aside / "vectors.npz").unlink()
        aside.rename(folder)
        _sync(self._folder)
        made = Shelved(folder, marker, frozenset(ids.tolist()))
        self._check(made)
        return made

    def open(self, shelved: Shelved) -> Generation:
        return Generation(shelved.folder, shelved.marker)

    def clear(self, keep: Shelved) -> None:
        """Remove all generations but one, and what was left of building others."""
        for folder in self._folder.glob("generation-*"):
            if folder == keep.folder:
                continue
            marker = Marker.of(folder)
            if marker is not None and marker.url is not None:
                try:
                    within(self._timeout, partial(delete_collection, marker))
                except ChromaFailed:
                    continue  # tried again with the next generation
            shutil.rmtree(folder, ignore_errors=True)

    def _numbers(self) -> list[int]:
        names = (path.name for path in self._folder.glob("generation-*"))
        return [int(match[1]) for name in names if (match := re.match(r"generation-(\d+)", name))]

    def _shelved(self, folder: Path) -> Shelved | None:
        marker = Marker.of(folder)
        if marker is None or (marker.embedder, marker.url) != (self._embedder, self._url):
            return None
        try:
            return Shelved(folder, marker, frozenset(np.load(folder / "built_from.npy").tolist()))
        except (OSError, ValueError):
            return None

    def _passes(self, shelved: Shelved) -> bool:
        try:
            self._check(shelved)
        except GenerationFailed:
            return False
        return True

    def _check(self, shelved: Shelved) -> None:
        """Lets a sample of the vectors look for themselves. Raises GenerationFailed unless nearly all are found."""
        ids = [id_ for id_ in sorted(self._source.indexable()[0].tolist()) if id_ in shelved.built_from]
        rows = np.linspace(0, len(ids) - 1, min(_SAMPLE, len(ids))).astype(int).tolist()
        vectors = list(self._source.passage_vectors([ids[row] for row in rows]).values())
        found = self._last_word(Apart(_check, shelved.folder, shelved.marker, vectors))
        if found < _FOUND_SHARE * len(vectors):
            raise GenerationFailed(f"only {found} of {len(vectors)} vectors were found in {shelved.folder.name}")

    def _last_word(self, child: Apart) -> int:
        """The number that the child ends with; what comes before are signs of life."""
        self._child = child
        with child:
            try:
                while not self._stopped:
                    kind, number = child.receive(SILENCE_SECONDS)
                    if kind == "done":
                        return int(number)
            except (Died, Failed, FellSilent) as error:
                raise GenerationFailed(str(error)) from error
        raise GenerationFailed("the library was closed meanwhile")


def _build(connection: Connection, folder: Path, marker: Marker) -> None:
    with np.load(folder / "vectors.npz") as held:
        ids, vectors = held["ids"].tolist(), held["vectors"]
    generation = Generation(folder, marker, create=True)
    for at in range(0, len(ids), BATCH):
        part = slice(at, at + BATCH)
        generation.put(ids[part], vectors[part])
        connection.send(("at", at))
    generation.seal()
    generation.close()
    for file in folder.rglob("*"):
        _sync(file)
    connection.send(("done", len(ids)))


def _check(connection: Connection, folder: Path, marker: Marker, vectors: list[np.ndarray]) -> None:
    generation = Generation(folder, marker)
    found = 0
    for number, vector in enumerate(vectors):
        hits = generation.nearest(vector, 1)
        found += bool(hits) and hits[0][1] > _CLOSE_ENOUGH
        connection.send(("at", number))
    generation.close()
    connection.send(("done", found))


def _sync(path: Path) -> None:
    """On disk for good, before its name says that it is."""
    handle = os.open(path, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
