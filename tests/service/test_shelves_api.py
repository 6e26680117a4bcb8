"""What is held by API: found, read whole, its card corrected, withdrawn and brought back; who cited it."""

import hashlib
import io
import zipfile
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import text

from service.records import Records
from tests.service.conftest import DOCUMENTS

PLAN = "/api/v1/documents/riverside-plan"


@pytest.fixture
def client(service) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.url, timeout=60) as made:
        yield made


@pytest.fixture
def owner(service) -> dict[str, str]:
    return {"X-Engage-Token": service.token}


def ids(client: httpx.Client, headers: dict[str, str] | None = None, **filters: str) -> list[str]:
    answer = client.get("/api/v1/documents", params=filters, headers=headers)
    assert answer.status_code == 200, answer.text
    return [document["document_id"] for document in answer.json()]


def test_filters_find_what_is_held(client, owner) -> None:
    assert ids(client) == ["harbour-notes", "riverside-plan"]
    assert ids(client, owner) == ["tutors-only", "harbour-notes", "riverside-plan"]
    assert ids(client, organisation="cheshire") == ["riverside-plan"]
    assert ids(client, kind="seminar-output") == ["harbour-notes"]
    assert ids(client, date_from="2016-02", date_to="2021") == ["riverside-plan"]
    assert ids(client, marking="OFFICIAL") == ["riverside-plan"]
    assert ids(client, marking="none", words="SEMINAR notes") == ["harbour-notes"]
    assert ids(client, reading="poor") == []
    assert ids(client, sort="date") == ["riverside-plan", "harbour-notes"]
    refused = client.get("/api/v1/documents", params={"date_from": "2016-13"}).json()
    assert (refused["status"], [fault["field"] for fault in refused["errors"]]) == (422, ["date_from"])


def test_an_original_comes_as_it_was_added_and_only_to_those_who_may_read_it(client, owner) -> None:
    sent = client.get(f"{PLAN}/original")
    assert sent.content == DOCUMENTS["riverside-plan.md"].encode()
    assert sent.headers["content-disposition"] == 'attachment; filename="riverside-plan.md"'
    assert sent.headers["x-content-type-options"] == "nosniff"
    assert sent.headers["content-type"] == "application/octet-stream"
    assert client.get(f"{PLAN}/original", params={"version": 9}).status_code == 404

    for what in ("original", "versions", "answers"):
        address = f"/api/v1/documents/tutors-only/{what}"
        assert client.get(address).status_code == 404
        assert client.get(address, headers={"X-Engage-Token": "guessed"}).status_code == 403
        assert client.get(address, headers=owner).status_code == 200


def test_a_card_is_corrected_and_what_was_edited_meanwhile_is_told(client, owner) -> None:
    before = client.get(PLAN).json()
    card = before["card"] | {"review_date": "2023-05"}

    done = client.put(f"{PLAN}/card", json=card, headers=owner | {"If-Match": before["card_digest"]})
    assert (done.status_code, done.json()["version"]) == (200, 1)
    assert client.get(PLAN).json()["card"]["review_date"] == "2023-05"

    again = client.put(f"{PLAN}/card", json=card, headers=owner | {"If-Match": f'"{before["card_digest"]}"'})
    assert (again.status_code, again.json()["type"]) == (412, "/problems/card-changed")

    unknown = card | {"organisations": [{"slug": "cheshir", "role": "author"}]}
    refused = client.put(f"{PLAN}/card", json=unknown, headers=owner)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/invalid-card")
    assert refused.json()["errors"] == [
        {"field": "organisations", "message": "'cheshir' is not in the register (the nearest known is 'cheshire')."}
    ]
    assert client.put(f"{PLAN}/card", json=card).status_code == 401
    assert client.put(f"{PLAN}/card", content=b"{}", headers=owner).status_code == 415
    assert client.put(f"{PLAN}/card", json=before["card"], headers=owner).status_code == 200


def test_a_document_is_withdrawn_and_brought_back_and_its_citations_are_found(client, owner) -> None:
    question = {"question": "Who was consulted on the plan in March 2021?"}
    answer = client.post("/api/v1/questions", json=question).json()
    assert answer["citations"][0]["source"]["document_id"] == "riverside-plan"

    assert client.delete(PLAN, headers=owner).status_code == 200
    citing = client.get(f"{PLAN}/answers").json()
    assert (citing[0]["reference"], citing[0]["question"], citing[0]["versions"]) == (
        answer["reference"],
        question["question"],
        [1],
    )
    assert client.get(f"{PLAN}/versions").json()[0]["state"] == "withdrawn"
    assert client.get(f"{PLAN}/original").status_code == 200
    assert client.put(f"{PLAN}/card", json={"id": "riverside-plan", "title": "T"}, headers=owner).status_code == 404

    back = client.post(f"{PLAN}/restore", headers=owner)
    assert back.json()["message"] == "'Riverside engagement plan' (riverside-plan) is back in answers."
    again = client.post("/api/v1/questions", json=question).json()
    assert again["citations"][0]["source"]["document_id"] == "riverside-plan"
    assert client.post(f"{PLAN}/restore").status_code == 401


def test_versions_tell_what_each_changed(client, owner) -> None:
    for day in ("Mondays", "Mondays and Tuesdays"):
        text_ = f"# Walks\n\n## When\n\nWalks are on {day}.\n\n## Where\n\nThey start at the quay.\n"
        client.post("/api/v1/documents", files={"file": ("walks.md", text_)}, headers=owner).raise_for_status()

    new, old = client.get("/api/v1/documents/walks/versions").json()
    assert (new["version"], new["state"], old["version"], old["state"]) == (2, "live", 1, "superseded")
    assert new["changes"] == {"new": 0, "changed": 1, "unchanged": 1, "removed": 0}
    assert old["changes"] is None
    first = client.get("/api/v1/documents/walks/original", params={"version": 1})
    assert hashlib.sha256(first.content).hexdigest() == old["sha256"]
    assert b"on Mondays." in first.content

    told = client.get("/api/v1/documents/walks/changes").json()
    assert told["summary"] == "1 heading changed, 0 new, 0 gone, 2 unchanged"
    [change] = [change for change in told["headings"] if change["state"] == "changed"]
    assert change["changes"] == [{"old": "Walks are on Mondays.", "new": "Walks are on Mondays and Tuesdays."}]
    beside = client.get("/api/v1/documents/walks/changes", params={"against": "riverside-plan"}).json()
    assert (beside["old"]["document"], beside["old"]["version"]) == ("riverside-plan", 1)
    client.delete("/api/v1/documents/walks", headers=owner)


def test_what_may_not_be_read_is_not_compared(client, owner) -> None:
    for address in ("tutors-only/changes", "riverside-plan/changes?against=tutors-only"):
        assert client.get(f"/api/v1/documents/{address}").status_code == 404
    own = client.get("/api/v1/documents/riverside-plan/changes", params={"against": "tutors-only"}, headers=owner)
    assert own.json()["old"]["title"] == "Notes for tutors"
    first = client.get("/api/v1/documents/riverside-plan/changes")
    assert (first.status_code, first.json()["type"]) == (404, "/problems/unknown-document")
    assert client.get("/api/v1/documents/riverside-plan/changes?since=0").status_code == 422


def test_a_card_is_proposed_and_nothing_is_kept(client, owner) -> None:
    before = ids(client, owner)
    text_ = "# Millpond engagement plan\n\nPublished by Durham Constabulary, May 2024.\n\nReview date: May 2025\n"
    sent = client.post("/api/v1/proposals", files={"file": ("millpond.md", text_)}, headers=owner)
    assert sent.status_code == 200, sent.text
    proposed = sent.json()
    assert (proposed["card"]["id"], proposed["card"]["title"]) == ("millpond", "Millpond engagement plan")
    quotes = {field["field"]: field["quote"] for field in proposed["proposal"]["fields"]}
    assert quotes["review_date"] == "Review date: May 2025"
    assert ids(client, owner) == before
    assert client.get("/api/v1/submissions", headers=owner).json() == []

    assert client.post("/api/v1/proposals", files={"file": ("a.md", text_)}).status_code == 401
    secret = client.post("/api/v1/proposals", files={"file": ("a.md", "SECRET\n\nOf the mill.")}, headers=owner)
    assert (secret.status_code, secret.json()["type"]) == (422, "/problems/unreadable-document")
    nameless = client.post(
        "/api/v1/proposals", files={"file": ("../a.md", text_)}, data={"name": "../a"}, headers=owner
    )
    assert nameless.status_code == 422


def test_the_export_is_for_owners(client, owner) -> None:
    assert client.get("/api/v1/export").status_code == 401
    sent = client.get("/api/v1/export", headers=owner)
    assert sent.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(sent.content)) as archive:
        assert archive.testzip() is None
        assert archive.read("documents/3 tutors-only/tutors-only.md") == DOCUMENTS["tutors-only.md"].encode()


def test_answers_kept_before_there_was_an_index_of_their_citations_are_found(client, service) -> None:
    answer = client.post("/api/v1/questions", json={"question": "How often does the neighbourhood team meet?"}).json()
    engine = service.library.catalogue.engine
    cited = {citation["source"]["document_id"] for citation in answer["citations"]}
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE cited_documents"))

    found = Records(engine).cited

    assert cited
    for document in cited:
        assert answer["reference"] in [citing.reference for citing in found.answers(document)]
        assert found.count(document) == len(found.answers(document))
        assert answer["reference"] not in [one.reference for one in found.answers(document, hidden=cited)]


def test_a_card_is_not_edited_to_what_would_not_be_added(client, owner) -> None:
    card = client.get(PLAN).json()["card"]
    unsaid = {name: value for name, value in card.items() if name != "audience"}
    for changed, field in (
        (card | {"marking": "SECRET"}, "marking"),
        (unsaid | {"marking": "CONFIDENTIAL"}, "audience"),
    ):
        refused = client.put(f"{PLAN}/card", json=changed, headers=owner)
        assert (refused.status_code, [fault["field"] for fault in refused.json()["errors"]]) == (422, [field])
    assert client.get(PLAN).json()["card"] == card
