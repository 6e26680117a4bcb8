"""The default composer, without a model: verbatim sentences chosen for the question, in an order that reads.

A list item never stands without its lead-in, nor a word that points back ("they", "however") without what it points to.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from ingest.catalogue import HeldVersion
from ingest.tidying import shown
from ingest.vocabulary import BlockKind, Span
from service.locating import quotation_at
from service.vocabulary import Evidence, EvidenceSentence, Statement

MAX_POINTS = 6
SHORT_LIST_ITEMS = 6
"""A list up to this long is always quoted whole: a part of it would need explaining."""
MAX_LIST_ITEMS = 12
"""A list up to this long is quoted whole where the question asks for what it lists."""
CLOSE_ENOUGH = 0.4
"""A sentence is chosen that lies at most this share of the way from the best one down to the middle one.

The middle is what any sentence of the same documents scores; a share of the best score alone lets in the more, the more
a library is about one thing.
"""
CLOSE_ENOUGH_IN_COMPARISON = 0.7
"""The same, where it is the bodies that are many and each says it in its own way."""
MAX_PER_GROUP_IN_COMPARISON = 2

_POINTS_BACK = re.compile(
    r"^['\"‘“(]*(?:it|its|they|them|theirs?|this|these|those|he|she|his|her|such|both|the (?:former|latter|same)|"
    r"however|but|nevertheless|therefore|thus|hence|instead|moreover|furthermore|also|similarly|in addition)\b",
    re.IGNORECASE,
)

FindVersion = Callable[[int], HeldVersion]
Heading = Callable[[HeldVersion], str]


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A sentence of the evidence that is worth quoting."""

    version_id: int
    sentence: EvidenceSentence
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class _Group:
    """What becomes one statement: spans of one version that are read together."""

    version_id: int
    spans: tuple[Span, ...]
    score: float
    evidence: Evidence
    listed: bool


def compose(
    evidence: Sequence[Evidence],
    find_version: FindVersion,
    heading: Heading,
    *,
    compare: bool = False,
) -> list[Statement]:
    """One to six statements, the best group of them first; none where there is no evidence.

    `heading` names what a version's statements are grouped under. With `compare`, no group has more than two.
    """
    chosen = _chosen(evidence, CLOSE_ENOUGH_IN_COMPARISON if compare else CLOSE_ENOUGH)
    groups = list(_grouped(chosen, find_version))
    kept = _most_telling(groups, lambda group: heading(find_version(group.version_id)), compare)
    return [_statement(group, find_version(group.version_id), heading) for group in _in_reading_order(kept)]


def _chosen(evidence: Sequence[Evidence], close_enough: float) -> list[_Chosen]:
    """The sentences that score close to the best, best first, each text once."""
    found = [_Chosen(e.version_id, sentence, e) for e in evidence for sentence in e.sentences]
    found.sort(key=lambda choice: (-choice.sentence.score, choice.version_id, choice.sentence.span))
    lowest = _lowest([choice.sentence.score for choice in found], close_enough)
    seen: set[str] = set()
    chosen = []
    for choice in found:
        words = re.sub(r"\W+", " ", choice.sentence.text).casefold().strip()
        if choice.sentence.score < lowest or words in seen or " " not in words:
            continue
        seen.add(words)
        chosen.append(choice)
    return chosen


def _lowest(scores: Sequence[float], close_enough: float) -> float:
    return scores[0] - close_enough * (scores[0] - median(scores)) if scores else 0.0


def _grouped(chosen: Sequence[_Chosen], find_version: FindVersion) -> Iterator[_Group]:
    lists: dict[tuple[int, Span], list[_Chosen]] = defaultdict(list)
    singles: list[_Chosen] = []
    leads = {
        (c.version_id, block.lead_in) for c in chosen for block in find_version(c.version_id).blocks if block.lead_in
    }
    for choice in chosen:
        lead_in = choice.sentence.lead_in
        if lead_in:
            lists[choice.version_id, lead_in].append(choice)
        elif (choice.version_id, choice.sentence.span) in leads:
            lists[choice.version_id, choice.sentence.span].append(choice)
        else:
            singles.append(choice)
    for (version_id, lead_in), choices in lists.items():
        yield _list_group(version_id, lead_in, choices, find_version(version_id))
    yield from _sentence_groups(singles, find_version)


def _list_group(version_id: int, lead_in: Span, choices: Sequence[_Chosen], version: HeldVersion) -> _Group:
    """The lead-in with all its items where the question asks for the list, else with the items chosen."""
    items = [(block.start, block.end) for block in version.blocks if block.lead_in == lead_in]
    wanted = {choice.sentence.span for choice in choices}
    asked_for = lead_in in wanted or 2 * len(wanted & set(items)) >= len(items)
    whole = len(items) <= (MAX_LIST_ITEMS if asked_for else SHORT_LIST_ITEMS)
    spans = items if whole else sorted(wanted - {lead_in})
    best = max(choices, key=lambda choice: choice.sentence.score)
    return _Group(version_id, (lead_in, *spans), best.sentence.score, best.evidence, listed=True)


def _sentence_groups(singles: Iterable[_Chosen], find_version: FindVersion) -> Iterator[_Group]:
    """Sentences that follow one another are one statement; what points back brings what it points to."""
    by_version: dict[int, list[_Chosen]] = defaultdict(list)
    for choice in singles:
        by_version[choice.version_id].append(choice)
    for version_id, choices in by_version.items():
        text = find_version(version_id).text
        run: list[tuple[Span, _Chosen]] = []
        for choice in sorted(choices, key=lambda choice: choice.sentence.span):
            span = _with_antecedent(choice, text)
            if run and not _adjoins(run[-1][0], span, text):
                yield _run_group(version_id, run)
                run = []
            run.append((span, choice))
        yield _run_group(version_id, run)


def _run_group(version_id: int, run: Sequence[tuple[Span, _Chosen]]) -> _Group:
    best = max((choice for _, choice in run), key=lambda choice: choice.sentence.score)
    span = (min(span[0] for span, _ in run), max(span[1] for span, _ in run))
    return _Group(version_id, (span,), best.sentence.score, best.evidence, listed=False)


def _with_antecedent(choice: _Chosen, text: str) -> Span:
    """The sentence's span, begun earlier in its paragraph while it opens with a word that points back."""
    start, end = choice.sentence.span
    sentences = [
        s.span for s in choice.evidence.sentences if s.paragraph == choice.sentence.paragraph and s.span[0] < start
    ]
    while sentences and _POINTS_BACK.match(text[start:end]):
        start = sentences.pop()[0]
    return start, end


def _adjoins(earlier: Span, later: Span, text: str) -> bool:
    """Whether the two stand in one paragraph with nothing but white space between them."""
    between = text[earlier[1] : later[0]]
    return later[0] <= earlier[1] or (not between.strip() and "\n" not in between)


def _most_telling(groups: Sequence[_Group], heading_of: Callable[[_Group], str], compare: bool) -> list[_Group]:
    kept: list[_Group] = []
    held: Counter[str] = Counter()
    for group in sorted(groups, key=lambda group: -group.score):
        heading = heading_of(group)
        if compare and held[heading] >= MAX_PER_GROUP_IN_COMPARISON:
            continue
        held[heading] += 1
        kept.append(group)
    return kept[:MAX_POINTS]


def _in_reading_order(groups: Sequence[_Group]) -> list[_Group]:
    """Documents by their best statement, and within one its sections by theirs.

    A section reads from top to bottom, but for the very best statement, which comes first of all.
    """
    best: dict[object, float] = defaultdict(float)
    for group in groups:
        for key in (group.version_id, (group.version_id, group.evidence.heading_path)):
            best[key] = max(best[key], group.score)
    return sorted(
        groups,
        key=lambda group: (
            -best[group.version_id],
            group.version_id,
            -best[group.version_id, group.evidence.heading_path],
            group.score < best[group.version_id],
            group.spans[0],
        ),
    )


def _statement(group: _Group, version: HeldVersion, heading: Heading) -> Statement:
    text = version.text
    if group.listed:
        items = {(block.start, block.end) for block in version.blocks if block.kind in (BlockKind.ITEM, BlockKind.ROW)}
        lead_in, *rest = group.spans
        parts = (("\n• " if span in items else " ") + shown(text[slice(*span)]) for span in rest)
        shown_text = shown(text[slice(*lead_in)]) + "".join(parts)
    else:
        shown_text = shown(text[slice(*group.spans[0])])
    quotations = tuple(quotation_at(span, version) for span in _joined(group.spans, text))
    return Statement(text=shown_text, quotations=quotations, heading=heading(version))


def _joined(spans: Iterable[Span], text: str) -> Iterator[Span]:
    """The spans, those that follow one another in the text made one."""
    joined: Span | None = None
    for start, end in sorted(spans):
        if joined and not text[joined[1] : start].strip():
            joined = (joined[0], end)
            continue
        if joined:
            yield joined
        joined = (start, end)
    if joined:
        yield joined
