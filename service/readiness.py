"""Whether the service has added what it was started with."""

from service.errors import NotReady


class Readiness:
    """Set by the thread that adds, read by all others: one attribute, written whole."""

    def __init__(self) -> None:
        self._waiting_for: str | None = None

    def wait_for(self, what: str) -> None:
        """what: in words, such as "the documents in corpus"."""
        self._waiting_for = what

    def reached(self) -> None:
        self._waiting_for = None

    def check(self) -> None:
        """Raises NotReady."""
        waiting_for = self._waiting_for
        if waiting_for:
            raise NotReady(f"Still adding {waiting_for}; ask again in a few seconds.")
