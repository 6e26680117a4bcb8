"""Pages whose words run up, down or upside down, as those of landscape pages do in the file: read as they are seen."""

from collections import Counter
from dataclasses import dataclass
from math import pi
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage  # type: ignore[import-untyped]

_SAMPLED = 200
_MOST = 0.8
"""Of the characters have to run one way for the page to be turned."""


@dataclass(frozen=True, slots=True)
class Turn:
    """How a point of the file's page is moved so that most words run from left to right."""

    quarters: int = 0
    """Of a circle, clockwise, that the words are turned by in the file."""
    box: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    """Of the page: left, bottom, right, top."""

    def place(self, x: float, y: float) -> tuple[float, float]:
        left, bottom, right, top = self.box
        if self.quarters == 1:
            return top - y, x - left
        if self.quarters == 2:
            return right - x, top - y
        if self.quarters == 3:
            return y - bottom, right - x
        return x, y

    @property
    def extent(self) -> tuple[float, float]:
        """The lowest place on the page, and its height."""
        left, bottom, right, top = self.box
        if self.quarters == 0:
            return bottom, max(top - bottom, 1.0)
        return 0.0, max(top - bottom if self.quarters == 2 else right - left, 1.0)


def turn_of(page: "PdfPage", textpage: "PdfTextPage") -> Turn:
    import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

    count = pdfium.FPDFText_CountChars(textpage)
    ways: Counter[int] = Counter()
    for index in range(0, count, max(1, count // _SAMPLED)):
        if not chr(pdfium.FPDFText_GetUnicode(textpage, index)).isspace():
            ways[round(pdfium.FPDFText_GetCharAngle(textpage, index) / (pi / 2)) % 4] += 1
    [(quarters, most)] = ways.most_common(1) or [(0, 0)]
    return Turn(quarters if most >= _MOST * ways.total() else 0, page.get_bbox())
