"""Files that hold files → a folder with those: one file per kind, and the one table that lists them.

Foreign bytes are taken apart here, so it runs where reading does: in the child process with limits.
"""

from pathlib import Path

from ingest.errors import UnreadableDocument
from ingest.unpacking import archive, attachments
from ingest.unpacking.archive import MAX_UNPACKED_BYTES
from ingest.unpacking.refusing import MAX_ENTRIES, MAX_NAME_BYTES, Refused, Tell, Unpacker, is_of_the_disk, printable

__all__ = ["MAX_ENTRIES", "MAX_UNPACKED_BYTES", "is_archive", "is_mail", "is_plain", "unpack"]

ARCHIVES: dict[str, Unpacker] = {".zip": archive.unpack}
"""No documents themselves."""
MAILS: dict[str, Unpacker] = {".eml": attachments.unpack, ".msg": attachments.unpack}
"""Documents, with others attached."""


_ROOM = 20
"""For what is written behind a file's name: its card is beside it."""


def is_archive(path: Path) -> bool:
    return path.suffix.lower() in ARCHIVES


def is_mail(path: Path) -> bool:
    return path.suffix.lower() in MAILS


def is_plain(name: str) -> bool:
    """Whether a file comes out of an archive under the very name that it went in by."""
    fits = len(name.encode()) + _ROOM <= MAX_NAME_BYTES
    return fits and name == printable(name) and not set(name) & set('/\\:*?"<>|') and name == name.strip(" ")


def unpack(path: Path, folder: Path, largest: int, tell: Tell) -> tuple[Refused, ...]:
    """Writes what the file holds into an empty folder, none of it larger than that many bytes.

    Returns what was not written. Raises UnreadableDocument where nothing can be.
    """
    try:
        if not path.stat().st_size:
            raise UnreadableDocument("empty", f"{path.name} is an empty file. Get it anew from where it came from.")
        return tuple((ARCHIVES | MAILS)[path.suffix.lower()](path, folder, largest, tell))
    except (UnreadableDocument, MemoryError):
        raise
    except Exception as error:
        if is_of_the_disk(error):
            sentence = f"{path.name} could not be unpacked ({error}). Check the disk, then add it again."
            raise UnreadableDocument("not_stored", sentence) from error
        sentence = f"{path.name} could not be taken apart ({type(error).__name__}). Save it anew and add that copy."
        raise UnreadableDocument("damaged", sentence) from error
