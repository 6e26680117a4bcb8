"""OpenDocument texts: structure by style, tracked changes as accepted, nothing leaked, nothing multiplied."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.errors import UnreadableDocument
from ingest.reading import read
from ingest.vocabulary import Reading
from tests.ingest.reading.archiving import archive, multiplied_entities, opendocument

TEXT_STYLE = '<style:style style:name="T" style:family="text"><style:text-properties %s/></style:style>'
LOOK = '<text:p>Seen and <text:span text:style-name="T">unseen</text:span> again</text:p>'


@pytest.fixture
def reading(tmp_path: Path) -> Callable[..., Reading]:
    def of(body: str, styles: str = "") -> Reading:
        (tmp_path / "plan.odt").write_bytes(opendocument(body, styles=styles))
        return read(tmp_path / "plan.odt")

    return of


def texts(reading: Reading) -> list[str]:
    return [block.text for block in reading.blocks]


def refusal(path: Path, data: bytes) -> tuple[str, str]:
    path.write_bytes(data)
    with pytest.raises(UnreadableDocument) as caught:
        read(path)
    return caught.value.reason, str(caught.value)


def test_the_sample_comes_out_with_its_structure_notes_and_text_box(sample, outline) -> None:
    document = sample("engagement-plan.odt")
    assert outline(document) == [
        ("heading 1", "Northshire community engagement plan"),
        ("heading 1", "Why we engage"),
        (
            "paragraph",
            "This plan says how Northshire Police will talk with the people it serves between 2024 and 2026, and how "
            "they can tell whether it kept its word. It was written after twelve evening meetings and a survey by "
            "post. [1]",
        ),
        ("paragraph", "Next meeting: the harbour, in June."),
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
        ("paragraph", "[1] The survey was sent to 4,000 homes."),
    ]
    assert document.title == "Northshire plan"
    assert document.pages is None
    assert {block.page for block in document.blocks} == {None}
    assert document.left_out == (
        "Headers and footers were left out: Northshire Police - for the public.",
        "The table of contents (2 lines) was left out.",
        "3 words were left out that no reader sees: hidden, off the page, in the colour of what is behind them or "
        "tiny.",
        "1 comment was left out.",
    )


def test_deleted_text_and_comments_do_not_leak(sample) -> None:
    text = " ".join(texts(sample("engagement-plan.odt")))
    assert "secret" not in text
    assert "Still right" not in text


def test_a_paragraph_in_a_heading_s_style_is_a_heading(reading, outline) -> None:
    styles = (
        '<style:style style:name="H" style:family="paragraph" style:default-outline-level="2"/>'
        '<style:style style:name="P9" style:family="paragraph" style:parent-style-name="H"/>'
    )
    document = reading('<text:p text:style-name="P9">Aims</text:p><text:p>We meet.</text:p>', styles)
    assert outline(document) == [("heading 2", "Aims"), ("paragraph", "We meet.")]


def test_without_headings_short_bold_paragraphs_are_the_headings(reading, outline) -> None:
    styles = TEXT_STYLE % 'fo:font-weight="bold"'
    bold = '<text:p><text:span text:style-name="T">%s</text:span>%s</text:p>'
    document = reading(bold % ("Aims of", "") + bold % ("We", " meet.") + bold % ("This matters.", ""), styles)
    assert outline(document) == [("heading 2", "Aims of"), ("paragraph", "We meet."), ("paragraph", "This matters.")]


def test_a_numbered_heading_inside_a_list_is_a_heading(reading, outline) -> None:
    item = "<text:list-item>%s</text:list-item>"
    listed = item % '<text:h text:outline-level="1">Aims</text:h>'
    document = reading(f"<text:list>{listed}</text:list><text:p>We meet.</text:p>")
    assert outline(document) == [("heading 1", "Aims"), ("paragraph", "We meet.")]


def test_a_text_box_in_the_middle_of_a_sentence_does_not_cut_it(reading) -> None:
    inner = "<draw:frame><draw:text-box><text:p>Inside.</text:p></draw:text-box></draw:frame>"
    outer = f"<draw:frame><draw:text-box><text:p>Beside.{inner}</text:p></draw:text-box></draw:frame>"
    document = reading(f"<text:p>We meet {outer}every month.</text:p><text:p>Then we go.</text:p>")
    assert texts(document) == ["We meet every month.", "Beside.", "Inside.", "Then we go."]


def test_endnotes_follow_with_the_marks_that_the_file_gives_them(reading) -> None:
    note = (
        "<text:note><text:note-citation>%s</text:note-citation><text:note-body><text:p>%s</text:p></text:note-body>"
        "</text:note>"
    )
    document = reading(f"<text:p>One{note % ('1', 'First.')} two{note % ('i', 'Last.')}.</text:p>")
    assert texts(document) == ["One [1] two [i].", "[1] First.", "[i] Last."]


@pytest.mark.parametrize("look", ['text:display="none"', 'fo:font-size="1pt"', 'fo:color="#fefeff"'])
def test_hidden_tiny_and_white_text_is_left_out(reading, look: str) -> None:
    document = reading(LOOK, TEXT_STYLE % look)
    assert texts(document) == ["Seen and again"]
    assert document.left_out[0].startswith("1 word was left out that no reader sees")


def test_large_text_in_a_tiny_paragraph_is_read(reading) -> None:
    tiny = (
        '<style:style style:name="P" style:family="paragraph"><style:text-properties fo:font-size="1pt"/></style:style>'
    )
    document = reading(
        LOOK.replace("<text:p>", '<text:p text:style-name="P">'), tiny + TEXT_STYLE % 'fo:font-size="9pt"'
    )
    assert texts(document) == ["unseen"]


@pytest.mark.parametrize(
    "around",
    [
        '<style:style style:name="G" style:family="graphic"><style:graphic-properties style:wrap="run-through"/>'
        "</style:style>",
        '<style:style style:name="P" style:family="paragraph"><style:paragraph-properties '
        'fo:background-color="#000000"/></style:style>',
    ],
)
def test_white_text_is_read_where_the_page_may_be_dark(reading, around: str) -> None:
    document = reading(
        LOOK.replace("<text:p>", '<text:p text:style-name="P">'), around + TEXT_STYLE % 'fo:color="#ffffff"'
    )
    assert texts(document) == ["Seen and unseen again"]
    assert document.left_out == ()


def test_a_section_that_is_hidden_is_left_out(reading) -> None:
    document = reading(
        '<text:p>Seen.</text:p><text:section text:display="none"><text:p>Not this.</text:p></text:section>'
        '<text:p>Nor <text:hidden-paragraph text:is-hidden="true"/>that.</text:p>'
    )
    assert texts(document) == ["Seen."]
    assert document.left_out[0].startswith("4 words were left out")


def test_objects_are_left_out_and_said_to_be(reading) -> None:
    document = reading("<text:p>Seen.<draw:frame><draw:object/></draw:frame></text:p>")
    assert document.left_out == ("1 embedded object was left out.",)


def test_cells_and_spaces_that_are_said_to_be_repeated_are_not_multiplied(reading, outline) -> None:
    cell = '<table:table-cell table:number-columns-repeated="1000000000"><text:p>Harbour</text:p></table:table-cell>'
    other = '<table:table-cell><text:p>a<text:s text:c="1000000000"/>b</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="1000000000">{cell}{other}</table:table-row>'
    assert outline(reading(f"<table:table>{row}</table:table>")) == [("row", "Harbour | a b")]


def test_styles_that_lead_in_a_circle_end(reading) -> None:
    circle = '<style:style style:name="T" style:family="text" style:parent-style-name="T"/>'
    assert texts(reading(LOOK, circle)) == ["Seen and unseen again"]


def test_entities_that_multiply_are_refused(tmp_path: Path) -> None:
    bomb = opendocument("<text:p>&e9;</text:p>", doctype=multiplied_entities())
    assert refusal(tmp_path / "plan.odt", bomb)[0] == "damaged"


def test_entities_are_not_fetched(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    doctype = f'<!DOCTYPE x [<!ENTITY file SYSTEM "{(tmp_path / "secret.txt").as_uri()}">]>'.encode()
    (tmp_path / "plan.odt").write_bytes(opendocument("<text:p>Seen. &file;</text:p>", doctype=doctype))
    assert texts(read(tmp_path / "plan.odt")) == ["Seen."]


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    assert refusal(tmp_path / "plan.odt", archive({"content.xml": b" " * 20_000_000})) == (
        "damaged",
        "plan.odt would unpack to far more than a document holds. Open it in LibreOffice Writer, save it anew as .odt "
        "and add that copy.",
    )


@pytest.mark.parametrize(
    "entries",
    [
        {
            "content.xml": b"\x00\x01",
            "META-INF/manifest.xml": b'<m:manifest xmlns:m="urn:m"><m:file-entry><m:encryption-data/></m:file-entry>'
            b"</m:manifest>",
        },
        {"mimetype": b"application/vnd.oasis.opendocument.text", "encrypted-package": b"\x00\x01"},
    ],
)
def test_a_protected_document_is_told_so(tmp_path: Path, entries: dict[str, bytes]) -> None:
    assert refusal(tmp_path / "plan.odt", archive(entries)) == (
        "encrypted",
        "plan.odt is protected by a password. Save it without the password and add that copy.",
    )


def test_other_archives_and_broken_ones_are_damaged(tmp_path: Path) -> None:
    reason, sentence = refusal(tmp_path / "plan.odt", archive({"hello.txt": b"Hello"}))
    assert (reason, "is an archive, but no OpenDocument text" in sentence) == ("damaged", True)
    reason, sentence = refusal(tmp_path / "plan.odt", opendocument("", kind="presentation"))
    assert (reason, "is no OpenDocument text" in sentence) == ("damaged", True)
    assert refusal(tmp_path / "plan.odt", opendocument("")[:-20])[0] == "damaged"
    assert refusal(tmp_path / "plan.odt", archive({"content.xml": b"<office"}))[0] == "damaged"


def test_a_real_text_reads_well(shared, outline) -> None:
    lines = outline(read(shared("files/text_document_01.odt")))
    assert [line for line in lines if line[0].startswith("heading")] == [
        ("heading 1", "Title"),
        ("heading 1", "heading level 1.0"),
        ("heading 2", "Heading level 2: A"),
        ("heading 2", "Heading level 2: B"),
    ]
    assert ("item", "bullet list 2.2.1") in lines
    assert lines[-1] == ("paragraph", "X2 + Y2 = Z")
