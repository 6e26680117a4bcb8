"""One process owns a data folder at a time: the system's file lock, with a note beside it on who that is."""

import json
import os
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.errors import LibraryInUse


class Ownership:
    """The lock on a data folder, held from `take` to `release`; the system lets go of it however the process ends."""

    def __init__(self, folder: Path, lock: FileLock) -> None:
        self._note = folder / "owner.json"
        self._lock = lock

    @classmethod
    def take(cls, folder: Path) -> "Ownership":
        """Raises LibraryInUse if another process has it."""
        lock = FileLock(folder / "lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            owner = _owner_of(folder)
            raise LibraryInUse(_sentence(folder, owner), owner) from None
        ownership = cls(folder, lock)
        ownership.announce(None, None)
        return ownership

    def announce(self, url: str | None, token: str | None) -> None:
        """Leave word of where this process can be asked to add documents; readable by the same user only."""
        aside = self._note.with_suffix(".new")
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"pid": os.getpid(), "url": url, "token": token}, file)
        aside.replace(self._note)

    def release(self) -> None:
        self._note.unlink(missing_ok=True)
        self._lock.release()


def _owner_of(folder: Path) -> dict[str, object]:
    try:
        owner = json.loads((folder / "owner.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return owner if isinstance(owner, dict) else {}


def _sentence(folder: Path, owner: dict[str, object]) -> str:
    who = f"the service at {owner['url']}" if owner.get("url") else "another process"
    process = f" (process {owner['pid']})" if owner.get("pid") else ""
    return (
        f"The data folder {folder} is in use by {who}{process}. Wait until it has finished or stop it, then try again."
    )
