"""Of all that a file says of itself: what agrees is proposed once, what does not is a conflict."""

import re
from collections.abc import Iterable, Sequence

from ingest.proposing.dates import agree
from ingest.proposing.proposal import Conflict, Proposed
from ingest.vocabulary import Card

_DATES = frozenset({"published", "event_date", "covers_from", "covers_to", "review_date"})
_ORDER = (*(name for name in Card.model_fields if name != "id"),)


def settled(
    told: Iterable[Proposed], by_file_name: Iterable[Proposed]
) -> tuple[tuple[Proposed, ...], tuple[Conflict, ...]]:
    """Fields and conflicts in the order of the card. What the file's name says counts where the text says nothing."""
    by_field: dict[str, list[Proposed]] = {}
    for proposed in told:
        by_field.setdefault(proposed.field, []).append(proposed)
    for proposed in by_file_name:
        by_field.setdefault(proposed.field, [proposed])
    fields: list[Proposed] = []
    conflicts: list[Conflict] = []
    for field in sorted(by_field, key=_ORDER.index):
        if field == "organisations":
            fields += by_field[field]
            continue
        candidates = _different(field, by_field[field])
        if len(candidates) == 1:
            fields.append(candidates[0])
        else:
            conflicts.append(Conflict(field=field, candidates=tuple(candidates)))
    return tuple(fields), tuple(conflicts)


def _different(field: str, candidates: Sequence[Proposed]) -> list[Proposed]:
    """One for each value; of dates that agree, the more exact."""
    kept: list[Proposed] = []
    for candidate in candidates:
        same = next((one for one in kept if _is_same(field, one, candidate)), None)
        if same is None:
            kept.append(candidate)
        elif field in _DATES and len(str(candidate.value)) > len(str(same.value)):
            kept[kept.index(same)] = candidate
    return kept


def _is_same(field: str, one: Proposed, other: Proposed) -> bool:
    if field in _DATES:
        return agree(str(one.value), str(other.value))
    return _key(field, one) == _key(field, other)


def _key(field: str, proposed: Proposed) -> str:
    """Version 2.1, V2.1 and 2.1 are one edition; markings, licences and titles are told apart by their words alone."""
    words = " ".join(re.findall(r"\w+", str(proposed.value).casefold()))
    return re.sub(r"^(?:version|ver|v)\s?", "", words) if field == "edition" else words
