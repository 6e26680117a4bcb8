"""What was handed in, as the ledger of submissions hands it out."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

JsonObject = dict[str, Any]


class SubmissionState(StrEnum):
    QUEUED = "queued"
    WORKING = "working"
    TO_CONFIRM = "to_confirm"
    """Read; its card is proposed and waits for a person."""
    ADDED = "added"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = (SubmissionState.ADDED, SubmissionState.CANCELLED)
"""Of these no file is kept any more."""
LAST_STAGE = "indexed"
"""From here on a submission cannot be cancelled: its document is being put in."""


ALREADY_HANDED_IN = "already_handed_in"
"""Reason of a failure: another submission is of the same bytes."""


class Alongside(BaseModel):
    """Another submission that has much of the same text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: int
    common: float
    """Estimated share of the stretches of five words that both texts have, 0 to 1."""
    like: str
    """What this one seems to be beside it: the beginning of a sentence."""
    reason: str
    """Why it seems to be an edition, in a sentence; empty of a copy."""
    newer: bool
    """Whether this one seems to be the newer edition of the two."""
    place: str
    state: SubmissionState
    document: str | None
    """Once it is added."""

    @property
    def sentence(self) -> str:
        """About 98% of its text is that of plan.pdf, which waits too."""
        states = {SubmissionState.TO_CONFIRM: "waits too", SubmissionState.ADDED: f"was added as '{self.document}'"}
        return f"{self.like} {self.place}, which {states.get(self.state, 'is being added')}. {self.reason}".rstrip()


class Submission(BaseModel):
    """One file handed in, on its way into the library."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: int
    name: str
    """Of the file."""
    place: str
    """The same, or where it lies in the archive or mail that was sent: "mails.zip/plan.docx"."""
    sent_with: int | None = None
    """Of what came in an archive or a mail: the submission that this was."""
    unopened: bool = True
    """Whether it may still be a file that holds others."""
    sha256: str | None = None
    """None of a file in an archive that could not be unpacked."""
    size: int | None = None
    """Bytes."""
    url: str | None = None
    state: SubmissionState = SubmissionState.QUEUED
    stage: str | None = None
    """While it is worked on: read, tidied, split, embedded, indexed; with how much is done, and of how much."""
    done: int | None = None
    of: int | None = None
    attempts: int = 0
    """How often it has been begun in the present phase: more than once where the service was stopped meanwhile."""
    card_text: str | None = None
    """YAML of the card that was sent with it or, once confirmed, of the card as confirmed."""
    confirmed: bool = False
    """Whether its card needs nobody any more, and it is on its way in."""
    proposal: JsonObject | None = None
    """See ingest.suggesting.Suggestion."""
    alongside: tuple[Alongside, ...] = ()
    """While it waits for a person: the nearest of what was handed in beside it and is much the same text."""
    outcome: str | None = None
    """Once added: added, updated or already_held."""
    document: str | None = None
    version: int | None = None
    reason: str | None = None
    """Of a failure: stable, for programs."""
    message: str | None = None
    """What became of it, in a sentence."""
    received_at: datetime
    changed_at: datetime
