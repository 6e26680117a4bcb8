"""Blocks as read → canonical text: white space folded, headings, lists and tables put in their place, no word changed.

Repairs of damaged words ("twoway", "7 th") are for display only: see `shown`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from ingest.sentences import sentence_spans
from ingest.vocabulary import Block, BlockKind, CanonicalText, Reading, Span, TextBlock

_FORMAT_CHARACTERS = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_INTRODUCES = re.compile(
    r"[:–—-]\s*$|\b(?:following|below|includ(?:e|ed|es|ing)|such as)\b[^.?!]*[.?!]?$", re.IGNORECASE
)
_ORDINAL_APART = re.compile(r"\b(\d{1,2}) (st|nd|rd|th)\b")
_LOST_HYPHENS = {"twoway": "two-way", "facetoface": "face-to-face", "problemsolving": "problem-solving"}
"""Words glued by extraction, none of which is a word of its own."""
_GLUED = re.compile(rf"\b(?:{'|'.join(_LOST_HYPHENS)})\b", re.IGNORECASE)


def tidy(reading: Reading) -> CanonicalText:
    """The version's canonical text with a place for each block, in reading order."""
    writer = _Writer()
    headers = [header for block in reading.blocks if (header := writer.take(block)) is not None]
    text = "".join(writer.parts)
    return CanonicalText(text, tuple(_with_lead_ins(text, zip(writer.blocks, headers, strict=True))))


def shown(text: str) -> str:
    """A quotation as shown to a reader: lost hyphens and parted ordinals mended, nothing else touched."""
    text = _ORDINAL_APART.sub(r"\1\2", text)
    return _GLUED.sub(lambda match: _in_case_of(match.group(), _LOST_HYPHENS[match.group().casefold()]), text)


def folded(text: str) -> str:
    """With single spaces, and without characters that nobody sees: the words as they stand in a canonical text."""
    return " ".join(text.translate(_FORMAT_CHARACTERS).split())


def _in_case_of(found: str, repaired: str) -> str:
    return repaired[0].upper() + repaired[1:] if found[0].isupper() else repaired


@dataclass
class _Writer:
    """Lays blocks out one after another and keeps the headings that each stands under."""

    parts: list[str] = field(default_factory=list)
    blocks: list[TextBlock] = field(default_factory=list)
    _length: int = 0
    _headings: list[tuple[int, str]] = field(default_factory=list)
    _paragraph: int = 0

    def take(self, block: Block) -> bool | None:
        """Writes the block and says whether it is the header row of a table; None for a block without words."""
        text = folded(block.text)
        if block.kind is BlockKind.HEADING:
            self._enter(block.level or 2, text)
        if not text:
            return None
        if self.blocks:
            self._put("\n" if block.kind in (BlockKind.ITEM, BlockKind.ROW) else "\n\n")
        start = self._length
        self._put(text)
        if block.kind is not BlockKind.HEADING:
            self._paragraph += 1
        self.blocks.append(
            TextBlock(
                kind=block.kind,
                start=start,
                end=self._length,
                heading_path=tuple(heading for _, heading in self._headings),
                level=block.level,
                page=block.page,
                paragraph=self._paragraph or None,
            )
        )
        return block.header

    def _put(self, text: str) -> None:
        self.parts.append(text)
        self._length += len(text)

    def _enter(self, level: int, heading: str) -> None:
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()
        if heading:
            self._headings.append((level, heading))
        self._paragraph = 0


def _with_lead_ins(text: str, blocks: Iterable[tuple[TextBlock, bool]]) -> Iterator[TextBlock]:
    """Gives each list item, table row and introduced paragraph the words that introduce it."""
    previous: TextBlock | None = None
    lead_in: Span | None = None
    for block, is_header in blocks:
        above = previous
        if block.paragraph == 1:
            previous = None  # a section, or an untitled slide, introduces nothing in the next
        starts_run = previous is None or previous.kind is not block.kind
        if block.kind is BlockKind.ROW:
            if starts_run:
                lead_in = None
            yield block if is_header else replace(block, lead_in=lead_in)
            if is_header:
                lead_in = (block.start, block.end)
        elif block.kind is BlockKind.ITEM:
            if starts_run:
                lead_in = _introduction(text, previous) or _heading(text, above, block)
            yield replace(block, lead_in=lead_in)
        elif block.kind is BlockKind.PARAGRAPH and previous and text[previous.end - 1] == ":":
            yield replace(block, lead_in=_introduction(text, previous))
        else:
            yield block
        previous = block


def _introduction(text: str, block: TextBlock | None) -> Span | None:
    """The last sentence of a paragraph, where it introduces what follows."""
    if block is None or block.kind is not BlockKind.PARAGRAPH:
        return None
    *_, (start, end) = sentence_spans(text, block.start, block.end)
    return (start, end) if _INTRODUCES.search(text[start:end]) or text[end - 1] not in ".?!" else None


def _heading(text: str, above: TextBlock | None, item: TextBlock) -> Span | None:
    """The heading that a list begins right below, and is all that introduces it. The first one is the title, which
    introduces everything.
    """
    if above is None or above.kind is not BlockKind.HEADING or not above.start:
        return None
    return (above.start, above.end) if item.heading_path[-1:] == (text[above.start : above.end],) else None
