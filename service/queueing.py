"""Submissions on their way: one thread reads what was handed in, one adds what is confirmed, each with a child process
of low priority. The ledger is the queue, so there is nothing else that could be lost or delivered twice."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from threading import Event, Lock, Thread
from time import monotonic
from typing import BinaryIO

from sqlalchemy.exc import SQLAlchemyError

from ingest import confirming
from ingest.catalogue.submitted import Submission
from ingest.editions import TextChanges
from ingest.fetching import Fetcher
from ingest.library import Library
from ingest.preparing import Preparer
from ingest.submitting import Submitting
from ingest.vocabulary import Card
from service.intake import check_name
from service.receipting import Receipting

_STOP_SECONDS = 2.0
_DATABASE_SECONDS = 5.0
"""After these a database that failed is asked again."""

_log = logging.getLogger(__name__)


class Queue:
    """adding: the lock of whoever adds documents to the library."""

    def __init__(self, library: Library, adding: Lock) -> None:
        self._library = library
        self._submitting = Submitting(library, Receipting(library).receipt)
        self.ledger = self._submitting.ledger

        def preparer() -> Preparer:
            return Preparer(library.settings, library.made())

        self._readers = _Worker(self._submitting, False, self._submitting.read, preparer, nullcontext())
        self._adders = _Worker(self._submitting, True, self._submitting.add, preparer, adding)
        self._workers = (self._readers, self._adders)

    def start(self) -> None:
        self._submitting.tidy()
        for worker in self._workers:
            worker.start(self.wake)

    def drain(self) -> None:
        """Do all that waits, here and now."""
        self._submitting.tidy()
        while any([worker.work() for worker in self._workers]):
            pass

    def wake(self) -> None:
        for worker in self._workers:
            worker.wake.set()

    def stop(self) -> bool:
        """Begin nothing more, and cut off what is being done. Whether all has ended."""
        self._submitting.leave()
        deadline = monotonic() + _STOP_SECONDS
        for worker in self._workers:
            worker.stop()
        return all([worker.has_ended(deadline - monotonic()) for worker in self._workers])

    def receive(self, name: str, file: BinaryIO, card_text: str | None = None) -> Submission:
        """Raises InvalidFileName, NotStored."""
        check_name(name)
        submission = self._submitting.receive(name, file, card_text)
        self.wake()
        return submission

    def fetch(self, address: str) -> Submission:
        """Hand in what is at a web address. Raises UnreadableDocument where it cannot be fetched, NotStored."""
        found = Fetcher(self._library.settings).found(address)
        if found.refusal is not None:
            raise found.refusal
        with found.path.open("rb") as file:
            submission = self._submitting.receive(found.path.name, file, found.card_text, address)
        self.wake()
        return submission

    def confirm(self, submission: int, card: Card | None, masked: bool = False) -> Submission:
        """Raises UnknownSubmission, SubmissionElsewhere, InvalidCard."""
        confirming.confirm(self._library, self.ledger, self.ledger.find(submission), card, masked)
        self.wake()
        return self.ledger.find(submission)

    def changes(self, submission: int, document: str) -> TextChanges:
        """What would change by heading, as the next version of a document held.

        Raises UnknownSubmission, UnknownDocument, SubmissionElsewhere.
        """
        return self._submitting.changes(self.ledger.find(submission), document)

    def cancel(self, submission: int) -> Submission:
        """Raises UnknownSubmission, SubmissionElsewhere."""
        confirming.cancel(self.ledger, self.ledger.find(submission))
        for worker in self._workers:
            worker.interrupt(submission)
        self._submitting.tidy()
        return self.ledger.find(submission)

    def retry(self, submission: int) -> Submission:
        """Raises UnknownSubmission, SubmissionElsewhere."""
        confirming.retry(self.ledger, self.ledger.find(submission))
        self.wake()
        return self.ledger.find(submission)


class _Worker:
    """Does one step with the submissions that wait for it, one after the other."""

    def __init__(
        self,
        submitting: Submitting,
        confirmed: bool,
        step: Callable[[Submission, Preparer], None],
        preparer: Callable[[], Preparer],
        alone: AbstractContextManager[object],
    ) -> None:
        """alone: held while a submission is worked on."""
        self._ledger = submitting.ledger
        self._confirmed = confirmed
        self._step = step
        self._make_preparer = preparer
        self._alone = alone
        self._stopping = Event()
        self._at_work = Lock()
        self._current: tuple[int, Preparer] | None = None
        self._thread: Thread | None = None
        self.wake = Event()

    def start(self, wake_others: Callable[[], None]) -> None:
        self._thread = Thread(target=self._run, args=(wake_others,), daemon=True, name="submissions")
        self._thread.start()

    def work(self, done: Callable[[], None] = lambda: None) -> int:
        """Until nothing waits. Returns how many were worked on."""
        self._ledger.deliver_again(self._confirmed)
        number = 0
        with self._make_preparer() as preparer:
            while not self._stopping.is_set() and self._one(preparer):
                number += 1
                done()
        return number

    def stop(self) -> None:
        self._stopping.set()
        self.wake.set()
        self.interrupt()

    def has_ended(self, seconds: float) -> bool:
        if self._thread is not None:
            self._thread.join(max(seconds, 0))
        return self._thread is None or not self._thread.is_alive()

    def interrupt(self, submission: int | None = None) -> None:
        """Cut off what is being done, if it is that submission."""
        with self._at_work:
            if self._current and submission in (None, self._current[0]):
                self._current[1].interrupt()

    def _run(self, wake_others: Callable[[], None]) -> None:
        while not self._stopping.is_set():
            self.wake.clear()
            try:
                self.work(wake_others)
            except SQLAlchemyError as error:
                _log.error("Submissions wait for the database: %s", getattr(error, "orig", None) or error)
                self._stopping.wait(_DATABASE_SECONDS)
                continue
            self.wake.wait()

    def _one(self, preparer: Preparer) -> bool:
        with self._alone:
            submission = self._ledger.claim(self._confirmed)
            if submission is None:
                return False
            self._set(submission.id, preparer)
            try:
                self._step(submission, preparer)
            finally:
                self._set(None, preparer)
        return True

    def _set(self, submission: int | None, preparer: Preparer) -> None:
        with self._at_work:
            self._current = None if submission is None else (submission, preparer)
