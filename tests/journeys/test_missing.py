"""A strand lead sees what is missing, asks a body for it, adds what it sends and sees the gap closed, in a browser."""

import re
from collections.abc import Iterator

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.service.conftest import Served, served

YOUTH = "How does Gwent Police engage young people?"
YOUTH_AGAIN = "In what ways does Gwent engage with youth?"
ANSWER = "Gwent Police engages young people through a youth forum that meets in every school each term."
PLAN = f"""---
id: gwent-youth
title: Gwent youth engagement plan
organisations: [{{slug: gwent, role: author}}]
kind: engagement-strategy
published: 2026-09
---
# Gwent youth engagement plan

## How Gwent Police engages young people

{ANSWER}
"""


@pytest.fixture
def service(tmp_path) -> Iterator[Served]:
    with served(tmp_path) as running:
        yield running


@pytest.fixture
def url(service) -> str:
    return service.url


@pytest.fixture
def owner(service) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.url, headers={"X-Engage-Token": service.token}, timeout=60) as client:
        yield client


def add(owner: httpx.Client) -> None:
    assert owner.post("/api/v1/documents", files={"file": ("gwent.md", PLAN)}).json()[0]["outcome"] == "added"


def ask(page: Page, question: str) -> None:
    page.goto("/" if page.url == "about:blank" else page.url.partition("/missing")[0])
    page.locator("#question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".answer__foot").last).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_from_a_question_that_nobody_answers_to_the_document_that_does(visit, owner, scripts) -> None:
    page = visit(java_script_enabled=scripts).open()
    for question in (YOUTH, YOUTH_AGAIN):
        ask(page, question)
    page.get_by_role("link", name="What is missing", exact=True).click()
    gap = page.locator(".gap", has=page.get_by_role("heading", name=YOUTH_AGAIN))
    expect(gap).to_contain_text(re.compile(r"Asked 2 times, last on \d+ \w+ \d{4}; .*nothing from Gwent Police"))
    gap.get_by_text("2 wordings").click()
    expect(gap.get_by_text(YOUTH)).to_be_visible()

    gap.get_by_role("link", name="Ask a body for it").click()
    expect(page.get_by_label("Body")).to_have_value("gwent")
    page.get_by_label("What is asked for").fill("youth engagement plan")
    page.get_by_role("button", name="Draft the letter again").click()
    letter = page.get_by_label("Letter")
    expect(letter).to_have_value(re.compile("please send us your youth engagement plan"))
    letter.fill(letter.input_value() + "\nPS: A scan will do.")
    page.get_by_role("button", name="Keep the request").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Request to Gwent Police")
    expect(page.get_by_label("Letter")).to_have_value(re.compile("PS: A scan will do"))
    page.get_by_label("State").select_option("Sent")
    page.get_by_label("Sent on").fill("2026-11-25")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Sent on 25 November 2026")).to_be_visible()

    add(owner)
    page.get_by_role("link", name="What is missing", exact=True).click()
    expect(page.get_by_role("heading", name="Gwent Police: youth engagement plan")).to_be_visible()
    expect(page.locator(".gap", has_text="Gwent Police: youth")).to_contain_text("Received")
    page.get_by_role("link", name="Answered since (1)").click()
    closed = page.locator(".gap", has=page.get_by_role("heading", name=re.compile("Gwent engage|Gwent Police engage")))
    expect(closed).to_contain_text(re.compile(r"Answered since \d+ \w+ \d{4} by Gwent youth engagement plan\."))
    closed.get_by_role("button", name="Ask again").click()
    expect(page.locator("article .point").first).to_contain_text(ANSWER)
    page.locator("article .marker").first.click()
    expect(page.locator("mark").first).to_have_text(ANSWER)


def test_when_the_document_is_withdrawn_the_gap_is_open_again(visit, owner) -> None:
    owner.post("/api/v1/questions", json={"question": YOUTH})
    add(owner)
    page = visit().open("/missing")
    expect(page.get_by_role("link", name="Not answered (0)")).to_be_visible()
    assert owner.delete("/api/v1/documents/gwent-youth").is_success
    page.reload()
    expect(page.get_by_role("link", name="Not answered (1)")).to_be_visible()
    expect(page.get_by_role("heading", name=YOUTH)).to_be_visible()


def test_what_is_out_of_scope_is_shown_only_when_asked_for(visit, owner) -> None:
    owner.post("/api/v1/questions", json={"question": "How much is the salary of a constable?"})
    owner.post("/api/v1/questions", json={"question": "What is the home address of Jane Example?"})
    page = visit().open("/missing")
    expect(page.get_by_text("salary")).to_have_count(0)
    page.get_by_role("link", name="Out of scope (2)").click()
    expect(page.get_by_text("salary")).to_have_count(1)
    expect(page.get_by_text("Jane Example")).to_have_count(0)
    expect(page.get_by_role("link", name="Ask a body for it")).to_have_count(0)


def test_a_cell_of_the_coverage_opens_its_evidence_at_the_words(visit, owner) -> None:
    add(owner)
    page = visit().open("/missing")
    page.get_by_label("Region").select_option("Wales")
    page.get_by_role("button", name="Show").click()
    rows = page.get_by_role("table").get_by_role("row")
    expect(rows).to_have_count(5)
    expect(page.get_by_role("row", name=re.compile("South Wales"))).to_contain_text("Nothing held")
    gwent = page.get_by_role("row", name=re.compile("Gwent"))
    expect(gwent).to_contain_text("own words: 1 passage in 1 document")
    gwent.get_by_role("link", name=re.compile("wn words: 1 passage")).first.click()
    expect(page.get_by_text(ANSWER)).to_be_visible()
    page.get_by_role("link", name="Gwent youth engagement plan").click()
    expect(page.locator("#cited")).to_have_text(ANSWER)
    page.go_back()
    page.get_by_role("button", name="Ask this of Gwent Police’s documents").click()
    expect(page.locator("article .point").first).to_contain_text(ANSWER)


COPIED = """() => navigator.clipboard.read().then(async ([item]) => ({
  html: await (await item.getType("text/html")).text(), text: await (await item.getType("text/plain")).text() }))"""


def test_the_table_and_a_letter_are_copied(visit, owner) -> None:
    window = visit(permissions=["clipboard-read", "clipboard-write"])
    page = window.open("/missing?region=Wales")
    page.get_by_role("button", name="Copy the table for Word").click()
    expect(page.get_by_role("status")).to_have_text("Copied. Paste it into Word or Outlook.")
    copied = page.evaluate(COPIED)
    assert "Gwent Police" in copied["html"]
    assert "<table" in copied["html"]
    assert "Gwent Police\tNothing held" in copied["text"]
    kept = owner.post("/api/v1/requests", json={"organisation": "gwent", "letter": "Dear colleague,\n\n1 < 2."}).json()
    page = window.open(f"/missing/requests/{kept['id']}")
    page.get_by_role("button", name="Copy the letter").click()
    expect(page.get_by_role("status")).to_have_text("Copied. Paste it into an e-mail.")
    copied = page.evaluate(COPIED)
    assert copied["text"].splitlines() == ["Dear colleague,", "", "1 < 2."]


def test_a_form_that_lacks_something_says_what(visit) -> None:
    window = visit()
    page = window.open("/missing/request")
    page.get_by_role("button", name="Keep the request").click()
    expect(page.locator("#problem")).to_contain_text("Choose a body")
    window.complaints.clear()  # The browser reports the 422 itself.


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_no_fault_and_nothing_scrolls_sideways(visit, owner, width) -> None:
    for question in (YOUTH, YOUTH_AGAIN, "Which songs does the youth choir of Essex Police sing?"):
        owner.post("/api/v1/questions", json={"question": question})
    gap = next(gap for gap in owner.get("/api/v1/gaps").json() if gap["times"] == 2)
    owner.post("/api/v1/requests", json={"organisation": "gwent", "gap": gap["id"]})
    add(owner)
    window = visit(width=width)
    for path in (
        "/missing",
        "/missing?state=answered&kind=held",
        "/missing/evidence?organisation=gwent&question=forms",
        "/missing/evidence?organisation=kent&question=forms",
        f"/missing/request?gap={gap['id']}",
        "/missing/requests/1",
    ):
        page = window.open(path)
        violations = Axe().run(page).response["violations"]
        assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in violations] == [], path
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(overflow) == 0, path
