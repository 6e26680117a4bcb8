"""Folders for files that pass through on their way into the library."""

import shutil
import weakref
from pathlib import Path
from tempfile import mkdtemp


class PassingFolder:
    """A new folder, removed when this is let go of."""

    def __init__(self, within: Path) -> None:
        within.mkdir(parents=True, exist_ok=True)
        self.path = Path(mkdtemp(dir=within))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)
