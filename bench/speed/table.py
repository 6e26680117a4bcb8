"""The figures as a table for reading."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.table import Column, Table

from bench.speed.goals import Line


def show(report: Mapping[str, Any], lines: Iterable[Line]) -> None:
    console = Console(width=None if Console().is_terminal else 140, highlight=False)
    console.print(f"{report['date']}, {report['machine']}; {report['setting']}")
    console.print(", ".join(f"{name} {version}" for name, version in report["versions"].items()))
    console.print(_beside(lines))
    console.print(_all_systems(report["systems"]))


def _beside(lines: Iterable[Line]) -> Table:
    table = Table("", "unit", *_right("ours", "other"), "of", *_right("ratio", "goal"), "", box=None, pad_edge=False)
    for line in lines:
        sign = "≥" if line.at_least else "≤"
        goal = "" if line.goal is None else f"{sign} {line.goal:g}"
        verdict = {True: "met", False: "missed", None: ""}[line.met]
        numbers = (_short(line.ours), _short(line.other), line.of, f"{line.ratio:.2f}", goal, verdict)
        table.add_row(line.what, line.unit, *numbers)
    return table


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
