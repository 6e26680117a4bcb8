"""Segments of a page → lines and table rows: what stands beside what."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from ingest.reading.pdf_hyphens import Hyphens
from ingest.reading.pdf_segments import Segment

_LONE_MARKER = re.compile(r"[^\w\s(]|[\uf000-\uf0ffo§]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]|\d{1,2}(?:\.\d{1,2})+\.?")
_CELL_LINE = 1.7
"""Of the font size: lines of one cell are no farther apart."""
_LEAST_PROSE_ROWS = 5
_MOST_LOWER = 0.35
"""Share of cells that start in lower case: with more, they are lines of prose in columns, no table."""

Cell = list[Segment]


@dataclass(frozen=True, slots=True)
class TableRow:
    text: str
    page: int
    header: bool


def arranged(segments: Sequence[Segment], hyphens: Hyphens) -> list[Segment | TableRow]:
    """The page's lines, one segment each, and table rows, in reading order."""
    rows = _rows(_with_markers(segments))
    arranged: list[Segment | TableRow] = []
    for columns, group in groupby(_numbered_runs(rows), key=lambda pair: pair[0]):
        run = [row for _, row in group]
        if columns[1] == 1 or len(run) == 1:
            arranged += _lines([segment for row in run for cell in row for segment in cell])
        elif _is_prose(run):
            arranged += _lines([segment for column in zip(*run, strict=True) for cell in column for segment in cell])
        else:
            arranged += [_table_row(row, hyphens, is_first=number == 0) for number, row in enumerate(run)]
    return arranged


def _with_markers(segments: Sequence[Segment]) -> list[Segment]:
    """A bullet or number that stands apart from its item, joined to it."""
    joined: list[Segment] = []
    for segment in segments:
        before = joined[-1] if joined else None
        if before and _LONE_MARKER.fullmatch(before.text) and _is_beside(before, segment):
            joined[-1] = before.joined(segment, " ")
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
        if rows and _is_beside(rows[-1][0][0], segment) and _is_right_of(rows[-1], segment):
            rows[-1].append([segment])
        elif rows and len(rows[-1]) == 1 and (at := _beside_at(cell, segment)):
            rows[-1:] = [[cell[:at]], [cell[at:], [segment]]]
        elif cell and _is_below(cell[-1], segment):
            cell.append(segment)
        else:
            rows.append([[segment]])
    return rows


def _is_right_of(row: list[Cell], segment: Segment) -> bool:
    return all(part.x1 <= segment.x0 + 0.2 * segment.size for part in row[-1])


def _beside_at(cell: Cell, segment: Segment) -> int:
    """Where in a run of lines the line stands that has this segment beside it; 0 where none does."""
    for at in range(len(cell) - 1, 0, -1):
        if _is_beside(cell[at], segment) and _is_right_of([cell[at:]], segment):
            return at
    return 0


def _is_below(above: Segment, segment: Segment) -> bool:
    overlaps = min(above.x1, segment.x1) > max(above.x0, segment.x0)
    return overlaps and 0.3 * segment.size < above.y - segment.y < _CELL_LINE * max(above.size, segment.size)


def _numbered_runs(rows: Sequence[list[Cell]]) -> Iterator[tuple[tuple[int, int], list[Cell]]]:
    """Each row with the number of the run it belongs to and the run's columns."""
    run = 0
    for number, row in enumerate(rows):
        if number and not _is_same_table(rows[number - 1], row):
            run += 1
        yield (run, len(row)), row


def _is_same_table(above: list[Cell], row: list[Cell]) -> bool:
    return len(above) == len(row) and all(
        min(max(s.x1 for s in a), max(s.x1 for s in b)) > max(min(s.x0 for s in a), min(s.x0 for s in b))
        for a, b in zip(above, row, strict=True)
    )


def _is_prose(rows: Sequence[list[Cell]]) -> bool:
    """Columns of running text or bullets whose lines the file holds side by side, which only look like a table."""
    texts = [cell[0].text for row in rows[1:] for cell in row]
    bullets = sum(bool(re.match(r"[•●▪■◦\uf0b7]", text)) for text in texts)
    lower = sum(text[0].islower() for text in texts)
    return bullets > len(texts) / 2 or (len(rows) >= _LEAST_PROSE_ROWS and lower > _MOST_LOWER * len(texts))


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


def _table_row(row: list[Cell], hyphens: Hyphens, is_first: bool) -> TableRow:
    texts = [hyphens.joined_lines([(segment.text, segment.hyphen) for segment in cell]) for cell in row]
    header = is_first and all(segment.bold for cell in row for segment in cell)
    return TableRow(" | ".join(texts), row[0][0].page, header)
