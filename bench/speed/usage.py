"""What a process and its descendants have used: CPU-seconds and memory. Linux only."""

import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_KIB = 1024


def cpu_seconds() -> float:
    """Of this process since it began, with all descendants, those still running included."""
    reaped = resource.getrusage(resource.RUSAGE_CHILDREN)
    running = sum(_ticks(child) for child in _descendants(os.getpid()))
    return time.process_time() + reaped.ru_utime + reaped.ru_stime + running / _TICKS


def peak_bytes() -> int:
    """The most memory that this process ever held resident."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB


def children_peak_bytes() -> int:
    """The same of the largest child that has ended; 0 where there was none."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * _KIB


def _descendants(process: int) -> Iterator[int]:
    try:
        threads = list(Path(f"/proc/{process}/task").iterdir())
        children = [int(child) for thread in threads for child in (thread / "children").read_text().split()]
    except OSError:  # it, or a thread of it, has ended meanwhile
        return
    for child in children:
        yield child
        yield from _descendants(child)


def _ticks(process: int) -> int:
    """Its own and its reaped children's, user and system."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return 0
    return sum(int(number) for number in stat.rpartition(")")[2].split()[11:15])
