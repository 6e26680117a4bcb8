"""The pages of what is held: for readers who may change nothing, and for whatever a browser sends."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import httpx
import pytest

from ingest.catalogue import Original
from service.filling import CardForm, card_from, edit_form
from service.shelving import as_csv, understood
from tests.service.conftest import Served

CHANGING = ("/d/riverside-plan/edit", "/d/riverside-plan/withdraw", "/d/riverside-plan/supersede")
PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def read_only(serve_documents, tmp_path_factory) -> Iterator[Served]:
    """A service that readers reach, none of whom may change the library."""
    folder = tmp_path_factory.mktemp("read-only")
    with serve_documents(folder, public_url="https://engagement.example") as running:
        yield running


def test_a_reader_sees_no_way_to_change_anything_and_may_not(read_only) -> None:
    with httpx.Client(base_url=read_only.url, headers=PAGE) as client:
        library, document = client.get("/library"), client.get("/d/riverside-plan")
        assert (library.status_code, document.status_code) == (200, 200)
        for word in ("Add documents", "Export", "/edit", "/withdraw", "/supersede", "removed", read_only.token):
            assert word not in library.text + document.text
        assert "Riverside engagement plan" in library.text
        assert "Notes for tutors" not in library.text + client.get("/library.csv").text
        assert client.get("/d/tutors-only").status_code == 404
        assert client.get("/d/tutors-only/original").status_code == 404

        for path in (*CHANGING, "/library/export.zip", "/library?status=removed"):
            refused = client.get(path)
            assert refused.status_code == 403, path
            assert "Only whoever keeps the library may do this" in refused.text
        for path in (*CHANGING, "/d/riverside-plan/restore"):
            assert client.post(path, data={"title": "Mine now"}).status_code in (401, 403)
            assert client.post(path, data={"token": read_only.token}).status_code == 403
        told = client.get(CHANGING[0], headers={"Accept": "application/json"})
        assert (told.status_code, told.json()["type"]) == (403, "/problems/owners-only")
    assert read_only.library.catalogue.version_of("riverside-plan").card.title == "Riverside engagement plan"


def test_an_owner_sees_what_is_for_others_and_changes_nothing_without_the_pages_token(service) -> None:
    with httpx.Client(base_url=service.url, headers=PAGE) as client:
        assert "Notes for tutors" in client.get("/library").text
        assert client.get("/d/tutors-only").status_code == 200
        assert client.get("/d/tutors-only/original").content.startswith(b"---\nid: tutors-only\n")
        assert client.post("/d/tutors-only/withdraw", data={"token": "guessed"}).status_code == 403
        assert client.post("/d/tutors-only/withdraw").status_code == 401
        assert client.get("/d/nowhere/edit").status_code == 404
        assert client.get("/d/nowhere/original").status_code == 404


def test_the_web_address_is_looked_at_from_the_page_and_what_changed_there_is_fetched(
    serve_documents, site, tmp_path
) -> None:
    site.pages["/lamps.html"] = ({"Content-Type": "text/html"}, b"<h1>Lamp plan</h1><p>Lamps are lent to walkers.</p>")
    with (
        serve_documents(tmp_path, fetch_private_hosts="127.0.0.1") as service,
        httpx.Client(base_url=service.url, headers=PAGE, timeout=60) as client,
    ):
        card = f"{{id: lamps, title: Lamp plan, url: '{site.url}/lamps.html'}}"
        files = {"file": ("lamps.html", site.pages["/lamps.html"][1])}
        headers = {"X-Engage-Token": service.token}
        client.post("/api/v1/documents", files=files, data={"card": card}, headers=headers).raise_for_status()
        token = {"token": service.token}
        assert "See whether its web address has changed" in client.get("/d/lamps").text
        assert "See whether its web address" not in client.get("/d/riverside-plan").text
        assert "It has not changed" in client.post("/d/lamps/address", data=token).text

        site.pages["/lamps.html"] = ({"Content-Type": "text/html"}, b"<h1>Lamp plan</h1><p>Lamps are sold.</p>")
        changed = client.post("/d/lamps/address", data=token).text
        assert "It has changed" in changed
        assert f'name="url" value="{site.url}/lamps.html"' in changed
        site.pages.clear()
        assert "It could not be compared" in client.post("/d/lamps/address", data=token).text
        assert client.post("/d/lamps/address").status_code == 401


def test_a_lost_original_is_told(service) -> None:
    version = service.library.catalogue.version_of("harbour-notes")
    path = service.library.originals.path(version.sha256)
    content = path.read_bytes()
    path.unlink()
    try:
        lost = httpx.get(f"{service.url}/d/harbour-notes/original", headers=PAGE)
        assert (lost.status_code, "run &#39;engage verify&#39;" in lost.text) == (404, True)
        assert httpx.get(f"{service.url}/library/export.zip", headers=PAGE).status_code == 500
    finally:
        path.write_bytes(content)
    assert service.library.originals.hold(Original(version.sha256, "", "", version.size))


@pytest.mark.parametrize("query", ["number=0", "number=99999999999", "number=x", "sort=&kind=&unknown=1"])
def test_an_address_that_was_broken_does_not_break_the_list(service, query) -> None:
    answer = httpx.get(f"{service.url}/library?{query}")
    assert (answer.status_code, "Riverside engagement plan" in answer.text) == (200, True)


def test_filters_that_are_none_are_told_and_the_others_hold() -> None:
    asked = understood({"kind": "novel", "date_from": "2016-13", "words": " plan ", "reading": "", "x": "y"})
    assert asked.given == {"kind": "novel", "date_from": "2016-13", "words": "plan"}
    assert dict(asked.faults) == {
        "kind": "Choose from the list.",
        "date_from": "'2016-13' is not in the calendar.",
    }
    assert (asked.selection.words, asked.selection.kind) == ("plan", None)
    assert asked.address(number=2) == "/library?words=plan&kind=novel&date_from=2016-13&number=2"


def test_nothing_in_a_table_becomes_a_formula(service) -> None:
    [document] = [one for one in service.library.now.all_documents if one.id == "riverside-plan"]
    forged = replace(document, card=document.card.model_copy(update={"title": '=HYPERLINK("http://evil.example")'}))
    [row] = csv.DictReader(io.StringIO(as_csv([forged], service.library.register, date(2026, 11, 22))[1:]))
    assert row["title"] == '\'=HYPERLINK("http://evil.example")'
    assert (row["organisations"], row["status"]) == ("Cheshire Constabulary (author)", "current")


def test_a_form_that_is_sent_back_as_it_came_changes_nothing(service) -> None:
    register = service.library.register
    for document in service.library.now.all_documents:
        assert card_from(edit_form(document.card, register), document.id, register) == document.card


def test_organisations_are_known_by_their_names_and_other_names(service) -> None:
    form = CardForm(title="T", audience="everyone", organisation=["cheshire POLICE", "", "kent"], role=["author"] * 3)
    card = card_from(form, "plan", service.library.register)
    assert [organisation.slug for organisation in card.organisations] == ["cheshire", "kent"]


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"marking": "SECRET"}, "marking", "withdraw the document and delete its file."),
        ({"marking": "OFFICIAL-SENSITIVE"}, "audience", "say who may be answered from it, everyone if anybody may."),
        ({"audience": " "}, "audience", "Say who may be answered from it; write everyone if anybody may."),
    ],
)
def test_a_card_is_not_edited_to_what_would_not_be_added(service, typed, field, said) -> None:
    plan = service.library.catalogue.version_of("riverside-plan").card
    form = edit_form(plan, service.library.register).model_dump() | {"token": service.token} | typed
    refused = httpx.post(f"{service.url}/d/riverside-plan/edit", data=form, headers=PAGE)
    assert refused.status_code == 422
    assert f'<a href="#{field}">' in refused.text
    assert f'id="{field}-error"' in refused.text
    assert said in refused.text
    assert service.library.catalogue.version_of("riverside-plan").card == plan
