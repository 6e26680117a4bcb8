"""What a digest retells of a document that is held beside it is told in that document's own words.

The digest is found by its plainer words, and the original is quoted: told twice it would read as two sources. That two
sentences say the same is guessed by their meaning, and decides only which of them is quoted.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np

from ingest.catalogue import HeldPassage
from ingest.library import Library
from ingest.vocabulary import Sentence, Span
from service.figures import figures_in
from service.retrieving import evidence_of
from service.vocabulary import Evidence, EvidenceSentence
from service.weighing import Wanted, text_at, weighed

SAME_SENTENCE = 0.75
"""Cosine from which a sentence retells another."""
SAME_LIST = 0.67
"""Mean cosine of a list's items with the nearest of another list, from which it retells that list."""
LEAST_TITLE = 3
"""Words of a title that is looked for in a text."""
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence, list item or table row with its meaning."""

    sentence: Sentence
    passage: HeldPassage
    vector: np.ndarray

    @property
    def span(self) -> Span:
        return self.sentence.start, self.sentence.end


_Origins = Mapping[Span, _Unit]
"""By the span of what is retold, what it retells."""


class Retelling:
    """Keeps what was compared: neither text ever changes."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._words: dict[int, str] = {}
        self._origins: dict[tuple[int, int], _Origins] = {}

    def in_original_words(
        self, evidence: Sequence[Evidence], compiled: Set[int], wanted: Sequence[Wanted]
    ) -> tuple[Evidence, ...]:
        """The evidence with the scores of what digests retell passed on to what they retell; `compiled` are ours."""
        found = {e.version_id for e in evidence}
        pairs = [
            (teller, original)
            for teller in found & compiled
            for original in found - compiled
            if self._is_named(original, teller)
        ]
        for teller, original in pairs:
            evidence = self._passed_on(evidence, teller, original, wanted)
        return tuple(evidence)

    def _is_named(self, original: int, teller: int) -> bool:
        """Whether the one's title stands in the other."""
        title = _plain(self._library.now.version(original).card.title)
        if teller not in self._words:
            self._words[teller] = _plain(self._library.now.version(teller).text)
        return len(title.split()) >= LEAST_TITLE and title in self._words[teller]

    def _passed_on(
        self, evidence: Sequence[Evidence], teller: int, original: int, wanted: Sequence[Wanted]
    ) -> list[Evidence]:
        origins = self._origins_in(teller, original)
        scores: dict[Span, float] = {}
        beside: dict[int, tuple[HeldPassage, float]] = {}
        highest = max(e.score for e in evidence) or 1.0
        for e in (e for e in evidence if e.version_id == teller):
            for sentence in e.sentences:
                if origin := origins.get(sentence.span):
                    scores[origin.span] = max(sentence.score, scores.get(origin.span, 0.0))
                    beside.setdefault(origin.passage.id, (origin.passage, e.score))
        for id_ in beside.keys() - {e.passage_id for e in evidence}:
            passage, score = beside[id_]
            evidence = [*evidence, weighed(evidence_of(passage, score, 0.0, 0.0), passage, score / highest, wanted)]
        changed = {
            teller: partial(_marked, original=original, origins=origins),
            original: partial(_scored, scores=scores),
        }
        return [changed[e.version_id](e) if e.version_id in changed else e for e in evidence]

    def _origins_in(self, teller: int, original: int) -> _Origins:
        if (teller, original) not in self._origins:
            self._origins[teller, original] = dict(_origins(self._units(teller), self._units(original)))
        return self._origins[teller, original]

    def _units(self, version: int) -> list[_Unit]:
        return [
            _Unit(sentence, passage, vector)
            for passage in self._library.catalogue.passages_of(version)
            for sentence, vector in zip(passage.sentences, passage.sentence_vectors, strict=True)
        ]


def _scored(evidence: Evidence, scores: Mapping[Span, float]) -> Evidence:
    sentences = (replace(s, score=max(s.score, scores.get(s.span, 0.0))) for s in evidence.sentences)
    return replace(evidence, sentences=tuple(sentences))


def _marked(evidence: Evidence, original: int, origins: _Origins) -> Evidence:
    def marked(sentence: EvidenceSentence) -> EvidenceSentence:
        origin = origins.get(sentence.span)
        return replace(sentence, retells=(original, origin.span)) if origin else sentence

    return replace(evidence, sentences=tuple(map(marked, evidence.sentences)))


def _origins(retelling: Sequence[_Unit], originals: Sequence[_Unit]) -> Iterator[tuple[Span, _Unit]]:
    """A list is retold as a whole, a sentence by itself, if it tells no figure of its own."""
    lists = _lists(retelling)
    for lead_in, items in lists.items():
        yield from _origins_of_list(lead_in, items, originals)
    for unit in retelling:
        if unit.span not in lists and not unit.sentence.lead_in:
            nearest, cosine = _nearest(unit, originals)
            if cosine >= SAME_SENTENCE and _figures(unit) <= _figures(nearest):
                yield unit.span, nearest


def _origins_of_list(lead_in: Span, items: Sequence[_Unit], originals: Sequence[_Unit]) -> Iterator[tuple[Span, _Unit]]:
    """The list that it retells, else the sentences that say the same as each of its items does."""
    by_span = {unit.span: unit for unit in originals}
    told = {of: [_nearest(item, others) for item in items] for of, others in _lists(originals).items() if of in by_span}
    of = max(told, key=lambda of: _mean(told[of]), default=None)
    if of and _mean(told[of]) >= SAME_LIST:
        introduced, nearest = by_span[of], told[of]
    else:
        nearest = [_nearest(item, originals) for item in items]
        introduced = nearest[0][0]
        if min(cosine for _, cosine in nearest) < SAME_SENTENCE:
            return
    yield lead_in, introduced
    yield from ((item.span, near) for item, (near, _) in zip(items, nearest, strict=True))


def _lists(units: Iterable[_Unit]) -> dict[Span, list[_Unit]]:
    """Items by their lead-in."""
    lists: dict[Span, list[_Unit]] = defaultdict(list)
    for unit in units:
        if unit.sentence.lead_in:
            lists[unit.sentence.lead_in].append(unit)
    return lists


def _nearest(unit: _Unit, others: Sequence[_Unit]) -> tuple[_Unit, float]:
    cosines = np.stack([other.vector for other in others]) @ unit.vector
    at = int(cosines.argmax())
    return others[at], float(cosines[at])


def _mean(nearest: Sequence[tuple[_Unit, float]]) -> float:
    return sum(cosine for _, cosine in nearest) / len(nearest)


def _figures(unit: _Unit) -> set[str]:
    return {figure.value for figure in figures_in(text_at(unit.passage, unit.span))}


@lru_cache(maxsize=1_000)
def _plain(text: str) -> str:
    """Its words alone, in one form, so that one text can be looked for in another."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "
