"""Exact search in memory over the catalogue's own vectors: for filtered questions, and while Chroma is not ready."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

Hit = tuple[int, float]

_ROWS_AT_ONCE = 512
_SCOPES_KEPT = 64


class VectorSource(Protocol):
    """The catalogue, as far as the vectors are concerned."""

    def vectors(self, version_ids: Iterable[int] | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]: ...

    def passage_vectors(self, ids: Sequence[int]) -> dict[int, np.ndarray]: ...

    def indexable(self) -> tuple[np.ndarray, np.ndarray]: ...


@dataclass(frozen=True, slots=True)
class _Table:
    ids: np.ndarray
    """int64 (n,)"""
    versions: np.ndarray
    """int64 (n,)"""
    matrix: np.ndarray
    """float32 (n, dimensions)"""
    live: frozenset[int]
    """The versions it was made for."""
    _rows: dict[frozenset[int], np.ndarray] = field(default_factory=dict)

    def rows(self, versions: frozenset[int]) -> np.ndarray:
        """Where these versions stand: int64 (rows,). The last few sets of them are kept, as filters are asked again."""
        rows = self._rows.get(versions)
        if rows is None:
            rows = np.flatnonzero(np.isin(self.versions, np.fromiter(versions, dtype=np.int64)))
            if len(self._rows) >= _SCOPES_KEPT:
                self._rows.clear()
            self._rows[versions] = rows
        return rows


class ExactVectors:
    """The vectors of the live passages, loaded when first needed and brought up to date as the live set changes."""

    def __init__(self, source: VectorSource) -> None:
        self._source = source
        self._table: _Table | None = None
        self._lock = threading.Lock()

    def nearest(
        self, vector: np.ndarray, k: int, live: frozenset[int], within: frozenset[int] | None = None
    ) -> list[Hit]:
        """The k passages nearest to a unit vector, of these versions or of all live ones: id and cosine, best first."""
        table = self._table_of(live)
        if not len(table.ids) or k < 1:
            return []
        ids, cosines = table.ids, None
        if within is not None:
            rows = table.rows(within)
            ids = table.ids[rows]
            # Copying rows costs more than multiplying them: only a narrow filter is worth it.
            narrow = len(rows) * 4 < len(table.ids)
            cosines = _cosines_of(rows, table.matrix, vector) if narrow else _cosines(table.matrix, vector)[rows]
        else:
            cosines = _cosines(table.matrix, vector)
        return _best(ids, cosines, k)

    def _table_of(self, live: frozenset[int]) -> _Table:
        with self._lock:
            if self._table is None:
                self._table = _Table(*self._source.vectors(live), live)
            elif live is not self._table.live and live != self._table.live:
                self._table = self._changed(self._table, live)
            return self._table

    def _changed(self, table: _Table, live: frozenset[int]) -> _Table:
        """Only what is new is read; what is no longer live is left behind."""
        kept = np.isin(table.versions, np.fromiter(live, dtype=np.int64))
        ids, versions, matrix = self._source.vectors(live - table.live)
        if not len(ids):
            return _Table(table.ids[kept], table.versions[kept], table.matrix[kept], live)
        if not kept.any():
            return _Table(ids, versions, matrix, live)
        return _Table(
            np.concatenate([table.ids[kept], ids]),
            np.concatenate([table.versions[kept], versions]),
            np.concatenate([table.matrix[kept], matrix]),
            live,
        )


def _cosines(matrix: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """float32 (n,), in this thread alone: for a product so small, `@` wakes threads that then spin for 7 CPU-ms."""
    cosines: np.ndarray = np.vecdot(matrix, vector)
    return cosines


def _cosines_of(rows: np.ndarray, matrix: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """Of these rows only, copied a few at a time so that they are still in the processor's cache when used."""
    cosines = np.empty(len(rows), np.float32)
    for at in range(0, len(rows), _ROWS_AT_ONCE):
        some = slice(at, at + _ROWS_AT_ONCE)
        cosines[some] = _cosines(matrix[rows[some]], vector)
    return cosines


def _best(ids: np.ndarray, cosines: np.ndarray, k: int) -> list[Hit]:
    """The k highest in falling order; equals by id, so that the same question gives the same answer."""
    chosen = np.argpartition(-cosines, k - 1)[:k] if k < len(cosines) else np.arange(len(cosines))
    order = chosen[np.lexsort((ids[chosen], -cosines[chosen]))]
    return [(int(ids[row]), float(cosines[row])) for row in order]
