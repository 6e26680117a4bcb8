"""Reading the catalogue. What a scope permits is decided here, in the query itself."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from sqlalchemy import BindParameter, ColumnElement, Engine, Select, bindparam, func, select

from ingest.catalogue import rows
from ingest.catalogue.held import HeldDocument, HeldPassage, HeldVersion, PassageDigest, PassagePlace, Scope, State
from ingest.catalogue.rows import AnyRow
from ingest.catalogue.tables import audiences, organisations, passages, versions
from ingest.errors import UnknownDocument

_BATCH = 5_000
"""Values in one IN list: PostgreSQL's protocol counts parameters in 16 bits."""

_LIVE = versions.c.state == State.LIVE
_DOCUMENT_COLUMNS = tuple(
    column for column in versions.c if column.name not in {"text", "blocks", "centroid", "sketch"}
)

# What a question reads is written out once: putting a statement together takes as long as running it.
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_JOINED = select(*passages.c, versions.c.document_id, versions.c.number).select_from(passages.join(versions))
_PLACES = select(passages.c.id, passages.c.version_id, passages.c.ordinal, passages.c.heading_path).where(
    passages.c.id.in_(_IDS)
)
_PASSAGES = _JOINED.where(passages.c.id.in_(_IDS))
_CENTROIDS = select(versions.c.id, versions.c.centroid).where(versions.c.id.in_(_IDS))
_VERSION = select(versions).where(versions.c.id == bindparam("id"))


class CatalogueReads:
    """The reading half of the catalogue."""

    engine: Engine

    def live_versions(self, scope: Scope) -> frozenset[int]:
        """Ids of the live versions that a question of this scope may be answered from."""
        with self.engine.connect() as connection:
            return frozenset(connection.execute(select(versions.c.id).where(*_conditions(scope))).scalars())

    def all_live_versions(self) -> frozenset[int]:
        return frozenset(self.live_cards())

    def live_cards(self) -> dict[int, str]:
        """The live versions with what changes whenever the card of each does."""
        query = select(versions.c.id, versions.c.card_digest, versions.c.edited_at).where(_LIVE)
        with self.engine.connect() as connection:
            return {id_: f"{digest}{edited or ''}" for id_, digest, edited in connection.execute(query)}

    def documents(self, scope: Scope | None) -> list[HeldDocument]:
        """The live documents of a scope, or all of them whoever they are for, by title."""
        found = self._documents(*(_conditions(scope) if scope else [_LIVE]))
        return sorted(found, key=lambda document: (document.card.title, document.id))

    def withdrawn(self) -> list[HeldDocument]:
        """The documents that were withdrawn and not brought back, as they were, by title."""
        later = versions.alias()
        newer = select(later.c.id).where(
            later.c.document_id == versions.c.document_id, later.c.number > versions.c.number
        )
        found = self._documents(versions.c.state == State.WITHDRAWN, ~newer.exists())
        return sorted(found, key=lambda document: (document.card.title, document.id))

    def versions_of(self, document_id: str) -> list[HeldDocument]:
        """All versions of a document, the newest first; none if it is not held."""
        found = self._documents(versions.c.document_id == document_id, versions.c.state != State.STAGED)
        return sorted(found, key=lambda version: -version.number)

    def restricted(self, audiences_: frozenset[str]) -> frozenset[str]:
        """Ids of the documents of which some version is not for these audiences."""
        permitted = select(audiences.c.version_id).where(audiences.c.name.in_(audiences_))
        query = select(versions.c.document_id).where(versions.c.id.not_in(permitted)).distinct()
        with self.engine.connect() as connection:
            return frozenset(connection.execute(query).scalars())

    def superseded(self) -> list[HeldDocument]:
        """The versions of all documents whose place another version has taken."""
        return self._documents(versions.c.state == State.SUPERSEDED)

    def _documents(self, *conditions: ColumnElement[bool]) -> list[HeldDocument]:
        counted = select(func.count()).where(passages.c.version_id == versions.c.id).scalar_subquery()
        query = select(*_DOCUMENT_COLUMNS, counted.label("passage_count")).where(*conditions)
        with self.engine.connect() as connection:
            return [rows.held_document(row) for row in connection.execute(query)]

    def passage_digests(self, document_id: str) -> dict[int, list[PassageDigest]]:
        """Of every version of a document, by its id, the passages in order: no more than comparing them needs."""
        query = select(passages.c.version_id, passages.c.digest, passages.c.heading_path).join(versions)
        query = query.where(versions.c.document_id == document_id).order_by(passages.c.version_id, passages.c.ordinal)
        found: dict[int, list[PassageDigest]] = {}
        with self.engine.connect() as connection:
            for version_id, digest, heading_path in connection.execute(query):
                found.setdefault(version_id, []).append(PassageDigest(digest, tuple(heading_path)))
        return found

    def version(self, version_id: int) -> HeldVersion:
        """Any version, whatever its state. Raises UnknownDocument."""
        return self._one_version(_VERSION, f"No version {version_id} is held.", {"id": version_id})

    def version_of(self, document_id: str, number: int | None = None) -> HeldVersion:
        """The version of that number, or by default the live one, or else the newest. Raises UnknownDocument."""
        query = select(versions).where(versions.c.document_id == document_id, versions.c.state != State.STAGED)
        if number is not None:
            query = query.where(versions.c.number == number)
        newest_first = query.order_by(_LIVE.desc(), versions.c.number.desc()).limit(1)
        what = (
            f"No document '{document_id}' is held"
            if number is None
            else f"No version {number} of '{document_id}' is held"
        )
        return self._one_version(newest_first, f"{what}; list what is held with 'engage documents'.")

    def with_sha256(self, sha256: str) -> list[HeldVersion]:
        """The live and withdrawn versions that were read from these very bytes, live ones first."""
        query = select(versions).where(versions.c.sha256 == sha256, versions.c.state.in_([State.LIVE, State.WITHDRAWN]))
        with self.engine.connect() as connection:
            found = connection.execute(query.order_by(_LIVE.desc(), versions.c.id.desc()))
            return [rows.held_version(row) for row in found]

    def all_versions(self) -> list[int]:
        """Ids of the versions of whatever state, oldest first."""
        with self.engine.connect() as connection:
            return list(connection.execute(select(versions.c.id).order_by(versions.c.id)).scalars())

    def staged(self) -> list[int]:
        """Ids of versions that were written whole but not yet published, oldest first."""
        query = select(versions.c.id).where(versions.c.state == State.STAGED).order_by(versions.c.id)
        with self.engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def is_overtaken(self, version_id: int) -> bool:
        """Whether a newer version of the same document went live, or was withdrawn, while this one stayed staged."""
        own = versions.alias()
        newer = select(versions.c.id).join(own, own.c.document_id == versions.c.document_id)
        newer = newer.where(own.c.id == version_id, versions.c.number > own.c.number, versions.c.state != State.STAGED)
        with self.engine.connect() as connection:
            return connection.execute(newer).first() is not None

    def embedders(self) -> dict[str, int]:
        """Who made the vectors of the live versions: name and number of versions."""
        query = select(versions.c.embedder, func.count()).where(_LIVE).group_by(versions.c.embedder)
        with self.engine.connect() as connection:
            return {name: count for name, count in connection.execute(query)}

    def places(self, ids: Sequence[int]) -> dict[int, PassagePlace]:
        """Where these passages stand, whatever the state of their version; reads neither texts nor vectors."""
        return {
            id_: PassagePlace(id_, version_id, ordinal, tuple(heading_path))
            for id_, version_id, ordinal, heading_path in self._in_batches(_PLACES, ids)
        }

    def passages(self, ids: Sequence[int]) -> dict[int, HeldPassage]:
        """These passages, whatever the state of their version; ids of none are simply absent."""
        return {row.id: rows.held_passage(row) for row in self._in_batches(_PASSAGES, ids)}

    def passages_of(self, version_id: int) -> tuple[HeldPassage, ...]:
        """All passages of a version, whatever its state, in order."""
        query = _JOINED.where(versions.c.id == version_id).order_by(passages.c.ordinal)
        with self.engine.connect() as connection:
            return tuple(rows.held_passage(row) for row in connection.execute(query))

    def passage_count(self, version_id: int | None = None) -> int:
        """Number of passages of a version, or of all live ones."""
        of = _LIVE if version_id is None else versions.c.id == version_id
        query = select(func.count()).select_from(passages.join(versions)).where(of)
        with self.engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def centroids(self, version_ids: Iterable[int]) -> dict[int, np.ndarray]:
        """The mean direction of each version's passages: float32, shape (dimensions,), L2-normalised."""
        return {id_: rows.vector_of(centroid) for id_, centroid in self._in_batches(_CENTROIDS, tuple(version_ids))}

    def sketches(self) -> dict[int, np.ndarray]:
        """Of each live version, the smallest of its text's shingles: uint64, ascending."""
        query = select(versions.c.id, versions.c.sketch).where(_LIVE, versions.c.sketch.is_not(None))
        with self.engine.connect() as connection:
            return {id_: rows.sketch_of(sketch) for id_, sketch in connection.execute(query)}

    def vectors(self, version_ids: Iterable[int] | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Passage ids int64 (n,), their version ids int64 (n,) and vectors float32 (n, dimensions), by version.

        Of all live versions, or of those named, whatever their state. With nothing held the shapes are (0,) and (0, 0).
        """
        query = select(passages.c.id, passages.c.version_id, passages.c.vector).order_by(
            passages.c.version_id, passages.c.id
        )
        if version_ids is None:
            with self.engine.connect() as connection:
                found = connection.execute(query.join(versions).where(_LIVE)).all()
        else:
            found = list(self._in_batches(query.where(passages.c.version_id.in_(_IDS)), sorted(version_ids)))
        ids = np.array([row[0] for row in found], dtype=np.int64)
        of_versions = np.array([row[1] for row in found], dtype=np.int64)
        if not found:
            return ids, of_versions, np.empty((0, 0), dtype=np.float32)
        return ids, of_versions, rows.vector_of(b"".join(row[2] for row in found)).reshape(len(found), -1)

    def sample_vectors(self, most: int) -> np.ndarray:
        """Vectors of about so many live passages, spread over all of them: float32, shape (n, dimensions)."""
        step = max(1, self.passage_count() // most)
        query = select(passages.c.vector).join(versions).where(_LIVE, passages.c.id % step == 0)
        with self.engine.connect() as connection:
            found = connection.execute(query).scalars().all()
        if not found:
            return np.empty((0, 0), dtype=np.float32)
        return rows.vector_of(b"".join(found)).reshape(len(found), -1)

    def passage_vectors(self, ids: Sequence[int]) -> dict[int, np.ndarray]:
        """Of these passages, whatever their state: float32, shape (dimensions,)."""
        query = select(passages.c.id, passages.c.vector).where(passages.c.id.in_(_IDS))
        return {id_: rows.vector_of(vector) for id_, vector in self._in_batches(query, ids)}

    def indexable(self) -> tuple[np.ndarray, np.ndarray]:
        """Ids int64 (n,) of the passages that the derived indexes should hold, and their version ids int64 (n,).

        Of live versions, and of those staged, which are about to be.
        """
        query = select(passages.c.id, passages.c.version_id).join(versions)
        with self.engine.connect() as connection:
            found = connection.execute(query.where(versions.c.state.in_([State.LIVE, State.STAGED]))).all()
        pairs = np.array([tuple(row) for row in found], dtype=np.int64).reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1]

    def words(self, version_ids: Iterable[int]) -> dict[int, tuple[str, list[tuple[int, tuple[str, ...], str]]]]:
        """By version: its title, and id, heading path and text of each passage in order."""
        columns = (passages.c.id, passages.c.version_id, passages.c.heading_path, passages.c.text, versions.c.card)
        query = select(*columns).select_from(passages.join(versions)).where(passages.c.version_id.in_(_IDS))
        query = query.order_by(passages.c.version_id, passages.c.ordinal)
        found: dict[int, tuple[str, list[tuple[int, tuple[str, ...], str]]]] = {}
        for row in self._in_batches(query, sorted(version_ids)):
            _, held = found.setdefault(row.version_id, (row.card["title"], []))
            held.append((row.id, tuple(row.heading_path), row.text))
        return found

    def vectors_by_key(self, document_id: str, embedder: str) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """Vectors already made for this document, by embedding key: passage (d,), its sentences (n, d)."""
        query = select(passages.c.embedding_key, passages.c.vector, passages.c.sentence_vectors).join(versions)
        query = query.where(versions.c.document_id == document_id, versions.c.embedder == embedder)
        with self.engine.connect() as connection:
            found = connection.execute(query).all()
        vectors = {row.embedding_key: (rows.vector_of(row.vector), row.sentence_vectors) for row in found}
        return {key: (vector, rows.vector_of(blob).reshape(-1, len(vector))) for key, (vector, blob) in vectors.items()}

    def _one_version(self, query: Select[Any], unknown: str, values: rows.Values | None = None) -> HeldVersion:
        with self.engine.connect() as connection:
            row = connection.execute(query, values).first()
        if row is None:
            raise UnknownDocument(unknown)
        return rows.held_version(row)

    def _in_batches(self, query: Select[Any], ids: Sequence[int]) -> Iterator[AnyRow]:
        """Rows of a query that asks for `_IDS`."""
        with self.engine.connect() as connection:
            for at in range(0, len(ids), _BATCH):
                yield from connection.execute(query, {"ids": [int(id_) for id_ in ids[at : at + _BATCH]]}).all()


def _conditions(scope: Scope) -> list[ColumnElement[bool]]:
    """Live, permitted, and within what the question asks for; dates by whether the spans of days meet."""
    permitted = select(audiences.c.version_id).where(audiences.c.name.in_(scope.audiences))
    conditions = [_LIVE, versions.c.id.in_(permitted)]
    if scope.organisations:
        named = select(organisations.c.version_id).where(organisations.c.slug.in_(scope.organisations))
        conditions.append(versions.c.id.in_(named))
    if scope.kinds:
        conditions.append(versions.c.kind.in_([str(kind) for kind in scope.kinds]))
    if scope.documents:
        conditions.append(versions.c.document_id.in_(scope.documents))
    if scope.date_from:
        conditions.append(versions.c.last_day >= rows.first_day(scope.date_from))
    if scope.date_to:
        conditions.append(versions.c.first_day <= rows.last_day(scope.date_to))
    return conditions
