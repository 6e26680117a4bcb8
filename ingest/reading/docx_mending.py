"""A Word document's parts as mammoth needs them: it gives up on a document for one link, picture, note or style that is
not as it should be, and passes over the text of formulas, line ends and wrappers that it does not know."""

from collections.abc import Callable, Mapping

from lxml.etree import Element, Entity, SubElement, XMLSyntaxError, _Element, strip_elements, tostring  # type: ignore[import-untyped]

from ingest.reading.markup import parsed, recovered

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_V = "{urn:schemas-microsoft-com:vml}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_TRANSITIONAL = {
    f"http://purl.oclc.org/ooxml/{strict}".encode(): f"http://schemas.openxmlformats.org/{usual}".encode()
    for strict, usual in (
        ("wordprocessingml/main", "wordprocessingml/2006/main"),
        ("officeDocument/relationships", "officeDocument/2006/relationships"),
        ("officeDocument/math", "officeDocument/2006/math"),
        ("drawingml/main", "drawingml/2006/main"),
        ("drawingml/wordprocessingDrawing", "drawingml/2006/wordprocessingDrawing"),
        ("drawingml/picture", "drawingml/2006/picture"),
    )
}
"""Word's strict format has other names for the same elements."""
_WRAPPERS = (f"{_W}fldSimple", f"{_W}hyperlink", f"{_W}dir", f"{_W}bdo", f"{_W}rubyBase", f"{_W}ruby")
_PICTURES = (f"{_A}blip", f"{_V}imagedata")
_SAME = {f"{_W}cr": f"{_W}br", f"{_W}ptab": f"{_W}tab"}
_LOOKS = tuple(
    f"{_W}{name}"
    for name in (
        *("rFonts", "lang", "color", "szCs", "bCs", "iCs", "noProof", "kern", "spacing", "ind", "jc", "tabs", "shd"),
        *("widowControl", "keepNext", "keepLines", "contextualSpacing", "tcW", "tcBorders", "tblBorders", "tblW"),
        *("proofErr", "lastRenderedPageBreak", "sectPr"),
    )
)
"""Of which nothing is read. mammoth takes its time over each: they may be half of a document."""
_NOT_NOTES = ("separator", "continuationSeparator")

Notes = Mapping[str, frozenset[str]]
"""By "footnote" and "endnote": the ids of those that there are."""


def usual(part: bytes) -> bytes:
    for strict, transitional in _TRANSITIONAL.items():
        part = part.replace(strict, transitional)
    return part


def notes_in(read: Callable[[str], bytes], names: list[str]) -> Notes:
    """read: gives the part of that name."""
    found = {}
    for kind in ("footnote", "endnote"):
        notes = (
            note
            for name in names
            if name.startswith(f"word/{kind}s") and name.endswith(".xml")
            for note in recovered(usual(read(name))).iter(f"{_W}{kind}")
        )
        ids = (note.get(f"{_W}id") for note in notes if note.get(f"{_W}type") not in _NOT_NOTES)
        found[kind] = frozenset(filter(None, ids))
    return found


def mend_text(root: _Element, notes: Notes) -> None:
    """Of the main part and of notes."""
    _join_bodies(root)
    for ruby in list(root.iter(f"{_W}rt", f"{_W}rubyPr")):  # how the words below it are said
        ruby.getparent().remove(ruby)
    for formula in list(root.iter(f"{_M}oMath")):
        _as_run(formula)
    for wrapper in list(root.iter(*_WRAPPERS)):
        _unwrap(wrapper)
    for picture in list(root.iter(*_PICTURES)):
        picture.getparent().remove(picture)
    for element in root.iter(*_SAME):
        element.tag = _SAME[element.tag]
    strip_elements(root, *_LOOKS, with_tail=False)
    strip_elements(root, Entity, with_tail=False)  # none of them was expanded
    _drop_loose_ends(root, notes)


def _drop_loose_ends(root: _Element, notes: Notes) -> None:
    """Marks of notes that there are not, and notes that no mark can name."""
    for kind, ids in notes.items():
        for reference in list(root.iter(f"{_W}{kind}Reference")):
            if reference.get(f"{_W}id") not in ids:
                reference.getparent().remove(reference)
        for note in list(root.iter(f"{_W}{kind}")):
            if note.get(f"{_W}id") is None:
                note.getparent().remove(note)


def mended(name: str, part: bytes) -> bytes | None:
    """Of any other part; None for one that is better left out. The text does not depend on any of them."""
    if not name.endswith((".xml", ".rels")):
        return part
    if name == "word/comments.xml":
        return None
    try:
        root = parsed(usual(part))
    except XMLSyntaxError:
        return None
    if name == "word/styles.xml":
        for style in list(root.iter(f"{_W}style")):
            style.set(f"{_W}type", style.get(f"{_W}type", "paragraph"))
            if style.get(f"{_W}styleId") is None:
                style.getparent().remove(style)
    elif name == "word/numbering.xml":
        for number in list(root.iter(f"{_W}num")):
            kind = number.find(f"{_W}abstractNumId")
            if kind is None or kind.get(f"{_W}val") is None:
                number.getparent().remove(number)
    return bytes(tostring(root))


def _join_bodies(root: _Element) -> None:
    first, *others = list(root.iter(f"{_W}body")) or [None]
    for other in others:
        first.extend(list(other))
        other.getparent().remove(other)


def _as_run(formula: _Element) -> None:
    """Its letters and signs in the order in which they are written."""
    run = Element(f"{_W}r")
    SubElement(run, f"{_W}t").text = "".join(text.text or "" for text in formula.iter(f"{_M}t"))
    run.tail = formula.tail
    formula.getparent().replace(formula, run)


def _unwrap(element: _Element) -> None:
    """Its content stays in its place."""
    parent = element.getparent()
    place = parent.index(element)
    parent[place : place + 1] = list(element)
