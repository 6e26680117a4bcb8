"""The order in which what is placed about a slide is read."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

_MOST = 300
"""Where more is placed on one slide, a map say, there is no order but the author's."""

Placed = TypeVar("Placed")


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a slide, in any unit, measured from the slide's left and upper edge."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        across = min(self.right, other.right) - max(self.left, other.left)
        along = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > 0 and along > 0

    def is_seen(self, width: float, height: float) -> bool:
        """Whether any of it is on a slide of that size."""
        return self.right > 0 and self.bottom > 0 and self.left < width and self.top < height


def in_reading_order(things: Sequence[Placed], box_of: Callable[[Placed], Box | None]) -> list[Placed]:
    """The author's order, which screen readers follow too, if there nothing comes before what stands above it or on
    its left. Else from each to the nearest of those that may come next."""
    boxes = [box_of(thing) for thing in things]
    if len(things) > _MOST:
        return list(things)
    indices = range(len(things))
    before = [{other for other in indices if _comes_first(boxes[other], boxes[index])} for index in indices]
    if all(max(before[index], default=-1) < index for index in indices):
        return list(things)
    return [things[index] for index in _order(boxes, before)]


def _order(boxes: Sequence[Box | None], before: Sequence[set[int]]) -> Iterator[int]:
    """What has no place comes as early as its place in the author's order lets it."""
    left = list(range(len(boxes)))
    last: Box | None = None
    while left:
        ready = [index for index in left if before[index].isdisjoint(left)]
        # Where things stand around each other in a ring, the author decides.
        index = min(ready or left[:1], key=lambda index: (_gap(last, boxes[index]), index))
        yield index
        left.remove(index)
        last = boxes[index] or last


def _gap(one: Box | None, other: Box | None) -> float:
    """How far apart two places are; of the first place, how far from the slide's upper left corner."""
    if other is None:
        return 0.0
    start = one or Box(0, 0, 0, 0)
    across = max(start.left, other.left) - min(start.right, other.right)
    along = max(start.top, other.top) - min(start.bottom, other.bottom)
    return max(across, 0.0) + max(along, 0.0)


def _comes_first(one: Box | None, other: Box | None) -> bool:
    if one is None or other is None:
        return False
    across = min(one.right, other.right) - max(one.left, other.left)
    along = min(one.bottom, other.bottom) - max(one.top, other.top)
    narrower = min(one.right - one.left, other.right - other.left)
    lower = min(one.bottom - one.top, other.bottom - other.top)
    is_above = one.top < other.top and across > narrower / 4 and along <= lower / 4
    is_beside = one.left < other.left and along > lower / 2 and across <= narrower / 4
    return is_above or is_beside
