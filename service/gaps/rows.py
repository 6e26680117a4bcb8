"""From rows of the tables to the nouns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, Select, select

from service.gaps.tables import ID, gaps, wordings
from service.vocabulary import NOT_KEPT, AnsweredBy, Gap, GapState, Outcome, Question, Wording


@dataclass(frozen=True, slots=True)
class Kept:
    """One wording as it is kept."""

    digest: str
    gap: str
    outcome: Outcome
    asked: Question | None
    last_asked: datetime
    looked_at: str | None
    """Index version at which it was last seen whether it is answered."""
    answered_by: AnsweredBy | None


def every_wording() -> Select[Any]:
    """The latest first."""
    later = [column for column in wordings.c if column.name != "digest"]
    joined = gaps.outerjoin(wordings, gaps.c.digest == wordings.c.digest)
    return select(*gaps.c, *later).select_from(joined).order_by(gaps.c.last_asked.desc(), gaps.c.digest)


def kept_wording(row: Row[Any]) -> Kept:
    return Kept(
        digest=row.digest,
        gap=gap_id(row),
        outcome=Outcome(row.outcome),
        asked=_asked(row),
        last_asked=_utc(row.last_asked),
        looked_at=row.looked_at,
        answered_by=_answered_by(row),
    )


def _asked(row: Row[Any]) -> Question | None:
    """A gap of an earlier release was kept with its words alone."""
    if row.gap is None:
        return Question(question=row.question) if row.question.strip() and row.question != NOT_KEPT else None
    return Question.model_validate(row.asked) if row.asked else None


def merged_gap(id_: str, rows: Sequence[Row[Any]]) -> Gap:
    latest = rows[0]
    answered = next((row for row in rows if row.document_id is not None), None)
    return Gap(
        id=id_,
        question=latest.question,
        outcome=latest.outcome,
        first_asked=min(_utc(row.first_asked) for row in rows),
        last_asked=_utc(latest.last_asked),
        times=sum(row.times for row in rows),
        organisations=latest.organisations,
        state=_state(latest.outcome, answered is not None),
        answered_by=_answered_by(answered or latest),
        wordings=tuple(Wording(question=r.question, times=r.times, last_asked=_utc(r.last_asked)) for r in rows),
        asked=_asked(answered or latest),
    )


def _state(outcome: str, answered: bool) -> GapState:
    if outcome == Outcome.OUT_OF_SCOPE:
        return "out_of_scope"
    return "answered" if answered else "open"


def _answered_by(row: Row[Any]) -> AnsweredBy | None:
    if row.document_id is None:
        return None
    return AnsweredBy(document_id=row.document_id, version=row.version, title=row.title, since=_utc(row.answered_since))


def _utc(moment: datetime) -> datetime:
    """SQLite keeps no time zones; what is written here is UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def gap_id(row: Row[Any]) -> str:
    return str(row.gap or row.digest[:ID])
