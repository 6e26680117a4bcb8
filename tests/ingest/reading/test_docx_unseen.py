"""Word documents: what no reader sees is left out and told; drawn boxes, fields and changes are read as they look."""

from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest.reading import read
from ingest.vocabulary import Reading

DRAWING = " ".join(
    f'xmlns:{prefix}="http://schemas.{address}"'
    for prefix, address in (
        ("mc", "openxmlformats.org/markup-compatibility/2006"),
        ("wps", "microsoft.com/office/word/2010/wordprocessingShape"),
        ("wp", "openxmlformats.org/drawingml/2006/wordprocessingDrawing"),
        ("a", "openxmlformats.org/drawingml/2006/main"),
    )
)
BOX = """<mc:Choice Requires="wps"><w:drawing><wp:inline><a:graphic><a:graphicData uri="x"><wps:wsp><wps:txbx>
<w:txbxContent><w:p><w:r><w:t>Next meeting: the harbour.</w:t></w:r></w:p></w:txbxContent>
</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>"""
FALLBACK = """<mc:Fallback><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox><w:txbxContent>
<w:p><w:r><w:t>Next meeting: the harbour.</w:t></w:r></w:p>
</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback>"""


@pytest.fixture
def written(tmp_path: Path) -> Callable[[Document], Reading]:
    def of(document: Document) -> Reading:
        document.save(str(tmp_path / "plan.docx"))
        return read(tmp_path / "plan.docx")

    return of


def put(document: Document, *runs: str) -> None:
    """A paragraph of these runs at the end of the document."""
    paragraph = parse_xml(f"<w:p {nsdecls('w')}>{''.join(runs)}</w:p>")
    document.element.body.insert(len(document.element.body) - 1, paragraph)


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def texts(reading: Reading) -> list[str]:
    return [block.text for block in reading.blocks]


def test_hidden_and_tiny_words_are_left_out_and_counted(written) -> None:
    document = docx.Document()
    put(document, run("We meet"), run(" never", "<w:vanish/>"), run(" every month.", '<w:vanish w:val="0"/>'))
    put(document, run("We listen."), run("in one point", '<w:sz w:val="2"/>'))
    put(document, run("All of this is hidden.", "<w:vanish/>"))
    reading = written(document)
    assert texts(reading) == ["We meet every month.", "We listen."]
    assert reading.left_out == (
        "9 words were left out that no reader sees: hidden, off the page, in the colour of what is "
        "behind them or tiny.",
    )


def test_a_style_hides_what_is_written_in_it_and_in_styles_based_on_it(written) -> None:
    document = docx.Document()
    hiding = document.styles.add_style("Hiding", 1)
    hiding.font.hidden = True
    based = document.styles.add_style("Based", 1)
    based.base_style = hiding
    document.add_paragraph("Seen.")
    document.add_paragraph("Hidden by style.", style=hiding)
    document.add_paragraph("Hidden by the style below.", style=based)
    document.add_paragraph(style=hiding).add_run("Shown all the same.").font.hidden = False
    reading = written(document)
    assert texts(reading) == ["Seen.", "Shown all the same."]
    assert reading.left_out == (
        "8 words were left out that no reader sees: hidden, off the page, in the colour of what is "
        "behind them or tiny.",
    )


def test_headers_and_footers_are_left_out_and_named(written) -> None:
    document = docx.Document()
    document.add_paragraph("We meet every month.")
    document.sections[0].header.paragraphs[0].text = "OFFICIAL"
    document.sections[0].footer.paragraphs[0].text = "Northshire Police"
    reading = written(document)
    assert texts(reading) == ["We meet every month."]
    assert reading.left_out == ("Headers and footers were left out: OFFICIAL; Northshire Police.",)


@pytest.mark.parametrize("fallback", ["", FALLBACK])
def test_the_text_of_a_drawn_box_is_read_once(written, fallback: str) -> None:
    document = docx.Document()
    put(document, run("We meet."))
    put(document, f"<w:r><mc:AlternateContent {DRAWING}>{BOX}{fallback}</mc:AlternateContent></w:r>")
    assert texts(written(document)) == ["We meet.", "Next meeting: the harbour."]


def test_a_table_of_contents_is_known_by_what_word_says_or_by_its_looks(written) -> None:
    document = docx.Document()
    lines = "".join(f"<w:p>{run(line)}</w:p>" for line in ("What is in it", "Aims 2", "Means 3"))
    control = (
        f'<w:sdt {nsdecls("w")}><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
        f"</w:sdtPr><w:sdtContent>{lines}</w:sdtContent></w:sdt>"
    )
    document.element.body.insert(0, parse_xml(control))
    for line in ("Contents", "Aims\t2", "Means\t3", "Aims", "We meet on the 3rd of May."):
        document.add_paragraph(line)
    reading = written(document)
    assert texts(reading) == ["Aims", "We meet on the 3rd of May."]
    assert reading.left_out == ("The table of contents (5 lines) was left out.",)


def test_a_field_is_read_by_its_result(written) -> None:
    document = docx.Document()
    code = '<w:r><w:instrText xml:space="preserve"> DATE \\@ "d MMMM" </w:instrText></w:r>'
    begin, separate, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    put(document, run("Agreed on "), begin, code, separate, run("7 January"), end, run("."))
    put(document, run("By "), f'<w:fldSimple w:instr=" AUTHOR ">{run("the panel")}</w:fldSimple>', run("."))
    assert texts(written(document)) == ["Agreed on 7 January.", "By the panel."]


def test_deleted_rows_go_and_moved_words_stand_once_where_they_were_moved_to(written) -> None:
    document = docx.Document()
    put(document, f'<w:moveFrom w:id="1" w:author="A">{run("We moved.")}</w:moveFrom>', run("We stay."))
    put(document, f'<w:moveTo w:id="2" w:author="A">{run("We moved.")}</w:moveTo>')
    put(document, '<w:pPr><w:rPr><w:del w:id="3" w:author="A"/></w:rPr></w:pPr>', run("Two paragraphs "))
    put(document, run("became one."))
    table = document.add_table(rows=3, cols=2)
    for number, row in enumerate(table.rows):
        row.cells[0].text, row.cells[1].text = f"Area {number}", f"{number} visits"
    deletion = parse_xml(f'<w:del {nsdecls("w")} w:id="4" w:author="A"/>')
    table.rows[1]._tr.get_or_add_trPr().append(deletion)
    assert texts(written(document)) == [
        "We stay.",
        "We moved.",
        "Two paragraphs became one.",
        "Area 0 | 0 visits",
        "Area 2 | 2 visits",
    ]


def test_a_table_in_a_table_loses_no_words_and_keeps_its_rows(written) -> None:
    document = docx.Document()
    outer = document.add_table(rows=1, cols=2)
    outer.rows[0].cells[0].text = "Where we meet"
    inner = outer.rows[0].cells[1].add_table(2, 2)
    for row, pair in zip(inner.rows, (("Harbour", "monthly"), ("Moorside", "yearly")), strict=True):
        row.cells[0].text, row.cells[1].text = pair
    assert texts(written(document)) == ["Where we meet", "Harbour | monthly", "Moorside | yearly"]


def test_a_first_row_in_bold_is_a_header_though_word_does_not_say_so(written, outline) -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=2)
    for number, pair in enumerate((("Area", "Meetings"), ("Harbour", "monthly"), ("Moorside", "yearly"))):
        for cell, text in zip(table.rows[number].cells, pair, strict=True):
            cell.paragraphs[0].add_run(text).bold = number == 0
    assert outline(written(document)) == [
        ("header row", "Area | Meetings"),
        ("row", "Harbour | monthly"),
        ("row", "Moorside | yearly"),
    ]


def test_real_footnotes_stay_and_tracked_moves_are_told(shared) -> None:
    assert [block.text[:3] for block in read(shared("files/footnotes.docx")).blocks][-1] == "[1]"
    moved = read(shared("files/track_changes_move.docx"))
    assert moved.left_out == ("1 tracked change was read as accepted.",)
