"""Files that were handed in and are not added yet, each under its sha256, and what was read of them."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import RLock
from typing import BinaryIO

from pydantic import TypeAdapter, ValidationError

from ingest.catalogue.submissions import Submissions
from ingest.catalogue.submitted import ENDED, Submission, SubmissionState
from ingest.errors import UnknownSubmission, UnreadableDocument
from ingest.originals import Originals
from ingest.settings import IngestSettings
from ingest.vocabulary import Reading

_READING = TypeAdapter(Reading)
_READ_NO_MORE = (*ENDED, SubmissionState.FAILED)


class Received:
    """Safe to use from several threads."""

    def __init__(self, settings: IngestSettings, ledger: Submissions) -> None:
        self._files = Originals(settings.data_dir / "submissions")
        self._readings = settings.data_dir / "readings"
        self._unpacking_dir = settings.unpacking_dir
        self._ledger = ledger
        self.keeping = RLock()
        """Held between a file and the row that needs it: nobody else then looks which files are needed."""

    def take(self, file: BinaryIO) -> tuple[str, int]:
        """Keep a file. Returns its sha256 and its size in bytes. Raises OSError."""
        return self._files.take(file)

    @contextmanager
    def file(self, submission: Submission) -> Iterator[Path]:
        """The file under its own name, which says how it is read. Raises UnreadableDocument if it is not whole."""
        if submission.sha256 is None or not self._files.is_whole(submission.sha256):
            sentence = (
                f"{submission.place} is not there any more as it was received. Check the disk, then send it again."
            )
            raise UnreadableDocument("not_stored", sentence)
        self._unpacking_dir.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=self._unpacking_dir) as folder:
            path = Path(folder) / submission.name
            path.symlink_to(self._files.path(submission.sha256).resolve())
            yield path

    def keep_reading(self, submission: Submission, reading: Reading) -> None:
        """Raises OSError."""
        self._readings.mkdir(parents=True, exist_ok=True)
        aside = self._readings / f"{submission.id}.new"
        aside.write_bytes(_READING.dump_json(reading))
        aside.rename(self._reading(submission.id))

    def reading(self, submission: Submission) -> Reading | None:
        """What was read of it, if that is still there."""
        try:
            return _READING.validate_json(self._reading(submission.id).read_bytes())
        except (OSError, ValidationError):
            return None

    def tidy(self) -> None:
        """Remove the files and readings that no submission needs any more."""
        with self.keeping:
            self._files.let_go(self._ledger.kept())
        for path in self._readings.glob("*.json"):
            with suppress(UnknownSubmission):
                if self._ledger.find(int(path.stem)).state not in _READ_NO_MORE:
                    continue
            path.unlink(missing_ok=True)

    def _reading(self, submission: int) -> Path:
        return self._readings / f"{submission}.json"
