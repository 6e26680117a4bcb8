"""PDFs: order, headings, lists and tables by geometry; pages on every block; furniture left out and told."""

import textwrap
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from reportlab.lib.colors import black, white
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from ingest.errors import UnreadableDocument
from ingest.reading import read
from ingest.vocabulary import Reading
from tests.samples.words import ANSWERS, STAFF, YOUNG

Draw = Callable[[Canvas], None]


@pytest.fixture
def drawn(tmp_path: Path) -> Callable[..., Reading]:
    """The reading of a PDF drawn on a canvas."""

    def of(draw: Draw, **options: object) -> Reading:
        path = tmp_path / "plan.pdf"
        path.write_bytes(_pdf(draw, **options))
        return read(path)

    return of


def _pdf(draw: Draw, **options: object) -> bytes:
    made = BytesIO()
    canvas = Canvas(made, **options)  # type: ignore[arg-type]
    draw(canvas)
    canvas.save()
    return made.getvalue()


def _lines(canvas: Canvas, x: float, y: float, *lines: str, font: str = "Helvetica", size: float = 11) -> None:
    canvas.setFont(font, size)
    for number, line in enumerate(lines):
        canvas.drawString(x, y - 14 * number, line)


def test_the_sample_comes_out_with_headings_list_table_and_joined_columns_and_pages(sample, outline) -> None:
    document = sample("engagement-plan.pdf")
    assert outline(document) == [
        ("heading 1", "Northshire community engagement plan"),
        ("heading 2", "1. Why we engage"),
        (
            "paragraph",
            "This plan says how Northshire Police will talk with the people it serves between 2024 and 2026, and how "
            "they can tell whether it kept its word. It was written after twelve evening meetings and a survey by "
            "post.",
        ),
        ("paragraph", "Our reasons are:"),
        ("item", "to hear what worries people before it grows"),
        (
            "item",
            "to explain decisions, above all those that people will not like, in a way that can be questioned and "
            "answered in the same evening",
        ),
        ("item", "to find out what worked"),
        ("heading 2", "2. Where we meet"),
        ("header row", "Area | Where | How often"),
        ("row", "Harbour | Sailing club, with a room for those who would rather speak alone | monthly"),
        ("row", "Moorside | Village hall | every second month"),
        ("heading 2", "3. Young people"),
        (
            "paragraph",
            "Young people told the survey that they do not come to meetings in the evening. Officers will therefore "
            "visit the two secondary schools each term, and the youth club of the Northshire Council in the holidays. "
            "What is said there is written down without names and published with the answers that were given.",
        ),
        ("heading 2", "4. Officers' time"),
        (
            "paragraph",
            "Every neighbourhood officer spends four hours a week on visits that nobody has asked for.",
        ),
        ("paragraph", "A self-evaluation each March counts them and names the streets that were left out."),
        ("paragraph", "Asked for by the residents' panel."),
    ]
    assert [block.page for block in document.blocks] == [1] * 11 + [2] * 4 + [3] * 2
    assert document.pages == 3
    assert document.title == "Northshire community engagement plan"
    assert document.left_out == (
        "Headers, footers and page numbers were left out: Northshire Police - for the public; Page 1.",
    )


def test_a_hyphen_at_a_lines_end_goes_where_it_parts_a_word_and_stays_where_it_is_written(drawn) -> None:
    def draw(canvas: Canvas) -> None:
        _lines(
            canvas, 72, 700, "Our neighbour-", "hoods deserve face-to-face talks. We speak face-to-", "face with all."
        )

    (block,) = drawn(draw).blocks
    assert block.text == "Our neighbourhoods deserve face-to-face talks. We speak face-to-face with all."


def test_where_no_program_parts_words_a_hyphen_belongs_to_its_word(drawn) -> None:
    def draw(canvas: Canvas) -> None:
        for page in range(3):
            _lines(
                canvas,
                72,
                700,
                *(f"This is line {line} of page {page} in which nothing is parted" for line in range(40)),
            )
            canvas.showPage()
        _lines(canvas, 72, 700, "Engagement is a two-", "way contract.")

    assert drawn(draw).blocks[-1].text.endswith("Engagement is a two-way contract.")


def test_ligatures_are_spelt_out(drawn) -> None:
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))

    def draw(canvas: Canvas) -> None:
        _lines(canvas, 72, 700, "Speci\ufb01c of\ufb01cers re\ufb02ect.", font="Vera")

    assert drawn(draw).blocks[0].text == "Specific officers reflect."


def test_a_soft_hyphen_at_a_lines_end_parts_a_word(drawn) -> None:
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))

    def draw(canvas: Canvas) -> None:
        _lines(canvas, 72, 700, "Officers visit every neighbour\u00ad", "hood once a year.", font="Vera")

    assert drawn(draw).blocks[0].text == "Officers visit every neighbourhood once a year."


def test_a_heading_printed_twice_to_look_bold_is_read_once(drawn) -> None:
    def draw(canvas: Canvas) -> None:
        _lines(canvas, 72, 750, "Aims", size=18)
        _lines(canvas, 72.4, 750, "Aims", size=18)
        _lines(canvas, 72, 700, "We meet every month.")

    assert [block.text for block in drawn(draw).blocks] == ["Aims", "We meet every month."]


def test_a_bookmark_makes_a_heading_of_a_line_that_looks_like_any_other(drawn, outline) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.bookmarkPage("aims")
        canvas.addOutlineEntry("Aims of the plan", "aims", level=0)
        _lines(canvas, 72, 750, "Aims of the plan")
        _lines(canvas, 72, 720, "We meet every month.")

    assert outline(drawn(draw)) == [("heading 1", "Aims of the plan"), ("paragraph", "We meet every month.")]


def test_columns_whose_lines_the_file_interleaves_are_read_one_after_the_other(drawn) -> None:
    left = (
        "Officers visit every street",
        "of their area once a year",
        "and write down what they",
        "hear there, and then tell",
        "the residents what was",
        "done about it in the end.",
    )
    right = (
        "Young people do not come",
        "to meetings in the evening",
        "so that officers go to the",
        "schools and to the youth",
        "club in the holidays, and",
        "listen to them there.",
    )

    def draw(canvas: Canvas) -> None:
        for number, (one, other) in enumerate(zip(left, right, strict=True)):
            _lines(canvas, 72, 700 - 14 * number, one)
            _lines(canvas, 320, 700 - 14 * number, other)

    assert [block.text for block in drawn(draw).blocks] == [" ".join(left), " ".join(right)]


def test_a_column_goes_on_where_the_one_beside_it_has_ended(drawn) -> None:
    left, right = textwrap.wrap(f"{YOUNG} {STAFF}", 42), textwrap.wrap(ANSWERS, 42)

    def draw(canvas: Canvas) -> None:
        for number, line in enumerate(left):
            canvas.drawString(60, 700 - 14 * number, line)
            if number < len(right):
                canvas.drawString(320, 700 - 14 * number, right[number])

    assert " ".join(block.text for block in drawn(draw).blocks) == f"{YOUNG} {STAFF} {ANSWERS}"


def _table(canvas: Canvas, *rows: tuple[str, ...]) -> None:
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            canvas.drawString(72 + 120 * column, 700 - 18 * number, cell)


def test_plain_names_over_columns_of_figures_are_a_header(drawn, outline) -> None:
    rows = ("Area", "Visits", "Cost"), ("Harbour", "12", "£1,200"), ("Moorside", "7", "£900"), ("Valley", "3", "–")
    assert outline(drawn(lambda canvas: _table(canvas, *rows))) == [
        ("header row", "Area | Visits | Cost"),
        ("row", "Harbour | 12 | £1,200"),
        ("row", "Moorside | 7 | £900"),
        ("row", "Valley | 3 | –"),
    ]


def test_a_row_in_white_on_a_dark_band_is_a_header(drawn, outline) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rect(60, 694, 400, 20, fill=1)
        canvas.setFillColor(white)
        _table(canvas, ("For whom", "How", "When"))
        canvas.setFillColor(black)
        canvas.translate(0, -18)
        _table(canvas, ("Pupils", "School visits", "in spring"), ("Elders", "Surgeries", "in winter"))

    assert [kind for kind, _ in outline(drawn(draw))] == ["header row", "row", "row"]


def test_a_first_row_like_the_others_is_no_header(drawn, outline) -> None:
    rows = ("Harbour", "12", "monthly"), ("Moorside", "7", "yearly"), ("Valley", "3", "weekly")
    assert [kind for kind, _ in outline(drawn(lambda canvas: _table(canvas, *rows)))] == ["row"] * 3


@pytest.mark.parametrize(("turn", "shift"), [(90, (595, 0)), (180, (595, 842)), (270, (0, 595))])
def test_a_page_that_is_turned_is_read_as_it_is_seen(drawn, outline, turn: int, shift: tuple[int, int]) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(turn)
        canvas.translate(*shift)
        canvas.rotate(turn)
        _lines(canvas, 72, 500, "Landscape page", size=18)
        _lines(canvas, 72, 460, "Its words run along the long side,", "line below line,", "in one paragraph.")
        _lines(canvas, 72, 380, "A second one follows.")

    assert outline(drawn(draw)) == [
        ("heading 1", "Landscape page"),
        ("paragraph", "Its words run along the long side, line below line, in one paragraph."),
        ("paragraph", "A second one follows."),
    ]


def test_labels_of_pages_are_kept_where_they_differ_from_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    canvas = Canvas(str(path))
    for number in range(5):
        canvas.drawString(72, 700, f"We meet {number + 2} times a month.")
        canvas.showPage()
    canvas.save()
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        cover = pikepdf.Dictionary(P="Cover")
        roman, arabic = pikepdf.Dictionary(S=pikepdf.Name.r, St=2), pikepdf.Dictionary(S=pikepdf.Name.D, St=4)
        document.Root.PageLabels = pikepdf.Dictionary(Nums=[0, cover, 1, roman, 3, arabic])
        document.save(path)
    assert read(path).printed_pages == {1: "Cover", 2: "ii", 3: "iii"}


def test_a_table_of_contents_is_left_out(drawn) -> None:
    def draw(canvas: Canvas) -> None:
        _lines(canvas, 72, 750, "Contents", font="Helvetica-Bold", size=14)
        _lines(canvas, 72, 720, "Aims ................ 2", "Means ............... 3")
        canvas.showPage()
        _lines(canvas, 72, 750, "Aims", font="Helvetica-Bold", size=14)
        _lines(canvas, 72, 720, "We meet every month.")

    reading = drawn(draw)
    assert [block.text for block in reading.blocks] == ["Aims", "We meet every month."]
    assert reading.left_out == ("The table of contents (2 lines) was left out.",)


def test_numbers_of_a_table_at_the_foot_of_a_page_are_no_page_numbers(drawn) -> None:
    def draw(canvas: Canvas) -> None:
        for number, (area, hours) in enumerate((("Area", "Hours"), ("Harbour", "12"), ("Moorside", "6"))):
            _lines(canvas, 72, 90 - 14 * number, area)
            _lines(canvas, 200, 90 - 14 * number, hours)

    assert [block.text for block in drawn(draw).blocks] == ["Area | Hours", "Harbour | 12", "Moorside | 6"]


def _reason(path: Path, data: bytes) -> tuple[str, str]:
    path.write_bytes(data)
    with pytest.raises(UnreadableDocument) as caught:
        read(path)
    return caught.value.reason, str(caught.value)


def test_what_cannot_be_read_is_told_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    whole = _pdf(lambda canvas: canvas.drawString(72, 700, "We meet."))
    locked = _pdf(lambda canvas: canvas.drawString(72, 700, "We meet."), encrypt=StandardEncryption("secret"))
    empty = _pdf(lambda canvas: canvas.showPage())
    assert _reason(path, locked)[0] == "encrypted"
    assert _reason(path, whole[200:])[0] == "damaged"
    assert _reason(path, b"%PDF-1.4\nnothing more") == (
        "damaged",
        "plan.pdf is not a whole PDF. Get it anew from where it came from and add that.",
    )
    assert _reason(path, empty) == (
        "no_text",
        "plan.pdf has 1 page without any text, not even in pictures. Check that it is the right file.",
    )


def test_real_files_come_out_in_order_without_their_furniture(shared) -> None:
    reading = read(shared("files/nougat_002.pdf"))
    headings = [block.text for block in reading.blocks if block.kind == "heading" and block.level == 2]
    assert [heading.split(".")[0] for heading in headings] == ["1", "2", "3", "4", "5", "6", "7", "8", "9"]
    assert sum("Grekos" in block.text for block in reading.blocks) == 1
    assert not any("P a g e" in block.text for block in reading.blocks)


def test_real_columns_are_read_one_after_the_other_with_their_parted_words_whole(shared) -> None:
    text = " ".join(block.text for block in read(shared("files/nougat_028.pdf")).blocks)
    assert "neglected for decades as they drifted into industrial decay, are again" in text
    assert "award-winning" in text


def test_a_real_file_with_a_password_is_refused(shared) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read(shared("files/libreoffice-writer-password.pdf"))
    assert caught.value.reason == "encrypted"


def test_a_real_scan_is_read_with_its_headings(shared) -> None:
    reading = read(shared("files/nougat_006_scanned.pdf"))
    assert reading.recognised == (1, 2)
    assert "BUILDING REGULATIONS REVIEW" in [block.text for block in reading.blocks if block.kind == "heading"]


def test_a_numbered_item_loses_nothing_that_only_looks_like_a_bullet_further_on(drawn, outline) -> None:
    lines = "1. Officers go to schools – and to clubs.", "2. What § 4 says holds * for all."
    assert outline(drawn(lambda canvas: _lines(canvas, 72, 700, *lines))) == [("item", line) for line in lines]


def test_a_file_with_nothing_but_a_list_of_contents_is_read_rather_than_called_empty(drawn) -> None:
    lines = "Contents", f"Aims {'. ' * 40}3", f"Meetings {'. ' * 40}5"
    texts = [block.text for block in drawn(lambda canvas: _lines(canvas, 72, 700, *lines)).blocks]
    assert [text.split()[0] for text in texts] == ["Contents", "Aims", "Meetings"]


def test_a_page_that_says_it_has_no_size_is_read_all_the_same(tmp_path: Path, drawn) -> None:
    drawn(lambda canvas: _lines(canvas, 72, 700, "We meet every month."))
    path = tmp_path / "plan.pdf"
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        document.pages[0].CropBox = pikepdf.Array([0, 0, 0.1, 0.1])
        document.save(path)
    assert [block.text for block in read(path).blocks] == ["We meet every month."]


def test_letters_set_wide_are_one_word_where_its_last_letter_is_drawn_apart(drawn) -> None:
    def draw(canvas: Canvas) -> None:
        x = 72.0
        for word in ("Northshire", "officers", "listen"):
            for part in (word[:-1], word[-1]):
                canvas.drawString(x, 700, part, charSpace=3)
                x += canvas.stringWidth(part) + 3 * len(part)
            x += 8

    assert [block.text for block in drawn(draw).blocks] == ["Northshire officers listen"]


def test_a_file_with_nothing_but_numbers_of_pages_is_read_rather_than_called_empty(drawn) -> None:
    reading = drawn(lambda canvas: canvas.drawString(280, 30, "Page 1 of 1"))
    assert [block.text for block in reading.blocks] == ["Page 1 of 1"]
    assert not reading.furniture


def test_a_drawing_with_thousands_of_labels_is_read_within_seconds(drawn) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 4)
        for number in range(6000):
            canvas.drawString(20 + number * 37 % 547, 20 + number * 101 % 787, f"plot {number}")

    started = time.monotonic()
    assert sum(len(block.text.split()) for block in drawn(draw).blocks) >= 11_000
    assert time.monotonic() - started < 20


def test_a_paragraph_that_goes_on_overleaf_is_parted_after_the_sentence_that_does(drawn) -> None:
    text = (
        "Officers visit every street of their area once a year and write down what they hear. In the autumn they come "
        "back to tell the residents what was done about it. Young people are asked at school. Nobody is asked twice."
    )
    lines = textwrap.wrap(text, 44)

    def draw(canvas: Canvas) -> None:
        _lines(canvas, 72, 700, *lines[:3])
        canvas.showPage()
        _lines(canvas, 72, 700, *lines[3:])

    assert [(block.page, block.text) for block in drawn(draw).blocks] == [
        (1, text.partition(" Young")[0]),
        (2, f"Young{text.partition(' Young')[2]}"),
    ]
