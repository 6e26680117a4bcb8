"""Commands run on a data folder, and what opening files that hold files is tested with."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.corpus import gather
from ingest.opening import opened
from ingest.preparing import Preparer
from ingest.settings import IngestSettings

PROJECT = Path(__file__).parents[2]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def engage(data_dir: Path) -> Run:
    """Runs a command on the data folder, with further settings from the keywords."""

    def run(*arguments: object, **settings: str) -> "subprocess.CompletedProcess[str]":
        environment = os.environ | {"ENGAGE_DATA_DIR": str(data_dir)}
        environment |= {f"ENGAGE_{name.upper()}": value for name, value in settings.items()}
        command = [sys.executable, "-m", "ingest", *map(str, arguments)]
        return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)

    return run


@pytest.fixture(scope="module")
def preparer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preparer]:
    with Preparer(IngestSettings(data_dir=tmp_path_factory.mktemp("data"), _env_file=None)) as made:  # type: ignore[call-arg]
        yield made


@pytest.fixture
def open_(settings: IngestSettings, preparer: Preparer, tmp_path: Path) -> Callable[..., list[tuple[str, str | None]]]:
    """What comes out of files: where each is told to be, and why it was refused."""

    def run(*paths: Path, **options: bool) -> list[tuple[str, str | None]]:
        found = opened(gather(paths), preparer, settings.unpacking_dir, **options)
        told = [(str(file.place.relative_to(tmp_path)), file.refusal and file.refusal.reason) for file in found]
        assert list(settings.unpacking_dir.glob("*")) == []
        return told

    return run
