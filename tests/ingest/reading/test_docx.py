"""Word documents: structure by style, tracked changes as accepted, nothing leaked, nothing unpacked blindly."""

from pathlib import Path

import docx
import pytest

from ingest.errors import UnreadableDocument
from ingest.reading import read
from ingest.reading.archives import MAX_ENTRIES
from tests.ingest.reading.archiving import archive, entries_of, multiplied_entities
from tests.ingest.reading.conftest import SAMPLES


def test_the_sample_comes_out_with_its_structure_notes_and_text_box(sample, outline) -> None:
    document = sample("engagement-plan.docx")
    assert outline(document) == [
        ("heading 1", "Northshire community engagement plan"),
        ("heading 1", "Why we engage"),
        (
            "paragraph",
            "This plan says how Northshire Police will talk with the people it serves between 2024 and 2026, and how "
            "they can tell whether it kept its word. It was written after twelve evening meetings and a survey by "
            "post. [1]",
        ),
        ("paragraph", "Our reasons are:"),
        ("item", "to hear what worries people before it grows"),
        (
            "item",
            "to explain decisions, above all those that people will not like, in a way that can be questioned and "
            "answered in the same evening",
        ),
        ("item", "to find out what worked"),
        ("item", "by post and on the door"),
        ("heading 2", "Where we meet"),
        ("header row", "Area | Where | How often"),
        ("row", "Harbour | Sailing club, with a room for those who would rather speak alone | monthly"),
        ("row", "Moorside | Village hall | every second month"),
        ("paragraph", "Answers are given in public."),
        ("paragraph", "Next meeting: the harbour, in June."),
        ("paragraph", "[1] The survey was sent to 4,000 homes."),
    ]
    assert document.title == "Northshire plan"
    assert document.pages is None
    assert {block.page for block in document.blocks} == {None}
    assert document.left_out == (
        "The table of contents (1 line) was left out.",
        "1 comment was left out.",
        "2 tracked changes were read as accepted.",
    )


def test_deleted_text_and_comments_do_not_leak(sample) -> None:
    text = " ".join(block.text for block in sample("engagement-plan.docx").blocks)
    assert "secret" not in text
    assert "still right" not in text


def test_without_heading_styles_short_bold_paragraphs_are_the_headings(tmp_path: Path, outline) -> None:
    document = docx.Document()
    document.add_paragraph().add_run("Aims of the plan").bold = True
    document.add_paragraph("We meet.")
    document.add_paragraph().add_run("This is important.").bold = True
    document.save(str(tmp_path / "plan.docx"))
    assert outline(read(tmp_path / "plan.docx")) == [
        ("heading 2", "Aims of the plan"),
        ("paragraph", "We meet."),
        ("paragraph", "This is important."),
    ]


def test_real_tracked_moves_are_read_as_accepted(shared) -> None:
    texts = [block.text for block in read(shared("files/track_changes_move.docx")).blocks]
    assert texts == ["Here is some text.", "Here is the text to be moved.", "Here is some more text."]


def _reason(path: Path, data: bytes) -> tuple[str, str]:
    path.write_bytes(data)
    with pytest.raises(UnreadableDocument) as caught:
        read(path)
    return caught.value.reason, str(caught.value)


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = archive({"word/document.xml": b" " * 20_000_000})
    assert len(bomb) < 100_000
    assert _reason(tmp_path / "plan.docx", bomb) == (
        "damaged",
        "plan.docx would unpack to far more than a document holds. Open it in Word, save it anew as .docx and add that "
        "copy.",
    )


def test_an_archive_of_too_many_entries_is_refused(tmp_path: Path) -> None:
    crowd = archive({f"{number}.xml": b"" for number in range(MAX_ENTRIES + 1)})
    assert _reason(tmp_path / "plan.docx", crowd)[0] == "damaged"


def test_entities_that_multiply_are_not_expanded(tmp_path: Path, sample) -> None:
    document = multiplied_entities() + b"<x>&e9;</x>"
    bomb = archive(entries_of(SAMPLES / "engagement-plan.docx") | {"word/document.xml": document})
    assert _reason(tmp_path / "plan.docx", bomb)[0] == "damaged"


def test_a_protected_document_is_told_from_one_of_an_older_word(tmp_path: Path) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
    assert _reason(tmp_path / "a.docx", ole + "EncryptedPackage".encode("utf-16-le"))[0] == "encrypted"
    reason, sentence = _reason(tmp_path / "b.docx", ole + "WordDocument".encode("utf-16-le"))
    assert reason == "damaged"
    assert "older Word" in sentence


def test_other_archives_and_broken_ones_are_damaged(tmp_path: Path) -> None:
    other = archive({"hello.txt": b"Hello"})
    assert "no Word document" in _reason(tmp_path / "plan.docx", other)[1]
    assert _reason(tmp_path / "plan.docx", other[:-20])[0] == "damaged"
    assert _reason(tmp_path / "plan.docx", b"%PDF-1.4")[0] == "damaged"
