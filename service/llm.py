"""The only door to a language model. Which one, and where it is, are settings; without them no model is asked.

A question has one deadline for the whole answer, a second try included. When it passes the connection is closed,
whether the provider is silent or sends a byte now and then. What the provider does not call complete is no answer.
"""

import asyncio
import logging
import math
import os
import time
from typing import TYPE_CHECKING, Any

from ingest.errors import EngageError
from ingest.waiting import Waiting
from service.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage

CONTEXT_TOKENS = 8_192
"""What a model must be able to read and write for one question. Ollama's own default cuts a prompt without a word."""
MOST_TRIES = 2
PAUSE_BEFORE_RETRY_SECONDS = 0.5

_NEW_CONNECTION = {"Connection": "close"}
"""LangChain shares one pool of connections between all clients of an address, and with the event loop of the first."""
_COMPLETE = frozenset({"stop", "end_turn", "stop_sequence"})
_FINISH = ("finish_reason", "stop_reason", "done_reason")
"""Where OpenAI and Azure, Anthropic and Ollama say why the answer ends."""

_log = logging.getLogger(__name__)


class ModelUnusable(EngageError):
    """The language model in the settings cannot be set up. Raised at start, before any question."""


class ModelFailed(EngageError):
    """The language model gave no answer that can be used. Holds nothing of the question, the answer or the key."""


class ChatModel:
    """A chat model that is asked one thing at a time. Safe to ask from several threads at once."""

    def __init__(self, name: str, client: "BaseChatModel", timeout_seconds: float) -> None:
        self.name = name
        """"provider:model", as in the settings."""
        self._client = client
        self._timeout = timeout_seconds
        self._waiting = Waiting("language-model")

    def ask(self, system: str, user: str) -> str:
        """The model's whole answer. Raises ModelFailed, after the deadline at the latest."""
        try:
            return self._waiting.result(self._ask([("system", system), ("user", user)]), self._timeout)
        except TimeoutError as error:
            raise ModelFailed(
                f"The language model did not finish its answer within {self._timeout:g} seconds; ask again later."
            ) from error

    def close(self) -> None:
        self._waiting.close()

    async def _ask(self, messages: list[tuple[str, str]]) -> str:
        """LangSmith's tracing is kept off: an environment that switches it on would send the question elsewhere."""
        from langsmith import tracing_context

        ends = time.monotonic() + self._timeout
        with tracing_context(enabled=False):
            return _complete_text(await self._reply(messages, ends))

    async def _reply(self, messages: list[tuple[str, str]], ends: float) -> "AIMessage":
        """The first reply of at most two tries, the second only where it can succeed before the deadline."""
        tries = 0
        while True:
            try:
                return await self._client.ainvoke(messages)
            except Exception as error:
                tries += 1
                pause = _pause_before_retry(error)
                if tries == MOST_TRIES or pause is None or time.monotonic() + pause >= ends:
                    raise self._failure(error) from error
            await asyncio.sleep(pause)

    def _failure(self, error: Exception) -> ModelFailed:
        """What the reader is told. The provider's own message may repeat the question or the key: it goes nowhere."""
        status = _status(error)
        _log.warning("%s failed: %s, HTTP status %s", self.name, type(error).__name__, status)
        if status in {401, 403}:
            return ModelFailed("The language model's provider refused the key; the operator should check it.")
        if status == 404:
            return ModelFailed("The provider knows no such language model; the operator should check its name.")
        if status == 429:
            return ModelFailed("The language model's provider takes no more questions for now; ask again later.")
        if status is not None:
            return ModelFailed(f"The language model's provider failed (HTTP {status}); ask again later.")
        if _is_connection_error(error):
            return ModelFailed("The language model could not be reached; ask again later.")
        return ModelFailed(
            "The language model sent something that is no answer; the operator should check its address."
        )


def load_chat_model(settings: Settings) -> ChatModel | None:
    """The model that the settings name; None where they name none. Raises ModelUnusable."""
    chosen = (settings.llm or "").strip()
    if not chosen:
        return None
    provider, _, model = chosen.partition(":")
    provider = provider.strip().replace("-", "_").lower()
    if not provider or not model.strip():
        raise ModelUnusable(f"ENGAGE_LLM is '{chosen}'; write provider:model, such as openai:NAME or ollama:NAME.")
    client = _client(provider, model.strip(), settings)
    return ChatModel(f"{provider}:{model.strip()}", client, settings.llm_timeout_seconds)


def _client(provider: str, model: str, settings: Settings) -> "BaseChatModel":
    from langchain.chat_models import init_chat_model

    try:
        client: BaseChatModel = init_chat_model(model, model_provider=provider, **_options(provider, model, settings))
    except (ImportError, AttributeError) as error:
        raise ModelUnusable(
            f"The Python package for the language model provider '{provider}' is missing or too old; install "
            f"langchain-{provider.replace('_', '-')} beside this service, or name another provider in ENGAGE_LLM."
        ) from error
    except Exception as error:
        raise ModelUnusable(_unusable(provider, error)) from error
    return client


def _unusable(provider: str, error: Exception) -> str:
    if str(error).startswith("Unsupported provider"):
        return (
            f"ENGAGE_LLM names the provider '{provider}', which is not known; write openai, azure_openai, anthropic or "
            "ollama before the colon (for a server that speaks the OpenAI protocol: openai, and ENGAGE_LLM_BASE_URL)."
        )
    return (
        f"The language model provider '{provider}' could not be set up ({type(error).__name__}); check "
        "ENGAGE_LLM_API_KEY and ENGAGE_LLM_BASE_URL, or the provider's own variables listed in docs/language-model.md."
    )


def _options(provider: str, model: str, settings: Settings) -> dict[str, Any]:
    """What a provider's client is made with: no retries of its own, and a new connection for each question."""
    seconds, address, key = settings.llm_timeout_seconds, settings.llm_base_url, settings.llm_api_key
    options: dict[str, Any] = {"max_retries": 0, "timeout": seconds, "base_url": address, "api_key": key}
    match provider:
        case "openai":
            if address and not os.environ.get("OPENAI_API_KEY"):
                options["api_key"] = (
                    key or "none"
                )  # many servers of this protocol want no key, the client insists on one
            options |= {"use_responses_api": False, "default_headers": _NEW_CONNECTION}
        case "azure_openai":
            options |= {"azure_endpoint": address, "base_url": None, "azure_deployment": model}
            options |= {"use_responses_api": False, "default_headers": _NEW_CONNECTION}
        case "anthropic":
            if not key and not os.environ.get("ANTHROPIC_API_KEY"):
                raise ValueError("no key")  # its client notices only at the first question
            options["default_headers"] = _NEW_CONNECTION
        case "ollama":
            bearer = {"Authorization": f"Bearer {key}"} if key else {}
            options = {"base_url": address, "num_ctx": CONTEXT_TOKENS, "temperature": 0}
            options["client_kwargs"] = {"timeout": seconds, "headers": bearer}
    return {name: value for name, value in options.items() if value is not None}


def _complete_text(message: "AIMessage") -> str:
    """The reply's text. A reply that does not say that it is complete is cut off, whatever its HTTP status."""
    finish = next((message.response_metadata[key] for key in _FINISH if message.response_metadata.get(key)), None)
    text = message.text.strip()
    if finish not in _COMPLETE:
        _log.warning("the model's reply ended with %r", finish)
        raise ModelFailed("The language model's answer broke off before its end; ask again later.")
    if not text:
        raise ModelFailed("The language model sent an empty answer; ask again later.")
    return text


def _pause_before_retry(error: Exception) -> float | None:
    """Seconds to wait before the second try; None where trying again makes no sense."""
    status = _status(error)
    if status is None:
        return PAUSE_BEFORE_RETRY_SECONDS if _is_connection_error(error) else None
    if status != 429 and status < 500:
        return None
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        asked = float(headers.get("retry-after", ""))
    except ValueError:
        return PAUSE_BEFORE_RETRY_SECONDS
    return max(asked, 0.0) if not math.isnan(asked) else None


def _status(error: Exception) -> int | None:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) and status > 0 else None


def _is_connection_error(error: Exception) -> bool:
    """Refused, reset or cut connections, whichever library says so."""
    import httpx
    from langchain_core.exceptions import ModelConnectionError, ModelTimeoutError

    return isinstance(error, (ModelConnectionError, ModelTimeoutError, httpx.TransportError, ConnectionError))
