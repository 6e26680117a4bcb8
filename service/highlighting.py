"""A version's canonical text laid out for reading, with the cited words marked across its blocks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ingest.vocabulary import BlockKind, Span, TextBlock

_CELLS = " | "
_NO_SPAN: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Segment:
    """Words that are all cited or all not. The first cited one of a document is what a link jumps to."""

    text: str
    cited: bool = False
    first: bool = False


Words = tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A table row; of any other block, one cell with its words."""

    cells: tuple[Words, ...]
    header: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A heading or paragraph (one row of one cell), a list (a row an item) or a table."""

    kind: BlockKind
    rows: tuple[Row, ...]
    level: int = 0
    """Of the HTML heading, 3 to 6: the page's own headings stand above the document's."""
    page: int | None = None
    """Set where a new page of the file begins."""


def lay_out(text: str, blocks: Sequence[TextBlock], cited: Span | None = None) -> list[Part]:
    """The blocks in reading order, items gathered into lists and rows into tables, a new one at each new page."""
    marker = _Marker(text, cited if cited and cited[0] < cited[1] else _NO_SPAN)
    parts: list[Part] = []
    page: int | None = None
    for _, run in _runs(blocks):
        first = run[0]
        parts.append(
            Part(
                kind=first.kind,
                rows=tuple(_rows(run, marker)),
                level=min((first.level or 2) + 2, 6),
                page=first.page if first.page != page else None,
            )
        )
        page = first.page or page
    return parts


def _runs(blocks: Sequence[TextBlock]) -> Iterator[tuple[object, list[TextBlock]]]:
    """Neighbouring items, and neighbouring rows, of one page; any other block on its own."""

    def place(numbered: tuple[int, TextBlock]) -> object:
        number, block = numbered
        gathers = block.kind in (BlockKind.ITEM, BlockKind.ROW)
        return (block.kind, block.page, block.lead_in if block.kind is BlockKind.ITEM else None) if gathers else number

    for key, run in groupby(enumerate(blocks), key=place):
        yield key, [block for _, block in run]


def _rows(run: Sequence[TextBlock], marker: "_Marker") -> Iterator[Row]:
    for number, block in enumerate(run):
        if block.kind is not BlockKind.ROW:
            yield Row((marker.words(block.start, block.end),))
            continue
        names_columns = number + 1 < len(run) and run[number + 1].lead_in == (block.start, block.end)
        yield Row(tuple(marker.words(*cell) for cell in marker.cells(block)), header=names_columns)


@dataclass
class _Marker:
    text: str
    cited: Span
    _met: bool = False

    def words(self, start: int, end: int) -> Words:
        """text[start:end], cut where the cited span begins and ends."""
        begin, finish = (min(max(at, start), end) for at in self.cited)
        cuts = ((start, begin, False), (begin, finish, True), (finish, end, False))
        return tuple(self._segment(*cut) for cut in cuts if cut[0] < cut[1])

    def _segment(self, start: int, end: int, cited: bool) -> Segment:
        first = cited and not self._met
        self._met = self._met or cited
        return Segment(self.text[start:end], cited, first)

    def cells(self, block: TextBlock) -> Iterator[Span]:
        at = block.start
        for cell in self.text[block.start : block.end].split(_CELLS):
            yield at, at + len(cell)
            at += len(cell) + len(_CELLS)
