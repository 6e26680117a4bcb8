"""The form that a card is edited in: from a card to its fields, and back."""

from collections.abc import Iterator
from difflib import get_close_matches
from itertools import zip_longest
from typing import NamedTuple

from pydantic import BaseModel

from ingest.corpus import card_of
from ingest.errors import InvalidCard
from ingest.register import Register
from ingest.vocabulary import Card

BLANK_ROWS = 2


class Row(NamedTuple):
    """An organisation in the form."""

    name: str = ""
    role: str = "author"
    published_as: str = ""


class CardForm(BaseModel):
    """As a browser sends it. What a field must be is decided as for the file of a card."""

    title: str = ""
    organisation: list[str] = []
    role: list[str] = []
    published_as: list[str] = []
    kind: str = ""
    edition: str = ""
    event_date: str = ""
    published: str = ""
    covers_from: str = ""
    covers_to: str = ""
    review_date: str = ""
    status: str = ""
    superseded_by: str = ""
    marking: str = ""
    licence: str = ""
    url: str = ""
    retrieved_on: str = ""
    owner_post: str = ""
    language: str = ""
    audience: str = ""
    seen: str = ""
    """Digest of the card that the form was filled from."""
    more: str = ""
    """Set where nothing is to be saved yet: another row is wanted for an organisation."""

    def rows(self) -> list[Row]:
        """The organisations that are named, and room for others."""
        filled = zip_longest(self.organisation, self.role, self.published_as, fillvalue="")
        kept = [Row(name, role or "author", called) for name, role, called in filled if name.strip() or called.strip()]
        return [*kept, *[Row()] * BLANK_ROWS]


def form_of(card: Card, register: Register) -> CardForm:
    said = {name: value or "" for name, value in card.model_dump(mode="json").items() if name in _PLAIN}
    return CardForm(
        **said,
        organisation=[register.name(o.slug) for o in card.organisations],
        role=[o.role.value for o in card.organisations],
        published_as=[o.published_as or "" for o in card.organisations],
        audience=", ".join(card.audience),
        seen=card.digest,
    )


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


def differing(form: CardForm, card: Card, register: Register) -> dict[str, str]:
    """What a card says by now in the fields in which the form says something else."""
    now = form_of(card, register)
    told = {
        name: getattr(now, name) or "nothing" for name in (*_PLAIN, "audience") if _of(form, name) != _of(now, name)
    }
    if [row for row in form.rows() if row.name] != [row for row in now.rows() if row.name]:
        told["organisations"] = "; ".join(row.name for row in now.rows() if row.name) or "nothing"
    return told


_PLAIN = tuple(name for name in CardForm.model_fields if name in Card.model_fields and name != "audience")


def _of(form: CardForm, name: str) -> str:
    return str(getattr(form, name)).strip()


def _audience(form: CardForm) -> list[str]:
    return [name.strip() for name in form.audience.split(",") if name.strip()]


def _faults(form: CardForm, register: Register) -> Iterator[tuple[str, str]]:
    """What only a form can have wrong."""
    if not _audience(form):
        yield "audience", "Say who may be answered from it; write everyone if anybody may."
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
