"""What never changes is read once, as long as there is room for it."""

from collections.abc import Sequence

from ingest.kept import Kept


class Shelf:
    """Words by number, that notes which were asked for."""

    words = ("none", "one", "two", "three", "four")

    def __init__(self) -> None:
        self.read: list[list[int]] = []

    def take(self, ids: Sequence[int]) -> dict[int, str]:
        self.read.append(list(ids))
        return {id_: self.words[id_] for id_ in reversed(ids) if id_ < len(self.words)}


def test_what_was_read_is_not_read_again() -> None:
    shelf = Shelf()
    kept = Kept(shelf.take, room=10)

    assert kept.of([2, 1]) == {2: "two", 1: "one"}
    assert list(kept.of([3, 1, 2])) == [3, 1, 2]
    assert kept.of([]) == {}

    assert shelf.read == [[2, 1], [3]]


def test_what_there_is_not_is_absent_and_looked_for_again() -> None:
    shelf = Shelf()
    kept = Kept(shelf.take, room=10)

    assert kept.of([9, 1]) == {1: "one"}
    assert kept.of([9]) == {}

    assert shelf.read == [[9, 1], [9]]


def test_what_does_not_fit_any_more_makes_room_by_forgetting() -> None:
    shelf = Shelf()
    kept = Kept(shelf.take, room=8, size=len)

    kept.of([1, 2])
    assert kept.of([1, 3]) == {1: "one", 3: "three"}
    kept.of([3])
    kept.of([1])

    assert shelf.read == [[1, 2], [3], [1]]
