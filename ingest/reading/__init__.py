"""Files → readings: one file per format, and the one table that lists them.

A new format costs a reader, a sample, a test and one line of the table.
"""

import zlib
from collections.abc import Callable
from pathlib import Path
from zipfile import BadZipFile

from ingest.errors import UnreadableDocument
from ingest.reading import docx, eml, html, markdown, msg, ocr, odp, odt, pdf, pptx, text
from ingest.reading.recognising import seeming_format
from ingest.reading.unread import remedy
from ingest.vocabulary import Quality, Reading

Reader = Callable[[bytes, str], Reading]
"""Takes a file's bytes and its name, which is for messages only. Raises UnreadableDocument."""

READERS: dict[str, Reader] = {
    ".docx": docx.read,
    ".eml": eml.read,
    ".htm": html.read,
    ".html": html.read,
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".msg": msg.read,
    ".odp": odp.read,
    ".odt": odt.read,
    ".pdf": pdf.read,
    ".pptx": pptx.read,
    ".txt": text.read,
}


def read(path: Path) -> Reading:
    """The blocks of a file in reading order. Raises UnreadableDocument, never anything else, and never returns an
    empty reading."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        what_to_do = remedy(path.suffix.lower(), READERS)
        raise UnreadableDocument("unknown_format", f"{path.name} is of a format that is not read. {what_to_do}")
    data = _bytes_of(path)
    if not data:
        raise UnreadableDocument("empty", f"{path.name} is an empty file. Get it anew from where it came from.")
    try:
        reading = reader(data, path.name)
    except UnreadableDocument:
        raise
    except (BadZipFile, zlib.error) as error:
        raise UnreadableDocument(
            "damaged",
            f"{path.name} is not whole: a part of it cannot be unpacked. Get it anew, or open it "
            "in the program that made it, save it anew and add that copy.",
        ) from error
    except Exception as error:
        raise UnreadableDocument(
            "damaged",
            f"{path.name} could not be read ({type(error).__name__}){_hint(data, path)}. "
            "Open it in the program that made it, save it anew and add that copy.",
        ) from error
    if not any(character.isalnum() for block in reading.blocks for character in block.text):
        raise UnreadableDocument(
            "empty", f"{path.name} holds no words. Check that it is the right file and add it again."
        )
    return reading


def reads_more_now(quality: Quality | None) -> bool:
    """Whether pages wait for a program to recognise their words, and it has been installed since."""
    return quality is not None and bool(quality.unrecognised) and ocr.is_installed()


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UnreadableDocument("missing", f"{path} is not there. Check the path and add it again.") from error
    except OSError as error:
        raise UnreadableDocument(
            "unreadable", f"{path} cannot be opened ({error.strerror}). Check who may read it and add it again."
        ) from error


def _hint(data: bytes, path: Path) -> str:
    seeming = seeming_format(data)
    return f": it seems to be {seeming.name}" if seeming and path.suffix.lower() not in seeming.extensions else ""
