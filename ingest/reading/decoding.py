"""Bytes → text: the encodings that text files come in, and a refusal of what is no text."""

import codecs
import re
from contextlib import suppress

from ingest.errors import UnreadableDocument

_MARKED = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_LINE_ENDS = re.compile(r"\r\n|[\r\v\x85\u2028\u2029]")
_MOST_CONTROLS = 0.02
"""A text may hold a few stray control characters, which become spaces; with more of them it is no text."""


def decoded(data: bytes, name: str, declared: str | None = None) -> str:
    """The text of a file with its line ends as \\n; form feeds stay. `declared` is the encoding that the file gives
    itself. Raises UnreadableDocument ("damaged")."""
    try:
        text = _text(data, declared)
    except UnicodeDecodeError as error:
        raise _no_text(name) from error
    controls = len(_CONTROLS.findall(text))
    if "\x00" in text or controls > _MOST_CONTROLS * len(text):
        raise _no_text(name)
    return _CONTROLS.sub(" ", _LINE_ENDS.sub("\n", text))


def in_utf8(data: bytes) -> bytes:
    """What is wholly in UTF-16 or UTF-32 and says so by its mark, in UTF-8; anything else as it is.

    For formats whose own structure is in ASCII. Raises UnicodeDecodeError.
    """
    for mark, encoding in _MARKED:
        if data.startswith(mark) and mark != codecs.BOM_UTF8:
            return data[len(mark) :].decode(encoding).encode()
    return data


def _text(data: bytes, declared: str | None) -> str:
    for mark, encoding in _MARKED:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding)
    if _is_unmarked_utf16(data):
        return data.decode("utf-16-le")
    if declared:
        # Pages that say Latin-1 or ASCII mean Windows-1252, as every browser takes it; some say what is not so.
        encoding = "cp1252" if declared.lower() in ("iso-8859-1", "latin1", "us-ascii", "ascii") else declared
        with suppress(LookupError, UnicodeDecodeError):
            return data.decode(encoding)
    return "\n".join(_line(line) for line in data.split(b"\n"))


def _is_unmarked_utf16(data: bytes) -> bool:
    """Western text in UTF-16 has a zero in nearly every second byte and none in the others."""
    low, high = data[:2000:2], data[1:2000:2]
    return len(high) > 1 and high.count(0) > 0.7 * len(high) and low.count(0) == 0


def _line(line: bytes) -> str:
    """Line by line, since texts pasted together from two sources mix UTF-8 with Windows-1252."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252")


def _no_text(name: str) -> UnreadableDocument:
    return UnreadableDocument(
        "damaged", f"{name} holds bytes that are no text. Open it, save it as text in UTF-8 and add it again."
    )
