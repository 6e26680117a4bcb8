"""What was asked and answered, kept by reference; and what could not be answered, as gaps.

Both stand in the catalogue's database. They are recorded information: kept for as long as the organisation decides,
and forgotten by date.
"""

import secrets
from datetime import UTC, datetime
from threading import Lock

from sqlalchemy import JSON, Column, DateTime, Engine, MetaData, String, Table, Text, bindparam, delete, insert, select

from service import gaps
from service.cited import CitedDocuments
from service.gaps import GapLog, Put, answered_by
from service.vocabulary import Answer, Gap, Outcome

REFERENCE_PATTERN = r"^[0-9A-F]{4}-[0-9A-F]{2}$"

_metadata = MetaData()

_answers = Table(
    "answers",
    _metadata,
    Column("reference", String(7), primary_key=True),
    Column("asked_at", DateTime(timezone=True), nullable=False, index=True),
    Column("outcome", String(20), nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", JSON, nullable=False),
)

# Written out once: putting a statement together takes longer than running it.
_TAKEN = select(_answers.c.reference).where(_answers.c.reference == bindparam("reference"))


class Records:
    """engine: of the catalogue's database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._merging = Lock()
        self.gap_log = GapLog(engine)
        _metadata.create_all(engine)
        self.cited = CitedDocuments(engine)

    def new_reference(self) -> str:
        """A reference that no kept answer has, such as 7F3A-21."""
        while True:
            digits = secrets.token_hex(3).upper()
            reference = f"{digits[:4]}-{digits[4:]}"
            with self._engine.connect() as connection:
                taken = connection.execute(_TAKEN, {"reference": reference}).first()
            if taken is None:
                return reference

    def keep(self, answer: Answer, put: Put | None = None) -> None:
        """Keep an answer, and its question as a gap where it was not answered whole; one that was is a gap no longer.

        put: how the question was put, where more of it may be kept than the answer shows.
        """
        put = put or Put(gaps.digest_of(answer.question), asked=None, alike="")
        asked_at = answer.asked_at.astimezone(UTC)
        with self._merging, self._engine.begin() as connection:
            values = {
                "reference": answer.reference,
                "asked_at": asked_at,
                "outcome": answer.outcome,
                "question": answer.question,
                "answer": answer.model_dump(mode="json"),
            }
            connection.execute(insert(_answers), values)
            self.cited.note(connection, answer)
            if answer.outcome in gaps.GAPS:
                gaps.keep(connection, answer, put, asked_at)
            elif answer.outcome is Outcome.ANSWERED and answer.citations:
                gaps.close(connection, put.digest, answered_by(answer), answer.method.index_version)

    def find(self, reference: str) -> Answer | None:
        with self._engine.connect() as connection:
            found = connection.execute(select(_answers.c.answer).where(_answers.c.reference == reference)).scalar()
        return None if found is None else Answer.model_validate(found)

    def gaps(self) -> list[Gap]:
        """The latest first."""
        return self.gap_log.gaps()

    def forget(self, before: datetime) -> int:
        """Delete all answers asked before that moment, and gaps last asked before it. Returns the number of answers."""
        before = before.astimezone(UTC)
        with self._engine.begin() as connection:
            gaps.forget(connection, before)
            self.cited.forget(connection, before)
            return connection.execute(delete(_answers).where(_answers.c.asked_at < before)).rowcount
