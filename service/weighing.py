"""How much each sentence of the retrieved passages says about the question."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from ingest.catalogue import HeldPassage
from ingest.scale import OWN, Scale
from ingest.vocabulary import Sentence
from service.expanding import Synonyms, with_synonyms
from service.rephrasing import Query
from service.retrieving import PASSAGES, Retrieved
from service.seeking import sought
from service.vocabulary import Evidence, EvidenceSentence
from service.words import coverage, stems_within

COSINE_WEIGHT = 0.40
COVERAGE_WEIGHT = 0.30
PASSAGE_WEIGHT = 0.30
COVERED_WEIGHT = 0.30
"""How much a passage's score gains that holds all the words of the question."""
SOUGHT_WEIGHT = 0.10
"""How much a sentence's score gains that holds a number, date or frequency where one is sought."""
QUESTION_SHARE = 0.85
"""Of the score of a sentence that itself asks, or lists questions: it is seldom an answer."""

_ASKS = re.compile(r"""\?['’”"]*$|\bquestions:""")
_IMPRINT = re.compile(
    r"(?:[^.?!]{1,80}[,:;|–—-]\s*)?(?:(?:first|last|date)\s+)*(?:published|updated|reviewed|issued|modified|approved)"
    r"(?:\s+(?:on|in|date))*\s*:?\s*(?:[\w ,./-]{0,20}(?:19|20)\d\d)?\.?",
    re.IGNORECASE,
)
"""When a document was published: that is on its card, and answers nothing."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A query with its meaning and the weight of its words."""

    query: Query
    vector: np.ndarray
    words: Mapping[str, float]
    """Content stems with inverse document frequency."""
    synonyms: tuple[Synonyms, ...] = ()
    scale: Scale = OWN
    """Of the library's cosines."""
    told: Mapping[int, frozenset[str]] = field(default_factory=dict)
    """Stems that the cards of some versions say of all their text: the time that was asked about."""

    def has_what_is_sought(self, text: str) -> bool:
        """Whether it holds a number, date or frequency, and one is sought."""
        kind = sought(self.query.text)
        return kind is not None and kind.search(text) is not None

    def covered(self, found: frozenset[str], version_id: int) -> float:
        """Share of the words' weight that is among the stems found in a version, in its own or another form; 0 to 1."""
        return coverage(self.words, with_synonyms(found | self.told.get(version_id, frozenset()), self.synonyms))


def weigh(retrieved: Retrieved, wanted: Sequence[Wanted]) -> tuple[Evidence, ...]:
    """The evidence with its sentences, each scored from 0 to about 1, in reading order within their passage.

    Those passages that are handed on are ranked anew by the words of the question that each holds as a whole, unless
    a reranker put them in order.
    """
    highest = max((evidence.score for evidence in retrieved.evidence), default=1.0) or 1.0
    each = [
        weighed(evidence, retrieved.passages[evidence.passage_id], evidence.score / highest, wanted)
        for evidence in retrieved.evidence
    ]
    if retrieved.in_order:
        return tuple(each)
    lifted = (replace(e, score=e.score + COVERED_WEIGHT * e.covered) for e in each[:PASSAGES])
    return (*sorted(lifted, key=lambda e: -e.score), *each[PASSAGES:])


def weighed(evidence: Evidence, passage: HeldPassage, standing: float, wanted: Sequence[Wanted]) -> Evidence:
    """The evidence with its passage's sentences, each scored. standing: of the passage beside the best one, 0 to 1."""
    everything = headings = stems_within(" ".join(passage.heading_path))
    cosines = [np.vecdot(passage.sentence_vectors, want.vector).tolist() for want in wanted]
    sentences = []
    for sentence, *near in zip(passage.sentences, *cosines, strict=True):
        text = text_at(passage, (sentence.start, sentence.end))
        found = headings | stems_within(text)
        everything |= found
        score, cosine = PASSAGE_WEIGHT * standing, 0.0
        for want, unscaled in zip(wanted, near, strict=True):
            scaled = want.scale(unscaled)
            covered = want.covered(found, evidence.version_id)
            cosine += want.query.weight * scaled
            score += want.query.weight * (COSINE_WEIGHT * scaled + COVERAGE_WEIGHT * covered)
            score += want.query.weight * SOUGHT_WEIGHT * want.has_what_is_sought(text)
        if _asks(text_with_lead_in(passage, sentence)):
            score *= QUESTION_SHARE
        elif _IMPRINT.fullmatch(text):
            score = 0.0
        sentences.append(_evidence_sentence(passage, sentence, score, cosine))
    covered = sum(want.query.weight * want.covered(everything, evidence.version_id) for want in wanted)
    return replace(evidence, sentences=tuple(sentences), covered=covered)


def _asks(text: str) -> bool:
    return ("?" in text or "questions:" in text) and _ASKS.search(text) is not None


def text_with_lead_in(passage: HeldPassage, sentence: Sentence) -> str:
    """The sentence behind the words that introduce it, where these stand in the same passage."""
    lead_in = text_at(passage, sentence.lead_in) if sentence.lead_in and sentence.lead_in[0] >= passage.span[0] else ""
    return f"{lead_in} {text_at(passage, (sentence.start, sentence.end))}"


def text_at(passage: HeldPassage, span: tuple[int, int]) -> str:
    """The passage's own text at a span into the version's text."""
    offset = passage.span[0]
    return passage.text[span[0] - offset : span[1] - offset]


def _evidence_sentence(passage: HeldPassage, sentence: Sentence, score: float, cosine: float) -> EvidenceSentence:
    return EvidenceSentence(
        span=(sentence.start, sentence.end),
        text=text_at(passage, (sentence.start, sentence.end)),
        score=score,
        cosine=cosine,
        kind=sentence.kind,
        lead_in=sentence.lead_in,
        paragraph=sentence.paragraph,
        page=sentence.page,
    )
