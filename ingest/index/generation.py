"""One generation of the Chroma index, built once and then only added to: the only file that knows Chroma.

A generation is a folder with a marker and the list of what it was built from. Embedded, Chroma's own files lie in it
too; on a server, it names the collection there. Chroma rewrites its graph files in place, so a process killed meanwhile
leaves them unreadable: once built, a generation is told never to do so again, and changes stay in Chroma's SQLite log.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api import ClientAPI

BATCH = 1_000
_NEVER = 10**9
_BUILDING_EFFORT = 200
_SEARCH_EFFORT = 400
"""Candidates looked at per insertion and per query; Chroma's own are 100. Of the hundred nearest among 7,500 its graph
misses 0.04 with these and 0.35 with 200 a query, for a tenth of a millisecond."""


@dataclass(frozen=True, slots=True)
class Marker:
    """What a generation was made for: one made for anything else is not used."""

    embedder: str
    url: str | None
    """Of the Chroma server; None if embedded."""
    collection: str
    token: str
    """Kept by the collection too, so that another library's on the same server is never taken for ours."""

    @classmethod
    def new(cls, embedder: str, url: str | None, number: int) -> Marker:
        return cls(embedder, url, f"passages-{number}", uuid.uuid4().hex)

    @classmethod
    def of(cls, folder: Path) -> Marker | None:
        """None if there is none that can be read."""
        try:
            return cls(**json.loads((folder / "marker.json").read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, folder: Path) -> None:
        (folder / "marker.json").write_text(json.dumps(asdict(self)), "utf-8")


class Generation:
    """An open generation. Every method may raise whatever Chroma raises, and on a server may wait without end."""

    def __init__(self, folder: Path, marker: Marker, create: bool = False) -> None:
        self._client = _client(None if marker.url else folder, marker.url)
        self._collection = _create(self._client, marker) if create else _find(self._client, marker)

    def close(self) -> None:
        _close(self._client)

    def seal(self) -> None:
        """From here on Chroma leaves its graph files alone."""
        self._collection.modify(configuration={"hnsw": {"sync_threshold": _NEVER}})

    def nearest(self, vector: np.ndarray, k: int) -> list[tuple[int, float]]:
        """Passage id and cosine of up to k passages, best first."""
        found = self._collection.query(
            query_embeddings=vector[np.newaxis].astype(np.float32), n_results=k, include=["distances"]
        )
        distances = found["distances"]
        assert distances is not None
        return [(int(id_), 1.0 - float(distance)) for id_, distance in zip(found["ids"][0], distances[0], strict=True)]

    def put(self, ids: Sequence[int], vectors: np.ndarray) -> None:
        """At most BATCH at once."""
        embeddings = np.ascontiguousarray(vectors, dtype=np.float32)
        self._collection.upsert(ids=[str(number) for number in ids], embeddings=embeddings)

    def drop(self, ids: Sequence[int]) -> None:
        """At most BATCH at once."""
        self._collection.delete(ids=[str(number) for number in ids])

    def ids(self) -> Iterator[int]:
        """Of every passage held, read in pages: Chroma's own count is right even where vectors are lost."""
        at = 0
        while page := self._collection.get(limit=BATCH * 5, offset=at, include=[])["ids"]:
            yield from map(int, page)
            at += len(page)


def numbers_taken(url: str) -> list[int]:
    """Of the collections that a server holds already, ours or others'. Fails if the server cannot be reached."""
    client = _client(None, url)
    try:
        names = [collection.name for collection in client.list_collections()]
    finally:
        _close(client)
    return [int(match[1]) for name in names if (match := re.fullmatch(r"passages-(\d+)", name))]


def delete_collection(marker: Marker) -> None:
    """On a server; an embedded generation goes with its folder."""
    client = _client(None, marker.url)
    try:
        _find(client, marker)
        client.delete_collection(marker.collection)
    finally:
        _close(client)


def _client(folder: Path | None, url: str | None) -> ClientAPI:
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    if url is None:
        return chromadb.PersistentClient(path=str(folder), settings=settings)
    address = urlsplit(url)
    secure = address.scheme == "https"
    port = address.port or (443 if secure else 80)
    return chromadb.HttpClient(host=address.hostname or "localhost", port=port, ssl=secure, settings=settings)


def _close(client: ClientAPI) -> None:
    client.close()  # type: ignore[attr-defined]  # of the clients, not of their interface
    # Chroma leaves its connections to a server open: those of the client and of its inner one.
    for part in (client, getattr(client, "_admin_client", None)):
        session = getattr(getattr(part, "_server", None), "_session", None)
        if session is not None:
            session.close()


def _create(client: ClientAPI, marker: Marker) -> Collection:
    effort = {"ef_construction": _BUILDING_EFFORT, "ef_search": _SEARCH_EFFORT}
    configuration: Any = {"hnsw": {"space": "cosine", **effort}}
    return client.create_collection(
        marker.collection, embedding_function=None, configuration=configuration, metadata={"token": marker.token}
    )


def _find(client: ClientAPI, marker: Marker) -> Collection:
    """Raises LookupError if the collection of that name is another's."""
    collection = client.get_collection(marker.collection, embedding_function=None)
    if (collection.metadata or {}).get("token") != marker.token:
        raise LookupError(f"{marker.collection} on {marker.url} was made by another library")
    return collection
