"""Chroma may be damaged, missing, stale or unreachable: questions are answered, and it comes back by itself."""

import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from ingest.catalogue import Catalogue, NewVersion
from ingest.index import ExactVectors, VectorIndex, keeping
from ingest.index.generation import Generation

MakeVersion = Callable[..., NewVersion]
PARAGRAPHS = tuple(f"Paragraph {number} of the plan." for number in range(400))
"""Three such plans make Chroma write its graph files, which it does after each thousand vectors."""


def live(catalogue: Catalogue, new: NewVersion) -> int:
    version_id = catalogue.stage(new)
    catalogue.publish(version_id)
    return version_id


def passages(catalogue: Catalogue, version_id: int) -> tuple[list[int], np.ndarray]:
    ids, _, vectors = catalogue.vectors([version_id])
    return ids.tolist(), vectors


@pytest.fixture
def held(catalogue: Catalogue, make_version: MakeVersion) -> Catalogue:
    for number in range(3):
        live(
            catalogue,
            make_version(*(f"{paragraph} No {number}." for paragraph in PARAGRAPHS), document=f"plan-{number}"),
        )
    return catalogue


@pytest.fixture
def opened(data_dir: Path) -> Iterator[Callable[..., VectorIndex]]:
    """Opens an index, settled; closes what is still open at the end."""
    indexes: list[VectorIndex] = []

    def open_index(
        catalogue: Catalogue, embedder: str = "minilm", url: str | None = None, timeout: float = 10
    ) -> VectorIndex:
        index = VectorIndex(data_dir / "chroma", catalogue, embedder, url, timeout)
        indexes.append(index)
        index.start()
        index.settle()
        return index

    yield open_index
    for index in indexes:
        index.close()


def generations(data_dir: Path) -> list[str]:
    return sorted(path.name for path in (data_dir / "chroma").iterdir())


def test_chroma_and_exact_search_agree(held: Catalogue, opened: Callable[..., VectorIndex]) -> None:
    index, exact = opened(held), ExactVectors(held)
    ids, of_versions, vectors = held.vectors()

    for row in range(0, len(ids), 101):
        hits = index.nearest(vectors[row], 5)
        assert hits is not None
        assert hits[0][:2] == (ids[row], of_versions[row])
        assert [id_ for id_, _, _ in hits] == [
            id_ for id_, _ in exact.nearest(vectors[row], 5, held.all_live_versions())
        ]
        assert hits[0][2] == pytest.approx(1.0, abs=1e-5)
    assert index.state == "chroma"


def test_chroma_leaves_the_first_questions_after_a_start_alone(
    held: Catalogue, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought_up = threading.Event()
    monkeypatch.setattr(keeping.Shelf, "newest", lambda *_: brought_up.set())
    index = VectorIndex(data_dir / "chroma", held, "minilm")
    index.start()
    try:
        assert not brought_up.wait(0.5)
        assert index.state == "exact (checking)"
        index.settle()
        assert brought_up.is_set()
    finally:
        index.close()


def test_exact_search_stays_within_the_versions_asked_for(held: Catalogue) -> None:
    exact, versions = ExactVectors(held), held.all_live_versions()
    for within in (frozenset(sorted(versions)[:1]), frozenset(sorted(versions)[:2]), frozenset({999}), frozenset()):
        ids, _, vectors = held.vectors(within)
        hits = exact.nearest(held.vectors()[2][100], 2_000, versions, within)
        assert {id_ for id_, _ in hits} == set(ids.tolist())
        cosines = [cosine for _, cosine in hits]
        assert cosines == sorted(cosines, reverse=True)
        assert len(hits) == len(vectors)


def test_exact_search_follows_the_live_set(held: Catalogue, make_version: MakeVersion) -> None:
    exact = ExactVectors(held)
    old = held.vectors()[2][0]
    assert exact.nearest(old, 1, held.all_live_versions())[0][1] == pytest.approx(1.0, abs=1e-5)

    version_id = live(held, make_version("Something else altogether.", document="plan-0"))

    ids, vectors = passages(held, version_id)
    hits = dict(exact.nearest(vectors[0], 1, held.all_live_versions()))
    assert hits == pytest.approx({ids[0]: 1.0}, abs=1e-5)
    assert exact.nearest(old, 1, held.all_live_versions())[0][1] < 0.5


def test_what_is_put_is_found_and_what_is_dropped_is_not(
    held: Catalogue, make_version: MakeVersion, opened: Callable[..., VectorIndex]
) -> None:
    index = opened(held)
    version_id = live(held, make_version("Something new.", document="new"))
    ids, vectors = passages(held, version_id)

    index.put(version_id, ids, vectors)
    assert (index.nearest(vectors[0], 1) or [])[0][:2] == (ids[0], version_id)

    index.drop(ids)
    assert (index.nearest(vectors[0], 1) or [])[0][1] != version_id
    assert ids[0] not in index.ids()


def test_what_changed_while_it_was_closed_is_caught_up_on(
    held: Catalogue, make_version: MakeVersion, opened: Callable[..., VectorIndex], data_dir: Path
) -> None:
    opened(held).close()
    gone, _, _ = held.vectors([held.version_of("plan-1").id])
    held.withdraw("plan-1")
    new, vectors = passages(held, live(held, make_version("Something new.", document="new")))

    index = opened(held)

    assert index.ids() == set(held.vectors()[0].tolist())
    assert (index.nearest(vectors[0], 1) or [])[0][0] == new[0]
    assert not index.ids() & set(gone.tolist())
    assert generations(data_dir) == ["generation-1"]


@pytest.mark.parametrize(
    "file", ["data_level0.bin", "header.bin", "link_lists.bin", "chroma.sqlite3", "marker.json", None]
)
def test_a_damaged_generation_is_replaced(
    held: Catalogue,
    opened: Callable[..., VectorIndex],
    data_dir: Path,
    file: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened(held).close()
    if file is None:
        shutil.rmtree(data_dir / "chroma")
    for path in (data_dir / "chroma").rglob(file) if file else ():
        path.write_bytes(np.random.default_rng(7).bytes(max(100, path.stat().st_size // 2)))

    index = opened(held)

    ids, _, vectors = held.vectors()
    assert index.state == "chroma"
    assert (index.nearest(vectors[3], 1) or [])[0][0] == ids[3]
    assert index.ids() == set(ids.tolist())
    assert len(generations(data_dir)) == 1


def test_a_generation_that_fails_while_it_serves_is_replaced(
    held: Catalogue, opened: Callable[..., VectorIndex], data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = opened(held)
    ids, _, vectors = held.vectors()

    class Panic(BaseException):
        """As Chroma's Rust code raises them, past `except Exception`."""

    def panic(*_: object) -> None:
        raise Panic

    with monkeypatch.context() as patched:
        patched.setattr(Generation, "nearest", panic)
        assert index.nearest(vectors[3], 1) is None
        assert index.state == "exact (rebuilding)"
    index.settle()

    assert index.state == "chroma"
    assert (index.nearest(vectors[3], 1) or [])[0][0] == ids[3]
    assert generations(data_dir) == ["generation-2"]


def test_what_was_left_of_building_is_cleared_and_another_embedders_generation_not_used(
    held: Catalogue, opened: Callable[..., VectorIndex], data_dir: Path
) -> None:
    opened(held).close()
    (data_dir / "chroma" / "generation-7.building").mkdir()

    opened(held, embedder="another")

    assert generations(data_dir) == ["generation-8"]


def test_a_generation_that_has_aged_is_replaced_while_it_serves(
    held: Catalogue,
    make_version: MakeVersion,
    opened: Callable[..., VectorIndex],
    data_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keeping, "_MOST_DELTAS", 5)
    index = opened(held)
    version_id = live(held, make_version(*(f"New {number}" for number in range(400)), document="new"))
    ids, vectors = passages(held, version_id)

    index.put(version_id, ids, vectors)
    assert (index.nearest(vectors[0], 1) or [])[0][0] == ids[0]
    index.settle()

    assert generations(data_dir) == ["generation-2"]
    assert index.ids() == set(held.vectors()[0].tolist())


def test_an_empty_library_has_an_index_that_finds_nothing(
    catalogue: Catalogue, opened: Callable[..., VectorIndex]
) -> None:
    index = opened(catalogue)

    assert index.nearest(np.ones(384, dtype=np.float32), 5) == []
    assert ExactVectors(catalogue).nearest(np.ones(384, dtype=np.float32), 5, frozenset()) == []


@pytest.fixture
def server_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def start_server(folder: Path, port: int) -> subprocess.Popen[bytes]:
    chroma = Path(sys.executable).with_name("chroma")
    command = [str(chroma), "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.1)
    process.kill()
    pytest.fail("chroma run did not start")


def test_a_server_that_goes_away_and_comes_back(
    held: Catalogue,
    opened: Callable[..., VectorIndex],
    tmp_path: Path,
    server_port: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keeping, "_RETRY_SECONDS", 0.2)
    ids, _, vectors = held.vectors()
    server = start_server(tmp_path / "server", server_port)
    try:
        index = opened(held, url=f"http://127.0.0.1:{server_port}", timeout=5)
        assert index.state == "chroma"
        assert (index.nearest(vectors[3], 1) or [])[0][0] == ids[3]

        server.kill()
        server.wait()
        assert index.nearest(vectors[3], 1) is None
        assert index.state == "exact (Chroma server unreachable)"
        held.withdraw("plan-1")

        server = start_server(tmp_path / "server", server_port)
        deadline = time.monotonic() + 30
        while index.state != "chroma" and time.monotonic() < deadline:
            time.sleep(0.1)
        assert index.ids() == set(held.vectors()[0].tolist())
        assert (index.nearest(vectors[3], 1) or [])[0][0] == ids[3]
    finally:
        server.kill()
        server.wait()


def test_a_server_that_is_not_there_keeps_nobody_waiting(
    held: Catalogue, opened: Callable[..., VectorIndex], server_port: int
) -> None:
    index = opened(held, url=f"http://127.0.0.1:{server_port}", timeout=2)

    assert index.nearest(held.vectors()[2][0], 1) is None
    assert index.state == "exact (Chroma server unreachable)"


def test_a_server_that_accepts_and_says_nothing_is_given_up(
    held: Catalogue, opened: Callable[..., VectorIndex]
) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        index = opened(held, url=f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.5)

        assert index.state == "exact (Chroma server unreachable)"
        assert "0.5 seconds" in str(index.problem)
