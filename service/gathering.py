"""The evidence for a question: from the bodies that it names, or from everything that the asker may see.

A document of another force is never evidence for what the named force does, however well it matches.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import chain
from typing import Self

from ingest.catalogue import HeldDocument
from ingest.library import Library
from ingest.register import Organisation
from ingest.vocabulary import Kind
from service.expanding import expansions, synonyms
from service.rephrasing import Query, Shape, Understood
from service.reranking import Reordering, Reranker
from service.retrieving import Retriever
from service.sufficiency import Sufficiency, sufficiency
from service.vocabulary import Evidence
from service.weighing import Wanted, weigh
from service.words import stems, weights

PASSAGES_PER_ORGANISATION = 3
MOST_ORGANISATIONS = 12
GENERAL_THRESHOLD = 0.8
"""How sure evidence from elsewhere must be, to stand in for a body that says nothing itself."""
COMPILED_SHARE = 0.85
"""Of the score of evidence that we compiled ourselves."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Evidence that is enough, or near enough to be shown, best first; and the passages that came closest anyway."""

    evidence: tuple[Evidence, ...]
    closest: tuple[Evidence, ...]
    sufficiency: Sufficiency
    """What decided whether it is enough."""
    reranker: str | None = None
    """The model that ordered the passages, if one did."""
    note: str | None = None
    """What the reader should know of how it was found."""

    def within(self, versions: Set[int]) -> Self:
        """Without evidence from any other version."""
        evidence = tuple(e for e in self.evidence if e.version_id in versions)
        return replace(self, evidence=evidence, closest=tuple(e for e in self.closest if e.version_id in versions))


class Gatherer:
    def __init__(self, library: Library, reranker: Reranker | None = None) -> None:
        self._library = library
        self._reranker = reranker
        self._retriever = Retriever(library)

    def gather(
        self, understood: Understood, searched: Sequence[HeldDocument], versions: frozenset[int] | None
    ) -> Gathered:
        """Evidence from the documents searched; `versions` are theirs, or None where they are all that is live."""
        reordering = self.reordering(understood)
        gathered = self._gather(understood, searched, versions, reordering)
        return replace(gathered, reranker=reordering.by, note=reordering.note)

    def _gather(
        self,
        understood: Understood,
        searched: Sequence[HeldDocument],
        versions: frozenset[int] | None,
        reordering: Reordering,
    ) -> Gathered:
        wanted = self.wanted(understood)
        named = [organisation for organisation in understood.organisations if organisation.is_police_body]
        everywhere, anywhere = self._everywhere(understood, wanted, searched, versions, reordering)
        if not named:
            return Gathered(everywhere if anywhere.near else (), everywhere, anywhere)
        held = self._held_by(named, searched)
        found = [self.weighed(wanted, of, reordering=reordering) for of in held.values()]
        sure = [self._sufficiency(part, wanted) for part in found]
        own = [part[:PASSAGES_PER_ORGANISATION] for part in found]
        telling = [part for part, s in zip(own, sure, strict=True) if s.enough]
        telling = telling or [part for part, s in zip(own, sure, strict=True) if s.near]
        if telling or understood.shape is Shape.COMPARISON:
            beside = self._side_by_side(telling, _compiled(searched))
            closest = _best_first(chain.from_iterable(own)) or everywhere
            surest = max(sure, key=lambda s: s.probability, default=self._sufficiency((), wanted))
            return Gathered(_best_first(chain.from_iterable(beside)), closest, surest)
        general = self._of_no_other_force(everywhere, searched)
        instead = self._sufficiency(general, wanted)
        enough = instead.probability >= GENERAL_THRESHOLD
        return Gathered(general if enough else (), _best_first(chain(*own, general)), instead)

    def _side_by_side(self, parts: Iterable[Sequence[Evidence]], compiled: Set[int]) -> list[Sequence[Evidence]]:
        """What each body says, none of them drowned out by another whose words happen to match better."""
        ordered = [tuple(_originals_first(part, compiled)) for part in parts]
        loudest = max((part for part in ordered), key=lambda part: _best_score(_telling(part)), default=())
        return [tuple(_levelled(part, loudest)) for part in ordered]

    def _everywhere(
        self,
        understood: Understood,
        wanted: Sequence[Wanted],
        searched: Sequence[HeldDocument],
        versions: frozenset[int] | None,
        reordering: Reordering,
    ) -> tuple[tuple[Evidence, ...], Sufficiency]:
        """Evidence from all that is searched, and how well it answers.

        A glossary holds every word of the field and would be found for any question: it answers what a word means.
        """
        compiled = _compiled(searched)
        glossaries = frozenset(d.version_id for d in searched if d.card.kind is Kind.GLOSSARY)
        without = frozenset() if understood.asks_meaning else glossaries
        found = self.weighed(wanted, versions, without=without, reordering=reordering)
        answering = self._sufficiency(found, wanted)
        found = _best_first(_originals_first(found, compiled))
        if understood.shape is Shape.COMPARISON:
            found = self._of_bodies(found, searched)
        if found and _telling(found).version_id in compiled and understood.shape is Shape.PLAIN:
            originals = self.weighed(wanted, versions, without=compiled, reordering=reordering)
            if self._sufficiency(originals, wanted).near:
                found = _best_first((*found, *_levelled(originals[:PASSAGES_PER_ORGANISATION], found)))
        return found, answering

    def _of_bodies(self, evidence: tuple[Evidence, ...], searched: Iterable[HeldDocument]) -> tuple[Evidence, ...]:
        """For a comparison: what is of or about a police body, where that is what answers best."""
        police = {organisation.slug for organisation in self._library.register if organisation.is_police_body}
        bodies = {document.version_id for document in searched if police & _slugs(document)}
        if not evidence or _telling(evidence).version_id not in bodies:
            return evidence
        return tuple(e for e in evidence if e.version_id in bodies)

    def weighed(
        self,
        wanted: Sequence[Wanted],
        versions: frozenset[int] | None,
        limit: int | None = None,
        without: Set[int] = frozenset(),
        reordering: Reordering | None = None,
    ) -> tuple[Evidence, ...]:
        """The best passages of these versions, or of all, with their sentences weighed, enough to answer or not."""
        queries = [want.query for want in wanted]
        also = expansions(" ".join(query.text for query in queries), self._library.glossary, self._frequency)
        vectors = [want.vector for want in wanted]
        return weigh(self._retriever.retrieve(queries, vectors, versions, also, limit, without, reordering), wanted)

    def reordering(self, understood: Understood) -> Reordering:
        """What this question asks of the reranker, if there is one."""
        return Reordering(self._reranker, understood.context)

    def wanted(self, understood: Understood) -> list[Wanted]:
        """What is searched for, with its meaning and the weight of its words in this library."""
        vectors = self._library.embedder.questions([query.text for query in understood.queries])
        return [
            Wanted(
                query,
                vector,
                self._words(query, understood.organisations),
                synonyms(query.text, self._library.glossary),
                self._library.scale,
            )
            for query, vector in zip(understood.queries, vectors, strict=True)
        ]

    def _words(self, query: Query, organisations: Iterable[Organisation]) -> Mapping[str, float]:
        """The query's content words without the names of police bodies: whose document it is says that already."""
        words = weights(query.text, self._frequency, self._library.lexical.passages)
        named = {stem for o in organisations if o.is_police_body for name in o.names for stem in stems(name)}
        rest = {word: weight for word, weight in words.items() if word not in named}
        return rest or words

    def _sufficiency(self, evidence: Sequence[Evidence], wanted: Sequence[Wanted]) -> Sufficiency:
        return sufficiency(evidence, wanted, self._library.spread())

    def _frequency(self, phrase: str) -> int:
        return self._library.lexical.frequency(phrase)

    def _held_by(
        self, organisations: Iterable[Organisation], searched: Sequence[HeldDocument]
    ) -> dict[str, frozenset[int]]:
        """Versions of and about each of the organisations, where there are any."""
        held = {}
        for organisation in list(organisations)[:MOST_ORGANISATIONS]:
            lineage = self._library.register.lineage(organisation.slug)
            versions = frozenset(d.version_id for d in searched if lineage & _slugs(d))
            if versions:
                held[organisation.slug] = versions
        return held

    def _of_no_other_force(
        self, evidence: Iterable[Evidence], searched: Iterable[HeldDocument]
    ) -> tuple[Evidence, ...]:
        """Evidence from documents that are of or about no police body, nor a mere glossary."""
        police = {organisation.slug for organisation in self._library.register if organisation.is_police_body}
        others = {d.version_id for d in searched if d.card.kind is Kind.GLOSSARY or police & _slugs(d)}
        return tuple(e for e in evidence if e.version_id not in others)


def _compiled(documents: Iterable[HeldDocument]) -> frozenset[int]:
    """Versions of what we compiled ourselves."""
    return frozenset(document.version_id for document in documents if document.card.kind.is_compiled)


def _originals_first(evidence: Iterable[Evidence], compiled: Set[int]) -> Iterator[Evidence]:
    """What bodies published themselves counts for more than what we compiled about them."""
    return (_scaled(e, COMPILED_SHARE) if e.version_id in compiled else e for e in evidence)


def _telling(evidence: Sequence[Evidence]) -> Evidence:
    """The evidence with the best sentence."""
    return max(evidence, key=_best_score)


def _best_score(evidence: Evidence) -> float:
    return max((sentence.score for sentence in evidence.sentences), default=0.0)


def _levelled(originals: Sequence[Evidence], found: Sequence[Evidence]) -> Iterator[Evidence]:
    """What bodies published themselves, where it is enough by itself, is heard beside what we compiled about them."""
    share = _best_score(_telling(found)) / (_best_score(_telling(originals)) or 1.0)
    return (_scaled(e, max(1.0, share)) for e in originals)


def _scaled(evidence: Evidence, share: float) -> Evidence:
    sentences = tuple(replace(sentence, score=sentence.score * share) for sentence in evidence.sentences)
    return replace(evidence, score=evidence.score * share, sentences=sentences)


def _slugs(document: HeldDocument) -> set[str]:
    return {organisation.slug for organisation in document.card.organisations}


def _best_first(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    unique = {e.passage_id: e for e in evidence}
    return tuple(sorted(unique.values(), key=lambda e: -e.score))
