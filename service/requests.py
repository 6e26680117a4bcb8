"""Documents asked of bodies, in SQL: the letter as it was kept, and how it stands."""

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    Engine,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from ingest.register import Register
from service.errors import UnknownRequest
from service.missing import DocumentRequest, Draft, RequestChange, RequestState
from service.vocabulary import NamedOrganisation

_metadata = MetaData()

_requests = Table(
    "document_requests",
    _metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("gap", String(16), index=True),
    Column("organisation", String(100), nullable=False),
    Column("wanted", Text, nullable=False),
    Column("letter", Text, nullable=False),
    Column("state", String(20), nullable=False),
    # Before a document answered its gap: to go back to, should that document be withdrawn.
    Column("state_before", String(20)),
    Column("sent_on", Date),
    Column("note", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    sqlite_autoincrement=True,
)
_WAITING = (RequestState.DRAFTED, RequestState.SENT)


class Requests:
    """engine: of the catalogue's database."""

    def __init__(self, engine: Engine, register: Register) -> None:
        self._engine = engine
        self._register = register
        _metadata.create_all(engine)

    def keep(self, draft: Draft, organisation: str, gap: str | None, note: str) -> DocumentRequest:
        now = datetime.now(UTC)
        values = {
            "gap": gap,
            "organisation": organisation,
            "wanted": draft.wanted,
            "letter": draft.letter,
            "state": RequestState.DRAFTED,
            "note": note,
            "created_at": now,
            "changed_at": now,
        }
        with self._engine.begin() as connection:
            key = connection.execute(insert(_requests), values).inserted_primary_key
        assert key is not None
        return self.find(int(key[0]))

    def find(self, id_: int) -> DocumentRequest:
        """Raises UnknownRequest."""
        with self._engine.connect() as connection:
            row = connection.execute(select(_requests).where(_requests.c.id == id_)).first()
        if row is None:
            raise UnknownRequest(f"There is no request {id_}; GET /api/v1/requests lists those that are kept.")
        return self._request(row)

    def listed(self) -> list[DocumentRequest]:
        """Those last changed first."""
        query = select(_requests).order_by(_requests.c.changed_at.desc(), _requests.c.id.desc())
        with self._engine.connect() as connection:
            return [self._request(row) for row in connection.execute(query)]

    def change(self, id_: int, change: RequestChange) -> DocumentRequest:
        """Raises UnknownRequest."""
        now = self.find(id_)
        values: dict[str, Any] = change.model_dump(exclude_none=True)
        if change.state not in (None, now.state):
            values["state_before"] = None
        if change.state is RequestState.SENT:
            values["sent_on"] = change.sent_on or now.sent_on or date.today()
        values["changed_at"] = datetime.now(UTC)
        with self._engine.begin() as connection:
            connection.execute(update(_requests).where(_requests.c.id == id_).values(values))
        return self.find(id_)

    def follow(self, answered: Collection[str], still_open: Collection[str]) -> None:
        """What was asked for has come where its gap is answered, and is waited for again where it is open again."""
        now = datetime.now(UTC)
        with self._engine.begin() as connection:
            kept = connection.execute(select(_requests).where(_requests.c.gap.is_not(None))).all()
            for row in kept:
                if row.gap in answered and row.state in _WAITING:
                    values = {"state": RequestState.RECEIVED, "state_before": row.state, "changed_at": now}
                elif row.gap in still_open and row.state_before is not None:
                    values = {"state": row.state_before, "state_before": None, "changed_at": now}
                else:
                    continue
                connection.execute(update(_requests).where(_requests.c.id == row.id).values(values))

    def forget(self, before: datetime) -> int:
        """Delete those last changed before that moment. Returns their number."""
        with self._engine.begin() as connection:
            return connection.execute(delete(_requests).where(_requests.c.changed_at < before.astimezone(UTC))).rowcount

    def _request(self, row: Row[Any]) -> DocumentRequest:
        named = NamedOrganisation(slug=row.organisation, name=self._register.name(row.organisation))
        return DocumentRequest(
            id=row.id,
            gap=row.gap,
            organisation=named,
            wanted=row.wanted,
            letter=row.letter,
            state=RequestState(row.state),
            sent_on=row.sent_on,
            note=row.note,
            created_at=_utc(row.created_at),
            changed_at=_utc(row.changed_at),
        )


def _utc(moment: datetime) -> datetime:
    """SQLite keeps no time zones; what is written here is UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
