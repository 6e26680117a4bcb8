"""What a reader is told of a document: what its card knows, and nothing that it does not."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ingest.catalogue import HeldDocument, HeldVersion, State
from ingest.register import Register
from ingest.vocabulary import Block, BlockKind, Card
from service.showing import Told, facts, notices, shelf
from tests.conftest import held_version

REGISTER = Register.load()


def card(**fields: object) -> Card:
    return Card.model_validate({"id": "plan", "title": "A plan"} | fields)


def version(card: Card, number: int = 1, state: State = State.LIVE) -> HeldVersion:
    return held_version(card, Block(BlockKind.PARAGRAPH, "We listen."), number=number, state=state)


def held(card: Card) -> HeldDocument:
    return HeldDocument(
        id=card.id,
        version_id=1,
        number=1,
        card=card,
        sha256="0" * 64,
        file_name="plan.md",
        format="md",
        size=10,
        pages=None,
        passages=1,
        added_at=datetime(2026, 11, 24, tzinfo=UTC),
    )


def told(card: Card) -> dict[str, Told]:
    return dict(facts(version(card), REGISTER))


def test_a_card_that_knows_little_says_little_and_what_is_not_stated():
    assert {label: value.text for label, value in told(card()).items()} == {
        "Kind": "Other",
        "Published": "Not stated",
        "Status": "Current",
        "Marking": "None on source",
        "Licence": "Not stated",
        "Version held": "1, added 24 November 2026",
    }


def test_author_and_subject_are_told_apart():
    organisations = [
        {"slug": "cheshire", "role": "reported_on"},
        {"slug": "durham", "role": "author", "published_as": "Durham Police"},
    ]
    known = told(card(organisations=organisations, kind="inspection"))

    assert known["From"].text == "Durham Police"
    assert known["About"].text == "Cheshire Constabulary"


@pytest.mark.parametrize("url", ["https://force.example/plan", "HTTP://force.example/plan", "http://["])
def test_a_web_address_is_a_link(url):
    assert told(card(url=url))["Original"] == Told(url, url)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//force.example", "x"]
)
def test_any_other_address_is_text(url):
    assert told(card(url=url))["Original"] == Told(url, None)


def test_the_shelf_counts_documents_and_organisations_and_names_the_newest():
    held_documents = [
        held(card(id="a", title="Alpha", organisations=[{"slug": "cheshire", "role": "author"}], published="2021-05")),
        held(card(id="b", title="Beta", organisations=[{"slug": "cheshire", "role": "reported_on"}], kind="profile")),
    ]
    found = shelf(held_documents, REGISTER)

    assert found.sentence == "2 documents held, from or about 1 organisation, newest May 2021"
    assert [row.who for row in found.rows] == ["Cheshire Constabulary", "About Cheshire Constabulary"]
    assert found.rows[1].speaking == "Compiled from public sources; not the force's own words."
    assert found.rows[1].dates == ""


def test_a_replaced_version_leads_to_the_one_in_force():
    old, new = version(card(), 1, State.SUPERSEDED), version(card(), 2)
    (notice,) = notices(old, new)

    assert notice.sentence == "This is version 1, which has been replaced. Answers now use version 2."
    assert notice.link == "/d/plan"


def test_a_withdrawn_version_says_that_answers_no_longer_use_it():
    (notice,) = notices(version(card(), state=State.WITHDRAWN), None)

    assert "withdrawn" in notice.sentence
    assert notice.link is None


def test_what_its_publisher_replaced_leads_to_what_replaces_it():
    replaced = card(status="superseded", superseded_by="newer-plan")
    (notice,) = notices(version(replaced), version(replaced))

    assert notice.link == "/d/newer-plan"


def test_a_live_and_current_document_needs_no_notice():
    live = version(card())

    assert list(notices(live, replace(live))) == []
