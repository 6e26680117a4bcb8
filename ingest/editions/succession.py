"""Which held document a new one seems to be a newer, or an older, edition of. A person decides; this says why."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict

from ingest.catalogue import Catalogue
from ingest.editions.copies import NEAR, likenesses
from ingest.editions.titles import alike, lasting
from ingest.shingling import Likeness
from ingest.vocabulary import CanonicalText, Card, Kind

_IN_PART = 0.3
"""Share of the shorter text that is in the other, from which on an edition was made of it: profiles share .5, and are
told apart by whom they are about."""
_NOTHING = Likeness(0.0, 0.0)
_DATES = ("covers_from", "published", "event_date", "covers_to", "review_date")

Newer = Literal["this", "held", "unknown"]


class EditionOf(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    document: str
    version: int
    title: str
    newer: Newer
    """Which of the two is the newer one, by their cards; "unknown" where these do not tell."""
    reason: str
    """Why it seems to be one, in a sentence."""
    common: float
    """Estimated share of the stretches of five words that both texts have, 0 to 1."""


def edition_of(card: Card, canonical: CanonicalText, catalogue: Catalogue) -> EditionOf | None:
    """The likeliest of the live documents. card: of the new one, as far as it is known."""
    found = list(_candidates(card, canonical, catalogue))
    return max(found, key=lambda candidate: candidate[0])[1] if found else None


def _candidates(
    card: Card, canonical: CanonicalText, catalogue: Catalogue
) -> Iterator[tuple[tuple[bool, float], EditionOf]]:
    like = likenesses(catalogue, canonical)
    for held in catalogue.documents(None):
        near = like.get(held.version_id, _NOTHING)
        if reason := reason_for(card, held.card, near):
            edition = EditionOf(
                document=held.id,
                version=held.number,
                title=held.card.title,
                newer=newer(card, held.card),
                reason=reason,
                common=round(near.common, 3),
            )
            yield (held.id == card.id, near.common + (lasting(card.title) == lasting(held.card.title))), edition


def newer_edition(card: Card, held: Iterable[Card]) -> Card | None:
    """The newest later one of, or about, the same body, of nearly the same title, that came of no other event."""
    bodies = {organisation.slug for organisation in card.organisations}
    editions = (
        other
        for other in held
        if other.id != card.id
        and not bodies.isdisjoint(organisation.slug for organisation in other.organisations)
        and alike(card.title, other.title)
        and _kinds_agree(card, other)
        and not _is_another_event(card, other)
    )
    later = (other for other in editions if newer(other, card) == "this")
    return max(later, key=lambda other: other.newest_date or "", default=None)


def reason_for(card: Card, other: Card, like: Likeness) -> str | None:
    """Why one seems to be an edition of the other, in a sentence; None where it does not."""
    if card.id == other.id:
        return "It has the same id."
    if other.kind.is_compiled or _is_another_event(card, other) or _is_a_copy(card, other, like):
        return None
    mine, theirs = card.authors, other.authors
    if mine and theirs and not mine & theirs:
        return None
    same_body = bool(mine & theirs)
    if same_body and _kinds_agree(card, other) and alike(card.title, other.title):
        return "It is by the same organisation, and its title is the same but for years and version."
    if (
        lasting(card.title) == lasting(other.title)
        and len(lasting(card.title).split()) > 2
        and _kinds_agree(card, other)
    ):
        return "Its title is the same but for years and version."
    if like.contained >= _IN_PART and (same_body or alike(card.title, other.title)):
        whose = "of the same organisation" if same_body else "of nearly the same title"
        return f"About {like.contained:.0%} of the shorter text stands in the other, {whose}."
    return None


def _kinds_agree(card: Card, other: Card) -> bool:
    return card.kind is other.kind or Kind.OTHER in (card.kind, other.kind)


def _is_another_event(card: Card, other: Card) -> bool:
    """What came of two meetings are two documents, alike as their titles may be."""
    if Kind.SEMINAR_OUTPUT in (card.kind, other.kind):
        return True
    return bool(card.event_date and other.event_date and card.event_date != other.event_date)


def _is_a_copy(card: Card, other: Card, like: Likeness) -> bool:
    """Whether nothing tells them apart but how they were made."""
    same_title = card.title.casefold().split() == other.title.casefold().split()
    return like.common >= NEAR and same_title and card.edition == other.edition and newer(card, other) == "unknown"


def newer(card: Card, other: Card) -> Newer:
    """By the dates that both have, and by version numbers; where these disagree, nobody knows."""
    told: set[Newer] = set()
    for field in _DATES:
        mine, theirs = getattr(card, field), getattr(other, field)
        if mine and theirs and (known := min(len(mine), len(theirs))) and mine[:known] != theirs[:known]:
            told.add("this" if mine > theirs else "held")
    numbers = _number(card.edition), _number(other.edition)
    if not told and numbers[0] and numbers[1] and numbers[0] != numbers[1]:
        told.add("this" if numbers[0] > numbers[1] else "held")
    return told.pop() if len(told) == 1 else "unknown"


def _number(edition: str | None) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", edition or "")))
