"""A Word document without what its reader does not see or read as text: hidden and tiny words, its table of contents.

The text of fields and drawn boxes is put into the notations that mammoth knows.
"""

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from lxml.etree import Element, SubElement, _Element, tostring  # type: ignore[import-untyped]

from ingest.reading.docx_mending import Notes, mend_text, mended, notes_in, usual
from ingest.reading.leaving_out import TINY_POINTS, LeftOut
from ingest.reading.markup import parsed, recovered

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WPS = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_V = "{urn:schemas-microsoft-com:vml}"
_HEAVY = ("word/media/", "word/embeddings/", "word/fonts/")
"""Parts that hold no text."""
_GAPS = (f"{_W}tab", f"{_W}ptab", f"{_W}br")


def without_unseen(data: bytes) -> tuple[bytes, LeftOut]:
    """The document with its text parts only, and what was taken out of them. data: a sound archive."""
    left_out, made = LeftOut(), BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as archive, zipfile.ZipFile(made, "w") as written:
        names = archive.namelist()
        hides = _Styles(recovered(usual(archive.read("word/styles.xml"))) if "word/styles.xml" in names else None)
        notes = notes_in(archive.read, names)
        for name in names:
            if name.startswith(_HEAVY):
                continue
            try:
                part = usual(archive.read(name))
            except (zipfile.BadZipFile, zlib.error):
                if _holds_text(name):
                    raise
                continue
            _note(name, part, left_out)
            made_of = _cleaned(part, hides, notes, left_out) if _holds_text(name) else mended(name, part)
            if made_of is not None:
                written.writestr(name, made_of)
    return made.getvalue(), left_out


def _holds_text(name: str) -> bool:
    return name.endswith(".xml") and name.startswith(("word/document", "word/footnotes", "word/endnotes"))


def _note(name: str, part: bytes, left_out: LeftOut) -> None:
    if name == "word/comments.xml":
        left_out.comments += sum(1 for _ in recovered(part).iter(f"{_W}comment"))
    elif name.startswith(("word/header", "word/footer")) and name.endswith(".xml"):
        for paragraph in recovered(part).iter(f"{_W}p"):
            if text := _cells(paragraph):
                left_out.furniture.setdefault(text)


def _cleaned(part: bytes, hides: "_Styles", notes: Notes, left_out: LeftOut) -> bytes:
    root = parsed(part)
    mend_text(root, notes)
    left_out.objects += sum(1 for _ in root.iter(f"{_W}altChunk"))
    for tag in ("ins", "del", "moveTo"):
        left_out.changes += sum(
            1 for change in root.iter(f"{_W}{tag}") if next(change.iter(f"{_W}r"), None) is not None
        )
    for contents in list(root.iter(f"{_W}sdt")):
        if _is_contents(contents):
            left_out.index_lines += sum(bool("".join(_texts(line)).strip()) for line in contents.iter(f"{_W}p"))
            contents.getparent().remove(contents)
    for run in list(root.iter(f"{_W}r")):
        if hides.hide(run):
            left_out.unseen_words += sum(len(text.split()) for text in _texts(run))
            run.getparent().remove(run)
    for box in list(root.iter(f"{_WPS}txbx")):
        _in_older_notation(box)
    return bytes(tostring(root))


def _is_contents(control: _Element) -> bool:
    gallery = control.find(f"{_W}sdtPr/{_W}docPartObj/{_W}docPartGallery")
    return gallery is not None and gallery.get(f"{_W}val") == "Table of Contents"


def _in_older_notation(box: _Element) -> None:
    """Its drawing is replaced, unless the file itself says the same in both notations."""
    drawing = next(box.iterancestors(f"{_W}drawing"), None)
    choice = next(box.iterancestors(f"{_MC}AlternateContent"), None)
    if drawing is None or (choice is not None and choice.find(f"{_MC}Fallback") is not None):
        return
    picture = Element(f"{_W}pict")
    SubElement(SubElement(picture, f"{_V}shape"), f"{_V}textbox").extend(list(box))
    place = drawing if choice is None else choice
    place.getparent().replace(place, picture)


class _Styles:
    """Which styles hide what is written in them."""

    def __init__(self, styles: _Element | None) -> None:
        found = [] if styles is None else styles.iter(f"{_W}style")
        self._styles = {style.get(f"{_W}styleId"): style for style in found}

    def hide(self, run: _Element) -> bool:
        properties = run.find(f"{_W}rPr")
        own = _hidden(properties)
        if own is not None:
            return own
        paragraph = next(run.iterancestors(f"{_W}p"), None)
        named = (
            _named(properties, "rStyle"),
            _named(paragraph.find(f"{_W}pPr") if paragraph is not None else None, "pStyle"),
        )
        return any(self._hides(name) for name in named if name)

    def _hides(self, name: str | None) -> bool:
        met: set[str] = set()
        while name and name in self._styles and name not in met:
            met.add(name)
            style = self._styles[name]
            if (hidden := _hidden(style.find(f"{_W}rPr"))) is not None:
                return hidden
            name = _named(style, "basedOn")
        return False


def _hidden(properties: _Element | None) -> bool | None:
    """None where they do not say."""
    if properties is None:
        return None
    size = properties.find(f"{_W}sz")
    half_points = size.get(f"{_W}val", "") if size is not None else ""
    if half_points.isdecimal() and int(half_points) <= 2 * TINY_POINTS:
        return True
    vanish = properties.find(f"{_W}vanish")
    return None if vanish is None else vanish.get(f"{_W}val", "true") not in ("0", "false", "off")


def _named(element: _Element | None, tag: str) -> str | None:
    found = element.find(f"{_W}{tag}") if element is not None else None
    return found.get(f"{_W}val") if found is not None else None


def _cells(paragraph: _Element) -> str:
    """What stands between its tabs: the left, the middle and the right of a header."""
    written = (node.text or "" if node.tag == f"{_W}t" else "\t" for node in paragraph.iter(f"{_W}t", *_GAPS))
    cells = (" ".join(cell.split()) for cell in "".join(written).split("\t"))
    return " | ".join(filter(None, cells))


def _texts(element: _Element) -> Iterator[str]:
    return (text.text or "" for text in element.iter(f"{_W}t"))
