"""Where commands hand in, confirm, cancel and retry: at the service that owns the data folder, or at the library."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, BinaryIO, Protocol

from ingest.catalogue.submitted import Submission
from ingest.errors import LibraryInUse
from ingest.library import Library
from ingest.vocabulary import Card
from service.queueing import Queue
from service.running import RunningService
from service.settings import Settings

_PATIENCE_SECONDS = 120.0


class Desk(Protocol):
    """Each of these raises EngageError where it cannot be done."""

    def receive(self, name: str, file: BinaryIO, card_text: str | None = None) -> Submission: ...

    def confirm(self, submission: int, card: Card | None, masked: bool = False) -> Submission: ...

    def cancel(self, submission: int) -> Submission: ...

    def retry(self, submission: int) -> Submission: ...


@contextmanager
def desk(settings: Settings) -> Iterator[Desk]:
    """Without a service, what waits is done before this ends.

    Raises LibraryInUse where another command owns the folder, and what opening the library raises.
    """
    try:
        library = Library.open(settings)
    except LibraryInUse as busy:
        yield _Service(RunningService(busy))
        return
    with library:
        queue = Queue(library, Lock())
        yield queue
        queue.drain()
        library.settle()


class _Service:
    def __init__(self, service: RunningService) -> None:
        self._service = service

    def receive(self, name: str, file: BinaryIO, card_text: str | None = None) -> Submission:
        fields = {"name": name} | ({"card": card_text} if card_text is not None else {})
        return self._sent("", files={"file": (name, file)}, data=fields)

    def confirm(self, submission: int, card: Card | None, masked: bool = False) -> Submission:
        sent: dict[str, Any] = {"json": card.model_dump(mode="json", exclude_unset=True)} if card else {}
        return self._sent(f"/{submission}/confirm", params={"mask": masked}, **sent)

    def cancel(self, submission: int) -> Submission:
        return self._sent(f"/{submission}/cancel")

    def retry(self, submission: int) -> Submission:
        return self._sent(f"/{submission}/retry")

    def _sent(self, address: str, **sent: Any) -> Submission:
        return self._service.ask(Submission, "POST", f"/api/v1/submissions{address}", **sent)
