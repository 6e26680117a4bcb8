"""Makes files that hold files."""

import random
import zipfile
from collections.abc import Mapping
from email.message import EmailMessage
from pathlib import Path

WORDS = "Officers hold a street surgery by the ferry landing on the first Monday of each month."


def zipped(path: Path, files: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return path


def mailed(path: Path, *attached: Path | EmailMessage, subject: str = "Plans") -> Path:
    """A mail with files and mails attached."""
    path.write_bytes(composed(*attached, subject=subject).as_bytes())
    return path


def composed(*attached: Path | EmailMessage, subject: str = "Plans") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message.set_content(f"With this come the {subject.lower()} that you asked for.")
    for one in attached:
        if isinstance(one, Path):
            message.add_attachment(one.read_bytes(), "application", "octet-stream", filename=one.name)
        else:
            message.add_attachment(one)
    return message


def noise(size: int) -> bytes:
    """Bytes that do not pack."""
    return random.Random(1).randbytes(size)
