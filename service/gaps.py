"""What could not be answered, in SQL: every wording with its counts, and the gap that it belongs to.

A gap is known by the wording that it was first asked in. That it is answered is written on the wording that an answer
was found for; one is enough, since they ask the same.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    DateTime,
    Engine,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from service.vocabulary import NOT_KEPT, Answer, AnsweredBy, Gap, GapState, Outcome, Question, Wording

GAPS = frozenset({Outcome.PARTLY_ANSWERED, Outcome.NOTHING_RELEVANT, Outcome.OUT_OF_SCOPE, Outcome.NOT_SUPPORTED})
_MOST_COMPARED = 500
_ID = 16

_metadata = MetaData()

_gaps = Table(
    "gaps",
    _metadata,
    # Of the question's words: the words themselves may be longer than an index of PostgreSQL takes.
    Column("digest", String(64), primary_key=True),
    Column("question", Text, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("first_asked", DateTime(timezone=True), nullable=False),
    Column("last_asked", DateTime(timezone=True), nullable=False, index=True),
    Column("times", Integer, nullable=False),
    Column("organisations", JSON, nullable=False),
)

# What came later, in a table of its own: a gap of an earlier release has no row in it.
_wordings = Table(
    "gap_wordings",
    _metadata,
    Column("digest", String(64), primary_key=True),
    Column("gap", String(_ID), nullable=False, index=True),
    Column("alike", String(64), nullable=False, index=True),
    Column("asked", JSON(none_as_null=True)),
    Column("looked_at", String(20)),
    Column("answered_since", DateTime(timezone=True)),
    Column("document_id", String(100)),
    Column("version", Integer),
    Column("title", Text),
)
_NOT_ANSWERED = dict.fromkeys(("answered_since", "document_id", "version", "title"))

# Written out once: putting a statement together takes longer than running it.
_COUNTED = update(_gaps).where(_gaps.c.digest == bindparam("asked")).values(times=_gaps.c.times + 1)
_GAP_OF = select(_wordings.c.gap).where(_wordings.c.digest == bindparam("digest"))
_HELD = select(_gaps.c.digest).where(_gaps.c.digest == bindparam("digest"))


@dataclass(frozen=True, slots=True)
class Put:
    """A question as it was put: what of it may be kept, and by what it is known again."""

    digest: str
    """Of its words, filters and what it leans on."""
    asked: Question | None
    """None where its words are not kept."""
    alike: str
    """What those that ask the same share."""
    gap: str | None = None
    """Id of the gap that asks the same, where another wording began it."""


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


def answered_by(answer: Answer) -> AnsweredBy:
    """What an answer with citations is first of all made from."""
    source = answer.citations[0].source
    return AnsweredBy(document_id=source.document_id, version=source.version, title=source.title, since=answer.asked_at)


def digest_of(question: str, context: Sequence[object] = ()) -> str:
    """The words alone: how they are cased, spaced and punctuated makes no other question; its context does."""
    words = " ".join(re.findall(r"\w+", question.casefold())) or question
    whole = f"{words}\n{context!r}" if context else words
    return hashlib.sha256(whole.encode()).hexdigest()


class GapLog:
    """engine: of the catalogue's database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        _metadata.create_all(engine)

    def known(self, digest: str) -> bool:
        with self._engine.connect() as connection:
            return connection.execute(_HELD, {"digest": digest}).first() is not None

    def compared_with(self, alike: str) -> list[tuple[str, Question]]:
        """The latest wordings that may ask the same, each with its gap."""
        query = select(_wordings.c.gap, _wordings.c.asked).join(_gaps, _gaps.c.digest == _wordings.c.digest)
        query = query.where(_wordings.c.alike == alike).order_by(_gaps.c.last_asked.desc()).limit(_MOST_COMPARED)
        with self._engine.connect() as connection:
            return [(gap, Question.model_validate(asked)) for gap, asked in connection.execute(query) if asked]

    def kept(self) -> list[Kept]:
        with self._engine.connect() as connection:
            return [_kept(row) for row in connection.execute(_all())]

    def gaps(self) -> list[Gap]:
        """Merged, the latest first."""
        merged: dict[str, list[Row[Any]]] = defaultdict(list)
        with self._engine.connect() as connection:
            for row in connection.execute(_all()):
                merged[row.gap or row.digest[:_ID]].append(row)
        return [_gap(id_, rows) for id_, rows in merged.items()]

    def looked(self, digests: Iterable[str], index_version: str) -> None:
        """Note that nothing has changed about these since."""
        with self._engine.begin() as connection:
            for digest in digests:
                _write(connection, digest, {"looked_at": index_version})

    def answered(self, gap: str, digest: str, by: AnsweredBy, index_version: str) -> None:
        """Note by what a gap is answered now, in which of its wordings."""
        with self._engine.begin() as connection:
            connection.execute(update(_wordings).where(_wordings.c.gap == gap).values(_NOT_ANSWERED))
            _write(connection, digest, {**_answered(by), "looked_at": index_version})

    def opened(self, gap: str, index_version: str) -> None:
        """Note that nothing that is held answers it any more."""
        values = {**_NOT_ANSWERED, "looked_at": index_version}
        with self._engine.begin() as connection:
            connection.execute(update(_wordings).where(_wordings.c.gap == gap).values(values))


def keep(connection: Connection, answer: Answer, put: Put, asked_at: datetime) -> None:
    """Count a question that was not answered whole; a gap that was taken for answered is open again."""
    missing = (*answer.coverage.not_held, *answer.coverage.silent)
    latest = {
        "outcome": answer.outcome,
        "last_asked": asked_at,
        "organisations": [organisation.model_dump() for organisation in missing],
    }
    if connection.execute(_COUNTED, {**latest, "asked": put.digest}).rowcount == 0:
        first = {"digest": put.digest, "question": answer.question, "first_asked": asked_at, "times": 1}
        connection.execute(insert(_gaps), {**first, **latest})
    asked = put.asked.model_dump(mode="json", exclude_defaults=True) if put.asked else None
    gap = connection.execute(_GAP_OF, {"digest": put.digest}).scalar() or put.gap or put.digest[:_ID]
    looked_at = answer.method.index_version[:20]
    _write(connection, put.digest, {"gap": gap, "alike": put.alike, "asked": asked, "looked_at": looked_at})
    connection.execute(update(_wordings).where(_wordings.c.gap == gap).values(_NOT_ANSWERED))


def close(connection: Connection, digest: str, by: AnsweredBy, index_version: str) -> None:
    """Note that a question that was asked again has been answered."""
    values = {**_answered(by), "looked_at": index_version}
    connection.execute(update(_wordings).where(_wordings.c.digest == digest).values(values))


def forget(connection: Connection, before: datetime) -> None:
    """Delete the wordings last asked before that moment."""
    connection.execute(delete(_gaps).where(_gaps.c.last_asked < before))
    connection.execute(delete(_wordings).where(_wordings.c.digest.not_in(select(_gaps.c.digest))))


def _all() -> Any:
    later = [column for column in _wordings.c if column.name != "digest"]
    joined = _gaps.outerjoin(_wordings, _gaps.c.digest == _wordings.c.digest)
    return select(*_gaps.c, *later).select_from(joined).order_by(_gaps.c.last_asked.desc(), _gaps.c.digest)


def _write(connection: Connection, digest: str, values: dict[str, Any]) -> None:
    changed = connection.execute(update(_wordings).where(_wordings.c.digest == digest).values(values))
    if changed.rowcount == 0:
        connection.execute(insert(_wordings), {"digest": digest, "gap": digest[:_ID], "alike": "", **values})


def _answered(by: AnsweredBy) -> dict[str, Any]:
    since = by.since.astimezone(UTC)
    return {"answered_since": since, "document_id": by.document_id, "version": by.version, "title": by.title}


def _kept(row: Row[Any]) -> Kept:
    return Kept(
        digest=row.digest,
        gap=row.gap or row.digest[:_ID],
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


def _gap(id_: str, rows: Sequence[Row[Any]]) -> Gap:
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
