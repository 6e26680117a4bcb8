"""What the product's passages and citations cover of the passages that a set gives."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bench.eval.asking import Asking
from bench.eval.documents import documents_of
from bench.eval.figures import overlap
from bench.eval.placing import stand_at
from bench.eval.sets import GivenPassage
from ingest.vocabulary import Span
from service.vocabulary import Citation, Evidence

HALF = 0.5
_VERSIONS_KEPT = 2_000

SentenceOf = tuple[str, int]
"""A given passage's id and the place of a sentence in it."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a given passage stands in its document's canonical text, whole and by sentence."""

    id: str
    span: Span
    sentences: tuple[Span, ...]


class Ground:
    """The passages of a set as they stand in the library's documents."""

    def __init__(self, passages: Iterable[GivenPassage], asking: Asking) -> None:
        self._documents = documents_of(passages)
        self._document_of = {given.id: name for name, group in self._documents.items() for given in group}
        self._asking = asking
        self._places = lru_cache(_VERSIONS_KEPT)(self._find)
        self._sentence_spans = lru_cache(_VERSIONS_KEPT)(self._sentences_of)

    def ranked(self, evidence: Iterable[Evidence]) -> list[str]:
        """Given passages in the order in which the evidence covers them, each at its best rank."""
        return list(dict.fromkeys(given for e in evidence for given in self.covered(e)))

    def covered(self, evidence: Evidence) -> list[str]:
        """Given passages that share half of themselves, or half of it, with this one; the best sentence first."""
        places = [place for place in self._places(evidence.document_id) if _mostly(place.span, evidence.span)]
        if len(places) > 1:
            places.sort(key=lambda place: -_best_score(place.span, evidence))
        return [place.id for place in places]

    def sentences(self, document: str, span: Span) -> Iterator[SentenceOf]:
        """Given sentences that share half of themselves, or half of it, with this span of the document's text."""
        for place in self._places(document):
            if overlap(place.span, span):
                for number, sentence in enumerate(place.sentences):
                    if _length(sentence) and _mostly(sentence, span):
                        yield place.id, number

    def cited(self, citations: Iterable[Citation]) -> list[frozenset[SentenceOf]]:
        """For each sentence of the product that is cited, the given sentences that it holds: none, one or several."""
        quoted: dict[tuple[str, Span], frozenset[SentenceOf]] = {}
        for c in citations:
            document, whole = c.source.document_id, (c.location.char_start, c.location.char_end)
            for span in self._sentence_spans(document):
                if whole[0] <= span[0] and span[1] <= whole[1]:
                    quoted[document, span] = frozenset(self.sentences(document, span))
        return list(quoted.values())

    def versions(self, passages: Iterable[str]) -> frozenset[int]:
        """Versions of the documents that hold these passages."""
        return frozenset(self._asking.version(self._document_of[passage]).id for passage in passages)

    def _sentences_of(self, document: str) -> tuple[Span, ...]:
        version = self._asking.version(document)
        held = self._asking.library.catalogue.passages_of(version.id)
        return tuple((sentence.start, sentence.end) for passage in held for sentence in passage.sentences)

    def _find(self, document: str) -> Sequence[_Place]:
        given = self._documents[document]
        stand = stand_at(given, self._asking.version(document))
        found = zip(given, stand, strict=True)
        return [_Place(p.id, (spans[0][0], spans[-1][1]), tuple(spans)) for p, spans in found if spans]


def gold_sentences(evidence: Mapping[str, Iterable[int]]) -> set[SentenceOf]:
    return {(passage, number) for passage, numbers in evidence.items() for number in numbers}


def _length(span: Span) -> int:
    return span[1] - span[0]


def _mostly(a: Span, b: Span) -> bool:
    """Whether half of the shorter one lies in the other."""
    return overlap(a, b) >= HALF * min(_length(a), _length(b))


def _best_score(span: Span, evidence: Evidence) -> float:
    return max((s.score for s in evidence.sentences if _mostly(s.span, span)), default=float("-inf"))
