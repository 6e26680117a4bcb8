"""ZIP archives. The directory is looked at before anything is unpacked; that it lies is found while unpacking, since
zipfile gives out no more of an entry than was announced, and compares its checksum."""

import shutil
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from ingest.errors import UnreadableDocument
from ingest.unpacking.refusing import (
    MAX_ENTRIES,
    MAX_NAME_BYTES,
    Refused,
    Tell,
    is_of_the_disk,
    printable,
    too_large,
    too_many,
)

MAX_UNPACKED_BYTES = 4_000_000_000
MAX_RATIO = 100
"""Of unpacked to packed size, of the whole and of entries over a megabyte: more is no document but a bomb."""
_LARGE_BYTES = 1_000_000
_MAX_FOLDERS = 32
_CHUNK = 1 << 20
_ENCRYPTED, _UTF8 = 0x1, 0x800


def unpack(path: Path, folder: Path, largest: int, tell: Tell) -> Iterator[Refused]:
    """Raises UnreadableDocument for an archive that is none, or too much of one."""
    with _opened(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        _refuse_too_much(path, folder, entries)
        names = [_name(entry) for entry in entries]
        times = Counter(names)
        for done, (name, entry) in enumerate(zip(names, entries, strict=True), 1):
            refused = _unsafe(name, entry) or _too_often(name, times[name]) or _unfit(name, entry, largest)
            if refused := refused or _written(archive, entry, folder, name):
                yield refused
            tell("unpacked", done, len(entries))


def _opened(path: Path) -> ZipFile:
    try:
        return ZipFile(path)
    except Exception as error:
        if isinstance(error, MemoryError) or is_of_the_disk(error):
            raise
        sentence = f"{path.name} is no whole ZIP archive ({type(error).__name__}). Fetch it again, or make it anew."
        raise UnreadableDocument("damaged", sentence) from error


def _refuse_too_much(path: Path, folder: Path, entries: Sequence[ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise too_many(path.name, len(entries))
    size = sum(entry.file_size for entry in entries)
    if size > max(_LARGE_BYTES, MAX_RATIO * path.stat().st_size):  # as where entries share the same packed bytes
        raise UnreadableDocument("bomb", _bomb(path.name))
    most = min(MAX_UNPACKED_BYTES, shutil.disk_usage(folder).free // 2)
    if size > most:
        sentence = (
            f"{path.name} would unpack to {size / 1e6:,.0f} MB, and {most / 1e6:,.0f} MB is the limit here. Look at"
            " what is in it; if you need it all, unpack it yourself and add the folder."
        )
        raise UnreadableDocument("too_large", sentence)


def _name(entry: ZipInfo) -> str:
    """Its path, parted by '/'. Some programs write UTF-8 without saying so, some part by '\\'."""
    name = entry.filename
    if not entry.flag_bits & _UTF8:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:  # then it is what it says
            name = entry.filename
    return str(PurePosixPath(printable(name.replace("\\", "/"))))


def _unsafe(name: str, entry: ZipInfo) -> Refused | None:
    mode = stat.S_IFMT(entry.external_attr >> 16)
    if mode not in (0, stat.S_IFREG):
        return Refused(
            name, "unsafe_path", f"{name} is a link or the like, which is not followed. Add the file itself."
        )
    path = PurePosixPath(name)
    if path.is_absolute() or PureWindowsPath(name).drive or ".." in path.parts:
        sentence = f"{name} would lie outside the folder that it is unpacked into. Do not trust this archive."
        return Refused(name, "unsafe_path", sentence)
    if len(path.parts) > _MAX_FOLDERS or any(len(part.encode()) > MAX_NAME_BYTES for part in path.parts):
        short = f"{name[:100]}…"
        sentence = f"{short} has too long a name, or lies too deep in folders. Unpack it and rename it."
        return Refused(short, "unusable_name", sentence)
    return None


def _too_often(name: str, times: int) -> Refused | None:
    if times == 1:
        return None
    sentence = (
        f"{name} is in the archive {times} times, so that it is not clear which is meant. Add the right one itself."
    )
    return Refused(name, "unusable_name", sentence)


def _unfit(name: str, entry: ZipInfo, largest: int) -> Refused | None:
    if entry.flag_bits & _ENCRYPTED:
        return Refused(name, "encrypted", f"{name} is protected by a password. Unpack it and add what it holds.")
    if entry.file_size > _LARGE_BYTES and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        return Refused(name, "bomb", _bomb(name))
    if entry.file_size > largest:
        return too_large(name, entry.file_size, largest)
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        sentence = f"{name} is packed in a way that is not unpacked here. Unpack it and add what it holds."
        return Refused(name, "unknown_format", sentence)
    return None


def _written(archive: ZipFile, entry: ZipInfo, folder: Path, name: str) -> Refused | None:
    target = folder / name
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        file = target.open("xb")
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        sentence = f"{name} has the name of a folder in the same place. Unpack it and rename it."
        return Refused(name, "unusable_name", sentence)
    try:
        with file, archive.open(entry) as packed:
            shutil.copyfileobj(packed, file, _CHUNK)
    except Exception as error:
        target.unlink()
        if isinstance(error, MemoryError) or is_of_the_disk(error):
            raise
        sentence = (
            f"{name} is damaged in the archive ({type(error).__name__}). Fetch the archive again, or make it anew."
        )
        return Refused(name, "damaged", sentence)
    return None


def _bomb(name: str) -> str:
    return f"{name} would unpack to more than {MAX_RATIO} times its size, as no document does. Look at what is in it."
