"""What no reader of a PDF sees is left out and told; what only looks suspicious is kept."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from reportlab.lib.colors import black, lightgrey, navy, white
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ingest.errors import UnreadableDocument
from ingest.reading import read
from ingest.vocabulary import Reading

Draw = Callable[[Canvas], None]
SEEN = "We meet every month."


@pytest.fixture
def drawn(tmp_path: Path) -> Callable[[Draw], Reading]:
    """The reading of a page that says one sentence and has something else drawn on it."""

    def of(draw: Draw) -> Reading:
        made = BytesIO()
        canvas = Canvas(made)
        canvas.drawString(72, 700, SEEN)
        draw(canvas)
        canvas.save()
        path = tmp_path / "plan.pdf"
        path.write_bytes(made.getvalue())
        return read(path)

    return of


def texts(reading: Reading) -> list[str]:
    return [block.text for block in reading.blocks]


def white_on_white(canvas: Canvas) -> None:
    canvas.setFillColor(white)
    canvas.drawString(72, 600, "Nobody reads this.")


def invisible(canvas: Canvas) -> None:
    text = canvas.beginText(72, 600)
    text.setTextRenderMode(3)
    text.textLine("Nobody reads this.")
    canvas.drawText(text)


def one_point(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 1)
    canvas.drawString(72, 600, "Nobody reads this.")


def off_the_page(canvas: Canvas) -> None:
    canvas.drawString(-300, 600, "Nobody reads")
    canvas.drawString(72, -40, "this.")


def cut_off(canvas: Canvas) -> None:
    canvas.setCropBox((0, 100, 595, 842))
    canvas.drawString(72, 50, "Nobody reads this.")


def covered(canvas: Canvas) -> None:
    canvas.drawString(72, 600, "Nobody reads this.")
    canvas.rect(60, 590, 200, 25, fill=1)


@pytest.mark.parametrize("draw", [white_on_white, invisible, one_point, off_the_page, cut_off, covered])
def test_words_that_no_reader_sees_are_left_out_and_counted(drawn, draw: Draw) -> None:
    reading = drawn(draw)
    assert texts(reading) == [SEEN]
    assert reading.left_out == (
        "Left out as no reader sees them (hidden, covered, off the page or tiny): 3 words on page 1.",
    )


def test_words_blacked_out_within_a_sentence_leave_a_mark(drawn) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 600, "The officer was Jane Example of the harbour team.")
        before, name = (canvas.stringWidth(words) for words in ("The officer was ", "Jane Example"))
        canvas.rect(72 + before - 1, 597, name + 2, 14, fill=1)

    assert texts(drawn(draw)) == [SEEN, "The officer was […] of the harbour team."]


def test_white_letters_on_a_dark_band_and_pale_ones_on_white_are_seen(drawn) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(navy)
        canvas.rect(60, 590, 300, 30, fill=1)
        canvas.setFillColor(white)
        canvas.drawString(72, 600, "White on navy.")
        canvas.setFillColor(lightgrey)
        canvas.drawString(72, 500, "Grey on white.")

    reading = drawn(draw)
    assert texts(reading) == [SEEN, "White on navy.", "Grey on white."]
    assert reading.left_out == ()


def test_words_laid_invisibly_over_a_scan_are_kept_and_said_to_be_recognised(drawn) -> None:
    """A scanner that recognises text writes it so; its words need not lie exactly where they are seen."""

    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(white)
        canvas.rect(0, 0, 595, 842, fill=1, stroke=0)
        picture = Image.new("L", (595, 842), 255)
        ImageDraw.Draw(picture).text((72, 200), "Officers visit every street of their area once a year.", fill=0)
        canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
        text = canvas.beginText(72, 400)
        text.setTextRenderMode(3)
        for number in range(5):
            text.textLine(f"Officers visit every street of area {number} once a year.")
        canvas.drawText(text)

    reading = drawn(draw)
    assert sum(text.count("Officers visit every street") for text in texts(reading)) == 5
    assert reading.recognised == (1,)
    assert reading.confidence is None


def test_a_page_with_nothing_but_hidden_words_is_refused(tmp_path: Path) -> None:
    made = BytesIO()
    canvas = Canvas(made)
    white_on_white(canvas)
    canvas.save()
    (tmp_path / "plan.pdf").write_bytes(made.getvalue())
    with pytest.raises(UnreadableDocument) as caught:
        read(tmp_path / "plan.pdf")
    assert caught.value.reason == "no_text"


def test_what_is_drawn_later_in_black_hides_nothing_beside_it(drawn) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(black)
        canvas.rect(200, 690, 100, 25, fill=1)

    assert texts(drawn(draw)) == [SEEN]
