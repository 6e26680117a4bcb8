"""Documents taken in by a running service: one at a time, however many send them."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath
from tempfile import TemporaryDirectory
from threading import Event, Lock
from typing import BinaryIO

from ingest.adding import Added, add, remove
from ingest.appraising import appraise
from ingest.corpus import Found, gather
from ingest.correcting import Corrected, correct, restore
from ingest.fetching import is_address
from ingest.library import Library
from ingest.preparing import Preparer
from ingest.revisiting import Revisited, Revisiting
from ingest.suggesting import Suggestion
from ingest.vocabulary import Card
from service.errors import InvalidFileName, NoAddress
from service.held import Removed

_LONGEST_NAME_BYTES = 200
_STOP_SECONDS = 2.0


class Intake:
    def __init__(self, library: Library) -> None:
        self._library = library
        self.adding = Lock()
        """Held by whoever adds or removes a document."""
        self._stopping = Event()

    def take(self, name: str, file: BinaryIO, card_text: str | None, masked: bool = False) -> list[Added]:
        """Add a document that was sent here under a file name, or those in an archive or a mail.

        masked: whether personal data in it are to be masked. Raises InvalidFileName.
        """
        check_name(name)
        with TemporaryDirectory(prefix="engage-") as folder:
            path = Path(folder) / name
            with path.open("wb") as copy:
                shutil.copyfileobj(file, copy)
            with self.adding:
                return list(add(self._library, [Found(path, card_text, inside=Path(name), masked=masked)]))

    def propose(self, name: str, file: BinaryIO, card_text: str | None) -> Suggestion:
        """The card that a document is proposed; nothing of it is kept.

        Raises InvalidFileName, UnreadableDocument, InvalidCard.
        """
        check_name(name)
        with TemporaryDirectory(prefix="engage-") as folder, Preparer(self._library.settings) as preparer:
            path = Path(folder) / name
            with path.open("wb") as copy:
                shutil.copyfileobj(file, copy)
            found = Found(path, card_text, inside=Path(name))
            return appraise(found, preparer, self._library.register, self._library.catalogue)[1]

    def take_all(self, paths: Sequence[Path]) -> Iterator[Added]:
        """Add what these paths hold, a document at a time, until told to stop. What was withdrawn stays withdrawn."""
        adding = add(self._library, gather(paths), keep_withdrawn=True)
        while not self.is_stopping:
            with self.adding:
                added = next(adding, None)
            if added is None:
                return
            yield added

    def revisit(self, document_id: str) -> Revisited:
        """Look at the web address on a document's card. Raises UnknownDocument, NoAddress."""
        held = self._library.catalogue.version_of(document_id)
        address = held.card.url
        if address is None or not is_address(address):
            raise NoAddress(f"The card of '{document_id}' has no web address. Put one on it, then look again.")
        with Preparer(self._library.settings) as preparer:
            return Revisiting(self._library.catalogue, preparer, self._library.settings).one(held, address)

    def remove(self, document_id: str) -> Removed:
        """Raises UnknownDocument."""
        with self.adding:
            return Removed(document=document_id, message=remove(self._library, document_id))

    def correct(self, document_id: str, card: Card, seen: str | None = None) -> Corrected:
        """Put a corrected card in a document's place. Raises UnknownDocument, InvalidCard, CardChanged."""
        with self.adding:
            return correct(self._library, document_id, card, seen)

    def restore(self, document_id: str) -> Corrected:
        """Bring a withdrawn document back. Raises UnknownDocument, HeldElsewhere."""
        with self.adding:
            return restore(self._library, document_id)

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    def stop(self) -> bool:
        """Take nothing more. Whether all that was under way has ended, so that the library can be closed."""
        self._stopping.set()
        return self.adding.acquire(timeout=_STOP_SECONDS)


def check_name(name: str) -> None:
    """Raises InvalidFileName unless this is the name of a file in one folder."""
    plain = name == PurePosixPath(name).name == PureWindowsPath(name).name and name.isprintable()
    if not plain or not name.strip(". ") or len(name.encode(errors="replace")) > _LONGEST_NAME_BYTES:
        raise InvalidFileName("The file needs a plain name of at most 200 bytes, such as plan.pdf; send it as 'name'.")
