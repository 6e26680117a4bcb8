"""What the figures come to: each beside the best peer's of the same run, and beside its goal."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bench.speed.children import ONE_THREAD

Figures = Mapping[str, Any]
ONE_ASKER, EIGHT_ASKERS = "1", "8"
OURS = "ours"


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of ours with what it is compared to."""

    what: str
    unit: str
    ours: float
    other: float
    of: str
    """Whose the other figure is."""
    goal: float | None = None
    at_least: bool = False
    """The goal is a ratio of at least so much; otherwise at most."""
    one_thread: float | None = None
    """The best of the peers that are held to one thread, where there are any."""

    @property
    def ratio(self) -> float:
        return self.ours / self.other

    @property
    def one_thread_ratio(self) -> float | None:
        return None if self.one_thread is None else self.ours / self.one_thread

    @property
    def met(self) -> bool | None:
        """Beside the peers as they come, which is what the goals are set for."""
        return self._meets(self.ratio)

    @property
    def met_beside_one_thread(self) -> bool | None:
        return None if self.one_thread_ratio is None else self._meets(self.one_thread_ratio)

    def _meets(self, ratio: float) -> bool | None:
        if self.goal is None:
            return None
        return ratio >= self.goal if self.at_least else ratio <= self.goal


@dataclass(frozen=True, slots=True)
class _Measure:
    what: str
    unit: str
    ours: Callable[[Figures], float]
    peers: Callable[[Figures], float]
    goal: float | None = None
    at_least: bool = False

    def best(self, peers: Mapping[str, Figures]) -> tuple[float, str]:
        """The figure, and whose it is. Raises ValueError if there are no peers, KeyError if it was not measured."""
        figures = [(self.peers(figures), label) for label, figures in peers.items()]
        return max(figures) if self.at_least else min(figures)


_MB = 1e6
_MEASURES = (
    _Measure(
        "question, whole answer", "CPU-ms", lambda f: _ask(f, "answer", "cpu_ms"), lambda f: _found(f, "cpu_ms"), 0.5
    ),
    _Measure("question, evidence only", "CPU-ms", lambda f: _ask(f, "find", "cpu_ms"), lambda f: _found(f, "cpu_ms")),
    _Measure("whole answer, p50", "ms", lambda f: _ask(f, "answer", "p50_ms"), lambda f: _found(f, "p50_ms")),
    _Measure("whole answer, p95", "ms", lambda f: _ask(f, "answer", "p95_ms"), lambda f: _found(f, "p95_ms")),
    _Measure(
        "whole answer, 8 askers",
        "CPU-ms",
        lambda f: _ask(f, "answer", "cpu_ms", EIGHT_ASKERS),
        lambda f: _found(f, "cpu_ms", EIGHT_ASKERS),
    ),
    _Measure(
        "whole answer, 8 askers, p50",
        "ms",
        lambda f: _ask(f, "answer", "p50_ms", EIGHT_ASKERS),
        lambda f: _found(f, "p50_ms", EIGHT_ASKERS),
    ),
    _Measure(
        "whole answer, 8 askers, p95",
        "ms",
        lambda f: _ask(f, "answer", "p95_ms", EIGHT_ASKERS),
        lambda f: _found(f, "p95_ms", EIGHT_ASKERS),
    ),
    _Measure("start to first answer", "CPU-s", lambda f: _start(f, "cpu_s"), lambda f: _start(f, "cpu_s"), 0.2),
    _Measure("start, index checked too", "CPU-s", lambda f: _start(f, "settled_cpu_s"), lambda f: _start(f, "cpu_s")),
    _Measure("start to first answer", "s", lambda f: _start(f, "wall_s"), lambda f: _start(f, "wall_s")),
    _Measure("memory", "MB", lambda f: _memory(f, "bytes"), lambda f: _memory(f, "bytes"), 0.6),
    _Measure(
        "memory, with the child that checks the index",
        "MB",
        lambda f: _memory(f, "bytes") + _memory(f, "child_bytes"),
        lambda f: _memory(f, "bytes"),
    ),
    _Measure("installed", "MB", lambda f: f["installed"]["bytes"] / _MB, lambda f: f["installed"]["bytes"] / _MB, 0.5),
    _Measure(
        "adding short texts", "texts/CPU-s", lambda f: _adding(f, "short"), lambda f: _adding(f, "short"), 2.5, True
    ),
    _Measure("adding long texts", "texts/CPU-s", lambda f: _adding(f, "long"), lambda f: _adding(f, "long"), 1.1, True),
)
GROWTH_GOAL = 2.0
FILTER_GOAL = 1.0


def beside_peers(systems: Mapping[str, Figures]) -> Iterator[Line]:
    """Ours beside the best peer, figure by figure; what was not measured is left out."""
    as_they_come = {label: figures for label, figures in systems.items() if label != OURS and ONE_THREAD not in label}
    one_thread = {label: figures for label, figures in systems.items() if ONE_THREAD in label}
    for measure in _MEASURES:
        try:
            own = measure.ours(systems[OURS])
            best, of = measure.best(as_they_come)
            alone = measure.best(one_thread)[0] if one_thread else None
        except (KeyError, ValueError):  # not measured, or no peer to measure
            continue
        yield Line(measure.what, measure.unit, own, best, of, measure.goal, measure.at_least, alone)


def as_it_grows(growth: Mapping[int, Figures]) -> Iterator[Line]:
    """A whole question at each size beside the smallest, and a filtered one beside an unfiltered one."""
    if not growth:
        return
    smallest, largest = min(growth), max(growth)
    for size in sorted(growth):
        cpu = _ask(growth[size], "answer", "cpu_ms")
        if size > smallest:
            goal = GROWTH_GOAL if size == largest else None
            first = _ask(growth[smallest], "answer", "cpu_ms")
            yield Line(f"question at {size:,} passages", "CPU-ms", cpu, first, f"at {smallest:,}", goal)
        filtered = _ask(growth[size], "filtered", "cpu_ms")
        yield Line(f"filtered question at {size:,} passages", "CPU-ms", filtered, cpu, "no filter", FILTER_GOAL)


def _ask(figures: Figures, way: str, what: str, askers: str = ONE_ASKER) -> float:
    return float(figures["ask"][f"{way}-{askers}"][what])


def _found(figures: Figures, what: str, askers: str = ONE_ASKER) -> float:
    return _ask(figures, "find", what, askers)


def _start(figures: Figures, what: str) -> float:
    return float(figures["start"][what])


def _memory(figures: Figures, what: str) -> float:
    return float(figures["memory"][what]) / _MB


def _adding(figures: Figures, lengths: str) -> float:
    return float(figures["add"][lengths]["texts_per_cpu_s"])
