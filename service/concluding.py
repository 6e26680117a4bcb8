"""How a question turned out, and what its asker is told where it was not answered whole."""

from collections.abc import Callable, Sequence

from service.covering import Searched
from service.gathering import Gathered
from service.scoping import PURPOSE
from service.vocabulary import Outcome, Point

_NEAREST = (
    "The documents held do not plainly answer this. These are the nearest statements; read them in their context "
    "before you rely on them."
)
_NOT_SUPPORTED = "Passages were found, but no statement could be verified. Open the nearest documents."
_EMPTY = "No document is held yet. Add documents with `engage add PATH`, then ask again."
_FILTERED = "No document held matches these filters. Widen them and ask again."
_ELSEWHERE = (
    "Nothing held comes near this, and it uses no word of police and public engagement. If that is what it is about, "
    "ask again in such words."
)
_NOTHING = (
    "The documents held do not answer this. Look at the nearest documents, or put it in other words; the question has "
    "been noted for the strand lead."
)


def concluded(
    searched: Searched, gathered: Gathered, points: Sequence[Point], in_field: Callable[[], bool]
) -> tuple[Outcome, str | None]:
    """The outcome with its message; `in_field` says whether the question uses a word of the field."""
    if points:
        return (Outcome.ANSWERED, None) if gathered.sufficiency.enough else (Outcome.PARTLY_ANSWERED, _NEAREST)
    if gathered.evidence:
        return Outcome.NOT_SUPPORTED, _NOT_SUPPORTED
    if not searched.documents:
        return Outcome.NOTHING_RELEVANT, _FILTERED if searched.permitted else _EMPTY
    if not in_field():
        return Outcome.OUT_OF_SCOPE, f"{_ELSEWHERE} {PURPOSE}"
    return Outcome.NOTHING_RELEVANT, _NOTHING
