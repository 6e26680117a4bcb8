"""A question becomes a cited answer.

understand → refuse what is out of scope → gather evidence → compose → cite → cover → Answer
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache

from ingest.catalogue import HeldDocument, HeldVersion, Scope
from ingest.library import Library
from ingest.register import Organisation
from ingest.vocabulary import Kind
from service.citing import Citing
from service.composing import extractive
from service.composing.generative import Composition, GenerativeComposer
from service.covering import Searched, cover
from service.gathering import Gathered, Gatherer
from service.llm import ModelFailed
from service.rephrasing import Shape, Understood, understand
from service.scoping import PURPOSE, in_the_field, refusal
from service.vocabulary import Answer, Asker, Citation, Evidence, Method, Outcome, Point, Question, Statement

NOT_KEPT = "[not kept]"
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


@dataclass(frozen=True, slots=True)
class _Composed:
    """Statements, and how they came about."""

    statements: Sequence[Statement]
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
        composer: GenerativeComposer | None = None,
        gatherer: Gatherer | None = None,
    ) -> None:
        self._library = library
        self._new_reference = new_reference
        self._composer = composer
        self._gatherer = gatherer or Gatherer(library)
        self._documents = lru_cache(maxsize=64)(self._documents_at)

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
        gathered = gathered.within({document.version_id for document in asking.searched.documents})
        citing = Citing(asking.find_version, self._library.register)
        points: list[Point] = []
        composed = self._compose(asking, gathered)
        for statement in composed.statements:
            known = len(citing.citations)
            for point in citing.bind([statement]):
                points.append(point)
                yield PointReady(point, tuple(citing.citations[known:]))
        outcome, message = self._outcome(asking, gathered, points)
        if outcome is Outcome.ANSWERED and not composed.complete:
            outcome = Outcome.PARTLY_ANSWERED
        method = self._method(composed, citing.dropped, gathered)
        yield self._answer(asking, outcome, method, message=message, points=points, citing=citing, gathered=gathered)

    def _asking(self, question: Question, asker: Asker) -> _Asking:
        register = self._library.register
        scope = Scope(
            audiences=asker.audiences,
            organisations=frozenset().union(*map(register.lineage, question.organisations)),
            kinds=frozenset(question.kinds),
            date_from=question.date_from,
            date_to=question.date_to,
        )
        permitted = Scope(audiences=asker.audiences)
        index_version = self._library.index_version
        searched = Searched(self._documents(index_version, scope), self._documents(index_version, permitted))
        return _Asking(
            question=question,
            understood=understand(question, register),
            searched=searched,
            versions=self._library.resolve(scope),
            find_version=cache(self._library.catalogue.version),
        )

    def _documents_at(self, index_version: str, scope: Scope) -> tuple[HeldDocument, ...]:
        """Kept for the last few scopes; the index version makes a changed library a new question."""
        return tuple(self._library.catalogue.documents(scope))

    def _compose(self, asking: _Asking, gathered: Gathered) -> _Composed:
        """By the language model where one is set, else, or where it fails, verbatim."""
        compare = asking.understood.shape is Shape.COMPARISON
        heading = self._speaker if compare else _title
        verbatim = extractive.compose(gathered.evidence, asking.find_version, heading, compare=compare)
        if not gathered.sufficiency.enough:
            return _Composed(verbatim[:NEAREST])
        if self._composer is None or not verbatim:
            return _Composed(verbatim)
        try:
            composition = self._composer.compose(asking.question, gathered.evidence, asking.find_version, heading)
        except ModelFailed as failure:
            composition = Composition([], 0, "yes")
            note: str | None = f"{failure} This answer is verbatim."
        else:
            note = _note(composition)
        complete = composition.answered == "yes"
        if composition.statements:
            return _Composed(composition.statements, self._composer.model, composition.dropped, complete, note)
        return _Composed(verbatim, None, composition.dropped, complete, note)

    def _speaker(self, version: HeldVersion) -> str:
        """What a comparison groups by: the police body that the document is of or about, else its title."""
        bodies = map(self._library.register.get, (organisation.slug for organisation in version.card.organisations))
        police = [body.name for body in bodies if body and body.is_police_body]
        kind = version.card.kind
        if not police or (len(police) > 1 and kind is not Kind.PROFILE):
            return version.card.title
        return f"{police[0]} (compiled from public sources)" if kind.is_compiled else police[0]

    def _asked_about(self, asking: _Asking) -> tuple[Organisation, ...]:
        filtered = map(self._library.register.get, asking.question.organisations)
        return tuple(dict.fromkeys([*filter(None, filtered), *asking.understood.organisations]))

    def _outcome(self, asking: _Asking, gathered: Gathered, points: list[Point]) -> tuple[Outcome, str | None]:
        if points and not gathered.sufficiency.enough:
            return Outcome.PARTLY_ANSWERED, (
                "The documents held do not plainly answer this. These are the nearest statements; read them in their "
                "context before you rely on them."
            )
        if points:
            return Outcome.ANSWERED, None
        if gathered.evidence:
            return (
                Outcome.NOT_SUPPORTED,
                "Passages were found, but no statement could be verified. Open the nearest documents.",
            )
        if not asking.searched.permitted:
            return (
                Outcome.NOTHING_RELEVANT,
                "No document is held yet. Add documents with `engage add PATH`, then ask again.",
            )
        if not asking.searched.documents:
            return Outcome.NOTHING_RELEVANT, "No document held matches these filters. Widen them and ask again."
        if not in_the_field(asking.understood.context, self._library.register, self._library.glossary):
            return Outcome.OUT_OF_SCOPE, f"This is not about how the police and the public engage. {PURPOSE}"
        return Outcome.NOTHING_RELEVANT, (
            "The documents held do not answer this. Look at the nearest documents, or put it in other words; "
            "the question has been noted for the strand lead."
        )

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
    ) -> Answer:
        citations = tuple(citing.citations) if citing else ()
        nearest = self._nearest(asking, gathered.closest) if gathered and not points else []
        asked = self._asked_about(asking) if gathered else ()
        coverage = cover(asking.searched, asked, citations, nearest, self._library.register)
        if outcome is Outcome.ANSWERED and any(
            o.slug in _police(asked) for o in (*coverage.silent, *coverage.not_held)
        ):
            outcome = Outcome.PARTLY_ANSWERED
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


def _note(composition: Composition) -> str | None:
    """What the reader should know of the language model's part in the answer."""
    if composition.dropped and not composition.statements:
        return "No statement of the language model could be verified, so this answer is verbatim."
    if not composition.statements:
        return "The language model found no answer in the evidence, which is given verbatim."
    if composition.dropped:
        plural = "s" if composition.dropped > 1 else ""
        return f"{composition.dropped} statement{plural} of the language model could not be verified."
    return None


def _title(version: HeldVersion) -> str:
    return version.card.title
