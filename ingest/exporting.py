"""The library as a ZIP archive that `engage add` reads back to the same library: originals, each with its card.

Only what answers are made from is read back. What is older or withdrawn lies in folders that adding passes over, each
of which can be added by itself.
"""

import errno
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from ingest.catalogue import Catalogue, HeldDocument, Original
from ingest.corpus import CARD_SUFFIX, card_text, is_passed_over
from ingest.errors import EngageError
from ingest.originals import Originals
from ingest.unpacking import MAX_ENTRIES, MAX_UNPACKED_BYTES, is_mail, is_plain

if TYPE_CHECKING:
    from typing_extensions import Buffer

_CHUNK = 1 << 20
_LIVE, _OLDER, _WITHDRAWN = "documents", ".older", ".withdrawn"
"""Adding passes over what begins with a full stop."""
_README = """\
The library of {day}: {live} documents, each with its card beside it.

To have the same library somewhere else, add this archive there, as it is:

    engage add {archive}

With more than {entries:,} documents or {gigabytes:g} GB, unpack it and add the folder:

    engage add FOLDER

Answers are the same, from the same documents under the same ids with the same cards. What is attached to a mail is a
document of its own, so the mail's card says "attachments: leave".

Two folders here begin with a full stop, which adding passes over (some programs hide them):

    .older       versions whose place newer ones have taken, in one folder for each number: {older} files
    .withdrawn   documents that were withdrawn, as they were: {withdrawn} files

To have older versions too, unpack the archive and add them before everything else, the lowest number first:

    engage add .older/1 && engage add .older/2 && engage add FOLDER

Where a number is missing, the next one takes it. To have a withdrawn document back, add it by its path.
"""


@dataclass(frozen=True, slots=True)
class _Packed:
    """A version and the path that it has in the archive."""

    version: HeldDocument
    path: str


class Export:
    """All that is held at the moment when this is made; what is added later is not in it.

    Raises EngageError if an original is not where it should be.
    """

    def __init__(self, catalogue: Catalogue, originals: Originals) -> None:
        self._originals = originals
        live, older, withdrawn = catalogue.documents(None), catalogue.superseded(), catalogue.withdrawn()
        self._counts = {"live": len(live), "older": len(older), "withdrawn": len(withdrawn)}
        self._packed = [
            *_placed(live, lambda _: _LIVE),
            *_placed(older, lambda version: f"{_OLDER}/{version.number}"),
            *_placed(withdrawn, lambda _: _WITHDRAWN),
        ]
        for one in self._packed:
            self._check(one.version)

    def __str__(self) -> str:
        live, older, withdrawn = (self._counts[name] for name in ("live", "older", "withdrawn"))
        return f"{live:,} documents, {older:,} older versions, {withdrawn:,} withdrawn"

    def chunks(self) -> Iterator[bytes]:
        """The archive, piece by piece. Nothing is held in memory beyond one."""
        out = _Pieces()
        with ZipFile(out, "w", ZIP_STORED) as archive:  # packed, a plain text could look like a bomb to who unpacks it
            archive.writestr(_entry("README.txt", datetime.now(UTC)), self._readme())
            for one in self._packed:
                yield from self._written(archive, one, out)
        yield out.taken()

    def _written(self, archive: ZipFile, one: _Packed, out: "_Pieces") -> Iterator[bytes]:
        version = one.version
        entry = _entry(one.path, version.added_at)
        entry.file_size = version.size
        with self._originals.path(version.sha256).open("rb") as file, archive.open(entry, "w") as packed:
            while chunk := file.read(_CHUNK):
                packed.write(chunk)
                yield out.taken()
        card = card_text(version.card, alone=is_mail(Path(version.file_name)))
        archive.writestr(_entry(one.path + CARD_SUFFIX, version.added_at), card)
        yield out.taken()

    def _check(self, version: HeldDocument) -> None:
        if not self._originals.hold(Original(version.sha256, version.file_name, version.format, version.size)):
            raise EngageError(
                f"The original of '{version.card.title}' ({version.id}, version {version.number}) is not in the data"
                " folder as it was. Run 'engage verify', add that file again, then export."
            )

    def _readme(self) -> str:
        day = datetime.now(UTC).date().isoformat()
        most, gigabytes = MAX_ENTRIES // 2 - 1, MAX_UNPACKED_BYTES / 1e9
        return _README.format(day=day, archive="FILE.zip", entries=most, gigabytes=gigabytes, **self._counts)


class _Pieces(RawIOBase):
    """A file that is only written to, and handed on as it grows."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, data: "Buffer", /) -> int:
        self._held += data
        return len(memoryview(data))

    def taken(self) -> bytes:
        """What was written since the last time."""
        held = bytes(self._held)
        self._held.clear()
        return held


def save(export: Export, path: Path) -> int:
    """Write the archive, whole or not at all. Returns its size in bytes. Raises OSError if it is there already."""
    if path.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    aside = path.with_name(f".{path.name}.new")
    try:
        with aside.open("wb") as file:
            for chunk in export.chunks():
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        aside.rename(path)
    finally:
        aside.unlink(missing_ok=True)
    return size


def _placed(versions: Sequence[HeldDocument], folder: Callable[[HeldDocument], str]) -> Iterator[_Packed]:
    """Each in a folder of its own, numbered: they are added again in the order in which they were added, by which
    answers put what is equal otherwise."""
    digits = len(str(len(versions)))
    for number, version in enumerate(sorted(versions, key=lambda version: version.version_id), 1):
        yield _Packed(version, f"{folder(version)}/{number:0{digits}} {version.id}/{_name(version)}")


def _name(version: HeldDocument) -> str:
    """The file's own where adding from an archive takes it, else one made of the id."""
    name = version.file_name
    if is_plain(name) and not is_passed_over(name):
        return name
    return f"document-{version.id}.{version.format}"


def _entry(path: str, moment: datetime) -> ZipInfo:
    made = ZipInfo(path, moment.timetuple()[:6])
    made.external_attr = 0o644 << 16
    return made
