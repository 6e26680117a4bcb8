"""The form on which the card of a submission is confirmed: what is suggested, and the card as it was typed."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from ingest.catalogue.submitted import Submission
from ingest.corpus import invalid_fields
from ingest.errors import InvalidCard
from ingest.proposing import Proposed
from ingest.suggesting import Suggestion
from ingest.vocabulary import Card, Kind, Role, Status
from service.showing import quality_in_words
from service.wording import capital, kind_in_words

_SOURCES = {"text": "In the text", "properties": "In the file’s properties", "file_name": "In the file’s name"}


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of the card on the form."""

    name: str
    label: str
    value: str
    hint: str = ""
    words: str = ""
    """Where its value was taken from."""
    options: tuple[Choice, ...] = ()
    """Of a field with only these values."""
    candidates: tuple[Choice, ...] = ()
    """Where the file says more than one thing."""


@dataclass(frozen=True, slots=True)
class CardForm:
    suggestion: Suggestion
    fields: tuple[FormField, ...]
    organisations: tuple[Mapping[str, str], ...]
    given: Mapping[str, str]
    """What is new, or the edition of what: "what", "id" and "edition_of"."""
    read: str
    problem: str = ""


_FIELDS: Mapping[str, tuple[str, str]] = {
    "title": ("Title", ""),
    "kind": ("Kind", ""),
    "published": ("Published", ""),
    "event_date": ("Date of the event", ""),
    "covers_from": ("Covers from", ""),
    "covers_to": ("Covers to", ""),
    "review_date": ("Review due", ""),
    "edition": ("Edition", "As it calls itself: V2, draft 3."),
    "status": ("Status", ""),
    "marking": ("Marking", "As it stands on the document."),
    "audience": ("Who may see it", "“everyone”, or names of groups with commas between them."),
    "licence": ("Licence", ""),
    "owner_post": ("Owner", "A post, not a person’s name."),
    "url": ("Web address", ""),
    "retrieved_on": ("Retrieved", ""),
    "superseded_by": ("Superseded by", "The id of the document that took its place."),
    "language": ("Language", ""),
}
_SELECTED: Mapping[str, tuple[Choice, ...]] = {
    "kind": tuple(Choice(kind.value, capital(kind_in_words(kind))) for kind in Kind),
    "status": tuple(Choice(status.value, status.value.capitalize()) for status in Status),
}
_SPARE_ORGANISATIONS = 2
_MOST_ORGANISATIONS = 50


def card_form(
    submission: Submission,
    suggestion: Suggestion,
    held: Collection[str],
    given: Mapping[str, str],
    problem: str = "",
) -> CardForm:
    """held: ids of documents. given: what was typed already, by the names of the form; empty for what is suggested."""
    values = given or _as_typed(suggestion, held)
    quality = quality_in_words(suggestion.quality, suggestion.pages, submission.name.rsplit(".", 1)[-1].lower())
    return CardForm(
        suggestion=suggestion,
        fields=tuple(_field(name, values, suggestion) for name in _FIELDS),
        organisations=tuple(_with_words(organisation, suggestion) for organisation in _organisations(values)),
        given={"what": "new", "id": "", "edition_of": "", "mask": "", **values},
        read=quality,
        problem=problem,
    )


def typed_card(form: Mapping[str, str]) -> Card:
    """The card as it was typed: what is empty is left out. Raises InvalidCard."""
    try:
        return Card.model_validate(_typed_fields(form))
    except ValidationError as error:
        raise InvalidCard(f"{invalid_fields(error)} Correct it, then add the document.") from error


def _typed_fields(form: Mapping[str, str]) -> dict[str, Any]:
    typed = {name: form.get(name, "") or form.get(f"{name}-other", "") for name in _FIELDS}
    fields: dict[str, Any] = {name: value.strip() for name, value in typed.items() if value.strip()}
    if "audience" in fields:
        fields["audience"] = [name.strip() for name in fields["audience"].split(",") if name.strip()]
    fields["id"] = (form.get("edition_of") if form.get("what") == "edition" else form.get("id")) or ""
    fields["organisations"] = [
        {name: value for name, value in organisation.items() if value}
        for organisation in _organisations(form)
        if organisation["slug"]
    ]
    return fields


def _as_typed(suggestion: Suggestion, held: Collection[str]) -> dict[str, str]:
    """A suggestion's card as the form would send it."""
    card = Card.model_validate(suggestion.card)
    fields = card.model_dump(mode="json")
    typed = {name: str(fields[name] or "") for name in _FIELDS}
    typed |= {"what": "edition", "edition_of": card.id} if card.id in held else {"id": card.id}
    unsaid = suggestion.proposal.restricted and "audience" not in suggestion.card
    typed["audience"] = "" if unsaid else ", ".join(card.audience)
    for number, organisation in enumerate(card.organisations):
        typed |= {f"slug-{number}": organisation.slug, f"role-{number}": organisation.role.value}
        typed[f"published_as-{organisation.slug}"] = organisation.published_as or ""
    return typed


def _organisations(form: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Those typed, and room for more."""
    named = [number for number in range(_MOST_ORGANISATIONS) if form.get(f"slug-{number}")]
    for number in range(max(named, default=-1) + 1 + _SPARE_ORGANISATIONS):
        slug, role = form.get(f"slug-{number}", ""), form.get(f"role-{number}") or Role.AUTHOR.value
        yield {"slug": slug, "role": role, "published_as": form.get(f"published_as-{slug}", "")}


def _with_words(organisation: dict[str, str], suggestion: Suggestion) -> dict[str, str]:
    return {**organisation, "words": _words(suggestion.evidence("organisations", {"slug": organisation["slug"]}))}


def _field(name: str, values: Mapping[str, str], suggestion: Suggestion) -> FormField:
    label, hint = _FIELDS[name]
    conflicts = (conflict for conflict in suggestion.proposal.conflicts if conflict.field == name)
    return FormField(
        name=name,
        label=label,
        value=values.get(name, "") or values.get(f"{name}-other", ""),
        hint=hint,
        words=_words(suggestion.evidence(name, suggestion.card.get(name))),
        options=_SELECTED.get(name, ()),
        candidates=tuple(_choices(candidate for conflict in conflicts for candidate in conflict.candidates)),
    )


def _choices(candidates: Iterable[Proposed]) -> Iterator[Choice]:
    for candidate in candidates:
        yield Choice(str(candidate.value), str(candidate.value), _words(candidate))


def _words(proposed: Proposed | None) -> str:
    """In the text, page 1: “Engagement strategy 2024”."""
    if proposed is None:
        return ""
    page = f", page {proposed.page}" if proposed.page else ""
    return f"{_SOURCES[proposed.source]}{page}: “{' '.join(proposed.quote.split())}”"
