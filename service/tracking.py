"""Submissions as the pages show them: how far each has come, in words, and the form on which its card is confirmed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from ingest.catalogue.submissions import LAST_STAGE, Submission, SubmissionState
from ingest.corpus import invalid_fields
from ingest.errors import InvalidCard
from ingest.register import Register
from ingest.submitting import suggestion_of
from ingest.suggesting import Proposed, Suggestion
from ingest.vocabulary import Card, Kind, Role, Status, page_unit
from service.showing import card_in_words, quality_in_words
from service.wording import capital, counted, kind_in_words

_SHOWN = 50
"""Of those that were added, and of those that were not."""
_SOURCES = {"text": "In the text", "properties": "In the file’s properties", "file_name": "In the file’s name"}


@dataclass(frozen=True, slots=True)
class Line:
    """One submission in the list."""

    id: int
    place: str
    title: str
    told: str
    """How far it has come, or what became of it."""
    done: int | None = None
    of: int | None = None
    card: str = ""
    """What is suggested, beside the title."""
    notices: int = 0
    document: str | None = None
    has_receipt: bool = False
    can_be_retried: bool = False


@dataclass(frozen=True, slots=True)
class Tracked:
    """All that the page lists."""

    to_confirm: tuple[Line, ...] = ()
    under_way: tuple[Line, ...] = ()
    failed: tuple[Line, ...] = ()
    added: tuple[Line, ...] = ()

    @property
    def sentence(self) -> str:
        """3 to check, 2 on their way, 1 not added."""
        parts = ((self.to_confirm, "to check"), (self.under_way, "on their way"), (self.failed, "not added"))
        told = ", ".join(f"{len(lines)} {what}" for lines, what in parts if lines)
        return told or "Nothing is on its way."


def track(submissions: Sequence[Submission], register: Register) -> Tracked:
    def lines(*states: SubmissionState) -> tuple[Line, ...]:
        return tuple(_line(submission, register) for submission in submissions if submission.state in states)

    return Tracked(
        to_confirm=lines(SubmissionState.TO_CONFIRM),
        under_way=lines(SubmissionState.WORKING, SubmissionState.QUEUED),
        failed=lines(SubmissionState.FAILED)[-_SHOWN:][::-1],
        added=lines(SubmissionState.ADDED)[-_SHOWN:][::-1],
    )


def _line(submission: Submission, register: Register) -> Line:
    suggestion = suggestion_of(submission)
    return Line(
        id=submission.id,
        place=submission.place,
        title=str(suggestion.card["title"]) if suggestion else submission.place,
        told=told(submission),
        done=submission.done if submission.state is SubmissionState.WORKING else None,
        of=submission.of,
        card=card_in_words(Card.model_validate(suggestion.card), register) if suggestion else "",
        notices=len(suggestion.notices) if suggestion else 0,
        document=submission.document,
        has_receipt=submission.outcome in ("added", "updated"),
        can_be_retried=submission.sha256 is not None,
    )


def told(submission: Submission) -> str:
    """How far it has come, in words."""
    if submission.state is SubmissionState.QUEUED:
        return "Waits to be added" if submission.confirmed else "Waits to be read"
    if submission.state is SubmissionState.WORKING:
        return _at_work(submission)
    if submission.state is SubmissionState.TO_CONFIRM:
        return "Read; waits for its card to be confirmed"
    if submission.state is SubmissionState.CANCELLED:
        return "Cancelled"
    return submission.message or ""


def _at_work(submission: Submission) -> str:
    unit = page_unit(submission.name.rsplit(".", 1)[-1].lower())
    units = {"read": unit, "embedded": "passage", "unpacked": "file"}
    if submission.stage is None:
        return "Is being added" if submission.confirmed else "Is being read"
    if submission.stage == LAST_STAGE:
        return "Is being put in"
    of = submission.of or 1
    amount = f" {submission.done:,} of {counted(of, units[submission.stage])}" if submission.stage in units else ""
    return capital(submission.stage) + (amount if of > 1 else "")


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
    "language": ("Language", ""),
}
_SELECTED: Mapping[str, tuple[Choice, ...]] = {
    "kind": tuple(Choice(kind.value, capital(kind_in_words(kind))) for kind in Kind),
    "status": tuple(Choice(status.value, status.value.capitalize()) for status in Status),
}
_SPARE_ORGANISATIONS = 2


def card_form(submission: Submission, suggestion: Suggestion, given: Mapping[str, str], problem: str = "") -> CardForm:
    """given: what was typed already, by the names of the form; empty for what is suggested."""
    values = given or _as_typed(suggestion)
    quality = quality_in_words(suggestion.quality, suggestion.pages, submission.name.rsplit(".", 1)[-1].lower())
    return CardForm(
        suggestion=suggestion,
        fields=tuple(_field(name, values, suggestion) for name in _FIELDS),
        organisations=tuple(_with_words(organisation, suggestion) for organisation in _organisations(values)),
        given={"what": "new", "id": "", "edition_of": "", **values},
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


def _as_typed(suggestion: Suggestion) -> dict[str, str]:
    """A suggestion's card as the form would send it."""
    card = Card.model_validate(suggestion.card)
    fields = card.model_dump(mode="json")
    typed = {name: str(fields[name] or "") for name in _FIELDS} | {"id": card.id}
    typed["audience"] = "" if suggestion.proposal.restricted else ", ".join(card.audience)
    for number, organisation in enumerate(card.organisations):
        typed |= {f"{name}-{number}": str(value or "") for name, value in organisation.model_dump(mode="json").items()}
    return typed


def _organisations(form: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Those typed, and room for more."""
    named = [int(name.removeprefix("slug-")) for name in form if name.startswith("slug-") and form[name]]
    for number in range(max(named, default=-1) + 1 + _SPARE_ORGANISATIONS):
        role = form.get(f"role-{number}") or Role.AUTHOR.value
        yield {
            "slug": form.get(f"slug-{number}", ""),
            "role": role,
            "published_as": form.get(f"published_as-{number}", ""),
        }


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
