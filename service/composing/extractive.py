"""The default composer, without a model: verbatim sentences chosen for the question, in an order that reads.

What documents say in nearly the same words is told once, from where it comes, with where else it stands.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from statistics import median
from typing import NamedTuple

from ingest.catalogue import HeldVersion
from ingest.register import Register
from ingest.tidying import shown
from ingest.vocabulary import BlockKind
from service.composing.grouping import Chosen, FindVersion, Group, Grouping
from service.composing.merging import Merging, Place, SpeaksFor
from service.locating import quotations_at
from service.retrieving import PASSAGES
from service.sameness import wording
from service.vocabulary import Evidence, Statement

MAX_POINTS = 6
CLOSE_ENOUGH = 0.4
"""A sentence is chosen that lies at most this share of the way from the best one down to the middle one.

The middle is what any sentence of the same documents scores; a share of the best score alone lets in the more, the more
a library is about one thing.
"""
FAIR_SAMPLE = 30
"""Sentences among which the middle one tells this: as many as most questions find."""
UNRELATED = 0.25
"""What a sentence of no bearing scores: makes up the number where a small library, or one body's part, gives fewer."""
CLOSE_ENOUGH_IN_COMPARISON = 0.7
"""The same, where it is the bodies that are many and each says it in its own way."""
FEW_SPEAKERS = 2
"""So many bodies, compared, are heard twice each; more are heard once."""

Heading = Callable[[HeldVersion], str]
SpeakerOf = Callable[[Group], Hashable]


class Verbatim(NamedTuple):
    statements: list[Statement]
    beyond: frozenset[int]
    """Versions that say something too, for which there was no room, or which another is quoted for."""


def compose(
    evidence: Sequence[Evidence],
    find_version: FindVersion,
    heading: Heading,
    register: Register,
    *,
    compare: SpeaksFor | None = None,
) -> Verbatim:
    """Up to six statements, the best group of them first; none where there is no evidence.

    `heading` names what a version's statements are grouped under. With `compare`, which says whom a version speaks for,
    each is heard by itself: twice where there are two, else once.
    """
    found = {(e.version_id, sentence.span): Chosen(sentence, e) for e in evidence for sentence in e.sentences}
    grouping = Grouping(find_version)
    texts = {place: choice.sentence.text for place, choice in found.items()}
    merging = Merging(texts, lambda place: grouping.saying(found[place]), register, compare)
    # The middle one is looked for among as many passages as most questions have.
    lowest = _lowest(evidence[:PASSAGES], CLOSE_ENOUGH_IN_COMPARISON if compare else CLOSE_ENOUGH)
    close = [c for c in _close(found.values(), lowest) if not _says_nothing(c, find_version(c.version_id), register)]
    if compare:
        # What one body is heard with, each other that says it is heard with too.
        places = dict.fromkeys(place for choice in close for place in (choice.place, *merging.copies(choice.place)))
        close = [found[place] for place in places]
    quoted = grouping.with_lists(close, found)
    origins = merging.told_once(choice.place for choice in quoted)
    merged = {place for place, origin in origins.items() if place != origin}
    groups = list(grouping.grouped(_told(quoted, origins, found), merged))
    groups = _each_once(groups, found, merging) if merged else groups

    def speaker_of(group: Group) -> Hashable:
        return (compare or heading)(find_version(group.version_id))

    ranked = sorted(groups, key=lambda group: -group.score)
    if compare:
        compiled = {group.version_id for group in groups if find_version(group.version_id).card.kind.is_compiled}
        ranked = list(_in_turn(ranked, speaker_of, compiled))
    statements = [
        replace(
            _statement(group, find_version(group.version_id), heading),
            elsewhere=tuple(merging.elsewhere(_said(group, found))),
        )
        for group in _in_reading_order(ranked[:MAX_POINTS], speaker_of)
    ]
    quoted_for = {version for group in ranked for version in _tellers(group, found)}
    return Verbatim(statements, frozenset(quoted_for | {group.version_id for group in ranked[MAX_POINTS:]}))


def _lowest(evidence: Iterable[Evidence], close_enough: float) -> float:
    """The score from which a sentence is close to the best. What is said several times in the same words is one."""
    said: dict[str, float] = {}
    for sentence in (sentence for e in evidence for sentence in e.sentences):
        words = wording(sentence.text)
        said[words] = max(sentence.score, said.get(words, sentence.score))
    if not said:
        return 0.0
    best, others = max(said.values()), [UNRELATED] * (FAIR_SAMPLE - len(said))
    return best - close_enough * (best - median([*said.values(), *others]))


def _close(found: Iterable[Chosen], lowest: float) -> list[Chosen]:
    """The sentences that score close to the best, best first."""
    ranked = sorted(found, key=lambda choice: (-choice.sentence.score, choice.version_id, choice.sentence.span))
    quotable = (c for c in ranked if not c.sentence.retells and " " in c.sentence.text.strip())
    return [c for c in quotable if c.sentence.score >= lowest]


def _says_nothing(choice: Chosen, version: HeldVersion, register: Register) -> bool:
    """Whether it is the title as it stands in the text too, or names a body and no more, as a title page does.

    A note may be called by its only sentence, and an item may be a name.
    """
    text = choice.sentence.text
    if text.rstrip().endswith("."):
        return False
    return wording(text) == wording(version.card.title) or (
        choice.sentence.kind == "sentence" and register.is_name(text)
    )


def _told(quoted: Iterable[Chosen], origins: Mapping[Place, Place], found: Mapping[Place, Chosen]) -> list[Chosen]:
    """The sentences from which these are told, with the score of the best that says the same words."""
    told: dict[Place, Chosen] = {}
    for choice in quoted:
        origin = origins[choice.place]
        told.setdefault(origin, _scored(found[origin], choice.sentence.score))
    return list(told.values())


def _scored(choice: Chosen, score: float) -> Chosen:
    return replace(choice, sentence=replace(choice.sentence, score=score))


def _said(group: Group, found: Iterable[Place]) -> list[Place]:
    """The sentences that a statement shows."""
    lead_in = group.spans[0] if group.listed else None
    return [
        (version_id, (start, end))
        for version_id, (start, end) in found
        if version_id == group.version_id
        and (start, end) != lead_in
        and any(first <= start and end <= last for first, last in group.spans)
    ]


def _tellers(group: Group, found: Mapping[Place, Chosen]) -> set[int]:
    """Versions that say in other words what a statement shows."""
    said = set(_said(group, found))
    return {version for (version, _), choice in found.items() if choice.sentence.retells in said}


def _each_once(groups: Sequence[Group], found: Iterable[Place], merging: Merging) -> list[Group]:
    """Without groups whose every sentence another shows, which needs it there: for a "they" to stand behind."""
    kept = list(groups)
    for group in sorted(groups, key=lambda group: len(_said(group, found))):
        shown = {said for other in kept if other is not group for said in _said(other, found)}
        if all(merging.is_told(said, shown) for said in _said(group, found)):
            kept.remove(group)
    return kept


def _in_turn(ranked: Iterable[Group], speaker_of: SpeakerOf, compiled: Set[int]) -> Iterator[Group]:
    """The best of each speaker, then the second best; what we compiled about it only where it says nothing itself."""
    heard: dict[Hashable, list[Group]] = defaultdict(list)
    for group in ranked:
        heard[speaker_of(group)].append(group)
    told = [[g for g in groups if g.version_id not in compiled] or groups for groups in heard.values()]
    for turn in range(2 if len(told) <= FEW_SPEAKERS else 1):
        yield from (groups[turn] for groups in told if len(groups) > turn)


def _in_reading_order(groups: Sequence[Group], speaker_of: SpeakerOf) -> list[Group]:
    """Speakers by their best statement, within one its documents by theirs, and within these their sections.

    A section reads from top to bottom, but for the very best statement, which comes first of all.
    """
    best: dict[object, float] = defaultdict(float)
    first_of: dict[Hashable, int] = {}
    for group in groups:
        first_of[speaker_of(group)] = min(group.version_id, first_of.get(speaker_of(group), group.version_id))
        for key in (speaker_of(group), group.version_id, (group.version_id, group.evidence.heading_path)):
            best[key] = max(best[key], group.score)

    def order(group: Group) -> tuple[object, ...]:
        speaker, version, section = speaker_of(group), group.version_id, (group.version_id, group.evidence.heading_path)
        first = group.score == best[version]
        return (-best[speaker], first_of[speaker], -best[version], version, -best[section], not first, group.spans[0])

    return sorted(groups, key=order)


def _statement(group: Group, version: HeldVersion, heading: Heading) -> Statement:
    text = version.text
    if group.listed:
        items = {(block.start, block.end) for block in version.blocks if block.kind in (BlockKind.ITEM, BlockKind.ROW)}
        lead_in, *rest = group.spans
        parts = (("\n• " if span in items else " ") + shown(text[slice(*span)]) for span in rest)
        shown_text = shown(text[slice(*lead_in)]) + "".join(parts)
    else:
        shown_text = shown(text[slice(*group.spans[0])])
    return Statement(text=shown_text, quotations=quotations_at(group.spans, version), heading=heading(version))
