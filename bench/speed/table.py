"""The figures as a table for reading."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.table import Column, Table

from bench.speed.goals import Line


def show(report: Mapping[str, Any], lines: Iterable[Line]) -> None:
    console = Console(width=None if Console().is_terminal else 160, highlight=False)
    console.print(f"{report['date']}, {report['machine']}; {report['setting']}")
    console.print(", ".join(f"{name} {version}" for name, version in report["versions"].items()))
    console.print(_beside(lines))
    console.print(_all_systems(report["systems"]))


def _beside(lines: Iterable[Line]) -> Table:
    heads = ("ours", "best peer", "which", "ratio", "goal", "one thread", "ratio")
    table = Table("", "unit", *_right(*heads), "", box=None, pad_edge=False)
    for line in lines:
        goal = "" if line.goal is None else f"{'≥' if line.at_least else '≤'} {line.goal:g}"
        alone = [""] * 2 if line.one_thread is None else [_short(line.one_thread), f"{line.one_thread_ratio:.2f}"]
        numbers = [_short(line.ours), _short(line.other), line.of, f"{line.ratio:.2f}", goal, *alone]
        table.add_row(line.what, line.unit, *numbers, _verdict(line))
    return table


def _verdict(line: Line) -> str:
    if line.met is None:
        return ""
    if not line.met:
        return "missed"
    return "met" if line.met_beside_one_thread is not False else "met, but not beside one thread"


def _all_systems(systems: Mapping[str, Any]) -> Table:
    flat = {label: dict(_flat(figures)) for label, figures in systems.items()}
    names = dict.fromkeys(name for figures in flat.values() for name in figures)
    table = Table("all figures", *_right(*flat), box=None, pad_edge=False)
    for name in names:
        table.add_row(name, *(_short(figures[name]) if name in figures else "" for figures in flat.values()))
    return table


def _flat(figures: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, float]]:
    for key, value in figures.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{key} ")
        elif key.endswith("bytes"):
            yield f"{before}{key.removesuffix('bytes')}MB", value / 1e6
        else:
            yield before + key, value


def _right(*names: str) -> Iterator[Any]:
    return (Column(name, justify="right") for name in names)


def _short(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"
