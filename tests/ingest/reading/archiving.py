"""Archives made for tests."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path


def archive(entries: Mapping[str, bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return packed.getvalue()


def entries_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def multiplied_entities(before_root: bytes, root: bytes) -> bytes:
    """An XML document in which &e9; would come to a thousand million times its first entity."""
    multiplied = b"".join(b'<!ENTITY e%d "%s">' % (n + 1, b"&e%d;" % n * 10) for n in range(9))
    return before_root + b'<!DOCTYPE x [<!ENTITY e0 "hahaha">' + multiplied + b"]>" + root
