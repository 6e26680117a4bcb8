"""A Word document with a fault in it is read for the text that it has, and nothing of its text is passed over."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest

from ingest.errors import UnreadableDocument
from ingest.reading import read
from tests.ingest.reading.archiving import archive, entries_of

NAMESPACES = " ".join(
    f'xmlns:{prefix}="http://schemas.openxmlformats.org/{address}"'
    for prefix, address in (
        ("w", "wordprocessingml/2006/main"),
        ("r", "officeDocument/2006/relationships"),
        ("a", "drawingml/2006/main"),
        ("wp", "drawingml/2006/wordprocessingDrawing"),
        ("m", "officeDocument/2006/math"),
    )
)
Change = Callable[[bytes], bytes]


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


@pytest.fixture
def read_body(tmp_path: Path) -> Callable[..., list[str]]:
    """The texts of a document with that body, and with parts changed by name."""

    def of(body: str, doctype: str = "", **parts: Change) -> list[str]:
        made, path = BytesIO(), tmp_path / "plan.docx"
        docx.Document().save(made)
        path.write_bytes(made.getvalue())
        entries = entries_of(path)
        root = f"{doctype}<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"
        entries["word/document.xml"] = root.encode()
        for part, change in parts.items():
            entries[f"word/{part}.xml"] = change(entries.get(f"word/{part}.xml", b""))
        path.write_bytes(archive(entries))
        return [block.text for block in read(path).blocks]

    return of


@pytest.mark.parametrize(
    "loose_end",
    [
        '<w:r><w:footnoteReference w:id="7"/></w:r>',
        "<w:r><w:endnoteReference/></w:r>",
        '<w:r><w:drawing><wp:inline><a:graphic><a:graphicData><a:blip r:embed="rId77"/></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>",
        f'<w:hyperlink r:id="rId78">{run("")}</w:hyperlink>',
    ],
)
def test_a_mark_that_leads_nowhere_does_not_take_the_document_with_it(read_body, loose_end: str) -> None:
    assert read_body(f"<w:p>{run('We meet every month.')}{loose_end}</w:p>") == ["We meet every month."]


@pytest.mark.parametrize("fault", [b'w:type="paragraph"', b'w:styleId="Normal"'])
def test_a_style_that_does_not_say_what_it_is_is_no_hindrance(read_body, fault: bytes) -> None:
    assert read_body(f"<w:p>{run('We meet.')}</w:p>", styles=lambda part: part.replace(fault, b"")) == ["We meet."]


@pytest.mark.parametrize("part", ["styles", "numbering", "comments", "header1"])
def test_a_broken_part_that_holds_no_text_is_no_hindrance(read_body, part: str) -> None:
    assert read_body(f"<w:p>{run('We meet.')}</w:p>", **{part: lambda _: b"<broken"}) == ["We meet."]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("<w:r><w:t>north</w:t><w:cr/><w:t>south</w:t><w:ptab/><w:t>east</w:t></w:r>", "north south east"),
        (f"{run('where ')}<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>{run(' holds')}", "where x=1 holds"),
        (f'<w:dir w:val="ltr">{run("left to right")}</w:dir>', "left to right"),
        (
            f"<w:r><w:ruby><w:rt>{run('said')}</w:rt><w:rubyBase>{run('written')}</w:rubyBase></w:ruby></w:r>",
            "written",
        ),
    ],
)
def test_text_in_what_is_seldom_used_is_read(read_body, written: str, text: str) -> None:
    assert read_body(f"<w:p>{written}</w:p>") == [text]


def test_all_of_several_bodies_is_read(read_body) -> None:
    assert read_body(f"<w:p>{run('One.')}</w:p></w:body><w:body><w:p>{run('Two.')}</w:p>") == ["One.", "Two."]


def test_an_entity_is_not_expanded_and_the_rest_is_read(read_body) -> None:
    doctype = '<!DOCTYPE x [<!ENTITY e "expanded">]>'
    assert read_body(f"<w:p>{run('We meet. &e;')}</w:p>", doctype=doctype) == ["We meet."]


def test_the_strict_format_is_read_with_all_that_holds_for_the_usual_one(read_body, tmp_path: Path) -> None:
    read_body(f"<w:p>{run('We meet.')}<w:r><w:rPr><w:vanish/></w:rPr><w:t>Not here.</w:t></w:r></w:p>")
    path = tmp_path / "plan.docx"
    strict = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
    entries = entries_of(path)
    usual = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    path.write_bytes(archive({name: part.replace(usual, strict) for name, part in entries.items()}))
    assert [block.text for block in read(path).blocks] == ["We meet."]


@pytest.mark.parametrize(
    ("part", "reason"), [("word/theme/theme1.xml", None), ("docProps/core.xml", None), ("word/document.xml", "damaged")]
)
def test_damage_matters_only_where_the_text_is(tmp_path: Path, part: str, reason: str | None) -> None:
    path, made = tmp_path / "plan.docx", BytesIO()
    document = docx.Document()
    document.add_paragraph("We meet every month.")
    document.save(made)
    with ZipFile(made) as archive:
        entry = archive.getinfo(part)
    packed = bytearray(made.getvalue())
    at = entry.header_offset + 30 + len(part) + entry.compress_size // 2
    packed[at : at + 8] = bytes(8)
    path.write_bytes(packed)
    if reason is None:
        assert [block.text for block in read(path).blocks] == ["We meet every month."]
    else:
        with pytest.raises(UnreadableDocument, match="is not whole") as refusal:
            read(path)
        assert refusal.value.reason == reason
