"""Keeps one generation of the Chroma index open, in step with the catalogue, and replaced when it fails or has aged.

All that takes long or may fail happens on a thread of its own. Until there is a generation that passed its check,
`nearest` gives None, and the caller searches exactly.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from ingest.index.building import GenerationFailed, Shelf
from ingest.index.exact import VectorSource
from ingest.index.generation import BATCH, Generation
from ingest.index.reaching import ChromaFailed, named, within

READY = "chroma"
CHECKING = "exact (checking)"
REBUILDING = "exact (rebuilding)"
UNREACHABLE = "exact (Chroma server unreachable)"

_FIRST_QUESTIONS_SECONDS = 2.0
"""Left to them after a start: importing and checking Chroma takes a second of the processor that they wait for."""
_RETRY_SECONDS = 30.0
_CLOSING_SECONDS = 10.0
_MOST_DELTAS = 2_000
"""Chroma reads its log of changes again at each start: about 0.2 ms a change."""
_DELTA_SHARE = 4
"""A large generation may gather a quarter of its size in changes, else adding many documents would rebuild it often."""
_MOST_GONE = 200
_GONE_SHARE = 5
_GONE = 0
"""Stands for the version of a passage that is no longer held; no version has this id."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Open:
    """The generation in use, with the passages that it holds now and those that it was built from."""

    chroma: Generation
    held: dict[int, int]
    """The version of each passage, by id: Chroma would take as long to look them up as to find the passages."""
    built_from: frozenset[int]

    @property
    def has_aged(self) -> bool:
        deltas = len(self.held.keys() ^ self.built_from)
        gone = len(self.built_from - self.held.keys())
        size = len(self.built_from)
        return deltas > max(_MOST_DELTAS, size // _DELTA_SHARE) or gone > max(_MOST_GONE, size // _GONE_SHARE)


class VectorIndex:
    """The Chroma index under a folder. Safe to use from several threads.

    url: of a Chroma server; by default Chroma is embedded. timeout: seconds that one call of Chroma may take.
    """

    def __init__(
        self, folder: Path, source: VectorSource, embedder: str, url: str | None = None, timeout: float = 10.0
    ) -> None:
        self._source, self._url, self._timeout = source, url, timeout
        self._shelf = Shelf(folder, source, embedder, url, timeout)
        self._open: _Open | None = None
        self._lost: _Open | None = None
        self._lock = threading.RLock()
        self._asking = threading.Lock()
        """Held for moments only, unlike the other, under which Chroma is written."""
        self._wants_new = self._closing = False
        self._due, self._wake, self._settled = threading.Event(), threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._keep, name="index", daemon=True)
        self.state = CHECKING
        self.problem: str | None = None
        """Why the last attempt to bring the index up, or to renew it, failed."""

    def start(self) -> None:
        self._thread.start()

    def settle(self) -> None:
        """Wait until the index is ready and in step, or has been given up for now."""
        self._due.set()
        self._settled.wait()

    def rebuild(self) -> None:
        """Make a new generation from the catalogue and wait for it; `problem` says if that failed."""
        self._ask_for_new()
        if not self._thread.is_alive():
            self.start()
        self.settle()

    def close(self) -> None:
        self._closing = True
        self._shelf.stop()
        self._due.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(_CLOSING_SECONDS)
        with self._lock:
            self._shut()

    def nearest(self, vector: np.ndarray, k: int) -> list[tuple[int, int, float]] | None:
        """Passage id, version id and cosine of up to k passages, best first; some may no longer be live.

        None if there is no index to ask at the moment.
        """
        current = self._current()
        if current is None:
            return None
        ask = partial(current.chroma.nearest, vector, k)
        try:
            # A thread for each call costs 0.1 ms: only a server's answer may never come.
            hits = named(ask) if self._url is None else within(self._timeout, ask)
        except ChromaFailed as error:
            self._lose(current, error)
            return None
        return [(id_, current.held.get(id_, _GONE), cosine) for id_, cosine in hits]

    def put(self, version_id: int, ids: Sequence[int], vectors: np.ndarray) -> None:
        """Hold these passages. Without an index at the moment it catches up later, from the catalogue."""
        versions = [version_id] * len(ids)
        self._change(lambda current: self._put(current, ids, versions, vectors))

    def drop(self, ids: Sequence[int]) -> None:
        """Hold these passages no longer."""
        self._change(lambda current: self._drop(current, ids))

    def ids(self) -> frozenset[int]:
        """Of all passages that Chroma itself says it holds; waits for the index. Raises ChromaFailed without one."""
        self.settle()
        current = self._current()
        if current is None:
            raise ChromaFailed(self.problem or "no index")
        return frozenset(within(self._timeout, lambda: list(current.chroma.ids())))

    def _current(self) -> _Open | None:
        current = self._open
        return None if current is self._lost else current

    def _change(self, change: Callable[[_Open], None]) -> None:
        with self._lock:
            current = self._current()
            if current is None:
                return
            try:
                change(current)
            except ChromaFailed as error:
                self._lose(current, error)
                return
            if current.has_aged:
                self._ask_for_new()

    def _put(self, current: _Open, ids: Sequence[int], versions: Sequence[int], vectors: np.ndarray) -> None:
        for at in range(0, len(ids), BATCH):
            part = slice(at, at + BATCH)
            within(self._timeout, partial(current.chroma.put, ids[part], vectors[part]))
        current.held.update(zip(ids, versions, strict=True))

    def _drop(self, current: _Open, ids: Sequence[int]) -> None:
        for at in range(0, len(ids), BATCH):
            within(self._timeout, partial(current.chroma.drop, ids[at : at + BATCH]))
        for id_ in ids:
            current.held.pop(id_, None)

    def _ask_for_new(self) -> None:
        with self._asking:
            self._wants_new = True
            self._settled.clear()
        self._wake.set()

    def _lose(self, lost: _Open, error: ChromaFailed) -> None:
        """Stop asking a generation that failed; whoever asked goes on to exact search at once."""
        with self._asking:
            if self._current() is not lost:
                return
            self._lost = lost
            self.state = REBUILDING if self._url is None else UNREACHABLE
            self._wants_new = self._url is None
            self._settled.clear()
        _log.warning("The Chroma index failed (%s); answers come from exact search until it is back.", error)
        self._wake.set()

    def _shut(self) -> None:
        if self._open is not None:
            closing, self._open = self._open, None
            _quietly(partial(within, self._timeout, closing.chroma.close))

    def _keep(self) -> None:
        """The thread's life: bring the index up, then sleep until it is lost, has aged or is to be tried again."""
        self._due.wait(_FIRST_QUESTIONS_SECONDS)
        while not self._closing:
            self._wake.clear()
            try:
                self._bring_up()
                self.problem = None
            except Exception as error:  # whatever it was, answers go on coming from exact search
                self.problem = str(error)
                if not self._closing:
                    _log.warning("The Chroma index is not available (%s).", error)
            with self._asking:
                if self.problem or not self._wants_new:
                    self._wants_new = False
                    self._settled.set()
            self._wake.wait(None if self._open is not None else _RETRY_SECONDS)
        self._settled.set()

    def _bring_up(self) -> None:
        with self._asking:
            wants_new, self._wants_new = self._wants_new, False
        with self._lock:
            if self._current() is None:
                self._shut()
        self._reach_server()
        found = None if wants_new else self._shelf.newest()
        if found is None:
            if self._open is None:
                self.state = REBUILDING
            found = self._shelf.make_new()
        generation = within(self._timeout, partial(self._shelf.open, found))
        with self._lock:
            fresh = _Open(generation, {}, found.built_from)
            self._catch_up(fresh, within(self._timeout, lambda: set(generation.ids())))
            self._shut()
            self._open, self.state = fresh, READY
        self._shelf.clear(keep=found)

    def _reach_server(self) -> None:
        try:
            within(self._timeout, self._shelf.reach_server)
        except ChromaFailed:
            self.state = UNREACHABLE
            raise

    def _catch_up(self, fresh: _Open, inside: set[int]) -> None:
        """What was added or removed while nobody kept it in step. Under the lock: changes wait, so none is missed."""
        ids, versions = self._source.indexable()
        of_version = dict(zip(ids.tolist(), versions.tolist(), strict=True))
        fresh.held.update((id_, of_version[id_]) for id_ in inside & of_version.keys())
        self._drop(fresh, sorted(inside - of_version.keys()))
        missing = sorted(of_version.keys() - inside)
        for at in range(0, len(missing), BATCH):
            vectors = self._source.passage_vectors(missing[at : at + BATCH])
            self._put(fresh, list(vectors), [of_version[id_] for id_ in vectors], np.stack(list(vectors.values())))


def _quietly(call: Callable[[], object]) -> None:
    try:
        call()
    except (ChromaFailed, GenerationFailed) as error:
        _log.info("%s", error)
