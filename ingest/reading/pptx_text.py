"""Paragraphs of PowerPoint → blocks: what has a bullet is a list item, what nobody can see is left out."""

from collections.abc import Iterator, Sequence

from lxml.etree import _Element  # type: ignore[import-untyped]

from ingest.reading.lines import Line
from ingest.reading.pptx_backdrop import Behind
from ingest.reading.pptx_inheriting import A
from ingest.reading.slides import USUAL_POINTS
from ingest.vocabulary import Block, BlockKind

_MATHEMATICS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_BULLETS = {f"{A}buNone": False, f"{A}buChar": True, f"{A}buAutoNum": True, f"{A}buBlip": True}
_HUNDREDTHS = 100
"""The file gives sizes in hundredths of a point."""


class Writing:
    """Reads the paragraphs of one shape."""

    def __init__(self, styles: Sequence[_Element], behind: Behind | None = None) -> None:
        self._styles = styles
        """List styles that count for the shape, its own first."""
        self._behind = behind or Behind()
        self._points: list[float] = []
        self.unseen_words = 0

    @property
    def points(self) -> float:
        """Size of the largest letters among what was read."""
        return max(self._points, default=self._inherited_points())

    def blocks(self, body: _Element) -> Iterator[Block]:
        for paragraph in body.iter(f"{A}p"):
            text = " ".join(self._text(paragraph).split())
            if not text:
                continue
            line = Line(text, 0, None)
            if line.bullet:
                text = text[line.bullet.end() :]
            is_item = bool(line.marker) or self._has_bullet(paragraph)
            yield Block(BlockKind.ITEM if is_item else BlockKind.PARAGRAPH, text)

    def _text(self, paragraph: _Element) -> str:
        return "".join(self._part(node) for node in paragraph)

    def _part(self, node: _Element) -> str:
        if node.tag == f"{A}br":
            return " "
        if node.tag not in (f"{A}r", f"{A}fld"):
            return "".join(part.text or "" for part in node.iter(_MATHEMATICS))
        text: str = node.findtext(f"{A}t") or ""
        look = node.find(f"{A}rPr")
        if look is not None and self._behind.hides(look):
            self.unseen_words += len(text.split())
            return " "
        if look is not None and look.get("sz", "").isdecimal() and text.strip():
            self._points.append(int(look.get("sz")) / _HUNDREDTHS)
        return text

    def _has_bullet(self, paragraph: _Element) -> bool:
        own = paragraph.find(f"{A}pPr")
        level = own.get("lvl", "0") if own is not None else "0"
        inherited = (style.find(f"{A}lvl{int(level) + 1}pPr") for style in self._styles) if level.isdecimal() else ()
        for properties in (own, *inherited):
            for child in properties if properties is not None else ():
                if child.tag in _BULLETS:
                    return _BULLETS[child.tag]
        return False

    def _inherited_points(self) -> float:
        sizes = (style.find(f"{A}lvl1pPr/{A}defRPr[@sz]") for style in self._styles)
        size = next((look.get("sz") for look in sizes if look is not None), "")
        return int(size) / _HUNDREDTHS if size.isdecimal() else USUAL_POINTS
