"""Which of the documents held are shown, and in what order: the same on the page, by API and by command."""

from collections.abc import Iterable
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from ingest.catalogue import HeldDocument
from ingest.catalogue.rows import first_day, last_day
from ingest.vocabulary import Card, Grade, Kind, PartialDate, Slug, Status

UNMARKED = "none"
"""In the place of a marking: of documents that bear none."""


class Order(StrEnum):
    TITLE = "title"
    DATE = "date"
    """The newest first; those without a date last."""
    ADDED = "added"
    """The latest first."""


class Selection(BaseModel):
    """What documents must be to be shown. What is left out restricts nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    organisation: Slug | None = None
    """From or about it."""
    kind: Kind | None = None
    status: Status | None = None
    date_from: PartialDate | None = None
    """With either date set, undated documents are left out."""
    date_to: PartialDate | None = None
    marking: str | None = None
    """As the cards have it, or "none"."""
    reading: Grade | None = None
    words: str | None = None
    """All of them stand in the title, however they are cased."""
    sort: Order = Order.TITLE


def select(documents: Iterable[HeldDocument], selection: Selection) -> list[HeldDocument]:
    """Those of the documents that are what the selection says, in its order."""
    found = [document for document in documents if _is_meant(document, selection)]
    found.sort(key=lambda document: (document.card.title.casefold(), document.id))
    if selection.sort is Order.DATE:
        found.sort(key=lambda document: document.card.newest_date or "", reverse=True)
    elif selection.sort is Order.ADDED:
        found.sort(key=lambda document: document.added_at, reverse=True)
    return found


def _is_meant(document: HeldDocument, wanted: Selection) -> bool:
    card = document.card
    return (
        (wanted.organisation is None or any(o.slug == wanted.organisation for o in card.organisations))
        and wanted.kind in (None, card.kind)
        and wanted.status in (None, card.status)
        and wanted.marking in (None, card.marking or UNMARKED)
        and (wanted.reading is None or (document.quality is not None and document.quality.grade is wanted.reading))
        and all(word in card.title.casefold() for word in (wanted.words or "").casefold().split())
        and _is_of_that_time(card, wanted)
    )


def _is_of_that_time(card: Card, wanted: Selection) -> bool:
    """By whether the spans of days meet, as for a question."""
    if wanted.date_from is None and wanted.date_to is None:
        return True
    date = card.newest_date
    return (
        date is not None
        and (wanted.date_from is None or last_day(date) >= first_day(wanted.date_from))
        and (wanted.date_to is None or first_day(date) <= last_day(wanted.date_to))
    )
