"""Plain text → blocks. Nothing marks a heading or the end of a paragraph but the lines' own shape."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.reading.decoding import decoded
from ingest.reading.front_matter import parted
from ingest.reading.lines import BLANK, Line, continues, wrap_width
from ingest.reading.recognising import refuse_other_formats
from ingest.vocabulary import Block, BlockKind, Reading

_HEADINGS_IN_A_ROW = 4
"""A title, a subtitle and a heading may follow each other; more short lines in a row are a list or an address."""


def read(data: bytes, name: str) -> Reading:
    refuse_other_formats(data, name, "a text")
    card, text = parted(decoded(data, name), name)
    pages = text.removesuffix("\n").removesuffix("\f").split("\f") if "\f" in text else None
    lines = [line for number, page in enumerate(pages or [text], 1) for line in _lines(page, number if pages else None)]
    return Reading(blocks=tuple(_Walk(lines).blocks()), pages=len(pages) if pages else None, card=card)


def blocks(text: str) -> Iterator[Block]:
    """Of a text without pages."""
    return _Walk(list(_lines(text, None))).blocks()


def _lines(page: str, number: int | None) -> Iterator[Line]:
    for raw in page.split("\n"):
        expanded = raw.expandtabs(4)
        yield Line(raw.strip(), len(expanded) - len(expanded.lstrip()), number)


@dataclass
class _Walk:
    """Goes down the lines; each step takes the lines of one block."""

    lines: Sequence[Line]
    at: int = 0

    def __post_init__(self) -> None:
        self.width = wrap_width(self.lines)
        self.last_start, self.last = BLANK, BLANK
        """The first and last line of the block before."""
        self.short_until = 0
        """Lines before this one were found to be too many to be headings."""
        self.seen_capitals = False
        self.is_first = True

    def blocks(self) -> Iterator[Block]:
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if not line.text or line.is_rule:
                self.at += 1
                continue
            yield from self._step(line)
            self.is_first = False
            self.last_start, self.last = line, self.lines[self.at - 1]

    def _step(self, line: Line) -> Iterator[Block]:
        if line.is_lone_bullet:
            yield from self._parted_list()
        elif rows := self._table():
            yield from rows
        elif level := self._heading_level(line):
            yield self._take(BlockKind.HEADING, self._underlined(line) + 1, level)
        elif line.marker:
            yield self._item(line)
        elif count := self._unmarked_items():
            yield from [self._take(BlockKind.ITEM, 1) for _ in range(count)]
        else:
            yield self._take(BlockKind.PARAGRAPH, self._run(self.at))

    def _line(self, index: int) -> Line:
        return self.lines[index] if 0 <= index < len(self.lines) else BLANK

    def _take(self, kind: BlockKind, count: int, level: int | None = None, without: int = 0) -> Block:
        """The next lines as one block, without the first characters that are its bullet."""
        taken = [line for line in self.lines[self.at : self.at + count] if not line.is_rule]
        self.at += count
        return Block(kind, " ".join(line.text for line in taken)[without:], level=level, page=taken[0].page)

    def _run(self, start: int) -> int:
        """How many lines belong together from here, by continuation."""
        end = start
        while continues(self._line(end), self._line(end + 1), self.width):
            if self._line(end + 1).page != self._line(end).page:
                break
            end += 1
        return end - start + 1

    def _item(self, line: Line) -> Block:
        bullet = line.bullet
        end = self.at + 1
        while self._goes_on_in(end, line):
            end += 1
        return self._take(BlockKind.ITEM, end - self.at, without=bullet.end() if bullet else 0)

    def _goes_on_in(self, index: int, item: Line) -> bool:
        """Whether this line is still part of the item: it starts in lower case or stands in, below the item's words."""
        line = self._line(index)
        if not line.text or line.marker or line.is_lone_bullet or line.is_rule:
            return False
        return line.indent > item.indent or continues(self._line(index - 1), line, self.width)

    def _parted_list(self) -> Iterator[Block]:
        """n bullets on lines of their own, then their n items: the n-th bullet belongs to the n-th item."""
        bullets = 0
        while self._line(self.at).is_lone_bullet:
            bullets += 1
            self.at += 1
        for _ in range(bullets):
            while self.at < len(self.lines) and not self._line(self.at).text:
                self.at += 1
            line = self._line(self.at)
            if not line.text or line.is_lone_bullet or line.is_rule or line.marker:
                return
            end = self.at + 1
            while self._line(end).text[:1].islower():
                end += 1
            yield self._take(BlockKind.ITEM, end - self.at)

    def _unmarked_items(self) -> int:
        """Short lines right below "…the following:" are a list that lost its bullets."""
        if not self.last.text.endswith(":") or self.last.marker:
            return 0
        end = self.at
        while self._line(end).is_heading_shaped and not self._line(end).is_labelled:
            if continues(self._line(end), self._line(end + 1), self.width):
                break
            end += 1
        return end - self.at if end - self.at > 1 else 0

    def _underlined(self, line: Line) -> int:
        """1 where the line is followed by a rule about as long as itself."""
        rule = self._line(self.at + 1)
        return int(rule.is_rule and rule.text[0] in "=-~_" and len(rule.text) >= max(3, len(line.text) // 2))

    def _heading_level(self, line: Line) -> int | None:
        if self._underlined(line) and len(line.text) <= 150:
            return 1 if self.lines[self.at + 1].text[0] == "=" else 2
        if not self._is_heading(line):
            return None
        if self.is_first:
            return 1
        if line.numbering:
            return 1 + len(line.numbering)
        self.seen_capitals |= line.is_capitals
        return 3 if self.seen_capitals and not line.is_capitals else 2

    def _is_heading(self, line: Line) -> bool:
        before, after = self._line(self.at - 1), self._line(self.at + 1)
        if self.at < self.short_until or not line.is_heading_shaped or continues(line, after, self.width):
            return False
        if before.text.endswith(":") or (line.is_labelled and (before.text or after.text)):
            return False
        if line.marker and self._is_in_numbered_list(line):
            return False
        return self._heads_something()

    def _is_in_numbered_list(self, line: Line) -> bool:
        """Whether the line before or after, blank ones aside, is the neighbouring number of the same list."""
        following = next((self.lines[n] for n in range(self.at + 1, len(self.lines)) if self.lines[n].text), BLANK)
        number = line.numbering[-1] if line.numbering else 0
        neighbours = (self.last_start.numbering, number - 1), (following.numbering, number + 1)
        return any(len(n) == len(line.numbering) and n[-1:] == (expected,) for n, expected in neighbours)

    def _heads_something(self) -> bool:
        """Whether, after few enough lines that may be headings too, there is text to stand under them."""
        short = 0
        for index in range(self.at, len(self.lines)):
            line = self.lines[index]
            if not line.text or line.is_rule:
                continue
            if not line.is_heading_shaped or continues(line, self._line(index + 1), self.width):
                return short <= _HEADINGS_IN_A_ROW or self._title_alone(index)
            short += 1
        return self._title_alone(len(self.lines)) and short > 1

    def _title_alone(self, end: int) -> bool:
        """Of too many short lines, only the first of the text, apart from the others, is a heading."""
        is_title = self.is_first and not self._line(self.at + 1).text and end > self.at + 1
        self.short_until = end
        return is_title

    def _table(self) -> list[Block]:
        """Two or more lines of as many cells, parted by tabs or bars."""
        rows: list[Line] = []
        columns = len(_cells(self._line(self.at)))
        while columns > 1 and len(_cells(self._line(self.at + len(rows)))) == columns:
            rows.append(self._line(self.at + len(rows)))
        if len(rows) < 2:
            return []
        self.at += len(rows)
        ruled = set("".join(_cells(rows[1]))) <= set("-:= ")
        cells = [" | ".join(_cells(row)) for row in rows]
        return [
            Block(BlockKind.ROW, text, page=row.page, header=ruled and number == 0)
            for number, (row, text) in enumerate(zip(rows, cells, strict=True))
            if not (ruled and number == 1)
        ]


def _cells(line: Line) -> list[str]:
    if "\t" in line.text:
        return [cell.strip() for cell in line.text.split("\t") if cell.strip()]
    if line.text.count("|") > 1 or " | " in line.text:
        return [cell.strip() for cell in line.text.strip("|").split("|")]
    return []
