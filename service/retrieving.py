"""Finds the passages that bear on a question: meaning and words together, within what the asker may see.

Scores are a convex combination of min-max normalised cosine and BM25F, with a prior for the document as a whole
(measured against reciprocal rank fusion and other weights in docs/decisions).
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np

from ingest.catalogue import HeldPassage, PassagePlace
from ingest.library import Library
from service.rephrasing import Query
from service.reranking import Reordering
from service.vocabulary import Evidence

CANDIDATES = 100
"""Passages taken from each of the two searches."""
PASSAGES = 12
"""Passages handed on."""
WORDS_WEIGHT = 0.3
"""Share of BM25F; the rest is cosine."""
LEAST_COSINE_RANGE = 0.3
LEAST_WORDS_RANGE = 0.5
"""Of the highest BM25F score."""
DOCUMENT_WEIGHT = 0.25
"""How much the document as a whole counts beside its passage."""

_APPARATUS = re.compile(
    r"(?:[\dA-Za-z.]{1,4} )?(?:sources?|references|bibliography|(?:table of )?contents|further reading|"
    r"acknowledge?ments|list of (?:tables|figures)|footnotes|endnotes|index|document (?:control|history|information))",
    re.IGNORECASE,
)

Scores = dict[int, float]


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Passages, best first, with what is needed to weigh their sentences."""

    evidence: tuple[Evidence, ...]
    passages: Mapping[int, HeldPassage]
    in_order: bool = False
    """Whether a reranker put them in order, so that nothing else does."""


class Retriever:
    def __init__(self, library: Library) -> None:
        self._library = library

    def retrieve(
        self,
        queries: Sequence[Query],
        vectors: Sequence[np.ndarray],
        versions: frozenset[int] | None,
        also: Sequence[str],
        reordering: Reordering,
        limit: int,
        without: Set[int],
    ) -> Retrieved:
        """The best `limit` passages of the given versions, or of all live ones, `without` some of them.

        `vectors` are the queries' own. `also` holds further forms of their terms that the index is known to hold.
        """
        total: Scores = defaultdict(float)
        cosines: Scores = defaultdict(float)
        words: Scores = defaultdict(float)
        for query, vector in zip(queries, vectors, strict=True):
            near = dict(self._library.nearest(vector, CANDIDATES, versions))
            matching = dict(self._library.lexical.search(query.text, CANDIDATES, versions, also))
            for passage, score in _combined(near, matching).items():
                total[passage] += query.weight * score
            _keep_highest(cosines, near)
            _keep_highest(words, matching)
        ranked = sorted(total, key=lambda passage: (-total[passage], passage))[:CANDIDATES]
        places = [
            place
            for place in self._library.places(ranked).values()
            if place.version_id not in without and not is_apparatus(place.heading_path)
        ]
        if any(place.ordinal for place in places):
            self._add_document_prior(total, places, queries, vectors, versions)
        best = sorted((place.id for place in places), key=lambda passage: (-total[passage], passage))
        # Texts and vectors are read of those alone that are handed on, or put in order.
        passages = self._library.passages(best[: max(limit, reordering.wanted)])
        best = [passage for passage in best if passage in passages]
        in_order = _reorder(best, total, passages, reordering)
        evidence = tuple(
            evidence_of(passages[passage], total[passage], cosines.get(passage, 0.0), words.get(passage, 0.0))
            for passage in best[:limit]
        )
        return Retrieved(evidence, passages, in_order)

    def _add_document_prior(
        self,
        total: Scores,
        places: Sequence[PassagePlace],
        queries: Sequence[Query],
        vectors: Sequence[np.ndarray],
        versions: frozenset[int] | None,
    ) -> None:
        """Lifts the passages of documents that are about the question as a whole."""
        centroids = self._library.centroids({place.version_id for place in places})
        prior: Scores = defaultdict(float)
        for query, vector in zip(queries, vectors, strict=True):
            near = {version: self._library.scale(float(centroid @ vector)) for version, centroid in centroids.items()}
            matching = dict(self._library.lexical.search_documents(query.text, CANDIDATES, versions))
            held = {version: score for version, score in matching.items() if version in centroids}
            for version, score in _combined(near, held, words_weight=0.5).items():
                prior[version] += query.weight * score
        for place in places:
            total[place.id] += DOCUMENT_WEIGHT * prior[place.version_id]


def _reorder(best: list[int], total: Scores, passages: Mapping[int, HeldPassage], reordering: Reordering) -> bool:
    """Puts the first passages in another order, and says whether it did.

    They pass their scores on by place: what follows is fitted to these.
    """
    first = best[: reordering.wanted]
    texts = [" > ".join(passages[id_].heading_path) + "\n" + passages[id_].text for id_ in first]
    order = reordering.order(texts)
    if order is None:
        return False
    best[: len(first)] = [first[place] for place in order]
    total.update(zip(best, [total[id_] for id_ in first], strict=False))
    return True


def is_apparatus(heading_path: Sequence[str]) -> bool:
    """Whether a section only points elsewhere: it is found by its words, and is no evidence for anything."""
    return bool(heading_path) and _APPARATUS.fullmatch(heading_path[-1].strip(" .:")) is not None


def _combined(near: Scores, matching: Scores, words_weight: float = WORDS_WEIGHT) -> Scores:
    """Convex combination of the two searches; what one of them did not find counts as its lowest."""
    near = _normalised(near, LEAST_COSINE_RANGE)
    matching = _normalised(matching, LEAST_WORDS_RANGE * max(matching.values(), default=0.0))
    return {
        key: (1 - words_weight) * near.get(key, 0.0) + words_weight * matching.get(key, 0.0)
        for key in near.keys() | matching.keys()
    }


def _normalised(scores: Scores, least_range: float) -> Scores:
    """Scores from 0 to 1 by min-max, over a range that is not so narrow that near ties are torn apart."""
    if not scores:
        return {}
    high = max(scores.values())
    low = min(*scores.values(), high - least_range)
    return {key: (score - low) / (high - low) if high > low else 1.0 for key, score in scores.items()}


def _keep_highest(kept: Scores, scores: Mapping[int, float]) -> None:
    for key, score in scores.items():
        if score > kept.get(key, float("-inf")):
            kept[key] = score


def evidence_of(passage: HeldPassage, score: float, cosine: float, bm25: float) -> Evidence:
    """The passage as evidence, its sentences not weighed yet."""
    return Evidence(
        passage_id=passage.id,
        document_id=passage.document_id,
        version=passage.number,
        version_id=passage.version_id,
        heading_path=passage.heading_path,
        page_start=passage.page_start,
        page_end=passage.page_end,
        span=passage.span,
        score=score,
        cosine=cosine,
        bm25=bm25,
    )
