"""Segments of a page → lines and table rows: what stands beside what."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.reading.pdf_headers import Cell, names_columns
from ingest.reading.pdf_hyphens import Hyphens
from ingest.reading.pdf_segments import Segment

_LONE_MARKER = re.compile(r"[^\w\s(]|[\uf000-\uf0ffo§]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]|\d{1,2}(?:\.\d{1,2})+\.?")
_CELL_LINE = 1.7
"""Of the font size: lines of one cell are no farther apart."""
_CELL_LINES = 10
"""A cell with more lines is a column of the page."""
_LEAST_PROSE_ROWS = 5
_MOST_LOWER = 0.35
"""Share of cells that start in lower case: with more, they are lines of prose in columns, no table."""


@dataclass(frozen=True, slots=True)
class TableRow:
    text: str
    page: int
    header: bool


def arranged(segments: Sequence[Segment], hyphens: Hyphens) -> list[Segment | TableRow]:
    """The page's lines, one segment each, and table rows, in reading order."""
    arranged: list[Segment | TableRow] = []
    runs = _runs(_rows(_with_markers(segments)))
    while runs:
        run = runs.pop(0)
        cells = [cell for row in run.rows for cell in row]
        if len(run.rows) == 1 or any(len(cell) > _CELL_LINES for cell in cells):
            arranged += _lines([segment for cell in cells for segment in cell])
        elif _is_prose(run):
            columns = [[segment for cell in column for segment in cell] for column in zip(*run.table(), strict=True)]
            while runs and (column := _continued(columns, runs[0])) is not None:
                column += runs.pop(0).rows[0][0]
            arranged += _lines([segment for column in columns for segment in column])
        else:
            table = run.table()
            header = names_columns(table)
            arranged += [_table_row(row, hyphens, header and number == 0) for number, row in enumerate(table)]
    return arranged


def _continued(columns: Sequence[list[Segment]], run: "_Run") -> list[Segment] | None:
    """The column of prose that goes on with the run, where the columns beside it have ended."""
    if len(run.rows) > 1 or len(run.rows[0]) > 1:
        return None
    line = run.rows[0][0][0]
    below = [column for column in columns if column and _is_below(column[-1], line)]
    return below[0] if len(below) == 1 and abs(below[0][-1].x0 - line.x0) < _CELL_LINE * line.size else None


def _with_markers(segments: Sequence[Segment]) -> list[Segment]:
    """A bullet or number that stands apart from its item, joined to it."""
    joined: list[Segment] = []
    for segment in segments:
        before = joined[-1] if joined else None
        if before and _LONE_MARKER.fullmatch(before.text) and _is_beside(before, segment):
            joined[-1] = replace(segment, text=f"{before.text} {segment.text}", x0=before.x0)
        else:
            joined.append(segment)
    return joined


def _is_beside(left: Segment, right: Segment) -> bool:
    size = max(left.size, right.size)
    return abs(left.y - right.y) < 0.3 * size and right.x0 >= left.x1 - 0.2 * size


def _rows(segments: Sequence[Segment]) -> list[list[Cell]]:
    """Rows of cells. Running text makes rows of a single cell."""
    rows: list[list[Cell]] = []
    for segment in segments:
        cell = rows[-1][-1] if rows else []
        if rows and _is_next_cell(rows[-1], segment):
            rows[-1].append([segment])
        elif rows and len(rows[-1]) == 1 and (at := _beside_at(cell, segment)):
            rows[-1:] = [[cell[:at]], [cell[at:], [segment]]]
        elif cell and _is_below(cell[-1], segment):
            cell.append(segment)
        else:
            rows.append([[segment]])
    return rows


def _is_next_cell(row: list[Cell], segment: Segment) -> bool:
    """Whether it stands to the right of the row's last cell and no lower, wherever in the row its lines begin."""
    top, bottom = row[0][0].y, row[-1][-1].y
    is_in_reach = bottom - 0.3 * segment.size <= segment.y <= top + _CELL_LINES / 2 * segment.size
    return is_in_reach and _is_right_of(row[-1], segment)


def _is_right_of(cell: Cell, segment: Segment) -> bool:
    return all(part.x1 <= segment.x0 + 0.2 * segment.size for part in cell)


def _beside_at(cell: Cell, segment: Segment) -> int:
    """Where in a run of lines the line stands that has this segment beside it; 0 where none does."""
    for at in range(len(cell) - 1, 0, -1):
        if _is_beside(cell[at], segment) and _is_right_of(cell[at:], segment):
            return at
    return 0


def _is_below(above: Segment, segment: Segment) -> bool:
    overlaps = min(above.x1, segment.x1) > max(above.x0, segment.x0)
    return overlaps and 0.3 * segment.size < above.y - segment.y < _CELL_LINE * max(above.size, segment.size)


@dataclass
class _Run:
    """Rows that share their columns."""

    rows: list[list[Cell]]
    columns: list[tuple[float, float]]

    def takes(self, row: list[Cell]) -> bool:
        """Takes the row if each of its cells stands in a column of its own, or the other way round."""
        if min(len(row), len(self.columns)) < 2:
            return False
        cells = [_extent(cell) for cell in row]
        wide, narrow = (cells, self.columns) if len(cells) > len(self.columns) else (self.columns, cells)
        places = [_overlapping(wide, extent) for extent in narrow]
        if any(len(place) != 1 for place in places) or len({place[0] for place in places}) < len(places):
            return False
        merged = list(wide)
        for (place,), (left, right) in zip(places, narrow, strict=True):
            merged[place] = min(left, merged[place][0]), max(right, merged[place][1])
        self.columns = merged
        self.rows.append(row)
        return True

    def table(self) -> list[list[Cell]]:
        """The rows with a cell for each column, empty where there is none."""
        table: list[list[Cell]] = []
        for row in self.rows:
            cells: list[Cell] = [[] for _ in self.columns]
            for cell in row:
                cells[_place(self.columns, _extent(cell))] += cell
            table.append(cells)
        return table


def _extent(cell: Cell) -> tuple[float, float]:
    return min(segment.x0 for segment in cell), max(segment.x1 for segment in cell)


def _overlapping(columns: Sequence[tuple[float, float]], extent: tuple[float, float]) -> list[int]:
    return [n for n, (left, right) in enumerate(columns) if min(right, extent[1]) > max(left, extent[0])]


def _place(columns: Sequence[tuple[float, float]], extent: tuple[float, float]) -> int:
    """The column that shares most with the cell."""
    return max(range(len(columns)), key=lambda n: min(columns[n][1], extent[1]) - max(columns[n][0], extent[0]))


def _runs(rows: Sequence[list[Cell]]) -> list[_Run]:
    runs: list[_Run] = []
    for row in rows:
        if not runs or not runs[-1].takes(row):
            runs.append(_Run([row], [_extent(cell) for cell in row]))
    return runs


def _is_prose(run: _Run) -> bool:
    """Columns of running text or bullets whose lines the file holds side by side, which only look like a table."""
    texts = [cell[0].text for row in run.rows[1:] for cell in row]
    bullets = sum(bool(re.match(r"[•●▪■◦\uf0b7]", text)) for text in texts)
    lower = sum(text[0].islower() for text in texts)
    return bullets > len(texts) / 2 or (len(run.rows) >= _LEAST_PROSE_ROWS and lower > _MOST_LOWER * len(texts))


def _lines(segments: Sequence[Segment]) -> Iterator[Segment]:
    """Segments that follow each other on one line, joined."""
    line: Segment | None = None
    for segment in segments:
        if line and _is_beside(line, segment) and not line.hyphen and abs(line.size - segment.size) < 0.1 * line.size:
            line = line.joined(segment, " ")
            continue
        if line:
            yield line
        line = segment
    if line:
        yield line


def _table_row(row: list[Cell], hyphens: Hyphens, header: bool) -> TableRow:
    texts = [hyphens.joined_lines([(segment.text, segment.hyphen) for segment in cell]) for cell in row]
    segments = [segment for cell in row for segment in cell]
    return TableRow(" | ".join(texts), segments[0].page, header)
