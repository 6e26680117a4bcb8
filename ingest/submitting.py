"""The journey of a submission: receive, open, read, suggest; then, once its card is confirmed, add.

The file lies under its sha256 before the ledger knows of it, and is deleted when nothing that is on its way needs it.
Whatever is left undone when the process ends is done again at the next start: reading changes nothing, and adding the
same bytes again finds them held.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from time import monotonic
from typing import BinaryIO

import yaml
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import SQLAlchemyError

from ingest.adding import Added, Outcome, add_read
from ingest.catalogue import HeldVersion, State
from ingest.catalogue.submissions import JsonObject, Submission, Submissions, SubmissionState
from ingest.corpus import Found, fields_given, make_card
from ingest.errors import EngageError, InvalidCard, NotStored, SubmissionElsewhere, UnknownDocument, UnreadableDocument
from ingest.library import Library
from ingest.opening import opened
from ingest.originals import Originals, encodable
from ingest.preparing import Preparer, Report
from ingest.reading import reads_more_now
from ingest.suggesting import Suggestion, brings_card, suggest
from ingest.unpacking import is_archive, is_mail
from ingest.vocabulary import Card, Reading

_READING = TypeAdapter(Reading)
_ALMOST_ENDED = frozenset({SubmissionState.QUEUED, SubmissionState.WORKING, SubmissionState.TO_CONFIRM})
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
        self._received = Originals(library.settings.data_dir / "submissions")
        self._readings = library.settings.data_dir / "readings"
        self._keeping = Lock()
        """Between a file and the row that needs it nobody else looks which files are needed."""
        self._leaving = False

    def begin(self) -> None:
        """At the start: what is kept of files and readings that nothing needs is removed."""
        self._tidy()

    def leave(self) -> None:
        """At the end: what is cut off now has not failed, and is done at the next start."""
        self._leaving = True

    def receive(self, name: str, file: BinaryIO, card_text: str | None = None, url: str | None = None) -> Submission:
        """Keep a file that was handed in. Raises NotStored."""
        try:
            with self._keeping:
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
        with self._told(submission), self._file(submission) as path:
            if submission.unopened and (is_archive(path) or is_mail(path)):
                found = self._open(submission, path, preparer)
            else:
                found = Found(path, submission.card_text, inside=Path(submission.place))
            if found is not None:
                self._suggest(submission, found, preparer)

    def add(self, submission: Submission, preparer: Preparer) -> None:
        """Add what was claimed to be added."""
        with self._told(submission), self._file(submission) as path:
            found = Found(path, submission.card_text, inside=Path(submission.place))
            reading = self._reading_of(submission, found, preparer)
            added = add_read(self._library, preparer, found, reading, self._telling(submission))
            if added.outcome is Outcome.FAILED:
                raise UnreadableDocument(added.reason or "unexpected", added.message)
            self._finish(submission, added)

    def confirm(self, submission: Submission, card: Card | None) -> None:
        """Add it under this card, or under the one that is suggested. Raises InvalidCard, SubmissionElsewhere."""
        suggestion = suggestion_of(submission)
        if suggestion is None or submission.state is not SubmissionState.TO_CONFIRM:
            raise _elsewhere(submission, "only one that waits for it can be confirmed")
        self._check(submission, suggestion, card)
        confirmed = card or Card.model_validate(suggestion.card)
        as_confirmed = {"card": confirmed.model_dump(mode="json", exclude_defaults=True)}
        proposal = suggestion.model_copy(update=as_confirmed).model_dump(mode="json")
        if not self.ledger.confirm(submission.id, _written(confirmed), proposal):
            raise _elsewhere(self.ledger.find(submission.id), "only one that waits for it can be confirmed")

    def cancel(self, submission: Submission) -> None:
        """Raises SubmissionElsewhere."""
        if not self.ledger.cancel(submission.id):
            raise _elsewhere(self.ledger.find(submission.id), "it cannot be cancelled; remove the document instead")
        self._tidy()

    def retry(self, submission: Submission) -> None:
        """Raises SubmissionElsewhere."""
        if submission.sha256 is None:
            raise SubmissionElsewhere(f"{submission.place} was never unpacked. Hand the file in by itself.")
        if not self.ledger.retry(submission.id):
            raise _elsewhere(self.ledger.find(submission.id), "only one that failed can be tried again")

    def _check(self, submission: Submission, suggestion: Suggestion, card: Card | None) -> None:
        """Raises InvalidCard."""
        if suggestion.proposal.restricted and (card is None or "audience" not in card.model_fields_set):
            raise InvalidCard(
                f"{submission.place} is marked {suggestion.proposal.marking}: say who may see it, as its audience."
            )
        if card is not None:
            make_card(Found(Path(submission.name), _written(card)), Reading(()), self._library.register)
        id_ = card.id if card else suggestion.card["id"]
        other = self._on_their_way(submission).get(id_)
        if other is None and id_ == suggestion.card["id"] and not suggestion.own:
            other = self._held(id_)
        if other is not None:
            raise InvalidCard(
                f"'{id_}' is the id of '{other}' by now. Give {submission.place} another, or name it as a"
                " new edition of that."
            )

    def _open(self, submission: Submission, path: Path, preparer: Preparer) -> Found | None:
        """Each document in it becomes a submission; gives the first, if it can be read."""
        root = Found(path, submission.card_text, inside=Path(submission.place))
        first, *others = opened([root], preparer, self._library.settings.unpacking_dir)
        with self._keeping:
            others_rows = [self._row(found) for found in others]
            itself = {} if first.path == path else self._row(first)
            is_open = self.ledger.open(submission.id, itself, others_rows)
        if not is_open:
            return None
        if first.refusal is not None:
            raise first.refusal
        return first

    def _row(self, found: Found) -> JsonObject:
        named: JsonObject = {"name": found.path.name, "place": str(found.place), "card_text": found.card_text}
        if found.refusal is None:
            with found.path.open("rb") as file:
                sha256, size = self._received.take(file)
            return {**named, "sha256": sha256, "size": size}
        told = {"reason": found.refusal.reason, "message": str(found.refusal)}
        return {**named, "name": found.place.name, "sha256": None, "size": None, "state": "failed", **told}

    def _suggest(self, submission: Submission, found: Found, preparer: Preparer) -> None:
        submission = self.ledger.find(submission.id)  # as it is since it was opened
        held = self._already_held(submission, found)
        if held is not None:
            self._finish(submission, held)
            return
        reading = preparer.read(found.path, self._telling(submission))
        suggestion = suggest(found, reading, self._library.register, partial(self._holder, submission))
        if suggestion.proposal.secret:
            raise UnreadableDocument("secret_marking", _secret(submission, suggestion))
        self._keep_reading(submission, reading)
        self.ledger.propose(submission.id, suggestion.model_dump(mode="json"), suggestion.needs_nobody)

    def _already_held(self, submission: Submission, found: Found) -> Added | None:
        """The same bytes are in answers, and nothing is said of them that would have to be compared."""
        if submission.sha256 is None or brings_card(fields_given(found, Reading(()))):
            return None
        for version in self._library.catalogue.with_sha256(submission.sha256):
            if version.state is State.LIVE and not reads_more_now(version.quality):
                return _already(submission, version)
        return None

    def _holder(self, submission: Submission, id_: str) -> str | None:
        """Title of what has that id, in the library or on its way there."""
        return self._held(id_) or self._on_their_way(submission).get(id_)

    def _held(self, id_: str) -> str | None:
        try:
            return self._library.catalogue.version_of(id_).card.title
        except UnknownDocument:
            return None

    def _on_their_way(self, submission: Submission) -> dict[str, str]:
        """Titles of the other submissions' documents, by their ids."""
        cards = [proposal["card"] for id_, proposal in self.ledger.proposals().items() if id_ != submission.id]
        return {card["id"]: card["title"] for card in cards}

    def _reading_of(self, submission: Submission, found: Found, preparer: Preparer) -> Reading:
        """As it was read for the suggestion; read anew where that is no longer there."""
        try:
            return _READING.validate_json((self._readings / f"{submission.id}.json").read_bytes())
        except (OSError, ValidationError):
            return preparer.read(found.path, self._telling(submission))

    def _keep_reading(self, submission: Submission, reading: Reading) -> None:
        self._readings.mkdir(parents=True, exist_ok=True)
        aside = self._readings / f"{submission.id}.new"
        aside.write_bytes(_READING.dump_json(reading))
        aside.rename(self._readings / f"{submission.id}.json")

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
        self._tidy()

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
    def _file(self, submission: Submission) -> Iterator[Path]:
        """The file under its own name, which says how it is read. Raises UnreadableDocument if it is not whole."""
        if submission.sha256 is None or not self._received.is_whole(submission.sha256):
            sentence = (
                f"{submission.place} is no longer there as it was received. Look at the disk, then send it again."
            )
            raise UnreadableDocument("not_stored", sentence)
        within = self._library.settings.unpacking_dir
        within.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=within) as folder:
            path = Path(folder) / submission.name
            path.symlink_to(self._received.path(submission.sha256).resolve())
            yield path

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

    def _tidy(self) -> None:
        """Remove the files and readings that no submission needs any more."""
        with self._keeping:
            self._received.let_go(self.ledger.kept())
        for path in self._readings.glob("*"):
            with suppress(EngageError, ValueError):
                if self.ledger.find(int(path.stem)).state in _ALMOST_ENDED:
                    continue
            path.unlink(missing_ok=True)


def suggestion_of(submission: Submission) -> Suggestion | None:
    """What is suggested for it, once it has been read."""
    return Suggestion.model_validate(submission.proposal) if submission.proposal else None


def _written(card: Card) -> str:
    """All its fields, the empty ones too: what a person left empty is not taken from the file's own card."""
    fields = card.model_dump(mode="json")
    fields["organisations"] = [o.model_dump(mode="json", exclude_none=True) for o in card.organisations]
    return yaml.safe_dump(fields, allow_unicode=True, sort_keys=False)


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


def _elsewhere(submission: Submission, what: str) -> SubmissionElsewhere:
    state = submission.state.replace("_", " ")
    return SubmissionElsewhere(f"Submission {submission.id} ({submission.place}) is {state}: {what}.")


def _secret(submission: Submission, suggestion: Suggestion) -> str:
    return (
        f"{submission.place} is marked {suggestion.proposal.marking}. This library holds nothing above"
        " OFFICIAL-SENSITIVE: keep it out."
    )
