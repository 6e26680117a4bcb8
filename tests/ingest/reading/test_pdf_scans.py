"""Pages that are pictures: recognised where tesseract is installed, named where it is not; pages with text are read."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from pypdfium2 import PdfDocument
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ingest.errors import UnreadableDocument
from ingest.reading import ocr, pacing, read
from ingest.vocabulary import Reading
from tests.ingest.reading.conftest import SAMPLES
from tests.samples.scanning import scanned
from tests.samples.words import ANSWERS, PURPOSE, STAFF, YOUNG

ReadBytes = Callable[[bytes], Reading]
LINES = (
    "Officers visit every street of their area once a year and write down",
    "what they hear there. Then they tell the residents what was done.",
)


@pytest.fixture
def read_pdf(tmp_path: Path) -> ReadBytes:
    def of(data: bytes) -> Reading:
        path = tmp_path / "plan.pdf"
        path.write_bytes(data)
        return read(path)

    return of


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")


def page(*lines: str) -> bytes:
    made = BytesIO()
    canvas = Canvas(made)
    for number, line in enumerate(lines):
        canvas.drawString(72, 700 - 16 * number, line)
    canvas.showPage()
    canvas.save()
    return made.getvalue()


def bound(*documents: bytes) -> bytes:
    """Their pages in one document."""
    whole = PdfDocument.new()
    for document in documents:
        whole.import_pages(PdfDocument(document))
    made = BytesIO()
    whole.save(made)
    return made.getvalue()


def picture(draw: Callable[[Canvas], None], colour: str = "white") -> bytes:
    """A page covered by a picture without words, and what is drawn over it."""
    made = BytesIO()
    canvas = Canvas(made)
    image = Image.new("RGB", (600, 800), colour)
    ImageDraw.Draw(image).ellipse((100, 100, 500, 500), fill="navy")
    canvas.drawImage(ImageReader(image), 0, 0, 595, 842)
    draw(canvas)
    canvas.save()
    return made.getvalue()


def test_a_scan_comes_out_with_headings_list_and_columns_one_after_the_other(sample, outline) -> None:
    reading = sample("scanned-plan.pdf")
    kinds = [kind.split()[0] for kind, _ in outline(reading)]
    assert kinds == ["heading"] * 2 + ["paragraph"] * 2 + ["item"] * 3 + ["heading", "paragraph"] * 2 + ["paragraph"]
    texts = [block.text for block in reading.blocks]
    assert texts[:3] == ["Northshire community engagement plan", "1. Why we engage", PURPOSE]
    assert texts[7:] == ["2. Young people", YOUNG, "3. Officers' time", STAFF, ANSWERS]
    assert [block.page for block in reading.blocks] == [1] * 7 + [2] * 5
    assert reading.recognised == (1, 2)
    assert reading.confidence is not None
    assert reading.confidence > 90
    assert reading.left_out == (
        "Headers, footers and page numbers were left out: Northshire Police - for the public; Page 1.",
    )


def test_without_the_program_a_scan_is_refused_naming_what_to_install(nothing_installed) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read(SAMPLES / "scanned-plan.pdf")
    assert caught.value.reason == "no_text"
    assert str(caught.value) == (
        "scanned-plan.pdf has 2 pages without any text: it seems to be a scan. Install tesseract-ocr (text "
        "recognition, OCR) where this runs and add it again, or run text recognition over it elsewhere and add the "
        "result."
    )


def test_of_a_mixed_document_only_the_pictures_are_recognised(read_pdf: ReadBytes) -> None:
    reading = read_pdf(bound(page("We meet every month."), scanned(page(*LINES)), page("We write to all.")))
    assert [(block.page, block.text) for block in reading.blocks] == [
        (1, "We meet every month."),
        (2, " ".join(LINES)),
        (3, "We write to all."),
    ]
    assert reading.recognised == (2,)
    assert reading.unread == reading.wordless == ()


def test_without_the_program_the_pages_with_text_are_read_and_the_others_named(
    read_pdf: ReadBytes, nothing_installed
) -> None:
    scan = scanned(page(*LINES))
    reading = read_pdf(bound(page("We meet every month."), scan, scan, page("We write to all.")))
    assert [block.text for block in reading.blocks] == ["We meet every month.", "We write to all."]
    assert reading.unread == reading.unrecognised == reading.wordless == (2, 3)
    assert reading.left_out == (
        "Pages 2–3 were left out: pictures without text. Install tesseract-ocr (text recognition, OCR) where this runs "
        "and add the document again.",
    )


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_was_laid_in_the_scanner_the_wrong_way_is_turned(read_pdf: ReadBytes, turn: int) -> None:
    plan = (SAMPLES / "engagement-plan.pdf").read_bytes()
    one = PdfDocument.new()
    one.import_pages(PdfDocument(plan), pages=[0])
    made = BytesIO()
    one.save(made)
    reading = read_pdf(scanned(made.getvalue(), dpi=200, turn=turn))
    assert PURPOSE in [block.text for block in reading.blocks]


def test_a_scan_with_a_stamp_in_its_text_layer_is_recognised_all_the_same(read_pdf: ReadBytes) -> None:
    made = BytesIO()
    canvas = Canvas(made)
    side = PdfDocument(page(*LINES))[0].render(scale=3).to_pil()
    canvas.drawImage(ImageReader(side), 0, 0, 595, 842)
    canvas.drawString(250, 20, "OFFICIAL")
    canvas.save()
    reading = read_pdf(made.getvalue())
    assert " ".join(LINES) in [block.text for block in reading.blocks]
    assert sum(block.text.count("OFFICIAL") for block in reading.blocks) == 1


def test_words_set_over_a_photograph_are_read_from_the_text_layer(read_pdf: ReadBytes) -> None:
    reading = read_pdf(picture(lambda canvas: canvas.drawString(72, 780, "Our plan for the harbour")))
    assert [block.text for block in reading.blocks] == ["Our plan for the harbour"]
    assert reading.recognised == ()


def test_a_picture_without_words_is_named(read_pdf: ReadBytes) -> None:
    reading = read_pdf(bound(page("We meet every month."), picture(lambda canvas: None)))
    assert reading.left_out == ("Page 2 was left out: pictures in which no words were recognised.",)
    assert reading.wordless == (2,)
    assert reading.unread == ()


def test_a_blank_page_is_nothing_to_tell_of(read_pdf: ReadBytes) -> None:
    reading = read_pdf(bound(page("We meet every month."), page(), page("We write to all.")))
    assert reading.wordless == (2,)
    assert reading.unread == reading.left_out == ()


def test_a_page_over_which_the_program_takes_too_long_is_left_out(
    read_pdf: ReadBytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "SECONDS", 0.0)
    reading = read_pdf(bound(page("We meet every month."), scanned(page(*LINES))))
    assert reading.left_out == (
        "Page 2 was left out: pictures on which text recognition failed (it took more than 0 seconds).",
    )
    assert reading.unread == (2,)


def test_a_program_that_fails_is_told_with_its_complaint(
    tmp_path: Path, read_pdf: ReadBytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "tesseract"
    program.write_text("#!/bin/sh\necho 'Failed loading language eng' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnreadableDocument) as caught:
        read_pdf(scanned(page(*LINES)))
    assert caught.value.reason == "no_text"
    assert "failed on it: Failed loading language eng." in str(caught.value)


def test_every_page_is_told_as_it_is_done(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    with pacing.told(lambda done, of: told.append((done, of))):
        read(SAMPLES / "engagement-plan.pdf")
    assert told == [(1, 3), (2, 3), (3, 3)]
