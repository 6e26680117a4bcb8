"""Whether gaps are still open: asked again when the library has changed, first of what is new, then of all of it.

Nothing here is announced by whoever adds or removes documents: each gap says at which state of the library it was last
looked at, so that whatever happened since, in this process or another, is caught up with when somebody looks.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from threading import Lock

from ingest.catalogue import HeldDocument, Scope
from ingest.library import Library
from ingest.moment import Moment
from ingest.vocabulary import Card
from service.answering import Answering
from service.gaps import GapLog, Kept
from service.gathering import Gatherer
from service.rephrasing import understand
from service.requests import Requests
from service.sufficiency import sufficiency
from service.vocabulary import Answer, AnsweredBy, Asker, Outcome, Question

_ASKER = Asker()
"""A gap is closed by what everybody may be answered from."""


class Closing:
    """Safe to use from several threads.

    Gaps are asked again verbatim, without language model and reranker, however questions are answered otherwise.
    """

    def __init__(self, library: Library, log: GapLog, requests: Requests) -> None:
        self._library = library
        self._log = log
        self._requests = requests
        self._gatherer = Gatherer(library)
        self._answering = Answering(library, lambda: "0000-00", gatherer=self._gatherer)
        self._seen: tuple[str, dict[int, Card]] | None = None
        self._checking = Lock()

    def check(self) -> None:
        """Bring the gaps, and the requests for what they lack, into step with what is held now."""
        with self._checking:
            now = self._library.now
            gaps: dict[str, list[Kept]] = defaultdict(list)
            for kept in self._log.kept():
                gaps[kept.gap].append(kept)
            unchanged: list[str] = []
            for gap, wordings in gaps.items():
                if any(kept.looked_at != now.name for kept in wordings):
                    unchanged += self._look(gap, wordings, now)
            self._log.looked(unchanged, now.name)
            self._seen = now.name, self._cards(now)
            self._follow()

    def _look(self, gap: str, wordings: Sequence[Kept], now: Moment) -> list[str]:
        """Returns the wordings about which nothing has changed."""
        digests = [kept.digest for kept in wordings]
        answered = [kept for kept in wordings if kept.answered_by]
        if answered and all(self._stands(kept, now) for kept in answered):
            return digests
        for kept in wordings:
            answer = self._answer(kept, now, fresh=not answered)
            if answer is not None:
                self._log.answered(gap, kept.digest, self._by(answer, kept, now), now.name)
                return [digest for digest in digests if digest != kept.digest]
        if answered:
            self._log.opened(gap, now.name)
        return digests

    def _stands(self, kept: Kept, now: Moment) -> bool:
        """Whether the document that answered is held in that very version, with the card that it had."""
        by = kept.answered_by
        held = {(document.id, document.number): document.version_id for document in self._documents(now)}
        version_id = held.get((by.document_id, by.version)) if by else None
        new = self._new(kept, now)
        return version_id is not None and new is not None and version_id not in new

    def _answer(self, kept: Kept, now: Moment, fresh: bool) -> Answer | None:
        """The answer that the question gets now, if it is one; `fresh`: unless nothing new comes near."""
        if kept.asked is None or kept.outcome is Outcome.OUT_OF_SCOPE:
            return None
        new = self._new(kept, now)
        if fresh and new is not None and not self._comes_near(kept.asked, new, now):
            return None
        answer = self._answering.answer(kept.asked, _ASKER)
        return answer if answer.outcome is Outcome.ANSWERED and answer.citations else None

    def _comes_near(self, asked: Question, new: frozenset[int], now: Moment) -> bool:
        if not new:
            return False
        search = self._gatherer.search(
            understand(asked, self._library.register), now.documents(Scope(audiences=_ASKER.audiences))
        )
        return sufficiency(self._gatherer.weighed(search, new), search.wanted, self._library.spread()).near

    def _new(self, kept: Kept, now: Moment) -> frozenset[int] | None:
        """Versions that are new, or have another card, since this was looked at; None where that is not known."""
        if kept.looked_at == now.name:
            return frozenset()
        if self._seen is None or self._seen[0] != kept.looked_at:
            return None
        seen = self._seen[1]
        return frozenset(version for version, card in self._cards(now).items() if seen.get(version) != card)

    def _by(self, answer: Answer, kept: Kept, now: Moment) -> AnsweredBy:
        """The first document cited that was added since it was asked, else the first."""
        held = {(document.id, document.number): document for document in self._documents(now)}
        cited = [held.get((c.source.document_id, c.source.version)) for c in answer.citations]
        added = [document for document in cited if document and document.added_at > kept.last_asked]
        first = next(iter(added), None)
        source = answer.citations[0].source
        if first is None:
            return _answered_by(source.document_id, source.version, source.title, answer.asked_at)
        return _answered_by(first.id, first.number, first.card.title, first.added_at)

    def _documents(self, now: Moment) -> Sequence[HeldDocument]:
        return now.documents(Scope(audiences=_ASKER.audiences))

    def _cards(self, now: Moment) -> dict[int, Card]:
        return {document.version_id: document.card for document in self._documents(now)}

    def _follow(self) -> None:
        states: dict[bool, list[str]] = {True: [], False: []}
        for gap in self._log.gaps():
            states[gap.answered_by is not None].append(gap.id)
        self._requests.follow(answered=states[True], still_open=states[False])


def _answered_by(document: str, version: int, title: str, since: datetime) -> AnsweredBy:
    return AnsweredBy(document_id=document, version=version, title=title, since=since)
