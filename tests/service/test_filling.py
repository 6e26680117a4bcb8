"""The form on which a card is confirmed: nothing that the file or its card says is lost on the way through it."""

import pytest

from ingest.catalogue.submitted import Submission
from ingest.errors import InvalidCard
from ingest.proposing import Conflict, Proposal, Proposed
from ingest.suggesting import Suggestion
from ingest.vocabulary import Card
from service.filling import CardForm, card_form, typed_card

CARD = {
    "id": "ferry-plan",
    "title": "Ferry plan",
    "organisations": [
        {"slug": "durham", "role": "author", "published_as": "Durham Police"},
        {"slug": "cheshire", "role": "reported_on"},
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


def submission() -> Submission:
    moment = "2026-11-22T09:30:00Z"
    return Submission.model_validate(
        {"id": 1, "name": "ferry.pdf", "place": "ferry.pdf", "received_at": moment, "changed_at": moment}
    )


def suggested(card: dict[str, object], **said: object) -> Suggestion:
    return Suggestion(card=card, own=False, proposal=Proposal.model_validate(said))


def sent(form: CardForm) -> dict[str, str]:
    """As a browser sends the form when nothing is changed on it."""
    filled = {field.name: field.value for field in form.fields} | dict(form.given)
    for number, organisation in enumerate(form.organisations):
        filled |= {f"slug-{number}": organisation["slug"], f"role-{number}": organisation["role"]}
        filled[f"published_as-{organisation['slug']}"] = organisation["published_as"]
    return filled


def test_every_field_of_a_card_goes_through_the_form_unchanged() -> None:
    assert CARD.keys() == Card.model_fields.keys()
    form = card_form(submission(), suggested(CARD), (), {})
    assert typed_card(sent(form)).model_dump(mode="json") == Card.model_validate(CARD).model_dump(mode="json")


def test_a_name_that_an_organisation_had_is_not_given_to_another() -> None:
    filled = sent(card_form(submission(), suggested(CARD), (), {})) | {"slug-0": "merseyside"}
    assert typed_card(filled).organisations[0].published_as is None


def test_the_suggested_edition_of_a_document_held_is_chosen_on_the_form() -> None:
    form = card_form(submission(), suggested(CARD), ("ferry-plan",), {})
    assert (form.given["what"], form.given["edition_of"], form.given["id"]) == ("edition", "ferry-plan", "")
    assert typed_card(sent(form)).id == "ferry-plan"


def test_who_may_see_what_is_restricted_must_be_said() -> None:
    card = {"id": "ferry-plan", "title": "Ferry plan"}
    form = card_form(submission(), suggested(card, restricted=True, marking="OFFICIAL-SENSITIVE"), (), {})
    assert "audience" not in typed_card(sent(form)).model_fields_set


def test_a_conflict_is_a_choice_and_something_else_can_be_said() -> None:
    said = [Proposed(field="covers_to", value=year, quote=f"to {year}", page=3, source="text") for year in ("18", "19")]
    conflict = Conflict(field="covers_to", candidates=tuple(said))
    form = card_form(submission(), suggested({"id": "a", "title": "A"}, conflicts=[conflict.model_dump()]), (), {})
    [field] = [field for field in form.fields if field.name == "covers_to"]
    assert [(choice.value, choice.words) for choice in field.candidates] == [
        ("18", "In the text, page 3: “to 18”"),
        ("19", "In the text, page 3: “to 19”"),
    ]
    typed = {"what": "new", "id": "a", "title": "A", "covers_to": "", "covers_to-other": "2020"}
    assert typed_card(typed).covers_to == "2020"


@pytest.mark.parametrize("typed", [{}, {"what": "edition", "title": "A"}, {"id": "A B", "title": "A"}])
def test_a_form_without_a_usable_id_is_refused_in_words(typed: dict[str, str]) -> None:
    with pytest.raises(InvalidCard, match="Field 'id'"):
        typed_card(typed)
