"""The ledger of submissions: what was handed in, how far it has come, and what became of it.

It is the queue as well. A change is made only from the state that it belongs to, so that one who comes late (a worker
whose submission was cancelled, say) changes nothing.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

import numpy as np
from sqlalchemy import ColumnElement, Connection, Engine, delete, func, insert, or_, select, update

from ingest.catalogue.rows import sketch_of
from ingest.catalogue.submission_tables import alike, metadata, sketches
from ingest.catalogue.submission_tables import submissions as _submissions
from ingest.catalogue.submitted import (
    ALREADY_HANDED_IN,
    ENDED,
    LAST_STAGE,
    Alongside,
    JsonObject,
    Submission,
    SubmissionState,
)
from ingest.errors import UnknownSubmission

_TOLD = tuple(column for column in _submissions.c if column.name != "receipt")
_READ = _submissions.c.state == SubmissionState.TO_CONFIRM
_GOES_IN = _submissions.c.confirmed & _submissions.c.state.in_([SubmissionState.QUEUED, SubmissionState.WORKING])
_NEAREST = 3
"""Of those that are like a submission: so many are told."""
_NOT_BEGUN: JsonObject = {"stage": None, "done": None, "of": None, "attempts": 0, "reason": None, "message": None}


class Submissions:
    """engine: of the catalogue's database. Safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        metadata.create_all(engine)

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
        """Others of the same bytes, which wait for a person to confirm them or for these, need nobody any more."""
        same = (_submissions.c.sha256 == sha256, or_(_READ, _submissions.c.reason == ALREADY_HANDED_IN))
        changed = {"state": SubmissionState.ADDED, "reason": None, "changed_at": datetime.now(UTC), **values}
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

    def same_file(self, submission: Submission) -> Submission | None:
        """Another of the same bytes that has been read and is on its way."""
        others = (_submissions.c.sha256 == submission.sha256, _submissions.c.id != submission.id)
        return next(iter(self._select(*others, or_(_READ, _GOES_IN))), None)

    def sketches(self) -> dict[int, np.ndarray]:
        """Of each text that is on its way in, the smallest of its shingles: uint64, ascending."""
        query = select(sketches).join(_submissions, _submissions.c.id == sketches.c.submission)
        with self._engine.connect() as connection:
            found = connection.execute(query.where(or_(_READ, _GOES_IN)))
            return {id_: sketch_of(sketch) for id_, sketch in found}

    def keep_text(self, submission: int, sketch: bytes, near: Sequence[JsonObject]) -> None:
        """What a submission's text is known by, and its rows in the table of those that are alike."""
        with self._engine.begin() as connection:
            connection.execute(delete(sketches).where(sketches.c.submission == submission))
            connection.execute(insert(sketches).values(submission=submission, sketch=sketch))
            connection.execute(delete(alike).where(or_(alike.c.submission == submission, alike.c.other == submission)))
            if near:
                connection.execute(insert(alike), near)

    def forget_texts(self) -> None:
        """Of those that have ended: nothing is compared with them any more."""
        ended = select(_submissions.c.id).where(_submissions.c.state.in_(ENDED))
        with self._engine.begin() as connection:
            connection.execute(delete(sketches).where(sketches.c.submission.in_(ended)))
            connection.execute(delete(alike).where(alike.c.submission.in_(ended)))

    def _select(self, *conditions: ColumnElement[bool], most: int = 1) -> list[Submission]:
        query = select(*_TOLD).where(*conditions).order_by(_submissions.c.id.desc()).limit(most)
        with self._engine.connect() as connection:
            found = [_submission(row._asdict()) for row in reversed(connection.execute(query).all())]
            near = _alongside(connection, [one.id for one in found if one.state is SubmissionState.TO_CONFIRM])
        return [one.model_copy(update={"alongside": tuple(near[one.id])}) if one.id in near else one for one in found]

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


def _alongside(connection: Connection, waiting: Sequence[int]) -> dict[int, list[Alongside]]:
    """The nearest that are on their way too, or were added meanwhile; what was cancelled or failed is left out."""
    if not waiting:
        return {}
    columns = (alike.c.submission.label("whose"), alike.c.other.label("id"), alike.c.common, alike.c.like)
    of_other = (_submissions.c.place, _submissions.c.state, _submissions.c.document)
    query = (
        select(*columns, alike.c.reason, alike.c.newer, *of_other)
        .join(_submissions, _submissions.c.id == alike.c.other)
        .where(alike.c.submission.in_(waiting))
        .where(or_(_READ, _GOES_IN, _submissions.c.state == SubmissionState.ADDED))
        .order_by(alike.c.common.desc(), alike.c.other)
    )
    found: dict[int, list[Alongside]] = {}
    for whose, *values in connection.execute(query):
        near = found.setdefault(whose, [])
        if len(near) < _NEAREST:
            near.append(Alongside.model_validate(dict(zip(Alongside.model_fields, values, strict=True))))
    return found
