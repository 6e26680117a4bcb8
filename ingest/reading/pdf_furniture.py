"""Page numbers and the lines that stand on most pages: kept out of the text, and told."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.reading.pdf_segments import Segment

_TOP, _BOTTOM = 0.86, 0.12
"""Furniture stands above or below these shares of the page's height."""
_LEAST_SHARE = 0.4
"""Of the pages: headers of left and right pages stand on half of them each."""
_PAGE_NUMBER = re.compile(
    r"(?:page)?\W{0,3}(?:\d{1,4}|[ivxl]{1,6})(?:\W{0,2}(?:of|/)\W{0,2}\d{1,4})?\W{0,3}(?:\|?page)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Page:
    segments: Sequence[Segment]
    bottom: float
    height: float

    def is_at_edge(self, segment: Segment) -> bool:
        return not _BOTTOM < (segment.y - self.bottom) / self.height < _TOP


def without_furniture(pages: Sequence[Page]) -> tuple[list[list[Segment]], tuple[str, ...]]:
    """The segments of each page that are its own, and the texts that were taken for furniture, each once."""
    repeated = _repeated(pages)
    taken: dict[str, str] = {}
    kept: list[list[Segment]] = []
    for number, page in enumerate(pages):
        furniture = {
            segment for segment in page.segments if page.is_at_edge(segment) and _key(segment.text) in repeated
        }
        if number == 0:
            furniture = {segment for segment in furniture if not _is_title(segment, page)}
        taken |= {_key(segment.text): segment.text for segment in furniture if _key(segment.text) not in taken}
        own = [segment for segment in page.segments if segment not in furniture]
        kept.append([segment for segment in own if not _is_page_number(segment, own, page)])
    return kept, tuple(text for key, text in taken.items() if not _PAGE_NUMBER.fullmatch(key))


def _is_page_number(segment: Segment, own: Sequence[Segment], page: Page) -> bool:
    """Whether it is a number with nothing beside it or between it and the edge of the page."""
    if not page.is_at_edge(segment) or not _PAGE_NUMBER.fullmatch(_key(segment.text)):
        return False
    others = [other.y for other in own if other is not segment]
    near = 0.5 * segment.size
    is_above = segment.y > page.bottom + page.height / 2
    return all(y < segment.y - near for y in others) if is_above else all(y > segment.y + near for y in others)


def _repeated(pages: Sequence[Page]) -> frozenset[str]:
    on_pages: defaultdict[str, set[int]] = defaultdict(set)
    for number, page in enumerate(pages):
        for segment in page.segments:
            if page.is_at_edge(segment):
                on_pages[_key(segment.text)].add(number)
    least = max(2, _LEAST_SHARE * len(pages))
    return frozenset(key for key, numbers in on_pages.items() if len(numbers) >= least)


def _is_title(segment: Segment, page: Page) -> bool:
    """Of the first page: a header that is its largest text is the only title that the document has."""
    is_above = segment.y > page.bottom + page.height / 2
    return is_above and segment.size >= max(other.size for other in page.segments)


def _key(text: str) -> str:
    """The text whatever its spacing and numbers are."""
    return re.sub(r"\d+", "0", re.sub(r"\s+", "", text)).casefold()


def without_doubles(segments: Sequence[Segment]) -> Iterator[Segment]:
    """Without the copies that are printed a hair's breadth aside to look bold or cast a shadow."""
    places: defaultdict[str, list[Segment]] = defaultdict(list)
    for segment in segments:
        if not any(_is_double(segment, other) for other in places[segment.text]):
            yield segment
        places[segment.text].append(segment)


def _is_double(segment: Segment, other: Segment) -> bool:
    near = 0.15 * segment.size
    return abs(segment.x0 - other.x0) < near and abs(segment.y - other.y) < near and segment.size == other.size


def body_size(segments: Sequence[Segment]) -> float:
    """The size that most characters have, in points."""
    sizes: Counter[float] = Counter()
    for segment in segments:
        sizes[segment.size] += len(segment.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0
