"""A strand lead adds documents in a browser: drops files, checks a card, adds, reads the receipt, and asks."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

ORCHARD = """# Orchard Lane engagement plan

## Cider mornings

Wardens of Orchard Lane hold a cider morning with pickers on the last Thursday of each month.

## Feedback

What pickers asked for is written on the barn door.
"""
HEATH = """---
id: heath-plan
title: Heath engagement plan
organisations: [{slug: durham, role: author}]
---
# Heath engagement plan

Wardens of the heath walk with commoners every Saturday.
"""
SAMPLES = Path(__file__).parents[1] / "samples"
PATIENCE = 90_000
"""Milliseconds: reading and adding are done by processes that give way to everything else on the machine."""
CIDER = "How often do wardens of Orchard Lane hold a cider morning?"

DROP = """([selector, files]) => {
  const data = new DataTransfer();
  for (const [name, text] of files) data.items.add(new File([text], name));
  for (const type of ["dragover", "drop"]) {
    document.querySelector(selector).dispatchEvent(
      new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true })
    );
  }
}"""


def drop(page: Page, **files: str) -> None:
    """As from a file manager's window."""
    named = [[name.replace("_", "."), text] for name, text in files.items()]
    page.evaluate(DROP, ["#handing", named])


def line(page: Page, heading: str, file: str) -> Locator:
    """A submission in the part of the list under that heading."""
    part = page.get_by_role("region", name=re.compile(f"^{heading}"))
    return part.get_by_role("listitem").filter(has_text=file)


@pytest.fixture
def many(tmp_path: Path) -> list[Path]:
    paths = []
    for number in range(6):
        path = tmp_path / f"parish-{number}.txt"
        path.write_text(f"Parish {number} notes\n\nOfficers of parish {number} meet walkers at stile {number}.")
        paths.append(path)
    return paths


def test_files_are_dropped_one_is_bad_one_a_duplicate_and_the_new_one_answers(visit) -> None:
    window = visit()
    page = window.open("/library/add")
    drop(page, orchard_md=ORCHARD, bad_pdf="%PDF-1.7 and no more", heath_md=HEATH, heath2_md=HEATH)
    expect(page.locator("#sending")).to_have_text("Sent 4 files.")

    expect(line(page, "Added lately", "heath.md")).to_contain_text(
        "Added 'Heath engagement plan' (heath-plan)", timeout=PATIENCE
    )
    expect(line(page, "Added lately", "heath2.md")).to_contain_text(
        "Already held: 'Heath engagement plan'", timeout=PATIENCE
    )
    expect(line(page, "Not added", "bad.pdf")).to_contain_text("bad.pdf is not a whole PDF", timeout=PATIENCE)
    expect(page.locator("#status")).to_have_text(re.compile(r"\d+ to check, \d+ not added"), timeout=PATIENCE)

    line(page, "To check", "orchard.md").get_by_role("link").click(timeout=PATIENCE)
    expect(page.get_by_label("Title")).to_have_value("Orchard Lane engagement plan")
    expect(page.get_by_text("In the text: “Orchard Lane engagement plan”")).to_be_visible()
    page.get_by_label("Organisation 1", exact=True).fill("Cheshire Constabulary")
    page.get_by_label("Published").fill("May")
    page.get_by_role("button", name="Add to the library").click()
    expect(page.get_by_role("alert")).to_contain_text("'May' is not a date; write 2016")
    window.complaints.clear()  # The browser reports that the form was refused.
    expect(page.locator("#published-error")).to_contain_text("'May' is not a date")
    expect(page.get_by_label("Organisation 1", exact=True)).to_have_value("Cheshire Constabulary")
    page.get_by_label("Published").fill("2025-05")
    page.get_by_role("button", name="Add to the library").click()

    added = line(page, "Added lately", "orchard.md")
    expect(added).to_contain_text("Added 'Orchard Lane engagement plan' (orchard)", timeout=PATIENCE)
    added.get_by_role("link", name="Receipt").click(timeout=PATIENCE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Orchard Lane engagement plan")
    tried = page.get_by_role("article").filter(has_text="What is said about Cider mornings?")
    expect(tried).to_contain_text("hold a cider morning with pickers")
    expect(page.get_by_text("Cheshire Constabulary (author)")).to_be_visible()

    tried.get_by_role("link").first.click()
    expect(page.locator("#cited")).to_contain_text("cider morning with pickers")
    page.get_by_role("link", name="Ask", exact=True).click()
    page.locator("#question").fill(CIDER)
    page.locator("#question").press("Enter")
    expect(page.locator("article .point").first).to_contain_text("on the last Thursday of each month")


def test_where_a_file_says_two_things_one_is_chosen_before_it_is_added(visit) -> None:
    window = visit()
    page = window.open("/library/add")
    page.get_by_label("Documents, mails or ZIP archives of them").set_input_files(SAMPLES / "marked-strategy.pdf")
    page.get_by_role("button", name="Send").click()
    line(page, "To check", "marked-strategy.pdf").get_by_role("link").click(timeout=PATIENCE)
    page.get_by_role("button", name="Add to the library").click()
    expect(page.locator("#covers_from-error")).to_contain_text("Choose which it is")
    window.complaints.clear()  # The browser reports that the form was refused.
    page.get_by_role("group", name="Covers from").get_by_label("2016").check()
    page.get_by_role("button", name="Add to the library").click()
    expect(line(page, "Added lately", "marked-strategy.pdf")).to_contain_text("Added '", timeout=PATIENCE)


def test_several_that_need_no_correction_are_added_at_once(visit, many: list[Path]) -> None:
    page = visit().open("/library/add")
    page.get_by_label("Documents, mails or ZIP archives of them").set_input_files(many)
    page.get_by_role("button", name="Send").click()
    for path in many:
        expect(line(page, "To check", path.name)).to_be_visible(timeout=PATIENCE)
    for path in many[:3]:
        line(page, "To check", path.name).get_by_role("checkbox").check()
    line(page, "To check", many[4].name).get_by_role("button", name="Cancel").click()
    expect(line(page, "To check", many[4].name)).to_have_count(0)

    for path in many[:3]:
        line(page, "To check", path.name).get_by_role("checkbox").check()
    page.get_by_role("button", name="Add those ticked as they are").click()
    for path in many[:3]:
        expect(line(page, "Added lately", path.name)).to_contain_text("Added '", timeout=PATIENCE)
    expect(line(page, "To check", many[3].name)).to_be_visible(timeout=PATIENCE)


def test_it_works_without_javascript(visit, tmp_path: Path) -> None:
    path = tmp_path / "plain.md"
    path.write_text(ORCHARD.replace("Orchard Lane", "Hollow Lane"))
    page = visit(java_script_enabled=False).open("/library/add")
    page.get_by_label("Documents, mails or ZIP archives of them").set_input_files(path)
    page.get_by_role("button", name="Send").click()

    check = line(page, "To check", "plain.md").get_by_role("link")
    for _ in range(900):
        if check.count():
            break
        page.wait_for_timeout(100)
        page.reload()
    check.click()
    page.get_by_role("button", name="Add to the library").click()
    expect(page).to_have_url(re.compile("/library/add$"))
    added = line(page, "Added lately", "plain.md")
    for _ in range(900):
        if added.count():
            break
        page.wait_for_timeout(100)
        page.reload()
    expect(added).to_contain_text("Added 'Hollow Lane engagement plan'", timeout=PATIENCE)


def test_what_the_service_refuses_is_told_beside_the_file(visit) -> None:
    window = visit()
    page = window.open("/library/add")
    page.route("**/api/v1/submissions", lambda route: route.abort())
    drop(page, lost_md="Words.")
    expect(page.locator("#refused")).to_have_text(
        "lost.md: The service cannot be reached. Check that it is running, then send it again."
    )
    window.complaints.clear()  # The browser reports the request that was cut off above.


@pytest.mark.parametrize("width", [1280, 320])
def test_the_pages_have_no_accessibility_faults_and_fit(visit, width: int) -> None:
    page = visit(width=width).open("/library/add")
    drop(page, **{f"fits{width}_md": ORCHARD.replace("Orchard Lane", f"Lane {width}"), f"bad{width}_pdf": "no PDF"})
    check = line(page, "To check", f"fits{width}.md")
    expect(check).to_be_visible(timeout=PATIENCE)
    _check(page)
    check.get_by_role("link").click()
    _check(page)
    page.get_by_role("button", name="Add to the library").click()
    line(page, "Added lately", f"fits{width}.md").get_by_role("link", name="Receipt").click(timeout=PATIENCE)
    expect(page.get_by_role("heading", name="Three questions")).to_be_visible()
    _check(page)


def _check(page: Page) -> None:
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
