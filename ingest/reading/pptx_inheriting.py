"""What a shape of PowerPoint takes over from the placeholders of its layout and its master."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lxml.etree import _Element  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from pptx.slide import Slide

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
TITLES = ("title", "ctrTitle")


def placeholder(shape: _Element) -> _Element | None:
    """What says which placeholder the shape fills; None where it fills none."""
    return shape.find(f"./*/{P}nvPr/{P}ph")


def ancestors(shape: _Element, slide: "Slide") -> list[_Element]:
    """The layout's and the master's shapes behind a placeholder, the nearer first."""
    own = placeholder(shape)
    if own is None:
        return []
    layout, master = slide.slide_layout, slide.slide_layout.slide_master
    role = "title" if own.get("type") in TITLES else "body"
    same = (shape for shape, place in _placeholders(layout.element) if place.get("idx", "0") == own.get("idx", "0"))
    general = (shape for shape, place in _placeholders(master.element) if place.get("type") == role)
    return [found for found in (next(same, None), next(general, None)) if found is not None]


def list_styles(shape: _Element, slide: "Slide") -> list[_Element]:
    """Where to look for bullets and sizes, the nearest first."""
    styles = [one.find(f"{P}txBody/{A}lstStyle") for one in (shape, *ancestors(shape, slide))]
    own = placeholder(shape)
    if own is not None:
        style = "titleStyle" if own.get("type") in TITLES else "bodyStyle"
        styles.append(slide.slide_layout.slide_master.element.find(f"{P}txStyles/{P}{style}"))
    return [style for style in styles if style is not None]


def _placeholders(holder: _Element) -> Iterator[tuple[_Element, _Element]]:
    for shape in holder.iter(f"{P}sp"):
        place = placeholder(shape)
        if place is not None:
            yield shape, place
