"""The pictures on a page of a PDF."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdfium2 import PdfPage  # type: ignore[import-untyped]

_COVERING = 0.5
_DEPTH = 5
"""Of forms within forms."""


def shows_something(page: "PdfPage") -> bool:
    return next(iter(page.get_objects(max_depth=1)), None) is not None


def covers_page(page: "PdfPage") -> bool:
    """Whether one picture takes up most of the page."""
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE  # type: ignore[import-untyped]

    pictures = page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=_DEPTH)
    return any(_share(page, picture.get_bounds()) >= _COVERING for picture in pictures)


def _share(page: "PdfPage", bounds: tuple[float, float, float, float]) -> float:
    """Of the page's area that lies within the bounds."""
    left, bottom, right, top = page.get_bbox()
    width = max(min(bounds[2], right) - max(bounds[0], left), 0.0)
    height = max(min(bounds[3], top) - max(bounds[1], bottom), 0.0)
    return float(width * height / max((right - left) * (top - bottom), 1.0))
