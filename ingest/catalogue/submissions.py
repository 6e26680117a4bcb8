"""The ledger of submissions: what was handed in, how far it has come, and what became of it.

It is the queue as well. A change is made only from the state that it belongs to, so that one who comes late (a worker
whose submission was cancelled, say) changes nothing.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Engine,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    func,
    insert,
    select,
    update,
)

from ingest.catalogue.submitted import ENDED, LAST_STAGE, JsonObject, Submission, SubmissionState
from ingest.errors import UnknownSubmission

_metadata = MetaData()
_submissions = Table(
    "submissions",
    _metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("sent_with", BigInteger),
    Column("unopened", Boolean, nullable=False),
    Column("sha256", String(64)),
    Column("size", BigInteger),
    Column("url", Text),
    Column("state", String(20), nullable=False),
    Column("stage", String(20)),
    Column("done", Integer),
    Column("of", Integer),
    Column("attempts", Integer, nullable=False),
    Column("card_text", Text),
    Column("confirmed", Boolean, nullable=False),
    Column("proposal", JSON(none_as_null=True)),
    Column("outcome", String(20)),
    Column("document", String(100)),
    Column("version", Integer),
    Column("reason", String(40)),
    Column("message", Text),
    Column("receipt", JSON(none_as_null=True)),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Index("submissions_by_state", "state"),
    Index("submissions_by_sha256", "sha256"),
    sqlite_autoincrement=True,
)
_TOLD = tuple(column for column in _submissions.c if column.name != "receipt")
_NOT_BEGUN: JsonObject = {"stage": None, "done": None, "of": None, "attempts": 0, "reason": None, "message": None}


class Submissions:
    """engine: of the catalogue's database. Safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        _metadata.create_all(engine)

    def receive(self, values: JsonObject) -> int:
        """Returns the new submission's id."""
        with self._engine.begin() as connection:
            return _insert(connection, values)

    def find(self, submission: int) -> Submission:
        """Raises UnknownSubmission."""
        found = self._select(_submissions.c.id == submission)
        if not found:
            raise UnknownSubmission(f"No submission {submission} is known; list them with 'engage submissions'.")
        return found[0]

    def listed(self, states: Collection[SubmissionState] = (), most: int = 1_000) -> list[Submission]:
        """The latest, in these states or in any, in the order in which they were handed in."""
        return self._select(*([_submissions.c.state.in_([*states])] if states else []), most=most)

    def receipt(self, submission: int) -> JsonObject | None:
        query = select(_submissions.c.receipt).where(_submissions.c.id == submission)
        with self._engine.connect() as connection:
            found: JsonObject | None = connection.execute(query).scalar()
        return found

    def claim(self, confirmed: bool) -> Submission | None:
        """The first that waits to be read, or to be added, is worked on from now on."""
        waiting = select(_submissions.c.id).where(
            _submissions.c.state == SubmissionState.QUEUED, _submissions.c.confirmed == confirmed
        )
        with self._engine.connect() as connection:
            first = connection.execute(waiting.order_by(_submissions.c.id).limit(1)).scalar()
        if first is None:
            return None
        values = {"state": SubmissionState.WORKING, "attempts": _submissions.c.attempts + 1}
        return self.find(first) if self._change(first, SubmissionState.QUEUED, values) else None

    def tell(self, submission: int, stage: str, done: int, of: int) -> bool:
        """How far it has come. False if it is worked on no more."""
        return self._change(submission, SubmissionState.WORKING, {"stage": stage, "done": done, "of": of})

    def open(self, submission: int, itself: JsonObject, others: Sequence[JsonObject]) -> bool:
        """Have an archive be its first document, or a mail itself, and the others submissions of their own."""
        with self._engine.begin() as connection:
            changed = _change(connection, submission, SubmissionState.WORKING, {"unopened": False, **itself})
            for values in others if changed else ():
                _insert(connection, {"sent_with": submission, "unopened": False, **values})
        return changed

    def propose(self, submission: int, proposal: JsonObject, needs_nobody: bool) -> bool:
        """Read: its card waits for a person, or needs none and the document waits to be added."""
        state = SubmissionState.QUEUED if needs_nobody else SubmissionState.TO_CONFIRM
        values = {**_NOT_BEGUN, "state": state, "confirmed": needs_nobody, "proposal": proposal}
        return self._change(submission, SubmissionState.WORKING, values)

    def confirm(self, submission: int, card_text: str, proposal: JsonObject) -> bool:
        """False if it does not wait for that."""
        confirmed = {"confirmed": True, "card_text": card_text, "proposal": proposal}
        values = {**_NOT_BEGUN, **confirmed, "state": SubmissionState.QUEUED}
        return self._change(submission, SubmissionState.TO_CONFIRM, values)

    def finish(self, submission: int, **values: object) -> bool:
        """values: outcome, document, version, message and receipt."""
        return self._change(submission, SubmissionState.WORKING, {"state": SubmissionState.ADDED, **values})

    def settle(self, sha256: str, **values: object) -> None:
        """Others of the same bytes that wait for a person to confirm them need nobody any more."""
        same = (_submissions.c.sha256 == sha256, _submissions.c.state == SubmissionState.TO_CONFIRM)
        changed = {"state": SubmissionState.ADDED, "changed_at": datetime.now(UTC), **values}
        with self._engine.begin() as connection:
            connection.execute(update(_submissions).where(*same).values(changed))

    def fail(self, submission: int, reason: str, message: str) -> bool:
        values = {"state": SubmissionState.FAILED, "reason": reason, "message": message}
        return self._change(submission, SubmissionState.WORKING, values)

    def cancel(self, submission: int) -> bool:
        """False if it has ended, or its document is being put in."""
        cancellable = _submissions.c.state.not_in(ENDED) & (
            (_submissions.c.state != SubmissionState.WORKING) | (func.coalesce(_submissions.c.stage, "") != LAST_STAGE)
        )
        with self._engine.begin() as connection:
            return _update(connection, submission, cancellable, {"state": SubmissionState.CANCELLED})

    def retry(self, submission: int) -> bool:
        """False if it has not failed."""
        return self._change(submission, SubmissionState.FAILED, {**_NOT_BEGUN, "state": SubmissionState.QUEUED})

    def deliver_again(self, confirmed: bool) -> None:
        """What was being read, or added, by somebody who is gone waits once more."""
        working = (_submissions.c.state == SubmissionState.WORKING) & (_submissions.c.confirmed == confirmed)
        values = {"state": SubmissionState.QUEUED, "stage": None, "done": None, "of": None}
        with self._engine.begin() as connection:
            connection.execute(update(_submissions).where(working).values(values))

    def kept(self) -> set[str]:
        """sha256 of each file that a submission still needs."""
        query = select(_submissions.c.sha256).where(_submissions.c.state.not_in(ENDED))
        with self._engine.connect() as connection:
            return {sha256 for sha256 in connection.execute(query).scalars() if sha256}

    def proposals(self) -> dict[int, JsonObject]:
        """Of what is on its way in, with a card that is suggested or confirmed."""
        query = select(_submissions.c.id, _submissions.c.proposal).where(
            _submissions.c.state.not_in([*ENDED, SubmissionState.FAILED]), _submissions.c.proposal.is_not(None)
        )
        with self._engine.connect() as connection:
            return {id_: proposal for id_, proposal in connection.execute(query)}

    def _select(self, *conditions: ColumnElement[bool], most: int = 1) -> list[Submission]:
        query = select(*_TOLD).where(*conditions).order_by(_submissions.c.id.desc()).limit(most)
        with self._engine.connect() as connection:
            return [_submission(row._asdict()) for row in reversed(connection.execute(query).all())]

    def _change(self, submission: int, state: SubmissionState, values: JsonObject) -> bool:
        with self._engine.begin() as connection:
            return _change(connection, submission, state, values)


def _insert(connection: Connection, values: JsonObject) -> int:
    now = datetime.now(UTC)
    given = {"state": SubmissionState.QUEUED, "attempts": 0, "confirmed": False, "unopened": True, **values}
    made = connection.execute(insert(_submissions), {**given, "received_at": now, "changed_at": now})
    assert made.inserted_primary_key is not None
    return int(made.inserted_primary_key[0])


def _change(connection: Connection, submission: int, state: SubmissionState, values: JsonObject) -> bool:
    return _update(connection, submission, _submissions.c.state == state, values)


def _update(connection: Connection, submission: int, condition: ColumnElement[bool], values: JsonObject) -> bool:
    changed = update(_submissions).where(_submissions.c.id == submission, condition)
    return connection.execute(changed.values({**values, "changed_at": datetime.now(UTC)})).rowcount == 1


def _submission(row: JsonObject) -> Submission:
    """SQLite keeps no time zones; what is written here is UTC."""
    times = {name: value.replace(tzinfo=UTC) for name, value in row.items() if isinstance(value, datetime)}
    return Submission.model_validate(row | times)
