"""PDF → blocks with their pages, in PDFium's reading order; page furniture and the table of contents left out."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ingest.errors import UnreadableDocument
from ingest.reading.contents import spaceless, without_contents
from ingest.reading.pdf_blocks import blocks_of
from ingest.reading.pdf_forms import Written
from ingest.reading.pdf_furniture import Page, without_furniture
from ingest.reading.pdf_hyphens import Hyphens
from ingest.reading.pdf_mending import damaged_pages, mended
from ingest.reading.pdf_pages import Lack, pages_of
from ingest.reading.pdf_tables import arranged
from ingest.reading.pdf_telling import no_text, told
from ingest.reading.recognising import refuse_other_formats
from ingest.vocabulary import Block, Reading

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument  # type: ignore[import-untyped]

_PASSWORD_ERROR, _SECURITY_ERROR = 4, 5
_LABEL_CHARACTERS = 20
_NO_TITLES = ("", "untitled", "untitled document")


def read(data: bytes, name: str) -> Reading:
    if b"%PDF-" not in data[:1024]:
        refuse_other_formats(data, name, "a PDF")  # else it may have lost no more than its first line
    document, whole = _opened(data, name)
    was_mended = whole is not data
    try:
        with Written(whole) as written:
            pages = pages_of(document, damaged_pages(data, was_mended), written)
        if not any(page.segments for page in pages.taken):
            raise no_text(name, pages)
        blocks, furniture, left_out = _read(pages.taken, _bookmarks(document))
        if not blocks and not pages.lacking:  # all that it holds looks like the numbers and headers of pages
            blocks, furniture, left_out = list(furniture), (), []
        title = document.get_metadata_value("Title").strip()
        printed = dict(_printed_pages(document))
    finally:
        document.close()
    return Reading(
        tuple(blocks),
        pages=len(pages.taken),
        title=title if title.casefold() not in _NO_TITLES else None,
        left_out=(*told(pages, was_mended), *left_out),
        furniture=furniture,
        printed_pages=printed,
        recognised=tuple(sorted([*pages.recognised, *pages.layered])),
        confidence=pages.confidence,
        unread=pages.lacking_for(Lack.DAMAGED, Lack.NOT_INSTALLED, Lack.NOT_RECOGNISED),
        unrecognised=pages.lacking_for(Lack.NOT_INSTALLED),
        wordless=pages.wordless,
        damaged=was_mended,
    )


def _opened(data: bytes, name: str) -> tuple["PdfDocument", bytes]:
    """The document, and the bytes that it is made of: others than those given where it had to be mended first."""
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        document = PdfDocument(data)
    except PdfiumError as error:
        if error.err_code == _PASSWORD_ERROR:
            raise _encrypted(name, "a password") from error
        if error.err_code == _SECURITY_ERROR:
            raise _encrypted(name, "a certificate or a rights program") from error
    else:
        if len(document):
            return document, data
        document.close()
    whole = mended(data)
    if whole is None:
        raise _damaged(name)
    return PdfDocument(whole), whole


def _bookmarks(document: "PdfDocument") -> frozenset[tuple[int, str]]:
    found = set()
    for bookmark in document.get_toc():
        target = bookmark.get_dest()
        index = target.get_index() if target else None
        if index is not None:
            found.add((index + 1, spaceless(bookmark.get_title())))
    return frozenset(found)


def _printed_pages(document: "PdfDocument") -> Iterator[tuple[int, str]]:
    """By number of the file's page, the label that the file gives it, where that differs; nothing is guessed."""
    for number in range(1, len(document) + 1):
        label = " ".join(document.get_page_label(number - 1).split())
        if label and label != str(number) and label.isprintable():
            yield number, label[:_LABEL_CHARACTERS]


def _read(
    pages: Sequence[Page], bookmarks: frozenset[tuple[int, str]]
) -> tuple[list[Block], tuple[Block, ...], list[str]]:
    """The blocks, what was taken for furniture, and what was left out in sentences."""
    kept, furniture = without_furniture(pages)
    hyphens = Hyphens([(segment.text, segment.hyphen) for page in kept for segment in page])
    content = [line for page in kept for line in arranged(page, hyphens)]
    all_blocks = list(blocks_of(content, hyphens, bookmarks))
    blocks, contents = without_contents(all_blocks)
    if not blocks:  # a list of what somebody else's work holds is all there is to read
        blocks, contents = all_blocks, 0
    left_out = []
    if furniture:
        left_out.append(
            f"Headers, footers and page numbers were left out: {'; '.join(block.text for block in furniture[:5])}."
        )
    if contents:
        left_out.append(f"The table of contents ({contents} line{'s' * (contents > 1)}) was left out.")
    return blocks, furniture, left_out


def _encrypted(name: str, by: str) -> UnreadableDocument:
    return UnreadableDocument(
        "encrypted", f"{name} is protected by {by}. Save it without that protection and add that copy."
    )


def _damaged(name: str) -> UnreadableDocument:
    return UnreadableDocument(
        "damaged", f"{name} is not a whole PDF. Get it anew from where it came from and add that."
    )
