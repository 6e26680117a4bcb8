"""The elements of OpenDocument → those of HTML, so that text, lists, tables and notes are read as web pages are.

Tracked changes are read as accepted, since deleted words stand apart from the text. Text boxes follow the paragraph to
which they are fixed. How often spaces, cells or rows are said to be repeated is not followed: it would make bombs.
"""

from dataclasses import replace

from lxml.etree import Element, SubElement, _Element  # type: ignore[import-untyped]

from ingest.reading.leaving_out import LeftOut
from ingest.reading.odf_places import Place, Places
from ingest.reading.odf_styles import DRAW, OFFICE, PRESENTATION, SVG, TABLE, TEXT, Styles

_BLOCKS = {
    f"{TEXT}list": "ul",
    f"{TEXT}list-item": "li",
    f"{TEXT}list-header": "div",
    f"{TEXT}numbered-paragraph": "li",
    f"{TEXT}section": "div",
    f"{TABLE}table": "table",
    f"{TABLE}table-header-rows": "thead",
    f"{TABLE}table-row": "tr",
    f"{TABLE}table-cell": "td",
}
_SPACES = (f"{TEXT}s", f"{TEXT}tab", f"{TEXT}line-break")
_INDEXES = tuple(
    f"{TEXT}{kind}"
    for kind in ("table-of-content", "alphabetical-index", "illustration-index", "table-index", "object-index")
)
_OBJECTS = tuple(f"{DRAW}{kind}" for kind in ("object", "object-ole", "applet", "plugin", "floating-frame"))
_NEVER_TEXT = (
    *(f"{OFFICE}{name}" for name in ("annotation-end", "forms", "scripts", "event-listeners", "binary-data")),
    *(f"{TEXT}{name}" for name in ("tracked-changes", "ruby-text", "sequence-decls", "variable-decls")),
    *(f"{TEXT}{name}" for name in ("user-field-decls", "hidden-text", "list-style", "dde-connection-decls")),
    *(f"{SVG}{name}" for name in ("title", "desc")),
    f"{DRAW}image",
    f"{TABLE}covered-table-cell",
    f"{PRESENTATION}notes",
)


class Converter:
    """Of one document, or one shape of it."""

    def __init__(self, styles: Styles, behind: str | None, left_out: LeftOut) -> None:
        self._styles = styles
        self._places = Places(styles)
        self._left_out = left_out
        self._around = Place(behind)
        self._afloat: list[tuple[_Element, Place]] = []
        self.notes: list[_Element] = []
        """Footnotes and endnotes in the order of their marks, each in a div."""
        self.points = 0.0
        """Size of the largest letters; 0 where no style tells."""

    def body(self, root: _Element) -> _Element:
        """An element body with the root's content."""
        body = Element("body")
        self._content(root, body, self._places.within(root, self._around))
        self._land(body)
        return body

    def _content(self, node: _Element, into: _Element, place: Place) -> None:
        self._write(node.text, into, place)
        for child in node:
            if isinstance(child.tag, str):
                self._node(child, into, place)
            self._write(child.tail, into, place)

    def _node(self, node: _Element, into: _Element, place: Place) -> None:
        if node.tag in _NEVER_TEXT or self._is_apart(node):
            return
        is_drawn = node.tag.startswith(DRAW)
        if node.tag in _SPACES:
            self._write(" ", into, place)
        elif node.tag == f"{TEXT}note":
            self._note(node, into, place)
        elif is_drawn and _is_inline(into):
            self._afloat.append((node, place))
        elif node.tag in (f"{TEXT}p", f"{TEXT}h"):
            self._paragraph(node, into, self._places.within(node, place))
        elif is_drawn:
            self._content(node, SubElement(into, "div"), self._places.within(node, place))
            self._land(into)
        elif node.tag in _BLOCKS:
            self._content(node, SubElement(into, _BLOCKS[node.tag]), self._places.within(node, place))
        else:
            self._content(node, into, self._places.within(node, place))

    def _is_apart(self, node: _Element) -> bool:
        """Counts what is no part of the text: comments, indexes, objects of other programs."""
        if node.tag == f"{OFFICE}annotation":
            self._left_out.comments += 1
        elif node.tag in _INDEXES:
            self._left_out.index_lines += sum(1 for line in node.iter(f"{TEXT}p") if "".join(line.itertext()).strip())
        elif node.tag in _OBJECTS:
            self._left_out.objects += 1
        else:
            return False
        return True

    def _paragraph(self, node: _Element, into: _Element, place: Place) -> None:
        level = self._styles.heading_level(node.get(f"{TEXT}style-name"))
        if node.tag == f"{TEXT}h":
            written = node.get(f"{TEXT}outline-level", "")
            level = int(written) if written.isdecimal() else level or 1
        self._content(node, SubElement(into, f"h{min(level, 6)}" if level else "p"), place)
        self._land(into)

    def _land(self, into: _Element) -> None:
        """Puts what is fixed to a paragraph after it."""
        while self._afloat:
            shapes, self._afloat = self._afloat, []
            for shape, place in shapes:
                self._content(shape, SubElement(into, "div"), self._places.within(shape, place))

    def _note(self, node: _Element, into: _Element, place: Place) -> None:
        label = f"[{' '.join((node.findtext(f'{TEXT}note-citation') or '').split())}]"
        SubElement(SubElement(into, "sup"), "a").text = label
        note = Element("div")
        self.notes.append(note)
        shapes, self._afloat = self._afloat, []
        for body in node.iterfind(f"{TEXT}note-body"):
            self._content(body, note, replace(place, bold=False))
        self._land(note)
        self._afloat = shapes
        first = note.find(".//p")
        first = note if first is None else first
        first.text = f"{label} {(first.text or '').lstrip()}"

    def _write(self, text: str | None, into: _Element, place: Place) -> None:
        if not text:
            return
        if place.is_unseen:
            self._left_out.unseen_words += len(text.split())
            text = " "
        elif text.strip():
            self.points = max(self.points, place.points or 0.0)
        if place.bold and not place.is_unseen and not _is_heading(into):
            SubElement(into, "strong").text = text
            return
        if len(into):
            into[-1].tail = (into[-1].tail or "") + text
        else:
            into.text = (into.text or "") + text


def _is_inline(into: _Element) -> bool:
    return into.tag == "p" or _is_heading(into)


def _is_heading(into: _Element) -> bool:
    return bool(into.tag[0] == "h" and into.tag[1:].isdecimal())
