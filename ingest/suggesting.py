"""The card that is suggested for a file that was read, with the words that each field was taken from, and what a person
should look at before the document is added."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, JsonValue

from ingest.catalogue import Catalogue
from ingest.catalogue.submitted import Submission
from ingest.corpus import Found, fields_given, make_card
from ingest.editions import edition_of, near_duplicates
from ingest.proposing import Proposal, Proposed, is_restricted
from ingest.register import Register
from ingest.tidying import tidy
from ingest.vocabulary import CanonicalText, Card, Grade, Quality, Reading, Slug

_NO_CARD = frozenset({"id", "marking", "audience", "url", "retrieved_on"})
"""Fields that a mail gives to what is attached, and a web address to what is there: a card that says no more needs a
person all the same."""
_LONGEST_ID = 100


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HeldAlike(_Model):
    """A document held that this one may be another edition or copy of."""

    document: Slug
    title: str
    why: str
    """In a sentence."""
    superseded: bool = False
    """Whether this one seems to take its place."""


class Suggestion(_Model):
    """What a submission waits to be confirmed with."""

    card: dict[str, Any]
    """Fields of a Card: added as they are if nobody changes them."""
    own: bool
    """Whether the file brought this card itself."""
    proposal: Proposal
    alike: tuple[HeldAlike, ...] = ()
    notices: tuple[str, ...] = ()
    """To be looked at before it is added, a sentence each."""
    quality: Quality | None = None
    pages: int | None = None
    left_out: tuple[str, ...] = ()
    masked: bool = False
    """Whether personal data in it are to be masked."""

    def evidence(self, field: str, value: JsonValue) -> Proposed | None:
        """Where the value of a field, or one of its organisations, was taken from."""
        told = (proposed for proposed in self.proposal.fields if proposed.field == field)
        if isinstance(value, dict):
            return next((p for p in told if isinstance(p.value, dict) and p.value["slug"] == value["slug"]), None)
        return next((proposed for proposed in told if proposed.value == value), None)

    @property
    def needs_nobody(self) -> bool:
        return self.own and not self.notices


def suggestion_of(submission: Submission) -> Suggestion | None:
    """What is suggested for a submission, once it has been read."""
    return Suggestion.model_validate(submission.proposal) if submission.proposal else None


def brings_card(given: Mapping[str, object]) -> bool:
    """Whether these fields, from the file or beside it, are a card that needs nobody to confirm it."""
    return bool(given.keys() - _NO_CARD)


def suggest(
    found: Found,
    reading: Reading,
    proposal: Proposal,
    register: Register,
    catalogue: Catalogue,
    held: Callable[[str], str | None],
) -> Suggestion:
    """proposal: what the file says of itself. held: title of what has an id already, in the library or on its way.

    Raises InvalidCard.
    """
    given = fields_given(found, reading)
    own = brings_card(given)
    card = make_card(found, reading, register, proposal=proposal)
    if not own:
        taken = {field: value for field, value in proposal.card_fields().items() if field not in given}
        card = Card.model_validate({**card.model_dump(mode="json", exclude_defaults=True), **taken})
    alike = list(_alike(card, tidy(reading), catalogue, own))
    if not own:
        title = held(card.id)
        if title and card.id not in [near.document for near in alike]:
            why = f"'{title}' ({card.id}) has the same file name or id."
            alike.append(HeldAlike(document=card.id, title=title, why=why))
        newest = next((near.document for near in alike if near.superseded), None)
        card = card.model_copy(update={"id": newest or (_free(card.id, held) if title else card.id)})
    return Suggestion(
        card=card.model_dump(mode="json", exclude_defaults=True),
        own=own,
        proposal=proposal,
        alike=tuple(alike),
        notices=tuple(_notices(proposal, card, alike, reading.quality, "audience" in given)),
        quality=reading.quality,
        pages=reading.pages,
        left_out=reading.left_out,
    )


def _alike(card: Card, canonical: CanonicalText, catalogue: Catalogue, own: bool) -> Iterator[HeldAlike]:
    """Copies, and what it may be another edition of; a card of its own says itself which edition it is."""
    edition = None if own else edition_of(card, canonical, catalogue)
    for copy in near_duplicates(catalogue, canonical, leaving_out=card.id if own else None):
        if edition and copy.document == edition.document and edition.newer != "unknown":
            continue
        named = f"'{copy.title}' ({copy.document})"
        why = f"{copy.common:.0%} of its text is that of {named}: it may be the same in another form."
        yield HeldAlike(document=copy.document, title=copy.title, why=why)
        edition = None if edition and copy.document == edition.document else edition
    if edition:
        which = {"this": "a newer edition", "held": "an older edition", "unknown": "another edition"}[edition.newer]
        why = f"It seems to be {which} of '{edition.title}' ({edition.document}). {edition.reason}"
        superseded = edition.newer == "this"
        yield HeldAlike(document=edition.document, title=edition.title, why=why, superseded=superseded)


def _notices(
    proposal: Proposal, card: Card, alike: Iterable[HeldAlike], quality: Quality | None, seen: bool
) -> Iterator[str]:
    """seen: whether it is said already who may see the document."""
    for near in alike:
        yield f"{near.why} Say below which it is."
    if quality and quality.grade is Grade.POOR:
        yield f"It was read poorly. {' '.join(quality.warnings)}"
    restricted = proposal.marking if proposal.restricted else card.marking if is_restricted(card.marking) else None
    if restricted and not seen:
        yield f"It is marked {restricted}. Say who may see it before you add it."
    for conflict in proposal.conflicts:
        values = " and ".join(str(candidate.value) for candidate in conflict.candidates)
        field = conflict.field.replace("_", " ")
        yield f"It says {values} for '{field}'. Choose the right one."
    if proposal.personal:
        some = ", ".join(dict.fromkeys(datum.text for datum in proposal.personal[:3]))
        more = f" and {len(proposal.personal) - 3} more" if len(proposal.personal) > 3 else ""
        yield f"It seems to hold personal data: {some}{more}. Add it only if these may be quoted, or mask them."


def _free(id_: str, held: Callable[[str], str | None]) -> str:
    number = 2
    while held(made := f"{id_[: _LONGEST_ID - 6].rstrip('-')}-{number}"):
        number += 1
    return made
