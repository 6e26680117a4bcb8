"""Puts a question to a library as the service does: the same understanding, gathering, composing and citing.

All that is done differently is done between the journey and its gatherer: some documents are kept from it, or it is
made to answer although it would refuse.
"""

import hashlib
from collections.abc import Sequence, Set
from dataclasses import asdict, dataclass, replace
from functools import lru_cache

import numpy as np

from ingest.catalogue import Holdings, Scope
from ingest.embedding import Embedder
from ingest.library import Library
from ingest.scale import Scale
from service.answering import Answering
from service.gathering import Gathered, Gatherer
from service.rephrasing import Understood, understand
from service.reranking import Reranker, load_reranker
from service.retrieving import CANDIDATES
from service.settings import Settings
from service.sufficiency import Sufficiency
from service.vocabulary import Answer, Asker, Evidence, Question, Turn

_VERSIONS_KEPT = 2_000


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of one question."""

    answer: Answer
    gathered: Gathered | None
    """None where it was refused before anything was searched."""

    @property
    def shown(self) -> bool:
        """Whether any statement was shown, be it only as the nearest there is."""
        return bool(self.answer.points)

    @property
    def answered(self) -> bool:
        """Whether statements were shown as an answer."""
        return self.shown and self.gathered is not None and self.gathered.sufficiency.enough

    @property
    def probability(self) -> float:
        """That the library answers it; 0 where it was refused unseen."""
        return self.gathered.sufficiency.probability if self.gathered else 0.0


class _Assured(Sufficiency):
    """Enough, whatever its features say."""

    __slots__ = ()

    @property
    def probability(self) -> float:
        return 1.0


class _Between(Gatherer):
    """Gathers as the product does, from all but the documents kept back, and remembers what it gathered."""

    def __init__(self, library: Library, reranker: Reranker | None) -> None:
        super().__init__(library, reranker)
        self.kept_back: Set[int] = frozenset()
        self.insists = False
        self.last: Gathered | None = None

    def gather(self, understood: Understood, searched: Holdings, versions: frozenset[int] | None) -> Gathered:
        if self.kept_back:
            searched = Holdings(document for document in searched if document.version_id not in self.kept_back)
            versions = searched.versions
        self.last = super().gather(understood, searched, versions)
        if not self.insists:
            return self.last
        evidence = self.last.evidence or self.last.closest
        return replace(self.last, evidence=evidence, sufficiency=_Assured(**asdict(self.last.sufficiency)))


class Asking:
    """Asks questions of one library."""

    def __init__(self, library: Library) -> None:
        library.embedder = _Remembering(library.embedder)
        self.library = library
        self._gatherer = _Between(library, load_reranker(Settings()))
        self._answering = Answering(library, lambda: "EVAL", gatherer=self._gatherer)
        self.version = lru_cache(_VERSIONS_KEPT)(library.catalogue.version_of)

    def ask(
        self, text: str, history: Sequence[Turn] = (), without: Set[int] = frozenset(), insists: bool = False
    ) -> Heard:
        """without: versions to answer without, as if they were not held. insists: answer, enough or not."""
        self._gatherer.kept_back, self._gatherer.insists, self._gatherer.last = without, insists, None
        answer = self._answering.answer(Question(question=text, history=tuple(history)), Asker())
        return Heard(answer, self._gatherer.last)

    def ranked(self, text: str) -> tuple[Evidence, ...]:
        """All candidates of the library for the question, best first, not only those that an answer is made of."""
        understood = understand(Question(question=text), self.library.register)
        held = self.library.now.documents(Scope(audiences=Asker().audiences))
        return self._gatherer.weighed(self._gatherer.search(understood, held), None, CANDIDATES)

    def verifies(self, answer: Answer) -> list[bool]:
        """Of each citation: whether its words stand where it says they stand, to the letter."""
        return [
            self.version(c.source.document_id, c.source.version).text[c.location.char_start : c.location.char_end]
            == c.cited_text
            and hashlib.sha256(c.cited_text.encode()).hexdigest() == c.digest
            for c in answer.citations
        ]


class _Remembering(Embedder):
    """Embeds a text that was asked before no second time."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name, self.dimensions, self.max_tokens = embedder.name, embedder.dimensions, embedder.max_tokens
        self._known: dict[str, np.ndarray] = {}

    def count_tokens(self, text: str) -> int:
        return self._embedder.count_tokens(text)

    @property
    def scale(self) -> Scale:
        return self._embedder.scale

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        return self._embedder.vectors(texts)

    def questions(self, texts: Sequence[str]) -> np.ndarray:
        for text in texts:
            if text not in self._known:
                self._known[text] = self._embedder.questions([text])[0]
        return np.stack([self._known[text] for text in texts])
