"""Page numbers and the lines that stand on most pages: kept out of the text, and told."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.reading.pdf_segments import Segment
from ingest.vocabulary import Block, BlockKind

_TOP, _BOTTOM = 0.86, 0.12
"""Furniture stands above or below these shares of the page's height."""
_MANY, _SOME = 0.4, 0.1
"""Of the pages: headers of left and right pages stand on half of them each, that of a chapter on its own."""
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


def without_furniture(pages: Sequence[Page]) -> tuple[list[list[Segment]], tuple[Block, ...]]:
    """The segments of each page that are its own, and what was taken for furniture, each text once whatever its numbers
    are, with the first page that it stands on."""
    repeated = _repeated(pages)
    taken: dict[str, Block] = {}
    kept: list[list[Segment]] = []
    for number, page in enumerate(pages):
        own = [s for s in page.segments if not _is_repeated(s, page, repeated) or (number == 0 and _is_title(s, page))]
        kept.append([segment for segment in own if not _is_page_number(segment, own, page)])
        kept_ids = set(map(id, kept[-1]))
        for segment in page.segments:
            if id(segment) not in kept_ids:
                taken.setdefault(_key(segment.text), Block(BlockKind.PARAGRAPH, segment.text, page=segment.page))
    return kept, tuple(taken.values())


def _is_repeated(segment: Segment, page: Page, repeated: frozenset[str]) -> bool:
    return page.is_at_edge(segment) and _key(segment.text) in repeated


def _is_page_number(segment: Segment, own: Sequence[Segment], page: Page) -> bool:
    """Whether it is a number with nothing beside it or between it and the edge of the page."""
    if not page.is_at_edge(segment) or not _PAGE_NUMBER.fullmatch(_key(segment.text)):
        return False
    others = [other.y for other in own if other is not segment]
    near = 0.5 * segment.size
    is_above = segment.y > page.bottom + page.height / 2
    return all(y < segment.y - near for y in others) if is_above else all(y > segment.y + near for y in others)


def _repeated(pages: Sequence[Page]) -> frozenset[str]:
    """What stands near the edge of many pages, or, no larger than the running text, in one same place of some: the
    header of a chapter."""
    on_pages: defaultdict[str, set[int]] = defaultdict(set)
    in_place: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    body = _body_size(pages)
    for number, page in enumerate(pages):
        for segment in page.segments:
            if not page.is_at_edge(segment):
                continue
            on_pages[_key(segment.text)].add(number)
            if segment.size <= body:
                in_place[_key(segment.text), round(segment.y / 2)].add(number)
    many, some = max(2, _MANY * len(pages)), max(3, _SOME * len(pages))
    repeated = {key for key, numbers in on_pages.items() if len(numbers) >= many}
    return frozenset(repeated | {key for (key, _), numbers in in_place.items() if len(numbers) >= some})


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


def _body_size(pages: Sequence[Page]) -> float:
    """The font size in points that most characters have."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for segment in page.segments:
            sizes[segment.size] += len(segment.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0
