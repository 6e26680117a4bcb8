"""Submissions as the pages and commands show them: how far each has come, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.catalogue.submitted import LAST_STAGE, Submission, SubmissionState
from ingest.register import Register
from ingest.suggesting import suggestion_of
from ingest.vocabulary import Card, page_unit
from service.showing import card_in_words
from service.wording import capital, counted

_SHOWN = 50
"""Of those that were added, and of those that were not."""


@dataclass(frozen=True, slots=True)
class Line:
    """One submission in the list."""

    id: int
    place: str
    title: str
    told: str
    """How far it has come, or what became of it."""
    done: int | None = None
    of: int | None = None
    card: str = ""
    """What is suggested, beside the title."""
    notices: int = 0
    document: str | None = None
    has_receipt: bool = False
    can_be_retried: bool = False


@dataclass(frozen=True, slots=True)
class Tracked:
    """All that the page lists."""

    to_confirm: tuple[Line, ...] = ()
    under_way: tuple[Line, ...] = ()
    failed: tuple[Line, ...] = ()
    added: tuple[Line, ...] = ()

    @property
    def sentence(self) -> str:
        """3 to check, 2 on their way, 1 not added."""
        parts = ((self.to_confirm, "to check"), (self.under_way, "on their way"), (self.failed, "not added"))
        told = ", ".join(f"{len(lines)} {what}" for lines, what in parts if lines)
        return told or "Nothing is on its way."


def track(submissions: Sequence[Submission], register: Register) -> Tracked:
    def lines(*states: SubmissionState) -> tuple[Line, ...]:
        return tuple(_line(submission, register) for submission in submissions if submission.state in states)

    return Tracked(
        to_confirm=lines(SubmissionState.TO_CONFIRM),
        under_way=lines(SubmissionState.WORKING, SubmissionState.QUEUED),
        failed=lines(SubmissionState.FAILED)[-_SHOWN:][::-1],
        added=lines(SubmissionState.ADDED)[-_SHOWN:][::-1],
    )


def _line(submission: Submission, register: Register) -> Line:
    suggestion = suggestion_of(submission)
    return Line(
        id=submission.id,
        place=submission.place,
        title=str(suggestion.card["title"]) if suggestion else submission.place,
        told=told(submission),
        done=submission.done if submission.state is SubmissionState.WORKING else None,
        of=submission.of,
        card=card_in_words(Card.model_validate(suggestion.card), register) if suggestion else "",
        notices=len(suggestion.notices) + len(submission.alongside) if suggestion else 0,
        document=submission.document,
        has_receipt=submission.outcome in ("added", "updated"),
        can_be_retried=submission.sha256 is not None,
    )


def told(submission: Submission) -> str:
    """How far it has come, in words."""
    if submission.state is SubmissionState.QUEUED:
        return "Waits to be added" if submission.confirmed else "Waits to be read"
    if submission.state is SubmissionState.WORKING:
        return _at_work(submission)
    if submission.state is SubmissionState.TO_CONFIRM:
        return " ".join(
            ("Read; waits for its card to be confirmed.", *(near.sentence for near in submission.alongside))
        )
    if submission.state is SubmissionState.CANCELLED:
        return "Cancelled"
    return submission.message or ""


def _at_work(submission: Submission) -> str:
    unit = page_unit(submission.name.rsplit(".", 1)[-1].lower())
    units = {"read": unit, "embedded": "passage", "unpacked": "file"}
    if submission.stage is None:
        return "Is being added" if submission.confirmed else "Is being read"
    if submission.stage == LAST_STAGE:
        return "Is being put in"
    of = submission.of or 1
    amount = f" {submission.done:,} of {counted(of, units[submission.stage])}" if submission.stage in units else ""
    return capital(submission.stage) + (amount if of > 1 else "")
