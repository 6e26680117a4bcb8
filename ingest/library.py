"""The library: the catalogue and what is derived from it, opened together by the one process that owns the data folder.

The catalogue decides what is live. A version enters the indexes before it goes live and leaves them after it has been
retired, so what an index names beyond the live set is ignored, and nothing live is missing from it.
"""

import logging
import shutil
import threading
from collections.abc import Iterable
from functools import cached_property
from types import TracebackType
from typing import Self

import numpy as np

from ingest.catalogue import Catalogue, Edit, HeldPassage, NewVersion, PassagePlace
from ingest.embedders import Made, load_embedder
from ingest.embedding import Embedder
from ingest.errors import EngageError, IndexMismatch
from ingest.glossary import Glossary
from ingest.index import ExactVectors, VectorIndex
from ingest.kept import Kept
from ingest.lexical import LexicalIndex, PassageWords, VersionWords
from ingest.moment import Moment
from ingest.originals import Originals
from ingest.owning import Ownership
from ingest.register import Register
from ingest.scale import OWN, Scale
from ingest.settings import MINILM, IngestSettings
from ingest.splitting import sentence_text
from ingest.spread import SAMPLE, Spread
from ingest.vocabulary import Card

_log = logging.getLogger(__name__)

_VERSIONS_AT_ONCE = 200
_COMPARED = 24_000_000
"""Bytes of all vectors up to which a question is compared with each of them, which then costs less than asking Chroma:
16,000 passages of 384 numbers."""
_PLACES = 20_000
"""Kept; some 0.3 kB each."""
_PASSAGES = 4_000_000
"""Bytes of sentence vectors kept, which are most of what a passage takes."""
_CENTROIDS = 10_000
"""Kept; some 1.5 kB each."""


class Library:
    """An open library. Made by `open`; safe to use from several threads; closed by `close` or as a context manager."""

    lexical: LexicalIndex
    now: Moment
    """What is live, and questions are answered from."""

    def __init__(self, settings: IngestSettings, ownership: Ownership) -> None:
        self.settings = settings
        self._ownership = ownership
        self.register = Register.load()
        self.glossary = Glossary.load()
        self.originals = Originals(settings.data_dir / "originals")
        self.catalogue = Catalogue(settings.catalogue_url)
        self._writing = threading.RLock()
        self._places = Kept(self.catalogue.places, _PLACES)
        self._passages = Kept(self.catalogue.passages, _PASSAGES, lambda passage: passage.sentence_vectors.nbytes)
        self._centroids = Kept(self.catalogue.centroids, _CENTROIDS)
        self._exact = ExactVectors(self.catalogue)
        self._lexical_folder = settings.data_dir / "lexical"
        self._spread: Spread | None = None
        self._index = VectorIndex(
            settings.data_dir / "chroma",
            self.catalogue,
            settings.embedder_name,
            settings.chroma_url,
            settings.chroma_timeout_seconds,
        )

    @classmethod
    def open(cls, settings: IngestSettings, any_embedder: bool = False) -> Self:
        """Take the data folder, finish what was under way when it was last left, and bring the indexes into step.

        any_embedder: open it even if its vectors were made by another embedder than the configured one, to make them
        again and then `rebuild`. Raises LibraryInUse, IndexMismatch, or EngageError if the folder cannot be used.
        """
        try:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
            ownership = Ownership.take(settings.data_dir)
        except OSError as error:
            sentence = f"The data folder {settings.data_dir} cannot be used ({error.strerror}). Set ENGAGE_DATA_DIR."
            raise EngageError(sentence) from error
        try:
            library = cls(settings, ownership)
        except BaseException:
            ownership.release()
            raise
        try:
            library._recover(any_embedder)
        except BaseException:
            library.catalogue.close()
            ownership.release()
            raise
        return library

    def close(self) -> None:
        self._index.close()
        self.lexical.close()
        self.catalogue.close()
        self._ownership.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def embedder(self) -> Embedder:
        return load_embedder(self.settings, self.made())

    @property
    def scale(self) -> Scale:
        """What its cosines say. The packaged embedder's need none, so that it is not loaded for this."""
        return OWN if self.settings.embedder == MINILM else self.embedder.scale

    def made(self) -> Made | None:
        """A sentence that is held with its vector, by which an embedder that is not the packaged one is known again."""
        if self.settings.embedder == MINILM or not self.now.versions:
            return None
        version_id = max(self.now.versions)
        [passage, *_] = self.catalogue.passages_of(version_id)
        text = sentence_text(self.catalogue.version(version_id).text, passage.sentences[0])
        return Made(text, passage.sentence_vectors[0])

    @property
    def index_version(self) -> str:
        """Changes whenever the set of live versions or the card of one of them does."""
        return self.now.name

    @property
    def index_state(self) -> str:
        """Where unfiltered questions of a large library are answered from: "chroma", or "exact (…)" with the reason."""
        return self._index.state

    def spread(self) -> Spread:
        """How the live vectors lie, looked at again when the library has changed by a tenth."""
        passages = self.lexical.passages
        if self._spread is None or not self._spread.holds_for(passages):
            self._spread = Spread.of(self.catalogue.sample_vectors(SAMPLE), passages, self.scale)
        return self._spread

    def announce(self, url: str, token: str) -> None:
        """Leave word of the address at which this process adds and removes documents for others."""
        self._ownership.announce(url, token)

    def settle(self) -> None:
        """Wait until Chroma is in step with the catalogue, or has been given up for now."""
        self._index.settle()

    def nearest(self, vector: np.ndarray, k: int, versions: frozenset[int] | None = None) -> list[tuple[int, float]]:
        """The k live passages nearest to a unit vector, of these versions or of all: id and cosine, best first.

        Cosines are those of the library's scale.
        """
        live = self.now.versions
        many = vector.nbytes * self.lexical.passages > _COMPARED
        hits = self._nearest_by_chroma(vector, k, live) if many and versions is None else None
        if hits is None:
            hits = self._exact.nearest(vector, k, live, versions)
        return [(id_, self.scale(cosine)) for id_, cosine in hits]

    def places(self, ids: Iterable[int]) -> dict[int, PassagePlace]:
        """Where those of the passages stand whose version is live."""
        live = self.now.versions
        return {id_: place for id_, place in self._places.of(ids).items() if place.version_id in live}

    def passages(self, ids: Iterable[int]) -> dict[int, HeldPassage]:
        """Those of the passages whose version is live."""
        live = self.now.versions
        return {id_: passage for id_, passage in self._passages.of(ids).items() if passage.version_id in live}

    def centroids(self, version_ids: Iterable[int]) -> dict[int, np.ndarray]:
        """The mean direction of each version's passages: float32, shape (dimensions,), L2-normalised."""
        return self._centroids.of(version_ids)

    def hold(self, new: NewVersion) -> int:
        """Write a new version and make it the live one of its document. Its original is kept already.

        Returns the version's id. Raises OSError or SQLAlchemyError if it cannot be stored; then all is as it was.
        """
        with self._writing:
            version_id = self.catalogue.stage(new)
            try:
                self._publish(version_id)
            except Exception:
                self._leave_indexes(version_id)
                self.catalogue.discard(version_id)
                raise
        return version_id

    def correct_card(self, version_id: int, card: Card, card_digest: str, edit: Edit | None = None) -> None:
        """Change what is recorded of a live version, not its text."""
        with self._writing:
            self.catalogue.change_card(version_id, card, card_digest, edit)
            self._look_again()

    def withdraw(self, document_id: str) -> int:
        """Take a document out of answers at once; its versions still resolve. Raises UnknownDocument.

        Returns the id of the version that was live.
        """
        with self._writing:
            version_id = self.catalogue.withdraw(document_id)
            self._look_again()
            self._leave_indexes(version_id)
        return version_id

    def restore(self, version_id: int) -> None:
        """Have a withdrawn version answer questions again. Its vectors must be the configured embedder's."""
        with self._writing:
            self._publish(version_id)

    def rebuild(self) -> None:
        """Make both indexes again from the catalogue. Raises EngageError if Chroma could not be rebuilt."""
        with self._writing:
            self.lexical.close()
            self.lexical = self._new_lexical()
        self._index.rebuild()
        if self._index.problem:
            sentence = f"The Chroma index could not be built ({self._index.problem}). Run 'engage rebuild' again."
            raise EngageError(sentence)

    def ids_in_chroma(self) -> frozenset[int]:
        """Of all passages in the Chroma index, as it tells itself. Raises ingest.index.ChromaFailed."""
        return self._index.ids()

    def _recover(self, any_embedder: bool) -> None:
        if not any_embedder:
            self._refuse_other_embedders()
        self.originals.clear()
        shutil.rmtree(self.settings.unpacking_dir, ignore_errors=True)
        self.catalogue.sketch_texts()
        self._look_again()
        self.lexical = self._open_lexical()
        for version_id in self.catalogue.staged():
            if self.catalogue.is_overtaken(version_id):
                self.catalogue.discard(version_id)
            else:
                self._publish(version_id)
        if not any_embedder:  # else it would be made of vectors that are about to change: `rebuild` starts it
            self._index.start()

    def _refuse_other_embedders(self) -> None:
        others = sorted(set(self.catalogue.embedders()) - {self.settings.embedder_name})
        if others:
            raise IndexMismatch(
                f"The library's vectors were made by the embedder {' and '.join(others)}, but"
                f" {self.settings.embedder_name} is configured. Run 'engage rebuild --embed-again', or set"
                " ENGAGE_EMBEDDER back."
            )

    def _publish(self, version_id: int) -> None:
        """From staged to live: into the indexes, then one transaction, then what it replaces leaves the indexes."""
        ids, _, vectors = self.catalogue.vectors([version_id])
        self._index.put(version_id, ids.tolist(), vectors)
        self.lexical.put(self._words([version_id]))
        retired = self.catalogue.publish(version_id)
        self._look_again()
        if retired is not None:
            self._leave_indexes(retired)

    def _leave_indexes(self, version_id: int) -> None:
        ids, _, _ = self.catalogue.vectors([version_id])
        self._index.drop(ids.tolist())
        try:
            self.lexical.drop([version_id])
        except OSError as error:  # it is dead all the same, and leaves at the next start
            _log.warning("%s", error)

    def _look_again(self) -> None:
        """Take notice of what is live now."""
        self.now = Moment(self.catalogue, self.settings.embedder_name)

    def _open_lexical(self) -> LexicalIndex:
        """The lexical index, brought into step; one that cannot be opened, or miscounts, is made again."""
        try:
            lexical = LexicalIndex(self._lexical_folder)
            self._bring_into_step(lexical)
        except (OSError, ValueError):
            return self._new_lexical()
        ids, versions = self.catalogue.indexable()
        live = {
            id_ for id_, version in zip(ids.tolist(), versions.tolist(), strict=True) if version in self.now.versions
        }
        if lexical.passage_ids() == live:
            return lexical
        lexical.close()
        return self._new_lexical()

    def _new_lexical(self) -> LexicalIndex:
        LexicalIndex.discard(self._lexical_folder)
        lexical = LexicalIndex(self._lexical_folder)
        self._bring_into_step(lexical)
        return lexical

    def _bring_into_step(self, lexical: LexicalIndex) -> None:
        held, live = lexical.versions(), self.now.versions
        if held - live:
            lexical.drop(sorted(held - live))
        missing = sorted(live - held)
        for at in range(0, len(missing), _VERSIONS_AT_ONCE):
            lexical.put(self._words(missing[at : at + _VERSIONS_AT_ONCE]))

    def _words(self, version_ids: Iterable[int]) -> list[VersionWords]:
        found = self.catalogue.words(version_ids)
        return [
            VersionWords(version_id, title, [PassageWords(*passage) for passage in passages])
            for version_id, (title, passages) in found.items()
        ]

    def _nearest_by_chroma(self, vector: np.ndarray, k: int, live: frozenset[int]) -> list[tuple[int, float]] | None:
        """Joined to the live set; asks for more where dead ones took the places of live ones."""
        asked = k
        while True:
            hits = self._index.nearest(vector, asked)
            if hits is None:
                return None
            alive = [(id_, cosine) for id_, version_id, cosine in hits if version_id in live]
            if len(alive) >= k or len(hits) < asked:
                return alive[:k]
            asked *= 2
