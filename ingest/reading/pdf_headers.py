"""Whether the first row of a table in a PDF names its columns: by its look, or by standing over figures."""

import re
from collections.abc import Sequence

from ingest.reading.pdf_segments import Segment

Cell = list[Segment]
"""Its lines, from the top."""
_FIGURE = re.compile(r"[£€$]?\s?\d[\d.,]*\s?(?:%|m|k)?|n/a|[-–—]", re.IGNORECASE)
_LEAST_FIGURES = 2
_NAME_CHARACTERS = 40


def names_columns(table: Sequence[Sequence[Cell]]) -> bool:
    """The table's rows have a cell for each column, empty where there is none."""
    first, *others = table
    look = _looks(first)
    if all(bold for bold, _ in look):
        return True
    colours = {colour for _, colour in look}
    is_coloured = len(colours) == 1 and not any(colour in colours for row in others for _, colour in _looks(row))
    return is_coloured or _stands_over_figures(first, others)


def _looks(row: Sequence[Cell]) -> list[tuple[bool, int]]:
    return [(segment.bold, segment.colour) for cell in row for segment in cell]


def _stands_over_figures(first: Sequence[Cell], others: Sequence[Sequence[Cell]]) -> bool:
    """Every column has a name without a figure in it, and below one of the names there are figures only."""
    names = [_text(cell) for cell in first]
    if not all(0 < len(name) <= _NAME_CHARACTERS and not re.search(r"\d", name) for name in names):
        return False
    columns = [[text for text in map(_text, column) if text] for column in zip(*others, strict=True)]
    return any(len(texts) >= _LEAST_FIGURES and all(map(_FIGURE.fullmatch, texts)) for texts in columns)


def _text(cell: Cell) -> str:
    return " ".join(segment.text for segment in cell)
