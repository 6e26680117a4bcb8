"""Text of PowerPoint that nobody can see: tiny, transparent, or in the colour of what is behind it.

What is behind is known only where it is plain: the shape's own colour, or the slide's where nothing lies between. Where
it is not known, text counts as seen.
"""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING

from lxml.etree import _Element  # type: ignore[import-untyped]

from ingest.reading.colours import alike
from ingest.reading.leaving_out import TINY_POINTS
from ingest.reading.markup import parsed
from ingest.reading.placing import Box
from ingest.reading.pptx_inheriting import A, P, ancestors, placeholder

if TYPE_CHECKING:
    from pptx.shapes.base import BaseShape
    from pptx.slide import Slide

_HARDLY_OPAQUE = 5_000
"""In thousandths of a per cent."""
_FILLS = tuple(f"{A}{kind}" for kind in ("noFill", "solidFill", "gradFill", "blipFill", "pattFill", "grpFill"))
_NOTHING = ""
_PLAIN_BACKGROUND = 1001
"""Number of the theme's background that is a plain colour."""

Fill = str | None
"""A colour as RRGGBB, _NOTHING, or None for what is not known or no plain colour."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What is behind a text."""

    colour: str | None = None
    """RRGGBB; None where it is not known."""
    theme: dict[str, str] = field(default_factory=dict)

    def hides(self, look: _Element) -> bool:
        """Whether letters that look like this cannot be seen."""
        size = look.get("sz", "")
        if size.isdecimal() and int(size) <= TINY_POINTS * 100:
            return True
        fill = look.find(f"{A}solidFill")
        if fill is None:
            return look.find(f"{A}noFill") is not None and look.find(f"{A}ln") is None
        alpha = fill.find(f"./*/{A}alpha")
        if alpha is not None:
            return alpha.get("val", "").isdecimal() and int(alpha.get("val")) <= _HARDLY_OPAQUE
        return alike(colour_of(fill, self.theme), self.colour)


class Backdrop:
    """Of one slide."""

    def __init__(self, slide: "Slide") -> None:
        self._slide = slide

    def behind(self, shape: "BaseShape", grouped: bool) -> Behind:
        """What is behind the text of a shape; inside a group only the shape's own colour is known."""
        if shape.element.find(f".//{A}rPr/{A}solidFill") is None:
            return Behind()
        fill = self._fill(shape.element)
        if fill == _NOTHING:
            fill = None if grouped or self._lies_on_something(shape) else self._page
        return Behind(fill, self._theme)

    def of_cell(self, cell: _Element) -> Behind:
        """What is behind the text of a table's cell that has a colour of its own."""
        properties = cell.find(f"{A}tcPr")
        fill = properties.find(f"{A}solidFill") if properties is not None else None
        return Behind(colour_of(fill, self._theme) if fill is not None else None, self._theme)

    def _fill(self, shape: _Element) -> Fill:
        for one in (shape, *ancestors(shape, self._slide)):
            properties = one.find(f"{P}spPr")
            for child in properties if properties is not None else ():
                if child.tag in _FILLS:
                    return _NOTHING if child.tag == _FILLS[0] else colour_of(child, self._theme)
            if one.find(f"{P}style") is not None:
                return None
        return _NOTHING

    def _lies_on_something(self, shape: "BaseShape") -> bool:
        """Whether anything is drawn before the shape where it stands, but for text boxes that let all through."""
        own = box_of(shape)
        below = takewhile(lambda drawn: drawn[0] is not shape.element, self._drawn)
        return own is None or any(shows and (box is None or box.overlaps(own)) for _, box, shows in below)

    @cached_property
    def _drawn(self) -> list[tuple[_Element, Box | None, bool]]:
        """The shapes in the order in which they are drawn: place, and whether what is behind does not show through."""
        layout = self._slide.slide_layout
        decoration = [one for holder in (layout.slide_master, layout) for one in holder.shapes]
        shapes = [*(one for one in decoration if placeholder(one.element) is None), *self._slide.shapes]
        return [(one.element, box_of(one), self._shows(one)) for one in shapes]

    def _shows(self, shape: "BaseShape") -> bool:
        return bool(shape.element.tag != f"{P}sp" or self._fill(shape.element) != _NOTHING)

    @cached_property
    def _page(self) -> Fill:
        layout = self._slide.slide_layout
        for holder in (self._slide, layout, layout.slide_master):
            background = holder.element.find(f"{P}cSld/{P}bg")
            if background is None:
                continue
            plain = background.find(f"{P}bgPr/{A}solidFill")
            themed = background.find(f"{P}bgRef[@idx='{_PLAIN_BACKGROUND}']")
            return colour_of(plain if plain is not None else themed, self._theme)
        return None

    @cached_property
    def _theme(self) -> dict[str, str]:
        """The colour of each name that the slide may use; empty where slide or layout change what names mean."""
        layout = self._slide.slide_layout
        master = layout.slide_master
        if any(holder.element.find(f".//{A}overrideClrMapping") is not None for holder in (self._slide, layout)):
            return {}
        part = next((rel.target_part for rel in master.part.rels.values() if rel.reltype.endswith("/theme")), None)
        scheme = parsed(part.blob).find(f".//{A}clrScheme") if part else None
        if scheme is None:
            return {}
        colours = {entry.tag.removeprefix(A): colour_of(entry, {}) for entry in scheme}
        names = {**{name: name for name in colours}, **master.element.find(f"{P}clrMap").attrib}
        return {name: colour for name, known in names.items() if (colour := colours.get(known))}


def colour_of(fill: _Element | None, theme: dict[str, str]) -> str | None:
    """RRGGBB of a fill; None for one that is no plain colour, or a shade of one."""
    colour = next(iter(fill), None) if fill is not None else None
    if colour is None or len(colour):
        return None
    if colour.tag == f"{A}srgbClr":
        return str(colour.get("val", "")) or None
    if colour.tag == f"{A}sysClr":
        return str(colour.get("lastClr", "")) or None
    return theme.get(colour.get("val", "")) if colour.tag == f"{A}schemeClr" else None


def box_of(shape: "BaseShape") -> Box | None:
    """In the file's own units; None where neither the shape nor its placeholder has a place."""
    left, top, width, height = shape.left, shape.top, shape.width, shape.height
    if left is None or top is None or width is None or height is None:
        return None
    return Box(left, top, left + width, top + height)
