"""An OpenDocument file, unpacked: its content, its styles and its title."""

import zipfile
from dataclasses import dataclass
from io import BytesIO

from lxml.etree import _Element  # type: ignore[import-untyped]

from ingest.reading.archives import OfficeFormat, encrypted
from ingest.reading.markup import parsed
from ingest.reading.odf_styles import OFFICE, Styles

_DC_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_MANIFEST = "META-INF/manifest.xml"
_WHOLLY_ENCRYPTED = "encrypted-package"


@dataclass(frozen=True, slots=True)
class OpenDocument:
    body: _Element
    """office:text or office:presentation."""
    styles: Styles
    title: str | None


def opened(data: bytes, name: str, form: OfficeFormat, body: str) -> OpenDocument:
    """Raises UnreadableDocument where the file is not of that form, with that element as its body."""
    entries = form.entries(data, name)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {
            part: archive.read(part) for part in ("content.xml", "styles.xml", "meta.xml", _MANIFEST) if part in entries
        }
    if _WHOLLY_ENCRYPTED in entries or (_MANIFEST in parts and _is_encrypted(parts[_MANIFEST])):
        raise encrypted(name)
    if "content.xml" not in parts:
        raise form.damaged(name, f"is an archive, but no {form.thing}")
    content = parsed(parts["content.xml"])
    found = content.find(f"{OFFICE}body/{OFFICE}{body}")
    if found is None:
        raise form.damaged(name, f"is no {form.thing}")
    styles = parsed(parts["styles.xml"]) if "styles.xml" in parts else None
    title = parsed(parts["meta.xml"]).findtext(f".//{_DC_TITLE}") if "meta.xml" in parts else None
    return OpenDocument(found, Styles(content, styles), " ".join((title or "").split()) or None)


def _is_encrypted(manifest: bytes) -> bool:
    return next(parsed(manifest).iter("{*}encryption-data"), None) is not None
