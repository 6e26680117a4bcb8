"""The strand lead keeps the library in a browser: finds documents, corrects cards, withdraws, supersedes, exports."""

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_page import ask, faults, tab_to

PLAN = """---
id: lantern-plan
title: Lantern Bay engagement plan
organisations: [{slug: cumbria, role: author}]
kind: activity-plan
published: 2023-02
review_date: 2024-02
status: draft
marking: OFFICIAL
---
# Lantern Bay engagement plan

## Harbour walks

Officers walk the harbour with residents of Lantern Bay every second Tuesday.
"""
NOTES = """---
id: quayside-notes
title: Quayside notes
kind: seminar-output
event_date: 2025-09
---
# Quayside notes

Participants asked for warm rooms in which to meet in winter.
"""
WALKS = "How often do officers walk the harbour with residents of Lantern Bay?"


def _documents(folder: Path) -> Path:
    folder.mkdir()
    (folder / "lantern-plan.md").write_text(PLAN, encoding="utf-8")
    (folder / "quayside-notes.md").write_text(NOTES, encoding="utf-8")
    for number in range(105):
        text = f"# Minutes {number:03}\n\nThe panel of place {number} met and spoke of street lights.\n"
        (folder / f"minutes-{number:03}.md").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a service of their own, since these visits change what is held."""
    folder = tmp_path_factory.mktemp("shelves")
    with subprocess.Popen(
        [sys.executable, "-m", "service", "serve", "--port", "0", "--add", str(_documents(folder / "mine"))],
        env={**os.environ, "ENGAGE_DATA_DIR": str(folder / "data")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if ready := re.match(r"Ready: (http://\S+?)/ ", line):
                yield ready[1]
                break
        else:
            raise AssertionError("".join(said))
        process.terminate()
        process.communicate(timeout=20)


def titles(page: Page) -> list[str]:
    return page.locator(".shelf__table .held__title a").all_inner_texts()


@pytest.mark.parametrize("javascript", [True, False])
def test_filters_stand_in_the_address_and_find_documents(visit, javascript):
    page = visit(java_script_enabled=javascript).open("/library")
    expect(page.locator(".shelf__summary")).to_contain_text("107 documents: ")
    expect(page.locator(".shelf__table tbody tr")).to_have_count(100)
    page.get_by_role("link", name="Next page").click()
    expect(page.locator(".shelf__table tbody tr")).to_have_count(7)

    page.get_by_text("Filter by organisation, kind, date and more").click()
    page.get_by_label("Organisation").select_option(label="Cumbria Constabulary")
    page.get_by_label("Dated from").fill("2023")
    page.get_by_role("button", name="Show").click()

    assert titles(page) == ["Lantern Bay engagement plan"]
    assert "organisation=cumbria" in page.url
    assert "date_from=2023" in page.url
    expect(page.locator(".shelf__summary")).to_contain_text("1 of 107 documents")
    row = page.get_by_role("row", name=re.compile("Lantern Bay"))
    expect(row).to_contain_text("Review was due February 2024")
    expect(page.get_by_label("Organisation")).to_have_value("cumbria")
    page.get_by_role("link", name="Clear the filters").click()
    page.get_by_label("Sorted by").select_option(label="Date, newest first")
    page.get_by_role("button", name="Show").click()
    assert titles(page)[:2] == ["Quayside notes", "Lantern Bay engagement plan"]


def test_a_date_that_is_none_is_told_where_it_was_written(visit):
    window = visit()
    page = window.open("/library?date_from=soon&words=quayside")
    expect(page.get_by_label("Dated from")).to_have_value("soon")
    expect(page.locator("#date_from-error")).to_contain_text("write 2016, 2016-01 or 2016-01-07")
    assert titles(page) == ["Quayside notes"]
    assert faults(page) == []
    window.complaints.clear()  # The browser reports the 422 itself.


def test_what_is_shown_is_saved_as_a_table(visit):
    page = visit().open("/library?words=lantern")
    with page.expect_download() as saving:
        page.get_by_role("link", name="Save as CSV").click()
    saved = Path(saving.value.path()).read_text("utf-8-sig").splitlines()
    assert len(saved) == 2
    assert saved[1].startswith("lantern-plan,Lantern Bay engagement plan,Cumbria Constabulary (author),activity-plan,,")


def test_a_card_is_corrected_by_keyboard_and_the_answer_says_so(visit):
    window = visit()
    page = window.open("/d/lantern-plan")
    tab_to(page, "a[href='/d/lantern-plan/edit']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Edit the card of Lantern Bay engagement plan")
    page.get_by_label("Review due").fill("2030-13")
    page.get_by_label("Organisation 2").fill("Cleveland Polic")
    page.get_by_role("button", name="Save the card").click()

    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("'2030-13' is not in the calendar.")
    expect(summary).to_contain_text(
        "'Cleveland Polic' is not in the register (the nearest known is 'Cleveland Police')"
    )
    expect(page.locator("#review_date")).to_have_value("2030-13")
    assert faults(page) == []
    window.complaints.clear()  # The browser reports the 422 itself.
    page.get_by_label("Review due").fill("2030-12")
    page.get_by_label("Organisation 2").fill("cleveland police")
    page.locator("#role-2").select_option("reported_on")
    page.get_by_label("Status").select_option("current")
    page.get_by_role("button", name="Room for more organisations").click()
    expect(page.get_by_label("Organisation 4")).to_be_visible()
    expect(page.get_by_label("Organisation 2")).to_have_value("cleveland police")
    page.get_by_role("button", name="Save the card").click()

    expect(page.get_by_role("status")).to_have_text("The card is changed. Answers from now on have it as it is here.")
    expect(page.locator(".card")).to_contain_text("Cleveland Police")
    expect(page.locator(".card")).to_contain_text("December 2030")
    page.goto(page.url.partition("/d/")[0])
    expect(ask(page, WALKS).locator(".sources")).not_to_contain_text("draft")


def test_the_second_of_two_editors_sees_what_the_first_wrote(visit):
    first, second = visit(java_script_enabled=False), visit(java_script_enabled=False)
    for window in (first, second):
        window.open("/d/quayside-notes/edit")
    first.page.get_by_label("Licence").fill("Open Government Licence v3")
    first.page.get_by_role("button", name="Save the card").click()
    second.page.get_by_label("Marking").fill("OFFICIAL")
    second.page.get_by_role("button", name="Save the card").click()

    expect(second.page.get_by_role("alert")).to_contain_text("Somebody else has changed this card meanwhile")
    expect(second.page.locator("#licence-now")).to_have_text("By now it says: Open Government Licence v3")
    expect(second.page.get_by_label("Marking")).to_have_value("OFFICIAL")
    second.complaints.clear()  # The browser reports the 412 itself.
    second.page.get_by_label("Licence").fill("Open Government Licence v3")
    second.page.get_by_role("button", name="Save the card").click()

    expect(second.page.locator(".card")).to_contain_text("Open Government Licence v3")
    expect(second.page.locator(".card")).to_contain_text("OFFICIAL")


def test_a_new_title_makes_a_version_and_the_old_one_is_listed(visit):
    page = visit().open("/d/quayside-notes/edit")
    page.get_by_label("Title", exact=True).fill("Notes from the Quayside seminar")
    page.get_by_role("button", name="Save the card").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Notes from the Quayside seminar")
    page.get_by_text("2 versions").click()
    row = page.get_by_role("row", name=re.compile("Version 2"))
    expect(row).to_contain_text("0 passages new, 0 changed, 1 unchanged, 0 removed")
    with page.expect_download() as saving:
        page.get_by_role("row", name=re.compile("Version 1")).get_by_role("link", name="quayside-notes.md").click()
    assert saving.value.suggested_filename == "quayside-notes.md"
    assert Path(saving.value.path()).read_text() == NOTES
    page.get_by_role("link", name="What changed in version 2").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What changed in Notes from the Quayside seminar")
    expect(page.get_by_text("Every heading says what it said before")).to_be_visible()
    page.get_by_role("link", name="Back to the document").click()
    page.get_by_text("2 versions").click()
    page.get_by_role("link", name="Version 1", exact=True).click()
    expect(page.get_by_text("This is version 1, which has been replaced.")).to_be_visible()


def test_a_document_is_withdrawn_and_brought_back_without_javascript(visit):
    page = visit(java_script_enabled=False).open()
    page.locator("#question").fill(WALKS)
    page.get_by_role("button", name="Ask", exact=True).click()
    reference = page.get_by_role("article").get_attribute("data-reference")
    page.goto(page.url.partition("/#")[0].rstrip("/") + "/d/lantern-plan")
    page.get_by_role("link", name="Withdraw").click()
    expect(page.locator(".prose")).to_contain_text(re.compile(r"answers? that (is|are) kept cites? it"))
    page.get_by_role("button", name="Withdraw it").click()

    expect(page.get_by_text("This document has been withdrawn.")).to_be_visible()
    page.get_by_text(re.compile(r"^Cited in ")).click()
    page.locator(f"a[href='/answers/{reference}']").click()
    expect(page.get_by_text("Withdrawn since")).to_be_visible()
    page.locator(".point .marker").first.click()
    expect(page.locator("#cited")).to_contain_text("every second Tuesday")
    page.get_by_role("link", name="Library").click()
    assert "Lantern Bay engagement plan" not in titles(page)
    page.get_by_text("Filter by organisation, kind, date and more").click()
    page.get_by_label("Status").select_option(label="Withdrawn from this library")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Lantern Bay engagement plan").click()
    page.get_by_role("button", name="Bring it back into answers").click()

    expect(page.get_by_role("status")).to_have_text("The document is back in answers.")


def test_a_document_is_superseded_by_another(visit):
    window = visit()
    page = window.open("/d/minutes-001")
    page.get_by_role("link", name="Supersede by another").click()
    page.get_by_role("button", name="Mark it as superseded").click()
    expect(page.locator("#by-error")).to_contain_text("Choose the document that takes its place.")
    assert faults(page) == []
    window.complaints.clear()  # The browser reports the 422 itself.
    page.get_by_label("Superseded by").select_option(label="Minutes 002")
    page.get_by_role("button", name="Mark it as superseded").click()

    expect(page.get_by_text("Its publisher has replaced this document.")).to_be_visible()
    page.get_by_role("link", name="Open the one that replaces it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Minutes 002")


def test_the_whole_library_is_taken_home(visit):
    page = visit().open("/library")
    with page.expect_download() as saving:
        page.get_by_role("button", name="Export the library").click()
    assert re.fullmatch(r"library-\d{4}-\d\d-\d\d\.zip", saving.value.suggested_filename)
    with zipfile.ZipFile(saving.value.path()) as archive:
        assert archive.testzip() is None
        assert archive.read("documents/001 lantern-plan/lantern-plan.md").decode() == PLAN


@pytest.mark.parametrize("width", [1280, 320])
def test_the_pages_fit_and_axe_finds_no_serious_fault(visit, width):
    window = visit(width=width)
    for path in (
        "/library",
        "/library?kind=policy",
        "/d/lantern-plan",
        "/d/lantern-plan/changes?against=quayside-notes",
        *(f"/d/lantern-plan/{what}" for what in ("edit", "withdraw", "supersede")),
    ):
        page = window.open(path)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
