"""A force engagement lead asks, checks the sources and takes the answer into a briefing, in a real browser."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from service.examples import EXAMPLES

WALKS = "How often do officers walk the harbour with residents of Lantern Bay?"
NEW_WALKS = "Officers walk the harbour with residents of Lantern Bay every second Tuesday."
OUT_OF_SCOPE = "What is the home address of Jane Example?"


def ask(page: Page, question: str) -> Any:
    """Type the question, press Enter, and wait for the answer to be complete."""
    before = page.locator("article").count()
    page.locator("#question").fill(question)
    page.locator("#question").press("Enter")
    article = page.locator("article").nth(before)
    expect(article.locator(".answer__foot")).to_be_visible()
    return article


def test_an_example_is_clicked_and_answered_with_sources(visit):
    page = visit().open()
    page.get_by_role("button", name=EXAMPLES[0]).click()

    article = page.get_by_role("article", name=EXAMPLES[0])
    expect(article.locator(".point").first).to_be_visible()
    expect(article.get_by_role("link", name=re.compile(r"^\[1\] ")).first).to_be_visible()
    expect(article.get_by_role("heading", name="Sources")).to_be_visible()
    expect(article).to_contain_text("Basis: verbatim extracts, no generated text.")
    expect(article).to_contain_text(re.compile(r"Searched: \d+ documents, \d+ organisations"))
    expect(page.get_by_role("status")).to_have_text("The answer is ready.")
    expect(page.get_by_role("log")).to_have_attribute("aria-busy", "false")
    expect(page.get_by_role("button", name=EXAMPLES[1])).to_be_hidden()


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_answered(visit, example):
    page = visit().open()
    page.get_by_role("button", name=example).click()

    expect(page.locator("article .point .marker").first).to_be_visible()


def test_a_marker_opens_the_sentence_in_its_context(visit):
    page = visit().open()
    article = ask(page, WALKS)
    expect(article.locator(".point").first).to_contain_text(NEW_WALKS)
    marker = article.locator(".point .marker").first
    marker.click()

    panel = page.get_by_role("dialog", name="[1] Lantern Bay engagement plan")
    expect(panel).to_be_visible()
    expect(panel.locator("mark")).to_contain_text(NEW_WALKS)
    expect(panel).to_contain_text("Cumbria Constabulary")
    expect(panel).to_contain_text("Lantern Bay engagement plan › Harbour walks")
    expect(panel).to_contain_text("Marking: OFFICIAL-SENSITIVE")
    expect(panel.locator("mark")).to_be_in_viewport()
    expect(panel.get_by_role("button", name="Close")).to_be_focused()

    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(marker).to_be_focused()


def test_a_statement_says_where_else_its_words_stand_and_opens_there(visit):
    page = visit().open()
    article = ask(page, WALKS)
    expect(article.get_by_text(NEW_WALKS)).to_have_count(1)
    also = article.locator(".point__also")
    expect(also).to_have_text(re.compile(r"^Also in Quayside notes, Cheshire Constabulary\s\[\d\]\.$"))
    also.locator(".marker").click()

    panel = page.get_by_role("dialog", name=re.compile("Quayside notes"))
    expect(panel.locator("mark")).to_have_text(NEW_WALKS)
    expect(panel).to_contain_text("Cheshire Constabulary")


def test_from_the_panel_the_whole_document_opens_at_the_words(visit):
    page = visit().open()
    ask(page, WALKS).locator(".point .marker").first.click()
    page.get_by_role("link", name="Open the whole document at this sentence").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Lantern Bay engagement plan")
    expect(page.locator("#cited")).to_have_text(NEW_WALKS)
    expect(page.locator("#cited")).to_be_in_viewport()

    page.get_by_role("link", name="Back to questions").click()
    expect(page.get_by_role("article", name=WALKS)).to_be_visible()


def test_a_marker_opens_in_a_tab_of_its_own_with_control(visit):
    window = visit()
    page = window.open()
    marker = ask(page, WALKS).locator(".point .marker").first
    with window.context.expect_page() as opened:
        marker.click(modifiers=["ControlOrMeta"])

    expect(opened.value.locator("#cited")).to_have_text(NEW_WALKS)
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_follow_up_leans_on_what_went_before(visit):
    page = visit().open()
    ask(page, "What normative reasons are there for engaging with the public?")
    with page.expect_request("**/api/v1/questions/stream") as sent:
        article = ask(page, "And the pragmatic ones?")

    turns = sent.value.post_data_json["history"]
    assert [turn["role"] for turn in turns] == ["user", "assistant"]
    assert turns[0]["content"] == "What normative reasons are there for engaging with the public?"
    assert not re.search(r"\[\d\]", turns[1]["content"])
    expect(article.locator(".answer__said")).to_contain_text(re.compile("pragmatic", re.IGNORECASE))


def test_a_new_conversation_forgets_the_old_one(visit):
    page = visit().open()
    ask(page, WALKS)
    page.reload()
    expect(page.get_by_role("article", name=WALKS)).to_be_visible()
    page.get_by_role("link", name="New conversation").click()

    expect(page.get_by_role("button", name=EXAMPLES[0])).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(0)


PASTED = """() => new Promise((resolve) => {
  const box = document.getElementById("question");
  box.addEventListener("paste", (event) => {
    event.preventDefault();
    const read = (type) => event.clipboardData.getData(type);
    resolve({ html: read("text/html"), text: read("text/plain") });
  }, { once: true });
  box.focus();
})"""


def check_briefing(copied: dict[str, str], url: str) -> None:
    assert copied["text"].startswith(f"OFFICIAL-SENSITIVE\n\n{WALKS}\n\n")
    assert f'"{NEW_WALKS}' in copied["text"]
    assert (
        "Sources\n[1] Cumbria Constabulary, Lantern Bay engagement plan, activity plan, published April 2025, draft, "
        in (copied["text"])
    )
    assert f"{url}/d/lantern-plan?version=2&start=" in copied["text"]
    assert "Basis: verbatim extracts, no generated text. Searched: " in copied["text"]
    assert "Check the source before reuse." in copied["text"]
    assert "<b>Sources" in copied["html"]
    assert f'<a href="{url}/d/lantern-plan?version=2&amp;start=' in copied["html"]
    assert "class=" not in copied["html"]


WITHOUT_CLIPBOARD = "Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined });"
WITHOUT_COPY_COMMAND = "Document.prototype.execCommand = () => false;"


@pytest.mark.parametrize("browser_lacks", ["", WITHOUT_CLIPBOARD, WITHOUT_COPY_COMMAND])
def test_an_answer_is_copied_for_word_with_its_sources(visit, browser_lacks):
    window = visit(permissions=["clipboard-read", "clipboard-write"])
    window.context.add_init_script(browser_lacks)
    page = window.open()
    article = ask(page, WALKS)
    article.get_by_role("button", name="Copy for Word or Outlook").click()
    expect(page.get_by_role("status")).to_have_text("Copied with its sources. Paste it into Word or Outlook.")

    pasted = page.evaluate_handle(f"() => ({{ pasted: ({PASTED})() }})")
    page.locator("#question").press("ControlOrMeta+v")
    check_briefing(pasted.evaluate("async (held) => await held.pasted"), window.url)
    if browser_lacks == WITHOUT_COPY_COMMAND:
        window.complaints.clear()  # The browser reports the styles of the briefing, and takes them all the same.


def test_an_answer_from_before_a_reload_is_copied_whole(visit):
    window = visit(permissions=["clipboard-read", "clipboard-write"])
    page = window.open()
    ask(page, WALKS)
    page.reload()
    page.get_by_role("button", name="Copy for Word or Outlook").click()
    expect(page.get_by_role("status")).to_contain_text("Copied")

    pasted = page.evaluate_handle(f"() => ({{ pasted: ({PASTED})() }})")
    page.locator("#question").press("ControlOrMeta+v")
    check_briefing(pasted.evaluate("async (held) => await held.pasted"), window.url)


def test_what_is_out_of_scope_is_said_plainly(visit):
    page = visit().open()
    article = ask(page, OUT_OF_SCOPE)

    expect(article).to_contain_text("Details of people are never looked up here")
    expect(article.locator(".marker")).to_have_count(0)
    expect(article.locator(".answer__problem")).to_have_count(0)
    expect(page.get_by_role("status")).to_contain_text("Details of people are never looked up here")


def test_filters_limit_what_is_searched(visit):
    page = visit().open()
    page.get_by_text("Limit the search").click()
    page.get_by_label("Organisation").select_option(label="Durham Constabulary")
    article = ask(page, WALKS)

    expect(article).not_to_contain_text(NEW_WALKS)


def test_a_question_never_travels_in_an_address(visit):
    window = visit()
    page = window.open()
    ask(page, WALKS)
    page.reload()
    expect(page.get_by_role("article")).to_have_count(1)

    assert not any(
        "harbour" in urlsplit(request).query or "harbour" in urlsplit(request).path for request in window.requests
    )


def test_a_question_that_is_too_long_is_kept_and_counted(visit):
    page = visit().open()
    page.locator("#question").fill("x" * 1_900)
    expect(page.get_by_text("100 characters left.")).to_be_visible()
    page.locator("#question").fill("x" * 2_004)
    expect(page.get_by_text("4 characters too many; shorten the question.")).to_be_visible()
    page.locator("#question").press("Enter")

    expect(page.get_by_role("article")).to_have_count(0)
    assert len(page.locator("#question").input_value()) == 2_004


def test_a_service_that_is_gone_is_said_in_a_sentence_and_the_question_stays(visit):
    window = visit()
    page = window.open()
    page.route("**/api/v1/questions/stream", lambda route: route.abort())
    page.locator("#question").fill(WALKS)
    page.locator("#question").press("Enter")

    expect(page.locator(".answer__problem")).to_have_text(
        "The service cannot be reached. Check that it is running, then ask again."
    )
    expect(page.locator("#question")).to_have_value(WALKS)
    window.complaints.clear()  # The browser reports the request that was cut off above.


def test_a_slow_answer_can_be_stopped(visit):
    page = visit().open()
    page.route("**/api/v1/questions/stream", lambda route: None)
    page.locator("#question").fill(WALKS)
    page.locator("#question").press("Enter")
    expect(page.get_by_role("log")).to_have_attribute("aria-busy", "true")
    page.get_by_role("button", name="Stop").click()

    expect(page.locator(".answer__problem")).to_have_text("Stopped before the answer was complete.")
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    expect(page.get_by_role("log")).to_have_attribute("aria-busy", "false")


def test_what_is_held_is_listed_with_roles_and_dates(visit):
    page = visit().open()
    page.get_by_text(re.compile(r"\d+ documents held, from or about \d+ organisations, newest")).click()
    table = page.get_by_role("table")

    row = table.get_by_role("row", name=re.compile("Lantern Bay"))
    expect(row).to_contain_text("Cumbria Constabulary")
    expect(row).to_contain_text("Published April 2025")
    expect(row).to_contain_text("Draft")
    expect(row).to_contain_text("OFFICIAL-SENSITIVE")
    profile = table.get_by_role("row", name=re.compile("Engagement profile: Cheshire"))
    expect(profile).to_contain_text("Compiled from public sources; not the force's own words.")
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Lantern Bay engagement plan")


def test_the_keyboard_alone_is_enough(visit):
    page = visit().open()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, "#question")
    page.keyboard.type(WALKS)
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Enter")
    article = page.get_by_role("article")
    expect(article.locator(".answer__foot")).to_be_visible()
    expect(page.locator("#question")).to_be_focused()

    tab_to(page, ".point .marker", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    tab_to(page, "[data-copy]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Copied")


def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    for _ in range(60):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached with {key}")


def test_an_old_version_says_so_and_leads_to_the_new_one(visit):
    page = visit().open("/d/lantern-plan?version=1")
    expect(page.get_by_text("This is version 1, which has been replaced.")).to_be_visible()
    expect(page.locator("body")).to_contain_text("with residents of Lantern Bay once a year")
    page.get_by_role("link", name="Open the current version").click()

    expect(page.locator("body")).to_contain_text("every second Tuesday")
    expect(page.locator("body")).to_contain_text('<script>document.title = "taken over"</script>')
    expect(page.get_by_text("This is a draft. It may change before it is adopted.")).to_be_visible()
    expect(page.get_by_role("link", name="https://lantern.example/plan")).to_have_attribute(
        "rel", "noopener noreferrer"
    )
    expect(page.get_by_role("columnheader", name="Lanterns lent")).to_be_visible()
    expect(page).to_have_title("Lantern Bay engagement plan – Engagement Assistant")


def test_an_unknown_document_is_a_page_like_the_others(visit):
    window = visit()
    page = window.open("/d/nowhere")

    expect(page.get_by_role("heading", level=1)).to_have_text("Document not found")
    expect(page.get_by_role("link", name="Go to the question page")).to_be_visible()
    window.complaints.clear()  # The browser reports the 404 itself.


@pytest.mark.parametrize("address", ["?version=x&start=-1&end=1e9", "?start=99999999&end=1", "?version=&start=&end="])
def test_an_address_that_was_broken_in_an_email_does_not_break_the_page(visit, address):
    window = visit()
    page = window.open(f"/d/lantern-plan{address}")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    window.complaints.clear()  # A version that is none is a 404, which the browser reports.


def faults(page: Page) -> list[str]:
    """What axe finds serious or critical."""
    violations = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {node['html']}"
        for violation in violations
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_no_serious_fault(visit, width):
    window = visit(width=width)
    page = window.open()
    assert faults(page) == []
    page.locator("#held summary").click()
    page.get_by_text("Limit the search").click()
    assert faults(page) == []
    article = ask(page, WALKS)
    ask(page, OUT_OF_SCOPE)
    assert faults(page) == []
    article.locator(".point .marker").first.click()
    expect(page.locator("#source-context mark")).to_be_visible()
    assert faults(page) == []
    for path in (article.locator(".point .marker").first.get_attribute("href") or "", "/accessibility"):
        window.open(path)
        assert faults(page) == []


def test_nothing_scrolls_sideways_at_320_pixels(visit):
    window = visit(width=320, height=640)
    page = window.open()

    def overflow() -> int:
        return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    assert overflow() == 0
    page.locator("#held summary").click()
    page.get_by_text("Limit the search").click()
    assert overflow() == 0
    marker = ask(page, WALKS).locator(".point .marker").first
    assert overflow() == 0
    marker.click()
    expect(page.locator("#source-context mark")).to_be_visible()
    assert page.locator("#source").evaluate("panel => panel.scrollWidth - panel.clientWidth") == 0
    for path in (marker.get_attribute("href") or "", "/accessibility"):
        window.open(path)
        assert overflow() == 0


def test_without_javascript_a_question_is_asked_followed_up_and_checked(visit):
    page = visit(java_script_enabled=False).open()
    page.locator("#question").fill(WALKS)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("article .point").first).to_contain_text(NEW_WALKS)
    expect(page.get_by_role("button", name="Copy for Word or Outlook")).to_be_hidden()

    page.locator("#question").fill("And how many lanterns are lent?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("article")).to_have_count(2)
    assert "lantern" not in urlsplit(page.url).path + urlsplit(page.url).query

    page.get_by_role("article").first.locator(".point .marker").first.click()
    expect(page.locator("#cited")).to_have_text(NEW_WALKS)


def test_without_javascript_an_empty_question_is_answered_with_what_to_do(visit):
    window = visit(java_script_enabled=False)
    page = window.open()
    page.get_by_role("button", name="Ask", exact=True).click()

    expect(page.get_by_text("Type a question, then choose Ask.")).to_be_visible()
    window.complaints.clear()  # The browser reports the 422 itself.


def test_without_javascript_an_example_is_answered(visit):
    page = visit(java_script_enabled=False).open()
    page.get_by_role("button", name=EXAMPLES[0]).click()

    expect(page.get_by_role("article", name=EXAMPLES[0]).locator(".marker").first).to_be_visible()


def test_a_kept_answer_opens_by_its_reference(visit):
    page = visit().open()
    article = ask(page, WALKS)
    reference = article.get_attribute("data-reference")
    article.get_by_role("link", name=reference).click()

    expect(page.get_by_role("heading", level=1)).to_have_text(f"Answer {reference}")
    page.locator(".point .marker").first.click()
    expect(page.locator("#source-context mark")).to_contain_text(NEW_WALKS)
