"""What the readers' tests share: the samples, and blocks written short."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.reading import read
from ingest.vocabulary import Reading

SAMPLES = Path(__file__).parents[2] / "samples"
SHARED = Path(__file__).parents[3] / ".." / "shared"

Outline = list[tuple[str, str]]


@pytest.fixture
def sample() -> Callable[[str], Reading]:
    return lambda name: read(SAMPLES / name)


@pytest.fixture
def shared() -> Callable[[str], Path]:
    def find(name: str) -> Path:
        path = SHARED / name
        if not path.exists():
            pytest.skip(f"{name} is not on this machine")
        return path

    return find


@pytest.fixture
def outline() -> Callable[[Reading], Outline]:
    """Each block as what it is ("heading 2", "header row", "item") and its text."""

    def of(reading: Reading) -> Outline:
        lines = []
        for block in reading.blocks:
            kind = f"{block.kind} {block.level}" if block.level else ("header " if block.header else "") + block.kind
            lines.append((kind, block.text))
        return lines

    return of


@pytest.fixture
def read_text(tmp_path: Path, outline: Callable[[Reading], Outline]) -> Callable[..., Outline]:
    """The outline of a file with this content."""

    def of(content: str | bytes, name: str = "plan.txt") -> Outline:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return outline(read(path))

    return of
