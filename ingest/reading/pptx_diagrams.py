"""SmartArt → list items, in the order in which its author wrote them."""

from collections import defaultdict
from collections.abc import Iterator

from lxml.etree import _Element  # type: ignore[import-untyped]

from ingest.reading.pptx_text import Writing
from ingest.vocabulary import Block, BlockKind

_D = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"


def diagram_items(data: _Element | None) -> Iterator[Block]:
    """The texts of a diagram's data, what belongs under another after it."""
    if data is None:
        return
    points = {point.get("modelId"): point for point in data.iter(f"{_D}pt")}
    under: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for link in data.iter(f"{_D}cxn"):
        if link.get("type", "parOf") == "parOf":
            place = link.get("srcOrd", "")
            under[link.get("srcId")].append((int(place) if place.isdecimal() else 0, link.get("destId")))
    waiting = [model for model, point in points.items() if point.get("type") == "doc"]
    seen: set[str] = set()
    while waiting:
        model = waiting.pop()
        if model in seen or model not in points:
            continue
        seen.add(model)
        waiting += [child for _, child in sorted(under[model], reverse=True)]
        text = points[model].find(f"{_D}t")
        if text is not None:
            words = " ".join(block.text for block in Writing(()).blocks(text))
            if words:
                yield Block(BlockKind.ITEM, words)
