"""A reading as lines, each with its place: on the title page, near an edge of the text, in a header or footer."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ingest.tidying import folded
from ingest.vocabulary import BlockKind, CanonicalText, Reading, TextBlock

_FRONT_BLOCKS = 14
"""A title page has no more."""
_BODY_CHARACTERS = 160
"""A paragraph of so many, or a sentence of half of them, is text under a title and no longer part of the title page."""
_OPENING, _CLOSING = 80, 40
"""Blocks at either end of a text in which documents tell of themselves."""
_CELL = re.compile(r"\s*(?:\||•|·|\t)\s*")


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    """White space folded, as in the canonical text."""
    page: int | None = None
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int | None = None

    @property
    def cells(self) -> list[str]:
        """What stands apart on the line: the cells of a table's row, the parts of a footer."""
        return [cell for cell in _CELL.split(self.text) if cell]


@dataclass(frozen=True)
class Lines:
    """Of one file. `front` is the title page, or what stands above the first text."""

    body: Sequence[Line]
    furniture: Sequence[Line]

    @classmethod
    def of(cls, reading: Reading, canonical: CanonicalText) -> "Lines":
        body = [_line(canonical.text, block) for block in canonical.blocks]
        furniture = [Line(folded(block.text), block.page) for block in reading.furniture]
        return cls(body, furniture)

    @cached_property
    def front(self) -> Sequence[Line]:
        for number, line in enumerate(self.body[:_FRONT_BLOCKS]):
            if _is_text(line) or (line.page or 1) > 2:
                return self.body[:number]
        return self.body[:_FRONT_BLOCKS]

    @cached_property
    def telling(self) -> Sequence[Line]:
        """Where documents tell of themselves: headers and footers, the beginning and the end of the text."""
        if len(self.body) <= _OPENING + _CLOSING:
            return [*self.furniture, *self.body]
        return [*self.furniture, *self.body[:_OPENING], *self.body[-_CLOSING:]]

    @cached_property
    def edges(self) -> Sequence[Line]:
        """The first and last lines of each page, or of a text without pages."""
        return [line for page in self._pages() for line in (*page[:3], *page[3:][-2:])]

    def _pages(self) -> Iterator[list[Line]]:
        page: list[Line] = []
        for line in self.body:
            if page and page[-1].page != line.page:
                yield page
                page = []
            page.append(line)
        if page:
            yield page


def _line(text: str, block: TextBlock) -> Line:
    return Line(text[block.start : block.end], block.page, block.kind, block.level)


def _is_text(line: Line) -> bool:
    if line.kind is not BlockKind.PARAGRAPH:
        return False
    limit = _BODY_CHARACTERS / 2 if line.text.endswith((".", ":")) else _BODY_CHARACTERS
    return len(line.text) > limit
