"""What counts for more among the evidence: what is of the time asked about, and what is in force.

It is a preference. Nothing is left out for its date, and a document that bears none is neither preferred nor set back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ingest.editions import newer_edition
from ingest.vocabulary import Card, Status
from service.dating import Time
from service.vocabulary import Evidence

OF_THAT_TIME = 1.15
"""How much more evidence counts that is of the time asked about."""
OLDEST = 0.85
"""Share of what is oldest, where the newest is asked for; what lies between counts in between."""
NOT_IN_FORCE = 0.85
"""Share of what has been superseded or withdrawn, or has a later edition beside it, unless its time was asked about."""


def preferred(evidence: Iterable[Evidence], time: Time | None, cards: Mapping[int, Card]) -> Iterator[Evidence]:
    """The evidence with its scores; `cards` are those of the versions."""
    found = list(evidence)
    among = {e.version_id: cards[e.version_id] for e in found}
    overtaken = {version for version, card in among.items() if newer_edition(card, among.values())}
    dates = sorted({date for e in found if (date := _own_date(cards[e.version_id]))})
    for e in found:
        card = cards[e.version_id]
        share = _share(card, time, dates, e.version_id in overtaken)
        if share == 1 and not (time and time.periods):
            yield e
            continue
        named = OF_THAT_TIME if time and time.periods and not time.is_of(card) else 1.0
        shares = (share * (named if time and time.is_told_in(s.text) else 1.0) for s in e.sentences)
        sentences = tuple(replace(s, score=s.score * of) for s, of in zip(e.sentences, shares, strict=True))
        yield replace(e, score=e.score * share, sentences=sentences)


def _share(card: Card, time: Time | None, dates: Sequence[str], overtaken: bool) -> float:
    if time and time.periods and time.is_of(card):
        return OF_THAT_TIME
    in_force = NOT_IN_FORCE if overtaken or card.status in (Status.SUPERSEDED, Status.WITHDRAWN) else 1.0
    date = _own_date(card)
    if not (time and time.newest and date and len(dates) > 1):
        return in_force
    return in_force * (OLDEST + (1 - OLDEST) * dates.index(date) / (len(dates) - 1))


def _own_date(card: Card) -> str | None:
    """When we compiled something says nothing about how new its facts are."""
    return None if card.kind.is_compiled else card.newest_date
