"""PDF → blocks with their pages, in PDFium's reading order; page furniture and the table of contents left out."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ingest.errors import UnreadableDocument
from ingest.reading.pdf_blocks import DOT_LEADER, blocks_of, spaceless
from ingest.reading.pdf_furniture import Page, without_doubles, without_furniture
from ingest.reading.pdf_hyphens import Hyphens
from ingest.reading.pdf_segments import segments_of
from ingest.reading.pdf_tables import arranged
from ingest.reading.recognising import refuse_other_formats
from ingest.vocabulary import Block, Reading

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument  # type: ignore[import-untyped]

_PASSWORD_ERROR = 4
_ENDS_IN_NUMBER = re.compile(r"\s\d{1,3}$")
_CONTENTS_TITLES = ("contents", "tableofcontents", "contentspage")


def read(data: bytes, name: str) -> Reading:
    if b"%PDF-" not in data[:1024]:
        refuse_other_formats(data, name, "a PDF")
        raise _damaged(name)
    document = _opened(data, name)
    try:
        pages = list(_pages(document))
        if not any(page.segments for page in pages):
            raise _no_text(name, len(pages))
        blocks, left_out = _read(pages, _bookmarks(document))
        title = document.get_metadata_value("Title").strip() or None
    finally:
        document.close()
    return Reading(tuple(blocks), pages=len(pages), title=title, left_out=tuple(left_out))


def _opened(data: bytes, name: str) -> "PdfDocument":
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        document = PdfDocument(data)
    except PdfiumError as error:
        raise (_encrypted(name) if error.err_code == _PASSWORD_ERROR else _damaged(name)) from error
    if not len(document):
        document.close()
        raise _damaged(name)
    return document


def _pages(document: "PdfDocument") -> Iterator[Page]:
    """One page in memory at a time."""
    for number in range(1, len(document) + 1):
        page = document[number - 1]
        textpage = page.get_textpage()
        _, bottom, _, top = page.get_bbox()
        yield Page(tuple(without_doubles(segments_of(textpage, number))), bottom, max(top - bottom, 1.0))
        textpage.close()
        page.close()


def _bookmarks(document: "PdfDocument") -> frozenset[tuple[int, str]]:
    found = set()
    for bookmark in document.get_toc():
        target = bookmark.get_dest()
        index = target.get_index() if target else None
        if index is not None:
            found.add((index + 1, spaceless(bookmark.get_title())))
    return frozenset(found)


def _read(pages: Sequence[Page], bookmarks: frozenset[tuple[int, str]]) -> tuple[list[Block], list[str]]:
    kept, furniture = without_furniture(pages)
    hyphens = Hyphens([(segment.text, segment.hyphen) for page in kept for segment in page])
    content = [line for page in kept for line in arranged(page, hyphens)]
    blocks, contents = _without_contents(list(blocks_of(content, hyphens, bookmarks)))
    left_out = []
    if furniture:
        left_out.append(f"Headers, footers and page numbers were left out: {'; '.join(furniture[:5])}.")
    if contents:
        left_out.append(f"The table of contents ({contents} line{'s' * (contents > 1)}) was left out.")
    return blocks, left_out


def _without_contents(blocks: Sequence[Block]) -> tuple[list[Block], int]:
    """Drops "Contents" with the lines below it that end in a page number, and lines with dot leaders anywhere."""
    kept: list[Block] = []
    title: Block | None = None
    dropped = 0
    for block in blocks:
        if DOT_LEADER.search(block.text) or (title and _ENDS_IN_NUMBER.search(block.text)):
            if title and kept[-1:] == [title]:
                kept.pop()
            dropped += 1
            continue
        title = block if spaceless(block.text) in _CONTENTS_TITLES else None
        kept.append(block)
    return kept, dropped


def _encrypted(name: str) -> UnreadableDocument:
    return UnreadableDocument(
        "encrypted", f"{name} is protected by a password. Save it without the password and add that copy."
    )


def _damaged(name: str) -> UnreadableDocument:
    return UnreadableDocument(
        "damaged", f"{name} is not a whole PDF. Get it anew from where it came from and add that."
    )


def _no_text(name: str, pages: int) -> UnreadableDocument:
    return UnreadableDocument(
        "no_text",
        f"{name} has {pages} pages without any text: it seems to be a scan. "
        "Run text recognition (OCR) over it and add the result.",
    )
