"""A half-scanned PDF with printed page numbers, from the file to the reader: how it was read is said with quotes."""

from collections.abc import Iterator
from functools import cache
from io import BytesIO

import httpx
import pikepdf
import pytest
from pypdfium2 import PdfDocument
from reportlab.pdfgen.canvas import Canvas

from service.routes.bodies import TOKEN_HEADER
from service.wording import pages
from tests.samples.scanning import scanned

TYPED = "The harbour team of Northshire meets the residents in the sailing club every month."
SCANNED = "Whoever asks the lighthouse keeper a question hears within four weeks what was done about it."


def _page(sentence: str) -> bytes:
    made = BytesIO()
    canvas = Canvas(made)
    canvas.drawString(72, 700, sentence)
    canvas.save()
    return made.getvalue()


@cache
def _plan() -> bytes:
    """Its first page has text and its second is a picture; iv and v are printed on them."""
    whole = PdfDocument.new()
    for page in (_page(TYPED), scanned(_page(SCANNED))):
        whole.import_pages(PdfDocument(page))
    bound, made = BytesIO(), BytesIO()
    whole.save(bound)
    with pikepdf.open(bound) as document:
        labels = pikepdf.Array([0, pikepdf.Dictionary(S=pikepdf.Name.r, St=4)])
        document.Root.PageLabels = pikepdf.Dictionary(Nums=labels)
        document.save(made)
    return made.getvalue()


@pytest.fixture
def client(service) -> Iterator[httpx.Client]:
    """Of a service that holds the plan."""
    with httpx.Client(base_url=service.url, timeout=60) as opened:
        sent = {"file": ("harbour-plan.pdf", _plan())}
        added = opened.post("/api/v1/documents", files=sent, headers={TOKEN_HEADER: service.token})
        assert [told["outcome"] for told in added.json()] in (["added"], ["already_held"]), added.text
        yield opened


def test_a_citation_says_what_is_printed_on_the_page_and_that_it_was_recognised(client: httpx.Client) -> None:
    asked = client.post("/api/v1/questions", json={"question": "Who hears within four weeks what was done?"})
    [citation] = [c for c in asked.json()["citations"] if c["cited_text"] == SCANNED]
    place = citation["location"]
    assert (place["page_start"], place["printed_start"], place["printed_end"]) == (2, "v", "v")
    assert place["recognised"] is True
    kept = client.get(f"/answers/{asked.json()['reference']}").text
    assert "page 2 (printed v), read by text recognition (OCR)" in kept


def test_the_words_around_a_citation_say_it_too(client: httpx.Client) -> None:
    for sentence, expected in ((TYPED, (1, "iv", False)), (SCANNED, (2, "v", True))):
        page = client.get("/d/harbour-plan").text
        assert sentence in page
        start = f"{TYPED}\n\n{SCANNED}".index(sentence)
        span = {"start": start, "end": start + len(sentence)}
        found = client.get("/api/v1/documents/harbour-plan/text", params=span).json()
        assert (found["page"], found["printed_page"], found["recognised"]) == expected


def test_the_documents_page_names_each_page_and_how_it_was_read(client: httpx.Client) -> None:
    page = client.get("/d/harbour-plan").text
    assert '<p class="document__page">Page 1 (printed iv)</p>' in page
    assert '<p class="document__page">Page 2 (printed v), read by text recognition (OCR)</p>' in page
    assert "<li>Page 2 was read by text recognition (OCR): check what you quote." in page
    assert "<dt>Reading</dt><dd>Fair: 88 characters a page, 2 of 2 pages with text</dd>" in page


def test_a_program_reads_how_well_a_document_was_read(client: httpx.Client) -> None:
    quality = client.get("/api/v1/documents/harbour-plan").json()["quality"]
    assert quality["grade"] == "fair"
    assert quality["recognised"] == [2]
    assert quality["pages_with_text"] == 2
    assert "recognised" in quality["oddities"]
    plain = client.get("/api/v1/documents/riverside-plan").json()["quality"]
    assert (plain["grade"], plain["warnings"], plain["characters_per_page"]) == ("good", [], None)


def test_a_range_of_pages_names_the_printed_ones_where_they_differ() -> None:
    assert pages(3, 3) == "page 3"
    assert pages(3, 4) == "pages 3–4"
    assert pages(3, 3, "1", None) == "page 3 (printed 1)"
    assert pages(3, 4, "i", "ii") == "pages 3–4 (printed i–ii)"
    assert pages(3, 4, "iv", None) == "pages 3–4 (printed iv–4)"
