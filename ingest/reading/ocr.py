"""Pictures of pages → lines of words with their places, by Debian's tesseract where it is installed.

It is a program, not a Python dependency: each page is a process of its own, with limits on its time.
"""

import os
import re
import resource
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from lxml.etree import XMLParser, _Element, fromstring  # type: ignore[import-untyped]

PROGRAM = "tesseract"
PACKAGE = "tesseract-ocr"
LANGUAGE = "eng"
SECONDS = 60.0
"""For one page; one of A4 takes one to five."""
_CPU_SECONDS = 60
_SIDEWAYS = re.compile(rb"Rotate: (90|180|270)\b.*?Orientation confidence: ([\d.]+)", re.DOTALL)
_SURE_OF_SIDE = 2.0
_XHTML = "{http://www.w3.org/1999/xhtml}"
_LINES = ("ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat")


class NotRecognised(Exception):
    """The program failed, or took too long over a page. Says why in a few words."""


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    x0: int
    y0: int
    x1: int
    y1: int
    confidence: int
    """0 to 100, as tesseract itself believes."""


@dataclass(frozen=True, slots=True)
class Line:
    """Pixels, y downward from the top of the picture."""

    words: tuple[Word, ...]
    baseline: float
    size: float
    sideways: bool
    """Whether its words run up or down the picture, or stand on their heads."""


def is_installed() -> bool:
    return shutil.which(PROGRAM) is not None


def recognised(picture: np.ndarray, dpi: int, until: float) -> list[Line]:
    """The picture's lines in reading order. picture: grey, uint8, shape (height, width); until: of time.monotonic().

    Raises NotRecognised.
    """
    hocr = _asked(picture, dpi, until, "-l", LANGUAGE, "hocr")
    page = fromstring(hocr, parser=XMLParser(resolve_entities=False, recover=True))
    return [] if page is None else list(_lines(page))


def turned(picture: np.ndarray, dpi: int, until: float) -> int:
    """By how many degrees clockwise the picture has to be turned for its words to stand upright: 0, 90, 180 or 270."""
    try:
        found = _SIDEWAYS.search(_asked(picture, dpi, until, "-l", "osd", "--psm", "0"))
    except NotRecognised:  # it finds too few letters to tell
        return 0
    return int(found[1]) if found and float(found[2]) >= _SURE_OF_SIDE else 0


def _asked(picture: np.ndarray, dpi: int, until: float, *options: str) -> bytes:
    height, width = picture.shape
    pgm = b"P5 %d %d 255\n" % (width, height) + np.ascontiguousarray(picture).tobytes()
    command = [PROGRAM, "stdin", "stdout", "--dpi", str(dpi), *options]
    one_thread = {**os.environ, "OMP_THREAD_LIMIT": "1"}  # more would take the cores from those who ask
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=one_thread) as process:
        # Should we be killed meanwhile, it ends by itself.
        resource.prlimit(process.pid, resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
        try:
            out, complaint = process.communicate(pgm, timeout=max(until - time.monotonic(), 0.0))
        except subprocess.TimeoutExpired:
            process.kill()
            raise NotRecognised(f"it took more than {SECONDS:.0f} seconds") from None
    if process.returncode:
        raise NotRecognised(" ".join(complaint.decode("utf-8", "replace").split())[:200] or "it failed")
    return out


def _of_class(element: _Element, *names: str) -> Iterator[_Element]:
    return (found for found in element.iter(f"{_XHTML}*") if found.get("class") in names)


def _lines(page: _Element) -> Iterator[Line]:
    for element in _of_class(page, *_LINES):
        told = _told(element)
        words = tuple(_word(word) for word in _of_class(element, "ocrx_word"))
        if words and told.keys() >= {"bbox", "x_size"}:
            offset = told.get("baseline", (0.0, 0.0))[-1]
            yield Line(words, told["bbox"][3] + offset, told["x_size"][0], "textangle" in told)


def _word(element: _Element) -> Word:
    told = _told(element)
    x0, y0, x1, y1 = map(int, told["bbox"])
    return Word("".join(element.itertext()).strip(), x0, y0, x1, y1, int(told["x_wconf"][0]))


def _told(element: _Element) -> dict[str, tuple[float, ...]]:
    """hOCR's properties, such as 'bbox 236 274 1413 328; x_size 52'."""
    told = {}
    for entry in filter(str.strip, element.get("title", "").split(";")):
        name, *values = entry.split()
        told[name] = tuple(float(value) for value in values)
    return told
