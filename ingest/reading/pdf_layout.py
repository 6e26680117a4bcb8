"""What is usual in one PDF: size and weight of its running text, the distance of lines, the width of columns."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from ingest.reading.pdf_segments import Segment


class Layout:
    def __init__(self, lines: Sequence[Segment]) -> None:
        self.size, self.bold = _body(lines)
        """Font size in points, and whether bold, of the running text."""
        self._leadings = _leadings(lines)
        self._pages: defaultdict[int, list[Segment]] = defaultdict(list)
        for line in lines:
            self._pages[line.page].append(line)

    def leading(self, size: float) -> float:
        """The usual distance of baselines in points."""
        return self._leadings.get(size, 1.25 * size)

    def has_room(self, line: Segment, after: Segment) -> bool:
        """Whether the first word of the next line would have fitted into this one."""
        column = max(other.x1 for other in self._pages[line.page] if _is_in_column(other, line))
        word = after.text.split(maxsplit=1)[0]
        needed = (after.x1 - after.x0) * (len(word) + 1) / len(after.text)
        return line.x1 + needed < column - 0.3 * line.size


def _is_in_column(other: Segment, line: Segment) -> bool:
    near = abs(other.x0 - line.x0) <= 4 * line.size
    return near and abs(other.size - line.size) <= 0.1 * line.size


def _body(lines: Sequence[Segment]) -> tuple[float, bool]:
    styles: Counter[tuple[float, bool]] = Counter()
    for line in lines:
        styles[line.size, line.bold] += len(line.text)
    return styles.most_common(1)[0][0] if styles else (1.0, False)


def _leadings(lines: Sequence[Segment]) -> dict[float, float]:
    gaps: defaultdict[float, list[float]] = defaultdict(list)
    for line, after in pairwise(lines):
        gap = line.y - after.y
        if line.page == after.page and line.size == after.size and 0.8 * line.size < gap < 2.5 * line.size:
            gaps[line.size].append(gap)
    return {size: median(found) for size, found in gaps.items() if len(found) > 2}
