"""How far a reader has got with a file: told to whoever watches, and a sign of life to whoever ends what is silent."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Tell = Callable[[int, int], None]
"""Called with how many pages are done and of how many."""

_tell: ContextVar[Tell | None] = ContextVar("tell", default=None)


@contextmanager
def told(tell: Tell) -> Iterator[None]:
    """Within it, every page that a reader finishes is told."""
    token = _tell.set(tell)
    try:
        yield
    finally:
        _tell.reset(token)


def done(number: int, of: int) -> None:
    tell = _tell.get()
    if tell is not None:
        tell(number, of)
