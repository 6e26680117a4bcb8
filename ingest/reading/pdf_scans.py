"""Pages of a PDF that are pictures → segments, as if they held text: rendered, recognised, put in their place.

The steps after this tell headings by the size and weight of their letters. What tesseract says of sizes wavers from
line to line, and of weight it says nothing: `styled` makes sizes few, and tells bold letters by how broad they are.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log, sqrt
from statistics import mean
from typing import TYPE_CHECKING

import numpy as np

from ingest.reading import ocr
from ingest.reading.pdf_segments import Segment

if TYPE_CHECKING:
    from pypdfium2 import PdfPage  # type: ignore[import-untyped]

_DPI = 300
_MOST_PIXELS = 10_000_000
"""A little more than A4 has at 300 dots an inch. Many scans are set far larger than their paper was."""
_SURE = 60
"""Words are recognised with a mean confidence beyond this, unless the page lies on its side."""
_LEAST_SURE = 35
"""Lines below this mean confidence are specks and shapes in pictures."""
_CELL_GAP = 1.2
"""Of the line's height: words farther apart may stand in two cells of a table."""
_SIZE_STEP = 1.2
_BOLD_STROKE = 1.25
"""Of the running text's: measured on five scans, bold letters had 1.3 to 1.6 and others 0.9 to 1.2."""
_DARK = 128
_HYPHENS = "-‐\xad"
_BULLETS = frozenset("e¢©®°«»*+=~")
"""What tesseract makes of a round bullet before an item."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A segment whose size and weight are still as they were measured."""

    segment: Segment
    stroke: float
    """Breadth of the letters' strokes, as a share of their size."""
    confidences: tuple[int, ...]
    """Of its words, in per cent."""


def recognised(page: "PdfPage", number: int) -> list[Seen]:
    """The page's segments in reading order, in points from the bottom of the page as it is shown.

    Raises ocr.NotRecognised.
    """
    width, height = page.get_size()
    scale = min(_DPI / 72, sqrt(_MOST_PIXELS / (width * height)))
    picture = _grey(page, scale)
    dpi, until = round(72 * scale), time.monotonic() + ocr.SECONDS
    lines = ocr.recognised(picture, dpi, until)
    if not _is_upright(lines) and (turn := ocr.turned(picture, dpi, until)):
        picture = np.rot90(picture, -turn // 90)
        lines = ocr.recognised(picture, dpi, until)
    sure = [line for line in lines if _is_text(line)]
    return [
        Seen(
            _segment(words, line, number, scale, picture.shape[0]),
            _stroke(picture, words, line.size),
            tuple(word.confidence for word in words),
        )
        for line in sure
        for words in _parted(line)
    ]


def _grey(page: "PdfPage", scale: float) -> np.ndarray:
    """uint8, shape (height, width)."""
    bitmap = page.render(scale=scale, grayscale=True)
    picture = np.array(bitmap.to_numpy())
    bitmap.close()
    return picture[:, :, 0] if picture.ndim == 3 else picture


def _is_upright(lines: Sequence[ocr.Line]) -> bool:
    words = [word for line in lines for word in line.words]
    return bool(words) and mean(word.confidence for word in words) >= _SURE and not any(line.sideways for line in lines)


def _is_text(line: ocr.Line) -> bool:
    letters = any(character.isalnum() for word in line.words for character in word.text)
    return letters and mean(word.confidence for word in line.words) >= _LEAST_SURE


def _parted(line: ocr.Line) -> list[list[ocr.Word]]:
    parts: list[list[ocr.Word]] = []
    for word in line.words:
        if parts and word.x0 - parts[-1][-1].x1 <= _CELL_GAP * line.size:
            parts[-1].append(word)
        else:
            parts.append([word])
    return parts


def _segment(words: Sequence[ocr.Word], line: ocr.Line, page: int, scale: float, height: int) -> Segment:
    first, *rest = (word.text for word in words)
    is_bullet = first in _BULLETS and words[0] is line.words[0] and len(line.words) > 1
    text = " ".join(("•" if is_bullet else first, *rest))
    hyphen = len(text) > 1 and text[-1] in _HYPHENS and text[-2].isalpha()
    return Segment(
        text=text[:-1] if hyphen else text,
        x0=words[0].x0 / scale,
        x1=words[-1].x1 / scale,
        y=(height - line.baseline) / scale,
        size=round(line.size / scale, 1),
        bold=False,
        page=page,
        hyphen=hyphen,
    )


def _stroke(picture: np.ndarray, words: Sequence[ocr.Word], size: float) -> float:
    dark = crossed = 0
    for word in words:
        letters = picture[word.y0 : word.y1, word.x0 : word.x1] < _DARK
        dark += int(letters.sum())
        crossed += int((letters[:, 1:] & ~letters[:, :-1]).sum())
    return dark / max(crossed, 1) / max(size, 1.0)


def styled(pages: Sequence[Sequence[Seen]]) -> list[list[Segment]]:
    """The pages' segments, their sizes the running text's own or whole steps from it, and bold where they look it."""
    all_seen = [seen for page in pages for seen in page]
    body = _usual([(seen.segment.size, len(seen.segment.text)) for seen in all_seen])
    stroke = _usual([(seen.stroke, len(seen.segment.text)) for seen in all_seen])
    return [[_styled(seen, body, stroke) for seen in page] for page in pages]


def _styled(seen: Seen, body: float, stroke: float) -> Segment:
    steps = round(log(max(seen.segment.size, 1.0) / body, _SIZE_STEP))
    return replace(seen.segment, size=round(body * _SIZE_STEP**steps, 1), bold=seen.stroke > _BOLD_STROKE * stroke)


def _usual(measured: Sequence[tuple[float, int]]) -> float:
    """The median of (value, number of letters that have it); 1 for none."""
    half, counted = sum(letters for _, letters in measured) / 2, 0
    for value, letters in sorted(measured):
        counted += letters
        if counted >= half and value > 0:
            return value
    return 1.0
