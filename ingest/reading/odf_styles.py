"""What the styles of an OpenDocument file say of a paragraph, a stretch of text, a cell, a shape or a slide."""

import re
from collections.abc import Iterator

from lxml.etree import _Element  # type: ignore[import-untyped]

_NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE = f"{{{_NAMESPACE}office:1.0}}"
TEXT = f"{{{_NAMESPACE}text:1.0}}"
TABLE = f"{{{_NAMESPACE}table:1.0}}"
DRAW = f"{{{_NAMESPACE}drawing:1.0}}"
PRESENTATION = f"{{{_NAMESPACE}presentation:1.0}}"
STYLE = f"{{{_NAMESPACE}style:1.0}}"
SVG = f"{{{_NAMESPACE}svg-compatible:1.0}}"
FO = f"{{{_NAMESPACE}xsl-fo-compatible:1.0}}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_LOEXT = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"

_LENGTH = re.compile(r"(-?\d+(?:\.\d+)?)(cm|mm|in|pt|pc|px)")
_POINTS = {"cm": 72 / 2.54, "mm": 72 / 25.4, "in": 72.0, "pt": 1.0, "pc": 12.0, "px": 0.75}
_MOST_PARENTS = 20
_HARDLY_OPAQUE = 5


class Styles:
    def __init__(self, content: _Element, styles: _Element | None) -> None:
        self._roots = [root for root in (content, styles) if root is not None]
        self._named: dict[tuple[str, str], _Element] = {}
        self._values: dict[tuple[str, str | None, str], str | None] = {}
        for root in reversed(self._roots):  # what the content itself defines counts first
            for style in root.iter(f"{STYLE}style"):
                self._named[style.get(f"{STYLE}family", ""), style.get(f"{STYLE}name", "")] = style

    def chain(self, family: str, name: str | None) -> Iterator[_Element]:
        """The style of that name and those that it is based on."""
        for _ in range(_MOST_PARENTS):
            style = self._named.get((family, name or ""))
            if style is None:
                return
            yield style
            name = style.get(f"{STYLE}parent-style-name")

    def value(self, family: str, name: str | None, attribute: str) -> str | None:
        """What the style says for an attribute of its properties, itself or by what it is based on."""
        key = family, name, attribute
        if key not in self._values:
            said = (properties.get(attribute) for style in self.chain(family, name) for properties in style)
            self._values[key] = next((str(value) for value in said if value is not None), None)
        return self._values[key]

    def heading_level(self, name: str | None) -> int | None:
        """Of paragraphs in that style, the level that a reader takes them for headings of; None for none."""
        if name == "Title":
            return 1
        for style in self.chain("paragraph", name):
            if style.get(f"{STYLE}parent-style-name") == "Title":
                return 1
            level = style.get(f"{STYLE}default-outline-level", "")
            if level.isdecimal():
                return int(level)
        return None

    def hides(self, family: str, name: str | None) -> bool:
        """Whether text in that style is hidden or transparent."""
        opacity = (self.value(family, name, f"{_LOEXT}opacity") or "").removesuffix("%")
        is_clear = opacity.isdecimal() and int(opacity) <= _HARDLY_OPAQUE
        return is_clear or self.value(family, name, f"{TEXT}display") == "none"

    def page_size(self) -> tuple[float, float] | None:
        """Width and height of the slides, in points."""
        for properties in self._page_layouts():
            width, height = length(properties.get(f"{FO}page-width")), length(properties.get(f"{FO}page-height"))
            if width and height:
                return width, height
        return None

    def paper(self) -> str | None:
        """The colour behind the text; None where it is not white everywhere: text may run over a picture, say."""
        colours = {properties.get(f"{FO}background-color", "transparent") for properties in self._page_layouts()}
        pictured = any(image.get(_HREF) for root in self._roots for image in root.iter(f"{STYLE}background-image"))
        run_over = any(
            properties.get(f"{STYLE}wrap") == "run-through"
            for root in self._roots
            for properties in root.iter(f"{STYLE}graphic-properties")
        )
        return None if pictured or run_over or not colours <= {"transparent", "#ffffff"} else "#ffffff"

    def furniture(self) -> list[str]:
        """The texts of page headers and footers, each once."""
        kinds = ("header", "footer", "header-left", "footer-left", "header-first", "footer-first")
        lines = [
            _cells(paragraph)
            for root in self._roots
            for master in root.iter(f"{STYLE}master-page")
            for part in master
            if part.tag.rpartition("}")[2] in kinds
            for paragraph in part.iter(f"{TEXT}p")
        ]
        return [line for line in dict.fromkeys(lines) if line and not line.isdecimal()]

    def _page_layouts(self) -> Iterator[_Element]:
        """Of the pages that the document's masters use; a layout for notes or handouts is not among them."""
        used = [
            master.get(f"{STYLE}page-layout-name")
            for root in self._roots
            for master in root.iter(f"{STYLE}master-page")
        ]
        for root in self._roots:
            for layout in root.iter(f"{STYLE}page-layout"):
                if layout.get(f"{STYLE}name") in used:
                    yield from layout.iter(f"{STYLE}page-layout-properties")


def _cells(paragraph: _Element) -> str:
    """What stands between its tabs: the left, the middle and the right of a header."""
    written = "".join(
        "\t" * (node.tag == f"{TEXT}tab") + (node.text or "") + (node.tail or "") for node in paragraph.iter()
    )
    cells = (" ".join(cell.split()) for cell in written.split("\t"))
    return " | ".join(filter(None, cells))


def length(written: str | None) -> float | None:
    """In points; None for what is not an absolute length."""
    match = _LENGTH.fullmatch(written or "")
    return float(match.group(1)) * _POINTS[match.group(2)] if match else None
