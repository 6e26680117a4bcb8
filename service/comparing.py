"""Evidence from several documents beside one another: what counts for more, and that each body is heard."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence, Set
from dataclasses import replace

from service.sameness import wording
from service.sufficiency import Sufficiency
from service.vocabulary import Evidence

PASSAGES_PER_ORGANISATION = 3
COMPILED_SHARE = 0.85
"""Of the score of evidence that we compiled ourselves."""
NAMED_SHARE = 1.15
"""Of the score of evidence from a body that the question names and that is no police body."""
LEAST_OF_BODIES = 0.75
"""Share of the best other sentence's score that a body's must reach to be heard in a comparison."""
MOST_OF_THE_WORDS = 0.5
"""Share of the question's words, by rarity, with which a body says something on the matter however quietly."""
MARKEDLY = 1.1
"""How many times as high as theirs another sentence must score to be heard in a comparison of bodies."""


def best_first(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Each passage once."""
    unique = {e.passage_id: e for e in evidence}
    return tuple(sorted(unique.values(), key=lambda e: -e.score))


def joined(parts: Iterable[Sequence[Evidence]]) -> tuple[Evidence, ...]:
    """Each passage once, with all the sentences that any part has of it."""
    found: dict[int, Evidence] = {}
    for e in (e for part in parts for e in part):
        held = found.get(e.passage_id, e)
        sentences = {s.span: s for s in (*held.sentences, *e.sentences)}
        found[e.passage_id] = replace(held, sentences=tuple(sentences[span] for span in sorted(sentences)))
    return tuple(found.values())


def telling(evidence: Sequence[Evidence]) -> Evidence:
    """The evidence with the best sentence."""
    return max(evidence, key=_best_score)


def most_telling(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Of one body's own passages those with the best sentences: most of them match because they name it."""
    return tuple(sorted(evidence, key=_best_score, reverse=True)[:PASSAGES_PER_ORGANISATION])


def originals_first(evidence: Iterable[Evidence], compiled: Set[int]) -> Iterator[Evidence]:
    """What bodies published themselves counts for more than what we compiled about them."""
    return (_scaled(e, COMPILED_SHARE) if e.version_id in compiled else e for e in evidence)


def own_words_first(evidence: Iterable[Evidence]) -> Iterator[Evidence]:
    """What a body that was named says itself counts for more than what others say of the matter."""
    return (_scaled(e, NAMED_SHARE) for e in evidence)


def levelled(originals: Sequence[Evidence], found: Sequence[Evidence]) -> Iterator[Evidence]:
    """What bodies published themselves, where it is enough by itself, is heard beside what we compiled about them."""
    share = _best_score(telling(found)) / (_best_score(telling(originals)) or 1.0)
    return (_scaled(e, max(1.0, share)) for e in originals)


def heard(parts: Sequence[Sequence[Evidence]], sure: Sequence[Sufficiency]) -> list[Sequence[Evidence]]:
    """Of the named bodies, those that answer, and beside them those that come close or hold most of the question's
    words; else all that come near.

    What holds not one of the question's words is near because it names the body, and says nothing on the matter.
    """
    enough = [part for part, s in zip(parts, sure, strict=True) if s.enough]
    close = LEAST_OF_BODIES * max((_best_score(telling(part)) for part in enough), default=0.0)
    return [part for part, s in zip(parts, sure, strict=True) if s.enough or (s.near and _says_something(part, close))]


def _says_something(evidence: Sequence[Evidence], close: float) -> bool:
    covered = max((e.covered for e in evidence), default=0.0)
    return covered >= MOST_OF_THE_WORDS or (covered > 0 and _best_score(telling(evidence)) >= close)


def side_by_side(parts: Iterable[Sequence[Evidence]], compiled: Set[int]) -> list[Sequence[Evidence]]:
    """What each body says, none of them drowned out by another whose words happen to match better."""
    ordered = [tuple(originals_first(part, compiled)) for part in parts]
    loudest = max((part for part in ordered), key=lambda part: _best_score(telling(part)), default=())
    return [tuple(levelled(part, loudest)) for part in ordered]


def of_bodies(
    evidence: Iterable[Evidence],
    body_of: Callable[[int], Hashable],
    answers: Callable[[Sequence[Evidence]], Sufficiency],
) -> tuple[Evidence, ...]:
    """For a comparison: the best of each police body, and what tells markedly more, such as a list of them.

    `body_of` gives a version's body, if it has one. Empty where it is not the bodies that answer: who took part in a
    seminar stands in its notes.
    """
    bodies: list[Evidence] = []
    others: list[Evidence] = []
    passages: Counter[Hashable] = Counter()
    for e in evidence:
        body = body_of(e.version_id)
        passages[body] += 1
        if body is None:
            others.append(e)
        elif passages[body] <= PASSAGES_PER_ORGANISATION:
            bodies.append(e)
    if not bodies or not others:
        return tuple(bodies)
    best, best_other = _best_score(telling(bodies)), _best_score(telling(others))
    sure = answers(bodies)
    they_answer = sure.enough or sure.probability >= answers(others).probability
    if not they_answer or best < LEAST_OF_BODIES * best_other:
        return ()
    return best_first((*bodies, *(e for e in others if _best_score(e) >= MARKEDLY * best)))


def repeated(evidence: Iterable[Evidence]) -> int:
    """How many passages lead with a sentence that a better one leads with already."""
    told = [wording(_leading(e)) for e in evidence]
    return len(told) - len(set(told))


def with_room(evidence: Iterable[Evidence], most: int) -> tuple[Evidence, ...]:
    """The best of these, at most so many that lead with different words; what repeats one of them takes no room."""
    told: set[str] = set()
    kept = []
    for e in evidence:
        said = wording(_leading(e))
        if said in told or len(told) < most:
            told.add(said)
            kept.append(e)
    return tuple(kept)


def _leading(evidence: Evidence) -> str:
    return max(evidence.sentences, key=lambda sentence: sentence.score).text if evidence.sentences else ""


def _best_score(evidence: Evidence) -> float:
    return max((sentence.score for sentence in evidence.sentences), default=0.0)


def _scaled(evidence: Evidence, share: float) -> Evidence:
    sentences = tuple(replace(sentence, score=sentence.score * share) for sentence in evidence.sentences)
    return replace(evidence, score=evidence.score * share, sentences=sentences)
