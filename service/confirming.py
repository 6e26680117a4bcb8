"""The form on which the card of a submission is confirmed: what is suggested, and the words that it was taken from."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from ingest.errors import InvalidCard
from ingest.proposing import is_restricted
from ingest.register import Register
from ingest.suggesting import Suggestion
from ingest.vocabulary import Card
from service.filling import GROUPS, Beside, CardForm, Choice, values_of

_SELECTED = {field.name for group in GROUPS for field in group.fields if field.options}


class ConfirmForm(CardForm):
    """Of a submission: whether it is a new document or the edition of one that is held, besides its card."""

    what: str = "new"
    id: str = ""
    edition_of: str = ""
    mask: str = ""
    next: str = ""
    """Set where the next one is to be checked then."""

    @property
    def document(self) -> str:
        return (self.edition_of if self.what == "edition" else self.id).strip()


def suggested_form(
    suggestion: Suggestion, held: Collection[str], register: Register, older: Iterable[str] = ()
) -> ConfirmForm:
    """held: ids of documents. older: of what waited beside it, was added since, and seems to be the older edition."""
    card = Card.model_validate(suggestion.card)
    values = values_of(card, register) | {"id": card.id}
    if follows := next((id_ for id_ in (card.id, *older) if id_ in held), None):
        values |= {"what": "edition", "edition_of": follows, "id": "" if follows == card.id else card.id}
    marking = suggestion.proposal.marking if suggestion.proposal.restricted else card.marking
    if is_restricted(marking):
        values["said_for"] = marking or ""
        values |= {} if "audience" in suggestion.card else {"audience": ""}
    return ConfirmForm.model_validate(values)


def beside(suggestion: Suggestion, register: Register, faults: Mapping[str, str]) -> Beside:
    candidates = {
        conflict.field: tuple(Choice(str(c.value), str(c.value), c.words) for c in conflict.candidates)
        for conflict in suggestion.proposal.conflicts
    }
    return Beside(faults=faults, words=dict(_told(suggestion, register)), candidates=candidates)


def check_chosen(typed: Mapping[str, Sequence[str]], suggestion: Suggestion) -> None:
    """Raises InvalidCard where the file says more than one thing and none was chosen.

    A browser sends what is chosen, be it "something else", and what is written beside it; else only the latter.
    """
    sent = {conflict.field: typed.get(conflict.field, ()) for conflict in suggestion.proposal.conflicts}
    written = {name for name, values in sent.items() if name not in _SELECTED and any(map(str.strip, values))}
    fault = "Choose which it is; choose 'Something else' and leave it empty if it is not known."
    faults = [(name, fault) for name, values in sent.items() if len(values) < 2 and name not in written]
    if faults:
        raise InvalidCard(fault, faults)


def _told(suggestion: Suggestion, register: Register) -> Iterator[tuple[str, str]]:
    for name, value in suggestion.card.items():
        for one in value if name == "organisations" else [value]:
            proposed = suggestion.evidence(name, one)
            if proposed is not None:
                yield register.name(one["slug"]) if name == "organisations" else name, proposed.words
