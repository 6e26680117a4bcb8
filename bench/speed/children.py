"""Starts trials, each in a process of its own, in the environment of what it measures."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
_PEERS_PYTHON = PROJECT / ".venv-peers" / "bin" / "python"
_QUIET = {"HF_HUB_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False", "TOKENIZERS_PARALLELISM": "false"}
_LIMIT_SECONDS = 3_600
ONE_THREAD = ", one thread"


class TrialFailed(Exception):
    """A trial ended without figures; the message holds the end of what it wrote."""


@dataclass(frozen=True, slots=True)
class System:
    """What is measured, and the environment that it is measured in."""

    name: str
    python: Path
    one_thread: bool = False
    """Of torch. Left to itself it takes a thread a core, and these burn CPU-time in waiting for one another."""

    @property
    def label(self) -> str:
        return self.name + ONE_THREAD if self.one_thread else self.name


def ours(python: Path) -> System:
    return System("ours", python)


def peers() -> list[System]:
    """Each as it comes, and held to one thread; none where their environment has not been made."""
    if not _PEERS_PYTHON.exists():
        return []
    names = ("langchain", "llamaindex", "txtai")
    return [System(name, _PEERS_PYTHON, one_thread) for name in names for one_thread in (False, True)]


def run(system: System, trial: str, **arguments: Any) -> dict[str, Any]:
    """The trial's figures. Raises TrialFailed."""
    environment = {**os.environ, **_QUIET}
    if system.one_thread:
        environment["OMP_NUM_THREADS"] = "1"
    command = [str(system.python), "-m", "bench.speed.trial", trial, json.dumps({"system": system.name, **arguments})]
    ended = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False, timeout=_LIMIT_SECONDS
    )
    lines = ended.stdout.splitlines()
    if ended.returncode or not lines:
        raise TrialFailed(f"{trial} of {system.label} failed:\n{ended.stderr[-2_000:]}")
    figures: dict[str, Any] = json.loads(lines[-1])
    return figures


def medians(repetitions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Of figures nested alike: each figure's median."""
    return {
        key: medians([figures[key] for figures in repetitions])
        if isinstance(value, Mapping)
        else median(figures[key] for figures in repetitions)
        for key, value in repetitions[0].items()
    }
