"""The embedder that the settings name: the packaged one, or any that LangChain knows."""

import asyncio
import logging
import os
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.embedding import Embedder, MiniLM, load_tokenizer
from ingest.errors import EmbedderFailed, EngageError, IndexMismatch
from ingest.scale import Scale, unrelated_texts
from ingest.settings import MINILM, IngestSettings
from ingest.waiting import Waiting, status_of, what_failed

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

QUESTION_SECONDS = 10.0
"""Who asks waits for no more."""
TEXTS_AT_ONCE = 32
"""As many as the servers take that take the fewest."""
SAME = 0.98
"""Cosine from which two vectors of one text are the same model's: servers compute in half precision and in batches."""

_SHARE_OF_SILENCE = 0.9
"""Of the time that a document may make no progress; the rest is for telling why."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """A text with the vector that it has in the library, float32 (dimensions,): tells which model made the library."""

    text: str
    vector: np.ndarray


class LangChainEmbedder(Embedder):
    """Any embedder that LangChain's init_embeddings names, as "provider:model". Safe to use from several threads.

    Raises EmbedderFailed if it does not answer, and IndexMismatch if it is not the one that made the library.
    """

    max_tokens = MiniLM.max_tokens
    """Most models read more, but retrieval is best with passages of about this length."""

    def __init__(self, settings: IngestSettings, made: Made | None = None) -> None:
        self.name = settings.embedder_name
        self._before_question = settings.embedder_question_prefix
        self._before_passage = settings.embedder_passage_prefix
        self._patience = settings.max_reading_seconds * _SHARE_OF_SILENCE
        self._model = _langchain_model(settings)
        self._tokenizer = load_tokenizer()
        self._waiting = Waiting("embedder")
        [vector] = self._passages([made.text if made else "dimensions"], QUESTION_SECONDS)
        self.dimensions = len(vector)
        if made is not None and (vector.shape != made.vector.shape or vector @ made.vector < SAME):
            raise IndexMismatch(
                f"What answers as {self.name} is not the model that made the library's vectors. See that the right one"
                " is served, or run 'engage rebuild --embed-again'."
            )

    def count_tokens(self, text: str) -> int:
        """An estimate, in MiniLM's tokens: few providers tell theirs without being asked over the network."""
        return len(self._tokenizer.encode(text))

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        return self._of_known_dimensions(self._passages(texts, self._patience))

    def questions(self, texts: Sequence[str]) -> np.ndarray:
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        asked = _all(self._model, [self._before_question + text for text in texts])
        return self._of_known_dimensions(self._answer(asked, len(texts), QUESTION_SECONDS))

    @cached_property
    def scale(self) -> Scale:
        questions, answers = unrelated_texts()
        return Scale.of(self.questions(questions), self.vectors(answers))

    def _passages(self, texts: Sequence[str], seconds: float) -> np.ndarray:
        asked = self._model.aembed_documents([self._before_passage + text for text in texts])
        return self._answer(asked, len(texts), seconds)

    def _answer(self, asked: Coroutine[Any, Any, list[list[float]]], texts: int, seconds: float) -> np.ndarray:
        try:
            rows = np.asarray(self._waiting.result(asked, seconds), np.float32)
        except Exception as error:  # each provider's package has exceptions of its own
            _log.warning("%s failed: %s, HTTP status %s", self.name, type(error).__name__, status_of(error))
            raise self._failure(what_failed(error, seconds)) from error
        if rows.ndim != 2 or len(rows) != texts or not rows.shape[1] or not np.isfinite(rows).all():
            raise self._failure("sent something that is no vectors")
        return _normalised(rows)

    def _of_known_dimensions(self, rows: np.ndarray) -> np.ndarray:
        if rows.shape[1] != self.dimensions:
            raise self._failure(f"sent {rows.shape[1]} numbers a text instead of {self.dimensions}")
        return rows

    def _failure(self, what: str) -> EmbedderFailed:
        return EmbedderFailed(
            f"The embedder {self.name} {what}. Try again later; whoever runs this service should see that it runs."
        )


def load_embedder(settings: IngestSettings, made: Made | None = None) -> Embedder:
    """The embedder of the settings. With `made`, one that did not make it is refused.

    Raises WeightsMissing, EmbedderFailed, IndexMismatch, or EngageError if it is not known.
    """
    return MiniLM() if settings.embedder == MINILM else LangChainEmbedder(settings, made)


async def _all(model: "Embeddings", questions: Sequence[str]) -> list[list[float]]:
    return await asyncio.gather(*(model.aembed_query(question) for question in questions))


def _langchain_model(settings: IngestSettings) -> "Embeddings":
    from langchain.embeddings import init_embeddings

    name = settings.embedder
    provider, _, model = name.partition(":")
    try:
        return init_embeddings(name, **_options(provider.strip().lower(), model.strip(), settings))
    except ImportError as error:
        # LangChain's own error hides the missing module in its cause.
        module = getattr(error.__cause__, "name", None) or error.name or f"langchain_{provider}"
        package = module.partition(".")[0].replace("_", "-")
        raise EngageError(
            f"The embedder {name} needs the package {package}. Install it into the virtual environment:"
            f" .venv/bin/pip install {package}"
        ) from error
    except Exception as error:
        reason = str(error).partition("\n")[0].rstrip(":.")
        raise EngageError(
            f"ENGAGE_EMBEDDER={name} cannot be used: {reason}. Set it to {MINILM}, or to provider:model with what that"
            " provider needs."
        ) from error


def _options(provider: str, model: str, settings: IngestSettings) -> dict[str, Any]:
    """What a provider's client is made with. The OpenAI one would download a vocabulary to count tokens by."""
    address, key = settings.embedder_base_url, settings.embedder_api_key
    openai: dict[str, Any] = {"check_embedding_ctx_length": False, "chunk_size": TEXTS_AT_ONCE, "api_key": key}
    openai["model_kwargs"] = {"encoding_format": "float"}  # not every server of this protocol knows base64
    match provider:
        case "openai":
            if address and not os.environ.get("OPENAI_API_KEY"):
                openai["api_key"] = key or "none"  # many of these servers want no key, the client insists on one
            options = openai | {"base_url": address}
        case "azure_openai":
            options = openai | {"azure_endpoint": address, "azure_deployment": model}
        case "ollama":
            bearer = {"Authorization": f"Bearer {key}"} if key else {}
            options = {"base_url": address, "client_kwargs": {"headers": bearer}}
        case _ if address or key:
            raise ValueError(f"{provider} takes its address and key from its own variables, not from ENGAGE_EMBEDDER_…")
        case _:
            options = {}
    return {name: value for name, value in options.items() if value is not None}


def _normalised(rows: np.ndarray) -> np.ndarray:
    """Each row at length 1; a row of zeros stays."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    result: np.ndarray = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return result
