"""The form on which a card is filled, the same where a document is added and where its card is edited later: its fields
in groups, a card as the form has it, and the card as it was typed."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import zip_longest
from typing import NamedTuple, TypeVar

from pydantic import BaseModel, ValidationInfo, field_validator

from ingest.corpus import card_of
from ingest.errors import InvalidCard
from ingest.proposing import is_restricted
from ingest.register import Register
from ingest.vocabulary import EVERYONE, Card, Kind, Role, Status
from service.wording import capital, kind_in_words

_BLANK_ROWS = 2


class Choice(NamedTuple):
    value: str
    label: str
    words: str = ""
    """Where it was taken from."""


class Field(NamedTuple):
    """A field of the card on the form."""

    name: str
    label: str
    hint: str = ""
    options: tuple[Choice, ...] = ()
    """Of a field with only these values."""


class Group(NamedTuple):
    legend: str
    fields: tuple[Field, ...]
    hint: str = ""


_KINDS = tuple(Choice(kind.value, capital(kind_in_words(kind))) for kind in Kind)
_STATUSES = tuple(Choice(status.value, status.value.capitalize()) for status in Status)
TITLE = Field("title", "Title")
GROUPS = (
    Group("", (Field("kind", "Kind", "", _KINDS), Field("edition", "Edition", "As it calls itself: V2, draft 3"))),
    Group(
        "Dates",
        (
            Field("published", "Published"),
            Field("event_date", "Event"),
            Field("covers_from", "Covers from"),
            Field("covers_to", "Covers to"),
            Field("review_date", "Review due"),
            Field("retrieved_on", "Retrieved"),
        ),
        "As much as is known: 2016, 2016-01 or 2016-01-07.",
    ),
    Group(
        "Who may be answered from it",
        (
            Field("marking", "Marking", "As it stands on the document: OFFICIAL"),
            Field("audience", "Audience", "everyone, or names of groups with commas between"),
        ),
    ),
    Group(
        "Standing and source",
        (
            Field("status", "Status", "", _STATUSES),
            Field("superseded_by", "Superseded by", "The id of the document that takes its place"),
            Field("owner_post", "Owner", "A rank or post, not a name"),
            Field("licence", "Licence"),
            Field("url", "Web address"),
            Field("language", "Language", "en for English, cy for Welsh"),
        ),
    ),
)
ROLES = (Choice(Role.AUTHOR.value, "Author"), Choice(Role.REPORTED_ON.value, "Reported on"))
LABELS: Mapping[str, str] = {
    TITLE.name: TITLE.label,
    "organisations": "Organisations",
    **{one.name: one.label for group in GROUPS for one in group.fields},
}


class Row(NamedTuple):
    """An organisation in the form."""

    name: str = ""
    role: str = Role.AUTHOR.value
    published_as: str = ""


class CardForm(BaseModel):
    """As a browser sends it. What a field must be is decided as for the file of a card."""

    title: str = ""
    organisation: list[str] = []
    role: list[str] = []
    published_as: list[str] = []
    kind: str = ""
    edition: str = ""
    published: str = ""
    event_date: str = ""
    covers_from: str = ""
    covers_to: str = ""
    review_date: str = ""
    retrieved_on: str = ""
    marking: str = ""
    audience: str = ""
    status: str = ""
    superseded_by: str = ""
    owner_post: str = ""
    licence: str = ""
    url: str = ""
    language: str = ""
    said_for: str = ""
    """The marking for which it was said who may be answered from the document."""
    more: str = ""
    """Set where nothing is to be saved yet: another row is wanted for an organisation."""

    @field_validator("*", mode="before")
    @classmethod
    def _first_said(cls, sent: str | list[str], info: ValidationInfo) -> str | list[str]:
        """Of a choice and of what is written beside it, which have one name, what says something counts."""
        if isinstance(sent, str) or cls.model_fields[info.field_name or ""].annotation == list[str]:
            return sent
        return next(filter(str.strip, sent), "")

    def rows(self) -> list[Row]:
        """The organisations that are named, and room for others."""
        filled = zip_longest(self.organisation, self.role, self.published_as, fillvalue="")
        kept = [
            Row(name, role or Row().role, called) for name, role, called in filled if name.strip() or called.strip()
        ]
        return [*kept, *[Row()] * _BLANK_ROWS]


F = TypeVar("F", bound=CardForm)


class EditForm(CardForm):
    """Of a document that is held."""

    seen: str = ""
    """Digest of the card that the form was filled from."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the fields of a form, by field."""

    faults: Mapping[str, str] = field(default_factory=dict)
    """What is wrong; by "" what is wrong with none of them."""
    now: Mapping[str, str] = field(default_factory=dict)
    """What somebody else has written meanwhile."""
    words: Mapping[str, str] = field(default_factory=dict)
    """Where what is proposed was taken from; of an organisation by its name."""
    candidates: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    """Where the file says more than one thing."""


def values_of(card: Card, register: Register) -> dict[str, str | list[str]]:
    """Of the form that says what a card does."""
    said = {name: value or "" for name, value in card.model_dump(mode="json").items() if name in _PLAIN}
    return {
        **said,
        "organisation": [register.name(o.slug) for o in card.organisations],
        "role": [o.role.value for o in card.organisations],
        "published_as": [o.published_as or "" for o in card.organisations],
        "audience": ", ".join(card.audience),
        "said_for": card.marking or "",
    }


def edit_form(card: Card, register: Register) -> EditForm:
    return EditForm.model_validate({**values_of(card, register), "seen": card.digest})


def card_from(form: CardForm, document: str, register: Register) -> Card:
    """Raises InvalidCard with all that is wrong, field by field."""
    faults = list(_faults(form, register))
    fields: dict[str, object] = {name: getattr(form, name).strip() for name in _PLAIN}
    fields |= {"id": document, "organisations": list(_organisations(form, register))}
    fields |= {"audience": _audience(form) or ["nobody"]}
    try:
        card = card_of(fields, document, register)
    except InvalidCard as error:
        raise InvalidCard(str(error), [*error.faults, *faults]) from error
    if faults:
        raise InvalidCard(f"The card of {document} cannot be used. {faults[0][1]}", faults)
    return card


def faults_of(error: InvalidCard) -> dict[str, str]:
    """The first fault of each field, in the form's order; of a card that is wrong as a whole, the sentence."""
    first = dict(reversed(error.faults)) or {"": str(error)}
    order = ["", "id", *LABELS]
    return dict(sorted(first.items(), key=lambda fault: order.index(fault[0])))


def asking_again(form: F, faults: Collection[str]) -> F:
    """The form as it comes back: who may be answered from it is not said before it is written again."""
    return form.model_copy(update={"audience": "", "said_for": form.marking}) if "audience" in faults else form


def differing(form: CardForm, card: Card, register: Register) -> dict[str, str]:
    """What a card says by now in the fields in which the form says something else."""
    now = edit_form(card, register)
    told = {
        name: getattr(now, name) or "nothing" for name in (*_PLAIN, "audience") if _of(form, name) != _of(now, name)
    }
    if [row for row in form.rows() if row.name] != [row for row in now.rows() if row.name]:
        told["organisations"] = "; ".join(row.name for row in now.rows() if row.name) or "nothing"
    return {name: capital(said) for name, said in told.items()}


_PLAIN = tuple(name for name in CardForm.model_fields if name in Card.model_fields and name != "audience")


def _of(form: CardForm, name: str) -> str:
    return str(getattr(form, name)).strip()


def _audience(form: CardForm) -> list[str]:
    return [name.strip() for name in form.audience.split(",") if name.strip()]


def _faults(form: CardForm, register: Register) -> Iterator[tuple[str, str]]:
    """What only a form can have wrong."""
    audience, marking = _audience(form), form.marking.strip()
    if not audience:
        yield "audience", "Say who may be answered from it; write everyone if anybody may."
    elif EVERYONE in audience and is_restricted(marking) and not is_restricted(form.said_for):
        yield "audience", f"It is to be marked {marking}: say who may be answered from it, everyone if anybody may."
    for row in form.rows():
        if row.name.strip() and _slug(row.name, register) is None:
            yield "organisations", f"'{row.name.strip()}' is not in the register{_nearest(row.name, register)}."
        if row.published_as.strip() and not row.name.strip():
            yield "organisations", f"Say which organisation was published as '{row.published_as.strip()}'."


def _organisations(form: CardForm, register: Register) -> Iterator[dict[str, str]]:
    for row in form.rows():
        if (slug := _slug(row.name, register)) is not None:
            called = {"published_as": row.published_as.strip()} if row.published_as.strip() else {}
            yield {"slug": slug, "role": row.role, **called}


def _slug(name: str, register: Register) -> str | None:
    """Of the one organisation that is called so, by its name in the register, another name of its, or its slug."""
    wanted = name.strip().casefold()
    official = [o.slug for o in register if wanted in (o.name.casefold(), o.slug)]
    others = [o.slug for o in register if wanted in (alias.casefold() for alias in o.aliases)]
    return next((slugs[0] for slugs in (official, others) if len(slugs) == 1), None)


def _nearest(name: str, register: Register) -> str:
    close = get_close_matches(name.strip(), [o.name for o in register], n=1, cutoff=0.5)
    return f" (the nearest known is '{close[0]}')" if close else "; choose from the list"
