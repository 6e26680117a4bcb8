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
        self._ends: dict[tuple[int, int, float], float] = {}
        """Of columns, each worked out once: a map or a drawing may have thousands of lines."""

    def leading(self, size: float) -> float:
        """The usual distance of baselines in points."""
        return self._leadings.get(size, 1.25 * size)

    def has_room(self, line: Segment, after: Segment) -> bool:
        """Whether the first word of the next line would have fitted into this one."""
        column = max(line.x1, self._column_end(line.page, round(line.x0), line.size))
        word = after.text.split(maxsplit=1)[0]
        needed = (after.x1 - after.x0) * (len(word) + 1) / len(after.text)
        return line.x1 + needed < column - 0.3 * line.size

    def _column_end(self, page: int, x0: int, size: float) -> float:
        """How far the lines of a page reach that begin near x0, all in points."""
        if (page, x0, size) not in self._ends:
            near = (other for other in self._pages[page] if abs(other.x0 - x0) <= 4 * size)
            ends = (other.x1 for other in near if abs(other.size - size) <= 0.1 * size)
            self._ends[page, x0, size] = max(ends, default=0.0)
        return self._ends[page, x0, size]


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
