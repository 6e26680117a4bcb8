"""What could not be answered, as it is read, and what becomes of it when the library changes."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Engine, Row, bindparam, select, update

from service.gaps.rows import Kept, every_wording, gap_id, kept_wording, merged_gap
from service.gaps.tables import NOT_ANSWERED, gaps, metadata, wordings
from service.gaps.writing import answered_values, write
from service.vocabulary import AnsweredBy, Gap, Question

_MOST_COMPARED = 500
_HELD = select(gaps.c.digest).where(gaps.c.digest == bindparam("digest"))


class GapLog:
    """engine: of the catalogue's database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        metadata.create_all(engine)

    def known(self, digest: str) -> bool:
        with self._engine.connect() as connection:
            return connection.execute(_HELD, {"digest": digest}).first() is not None

    def compared_with(self, alike: str) -> list[tuple[str, Question]]:
        """The latest wordings that may ask the same, each with its gap."""
        query = select(wordings.c.gap, wordings.c.asked).join(gaps, gaps.c.digest == wordings.c.digest)
        query = query.where(wordings.c.alike == alike).order_by(gaps.c.last_asked.desc()).limit(_MOST_COMPARED)
        with self._engine.connect() as connection:
            return [(gap, Question.model_validate(asked)) for gap, asked in connection.execute(query) if asked]

    def kept(self) -> list[Kept]:
        with self._engine.connect() as connection:
            return [kept_wording(row) for row in connection.execute(every_wording())]

    def gaps(self) -> list[Gap]:
        """Merged, the latest first."""
        merged: dict[str, list[Row[Any]]] = defaultdict(list)
        with self._engine.connect() as connection:
            for row in connection.execute(every_wording()):
                merged[gap_id(row)].append(row)
        return [merged_gap(id_, rows) for id_, rows in merged.items()]

    def looked(self, digests: Iterable[str], index_version: str) -> None:
        """Note that nothing has changed about these since."""
        with self._engine.begin() as connection:
            for digest in digests:
                write(connection, digest, {"looked_at": index_version})

    def answered(self, gap: str, digest: str, by: AnsweredBy, index_version: str) -> None:
        """Note by what a gap is answered now, in which of its wordings."""
        with self._engine.begin() as connection:
            connection.execute(update(wordings).where(wordings.c.gap == gap).values(NOT_ANSWERED))
            write(connection, digest, {**answered_values(by), "looked_at": index_version})

    def opened(self, gap: str, index_version: str) -> None:
        """Note that nothing that is held answers it any more."""
        values = {**NOT_ANSWERED, "looked_at": index_version}
        with self._engine.begin() as connection:
            connection.execute(update(wordings).where(wordings.c.gap == gap).values(values))
