"""Waits for what is asked over the network, and no longer than it is given."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

Answer = TypeVar("Answer")

_GRACE_SECONDS = 1.0
_UNREACHED = frozenset({"ConnectionError", "TransportError"})
"""Python's own, and those of the HTTP library, of which clients bring different ones."""


class Waiting:
    """An event loop in a thread of its own. Safe to use from several threads at once.

    A deadline closes the connection, whether the other end is silent or sends a byte now and then; a client's own
    timeouts only see to the first of these.
    """

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def result(self, coroutine: Coroutine[Any, Any, Answer], seconds: float) -> Answer:
        """What comes of it. Raises TimeoutError after so many seconds, and what it raises itself."""
        asked = asyncio.run_coroutine_threadsafe(_within(coroutine, seconds), self._loop)
        try:
            return asked.result(seconds + _GRACE_SECONDS)
        except TimeoutError:
            asked.cancel()
            raise

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        self._loop.run_forever()
        self._loop.close()


async def _within(coroutine: Coroutine[Any, Any, Answer], seconds: float) -> Answer:
    async with asyncio.timeout(seconds):
        return await coroutine


def what_failed(error: Exception, seconds: float) -> str:
    """Why a server that was asked gave no answer: the end of a sentence, and nothing of what was sent to it.

    The server's own words may repeat the question or the key.
    """
    if isinstance(error, TimeoutError):
        return f"did not answer within {seconds:g} seconds"
    status = status_of(error)
    if status in {401, 403}:
        return "refused the key"
    if status == 404:
        return "is not known where it is asked for"
    if status is not None:
        return f"failed (HTTP {status})"
    if any(_UNREACHED.intersection(cls.__name__ for cls in type(cause).__mro__) for cause in _causes(error)):
        return "could not be reached"
    return "sent something that is no answer"


def status_of(error: Exception) -> int | None:
    """The HTTP status behind an error, whichever client raised it."""
    status = getattr(error, "status_code", None) or getattr(getattr(error, "response", None), "status_code", None)
    return status if isinstance(status, int) and status > 0 else None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
