"""What somebody wrote onto a page of a PDF: the fields of a form and typed notes, which are no part of its own text."""

from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ingest.reading.pdf_segments import Segment, segments_of
from ingest.reading.pdf_sight import sight_of
from ingest.reading.pdf_turning import turn_of

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage  # type: ignore[import-untyped]

_SAME_LINE = 0.6
"""Of the font size: a field's text stands a little above or below the line of its label."""


class Written:
    """What is written onto the pages of one PDF. A context manager.

    PDFium can make it a part of the page, but may spoil the page's own text by that: so it does it to a copy, of which
    everything else is removed.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._copy: PdfDocument | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._copy is not None:
            self._copy.close()

    def with_own(self, own: Sequence[Segment], page: "PdfPage", number: int) -> list[Segment]:
        """The page's own segments with those that are written onto it, each behind what it stands beside or below."""
        from pypdfium2 import PdfiumError

        ordered, written = list(own), []
        with suppress(PdfiumError):  # the page's own text does not depend on it
            written = self._segments(number) if _is_written_on(page) else []
        for segment in sorted(written, key=lambda one: (-one.y, one.x0)):
            ordered.insert(_behind(segment, ordered), segment)
        return ordered

    def _segments(self, number: int) -> list[Segment]:
        page = self._alone(number)
        textpage = page.get_textpage()
        try:
            sight, turn = sight_of(page, textpage), turn_of(page, textpage)
            return segments_of(textpage, number, sight.unseen, turn)
        finally:
            textpage.close()
            page.close()

    def _alone(self, number: int) -> "PdfPage":
        """The page of the copy with nothing else on it."""
        import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

        page = self._opened()[number - 1]
        for index in reversed(range(pdfium.FPDFPage_GetAnnotCount(page))):
            if _kind(page, index) not in _written():
                pdfium.FPDFPage_RemoveAnnot(page, index)
        for thing in list(page.get_objects(max_depth=1)):
            page.remove_obj(thing)
        page.gen_content()
        pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
        page.close()  # it has to be opened anew to be read
        return self._opened()[number - 1]

    def _opened(self) -> "PdfDocument":
        from pypdfium2 import PdfDocument

        if self._copy is None:
            self._copy = PdfDocument(self._data)
            self._copy.init_forms()  # which draws what is in fields that the file holds no drawing of
        return self._copy


def _is_written_on(page: "PdfPage") -> bool:
    import pypdfium2.raw as pdfium

    return any(_kind(page, index) in _written() for index in range(pdfium.FPDFPage_GetAnnotCount(page)))


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
