"""The pages of an open PDF, one in memory at a time: their segments, from the text layer or by text recognition.

A page that cannot be read does not take the others with it: it stays empty, and why is noted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from statistics import mean
from typing import TYPE_CHECKING

from ingest.reading import ocr, pacing, pdf_scans
from ingest.reading.pdf_forms import Written
from ingest.reading.pdf_furniture import Page, without_doubles
from ingest.reading.pdf_pictures import covers_page, shows_something
from ingest.reading.pdf_scans import Seen
from ingest.reading.pdf_segments import Segment, segments_of
from ingest.reading.pdf_sight import sight_of
from ingest.reading.pdf_turning import turn_of

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage  # type: ignore[import-untyped]

_SCANT_LETTERS = 100
"""A page with fewer that is mostly a picture may be a scan with a stamp on it."""
_EMPTY = Page((), 0.0, 1.0)


class Lack(StrEnum):
    """Why nothing, or not all, was taken from a page."""

    DAMAGED = "damaged"
    NOT_INSTALLED = "not installed"
    """A picture, and there is no program to recognise its words."""
    NOT_RECOGNISED = "not recognised"
    """A picture, and the program failed on it."""
    WORDLESS = "wordless"
    """A picture in which no words were found."""


@dataclass
class Pages:
    """What came of each page."""

    taken: list[Page] = field(default_factory=list)
    recognised: dict[int, list[Seen]] = field(default_factory=dict)
    layered: list[int] = field(default_factory=list)
    """Pages that came as pictures with recognised words laid over them."""
    unseen: dict[int, int] = field(default_factory=dict)
    """How many words of a page were left out because no reader sees them."""
    lacking: dict[int, Lack] = field(default_factory=dict)
    complaint: str = ""
    """Of the program that recognises, the last time it failed."""

    @property
    def wordless(self) -> tuple[int, ...]:
        """Numbers of the pages from which no word was taken."""
        return tuple(number for number, page in enumerate(self.taken, 1) if not page.segments)

    @property
    def confidence(self) -> float | None:
        """Of the words recognised, in per cent."""
        words = [confidence for seen in self.recognised.values() for part in seen for confidence in part.confidences]
        return mean(words) if words else None

    def lacking_for(self, *lacks: Lack) -> tuple[int, ...]:
        return tuple(number for number, lack in self.lacking.items() if lack in lacks)


def pages_of(document: "PdfDocument", damaged: frozenset[int], written: Written) -> Pages:
    """damaged: numbers of pages that are known to have lost words."""
    from pypdfium2 import PdfiumError

    pages = Pages()
    for number in range(1, len(document) + 1):
        if number in damaged:
            pages.lacking[number] = Lack.DAMAGED
        try:
            pages.taken.append(_page(document[number - 1], number, pages, written))
        except PdfiumError:
            pages.lacking[number] = Lack.DAMAGED
            pages.taken.append(_EMPTY)
        pacing.done(number, len(document))
    for number, segments in zip(pages.recognised, pdf_scans.styled(list(pages.recognised.values())), strict=True):
        pages.taken[number - 1] = replace(pages.taken[number - 1], segments=segments)
    return pages


def _page(page: "PdfPage", number: int, pages: Pages, written: Written) -> Page:
    try:
        return _taken(page, number, pages, written)
    finally:
        page.close()


def _taken(page: "PdfPage", number: int, pages: Pages, written: Written) -> Page:
    textpage = page.get_textpage()
    sight, turn = sight_of(page, textpage), turn_of(page, textpage)
    printed = list(without_doubles(segments_of(textpage, number, sight.unseen, turn)))
    own = Page(written.with_own(printed, page, number), *turn.extent)
    textpage.close()
    if sight.words_unseen:
        pages.unseen[number] = sight.words_unseen
    if sight.is_layered and own.segments:
        pages.layered.append(number)
    if number in pages.lacking or not _is_picture(page, own.segments):
        return own
    try:
        found = pdf_scans.recognised(page, number) if ocr.is_installed() else None
    except ocr.NotRecognised as failure:
        pages.lacking[number], pages.complaint = Lack.NOT_RECOGNISED, str(failure)
        return own
    if found is None:
        pages.lacking[number] = Lack.NOT_INSTALLED
    elif _letters([seen.segment for seen in found]) > 2 * _letters(own.segments):
        pages.recognised[number] = found
        return Page((), 0.0, max(page.get_height(), 1.0))  # its segments follow when all pages have been seen
    elif not own.segments:
        pages.lacking[number] = Lack.WORDLESS
    return own


def _is_picture(page: "PdfPage", segments: Sequence[Segment]) -> bool:
    """Whether its words can only be seen: it shows something and has no text, or hardly any on a large picture."""
    letters = _letters(segments)
    if letters >= _SCANT_LETTERS:
        return False
    return covers_page(page) if letters else shows_something(page)


def _letters(segments: Sequence[Segment]) -> int:
    return sum(character.isalnum() for segment in segments for character in segment.text)
