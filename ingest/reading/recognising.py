"""What a file seems to be by its first bytes, whatever its name says."""

from dataclasses import dataclass

from ingest.errors import UnreadableDocument


@dataclass(frozen=True, slots=True)
class SeemingFormat:
    magic: bytes
    name: str
    extensions: tuple[str, ...]


_FORMATS = (
    SeemingFormat(b"%PDF-", "a PDF", (".pdf",)),
    SeemingFormat(b"PK\x03\x04", "an Office document or another ZIP archive", (".docx", ".odp", ".odt", ".pptx")),
    SeemingFormat(b"\xd0\xcf\x11\xe0", "an old or password-protected Office document", (".doc", ".docx", ".msg")),
    SeemingFormat(rb"{\rtf", "a rich text document", (".rtf",)),
    SeemingFormat(b"\x89PNG", "a picture", (".png",)),
    SeemingFormat(b"\xff\xd8\xff", "a picture", (".jpg",)),
    SeemingFormat(b"GIF8", "a picture", (".gif",)),
    SeemingFormat(b"\x1f\x8b", "a compressed archive", (".gz",)),
)


def seeming_format(data: bytes) -> SeemingFormat | None:
    return next((known for known in _FORMATS if data.startswith(known.magic)), None)


def refuse_other_formats(data: bytes, name: str, expected: str) -> None:
    """Raises UnreadableDocument where bytes that should be `expected` ("a text") plainly are something else."""
    seeming = seeming_format(data)
    if seeming:
        raise UnreadableDocument(
            "damaged",
            f"{name} is not {expected}: it seems to be {seeming.name}. Rename it to end in {seeming.extensions[0]}, "
            "or save it as a format that is read, and add it again.",
        )
