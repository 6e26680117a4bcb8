"""Which kept answers cite which document: an index of the answers' own citations, in the catalogue's database."""

from collections.abc import Collection
from datetime import UTC, datetime

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
    column,
    delete,
    func,
    insert,
    inspect,
    select,
    table,
)

from service.held import CitingAnswer
from service.vocabulary import Answer

_AT_ONCE = 500

_metadata = MetaData()
_cited = Table(
    "cited_documents",
    _metadata,
    Column("reference", String(7), primary_key=True),
    Column("document_id", String(100), primary_key=True, index=True),
    Column("version", Integer, primary_key=True),
)
_answers = table(
    "answers",
    column("reference", String),
    column("asked_at", DateTime(timezone=True)),
    column("question", Text),
    column("answer", JSON),
)
"""Of service.records."""


class CitedDocuments:
    """engine: of the catalogue's database, in which the answers are."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        if not inspect(engine).has_table(_cited.name):
            _fill(engine)

    def note(self, connection: Connection, answer: Answer) -> None:
        """Of an answer that is about to be kept, in the same transaction."""
        _note(connection, [answer])

    def forget(self, connection: Connection, before: datetime) -> None:
        """Before the answers are forgotten themselves."""
        old = select(_answers.c.reference).where(_answers.c.asked_at < before)
        connection.execute(delete(_cited).where(_cited.c.reference.in_(old)))

    def count(self, document_id: str) -> int:
        """How many answers that are kept cite the document, in whatever version."""
        query = select(func.count(_cited.c.reference.distinct())).where(_cited.c.document_id == document_id)
        with self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def answers(self, document_id: str, hidden: Collection[str] = ()) -> list[CitingAnswer]:
        """The answers that are kept and cite the document, the latest first.

        hidden: documents that the reader may not know of; answers that cite these too are left out.
        """
        citing = select(_cited.c.reference).where(_cited.c.document_id == document_id)
        query = select(_cited, _answers.c.asked_at, _answers.c.question).where(_cited.c.reference.in_(citing))
        query = query.join_from(_cited, _answers, _answers.c.reference == _cited.c.reference)
        query = query.order_by(_answers.c.asked_at.desc(), _cited.c.reference, _cited.c.version)
        with self._engine.connect() as connection:
            found = connection.execute(query).all()
        secret = {row.reference for row in found if row.document_id in hidden}
        made: dict[str, CitingAnswer] = {}
        for row in found:
            if row.reference in secret or row.document_id != document_id:
                continue
            earlier = made.get(row.reference)
            made[row.reference] = CitingAnswer(
                reference=row.reference,
                asked_at=row.asked_at if row.asked_at.tzinfo else row.asked_at.replace(tzinfo=UTC),
                question=row.question,
                versions=(*(earlier.versions if earlier else ()), row.version),
            )
        return list(made.values())


def _fill(engine: Engine) -> None:
    """Once: made together with what it says of the answers kept before, or not at all."""
    with engine.begin() as connection:
        # A change, though it changes nothing: with it SQLite's driver begins a transaction, as it does not for a table.
        connection.execute(delete(_answers).where(_answers.c.reference.is_(None)))
        if inspect(connection).has_table(_cited.name):
            return
        _metadata.create_all(connection)
        kept = connection.execution_options(yield_per=_AT_ONCE).execute(select(_answers.c.answer)).scalars()
        for some in kept.partitions():
            _note(connection, [Answer.model_validate(answer) for answer in some])


def _note(connection: Connection, answers: list[Answer]) -> None:
    rows = [
        {
            "reference": answer.reference,
            "document_id": document_id,
            "version": version,
        }
        for answer in answers
        for document_id, version in sorted({(c.source.document_id, c.source.version) for c in answer.citations})
    ]
    if rows:
        connection.execute(insert(_cited), rows)
