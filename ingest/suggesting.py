"""The card that is suggested for a file that was read, with the words that each field was taken from, and what a person
should look at before the document is added."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from ingest.catalogue.submitted import Submission
from ingest.corpus import Found, fields_given, make_card
from ingest.register import Register
from ingest.vocabulary import Card, Grade, Quality, Reading, Slug

_NO_CARD = frozenset({"id", "marking", "audience", "url", "retrieved_on"})
"""Fields that a mail gives to what is attached, and a web address to what is there: a card that says no more needs a
person all the same."""
_LONGEST_ID = 100


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Proposed(_Model):
    """A field of a card, or one entry of its organisations, and the very words that say so."""

    field: str
    value: JsonValue
    quote: str
    page: int | None = None
    source: Literal["text", "properties", "file_name"]


class Conflict(_Model):
    field: str
    candidates: tuple[Proposed, ...]


class PersonalDatum(_Model):
    kind: Literal["email", "telephone", "collar_number"]
    text: str
    page: int | None = None
    start: int
    end: int


class Proposal(_Model):
    fields: tuple[Proposed, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    personal: tuple[PersonalDatum, ...] = ()
    marking: str | None = None
    secret: bool = False
    restricted: bool = False

    def card_fields(self) -> dict[str, JsonValue]:
        """The fields as a card takes them, its organisations in one list."""
        fields: dict[str, JsonValue] = {proposed.field: proposed.value for proposed in self.fields}
        organisations = [proposed.value for proposed in self.fields if proposed.field == "organisations"]
        return fields | ({"organisations": organisations} if organisations else {})


class HeldAlike(_Model):
    """A document held that this one may be another edition or copy of."""

    document: Slug
    title: str
    why: str
    """In words."""


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


def propose(reading: Reading, file_name: str, register: Register) -> Proposal:
    """What the file's own words say for its card: its title, with the words that it was taken from."""
    title = make_card(Found(Path(file_name)), Reading(reading.blocks, title=reading.title), register).title
    blocks = (block for block in reading.blocks if " ".join(block.text.split()) == title)
    block = next(blocks, None)
    if block:
        named = Proposed(field="title", value=title, quote=block.text, page=block.page, source="text")
    elif (reading.title or "").split() == title.split():
        named = Proposed(field="title", value=title, quote=title, source="properties")
    else:
        named = Proposed(field="title", value=title, quote=file_name, source="file_name")
    return Proposal(fields=(named,))


def suggest(found: Found, reading: Reading, register: Register, held: Callable[[str], str | None]) -> Suggestion:
    """held: title of what has this id already, in the library or on its way there, or None.

    Raises InvalidCard.
    """
    given = fields_given(found, reading)
    own = brings_card(given)
    card = make_card(found, reading, register)
    proposal = propose(reading, found.path.name, register)
    alike: tuple[HeldAlike, ...] = ()
    if not own:
        taken = {field: value for field, value in proposal.card_fields().items() if field not in given}
        card = Card.model_validate({**card.model_dump(mode="json", exclude_defaults=True), **taken})
        if title := held(card.id):
            alike = (HeldAlike(document=card.id, title=title, why="It has the same file name or id."),)
            card = card.model_copy(update={"id": _free(card.id, held)})
    return Suggestion(
        card=card.model_dump(mode="json", exclude_defaults=True),
        own=own,
        proposal=proposal,
        alike=alike,
        notices=tuple(_notices(proposal, alike, reading.quality, "audience" in given)),
        quality=reading.quality,
        pages=reading.pages,
        left_out=reading.left_out,
    )


def _notices(proposal: Proposal, alike: tuple[HeldAlike, ...], quality: Quality | None, seen: bool) -> Iterator[str]:
    """seen: whether it is said already who may see the document."""
    for near in alike:
        yield f"'{near.title}' ({near.document}) may be an earlier edition of it. {near.why} Say below which it is."
    if quality and quality.grade is Grade.POOR:
        yield f"It was read poorly. {' '.join(quality.warnings)}"
    if proposal.restricted and not seen:
        yield f"It is marked {proposal.marking}. Say who may see it before you add it."
    for conflict in proposal.conflicts:
        values = " and ".join(str(candidate.value) for candidate in conflict.candidates)
        field = conflict.field.replace("_", " ")
        yield f"It says {values} for '{field}'. Choose the right one."
    if proposal.personal:
        some = ", ".join(dict.fromkeys(datum.text for datum in proposal.personal[:3]))
        more = f" and {len(proposal.personal) - 3} more" if len(proposal.personal) > 3 else ""
        yield f"It seems to hold personal data: {some}{more}. Add it only if these may be quoted."


def _free(id_: str, held: Callable[[str], str | None]) -> str:
    number = 2
    while held(made := f"{id_[: _LONGEST_ID - 6].rstrip('-')}-{number}"):
        number += 1
    return made
