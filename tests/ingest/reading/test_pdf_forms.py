"""What somebody has written onto a PDF is read with it: the fields of a form, and typed notes."""

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.reading import read


@pytest.fixture
def form(tmp_path: Path) -> Callable[[], Path]:
    """A form with two fields beside their labels and one below its label, filled in."""

    def make() -> Path:
        path = tmp_path / "form.pdf"
        canvas = Canvas(str(path))
        for y, label, value in ((700, "Area:", "Harbour"), (660, "Meetings held:", "twelve")):
            canvas.drawString(72, y, label)
            canvas.acroForm.textfield(name=label, value=value, x=200, y=y - 4, height=18, borderWidth=0)
        canvas.drawString(72, 600, "What was heard")
        canvas.acroForm.textfield(name="heard", value="Young people want evenings.", x=72, y=570, width=300, height=18)
        canvas.drawString(72, 500, "Send this form to the engagement team.")
        canvas.save()
        return path

    return make


def _texts(path: Path) -> list[str]:
    return [block.text for block in read(path).blocks]


def test_what_is_filled_in_is_read_beside_its_label(form) -> None:
    assert _texts(form()) == [
        "Area: | Harbour",
        "Meetings held: | twelve",
        "What was heard",
        "Young people want evenings.",
        "Send this form to the engagement team.",
    ]


def test_what_is_filled_in_is_read_where_the_file_leaves_its_drawing_to_the_reader(form) -> None:
    path = form()
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        document.Root.AcroForm.NeedAppearances = True
        for field in document.pages[0].Annots:
            del field.AP
        document.save(path)
    assert "Area: | Harbour" in _texts(path)


def test_a_hidden_field_is_not_read(form) -> None:
    path = form()
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        document.pages[0].Annots[0].F = 2
        document.save(path)
    assert "Harbour" not in " ".join(_texts(path))


def test_a_typed_note_is_read_and_a_comment_is_not(tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    canvas = Canvas(str(path))
    canvas.drawString(72, 700, "We meet every month.")
    canvas.freeTextAnnotation("Now every week.", Rect=[72, 640, 300, 660], DA="/Helv 11 Tf")
    canvas.textAnnotation("Really?", Rect=[72, 600, 300, 620])
    canvas.save()
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        page = document.pages[0]
        drawing = document.make_stream(b"BT /F1 11 Tf 4 4 Td (Now every week.) Tj ET")
        drawing.Subtype, drawing.BBox = pikepdf.Name.Form, pikepdf.Array([0, 0, 228, 20])
        drawing.Resources = page.Resources
        page.Annots[0].AP = pikepdf.Dictionary(N=drawing)
        document.save(path)
    assert _texts(path) == ["We meet every month.", "Now every week."]
