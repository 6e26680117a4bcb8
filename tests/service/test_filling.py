"""The form on which a card is filled: nothing that a file or its card says is lost on the way through it, wherever it
stands."""

from contextlib import nullcontext

import pytest

from ingest.errors import InvalidCard
from ingest.proposing import Conflict, Proposal, Proposed
from ingest.register import Register
from ingest.suggesting import Suggestion
from ingest.vocabulary import Card
from service.confirming import ConfirmForm, beside, check_chosen, suggested_form
from service.filling import GROUPS, TITLE, CardForm, EditForm, asking_again, card_from, edit_form, faults_of

CARD = {
    "id": "ferry-plan",
    "title": "Ferry plan",
    "organisations": [
        {"slug": "durham", "role": "author", "published_as": "Durham Police"},
        {"slug": "cheshire", "role": "reported_on", "published_as": None},
    ],
    "kind": "activity-plan",
    "edition": "V2",
    "event_date": "2024-01",
    "published": "2024-02-03",
    "covers_from": "2024",
    "covers_to": "2026",
    "review_date": "2025-02",
    "status": "superseded",
    "superseded_by": "ferry-plan-3",
    "marking": "OFFICIAL",
    "licence": "OGL",
    "url": "https://ferry.example/plan",
    "retrieved_on": "2024-03-01",
    "owner_post": "Engagement lead",
    "language": "cy",
    "audience": ["leads", "tutors"],
}
REGISTER = Register.load()


def suggested(card: dict[str, object], **said: object) -> Suggestion:
    return Suggestion(card=card, own=False, proposal=Proposal.model_validate(said))


def sent(form: CardForm) -> dict[str, list[str]]:
    """As a browser sends the form when nothing is changed on it."""
    return {name: value if isinstance(value, list) else [value] for name, value in form.model_dump().items()}


def filled(**typed: str) -> CardForm:
    return CardForm.model_validate({"title": "A", "audience": "everyone", **typed})


def faults(form: CardForm) -> dict[str, str]:
    with pytest.raises(InvalidCard) as refusal:
        card_from(form, "a", REGISTER)
    return faults_of(refusal.value)


def test_every_field_of_a_card_goes_through_the_form_unchanged_in_both_places() -> None:
    card = Card.model_validate(CARD)
    assert CARD.keys() == Card.model_fields.keys()
    shown = {TITLE.name, "organisations", *(field.name for group in GROUPS for field in group.fields)}
    assert shown == Card.model_fields.keys() - {"id"}
    confirmed = ConfirmForm.model_validate(sent(suggested_form(suggested(CARD), (), REGISTER)))
    edited = EditForm.model_validate(sent(edit_form(card, REGISTER)))
    assert card_from(confirmed, confirmed.document, REGISTER) == card
    assert card_from(edited, "ferry-plan", REGISTER) == card
    assert edited.seen == card.digest


def test_the_suggested_edition_of_a_document_held_is_chosen_on_the_form() -> None:
    form = suggested_form(suggested(CARD), ("ferry-plan",), REGISTER)
    assert (form.what, form.edition_of, form.id, form.document) == ("edition", "ferry-plan", "", "ferry-plan")


def test_who_may_see_what_is_restricted_must_be_said() -> None:
    card = {"id": "ferry-plan", "title": "Ferry plan"}
    form = suggested_form(suggested(card, restricted=True, marking="OFFICIAL-SENSITIVE"), (), REGISTER)
    assert faults(form) == {"audience": "Say who may be answered from it; write everyone if anybody may."}
    said = form.model_copy(update={"audience": "everyone", "marking": "OFFICIAL-SENSITIVE"})
    assert card_from(said, "ferry-plan", REGISTER).audience == ("everyone",)


def test_everyone_is_asked_for_once_more_when_the_marking_becomes_official_sensitive() -> None:
    form = filled(marking="OFFICIAL-SENSITIVE", said_for="OFFICIAL")
    told = faults(form)
    assert told == {
        "audience": "It is to be marked OFFICIAL-SENSITIVE: say who may be answered from it, everyone if anybody may."
    }
    again = asking_again(form, told)
    assert (again.audience, again.said_for) == ("", "OFFICIAL-SENSITIVE")
    assert card_from(again.model_copy(update={"audience": "everyone"}), "a", REGISTER).audience == ("everyone",)
    leads = filled(marking="OFFICIAL-SENSITIVE", audience="leads")
    assert card_from(leads, "a", REGISTER).audience == ("leads",)


def test_a_conflict_is_a_choice_and_something_else_can_be_said() -> None:
    said = [Proposed(field="covers_to", value=year, quote=f"to {year}", page=3, source="text") for year in ("18", "19")]
    conflict = Conflict(field="covers_to", candidates=tuple(said))
    suggestion = suggested({"id": "a", "title": "A"}, conflicts=[conflict.model_dump()])
    assert beside(suggestion, REGISTER, {}).candidates["covers_to"] == (
        ("18", "18", "In the text, page 3: “to 18”"),
        ("19", "19", "In the text, page 3: “to 19”"),
    )
    chosen = [["2018", ""], ["", "2020"], ["2018", "2020"], ["", ""]]
    assert [CardForm.model_validate({"covers_to": both}).covers_to for both in chosen] == ["2018", "2020", "2018", ""]


@pytest.mark.parametrize(
    ("field", "sent", "chosen"),
    [
        ("covers_to", ["18", ""], True),
        ("covers_to", ["", ""], True),
        ("covers_to", ["2020"], True),
        ("covers_to", [""], False),
        ("kind", ["", "profile"], True),
        ("kind", ["profile"], False),  # a list always sends something, be it what stands first
    ],
)
def test_a_conflict_has_to_be_decided(field: str, sent: list[str], chosen: bool) -> None:
    said = [Proposed(field=field, value=value, quote=value, source="text") for value in ("18", "19")]
    suggestion = suggested(CARD, conflicts=[Conflict(field=field, candidates=tuple(said)).model_dump()])
    with nullcontext() if chosen else pytest.raises(InvalidCard, match="Choose which it is"):
        check_chosen({field: sent}, suggestion)


def test_the_words_for_a_field_and_for_an_organisation_stand_beside_it() -> None:
    told = [
        Proposed(field="title", value="Ferry plan", quote="Ferry plan", page=1),
        Proposed(field="organisations", value=CARD["organisations"][0], quote="Durham Police", source="file_name"),
    ]
    words = beside(suggested(CARD, fields=told), REGISTER, {}).words
    assert words == {
        "title": "In the text, page 1: “Ferry plan”",
        "Durham Constabulary": "In the file’s name: “Durham Police”",
    }


def test_all_that_is_wrong_is_told_in_the_order_of_the_form() -> None:
    form = filled(title="", published="May", kind="novel").model_copy(update={"organisation": ["Kentt"]})
    assert list(faults(form)) == ["title", "organisations", "kind", "published"]


@pytest.mark.parametrize("typed", [{}, {"what": "edition", "id": "a"}, {"id": "A B"}])
def test_a_form_without_a_usable_id_is_refused_in_words(typed: dict[str, str]) -> None:
    form = ConfirmForm.model_validate({"title": "A", "audience": "everyone", **typed})
    with pytest.raises(InvalidCard, match="Field 'id'"):
        card_from(form, form.document, REGISTER)
