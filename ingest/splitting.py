"""Canonical text → passages: stretches that follow the document's structure and that the embedder reads whole.

A section that is short enough is one passage. A longer one is cut between paragraphs, then between sentences or list
items; a list stays with its lead-in, and where it must be cut, the lead-in is embedded again with each part.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ingest.sentences import sentence_spans
from ingest.vocabulary import BlockKind, CanonicalText, Passage, Sentence, SentenceKind, Span, TextBlock

SECTION_CHARACTERS = 900
"""A section up to this length is one passage."""
WINDOW_CHARACTERS = 600
"""Where a section is longer, passages are filled up to this length."""
PREFIX_SHARE = 4
"""Title and headings take at most a quarter of what the embedder reads."""

CountTokens = Callable[[str], int]


def split(title: str, canonical: CanonicalText, count_tokens: CountTokens, max_tokens: int) -> tuple[Passage, ...]:
    """Passages in reading order, none of whose embedded text is longer than max_tokens."""
    cutter = _Cutter(title, canonical.text, count_tokens, max_tokens)
    passages: list[Passage] = []
    for blocks in _sections(canonical.blocks):
        path = blocks[0].heading_path
        for group in cutter.groups(path, blocks):
            passages.append(cutter.passage(len(passages), path, group))
    return tuple(passages)


def _sections(blocks: Sequence[TextBlock]) -> list[list[TextBlock]]:
    """What stands between one heading and the next; the headings are embedded with it.

    A text of headings only speaks for itself.
    """
    texts = [block for block in blocks if block.kind is not BlockKind.HEADING]
    if not texts:
        return [[block] for block in blocks]
    sections: list[list[TextBlock]] = []
    for block in texts:
        if block.paragraph == 1:  # below a heading, or below one without words
            sections.append([])
        sections[-1].append(block)
    return sections


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence with its block and length: what passages are filled with."""

    sentence: Sentence
    tokens: int
    starts_block: bool

    @property
    def is_listed(self) -> bool:
        return self.sentence.kind != "sentence"


class _Cutter:
    def __init__(self, title: str, text: str, count_tokens: CountTokens, max_tokens: int) -> None:
        self._title = title
        self._text = text
        self._count = count_tokens
        self._max = max_tokens

    def groups(self, path: tuple[str, ...], blocks: Sequence[TextBlock]) -> Iterator[list[_Unit]]:
        """The section's sentences, grouped into passages."""
        room = self._max - self._count(self._prefix(path))
        units = [unit for block in blocks for unit in self._units(block, room)]
        if self._fits(path, units, room, SECTION_CHARACTERS):
            yield units
            return
        group: list[_Unit] = []
        for cluster in _clusters(units):
            if group and not self._fits(path, [*group, *cluster], room, WINDOW_CHARACTERS):
                yield group
                group = []
            if not self._fits(path, cluster, room, SECTION_CHARACTERS):
                *whole, cluster = self._cut(path, cluster, room)
                yield from whole
            group += cluster
        if group:
            yield group

    def passage(self, ordinal: int, path: tuple[str, ...], units: Sequence[_Unit]) -> Passage:
        sentences = tuple(unit.sentence for unit in units)
        start, end = sentences[0].start, sentences[-1].end
        text = self._text[start:end]
        pages = [sentence.page for sentence in sentences if sentence.page is not None]
        return Passage(
            ordinal=ordinal,
            start=start,
            end=end,
            heading_path=path,
            page_start=min(pages, default=None),
            page_end=max(pages, default=None),
            sentences=sentences,
            digest=hashlib.sha256(text.encode()).hexdigest(),
            embedded_text=self._prefix(path) + self._introduction(path, sentences[0]) + text,
        )

    def _prefix(self, path: tuple[str, ...]) -> str:
        headings = [self._title, *(heading for heading in path if heading.casefold() != self._title.casefold())]
        words = " > ".join(headings).split()
        while len(words) > 1 and self._count(" ".join(words)) > self._max // PREFIX_SHARE:
            words = words[: len(words) * 3 // 4]
        return " ".join(words) + "\n"

    def _introduction(self, path: tuple[str, ...], first: Sentence) -> str:
        """The lead-in of a list whose beginning stands in an earlier passage; a heading is in the prefix already."""
        if first.lead_in is None or first.lead_in[0] >= first.start:
            return ""
        introduction = self._text[slice(*first.lead_in)]
        return "" if path[-1:] == (introduction,) else introduction + "\n"

    def _fits(self, path: tuple[str, ...], units: Sequence[_Unit], room: int, characters: int) -> bool:
        if not units:
            return True
        first, last = units[0].sentence, units[-1].sentence
        introduction = self._count(self._introduction(path, first))
        return sum(unit.tokens for unit in units) + introduction <= room and last.end - first.start <= characters

    def _cut(self, path: tuple[str, ...], units: Sequence[_Unit], room: int) -> Iterator[list[_Unit]]:
        group: list[_Unit] = []
        for unit in units:
            if group and not self._fits(path, [*group, unit], room, WINDOW_CHARACTERS):
                yield group
                group = []
            group.append(unit)
        yield group

    def _units(self, block: TextBlock, room: int) -> Iterator[_Unit]:
        spans: Iterable[Span] = [(block.start, block.end)]
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING):
            spans = sentence_spans(self._text, block.start, block.end)
        lead_room = self._count(self._text[slice(*block.lead_in)]) if block.lead_in else 0
        if lead_room * 2 > room:
            block_lead_in, lead_room = None, 0
        else:
            block_lead_in = block.lead_in
        for span in spans:
            for start, end in self._pieces(span, room - lead_room):
                sentence = Sentence(start, end, _kind(block), block_lead_in, block.paragraph, block.page)
                yield _Unit(sentence, self._count(self._text[start:end]), start == block.start)

    def _pieces(self, span: Span, room: int) -> Iterator[Span]:
        """The span itself, or, where it alone is too long to embed, parts of it cut between words."""
        start, end = span
        while self._count(self._text[start:end]) > room or end - start > SECTION_CHARACTERS:
            cut = self._last_space(start, min(end, start + SECTION_CHARACTERS), room)
            yield start, cut
            start = cut + (self._text[cut : cut + 1] == " ")
        yield start, end

    def _last_space(self, start: int, end: int, room: int) -> int:
        """The end of the longest run of whole words from start that fits; half of a word longer than that."""
        while self._count(self._text[start:end]) > room:
            end = start + max(1, (end - start) * 3 // 4)
        space = self._text.rfind(" ", start + 1, end)
        return space if space > start and end < len(self._text) else end


def _kind(block: TextBlock) -> SentenceKind:
    if block.kind is BlockKind.ITEM:
        return "item"
    return "row" if block.kind is BlockKind.ROW else "sentence"


def _clusters(units: Sequence[_Unit]) -> Iterator[list[_Unit]]:
    """What should stay together: a list with the sentence that introduces it, else the sentences of a paragraph."""
    cluster: list[_Unit] = []
    for unit in units:
        follows_lead_in = (
            bool(cluster)
            and unit.sentence.lead_in is not None
            and (cluster[-1].is_listed or unit.sentence.lead_in[1] == cluster[-1].sentence.end)
        )
        same_paragraph = bool(cluster) and not unit.starts_block
        if cluster and not (follows_lead_in or same_paragraph):
            yield cluster
            cluster = []
        cluster.append(unit)
    if cluster:
        yield cluster


def sentence_text(text: str, sentence: Sentence) -> str:
    """What is embedded for a sentence: a list item or table row says little without the words that introduce it."""
    introduction = text[slice(*sentence.lead_in)] + " " if sentence.lead_in else ""
    return introduction + text[sentence.start : sentence.end]
