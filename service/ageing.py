"""What is cited though it is not in force or past its time: said so, with what is held in its place, if anything."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ingest.catalogue import Holdings
from ingest.editions import newer_edition
from ingest.vocabulary import Card, Status, is_past
from service.vocabulary import Citation, DocumentReference, Point
from service.wording import counted, date_in_words, period

MOST_TOLD = 2
"""Documents of which a sentence each is said; more are counted."""


@dataclass(frozen=True, slots=True)
class Outdated:
    document: DocumentReference
    sentence: str


def outdated(points: Iterable[Point], citations: Sequence[Citation], held: Holdings, today: date) -> list[Outdated]:
    """The documents that carry a point, in that order, and are old. held: all that the asker may be answered from.

    What we compiled ourselves is as old as its sources, which it names.
    """
    leading = {marker for point in points for marker in point.citations}
    cited = dict.fromkeys(citation.source.document_id for citation in citations if citation.marker in leading)
    cards = [card for id_ in cited if (card := held.by_id.get(id_)) and not card.kind.is_compiled]
    told = ((card, why) for card in cards if (why := _why(card, held.by_id, today)))
    return [Outdated(DocumentReference(document_id=c.id, title=c.title, date=c.newest_date), why) for c, why in told]


def in_words(found: Sequence[Outdated]) -> Iterator[str]:
    yield from (one.sentence for one in found[:MOST_TOLD])
    if more := found[MOST_TOLD:]:
        yield f"Of {counted(more, 'other document')} cited the time is over too."


def _why(card: Card, held: Mapping[str, Card], today: date) -> str | None:
    """In a sentence; None of what is in force and within its time."""
    if card.status is Status.WITHDRAWN:
        return f"'{card.title}' has been withdrawn by its publisher."
    if card.status is Status.SUPERSEDED:
        successor = held.get(card.superseded_by or "")
        by = f" by '{successor.title}'" if successor else ", and what replaced it is not held"
        return f"'{card.title}' has been superseded{by}."
    if is_past(card.covers_to, today):
        said = f"'{card.title}' covers {period(card)}"
    elif is_past(card.review_date, today):
        said = f"The review of '{card.title}' was due {date_in_words(card.review_date or '')}"
    else:
        return None
    newest = newer_edition(card, held.values())
    return f"{said}; a newer edition is held: '{newest.title}'." if newest else f"{said}, and no newer edition is held."
