"""Which sentences are read together: a list with its lead-in, a run of sentences, a pronoun with what it stands for."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from operator import ne

from ingest.catalogue import HeldVersion
from ingest.sentences import sentence_spans
from ingest.vocabulary import Span
from service.composing.merging import Place, Saying
from service.vocabulary import Evidence, EvidenceSentence

SHORT_LIST_ITEMS = 6
"""A list up to this long is always quoted whole: a part of it would need explaining."""
MAX_LIST_ITEMS = 12
"""A list up to this long is quoted whole where the question asks for what it lists."""
AS_MUCH_MEANT = 0.75
"""Share of a lead-in's score that the lead-in of another part of its list has where the question means both."""

_POINTS_BACK = re.compile(
    r"^['\"‘“(]*(?:it|its|they|them|theirs?|this|these|those|he|she|his|her|such|both|the (?:former|latter|same)|"
    r"however|but|nevertheless|therefore|thus|hence|instead|moreover|furthermore|also|similarly|in addition)\b",
    re.IGNORECASE,
)
_POINTS_AT_A_THING = re.compile(r"^['\"‘“(]*(?:this|these|those|such|both|also)\b", re.IGNORECASE)
"""Says itself what it points at ("this event"), or points at all that was said."""

FindVersion = Callable[[int], HeldVersion]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sentence of the evidence that is worth quoting."""

    sentence: EvidenceSentence
    evidence: Evidence

    @property
    def version_id(self) -> int:
        return self.evidence.version_id

    @property
    def place(self) -> Place:
        return self.version_id, self.sentence.span


@dataclass(frozen=True, slots=True)
class Group:
    """What becomes one statement: spans of one version that are read together."""

    version_id: int
    spans: tuple[Span, ...]
    score: float
    evidence: Evidence
    listed: bool


class Grouping:
    """Groups the sentences of one answer's evidence."""

    def __init__(self, find_version: FindVersion) -> None:
        self._find_version = find_version
        self._lists: dict[int, dict[Span, list[Span]]] = {}
        self._openings: dict[int, dict[Span, Span]] = {}

    def saying(self, choice: Chosen) -> Saying:
        """The sentence with what it is read with: its list or the lead-in of it, or what it points back to."""
        version, span = self._find_version(choice.version_id), choice.sentence.span
        items = self._lists_of(version).get(span, [])
        before = choice.sentence.lead_in or (None if items else _antecedent(choice, version.text))
        return Saying(version, span, (*((before,) if before else ()), span, *items))

    def with_lists(self, chosen: Sequence[Chosen], found: Mapping[Place, Chosen]) -> list[Chosen]:
        """The sentences chosen, and the items that are quoted with them because their list is quoted whole."""
        chosen = [*chosen, *self._other_parts(chosen, found)]
        lists, _ = self._lists_and_singles(chosen)
        groups = (self._list_group(*place, choices, frozenset()) for place, choices in lists.items())
        places = [choice.place for choice in chosen]
        places += [(group.version_id, span) for group in groups for span in group.spans[1:]]
        by_place = {**found, **{choice.place: choice for choice in chosen}}
        return [by_place[place] for place in dict.fromkeys(places) if place in by_place]

    def grouped(self, chosen: Sequence[Chosen], told: Set[Place]) -> Iterator[Group]:
        """The sentences that are read together. Items `told` elsewhere are not brought in again to fill up a list."""
        lists, singles = self._lists_and_singles(chosen)
        for (version_id, lead_in), choices in lists.items():
            group = self._list_group(version_id, lead_in, choices, told)
            if len(group.spans) > 1:
                yield group
        yield from _sentence_groups(singles, self._find_version)

    def _lists_and_singles(self, chosen: Sequence[Chosen]) -> tuple[dict[Place, list[Chosen]], list[Chosen]]:
        lists: dict[Place, list[Chosen]] = defaultdict(list)
        singles: list[Chosen] = []
        for choice in chosen:
            version = self._find_version(choice.version_id)
            span = choice.sentence.lead_in or self._opened(version, choice.sentence.span)
            if choice.sentence.lead_in or span in self._lists_of(version):
                lists[choice.version_id, span].append(choice)
            else:
                singles.append(choice)
        return lists, singles

    def _other_parts(self, chosen: Sequence[Chosen], found: Mapping[Place, Chosen]) -> Iterator[Chosen]:
        """Lead-ins of lists that tell the rest of what a chosen one tells a part of, unless only the part was meant."""
        lists, _ = self._lists_and_singles(chosen)
        for (version_id, lead_in), choices in lists.items():
            held = self._lists_of(self._find_version(version_id))
            part = found.get((version_id, lead_in))
            if part is None or not _is_asked_for(lead_in, held[lead_in], {c.sentence.span for c in choices}):
                continue
            others = (found.get((version_id, other)) for other in held if (version_id, other) not in lists)
            for other in filter(None, others):
                as_much = other.sentence.score >= AS_MUCH_MEANT * part.sentence.score
                if as_much and _differ_in_a_word(part.sentence.text, other.sentence.text):
                    yield other

    def _list_group(self, version_id: int, lead_in: Span, choices: Sequence[Chosen], told: Set[Place]) -> Group:
        """The lead-in with all its items where the question asks for the list, else with the items chosen."""
        version = self._find_version(version_id)
        items = [item for item in self._lists_of(version).get(lead_in, []) if (version_id, item) not in told]
        wanted = {self._opened(version, choice.sentence.span) for choice in choices}
        asked_for = _is_asked_for(lead_in, items, wanted)
        whole = len(items) <= (MAX_LIST_ITEMS if asked_for else SHORT_LIST_ITEMS)
        spans = items if whole else sorted(wanted - {lead_in})
        best = max(choices, key=lambda choice: choice.sentence.score)
        start = self._openings_of(version).get(lead_in, lead_in)[0]
        return Group(version_id, ((start, lead_in[1]), *spans), best.sentence.score, best.evidence, listed=True)

    def _opened(self, version: HeldVersion, span: Span) -> Span:
        """The lead-in that points back to this sentence, which opens the list as much; else the sentence itself."""
        return next((lead_in for lead_in, opening in self._openings_of(version).items() if opening == span), span)

    def _openings_of(self, version: HeldVersion) -> Mapping[Span, Span]:
        """By its lead-in, the sentence that a list is opened with: "We chose three groups. These are:"."""
        if version.id not in self._openings:
            self._openings[version.id] = dict(_openings(version, self._lists_of(version)))
        return self._openings[version.id]

    def _lists_of(self, version: HeldVersion) -> Mapping[Span, list[Span]]:
        """The items of each list, by its lead-in."""
        if version.id not in self._lists:
            lists = self._lists[version.id] = defaultdict(list)
            for block in version.blocks:
                if block.lead_in:
                    lists[block.lead_in].append((block.start, block.end))
        return self._lists[version.id]


def _openings(version: HeldVersion, lead_ins: Iterable[Span]) -> Iterator[tuple[Span, Span]]:
    for start, end in lead_ins:
        if not _POINTS_BACK.match(version.text[start:end]):
            continue
        block = next((block for block in version.blocks if block.start < start < block.end), None)
        if block:
            *_, (first, last) = sentence_spans(version.text, block.start, start)
            yield (start, end), (first, first + len(version.text[first:last].rstrip()))


def _is_asked_for(lead_in: Span, items: Sequence[Span], wanted: Set[Span]) -> bool:
    return lead_in in wanted or 2 * len(wanted & set(items)) >= len(items)


def _differ_in_a_word(one: str, other: str) -> bool:
    """As "Reasons for going were:" and "Reasons for staying were:" do, which lead in two parts of one list."""
    words, others = one.casefold().split(), other.casefold().split()
    return len(words) == len(others) >= 4 and sum(map(ne, words, others)) == 1


def _sentence_groups(singles: Iterable[Chosen], find_version: FindVersion) -> Iterator[Group]:
    """Sentences that follow one another are one statement; what points back brings what it points to."""
    by_version: dict[int, list[Chosen]] = defaultdict(list)
    for choice in singles:
        by_version[choice.version_id].append(choice)
    for version_id, choices in by_version.items():
        text = find_version(version_id).text
        run: list[tuple[Span, Chosen]] = []
        for choice in sorted(choices, key=lambda choice: choice.sentence.span):
            start, end = choice.sentence.span
            before = _antecedent(choice, text)
            span = (before[0] if before else start, end)
            if run and not _adjoins(run[-1][0], span, text):
                yield _run_group(version_id, run)
                run = []
            run.append((span, choice))
        yield _run_group(version_id, run)


def _run_group(version_id: int, run: Sequence[tuple[Span, Chosen]]) -> Group:
    best = max((choice for _, choice in run), key=lambda choice: choice.sentence.score)
    span = (min(span[0] for span, _ in run), max(span[1] for span, _ in run))
    return Group(version_id, (span,), best.sentence.score, best.evidence, listed=False)


def _antecedent(choice: Chosen, text: str) -> Span | None:
    """What stands before a sentence that points back, from the nearest sentence on that does not itself point back.

    That is in its paragraph, or, where it opens it, the last sentence of the paragraph before, under the same heading.
    """
    start, end = choice.sentence.span
    if not _POINTS_BACK.match(text[start:end]):
        return None
    earlier = [s for s in choice.evidence.sentences if s.span[0] < start]
    together = [s for s in earlier if s.paragraph == choice.sentence.paragraph]
    if not together and earlier and earlier[-1].kind == "sentence" and not _POINTS_AT_A_THING.match(text[start:end]):
        together = [s for s in earlier if s.paragraph == earlier[-1].paragraph]
    before: Span | None = None
    while together and (before is None or _POINTS_BACK.match(text[slice(*before)])):
        first, last = together.pop().span
        before = (first, before[1] if before else last)
    return before


def _adjoins(earlier: Span, later: Span, text: str) -> bool:
    """Whether the two stand in one paragraph with nothing but white space between them."""
    between = text[earlier[1] : later[0]]
    return later[0] <= earlier[1] or (not between.strip() and "\n" not in between)
