"""Writing the catalogue: every change of what answers are made from is one transaction."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, delete, event, func, insert, inspect, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateColumn

from ingest.catalogue import rows
from ingest.catalogue.held import Edit, NewVersion, State
from ingest.catalogue.reads import CatalogueReads
from ingest.catalogue.tables import audiences, documents, metadata, organisations, passages, versions
from ingest.errors import EngageError, UnknownDocument
from ingest.vocabulary import Card, Prepared


class Catalogue(CatalogueReads):
    """Documents, versions and passages in SQL. Only the owner of the data folder writes.

    url: a SQLAlchemy address, sqlite:///… or postgresql+pg8000://… Raises EngageError if it cannot be opened.
    """

    def __init__(self, url: str) -> None:
        try:
            self.engine = _engine(url)
            metadata.create_all(self.engine)
            _add_new_columns(self.engine)
        except (SQLAlchemyError, ImportError) as error:
            cause = getattr(error, "orig", None) or error
            raise EngageError(
                f"The catalogue cannot be opened ({cause}). Check the data folder and ENGAGE_DATABASE_URL."
            ) from error

    def close(self) -> None:
        self.engine.dispose()

    def stage(self, new: NewVersion) -> int:
        """Write a version with its passages and vectors. From here it cannot be lost; nobody sees it yet.

        Returns the version's id.
        """
        passage_rows = _passage_rows(new.prepared, new.embedding_keys)
        with self.engine.begin() as connection:
            _hold_document(connection, new)
            number = select(func.coalesce(func.max(versions.c.number), 0) + 1).where(
                versions.c.document_id == new.card.id
            )
            values = {**rows.version_values(new), "number": connection.execute(number).scalar_one()}
            version_id = _key(connection, insert(versions).values(values))
            _write_side_tables(connection, version_id, new.card)
            connection.execute(insert(passages), [{**row, "version_id": version_id} for row in passage_rows])
        return version_id

    def publish(self, version_id: int) -> int | None:
        """Make a staged version the live one of its document; the one before it is superseded.

        Returns the id of the version that was live until now, if any.
        """
        with self.engine.begin() as connection:
            document_id = connection.execute(
                select(versions.c.document_id).where(versions.c.id == version_id)
            ).scalar_one()
            retired = _live_of(connection, document_id)
            if retired is not None:
                _set_state(connection, retired, State.SUPERSEDED)
            _set_state(connection, version_id, State.LIVE)
        return retired

    def discard(self, version_id: int) -> None:
        """Delete a staged version that nobody has seen."""
        with self.engine.begin() as connection:
            connection.execute(delete(versions).where(versions.c.id == version_id, versions.c.state == State.STAGED))

    def withdraw(self, document_id: str) -> int:
        """Take a document out of answers. Returns the id of the version that was live. Raises UnknownDocument."""
        with self.engine.begin() as connection:
            live = _live_of(connection, document_id)
            if live is None:
                sentence = f"No document '{document_id}' is held; list what is held with 'engage documents'."
                raise UnknownDocument(sentence)
            _set_state(connection, live, State.WITHDRAWN)
        return live

    def change_card(self, version_id: int, card: Card, card_digest: str, edit: Edit | None = None) -> None:
        """Put a corrected card on a version whose text stays as it is."""
        with self.engine.begin() as connection:
            values = {**rows.card_values(card, edit), "card_digest": card_digest}
            connection.execute(update(versions).where(versions.c.id == version_id).values(values))
            for table in (organisations, audiences):
                connection.execute(delete(table).where(table.c.version_id == version_id))
            _write_side_tables(connection, version_id, card)

    def sketch_texts(self) -> None:
        """Give the versions that an earlier release wrote what their texts are known again by."""
        with self.engine.begin() as connection:
            without = select(versions.c.id).where(versions.c.sketch.is_(None))
            for id_ in connection.execute(without).scalars().all():
                written = connection.execute(select(versions.c.text).where(versions.c.id == id_)).scalar_one()
                made = {"sketch": rows.sketch_blob(written)}
                connection.execute(update(versions).where(versions.c.id == id_).values(made))

    def replace_passages(self, version_id: int, prepared: Prepared, keys: Sequence[str], embedder: str) -> None:
        """Give a version other passages and vectors over the same canonical text, as another embedder needs them."""
        passage_rows = _passage_rows(prepared, keys)
        values = {"embedder": embedder, "centroid": rows.centroid_blob(prepared.passage_vectors)}
        with self.engine.begin() as connection:
            connection.execute(delete(passages).where(passages.c.version_id == version_id))
            connection.execute(insert(passages), [{**row, "version_id": version_id} for row in passage_rows])
            connection.execute(update(versions).where(versions.c.id == version_id).values(values))


def _engine(url: str) -> Engine:
    engine = create_engine(url, hide_parameters=True)  # what was asked, or a document's text, is not for a log
    if engine.dialect.name == "sqlite":
        if engine.url.database:
            Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _add_new_columns(engine: Engine) -> None:
    """A catalogue of an earlier release gets the columns that came since; all of these may be empty."""
    held = {column["name"] for column in inspect(engine).get_columns(versions.name)}
    with engine.begin() as connection:
        for column in versions.columns:
            if column.name not in held:
                definition = CreateColumn(column).compile(dialect=engine.dialect)
                connection.execute(text(f"ALTER TABLE {versions.name} ADD COLUMN {definition}"))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Readers never wait for the writer, and what is committed survives a power cut."""
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _passage_rows(prepared: Prepared, keys: Sequence[str]) -> list[rows.Values]:
    vectors, sentence_vectors = prepared.passage_vectors, prepared.sentence_vectors
    return rows.passage_values(prepared.canonical.text, prepared.passages, keys, vectors, sentence_vectors)


def _hold_document(connection: Connection, new: NewVersion) -> None:
    known = connection.execute(select(documents.c.id).where(documents.c.id == new.card.id)).first()
    if known is None:
        connection.execute(insert(documents).values(id=new.card.id, added_at=func.now()))


def _write_side_tables(connection: Connection, version_id: int, card: Card) -> None:
    named = {(organisation.slug, str(organisation.role)) for organisation in card.organisations}
    if named:
        connection.execute(
            insert(organisations), [{"version_id": version_id, "slug": slug, "role": role} for slug, role in named]
        )
    if card.audience:
        connection.execute(insert(audiences), [{"version_id": version_id, "name": name} for name in set(card.audience)])


def _live_of(connection: Connection, document_id: str) -> int | None:
    query = select(versions.c.id).where(versions.c.document_id == document_id, versions.c.state == State.LIVE)
    return connection.execute(query).scalar_one_or_none()


def _set_state(connection: Connection, version_id: int, state: State) -> None:
    connection.execute(update(versions).where(versions.c.id == version_id).values(state=state))


def _key(connection: Connection, statement: Any) -> int:
    primary_key = connection.execute(statement).inserted_primary_key
    assert primary_key is not None
    return int(primary_key[0])
