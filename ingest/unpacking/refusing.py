"""What unpackers have in common: how they are called, how they name what they leave behind."""

import errno
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from ingest.errors import UnreadableDocument

MAX_ENTRIES = 10_000
MAX_NAME_BYTES = 200

_OF_THE_DISK = (errno.EACCES, errno.EDQUOT, errno.EIO, errno.ENOENT, errno.ENOSPC, errno.EROFS)

Tell = Callable[[str, int, int], None]
"""Called with a stage, how many are done and of how many."""


class Refused(NamedTuple):
    """A file inside a file that was not unpacked."""

    name: str
    reason: str
    sentence: str


Unpacker = Callable[[Path, Path, int, Tell], Iterator[Refused]]
"""Takes the file, the folder to fill, the most bytes that one file may have, and whom to tell of progress."""


def printable(name: str) -> str:
    """A name without characters that no line and no request can hold."""
    return "".join(character if character.isprintable() else _stand_in(character) for character in name)


def too_many(name: str, entries: int) -> UnreadableDocument:
    sentence = (
        f"{name} holds {entries:,} files, and {MAX_ENTRIES:,} is the limit. Unpack it and add what you need from it."
    )
    return UnreadableDocument("too_large", sentence)


def too_large(name: str, size: int, largest: int) -> Refused:
    sentence = (
        f"{name} has {size / 1e6:,.1f} MB, and {largest / 1e6:,.1f} MB is the limit. Add a smaller copy, or raise"
        " ENGAGE_MAX_DOCUMENT_BYTES."
    )
    return Refused(name, "too_large", sentence)


def is_of_the_disk(error: Exception) -> bool:
    """Whether it is our disk that failed, and not the file: libraries raise OSError for both."""
    return isinstance(error, OSError) and error.errno in _OF_THE_DISK


def _stand_in(character: str) -> str:
    return " " if unicodedata.category(character).startswith("Z") else "_"
