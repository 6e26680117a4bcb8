"""Damaged PDFs: mended where qpdf can; one bad page does not take the others with it; what is lost is told."""

import zlib
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.errors import UnreadableDocument
from ingest.reading import read
from ingest.vocabulary import Reading

SENTENCES = ("We meet every month.", "We write to all.", "We listen.")
MENDED = "The file is damaged: what could be mended of it was read. Get it anew from where it came from."


def _pages(tmp_path: Path) -> Path:
    """Three pages, content compressed, the last ones standing last in the file."""
    path = tmp_path / "plan.pdf"
    canvas = Canvas(str(path), pageCompression=1)
    for sentence in SENTENCES:
        for line in range(30):
            canvas.drawString(72, 750 - 20 * line, f"{sentence} This is line {line}.")
        canvas.showPage()
    canvas.save()
    return path


def _texts(reading: Reading) -> str:
    return " ".join(block.text for block in reading.blocks)


def test_a_file_that_was_cut_short_is_mended_and_says_so(tmp_path: Path) -> None:
    path = _pages(tmp_path)
    path.write_bytes(path.read_bytes()[:-300])
    reading = read(path)
    assert all(sentence in _texts(reading) for sentence in SENTENCES)
    assert reading.damaged
    assert reading.left_out[0] == MENDED


def test_a_page_that_is_gone_from_a_file_cut_short_is_named(tmp_path: Path) -> None:
    path = _pages(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.rindex(b"endstream") - 100])
    reading = read(path)
    assert _texts(reading).count(SENTENCES[0]) == _texts(reading).count(SENTENCES[1]) == 30
    assert SENTENCES[2] not in _texts(reading)
    assert reading.pages == 3
    assert reading.unread == (3,)
    assert reading.left_out == (MENDED, "Page 3 was damaged: words are missing there.")


def test_a_page_whose_content_breaks_off_is_read_as_far_as_it_goes_and_named(tmp_path: Path) -> None:
    path = _pages(tmp_path)
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        content = document.pages[1].Contents
        packed = bytearray(zlib.compress(content.read_bytes()))
        packed[len(packed) // 2 :] = b"\xff" * (len(packed) - len(packed) // 2)
        content.write(bytes(packed), filter=pikepdf.Name.FlateDecode)
        document.save(path)
    reading = read(path)
    assert reading.unread == (2,)
    assert reading.left_out == ("Page 2 was damaged: words are missing there.",)
    assert not reading.damaged
    assert _texts(reading).count(SENTENCES[0]) == _texts(reading).count(SENTENCES[2]) == 30
    assert _texts(reading).count(SENTENCES[1]) < 30


def test_a_page_that_cannot_be_opened_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    path = _pages(tmp_path)
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        document.Root.Pages.Kids[1] = document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Nothing))
        document.save(path)
    reading = read(path)
    assert (SENTENCES[0] in _texts(reading), SENTENCES[2] in _texts(reading)) == (True, True)
    assert [block.page for block in reading.blocks][-1] == 3


def test_what_cannot_be_mended_is_refused_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    made = BytesIO()
    Canvas(made).save()
    for data in (b"%PDF-1.7\n", b"%PDF-1.7\n" + bytes(range(256)) * 40):
        path.write_bytes(data)
        with pytest.raises(UnreadableDocument) as caught:
            read(path)
        assert caught.value.reason == "damaged"


def test_a_file_without_its_first_line_is_read(tmp_path: Path) -> None:
    path = _pages(tmp_path)
    path.write_bytes(path.read_bytes().partition(b"\n")[2])
    assert all(sentence in _texts(read(path)) for sentence in SENTENCES)
