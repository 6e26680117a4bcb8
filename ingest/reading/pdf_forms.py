"""What somebody wrote onto a page of a PDF: the fields of a form and typed notes, which are no part of its own text."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingest.reading.pdf_segments import Segment

if TYPE_CHECKING:
    from pypdfium2 import PdfPage  # type: ignore[import-untyped]

_SAME_LINE = 0.6
"""Of the font size: a field's text stands a little above or below the line of its label."""

Places = frozenset[tuple[int, int]]
"""Where segments begin, in whole points."""


def is_written_on(page: "PdfPage") -> bool:
    import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

    return any(_kind(page, index) in _written() for index in range(pdfium.FPDFPage_GetAnnotCount(page)))


def make_own(page: "PdfPage") -> bool:
    """Makes what is written onto the page a part of it, and removes links, marks and comments; whether that worked.

    The page has to be opened anew to be read. Its file is not touched.
    """
    import pypdfium2.raw as pdfium

    for index in reversed(range(pdfium.FPDFPage_GetAnnotCount(page))):
        if _kind(page, index) not in _written():
            pdfium.FPDFPage_RemoveAnnot(page, index)
    return bool(pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_SUCCESS)


def places(segments: Sequence[Segment]) -> Places:
    return frozenset(map(_place, segments))


def beside_labels(segments: Sequence[Segment], printed: Places) -> list[Segment]:
    """What is written, which comes after all that is printed, put behind what it stands beside or below."""
    ordered = [segment for segment in segments if _place(segment) in printed]
    written = [segment for segment in segments if _place(segment) not in printed]
    for segment in sorted(written, key=lambda one: (-one.y, one.x0)):
        ordered.insert(_behind(segment, ordered), segment)
    return ordered


def _behind(segment: Segment, ordered: Sequence[Segment]) -> int:
    """Where it goes: behind the nearest on its left, else behind the nearest above it, else to the end."""
    near = _SAME_LINE * max(segment.size, 1.0)
    left = [n for n, one in enumerate(ordered) if abs(one.y - segment.y) < near and one.x0 < segment.x0]
    if left:
        return max(left, key=lambda n: ordered[n].x1) + 1
    above = [n for n, one in enumerate(ordered) if one.y >= segment.y + near and _overlap(one, segment)]
    return min(above, key=lambda n: ordered[n].y) + 1 if above else len(ordered)


def _overlap(one: Segment, other: Segment) -> bool:
    return min(one.x1, other.x1) > max(one.x0, other.x0)


def _place(segment: Segment) -> tuple[int, int]:
    return round(segment.x0), round(segment.y)


def _kind(page: "PdfPage", index: int) -> int:
    import pypdfium2.raw as pdfium

    annotation = pdfium.FPDFPage_GetAnnot(page, index)
    try:
        return int(pdfium.FPDFAnnot_GetSubtype(annotation))
    finally:
        pdfium.FPDFPage_CloseAnnot(annotation)


def _written() -> tuple[int, ...]:
    import pypdfium2.raw as pdfium

    return pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_STAMP
