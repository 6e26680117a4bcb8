"""The measuring itself: one trial after the other, the systems in turn."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.speed import children
from bench.speed.children import System
from bench.speed.installed import ROOTS
from bench.speed.machine import machine
from bench.speed.plan import Plan
from bench.speed.texts import Writer

PARTS = ("sizes", "add", "ask", "growth")


def measure(plan: Plan, folder: Path, peers: Sequence[System], parts: Sequence[str] = PARTS) -> dict[str, Any]:
    """The figures of the product and of these peers; indexes and documents are made in the folder."""
    bench = Bench(plan, folder, peers)
    for part in parts:
        getattr(bench, part)()
    return {
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "machine": machine(),
        "setting": str(plan),
        "versions": bench.versions,
        "systems": bench.figures,
        "growth": bench.grown,
    }


class Bench:
    """One run: what is measured of each system gathers in `figures`."""

    def __init__(self, plan: Plan, folder: Path, peers: Sequence[System]) -> None:
        self._plan = plan
        self._folder = folder
        self._ours = children.ours(Path(sys.executable))
        self._systems = [self._ours, *peers]
        self.figures: dict[str, dict[str, Any]] = {system.label: {} for system in self._systems}
        self.grown: dict[int, dict[str, Any]] = {}
        self.versions: dict[str, str] = {}

    def sizes(self) -> None:
        for system in self._systems:
            found = children.run(system, "sizes")
            held = found.pop("versions")
            self.versions |= {name: held[name] for name in (*ROOTS[system.name].split(), "torch") if name in held}
            self.figures[system.label]["installed"] = found

    def add(self) -> None:
        """Each system in turn, and again, so that a busy minute on the machine hits no one alone."""
        for length, shape in self._plan.adding.items():
            found: dict[str, list[dict[str, Any]]] = {system.label: [] for system in self._systems}
            for repetition in range(self._plan.repetitions):
                for number, system in enumerate(self._systems):
                    _say(f"adding {length} texts: {system.label}")
                    folder = self._folder / f"add-{length}-{number}-{repetition}"
                    added = children.run(system, "add", folder=str(folder), seed=100 + repetition, **shape)
                    found[system.label].append(added)
            for system in self._systems:
                self.figures[system.label].setdefault("add", {})[length] = children.medians(found[system.label])

    def ask(self) -> None:
        folders = self._filled(self._plan.passages)
        questions = list(Writer(3).questions(self._plan.questions))
        found: dict[str, list[dict[str, Any]]] = {system.label: [] for system in self._systems}
        for _ in range(self._plan.repetitions):
            for system in self._systems:
                _say(f"asking: {system.label}")
                ways = ["answer", "find"] if system == self._ours else ["find"]
                found[system.label].append(self._asked(system, folders[system.name], questions, ways, [1, 8]))
        for label, repetitions in found.items():
            self.figures[label] |= children.medians(repetitions)

    def growth(self) -> None:
        questions = list(Writer(5).plain_questions(self._plan.questions))
        for size in self._plan.growth:
            _say(f"growing to {size:,} passages")
            folder = self._folder / f"grown-{size}"
            children.run(self._ours, "fill", folder=str(folder), passages=size, texts="", vectors="")
            self.grown[size] = self._asked(self._ours, folder, questions, ["answer", "filtered"], [1])

    def _asked(
        self, system: System, folder: Path, questions: list[str], ways: list[str], askers: list[int]
    ) -> dict[str, Any]:
        arguments = {"folder": str(folder), "questions": questions, "askers": askers, "ways": ways}
        return children.run(system, "ask", **arguments)

    def _filled(self, passages: int) -> dict[str, Path]:
        """An index of the same passages for each system, by name."""
        folders = {system.name: self._folder / f"held-{system.name}" for system in self._systems}
        texts, vectors = self._folder / "texts.jsonl", self._folder / "vectors.npy"
        for system in self._systems:
            if not folders[system.name].exists():
                _say(f"filling: {system.name}")
                arguments = {"passages": passages, "texts": str(texts), "vectors": str(vectors)}
                children.run(system, "fill", folder=str(folders[system.name]), **arguments)
        return folders


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
