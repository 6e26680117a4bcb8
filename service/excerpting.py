"""A citation's words in their context."""

from collections.abc import Sequence
from typing import cast

from ingest.catalogue import Catalogue, HeldVersion
from ingest.errors import UnknownDocument
from ingest.vocabulary import Span, TextBlock, page_unit
from service.errors import InvalidSpan
from service.held import Excerpt
from service.vocabulary import Asker, VersionState

CONTEXT_CHARACTERS = 600
"""Before and after, cut at the borders of blocks."""


def permitted_version(catalogue: Catalogue, reader: Asker | None, document_id: str, number: int | None) -> HeldVersion:
    """The version, whatever its state, if the reader may read both it and what the document is now; None may read all.

    Raises UnknownDocument, which says no more to one who may not know that there is such a document.
    """
    version = catalogue.version_of(document_id, number)
    for card in (version.card, catalogue.version_of(document_id).card):
        if reader is not None and not reader.audiences.intersection(card.audience):
            raise UnknownDocument(f"No document '{document_id}' is held; GET /api/v1/documents lists what is.")
    return version


def excerpt(version: HeldVersion, span: Span) -> Excerpt:
    """Raises InvalidSpan where the text has no such characters."""
    start, end = span
    text = version.text
    if not 0 <= start < end <= len(text):
        raise InvalidSpan(
            f"The text has {len(text):,} characters and none from {start:,} to {end:,}; "
            "take 'char_start' and 'char_end' from a citation of this version."
        )
    opening, closing = _opening(version.blocks, start), _closing(version.blocks, end, len(text))
    block = next((block for block in version.blocks if block.start <= start < block.end), None)
    page = block.page if block else None
    return Excerpt(
        document_id=version.document_id,
        version=version.number,
        state=cast(VersionState, version.state.value),
        title=version.card.title,
        before=text[opening:start],
        cited=text[start:end],
        after=text[end:closing],
        char_start=start,
        char_end=end,
        heading_path=block.heading_path if block else (),
        paragraph=block.paragraph if block else None,
        page=page,
        page_unit=page_unit(version.format),
        printed_page=version.printed_pages.get(page or 0),
        recognised=version.quality is not None and page in version.quality.recognised,
    )


def _opening(blocks: Sequence[TextBlock], start: int) -> int:
    """The first block that is near enough, or else the one that the span stands in."""
    starts = [block.start for block in blocks if block.start <= start] or [0]
    return next((near for near in starts if start - near <= CONTEXT_CHARACTERS), starts[-1])


def _closing(blocks: Sequence[TextBlock], end: int, length: int) -> int:
    ends = [block.end for block in blocks if block.end >= end] or [length]
    return next((near for near in reversed(ends) if near - end <= CONTEXT_CHARACTERS), ends[0])
