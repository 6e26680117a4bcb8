"""Numbers of pages in words."""

from collections.abc import Iterator, Sequence
from itertools import groupby


def pages_in_words(numbers: Sequence[int]) -> str:
    """Page 3 was; Pages 3, 5–7 and 9 were."""
    listed = listed_pages(numbers)
    return f"{listed[0].upper()}{listed[1:]} {'was' if len(numbers) == 1 else 'were'}"


def listed_pages(numbers: Sequence[int]) -> str:
    """page 3; pages 3, 5–7 and 9"""
    ranges = list(_ranges(numbers))
    listed = " and ".join(filter(None, (", ".join(ranges[:-1]), *ranges[-1:])))
    return f"page {listed}" if len(numbers) == 1 else f"pages {listed}"


def _ranges(numbers: Sequence[int]) -> Iterator[str]:
    for _, group in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0]):
        run = [number for _, number in group]
        yield str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}"
