"""Writing what could not be answered, each as a part of the transaction that keeps or forgets answers."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from service.gaps.put import Put
from service.gaps.tables import ID, NOT_ANSWERED, gaps, wordings
from service.vocabulary import Answer, AnsweredBy

# Written out once: putting a statement together takes longer than running it.
_COUNTED = update(gaps).where(gaps.c.digest == bindparam("asked")).values(times=gaps.c.times + 1)
_GAP_OF = select(wordings.c.gap).where(wordings.c.digest == bindparam("digest"))


def answered_by(answer: Answer) -> AnsweredBy:
    """What an answer with citations is first of all made from."""
    source = answer.citations[0].source
    return AnsweredBy(document_id=source.document_id, version=source.version, title=source.title, since=answer.asked_at)


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
        connection.execute(insert(gaps), {**first, **latest})
    asked = put.asked.model_dump(mode="json", exclude_defaults=True) if put.asked else None
    gap = connection.execute(_GAP_OF, {"digest": put.digest}).scalar() or put.gap or put.digest[:ID]
    looked_at = answer.method.index_version[:20]
    write(connection, put.digest, {"gap": gap, "alike": put.alike, "asked": asked, "looked_at": looked_at})
    connection.execute(update(wordings).where(wordings.c.gap == gap).values(NOT_ANSWERED))


def close(connection: Connection, digest: str, by: AnsweredBy, index_version: str) -> None:
    """Note that a question that was asked again has been answered."""
    values = {**answered_values(by), "looked_at": index_version}
    connection.execute(update(wordings).where(wordings.c.digest == digest).values(values))


def forget(connection: Connection, before: datetime) -> None:
    """Delete the wordings last asked before that moment."""
    connection.execute(delete(gaps).where(gaps.c.last_asked < before))
    connection.execute(delete(wordings).where(wordings.c.digest.not_in(select(gaps.c.digest))))


def write(connection: Connection, digest: str, values: dict[str, Any]) -> None:
    changed = connection.execute(update(wordings).where(wordings.c.digest == digest).values(values))
    if changed.rowcount == 0:
        connection.execute(insert(wordings), {"digest": digest, "gap": digest[:ID], "alike": "", **values})


def answered_values(by: AnsweredBy) -> dict[str, Any]:
    since = by.since.astimezone(UTC)
    return {"answered_since": since, "document_id": by.document_id, "version": by.version, "title": by.title}
