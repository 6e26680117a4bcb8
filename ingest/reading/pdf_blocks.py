"""Lines and table rows of a PDF → blocks: paragraphs by spacing and indent, headings by size and weight."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.reading.contents import DOT_LEADER, spaceless
from ingest.reading.lines import numbered
from ingest.reading.pdf_hyphens import Hyphens
from ingest.reading.pdf_layout import Layout
from ingest.reading.pdf_segments import Segment
from ingest.reading.pdf_tables import TableRow
from ingest.sentences import sentence_spans
from ingest.vocabulary import Block, BlockKind

_BULLET = re.compile(r"(?:[•‣▪●○◦·■□➢➤✓\uf000-\uf0ff§]|[-*–—oØü](?=\s))\s*(?=\S)")
_NUMBERED_PARAGRAPH = re.compile(r"\d{1,2}(?:\.\d{1,2})+\.?\s")
_SENTENCE_END = re.compile(r"[.?!:;][\"'”’)\]]*$")
_HEADING_CHARACTERS = 150
_LARGER = 1.12
"""Of the running text's size: from here on a line is a heading for its size alone."""

Style = tuple[float, bool, bool, int]
"""Font size in points, whether bold, whether in capitals, depth of its number."""


@dataclass
class _Group:
    """Lines that belong together, or a row of a table."""

    lines: list[Segment]
    row: TableRow | None = None

    @property
    def text(self) -> str:
        return self.lines[0].text if self.lines else ""

    @property
    def is_item(self) -> bool:
        return bool(_BULLET.match(self.text) or numbered(self.text))


def blocks_of(
    content: Sequence[Segment | TableRow], hyphens: Hyphens, bookmarks: frozenset[tuple[int, str]]
) -> Iterator[Block]:
    """Blocks in reading order. Bookmarks are pages with the spaceless text of a heading on them."""
    layout = Layout([line for line in content if isinstance(line, Segment)])
    groups = Grouping(layout).groups(content)
    headings = {id(group): _style(group) for group in groups if _is_heading(group, layout, bookmarks)}
    styles = sorted(set(headings.values()), key=lambda s: (-s[0], not s[1], not s[2], s[3]))
    levels = {style: min(rank, 6) for rank, style in enumerate(styles, 1)}
    for group in groups:
        if group.row:
            yield Block(BlockKind.ROW, group.row.text, page=group.row.page, header=group.row.header)
            continue
        text = hyphens.joined_lines([(line.text, line.hyphen) for line in group.lines])
        page = group.lines[0].page
        if style := headings.get(id(group)):
            yield Block(BlockKind.HEADING, text, level=levels[style], page=page)
        elif group.is_item:
            bullet = _BULLET.match(text)
            yield Block(BlockKind.ITEM, text[bullet.end() :] if bullet else text, page=page)
        else:
            parts = _by_page(text, group, hyphens)
            yield from (Block(BlockKind.PARAGRAPH, part, page=number) for number, part in parts)


def _by_page(text: str, group: _Group, hyphens: Hyphens) -> Iterator[tuple[int, str]]:
    """A paragraph in parts with their pages, where it goes on over several: each sentence is on the page that it begins
    on."""
    lines = [(line.text, line.hyphen) for line in group.lines]
    begins = [
        (len(hyphens.joined_lines(lines[:at]).rstrip("-")), after.page)
        for at, (line, after) in enumerate(pairwise(group.lines), 1)
        if line.page != after.page
    ]
    if not begins:
        yield group.lines[0].page, text
        return
    first, parts = group.lines[0].page, defaultdict[int, list[str]](list)
    for start, end in sentence_spans(text, 0, len(text)):
        parts[max((page for at, page in begins if at <= start), default=first)].append(text[start:end])
    yield from ((page, " ".join(sentences)) for page, sentences in parts.items())


class Grouping:
    """Lines in reading order → groups."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def groups(self, content: Sequence[Segment | TableRow]) -> list[_Group]:
        groups: list[_Group] = []
        for line in content:
            if isinstance(line, TableRow):
                groups.append(_Group([], row=line))
            elif (group := self._home(groups, line)) is not None:
                group.lines.append(line)
            else:
                groups.append(_Group([line]))
        return groups

    def _home(self, groups: Sequence[_Group], line: Segment) -> _Group | None:
        """The group that the line goes on with, if it begins none of its own."""
        if not groups or not groups[-1].lines:
            return None
        last = groups[-1].lines[-1]
        if last.page != line.page or not 0 < last.y - line.y < 3 * self._layout.leading(line.size):
            return self._interrupted(groups, line)
        return None if self._begins(line, groups[-1]) else groups[-1]

    def _begins(self, line: Segment, group: _Group) -> bool:
        """Whether the line below a group begins one of its own."""
        last, leading = group.lines[-1], self._layout.leading(line.size)
        if last.hyphen:
            return False
        if abs(last.size - line.size) > 0.1 * last.size or DOT_LEADER.search(last.text):
            return True
        goes_on = _goes_on(last, line)
        if _begins_item(line.text):
            stands_out = line.bold != last.bold or last.y - line.y > 1.3 * leading
            return stands_out or bool(_BULLET.match(line.text)) or not self._is_full(group, line) or group.is_item
        if last.bold != line.bold and not goes_on:
            return True
        if last.y - line.y > (1.8 if goes_on else 1.3) * leading:
            return True
        return not goes_on and (self._is_indented_anew(line, group) or not self._is_full(group, line))

    def _is_full(self, group: _Group, line: Segment) -> bool:
        """Whether the group's last line ends because its column does."""
        *above, last = group.lines
        if above and not _SENTENCE_END.search(last.text) and last.x1 > max(o.x1 for o in above) - 0.5 * last.size:
            return True
        return not self._layout.has_room(last, line)

    def _interrupted(self, groups: Sequence[_Group], line: Segment) -> _Group | None:
        """The paragraph, at the end of a column or page and above its footnotes, that this line goes on with."""
        for group in reversed(groups[-6:]):
            if not group.lines or group.lines[-1].size > line.size:
                return None
            last = group.lines[-1]
            if last.size == line.size:
                is_open = len(group.lines) > 1 and self._is_full(group, line) and not _begins_item(line.text)
                goes_on = _goes_on(last, line) or (is_open and not _SENTENCE_END.search(last.text))
                return group if last.hyphen or (goes_on and last.bold == line.bold) else None
        return None

    def _is_indented_anew(self, line: Segment, group: _Group) -> bool:
        first, last = group.lines[0], group.lines[-1]
        if _begins_item(first.text):
            return line.x0 <= first.x0 + 0.5 * line.size
        shift = (line.x0 - last.x0) / line.size
        if len(group.lines) == 1:  # the first line of a paragraph may itself stand in or out
            return shift > 0.9 and bool(_SENTENCE_END.search(last.text))
        return abs(shift) > 0.9


def _goes_on(last: Segment, line: Segment) -> bool:
    """Whether the line starts in the middle of a sentence that the one before left open."""
    start = line.text.lstrip("([‘“\"'")
    return start[:1].islower() and not _SENTENCE_END.search(last.text) and not _begins_item(line.text)


def _begins_item(text: str) -> bool:
    return bool(_BULLET.match(text) or numbered(text) or _NUMBERED_PARAGRAPH.match(text))


def _style(group: _Group) -> Style:
    """What tells the level of a heading."""
    number = _NUMBERED_PARAGRAPH.match(group.text)
    depth = number.group().rstrip(". ").count(".") if number else int(bool(re.match(r"\(?[a-z]+\)", group.text)))
    bold = all(line.bold for line in group.lines)
    capitals = all(line.text.isupper() for line in group.lines)
    return round(2 * group.lines[0].size) / 2, bold, capitals, depth


def _is_heading(group: _Group, layout: Layout, bookmarks: frozenset[tuple[int, str]]) -> bool:
    text = " ".join(line.text for line in group.lines)
    if not 2 < len(text) <= _HEADING_CHARACTERS or len(group.lines) > 3 or _BULLET.match(text):
        return False
    if (group.lines[0].page, spaceless(text)) in bookmarks:
        return True
    if text[-1] in ".;," or sum(character.isalpha() for character in text) < 3:
        return False
    size, bold, capitals, _ = _style(group)
    if size >= _LARGER * layout.size:
        return True
    if size < 0.9 * layout.size:
        return False
    return (bold and not layout.bold) or (capitals and len(group.lines) == 1 and len(text) > 4)
