"""What is attached to a mail, under names that fit a folder."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath

from ingest.reading import eml, msg
from ingest.reading.mail import Mail
from ingest.unpacking.refusing import MAX_ENTRIES, MAX_NAME_BYTES, Refused, Tell, printable, too_many

_PARSERS: dict[str, Callable[[bytes, str], Mail]] = {".eml": eml.parse, ".msg": msg.parse}


def unpack(path: Path, folder: Path, largest: int, tell: Tell) -> Iterator[Refused]:
    """Nothing is refused by itself: what is attached is no larger than the mail. Raises UnreadableDocument."""
    if path.stat().st_size > largest:
        return  # the mail is refused as a document, and with it what is attached
    attached = _PARSERS[path.suffix.lower()](path.read_bytes(), path.name).attachments
    if len(attached) > MAX_ENTRIES:
        raise too_many(path.name, len(attached))
    taken: Counter[str] = Counter()
    for done, attachment in enumerate(attached, 1):
        name = _free(_plain(attachment.name), taken)
        (folder / name).write_bytes(attachment.data)
        tell("unpacked", done, len(attached))
    yield from ()


def _plain(name: str) -> str:
    """Fit for a folder, and not too long, its extension kept."""
    plain = PurePath(printable(name.replace("/", "_").replace("\\", "_")).strip(". ") or "attachment")
    suffix = plain.suffix.encode()[: MAX_NAME_BYTES // 4].decode(errors="ignore")
    stem = plain.stem.encode()[: MAX_NAME_BYTES // 2].decode(errors="ignore")
    return stem + suffix


def _free(name: str, taken: Counter[str]) -> str:
    """The name, or with a number where another attachment has it."""
    path = PurePath(name)
    while taken[name]:
        taken[path.name] += 1
        name = f"{path.stem} ({taken[path.name]}){path.suffix}"
    taken[name] += 1
    return name
