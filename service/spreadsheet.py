"""Lines of cells as CSV that a spreadsheet opens as it is meant."""

import csv
from collections.abc import Iterable
from io import StringIO

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_MARK = "\ufeff"
"""By which Excel knows UTF-8."""


def as_csv(lines: Iterable[Iterable[object]]) -> str:
    written = StringIO()
    csv.writer(written).writerows([_harmless(cell) for cell in line] for line in lines)
    return written.getvalue()


def as_file(lines: Iterable[Iterable[object]]) -> str:
    return _MARK + as_csv(lines)


def _harmless(cell: object) -> object:
    """A spreadsheet runs what begins like a formula, also if a document says it; behind an apostrophe it is text."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA) else cell
