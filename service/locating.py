"""A stretch of a version's text, with the place that a reader is sent to."""

from collections.abc import Iterable, Iterator

from ingest.catalogue import HeldVersion
from ingest.vocabulary import Span
from service.vocabulary import Quotation


def quotation_at(span: Span, version: HeldVersion) -> Quotation:
    """The span's exact words with their place: the heading and paragraph in which it begins, and all its pages."""
    blocks = [block for block in version.blocks if block.start < span[1] and span[0] < block.end]
    pages = [block.page for block in blocks if block.page is not None]
    return Quotation(
        version_id=version.id,
        span=span,
        text=version.text[slice(*span)],
        heading_path=blocks[0].heading_path if blocks else (),
        paragraph=next((block.paragraph for block in blocks if block.paragraph), None),
        page_start=min(pages, default=None),
        page_end=max(pages, default=None),
    )


def quotations_at(spans: Iterable[Span], version: HeldVersion) -> tuple[Quotation, ...]:
    """The spans' words in reading order, those that follow one another in the text as one quotation."""
    return tuple(quotation_at(span, version) for span in _joined(spans, version.text))


def _joined(spans: Iterable[Span], text: str) -> Iterator[Span]:
    joined: Span | None = None
    for start, end in sorted(spans):
        if joined and not text[joined[1] : start].strip():
            joined = (joined[0], max(end, joined[1]))
            continue
        if joined:
            yield joined
        joined = (start, end)
    if joined:
        yield joined
