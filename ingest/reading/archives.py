"""Office documents are ZIP archives: what is looked at in one's directory before anything of it is unpacked."""

import zipfile
from dataclasses import dataclass
from io import BytesIO

from ingest.errors import UnreadableDocument
from ingest.reading.recognising import refuse_other_formats

MAX_UNPACKED_BYTES = 300_000_000
MAX_ENTRIES = 10_000
MAX_RATIO = 100
"""Of unpacked to packed size, for entries over a megabyte: more is no document but a bomb."""
_LARGE_ENTRY_BYTES = 1_000_000

_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class OfficeFormat:
    """A format that is kept as an archive, in the words of what is said where a file of it cannot be read."""

    thing: str
    """"Word document"."""
    mended: str
    """Where and as what to save it anew: "in Word, save it anew as .docx"."""
    older: str
    """What a file of this name is that has the form Office files had before: "a document of an older Word (.doc)"."""

    def entries(self, data: bytes, name: str) -> frozenset[str]:
        """The names of what the archive holds. Raises UnreadableDocument where it is none, is protected by a password
        or would unpack to more than a document holds."""
        if data.startswith(_OLE):
            raise self._of_older_form(data, name)
        try:
            with zipfile.ZipFile(BytesIO(data)) as archive:
                entries = archive.infolist()
        except zipfile.BadZipFile as error:
            if not data.startswith(_ZIP):
                refuse_other_formats(data, name, f"{'an' if self.thing[0] in 'AEIOU' else 'a'} {self.thing}")
            raise self.damaged(name, f"is not a whole {self.thing}") from error
        if any(entry.flag_bits & 1 for entry in entries):
            raise encrypted(name)
        if is_bomb(entries):
            raise self.damaged(name, "would unpack to far more than a document holds")
        return frozenset(entry.filename for entry in entries)

    def damaged(self, name: str, what: str) -> UnreadableDocument:
        return UnreadableDocument("damaged", f"{name} {what}. Open it {self.mended} and add that copy.")

    def _of_older_form(self, data: bytes, name: str) -> UnreadableDocument:
        if "EncryptedPackage".encode("utf-16-le") in data:
            return encrypted(name)
        return self.damaged(name, f"is {self.older}")


def is_bomb(entries: list[zipfile.ZipInfo]) -> bool:
    """Whether an archive's directory tells of more than a document holds: entries, bytes, or bytes out of few."""
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        return True
    large = (entry for entry in entries if entry.file_size > _LARGE_ENTRY_BYTES)
    return any(entry.file_size > MAX_RATIO * max(entry.compress_size, 1) for entry in large)


def encrypted(name: str) -> UnreadableDocument:
    return UnreadableDocument(
        "encrypted", f"{name} is protected by a password. Save it without the password and add that copy."
    )
