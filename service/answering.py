"""A question becomes a cited answer.

understand → refuse what is out of scope → gather evidence → compose → cite → cover → Answer
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING

from ingest.catalogue import HeldDocument, HeldVersion, Scope
from ingest.library import Library
from ingest.register import Organisation
from service.ageing import outdated
from service.bodies import heading, speaker, speaks_for
from service.citing import Citing
from service.composing import extractive
from service.concluding import concluded
from service.covering import Asked, Searched, cover, told_of_time
from service.gathering import Gathered, Gatherer
from service.introducing import held_of
from service.llm import ModelFailed
from service.rephrasing import Shape, Understood, understand
from service.scoping import in_the_field, refusal
from service.vocabulary import NOT_KEPT, Answer, Asker, Citation, Evidence, Method, Outcome, Point, Question, Statement

if TYPE_CHECKING:
    from service.composing.generative import Composition, GenerativeComposer

NEAREST = 3
"""Documents named, or statements shown, where the question is not plainly answered."""


@dataclass(frozen=True, slots=True)
class PointReady:
    """A point that may be shown, with the citations that it adds."""

    point: Point
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class _Asking:
    """One question with what it is put to."""

    question: Question
    understood: Understood
    searched: Searched
    versions: frozenset[int] | None
    find_version: Callable[[int], HeldVersion]
    today: date


@dataclass(frozen=True, slots=True)
class _Composed:
    """Statements, and how they came about."""

    statements: Sequence[Statement]
    heard: frozenset[int] = frozenset()
    """Versions that say something, be there room for it or not."""
    model: str | None = None
    """The language model that worded them; None where they are verbatim."""
    dropped: int = 0
    complete: bool = True
    note: str | None = None


class Answering:
    """Answers questions from one library. Safe to call from several threads at once."""

    def __init__(
        self,
        library: Library,
        new_reference: Callable[[], str],
        composer: "GenerativeComposer | None" = None,
        gatherer: Gatherer | None = None,
    ) -> None:
        self._library = library
        self._new_reference = new_reference
        self._composer = composer
        self._gatherer = gatherer or Gatherer(library)

    def answer(self, question: Question, asker: Asker) -> Answer:
        *_, answer = self.stream(question, asker)
        assert isinstance(answer, Answer)
        return answer

    def stream(self, question: Question, asker: Asker) -> Iterator[PointReady | Answer]:
        """The points, each as soon as its citations are checked, and last the whole answer."""
        asking = self._asking(question, asker)
        refused = refusal(asking.understood.asked, self._library.register, self._library.glossary)
        if refused:
            kept = question.question if refused.keep_question else NOT_KEPT
            method = self._method(_Composed(()))
            yield self._answer(asking, Outcome.OUT_OF_SCOPE, method, message=refused.message, question=kept)
            return
        gathered = self._gatherer.gather(asking.understood, asking.searched.documents, asking.versions)
        # A document that went live since the question came in was not asked whether this asker may see it.
        gathered = gathered.within(asking.searched.documents.versions)
        citing = Citing(asking.find_version, self._library.register, asking.today)
        points: list[Point] = []
        composed = self._compose(asking, gathered)
        for statement in composed.statements:
            known = len(citing.citations)
            for point in citing.bind([statement]):
                points.append(point)
                yield PointReady(point, tuple(citing.citations[known:]))
        outcome, message = concluded(asking.searched, gathered, points, lambda: self._in_field(asking))
        if outcome is Outcome.ANSWERED and not composed.complete:
            outcome = Outcome.PARTLY_ANSWERED
        method = self._method(composed, citing.dropped, gathered)
        yield self._answer(
            asking,
            outcome,
            method,
            message=message,
            points=points,
            citing=citing,
            gathered=gathered,
            heard=composed.heard,
        )

    def _asking(self, question: Question, asker: Asker) -> _Asking:
        register = self._library.register
        understood = understand(question, register)
        bodies = question.organisations
        if understood.asks_holdings and not bodies:
            bodies = tuple(body.slug for body in understood.organisations)
        scope = Scope(
            audiences=asker.audiences,
            organisations=frozenset().union(*map(register.lineage, bodies)),
            kinds=frozenset(question.kinds),
            date_from=question.date_from,
            date_to=question.date_to,
            documents=frozenset(question.documents),
        )
        now = self._library.now
        return _Asking(
            question=question,
            understood=understood,
            searched=Searched(now.documents(scope), now.documents(Scope(audiences=asker.audiences))),
            versions=now.resolve(scope),
            find_version=now.version,
            today=datetime.now(UTC).date(),
        )

    def _compose(self, asking: _Asking, gathered: Gathered) -> _Composed:
        """By the language model where one is set, else, or where it fails, verbatim."""
        register, compare = self._library.register, gathered.side_by_side
        today = asking.today
        group = partial(speaker, register=register, today=today) if compare else partial(heading, today=today)
        apart = partial(speaks_for, register=register) if compare else None
        verbatim = extractive.compose(gathered.evidence, asking.find_version, group, register, compare=apart)
        heard = frozenset(q.version_id for said in verbatim.statements for q in said.quotations) | verbatim.beyond
        if not gathered.sufficiency.enough:
            return _Composed(verbatim.statements[:NEAREST])
        if self._composer is None or not verbatim.statements:
            return _Composed(verbatim.statements, heard)
        try:
            composition = self._composer.compose(
                asking.question, gathered.evidence, asking.find_version, group, compare=apart
            )
        except ModelFailed as failure:
            return _Composed(verbatim.statements, heard, note=f"{failure} This answer is verbatim.")
        complete, note = composition.answered == "yes", _note(composition)
        if composition.statements:
            return _Composed(composition.statements, heard, self._composer.model, composition.dropped, complete, note)
        return _Composed(verbatim.statements, heard, None, composition.dropped, complete, note)

    def _asked_about(self, asking: _Asking) -> tuple[Organisation, ...]:
        filtered = map(self._library.register.get, asking.question.organisations)
        understood = asking.understood
        return tuple(dict.fromkeys([*filter(None, filtered), *understood.organisations, *understood.region]))

    def _in_field(self, asking: _Asking) -> bool:
        return in_the_field(asking.understood.context, self._library.register, self._library.glossary)

    def _answer(
        self,
        asking: _Asking,
        outcome: Outcome,
        method: Method,
        *,
        message: str | None,
        question: str | None = None,
        points: list[Point] | None = None,
        citing: Citing | None = None,
        gathered: Gathered | None = None,
        heard: frozenset[int] = frozenset(),
    ) -> Answer:
        citations = tuple(citing.citations) if citing else ()
        nearest = self._nearest(asking, gathered.closest) if gathered and not points else []
        named = self._asked_about(asking) if gathered else ()
        every = bool(
            gathered and not _police(named) and (gathered.side_by_side or self._compares_nobody(asking, points))
        )
        time, today = asking.understood.time, asking.today
        # Who asks about a past time wants what was in force then.
        old = [] if time and time.periods else outdated(points or (), citations, asking.searched.permitted, today)
        coverage = cover(asking.searched, Asked(named, every, heard), citations, nearest, self._library.register, old)
        by_name = set() if every else _police(named) - {force.slug for force in asking.understood.region}
        unmet = any(o.slug in by_name for o in (*coverage.silent, *coverage.not_held))
        on_time = told_of_time(time, points or (), citations, asking.searched, today)
        if outcome is Outcome.ANSWERED and (unmet or (on_time and not on_time.met)):
            outcome = Outcome.PARTLY_ANSWERED
        if asking.understood.asks_holdings and named:
            message = held_of(named, asking.searched.permitted, self._library.register)
        if on_time:
            message = f"{message} {on_time.sentence}" if message else on_time.sentence
        return Answer(
            reference=self._new_reference(),
            asked_at=datetime.now(UTC),
            question=question or asking.question.question,
            outcome=outcome,
            message=message,
            points=tuple(points or ()),
            citations=citations,
            coverage=coverage,
            method=method,
        )

    @staticmethod
    def _compares_nobody(asking: _Asking, points: Sequence[Point] | None) -> bool:
        """Whether forces were to be compared, and nothing was found to compare."""
        return asking.understood.shape is Shape.COMPARISON and not points

    def _method(self, composed: _Composed, dropped: int = 0, gathered: Gathered | None = None) -> Method:
        notes = (composed.note, gathered.note if gathered else None)
        return Method(
            composer="generative" if composed.model else "extractive",
            model=composed.model,
            embedder=self._library.embedder.name,
            reranker=gathered.reranker if gathered else None,
            index_version=self._library.index_version,
            citations_dropped=composed.dropped + dropped,
            note=" ".join(filter(None, notes)) or None,
        )

    def _nearest(self, asking: _Asking, closest: tuple[Evidence, ...]) -> list[HeldDocument]:
        documents = {document.version_id: document for document in asking.searched.documents}
        found = dict.fromkeys(e.version_id for e in closest if e.version_id in documents)
        return [documents[version] for version in found][:NEAREST]


def _police(organisations: tuple[Organisation, ...]) -> set[str]:
    return {organisation.slug for organisation in organisations if organisation.is_police_body}


def _note(composition: "Composition") -> str | None:
    """What the reader should know of the language model's part in the answer."""
    if composition.dropped and not composition.statements:
        return "No statement of the language model could be verified, so this answer is verbatim."
    if not composition.statements:
        return "The language model found no answer in the evidence, which is given verbatim."
    if composition.dropped:
        plural = "s" if composition.dropped > 1 else ""
        return f"{composition.dropped} statement{plural} of the language model could not be verified."
    return None
