"""What can be seen of a PDF's page: words that are white on white, covered or off the page are extracted just as well.

The page is drawn, and where nothing stands out within a word's box, the word is not seen. Coordinates are PDFium's:
points of the page before it is turned, y upward.
"""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ingest.reading.pdf_pictures import covers_page
from ingest.reading.pdf_segments import HYPHENS

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage  # type: ignore[import-untyped]

_DPI = 108
_MOST_PIXELS = 4_000_000
_CONTRAST = 10
"""Of 255, between the darkest and the lightest spot of a word."""
_TINY_POINTS = 2.0
_INVISIBLE = 3
"""The mode in which letters are laid over a scan, so that it can be searched."""
_SAMPLED = 20

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a reader of the page sees of its text."""

    unseen: frozenset[int] = frozenset()
    """Indexes of characters in words that no reader sees."""
    words_unseen: int = 0
    is_layered: bool = False
    """Whether the page is a picture with the words that somebody's text recognition found in it laid over it."""


def sight_of(page: "PdfPage", textpage: "PdfTextPage") -> Sight:
    words = list(_Words(textpage).words())
    if _is_invisible(textpage, words) and covers_page(page):
        return Sight(is_layered=True)
    drawn = _drawn(page)
    unseen = [word for word in words if word.size <= _TINY_POINTS or (drawn and not drawn.stands_out(word.box))]
    if unseen and covers_page(page):  # words that were recognised in a picture need not lie where they are seen
        unseen = [word for word in unseen if word.size <= _TINY_POINTS]
    return Sight(frozenset(index for word in unseen for index in word.indexes), len(unseen))


@dataclass(frozen=True, slots=True)
class _Word:
    indexes: range
    box: Box
    size: float


class _Words:
    def __init__(self, textpage: "PdfTextPage") -> None:
        import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

        self._pdfium = pdfium
        self._textpage = textpage
        self._sides = tuple(ctypes.c_double() for _ in range(4))
        self._loose = pdfium.FS_RECTF()
        self._matrix = pdfium.FS_MATRIX()

    def words(self) -> Iterator[_Word]:
        start: int | None = None
        count = self._pdfium.FPDFText_CountChars(self._textpage)
        for index in range(count):
            character = chr(self._pdfium.FPDFText_GetUnicode(self._textpage, index))
            ends = character.isspace() or character in HYPHENS
            if ends and start is not None:
                yield self._word(range(start, index))
                start = None
            elif not ends and start is None:
                start = index
        if start is not None:
            yield self._word(range(start, count))

    def _word(self, indexes: range) -> _Word:
        boxes = [self._box(index) for index in indexes]
        lefts, bottoms, rights, tops = zip(*boxes, strict=True)
        return _Word(indexes, (min(lefts), min(bottoms), max(rights), max(tops)), self._size(indexes[0]))

    def _box(self, index: int) -> Box:
        left, right, bottom, top = self._sides
        self._pdfium.FPDFText_GetCharBox(self._textpage, index, left, right, bottom, top)
        if right.value > left.value and top.value > bottom.value:
            return left.value, bottom.value, right.value, top.value
        self._pdfium.FPDFText_GetLooseCharBox(self._textpage, index, self._loose)  # of a font that tells no shapes
        return self._loose.left, self._loose.bottom, self._loose.right, self._loose.top

    def _size(self, index: int) -> float:
        nominal = float(self._pdfium.FPDFText_GetFontSize(self._textpage, index))
        if self._pdfium.FPDFText_GetMatrix(self._textpage, index, self._matrix):
            return nominal * float(np.hypot(self._matrix.c, self._matrix.d))
        return nominal


def _is_invisible(textpage: "PdfTextPage", words: Sequence[_Word]) -> bool:
    import pypdfium2.raw as pdfium

    sampled = words[:: max(1, len(words) // _SAMPLED)]
    objects = [pdfium.FPDFText_GetTextObject(textpage, word.indexes[0]) for word in sampled]
    modes = [pdfium.FPDFTextObj_GetTextRenderMode(found) for found in objects if found]
    return 2 * modes.count(_INVISIBLE) > len(sampled)


def _drawn(page: "PdfPage") -> "_Drawn | None":
    """None of a page that says it has no width or height: its words are taken as they come."""
    width, height = page.get_size()
    return _Drawn(page) if width >= 1 and height >= 1 else None


class _Drawn:
    def __init__(self, page: "PdfPage") -> None:
        width, height = page.get_size()
        scale = min(_DPI / 72, (_MOST_PIXELS / max(width * height, 1.0)) ** 0.5)
        bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False, draw_annots=False)
        self._place = bitmap.get_posconv(page).to_bitmap
        self._picture = np.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width, -1)[:, :, 0]

    def stands_out(self, box: Box) -> bool:
        if box[0] >= box[2] or box[1] >= box[3]:
            return True  # where it stands is not known
        (x0, y0), (x1, y1) = self._place(box[0], box[1]), self._place(box[2], box[3])
        (left, right), (top, bottom) = sorted((x0, x1)), sorted((y0, y1))
        if right < 0 or bottom < 0:
            return False
        spot = self._picture[max(top, 0) : bottom + 1, max(left, 0) : right + 1]
        return bool(spot.size) and int(spot.max()) - int(spot.min()) >= _CONTRAST
