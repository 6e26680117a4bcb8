"""Which body says what on the questions that the field asks: judged as an answer judges, each body by itself.

A cell is what the ordinary answer to that question would rest on, asked of that body's documents alone. It is worked
out when it is first asked for and kept until the library changes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from threading import Lock

from ingest.catalogue import Holdings, Scope
from ingest.library import Library
from ingest.moment import Moment
from ingest.register import Organisation
from ingest.tidying import shown
from ingest.vocabulary import Card
from service.bodies import body_of
from service.citing import Citing
from service.comparing import heard
from service.errors import UnknownRegion
from service.gathering import MANY, Gatherer, Search
from service.locating import quotations_at
from service.missing import (
    BodyKind,
    CellEvidence,
    CellState,
    Count,
    CoverageCell,
    CoverageRow,
    FieldCoverage,
    FieldQuestion,
    Finding,
)
from service.rephrasing import understand
from service.sufficiency import sufficiency
from service.vocabulary import Asker, Evidence, EvidenceSentence, NamedOrganisation, Question, Statement
from service.wording import counted

LEAST_COVERED = 0.1
"""Share of the question's words that a passage must hold: with fewer it is near for speaking of engagement at all."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """What counts for one cell."""

    state: CellState
    evidence: tuple[Evidence, ...] = ()
    own: frozenset[int] = frozenset()
    """Versions that the body wrote."""


class _Moment:
    """What has been worked out of the library as it stands, for one kind of asker."""

    def __init__(self, now: Moment, asker: Asker) -> None:
        self.now = now
        self.documents: Holdings = now.documents(Scope(audiences=asker.audiences))
        self.searches: dict[str, tuple[Search, ...]] = {}
        self.cells: dict[tuple[str, str], _Heard] = {}


class Surveying:
    """Safe to use from several threads."""

    def __init__(self, library: Library, questions: Sequence[FieldQuestion]) -> None:
        self.questions = tuple(questions)
        self._library = library
        self._gatherer = Gatherer(library)
        self._moments: dict[frozenset[str], _Moment] = {}
        self._looking = Lock()

    def coverage(self, asker: Asker, kind: BodyKind = "force", region: str | None = None) -> FieldCoverage:
        """All forces in being or all local policing bodies, or every organisation held, by name."""
        moment = self._moment(asker)
        rows = [self._row(body, moment) for body in self._bodies(moment, kind) if region in (None, body.region)]
        return FieldCoverage(index_version=moment.now.name, questions=self.questions, rows=tuple(rows))

    def evidence(self, organisation: Organisation, question: FieldQuestion, asker: Asker) -> CellEvidence:
        moment = self._moment(asker)
        found = self._heard(organisation, question, moment)
        return CellEvidence(
            organisation=NamedOrganisation(slug=organisation.slug, name=organisation.name),
            question=question,
            cell=_cell(organisation, question, found),
            findings=tuple(self._findings(found, moment)),
        )

    def regions(self) -> list[str]:
        return sorted({body.region for body in self._library.register if body.region})

    def check_region(self, region: str) -> None:
        """Raises UnknownRegion: a slip of the pen must not pass for silence."""
        if region and region not in self.regions():
            raise UnknownRegion(f"The register has no such region; use one of: {', '.join(self.regions())}.")

    def _moment(self, asker: Asker) -> _Moment:
        now = self._library.now
        kept = self._moments.get(asker.audiences)
        if kept is None or kept.now is not now:
            kept = self._moments[asker.audiences] = _Moment(now, asker)
        return kept

    def _bodies(self, moment: _Moment, kind: BodyKind) -> Iterable[Organisation]:
        register = self._library.register
        held = moment.documents.by_organisation
        chosen = (b for b in register if (b.slug in held if kind == "held" else b.kind == kind and not b.successor))
        return sorted(chosen, key=lambda body: body.name)

    def _row(self, body: Organisation, moment: _Moment) -> CoverageRow:
        return CoverageRow(
            slug=body.slug,
            name=body.name,
            kind=body.kind,
            region=body.region,
            documents=len(self._versions(body, moment)),
            cells=tuple(_cell(body, question, self._heard(body, question, moment)) for question in self.questions),
        )

    def _versions(self, body: Organisation, moment: _Moment) -> frozenset[int]:
        return moment.documents.of(self._library.register.lineage(body.slug))

    def _heard(self, body: Organisation, question: FieldQuestion, moment: _Moment) -> _Heard:
        versions = self._versions(body, moment)
        if not versions:
            return _Heard(CellState.NOT_HELD)
        with self._looking:  # two that ask for the same wait for one to work it out
            place = (body.slug, question.id)
            if place not in moment.cells:
                moment.cells[place] = self._look(body, versions, self._searches(question, moment), moment.documents)
            return moment.cells[place]

    def _searches(self, question: FieldQuestion, moment: _Moment) -> tuple[Search, ...]:
        if question.id not in moment.searches:
            asked = (
                understand(Question(question=one), self._library.register) for one in _one_by_one(question.question)
            )
            moment.searches[question.id] = tuple(self._gatherer.search(one, moment.documents) for one in asked)
        return moment.searches[question.id]

    def _look(
        self, body: Organisation, versions: frozenset[int], searches: Iterable[Search], documents: Holdings
    ) -> _Heard:
        slugs = self._library.register.lineage(body.slug)
        cards = {version: documents.cards[version] for version in versions}
        found: dict[int, Evidence] = {}
        answered = False
        for search in searches:
            saying, enough = self._saying(search, cards, slugs, documents)
            answered = answered or enough
            for e in saying:
                found[e.passage_id] = max(found.get(e.passage_id, e), e, key=lambda one: _best(one).score)
        if not found:
            return _Heard(CellState.SILENT)
        own = frozenset(version for version, card in cards.items() if _wrote(card, slugs))
        best_first = tuple(sorted(found.values(), key=lambda e: -_best(e).score))
        return _Heard(CellState.ANSWERED if answered else CellState.NEAR, best_first, own)

    def _saying(
        self, search: Search, cards: Mapping[int, Card], slugs: Set[str], documents: Holdings
    ) -> tuple[list[Evidence], bool]:
        """The passages that say something on the question, and whether they answer it."""
        found = [
            e
            for e in self._gatherer.weighed(search, frozenset(cards), MANY, documents.glossaries)
            if e.version_id in cards and self._is_about(e, cards[e.version_id], slugs)
        ]
        spread = self._library.spread()
        sure = [sufficiency([e], search.wanted, spread) for e in found]
        saying = [part[0] for part in heard([[e] for e in found], sure) if part[0].covered >= LEAST_COVERED]
        # Enough by the best passages together, as an answer is.
        enough = any(s.enough for s in sure) or sufficiency(found, search.wanted, spread).enough
        return saying, enough and bool(saying)

    def _is_about(self, evidence: Evidence, card: Card, slugs: Set[str]) -> bool:
        """What reports on several areas speaks of one of them only where it names it."""
        register = self._library.register
        named = [o for o in card.organisations if (body := register.get(o.slug)) and body.is_police_body]
        if _wrote(card, slugs) or len(named) < 2 or body_of(card, register):
            return True
        text = " ".join((*evidence.heading_path, *(sentence.text for sentence in evidence.sentences)))
        return any(body.slug in slugs for body in register.named_in(text, bare_places=True))

    def _findings(self, found: _Heard, moment: _Moment) -> Iterator[Finding]:
        citing = Citing(moment.now.version, self._library.register, date.today())
        for e in found.evidence:
            known = len(citing.citations)
            for point in citing.bind([_statement(e, moment.now)]):
                citations = tuple(citing.citations[known:])
                yield Finding(text=point.text, own=e.version_id in found.own, citations=citations)


def _one_by_one(question: str) -> list[str]:
    """What is listed behind a colon is asked by itself: who tells of a survey need not speak of meetings too."""
    about, _, listed = question.rstrip("? ").partition(": ")
    items = listed.split(", ")
    return [f"{about}: {item}?" for item in items] if len(items) > 1 else [question]


def _wrote(card: Card, slugs: Set[str]) -> bool:
    return bool(card.authors & slugs)


def _best(evidence: Evidence) -> EvidenceSentence:
    return max(evidence.sentences, key=lambda sentence: sentence.score)


def _statement(evidence: Evidence, now: Moment) -> Statement:
    """The passage's best sentence, behind the words that introduce it."""
    sentence, version = _best(evidence), now.version(evidence.version_id)
    spans = [span for span in (sentence.lead_in, sentence.span) if span]
    text = " ".join(shown(version.text[slice(*span)]) for span in spans)
    return Statement(text=text, quotations=quotations_at(spans, version))


def _cell(body: Organisation, question: FieldQuestion, found: _Heard) -> CoverageCell:
    own = _count(e for e in found.evidence if e.version_id in found.own)
    reported = _count(e for e in found.evidence if e.version_id not in found.own)
    return CoverageCell(
        question=question.id,
        state=found.state,
        own=own,
        reported=reported,
        words=_in_words(found.state, own, reported),
        evidence=f"/missing/evidence?organisation={body.slug}&question={question.id}",
    )


def _count(evidence: Iterable[Evidence]) -> Count:
    versions = [e.version_id for e in evidence]
    return Count(documents=len(set(versions)), passages=len(versions))


def _in_words(state: CellState, own: Count, reported: Count) -> str:
    if state is CellState.NOT_HELD:
        return "Nothing held"
    if state is CellState.SILENT:
        return "Held, silent"
    parts = [
        f"{whose}: {counted(count.passages, 'passage')} in {counted(count.documents, 'document')}"
        for whose, count in (("own words", own), ("reported", reported))
        if count.passages
    ]
    said = "; ".join(["not plainly", *parts] if state is CellState.NEAR else parts)
    return said[0].upper() + said[1:]
