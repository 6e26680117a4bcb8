"""Values that never change, kept in memory by id once they have been read."""

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Reads each value once, for as long as there is room; too many are forgotten together. Safe in several threads.

    `size` is what one value takes of the `room`.
    """

    def __init__(
        self, read: Callable[[Sequence[int]], dict[int, Value]], room: int, size: Callable[[Value], int] = lambda _: 1
    ) -> None:
        self._read, self._room, self._size = read, room, size
        self._values: dict[int, Value] = {}
        self._taken = 0

    def of(self, ids: Iterable[int]) -> dict[int, Value]:
        """The values of these ids, in their order; those that there are none of are simply absent."""
        wanted = list(ids)
        known = self._values
        found = {id_: known[id_] for id_ in wanted if id_ in known}
        missing = [id_ for id_ in wanted if id_ not in found]
        if not missing:
            return found
        read = self._read(missing)
        self._keep(read)
        found |= read
        return {id_: found[id_] for id_ in wanted if id_ in found}

    def _keep(self, values: dict[int, Value]) -> None:
        """Nothing is ever taken out of a dictionary that another thread may be reading."""
        taken = sum(map(self._size, values.values()))
        if self._taken + taken > self._room:
            self._values, self._taken = {}, 0
        self._values.update(values)
        self._taken += taken
