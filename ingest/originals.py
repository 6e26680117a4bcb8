"""The files as they were added, each kept under its sha256 and never changed."""

import hashlib
import os
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ingest.catalogue import HeldVersion, Original
from ingest.errors import UnknownDocument, UnreadableDocument

_CHUNK = 1 << 20


class Originals:
    """A folder of originals."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, sha256: str) -> Path:
        return self._folder / sha256

    def hold(self, original: Original) -> bool:
        """Whether a file of that name and size is there; its bytes are compared by `is_whole` only."""
        try:
            return self.path(original.sha256).stat().st_size == original.size
        except OSError:
            return False

    def is_whole(self, sha256: str) -> bool:
        """Whether the original is there with the bytes that it had."""
        try:
            with self.path(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except OSError:
            return False

    def keep(self, path: Path, original: Original) -> None:
        """Copy a file into the folder, on disk for good when this returns.

        Raises UnreadableDocument if it is no longer the file that was identified, OSError if it cannot be written.
        """
        with path.open("rb") as source, self._aside() as aside:
            digest = _copy(source, aside)
            if digest != original.sha256:
                sentence = f"{path.name} was changed while it was read. Add it again when it is finished."
                raise UnreadableDocument("unreadable", sentence)
            aside.rename(self.path(digest))
        _sync(self._folder)

    def take(self, source: BinaryIO) -> tuple[str, int]:
        """Copy what comes into the folder, on disk for good when this returns. Returns its sha256 and size in bytes.

        Raises OSError if it cannot be written.
        """
        with self._aside() as aside:
            digest, size = _copy(source, aside), aside.stat().st_size
            aside.rename(self.path(digest))
        _sync(self._folder)
        return digest, size

    def let_go(self, kept: Collection[str]) -> None:
        """Remove all but these."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for path in self._folder.glob("*"):
            if path.name not in kept:
                path.unlink(missing_ok=True)

    @contextmanager
    def _aside(self) -> Iterator[Path]:
        """A temporary name, gone at the end unless what is there was renamed."""
        self._folder.mkdir(parents=True, exist_ok=True)
        aside = self._folder / f".incoming-{uuid.uuid4().hex}"
        try:
            yield aside
        finally:
            aside.unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove copies that were never finished."""
        for aside in self._folder.glob(".incoming-*"):
            aside.unlink(missing_ok=True)


def taken_out(originals: Originals, version: HeldVersion) -> Path:
    """Where the file is that a version was read from. Raises UnknownDocument if it is there no longer."""
    original = Original(version.sha256, version.file_name, version.format, version.size)
    if not originals.hold(original):
        raise UnknownDocument(
            f"The original of '{version.document_id}' is not in the data folder as it was; run 'engage verify', "
            "and add that file again."
        )
    return originals.path(version.sha256)


def identify(path: Path, largest: int) -> Original:
    """What file this is. Raises UnreadableDocument if it is larger than that many bytes or cannot be opened."""
    try:
        size = path.stat().st_size
        if size > largest:
            raise UnreadableDocument("too_large", _too_large(path, size, largest))
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        sentence = f"{path} cannot be opened ({error.strerror}). Check who may read it and add it again."
        raise UnreadableDocument("unreadable", sentence) from error
    return Original(sha256, encodable(path.name), path.suffix.lower().removeprefix("."), size)


def encodable(name: str) -> str:
    """A file's name may hold bytes that are no UTF-8, which neither a database nor JSON takes: those become '?'."""
    return name.encode("utf-8", "replace").decode("utf-8")


def _too_large(path: Path, size: int, largest: int) -> str:
    return (
        f"{path.name} has {size / 1e6:,.1f} MB, and {largest / 1e6:,.1f} MB is the limit. Add a smaller copy, or raise"
        " ENGAGE_MAX_DOCUMENT_BYTES."
    )


def _copy(source: BinaryIO, to: Path) -> str:
    """Returns the sha256 of what was copied."""
    digest = hashlib.sha256()
    with to.open("xb") as target:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    return digest.hexdigest()


def _sync(folder: Path) -> None:
    """A rename is on disk when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
