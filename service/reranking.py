"""The best passages in the order of a model that reads question and passage together. Without one in the settings it is
as retrieval left it.

Spoken is the protocol that llama.cpp, vLLM, Infinity, Jina and Cohere share: POST {base}/rerank with model, query,
documents and top_n; the reply's `results` hold the `index` of each document and its `relevance_score`. Scores only
order: some servers give probabilities, others any number.
"""

import logging
import time
from collections.abc import Sequence
from math import isfinite
from typing import Any

from ingest.errors import EngageError
from ingest.waiting import Waiting, status_of, what_failed
from service.settings import Settings

RERANKED = 30
"""Passages shown to it for one ordering."""

_log = logging.getLogger(__name__)


class RerankerUnusable(EngageError):
    """The reranker in the settings cannot be asked. Raised at start, before any question."""


class RerankerFailed(EngageError):
    """The reranker gave no order that can be used. Holds nothing of the question, the passages or the key."""


class Reranker:
    """A reranking model behind an address. Safe to ask from several threads at once."""

    def __init__(self, name: str, base_url: str, key: str | None, timeout_seconds: float) -> None:
        self.name = name
        self.timeout = timeout_seconds
        """For all that one question asks of it."""
        import httpx  # most services have no reranker, and start sooner without it

        self._address = f"{base_url.rstrip('/')}/rerank"
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.AsyncClient(headers=headers, timeout=timeout_seconds)
        self._waiting = Waiting("reranker")

    def order(self, question: str, passages: Sequence[str], seconds: float) -> list[int]:
        """Places of the passages, best first; those it did not score keep their order behind the others.

        Raises RerankerFailed, after so many seconds at the latest.
        """
        try:
            scores = self._waiting.result(self._scores(question, passages), seconds)
        except Exception as error:
            _log.warning("%s failed: %s, HTTP status %s", self.name, type(error).__name__, status_of(error))
            raise RerankerFailed(f"The reranker {self.name} {what_failed(error, self.timeout)}.") from error
        return sorted(range(len(passages)), key=lambda place: (-scores.get(place, float("-inf")), place))

    def close(self) -> None:
        self._waiting.close()

    async def _scores(self, question: str, passages: Sequence[str]) -> dict[int, float]:
        asked = {"model": self.name, "query": question, "documents": [*passages], "top_n": len(passages)}
        replied = (await self._client.post(self._address, json=asked)).raise_for_status()
        return _read(replied.json(), len(passages))


class Reordering:
    """What one question asks of a reranker: within one deadline, and nothing more once it has failed."""

    def __init__(self, reranker: Reranker | None, question: str) -> None:
        self._reranker = reranker
        self._question = question
        self._ends = time.monotonic() + reranker.timeout if reranker else 0.0
        self.by: str | None = None
        """Name of the model that any passages were ordered by."""
        self.note: str | None = None
        """What the reader should know, if it failed."""

    @property
    def wanted(self) -> int:
        """How many passages are to be ordered."""
        return RERANKED if self._reranker and not self.note else 0

    def order(self, passages: Sequence[str]) -> list[int] | None:
        """Places of the passages, best first; None where nothing orders them."""
        if not self._reranker or self.note or len(passages) < 2:
            return None
        try:
            ordered = self._reranker.order(self._question, passages, max(0.0, self._ends - time.monotonic()))
        except RerankerFailed as failure:
            self.note = f"{failure} Passages were ranked without it."
            return None
        self.by = self._reranker.name
        return ordered


def load_reranker(settings: Settings) -> Reranker | None:
    """The reranker that the settings name; None where they name none. Raises RerankerUnusable."""
    name, address = (settings.reranker or "").strip(), (settings.reranker_base_url or "").strip()
    if not name and not address:
        return None
    if not name or not address.startswith(("http://", "https://")):
        raise RerankerUnusable(
            "A reranker needs both its model in ENGAGE_RERANKER and its address in ENGAGE_RERANKER_BASE_URL, such as"
            " http://127.0.0.1:8081/v1; set both, or neither."
        )
    return Reranker(name, address, settings.reranker_api_key, settings.reranker_timeout_seconds)


def _read(reply: Any, passages: int) -> dict[int, float]:
    """Score by place. Raises ValueError, TypeError or KeyError for a reply that orders nothing."""
    scores = {result["index"]: float(result["relevance_score"]) for result in reply["results"]}
    if not scores or len(scores) != len(reply["results"]) or not all(map(isfinite, scores.values())):
        raise ValueError("scores that order nothing")
    if not all(type(place) is int and 0 <= place < passages for place in scores):
        raise ValueError("a score for no passage")
    return scores
