"""What was asked and answered, kept by reference; and what could not be answered, merged by the words of the question.

Both stand in the catalogue's database. They are recorded information: kept for as long as the organisation decides,
and forgotten by date.
"""

import hashlib
import re
import secrets
from datetime import UTC, datetime
from threading import Lock

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    DateTime,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from service.cited import CitedDocuments
from service.vocabulary import Answer, Gap, Outcome

REFERENCE_PATTERN = r"^[0-9A-F]{4}-[0-9A-F]{2}$"
_GAPS = frozenset({Outcome.PARTLY_ANSWERED, Outcome.NOTHING_RELEVANT, Outcome.OUT_OF_SCOPE, Outcome.NOT_SUPPORTED})

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

# Written out once: putting a statement together takes longer than running it.
_TAKEN = select(_answers.c.reference).where(_answers.c.reference == bindparam("reference"))
_COUNTED = update(_gaps).where(_gaps.c.digest == bindparam("asked")).values(times=_gaps.c.times + 1)


class Records:
    """engine: of the catalogue's database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._merging = Lock()
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

    def keep(self, answer: Answer) -> None:
        """Keep an answer, and its question as a gap where it was not answered whole."""
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
            if answer.outcome in _GAPS:
                _merge(connection, answer, asked_at)

    def find(self, reference: str) -> Answer | None:
        with self._engine.connect() as connection:
            found = connection.execute(select(_answers.c.answer).where(_answers.c.reference == reference)).scalar()
        return None if found is None else Answer.model_validate(found)

    def gaps(self) -> list[Gap]:
        """The latest first."""
        query = select(_gaps).order_by(_gaps.c.last_asked.desc(), _gaps.c.digest)
        with self._engine.connect() as connection:
            return [Gap.model_validate(_gap_fields(row._asdict())) for row in connection.execute(query)]

    def forget(self, before: datetime) -> int:
        """Delete all answers asked before that moment, and gaps last asked before it. Returns the number of answers."""
        with self._engine.begin() as connection:
            connection.execute(delete(_gaps).where(_gaps.c.last_asked < before))
            self.cited.forget(connection, before)
            return connection.execute(delete(_answers).where(_answers.c.asked_at < before)).rowcount


def _merge(connection: Connection, answer: Answer, asked_at: datetime) -> None:
    digest = hashlib.sha256(_normalised(answer.question).encode()).hexdigest()
    missing = (*answer.coverage.not_held, *answer.coverage.silent)
    latest = {
        "outcome": answer.outcome,
        "last_asked": asked_at,
        "organisations": [organisation.model_dump() for organisation in missing],
    }
    if connection.execute(_COUNTED, {**latest, "asked": digest}).rowcount == 0:
        first = {"digest": digest, "question": answer.question, "first_asked": asked_at, "times": 1}
        connection.execute(insert(_gaps), {**first, **latest})


def _normalised(question: str) -> str:
    """The words alone: how they are cased, spaced and punctuated makes no other question."""
    return " ".join(re.findall(r"\w+", question.casefold())) or question


def _gap_fields(row: dict[str, object]) -> dict[str, object]:
    """SQLite keeps no time zones; what is written here is UTC."""
    moments = {name: value for name, value in row.items() if isinstance(value, datetime)}
    times = {name: value if value.tzinfo else value.replace(tzinfo=UTC) for name, value in moments.items()}
    return {name: value for name, value in (row | times).items() if name != "digest"}
