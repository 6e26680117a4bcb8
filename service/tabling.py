"""Coverage as it is pasted into Word or Outlook, and as CSV: one table, told the same in each form."""

from collections.abc import Iterator
from html import escape

from service import spreadsheet
from service.missing import FieldCoverage

_TABLE = "border-collapse:collapse;font-family:Arial,sans-serif;font-size:10pt"
_CELL = "border:1px solid #7f8b97;padding:3pt 5pt;text-align:left;vertical-align:top"


def as_html(coverage: FieldCoverage) -> str:
    """A fragment for the clipboard: a plain table with inline styles."""
    first, *rest = _lines(coverage)
    head = "".join(f'<th style="{_CELL};background:#e8edf2">{escape(text)}</th>' for text in first)
    body = "".join(f"<tr>{''.join(_cells(line))}</tr>" for line in rest)
    return f'<table style="{_TABLE}"><tr>{head}</tr>{body}</table>'


def as_text(coverage: FieldCoverage) -> str:
    """Lines of cells parted by tabs."""
    return "".join("\t".join(" ".join(text.split()) for text in line) + "\n" for line in _lines(coverage))


def as_csv(coverage: FieldCoverage) -> str:
    """With a column for the words of each cell and one for each count."""
    return spreadsheet.as_csv(_detailed(coverage))


def as_csv_file(coverage: FieldCoverage) -> str:
    """The same, to be downloaded."""
    return spreadsheet.as_file(_detailed(coverage))


def _cells(line: list[str]) -> Iterator[str]:
    for number, text in enumerate(line):
        tag = "td" if number else "th"
        yield f'<{tag} style="{_CELL}">{escape(text)}</{tag}>'


def _lines(coverage: FieldCoverage) -> Iterator[list[str]]:
    yield ["Organisation", *(question.heading for question in coverage.questions)]
    for row in coverage.rows:
        yield [row.name, *(cell.words for cell in row.cells)]


def _detailed(coverage: FieldCoverage) -> Iterator[list[str]]:
    counts = ("", ": own documents", ": own passages", ": reported documents", ": reported passages")
    named = (f"{question.heading}{count}" for question in coverage.questions for count in counts)
    yield ["Organisation", "Slug", "Kind", "Region", "Documents held", *named]
    for row in coverage.rows:
        line = [row.name, row.slug, row.kind, row.region, str(row.documents)]
        for cell in row.cells:
            numbers = (cell.own.documents, cell.own.passages, cell.reported.documents, cell.reported.passages)
            line += [cell.words, *map(str, numbers)]
        yield line
