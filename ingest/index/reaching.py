"""Calls of Chroma with a time limit: its client for a server has none, and a full disk can hang it for ever."""

import threading
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


class ChromaFailed(Exception):
    """Chroma raised, panicked or did not answer in time."""


def named(call: Callable[[], Result]) -> Result:
    """The result of a call. Raises ChromaFailed, also for what Chroma's Rust code raises past `except Exception`."""
    try:
        return call()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise ChromaFailed(f"{type(error).__name__}: {error}") from error


def within(seconds: float, call: Callable[[], Result]) -> Result:
    """The same, given up after so many seconds; the thread that hangs is left behind and keeps nobody from exiting."""
    results: list[Result] = []
    failures: list[ChromaFailed] = []

    def run() -> None:
        try:
            results.append(named(call))
        except ChromaFailed as error:
            failures.append(error)

    thread = threading.Thread(target=run, name="chroma", daemon=True)
    thread.start()
    thread.join(seconds)
    if failures:
        raise failures[0]
    if not results:
        raise ChromaFailed(f"no answer within {seconds:g} seconds")
    return results[0]
