"""The journey of a submission: receive, open, read, suggest; then, once its card is confirmed, add.

The file lies under its sha256 before the ledger knows of it, and is deleted when nothing that is on its way needs it.
Whatever is left undone when the process ends is done again at the next start: reading changes nothing, and adding the
same bytes again finds them held.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import BinaryIO

from sqlalchemy.exc import SQLAlchemyError

from ingest.adding import Added, Outcome, add_read
from ingest.alongside import compare
from ingest.appraising import appraise
from ingest.catalogue import Catalogue, HeldVersion, State
from ingest.catalogue.submissions import Submissions
from ingest.catalogue.submitted import ALREADY_HANDED_IN, JsonObject, Submission, SubmissionState
from ingest.claiming import Claims
from ingest.corpus import Found, fields_given
from ingest.editions import TextChanges, text_changes
from ingest.errors import EngageError, InvalidCard, NotStored, SubmissionElsewhere, UnreadableDocument
from ingest.library import Library
from ingest.opening import opened
from ingest.originals import encodable
from ingest.preparing import Preparer, Report
from ingest.reading import reads_more_now
from ingest.received import Received
from ingest.suggesting import Suggestion, brings_card, suggestion_of
from ingest.tidying import tidy
from ingest.unpacking import is_archive, is_mail
from ingest.vocabulary import Card, Reading

_SECONDS_BETWEEN = 0.5
_log = logging.getLogger(__name__)

MakeReceipt = Callable[[Submission, Suggestion, HeldVersion], JsonObject]
"""What a submission came to, when its document is in the library."""


class _Cancelled(EngageError):
    """The submission is worked on no more."""


class Submitting:
    """What is done with submissions, each step by whoever calls it. Safe to use from several threads."""

    def __init__(self, library: Library, receipt: MakeReceipt) -> None:
        self.ledger = Submissions(library.catalogue.engine)
        self._library = library
        self._receipt = receipt
        self._received = Received(library.settings, self.ledger)
        self._claims = Claims(library.catalogue, self.ledger)
        self._leaving = False

    def tidy(self) -> None:
        """Remove what is kept of files that are needed no more: at the start, and when one was cancelled."""
        self._received.tidy()
        self.ledger.forget_texts()

    def leave(self) -> None:
        """At the end: what is cut off now has not failed, and is done at the next start."""
        self._leaving = True

    def receive(self, name: str, file: BinaryIO, card_text: str | None = None, url: str | None = None) -> Submission:
        """Keep a file that was handed in. Raises NotStored."""
        try:
            with self._received.keeping:
                sha256, size = self._received.take(file)
                kept: JsonObject = {"sha256": sha256, "size": size, "card_text": card_text, "url": url}
                submission = self.ledger.receive({"name": name, "place": name, **kept})
        except (OSError, SQLAlchemyError) as error:
            cause = getattr(error, "orig", None) or error
            sentence = f"{name} could not be kept ({cause}). See that there is room on the disk, then send it again."
            raise NotStored(sentence) from error
        return self.ledger.find(submission)

    def read(self, submission: Submission, preparer: Preparer) -> None:
        """Open and read what was claimed to be read, and suggest its card."""
        with self._told(submission), self._received.file(submission) as path:
            if submission.unopened and (is_archive(path) or is_mail(path)):
                found = self._open(submission, path, preparer)
            else:
                found = Found(path, submission.card_text, inside=Path(submission.place))
            if found is not None:
                self._suggest(submission, found, preparer)

    def changes(self, submission: Submission, document: str) -> TextChanges:
        """What would change by heading. Raises UnknownDocument, SubmissionElsewhere."""
        return changes_in(self._received, self._library.catalogue, submission, document)

    def add(self, submission: Submission, preparer: Preparer) -> None:
        """Add what was claimed to be added."""
        with self._told(submission), self._received.file(submission) as path:
            suggestion = suggestion_of(submission)
            wants_masks = suggestion is not None and suggestion.masked
            found = Found(path, submission.card_text, inside=Path(submission.place), masked=wants_masks)
            tell = self._telling(submission)
            reading = self._received.reading(submission) or preparer.read(path, tell)
            added = add_read(self._library, preparer, found, reading, tell)
            if added.outcome is Outcome.FAILED:
                raise UnreadableDocument(added.reason or "unexpected", added.message)
            self._finish(submission, added)

    def _open(self, submission: Submission, path: Path, preparer: Preparer) -> Found | None:
        """Each document in it becomes a submission; gives the first, if it can be read."""
        root = Found(path, submission.card_text, inside=Path(submission.place))
        first, *others = opened([root], preparer, self._library.settings.unpacking_dir)
        with self._received.keeping:
            others_rows = [self._row(found) for found in others]
            itself = {} if first.path == path else self._row(first)
            is_open = self.ledger.open(submission.id, itself, others_rows)
        if not is_open:
            return None
        if first.refusal is not None:
            raise first.refusal
        return first

    def _row(self, found: Found) -> JsonObject:
        named: JsonObject = {
            "name": found.path.name,
            "place": encodable(str(found.place)),
            "card_text": found.card_text,
        }
        if found.refusal is None:
            with found.path.open("rb") as file:
                sha256, size = self._received.take(file)
            return {**named, "sha256": sha256, "size": size}
        told = {"reason": found.refusal.reason, "message": encodable(str(found.refusal))}
        name = encodable(found.place.name)
        return {**named, "name": name, "sha256": None, "size": None, "state": SubmissionState.FAILED, **told}

    def _suggest(self, submission: Submission, found: Found, preparer: Preparer) -> None:
        submission = self.ledger.find(submission.id)  # as it is since it was opened
        held = self._already_held(submission, found)
        if held is not None:
            self._finish(submission, held)
            return
        self._refuse_same_file(submission, found)
        library, besides, tell = self._library, self._claims.besides(submission), self._telling(submission)
        reading, suggestion = appraise(found, preparer, library.register, library.catalogue, besides, tell)
        self._received.keep_reading(submission, reading)
        card = Card.model_validate(suggestion.card)
        is_near = compare(self.ledger, submission.id, card, suggestion.own, tidy(reading))
        needs_nobody = suggestion.needs_nobody and not is_near
        self.ledger.propose(submission.id, suggestion.model_dump(mode="json"), needs_nobody)

    def _already_held(self, submission: Submission, found: Found) -> Added | None:
        """The same bytes are in answers, and nothing is said of them that would have to be compared."""
        if submission.sha256 is None or brings_card(fields_given(found, Reading(()))):
            return None
        for version in self._library.catalogue.with_sha256(submission.sha256):
            if version.state is State.LIVE and not reads_more_now(version.quality):
                return _already(submission, version)
        return None

    def _refuse_same_file(self, submission: Submission, found: Found) -> None:
        """Raises UnreadableDocument where it was handed in twice, unless this one comes with another card."""
        other = self.ledger.same_file(submission)
        if other is None:
            return
        if found.card_text == other.card_text or not brings_card(fields_given(found, Reading(()))):
            sentence = f"Already handed in as {other.place}, which is the same file. Dismiss this one, or try it again"
            raise UnreadableDocument(ALREADY_HANDED_IN, f"{sentence} if that one is cancelled.")

    def _finish(self, submission: Submission, added: Added) -> None:
        assert added.document is not None
        outcome, message, receipt = added.outcome, added.message, None
        version = self._library.catalogue.version_of(added.document, added.version)
        suggestion = suggestion_of(submission)
        if suggestion and outcome is Outcome.ALREADY_HELD and _is_from(submission, version):
            outcome = Outcome.ADDED if version.number == 1 else Outcome.UPDATED
            message = f"{outcome.capitalize()} '{version.card.title}' ({version.document_id})."
        if suggestion and outcome is not Outcome.ALREADY_HELD:
            receipt = self._receipt(submission, suggestion, version)
        place = {"document": added.document, "version": added.version}
        self.ledger.finish(submission.id, outcome=outcome, message=message, receipt=receipt, **place)
        held = _already(submission, version)
        if submission.sha256:
            self.ledger.settle(submission.sha256, outcome=held.outcome, message=held.message, **place)
        self.tidy()

    def _telling(self, submission: Submission) -> Report:
        """Writes down how far a submission has come: each stage, and within one no oftener than somebody looks."""
        last: tuple[str, float] = "", 0.0

        def tell(stage: str, done: int, of: int) -> None:
            nonlocal last
            now = monotonic()
            if stage == last[0] and now - last[1] < _SECONDS_BETWEEN and done < of:
                return
            last = stage, now
            if not self.ledger.tell(submission.id, stage, done, of):
                raise _Cancelled(f"{submission.place} was cancelled.")

        return tell

    @contextmanager
    def _told(self, submission: Submission) -> Iterator[None]:
        """Whatever goes wrong is written down with the submission."""
        try:
            yield
        except _Cancelled:
            return
        except UnreadableDocument as error:
            self._fail(submission, error.reason, str(error))
        except InvalidCard as error:
            self._fail(submission, "invalid_card", str(error))
        except (OSError, SQLAlchemyError) as error:
            cause = getattr(error, "orig", None) or error
            self._fail(submission, "not_stored", f"{submission.place} could not be stored ({cause}). Check the disk.")
        except Exception as error:  # whatever this file brought about, the others go on
            _log.exception("Submission %d failed", submission.id)
            sentence = f"{submission.place} could not be taken in ({type(error).__name__}). Please report this."
            self._fail(submission, "unexpected", sentence)

    def _fail(self, submission: Submission, reason: str, sentence: str) -> None:
        if not self._leaving:
            self.ledger.fail(submission.id, reason, encodable(sentence))


def changes_in(received: Received, catalogue: Catalogue, submission: Submission, document: str) -> TextChanges:
    """What would change, by heading, if a submission became the next version of a document held.

    Raises UnknownDocument, and SubmissionElsewhere where what was read of it is not there.
    """
    reading = received.reading(submission)
    if reading is None:
        sentence = f"{submission.place} does not wait to be confirmed; 'engage submissions' lists what does."
        raise SubmissionElsewhere(sentence)
    return text_changes(catalogue.version_of(document), tidy(reading))


def _is_from(submission: Submission, version: HeldVersion) -> bool:
    """Whether this submission put the version in, and was stopped before it could say so."""
    same = version.sha256 == submission.sha256 and version.added_at >= submission.received_at
    return submission.confirmed and submission.attempts > 1 and same


def _already(submission: Submission, version: HeldVersion) -> Added:
    sentence = f"Already held: '{version.card.title}' ({version.document_id}), version {version.number}."
    return Added(
        path=submission.place,
        document=version.document_id,
        version=version.number,
        outcome=Outcome.ALREADY_HELD,
        message=sentence,
    )
