"""A page of a PDF → segments: stretches of words on one line, with their place and look.

Coordinates are in points, y upward from the bottom of the page.
"""

import ctypes
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import hypot
from statistics import median
from typing import TYPE_CHECKING

from ingest.reading.pdf_turning import Turn

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage  # type: ignore[import-untyped]

HYPHENS = "\x02\ufffe"
"""What PDFium makes of a hyphen at the end of a line; the next line follows without a break."""
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_SOFT_HYPHEN = "\xad"
_BOLD = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
_CELL_GAP = 1.2
"""Of the font size: words farther apart may stand in two cells of a table."""
_LINE_GAP = 1.5
"""Of the font size: characters farther above or below each other stand in two lines."""
_GUESSED = "\xa0"
"""A space that the file does not hold: PDFium guesses that the words it parts are two."""
_SAMPLED = 5
_ELIDED = " […] "
_UPRIGHT = Turn()


@dataclass(frozen=True, slots=True)
class Segment:
    text: str
    x0: float
    x1: float
    y: float
    """Of the baseline."""
    size: float
    bold: bool
    page: int
    colour: int = 0
    """0xRRGGBB."""
    hyphen: bool = False
    """Whether a hyphen at the line's end, not in the text, ties its last word to the next line."""

    def joined(self, after: "Segment", space: str) -> "Segment":
        return replace(self, text=self.text + space + after.text, x1=max(self.x1, after.x1), hyphen=after.hyphen)


def segments_of(
    textpage: "PdfTextPage", page: int, unseen: frozenset[int] = frozenset(), turn: Turn = _UPRIGHT
) -> list[Segment]:
    """The page's segments in the order in which PDFium reads them.

    unseen: indexes of characters to leave out; where they stood between words that stay, "[…]" tells so.
    """
    found: list[Segment] = []
    for segment in _Characters(textpage, page, unseen, turn).segments():
        if found and _follows_on(found[-1], segment):
            gap = segment.x0 - found[-1].x1
            found[-1] = found[-1].joined(segment, " " if gap > 0.15 * segment.size else "")
        else:
            found.append(segment)
    return found


def _follows_on(before: Segment, segment: Segment) -> bool:
    """Whether PDFium broke a line at a raised or lowered character, such as the full stop after 21st."""
    size = max(before.size, segment.size)
    gap = segment.x0 - before.x1
    return not before.hyphen and abs(before.y - segment.y) < 0.4 * size and -0.5 * size < gap < 0.5 * size


def _is_letterspaced(seen: Sequence[tuple[int, float, float, float]], left: float) -> bool:
    """Whether a character is no farther from the last one than letters are from each other in the words before it."""
    pairs = ((one, other) for one, other in pairwise(reversed(seen)) if one[0] - other[0] == 1)
    one, other = next(pairs, (None, None))
    if one is None or other is None:
        return False
    gap = one[1] - other[2]
    return 0 < left - seen[-1][2] <= 1.1 * gap


class _Characters:
    def __init__(self, textpage: "PdfTextPage", page: int, unseen: frozenset[int], turn: Turn) -> None:
        import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

        self._pdfium = pdfium
        self._textpage = textpage
        self._page = page
        self._unseen = unseen
        self._turn = turn
        self._rect = pdfium.FS_RECTF()
        self._matrix = pdfium.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._name = ctypes.create_string_buffer(256)
        self._flags = ctypes.c_int()

    def segments(self) -> Iterator[Segment]:
        text: list[str] = []
        seen: list[tuple[int, float, float, float]] = []
        """Index, left, right and baseline of each character that is not white space."""
        character, elided = "", False
        for index in range(self._pdfium.FPDFText_CountChars(self._textpage)):
            if index in self._unseen:
                elided = bool(seen)
                continue
            code = self._pdfium.FPDFText_GetUnicode(self._textpage, index)
            before, character = character, _LIGATURES.get(code) or chr(code)
            if character in "\r\n" or character in HYPHENS:
                yield from self._segment(text, seen, hyphen=character in HYPHENS or before == _SOFT_HYPHEN)
                text, seen, elided = [], [], False
            elif character.isspace():
                text.append(_GUESSED if self._pdfium.FPDFText_IsGenerated(self._textpage, index) else " ")
            elif character.isprintable() or (not seen and unicodedata.category(character) == "Co"):  # a symbol's bullet
                left, right, baseline = self._place(index)
                if elided:
                    text.append(_ELIDED)
                elif seen and self._is_elsewhere(seen[-1], left, baseline, max(self._size(index), 1.0)):
                    yield from self._segment(text, seen)
                    text, seen = [], []
                elif text and text[-1] == _GUESSED and _is_letterspaced(seen, left):
                    text.pop()
                elided = False
                text.append(character)
                seen.append((index, left, right, baseline))
        yield from self._segment(text, seen)

    @staticmethod
    def _is_elsewhere(before: tuple[int, float, float, float], left: float, baseline: float, size: float) -> bool:
        """Whether a character stands apart from the one before it. PDFium breaks no line between two that stand at the
        same place of two drawings, such as the fields of a form."""
        _, _, right, its_baseline = before
        across, along = left - right, abs(baseline - its_baseline)
        return (
            across > _CELL_GAP * size or along > _LINE_GAP * size or (along > 0.7 * size and across < -_LINE_GAP * size)
        )

    def _segment(
        self, text: list[str], seen: list[tuple[int, float, float, float]], hyphen: bool = False
    ) -> Iterator[Segment]:
        if not seen:
            return
        sampled = [index for index, *_ in seen[:: max(1, len(seen) // _SAMPLED)]]
        yield Segment(
            text=" ".join("".join(text).split()),
            x0=min(left for _, left, _, _ in seen),
            x1=max(right for _, _, right, _ in seen),
            y=median(baseline for *_, baseline in seen),
            size=round(median(self._size(index) for index in sampled), 1),
            bold=2 * sum(self._is_bold(index) for index in sampled) > len(sampled),
            page=self._page,
            colour=self._colour(sampled[0]),
            hyphen=hyphen,
        )

    def _place(self, index: int) -> tuple[float, float, float]:
        self._pdfium.FPDFText_GetLooseCharBox(self._textpage, index, ctypes.byref(self._rect))
        self._pdfium.FPDFText_GetCharOrigin(self._textpage, index, ctypes.byref(self._x), ctypes.byref(self._y))
        x0, _ = self._turn.place(self._rect.left, self._rect.bottom)
        x1, _ = self._turn.place(self._rect.right, self._rect.top)
        _, baseline = self._turn.place(self._x.value, self._y.value)
        return min(x0, x1), max(x0, x1), baseline

    def _size(self, index: int) -> float:
        """The size on the page: many programs write in size 1 and enlarge by the matrix."""
        nominal = float(self._pdfium.FPDFText_GetFontSize(self._textpage, index))
        if self._pdfium.FPDFText_GetMatrix(self._textpage, index, ctypes.byref(self._matrix)):
            return nominal * hypot(self._matrix.c, self._matrix.d)
        return nominal

    def _colour(self, index: int) -> int:
        red, green, blue, opacity = (ctypes.c_uint() for _ in range(4))
        self._pdfium.FPDFText_GetFillColor(self._textpage, index, red, green, blue, opacity)
        return red.value << 16 | green.value << 8 | blue.value

    def _is_bold(self, index: int) -> bool:
        length = self._pdfium.FPDFText_GetFontInfo(
            self._textpage, index, self._name, len(self._name), ctypes.byref(self._flags)
        )
        if 0 < length <= len(self._name) and _BOLD.search(self._name.value.decode("latin-1")):
            return True
        return bool(self._pdfium.FPDFText_GetFontWeight(self._textpage, index) >= 650)
