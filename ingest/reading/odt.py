"""OpenDocument texts → blocks, by way of HTML as Word documents: notes at the end, tracked changes as if accepted.

An OpenDocument text has no page numbers: where a page ends is decided by the program that shows it.
"""

from lxml.etree import Element  # type: ignore[import-untyped]

from ingest.reading.archives import OfficeFormat
from ingest.reading.elements import blocks_of, head_by_bold
from ingest.reading.leaving_out import LeftOut
from ingest.reading.odf_elements import Converter
from ingest.reading.odf_package import opened
from ingest.vocabulary import Reading

_WRITER = OfficeFormat(
    "OpenDocument text", "in LibreOffice Writer, save it anew as .odt", "a document of an older Office program"
)


def read(data: bytes, name: str) -> Reading:
    document = opened(data, name, _WRITER, "text")
    left_out = LeftOut(furniture=dict.fromkeys(document.styles.furniture()))
    converter = Converter(document.styles, document.styles.paper(), left_out)
    page = Element("html")
    page.append(converter.body(document.body))
    page[0].extend(converter.notes)
    head_by_bold(page)
    return Reading(
        tuple(blocks_of(page)),
        title=document.title,
        left_out=left_out.sentences(),
        furniture=left_out.furniture_blocks(),
    )
