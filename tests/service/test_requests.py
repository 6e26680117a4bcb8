"""Requests by API and at the command line: drafted, kept, changed, and only by whoever may."""

from collections.abc import Iterator

import httpx
import pytest

UNANSWERED = "Which songs does the youth choir of Gwent Police sing?"


@pytest.fixture
def client(service) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.url, timeout=60) as client:
        yield client


@pytest.fixture
def owner(service) -> dict[str, str]:
    return {"X-Engage-Token": service.token}


@pytest.fixture
def gap(client) -> str:
    client.post("/api/v1/questions", json={"question": UNANSWERED})
    [gap] = [gap for gap in client.get("/api/v1/gaps").json() if gap["question"] == UNANSWERED]
    return str(gap["id"])


def test_a_gap_tells_what_it_told_before_and_more(client, gap) -> None:
    [found] = [one for one in client.get("/api/v1/gaps", params={"state": "open"}).json() if one["id"] == gap]
    assert found.keys() >= {"question", "outcome", "first_asked", "last_asked", "times", "organisations"}
    assert (found["state"], found["answered_by"], found["asked"]["question"]) == ("open", None, UNANSWERED)
    assert client.get("/api/v1/gaps", params={"state": "shut"}).status_code == 422


def test_a_request_is_drafted_kept_and_changed(client, owner, gap) -> None:
    draft = client.get("/api/v1/requests/draft", params={"gap": gap, "organisation": "gwent"}).json()
    assert UNANSWERED in draft["letter"]
    kept = client.post("/api/v1/requests", json={"organisation": "gwent", "gap": gap}, headers=owner).json()
    assert (kept["state"], kept["letter"], kept["wanted"]) == ("drafted", draft["letter"], draft["wanted"])
    address = f"/api/v1/requests/{kept['id']}"
    change = {"state": "sent", "sent_on": "2026-11-24", "note": "To their general address.", "letter": "Dear all,"}
    changed = client.patch(address, json=change, headers=owner).json()
    assert {name: changed[name] for name in change} == change
    assert client.get(address).json() == changed
    assert client.get("/api/v1/requests").json()[0] == changed


def test_a_letter_of_ones_own_is_kept_word_for_word(client, owner) -> None:
    letter = "Dear colleague,\n\nPlease send us your plan.\n\nThe library"
    new = {"organisation": "kent", "wanted": "engagement plan", "letter": letter, "note": "by post"}
    kept = client.post("/api/v1/requests", json=new, headers=owner).json()
    assert {name: kept[name] for name in ("wanted", "letter", "note", "gap")} == {
        "wanted": "engagement plan",
        "letter": letter,
        "note": "by post",
        "gap": None,
    }


@pytest.mark.parametrize(
    ("new", "status", "kind"),
    [
        ({"organisation": "kemt"}, 422, "unknown-organisation"),
        ({"organisation": "kent", "gap": "0" * 16}, 404, "unknown-gap"),
        ({"organisation": "kent", "gap": "x"}, 422, "invalid-request"),
        ({"organisation": "kent", "letter": " "}, 422, "invalid-request"),
        ({"organisation": "kent", "wanted": "plan\x00"}, 422, "invalid-request"),
        ({}, 422, "invalid-request"),
    ],
)
def test_a_request_that_cannot_be_is_told(client, owner, new, status, kind) -> None:
    replied = client.post("/api/v1/requests", json=new, headers=owner)
    assert (replied.status_code, replied.json()["type"]) == (status, f"/problems/{kind}")


def test_nobody_else_may_ask_for_documents(client, gap) -> None:
    for headers, status in (({}, 401), ({"X-Engage-Token": "guessed"}, 403)):
        assert client.post("/api/v1/requests", json={"organisation": "kent"}, headers=headers).status_code == status
        assert client.patch("/api/v1/requests/1", json={"state": "sent"}, headers=headers).status_code == status
        form = {
            "organisation": "kent",
            "wanted": "plan",
            "letter": "Dear all",
            "token": headers.get("X-Engage-Token", ""),
        }
        assert client.post("/missing/requests", data=form).status_code == status
        assert client.post("/missing/requests/1", data=form).status_code == status


def test_an_unknown_request_is_told(client, owner) -> None:
    assert client.get("/api/v1/requests/999999").json()["type"] == "/problems/unknown-request"
    assert client.patch("/api/v1/requests/999999", json={"state": "sent"}, headers=owner).status_code == 404


def test_readers_see_the_page_without_what_changes_anything(serve_documents, tmp_path) -> None:
    with serve_documents(tmp_path, public_url="http://library.example") as running:
        headers = {"Host": "library.example", "Accept": "text/html"}
        with httpx.Client(base_url=running.url, headers=headers, timeout=60) as reader:
            reader.post("/api/v1/questions", json={"question": UNANSWERED})
            kept = reader.post(
                "/api/v1/requests", json={"organisation": "gwent"}, headers={"X-Engage-Token": running.token}
            ).json()
            page = reader.get("/missing").text
            assert UNANSWERED in page
            assert "Ask again" in page
            assert "Ask a body for it" not in page
            assert running.token not in page
            shown = reader.get(f"/missing/requests/{kept['id']}").text
            assert "Dear colleague" in shown
            assert "<textarea" not in shown
            refused = reader.get("/missing/request?organisation=gwent")
            assert refused.status_code == 401
            assert "<h1" in refused.text
