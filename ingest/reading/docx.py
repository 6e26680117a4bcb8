"""Word documents → blocks, by way of HTML: headings by style, notes at the end, tracked changes as if accepted.

A Word document has no page numbers: where a page ends is decided by the program that shows it.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import TypeVar

from lxml.etree import _Element  # type: ignore[import-untyped]
from lxml.html import HtmlElement, document_fromstring  # type: ignore[import-untyped]

from ingest.reading import pacing
from ingest.reading.archives import OfficeFormat
from ingest.reading.contents import without_contents
from ingest.reading.docx_unseen import without_unseen
from ingest.reading.elements import blocks_of, head_by_bold
from ingest.reading.markup import recovered
from ingest.vocabulary import Reading

_WORD = OfficeFormat("Word document", "in Word, save it anew as .docx", "a document of an older Word (.doc)")
_MAIN_PART = re.compile(r"word/document\d*\.xml")
"""Some programs give it a number."""
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name^='toc '] => p.contents:fresh
p[style-name^='TOC '] => p.contents:fresh
"""
_STEPS = 4
_T = TypeVar("_T")
_TITLE = "{http://purl.org/dc/elements/1.1/}title"


def read(data: bytes, name: str) -> Reading:
    import mammoth  # type: ignore[import-untyped]  # here, since only the process that reads needs it

    if not any(map(_MAIN_PART.fullmatch, _WORD.entries(data, name))):
        raise _WORD.damaged(name, "is an archive, but no Word document")
    text_parts, left_out = without_unseen(data)
    pacing.done(1, _STEPS)
    html = mammoth.convert_to_html(
        BytesIO(text_parts),
        style_map=_STYLES,
        include_embedded_style_map=False,  # a document may not decide what of it is read
        convert_image=lambda image: [],
        transform_document=_told,
    ).value
    pacing.done(3, _STEPS)
    page = document_fromstring(f"<html><body>{html}</body></html>")
    left_out.index_lines += _drop_contents(page)
    _plain_notes(page)
    head_by_bold(page)
    blocks, contents = without_contents(list(blocks_of(page)))
    left_out.index_lines += contents
    return Reading(
        blocks=tuple(blocks), title=_title(data), left_out=left_out.sentences(), furniture=left_out.furniture_blocks()
    )


def _told(document: _T) -> _T:
    """A sign of life between mammoth's two steps, each of which may take most of a minute over a thousand pages."""
    pacing.done(2, _STEPS)
    return document


def _drop_contents(page: HtmlElement) -> int:
    """A table of contents repeats the headings without being about anything."""
    lines = page.xpath("//p[@class='contents']")
    for line in lines:
        line.drop_tree()
    return len(lines)


def _plain_notes(page: HtmlElement) -> None:
    """Footnotes and endnotes: from a list with links back to paragraphs that begin with their number."""
    for notes in page.xpath("//ol[li[starts-with(@id, 'footnote-') or starts-with(@id, 'endnote-')]]"):
        for number, note in enumerate(notes.xpath("./li"), 1):
            for back in note.xpath(".//a[starts-with(@href, '#footnote-ref-') or starts-with(@href, '#endnote-ref-')]"):
                back.drop_tree()
            first = note.find(".//p")
            first = note if first is None else first
            first.text = f"[{number}] {(first.text or '').lstrip()}"
            note.drop_tag()
        notes.drop_tag()


def _title(data: bytes) -> str | None:
    """The title among the document's properties."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        if "docProps/core.xml" not in archive.namelist():
            return None
        try:
            properties = archive.read("docProps/core.xml")
        except (zipfile.BadZipFile, zlib.error):
            return None
    return next(_texts(recovered(properties)), None)


def _texts(properties: _Element) -> Iterator[str]:
    return (" ".join(title.text.split()) for title in properties.iter(_TITLE) if title.text and title.text.strip())
