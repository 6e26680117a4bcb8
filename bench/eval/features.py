"""What a question's candidates look like in numbers, beside whether they are gold: what weights are fitted on.

Every number that the product itself keeps of a passage or sentence is a column under its own name, so that what is
added there is found here; the others tell of place, length and neighbours.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import fmean

import numpy as np

from bench.eval.asking import Asking
from bench.eval.covering import Ground, gold_sentences
from bench.eval.sets import PassageSet, Query
from service.vocabulary import Evidence, EvidenceSentence

Row = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Of one question, best first."""

    query: str
    columns: tuple[str, ...]
    rows: np.ndarray
    """float64, shape (candidates, columns)."""
    gold: np.ndarray
    """bool, shape (candidates,)."""
    wanted: int
    """Units of gold that there are, found or not."""


def candidates(given: PassageSet, asking: Asking, k: int = 100) -> Iterator[tuple[Candidates, Candidates]]:
    """For each question of the set that has gold: its k best passages, and their sentences."""
    ground = Ground(given.passages, asking)
    for query in given.queries:
        if query.gold:
            evidence = asking.ranked(query.question)[:k]
            if evidence:
                yield _passages(query, evidence, ground), _sentences(query, evidence, ground)


def save(found: Sequence[Candidates], file: Path) -> None:
    """As one table in NumPy's .npz: columns, rows, gold, the place of each row's question, and their ids."""
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        file,
        columns=np.array(found[0].columns if found else ()),
        rows=np.concatenate([one.rows for one in found]) if found else np.empty((0, 0)),
        gold=np.concatenate([one.gold for one in found]) if found else np.empty(0, bool),
        question=np.repeat(np.arange(len(found)), [len(one.rows) for one in found]),
        questions=np.array([one.query for one in found]),
        wanted=np.array([one.wanted for one in found]),
    )


def _passages(query: Query, evidence: Sequence[Evidence], ground: Ground) -> Candidates:
    gold = set(query.gold)
    rows = [_passage(rank, e) for rank, e in enumerate(evidence)]
    return _table(query, rows, [bool(gold.intersection(ground.covered(e))) for e in evidence], len(gold))


def _sentences(query: Query, evidence: Sequence[Evidence], ground: Ground) -> Candidates:
    gold = gold_sentences(query.evidence)
    rows = [row for rank, e in enumerate(evidence) for row in _of_passage(rank, e)]
    is_gold = [not gold.isdisjoint(ground.sentences(e.document_id, s.span)) for e in evidence for s in e.sentences]
    return _table(query, rows, is_gold, len(gold))


def _table(query: Query, rows: Sequence[Row], gold: Sequence[bool], wanted: int) -> Candidates:
    columns = tuple(rows[0])
    return Candidates(query.id, columns, np.array([list(row.values()) for row in rows]), np.array(gold), wanted)


def _passage(rank: int, evidence: Evidence) -> Row:
    cosines = [sentence.cosine for sentence in evidence.sentences]
    return {
        **_numbers(evidence),
        "rank": rank,
        "length": evidence.span[1] - evidence.span[0],
        "sentences": len(cosines),
        "best_sentence": max(cosines, default=0.0),
        "mean_sentence": fmean(cosines) if cosines else 0.0,
    }


def _of_passage(rank: int, evidence: Evidence) -> Iterator[Row]:
    passage = {f"passage_{name}": value for name, value in _passage(rank, evidence).items()}
    last = len(evidence.sentences) - 1
    for place, sentence in enumerate(evidence.sentences):
        before, after = evidence.sentences[max(place - 1, 0)], evidence.sentences[min(place + 1, last)]
        yield {
            **_numbers(sentence),
            "place": place,
            "from_end": last - place,
            "length": sentence.span[1] - sentence.span[0],
            "listed": float(sentence.kind != "sentence"),
            "introduced": float(sentence.lead_in is not None),
            "cosine_before": before.cosine,
            "cosine_after": after.cosine,
            **passage,
        }


def _numbers(of: Evidence | EvidenceSentence) -> Row:
    values = ((field.name, getattr(of, field.name)) for field in fields(of))
    return {name: value for name, value in values if isinstance(value, float)}
