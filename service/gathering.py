"""The evidence for a question: from the bodies that it names, or from everything that the asker may see.

A document of another force is never evidence for what the named force does, however well it matches.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import chain
from typing import Self

from ingest.catalogue import HeldPassage, Holdings
from ingest.library import Library
from ingest.register import Organisation
from service.bodies import body_of
from service.comparing import (
    PASSAGES_PER_ORGANISATION,
    best_first,
    heard,
    joined,
    levelled,
    most_telling,
    of_bodies,
    originals_first,
    own_words_first,
    repeated,
    side_by_side,
    telling,
    with_room,
)
from service.expanding import expansions, synonyms
from service.naming import Naming
from service.preferring import preferred
from service.rephrasing import Query, Shape, Understood, without_bodies
from service.reranking import Reordering, Reranker
from service.retelling import Retelling
from service.retrieving import PASSAGES, Retrieved, Retriever
from service.sufficiency import Sufficiency, sufficiency
from service.vocabulary import Evidence
from service.weighing import Wanted, weigh
from service.words import stems, weights

MANY = 60
"""Passages looked at where many are about to say the same, or each of many bodies is to be heard."""
MOST_REPEATS = 3
"""Passages that may repeat others before more are looked at."""
MOST_ORGANISATIONS = 12
NAMELESS = "police"
"""What is searched for in place of a police body that is named."""
GENERAL_THRESHOLD = 0.8
"""How sure evidence from elsewhere must be, to stand in for a body that says nothing itself."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Evidence that is enough, or near enough to be shown, best first; and the passages that came closest anyway."""

    evidence: tuple[Evidence, ...]
    closest: tuple[Evidence, ...]
    sufficiency: Sufficiency
    """What decided whether it is enough."""
    side_by_side: bool = False
    """Whether police bodies are compared, each of which is to be heard."""
    reranker: str | None = None
    """The model that ordered the passages, if one did."""
    note: str | None = None
    """What the reader should know of how it was found."""

    def within(self, versions: Set[int]) -> Self:
        """Without evidence from any other version."""
        evidence = tuple(e for e in self.evidence if e.version_id in versions)
        return replace(self, evidence=evidence, closest=tuple(e for e in self.closest if e.version_id in versions))


@dataclass(frozen=True, slots=True)
class Search:
    """A question with what it is put to and what it is searched by."""

    understood: Understood
    searched: Holdings
    wanted: Sequence[Wanted]
    also: Sequence[str]
    """Further forms of its terms, where the index hardly holds the ones that it uses."""
    reordering: Reordering


class Gatherer:
    def __init__(self, library: Library, reranker: Reranker | None = None) -> None:
        self._library = library
        self._reranker = reranker
        self._retriever = Retriever(library)
        self._naming = Naming(library)
        self._retelling = Retelling(library)
        self._police = frozenset(body.slug for body in library.register if body.is_police_body)

    def gather(self, understood: Understood, searched: Holdings, versions: frozenset[int] | None) -> Gathered:
        """Evidence from the documents searched; `versions` are theirs, or None where they are all that is live."""
        search = self.search(understood, searched)
        gathered = self._gathered(search, versions)
        evidence = self._retelling.in_original_words(gathered.evidence, searched.compiled, search.wanted)
        return replace(gathered, evidence=evidence, reranker=search.reordering.by, note=search.reordering.note)

    def search(self, understood: Understood, searched: Holdings) -> Search:
        """What is worked out once, however often it is then searched by."""
        texts = " ".join(query.text for query in understood.queries)
        return Search(
            understood,
            searched,
            self._wanted(understood, searched),
            expansions(texts, self._library.glossary, self._frequency),
            Reordering(self._reranker, understood.context),
        )

    def _gathered(self, search: Search, versions: frozenset[int] | None) -> Gathered:
        understood = search.understood
        named = [organisation for organisation in understood.organisations if organisation.is_police_body]
        if named or understood.region:
            return self._of_named(named or understood.region, search, versions)
        compare = understood.shape is Shape.COMPARISON
        everywhere, anywhere = self._everywhere(search, versions, MANY if compare else PASSAGES)
        bodies = self._of_bodies(everywhere, search) if compare else ()
        found = bodies or with_room(everywhere, PASSAGES)
        return Gathered(found if anywhere.near else (), everywhere, anywhere, bool(bodies))

    def _of_named(self, named: Sequence[Organisation], search: Search, versions: frozenset[int] | None) -> Gathered:
        """What these bodies' own documents say, else what others report of them by name, else what is said of all."""
        understood, searched = search.understood, search.searched
        compare = understood.shape is Shape.COMPARISON and not understood.region
        held = self._held_by(named, search)
        parts = [self._found(search, of) for of in held.values()]
        sure = [s for _, s in parts]
        # Of several bodies none is to crowd out another; of one the rest tells how much the best stand out.
        own = [most_telling(part) for part, _ in parts] if len(parts) > 1 else [part for part, _ in parts]
        speaking = heard(own, sure)
        if compare:
            unheard: list[Sequence[Organisation]] = [[body] for body in named if body.slug not in held]
        else:
            unheard = [] if any(s.enough for s in sure) else [named]
        reported = [found for bodies in unheard if (found := self._reported(bodies, search))]
        if speaking or compare or reported:
            beside = [joined(reported), *side_by_side(speaking, searched.compiled)]
            sure += [self._sufficiency(found, search) for found in reported]
            surest = max(sure, key=lambda s: s.probability)
            closest = best_first(chain.from_iterable(own)) or self._everywhere(search, versions)[0]
            side = compare or bool(understood.region)
            return Gathered(best_first(chain.from_iterable(beside)), closest, surest, side)
        everywhere, _ = self._everywhere(search, versions)
        general = self._of_no_other_force(everywhere, named, searched)
        instead = self._sufficiency(general, search)
        # What is said of the whole country is said of a region; what others do is not what a named body does.
        enough = instead.near if understood.region else instead.probability >= GENERAL_THRESHOLD
        return Gathered(general if enough else (), best_first(chain(*own, general)), instead)

    def _reported(self, named: Iterable[Organisation], search: Search) -> tuple[Evidence, ...]:
        """What documents of no police body say of those named, by name, where it is enough."""
        searched = search.searched
        others = searched.versions - searched.glossaries - searched.of(self._police)
        if not others:
            return ()
        found, bodies = self._retrieved(search, others, MANY), self._lineages(named)
        texts = {passage.id: _texts(passage) for passage in found.passages.values()}
        naming = (e for e in found.evidence if self._naming.is_named(bodies, e.passage_id, texts[e.passage_id]))
        weighed = weigh(replace(found, evidence=tuple(naming)), search.wanted)
        weighed = tuple(about for e in weighed if (about := self._naming.speaking_of(bodies, e)).sentences)
        weighed = tuple(preferred(weighed, search.understood.time, searched.cards))
        reported = best_first(originals_first(weighed, searched.compiled))
        return reported if self._sufficiency(reported, search).enough else ()

    def _found(
        self,
        search: Search,
        versions: frozenset[int] | None,
        limit: int = PASSAGES,
        without: Set[int] = frozenset(),
    ) -> tuple[tuple[Evidence, ...], Sufficiency]:
        """The best of these versions, what is in force and of the time asked about first; and how well it answers."""
        found = self.weighed(search, versions, limit, without)
        answering = self._sufficiency(found[:PASSAGES], search)
        if limit == PASSAGES and repeated(found) >= MOST_REPEATS:
            found = with_room(self.weighed(search, versions, MANY, without), PASSAGES)
        told = search.wanted[0].told.keys()
        of_time = told if versions is None else told & versions
        if of_time:
            timely = self.weighed(search, frozenset(of_time), without=without)
            found = (*timely[:PASSAGES_PER_ORGANISATION], *found)
            answering = max(answering, self._sufficiency(timely, search), key=lambda s: s.probability)
        # A document that went live since the question came in is not among those searched.
        found = tuple(e for e in found if e.version_id in search.searched.versions)
        return best_first(preferred(found, search.understood.time, search.searched.cards)), answering

    def _everywhere(
        self, search: Search, versions: frozenset[int] | None, limit: int = PASSAGES
    ) -> tuple[tuple[Evidence, ...], Sufficiency]:
        """Evidence from all that is searched, and how well it answers.

        A glossary holds every word of the field and would be found for any question: it answers what a word means.
        """
        understood, compiled = search.understood, search.searched.compiled
        without = frozenset() if understood.asks_meaning else search.searched.glossaries
        found, answering = self._found(search, versions, limit, without)
        if theirs := self._of_named_others(search, versions) - without:
            own = self.weighed(search, theirs)
            found = (*found, *own_words_first(own[:PASSAGES_PER_ORGANISATION]))
            answering = max(answering, self._sufficiency(own, search), key=lambda s: s.probability)
        found = best_first(originals_first(found, compiled))
        if found and telling(found).version_id in compiled and understood.shape is Shape.PLAIN:
            originals = self.weighed(search, versions, without=compiled)
            answer = self._sufficiency(originals, search)
            # What is newest may well be what was compiled: older originals must answer by themselves to be heard.
            if answer.enough or (answer.near and not (understood.time and understood.time.newest)):
                found = best_first((*found, *levelled((telling(originals),), found)))
        return found, answering

    def _of_named_others(self, search: Search, versions: frozenset[int] | None) -> frozenset[int]:
        """Documents of and about the bodies named that are no police: the inspectorate, a university, a charity."""
        named = [organisation for organisation in search.understood.organisations if not organisation.is_police_body]
        theirs = search.searched.of(self._lineages(named))
        return theirs if versions is None else theirs & versions

    def _of_bodies(self, evidence: Sequence[Evidence], search: Search) -> tuple[Evidence, ...]:
        searched, found = search.searched, {e.version_id for e in evidence}
        bodies = {v: body_of(searched.cards[v], self._library.register) for v in found & searched.of(self._police)}
        slugs: dict[int, Hashable] = {version: body.slug if body else version for version, body in bodies.items()}
        # A document that says nowhere whose it is, and speaks of police bodies by name, is heard among them.
        slugs |= {v: v for v in found & searched.unattributed if self._naming.speaks_of_police(v)}
        return of_bodies(evidence, slugs.get, lambda part: self._sufficiency(part, search))

    def weighed(
        self,
        search: Search,
        versions: frozenset[int] | None,
        limit: int = PASSAGES,
        without: Set[int] = frozenset(),
    ) -> tuple[Evidence, ...]:
        """The best passages of these versions, or of all, with their sentences weighed, enough to answer or not."""
        return weigh(self._retrieved(search, versions, limit, without), search.wanted)

    def _retrieved(
        self, search: Search, versions: frozenset[int] | None, limit: int, without: Set[int] = frozenset()
    ) -> Retrieved:
        queries = [want.query for want in search.wanted]
        vectors = [want.vector for want in search.wanted]
        return self._retriever.retrieve(queries, vectors, versions, search.also, search.reordering, limit, without)

    def _wanted(self, understood: Understood, searched: Holdings) -> list[Wanted]:
        """What is searched for, with its meaning and the weight of its words in this library."""
        queries = self._searched_by(understood)
        vectors = self._library.embedder.questions([query.text for query in queries])
        time = understood.time
        said = frozenset(stems(time.said)) if time else frozenset()
        cards = searched.cards if time and time.periods else {}
        told = {version: said for version, card in cards.items() if time and time.is_of(card)}
        return [
            Wanted(
                query,
                vector,
                self._words(asked, understood),
                synonyms(query.text, self._library.glossary),
                self._library.scale,
                told,
            )
            for asked, query, vector in zip(understood.queries, queries, vectors, strict=True)
        ]

    def _searched_by(self, understood: Understood) -> tuple[Query, ...]:
        """The queries, of police bodies that are named without their names: whose document it is says that, and every
        passage with the name would pass for near.
        """
        if not any(organisation.is_police_body for organisation in understood.organisations):
            return understood.queries
        register = self._library.register
        return tuple(
            replace(query, text=without_bodies(query.text, register, NAMELESS)) for query in understood.queries
        )

    def _words(self, query: Query, understood: Understood) -> Mapping[str, float]:
        """The query's content words without the names of police bodies, nor "force": whose document it is says that.

        Nor is "latest" a word to look for: what is newest does not say so.
        """
        words = weights(query.text, self._frequency, self._library.lexical.passages)
        asked_about = (*understood.organisations, *understood.mentioned, *understood.region)
        bodies = {organisation for organisation in asked_about if organisation.is_police_body}
        given = {stem for body in bodies for name in (*body.names, body.region, body.kind) for stem in stems(name)}
        if understood.time and understood.time.newest:
            given |= set(stems(understood.time.said))
        rest = {word: weight for word, weight in words.items() if word not in given}
        return rest or words

    def _sufficiency(self, evidence: Sequence[Evidence], search: Search) -> Sufficiency:
        return sufficiency(evidence, search.wanted, self._library.spread())

    def _frequency(self, phrase: str) -> int:
        return self._library.lexical.frequency(phrase)

    def _held_by(self, organisations: Iterable[Organisation], search: Search) -> dict[str, frozenset[int]]:
        """Versions of and about each of the organisations, and of a force's overseer, where there are any; and those
        that say nowhere whose they are, and name it and hardly another. These are shown as what they are.
        """
        searched = search.searched
        found = self._retrieved(search, searched.unattributed, MANY).evidence if searched.unattributed else ()
        about = {version: self._naming.area_of(version) for version in {e.version_id for e in found}}
        held = {}
        for organisation in list(organisations)[:MOST_ORGANISATIONS]:
            speaking = self._library.register.speaking_for(organisation.slug)
            versions = searched.of(speaking) | {version for version, area in about.items() if area in speaking}
            if versions:
                held[organisation.slug] = versions
        return held

    def _of_no_other_force(
        self, evidence: Iterable[Evidence], named: Iterable[Organisation], searched: Holdings
    ) -> tuple[Evidence, ...]:
        """Evidence from documents that are of or about no police body, nor a mere glossary, without what they say of
        police bodies other than those named."""
        others, bodies = searched.glossaries | searched.of(self._police), self._lineages(named)
        general = [e for e in evidence if e.version_id not in others and self._is_of_all(e, bodies, searched)]
        told = {e.passage_id: self._naming.police_in(e.passage_id, _said(e)) for e in general}
        return tuple(e for e in general if not told[e.passage_id] or told[e.passage_id] & bodies)

    def _is_of_all(self, evidence: Evidence, bodies: Set[str], searched: Holdings) -> bool:
        """Whether a document is not about another force, though it says nowhere whose it is."""
        area = self._naming.area_of(evidence.version_id) if evidence.version_id in searched.unattributed else None
        return area is None or area in bodies

    def _lineages(self, bodies: Iterable[Organisation]) -> frozenset[str]:
        return frozenset(slug for body in bodies for slug in self._library.register.lineage(body.slug))


def _texts(passage: HeldPassage) -> tuple[str, ...]:
    return (*passage.heading_path, passage.text)


def _said(evidence: Evidence) -> tuple[str, ...]:
    return (*evidence.heading_path, *(sentence.text for sentence in evidence.sentences))
