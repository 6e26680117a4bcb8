"""One measurement in a process of its own: `python -m bench.speed.trial TRIAL JSON`. Prints its figures as JSON.

The first imports are the system's own, so that starting it is measured from nothing. Runs in both environments.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench.speed import usage

Figures = dict[str, Any]
_WARM_UP = 5


def main() -> None:
    name, arguments = sys.argv[1], json.loads(sys.argv[2])
    figures = TRIALS[name](**arguments)
    print(json.dumps(figures), flush=True)
    # Some of the peers leave threads that keep an interpreter from ending.
    sys.stdout.flush()
    os._exit(0)


def fill(system: str, folder: str, passages: int, texts: str, vectors: str) -> Figures:
    """An index of so many passages from vectors made before. The product's trial also writes them for the peers."""
    if system == "ours":
        from bench.speed.filling import fill, write_for_peers
        from bench.speed.ours import Ours, settings_for

        settings = settings_for(Path(folder))
        fill(settings, passages)
        ours = Ours(Path(folder))
        ours.settle()
        ours.close()
        if texts:
            write_for_peers(settings, passages, Path(texts), Path(vectors))
    else:
        import numpy as np

        from bench.speed.peers import PEERS

        lines = [json.loads(line) for line in Path(texts).read_text("utf-8").splitlines()]
        PEERS[system].fill(Path(folder), lines, np.load(vectors))
    return {"cpu_s": usage.cpu_seconds()}


def add(system: str, folder: str, documents: int, sections: int, sentences: int, seed: int) -> Figures:
    """Texts per CPU-second, counted from when the first document is in: starting is another trial's matter."""
    from bench.speed.texts import Writer

    writer = Writer(seed)
    made = [writer.document(number, sections, sentences) for number in range(documents)]
    steps = _adding_ours(made, Path(folder)) if system == "ours" else _adding_peer(system, made, Path(folder))
    first = next(steps)
    began, wall = usage.cpu_seconds(), time.monotonic()
    for last in steps:
        texts = last - first
    cpu = usage.cpu_seconds() - began
    return {"texts": texts, "cpu_s": cpu, "wall_s": time.monotonic() - wall, "texts_per_cpu_s": texts / cpu}


def ask(system: str, folder: str, questions: list[str], askers: Sequence[int], ways: Sequence[str]) -> Figures:
    """Start, asking and memory over an index that is there.

    ways: "find", and for the product "answer" and "filtered". The first question is asked in the first of the ways.
    """
    began = time.monotonic()
    ways_of, settle, close = _open_ours(Path(folder)) if system == "ours" else _open_peer(system, Path(folder))
    ways_of[ways[0]](questions[0])
    started = {"cpu_s": usage.cpu_seconds(), "wall_s": time.monotonic() - began}
    settle()
    started["settled_cpu_s"] = usage.cpu_seconds()
    figures: Figures = {"start": started, "ask": {}}
    for way in ways:
        for question in questions[:_WARM_UP]:
            ways_of[way](question)
        for number in askers:
            figures["ask"][f"{way}-{number}"] = _asked(ways_of[way], questions, number)
    figures["memory"] = {"bytes": usage.peak_bytes(), "child_bytes": 0}
    close()
    figures["memory"]["child_bytes"] = usage.children_peak_bytes()
    return figures


def sizes(system: str) -> Figures:
    from bench.speed.installed import installed

    return installed(system)


TRIALS: dict[str, Callable[..., Figures]] = {"fill": fill, "add": add, "ask": ask, "sizes": sizes}


def _adding_ours(documents: Sequence[Any], folder: Path) -> Iterator[int]:
    from bench.speed.ours import Ours

    ours = Ours(folder)
    ours.settle()
    yield from ours.add(documents, folder.with_name(folder.name + "-files"))


def _adding_peer(system: str, documents: Sequence[Any], folder: Path) -> Iterator[int]:
    from bench.speed.peers import PEERS

    peer = PEERS[system](folder)
    first, *rest = ([section.text for section in document.sections] for document in documents)
    peer.add(first)
    yield len(first)
    texts = [text for some in rest for text in some]
    peer.add(texts)
    peer.save()
    yield len(first) + len(texts)


def _open_ours(folder: Path) -> tuple[dict[str, Callable[[str], int]], Callable[[], None], Callable[[], None]]:
    from bench.speed.ours import Ours

    ours = Ours(folder)
    ways = {"answer": ours.answer, "find": ours.find, "filtered": lambda question: ours.answer(question, "durham")}
    return ways, ours.settle, ours.close


def _open_peer(
    system: str, folder: Path
) -> tuple[dict[str, Callable[[str], int]], Callable[[], None], Callable[[], None]]:
    from bench.speed.peers import PEERS

    peer = PEERS[system](folder)
    return {"find": peer.find}, _nothing, _nothing


def _asked(ask: Callable[[str], int], questions: Sequence[str], askers: int) -> Figures:
    walls: list[float] = []
    found: list[int] = []

    def one(question: str) -> None:
        began = time.monotonic()
        found.append(ask(question))
        walls.append(time.monotonic() - began)

    cpu = usage.cpu_seconds()
    with ThreadPoolExecutor(askers) as pool:
        list(pool.map(one, questions))
    cpu = usage.cpu_seconds() - cpu
    walls.sort()
    return {
        "cpu_ms": 1_000 * cpu / len(questions),
        "p50_ms": 1_000 * _percentile(walls, 0.50),
        "p95_ms": 1_000 * _percentile(walls, 0.95),
        "questions": len(questions),
        "with_result": sum(number > 0 for number in found) / len(found),
    }


def _percentile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _nothing() -> None:
    pass


if __name__ == "__main__":
    main()
