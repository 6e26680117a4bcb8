"""PowerPoint presentations: slide by slide, as they are read, nothing that nobody sees, nothing unpacked blindly."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import MSO_SHAPE
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.presentation import Presentation as Deck
from pptx.shapes.autoshape import Shape
from pptx.slide import Slide
from pptx.util import Cm, Pt

from ingest.errors import UnreadableDocument
from ingest.reading import read
from ingest.vocabulary import Reading
from tests.ingest.reading.archiving import archive, entries_of, multiplied_entities
from tests.ingest.reading.conftest import SAMPLES

TITLE_ONLY, BLANK = 5, 6
WHITE, BLACK = RGBColor(255, 255, 255), RGBColor(0, 0, 0)
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
D = 'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


@pytest.fixture
def deck() -> Deck:
    return Presentation()


@pytest.fixture
def slide(deck: Deck) -> Slide:
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    slide.shapes.title.text = "Where we meet"
    return slide


@pytest.fixture
def reading(deck: Deck, tmp_path: Path) -> Callable[[], Reading]:
    def of() -> Reading:
        deck.save(str(tmp_path / "plan.pptx"))
        return read(tmp_path / "plan.pptx")

    return of


def box(slide: Slide, place: Sequence[float], text: str, colour: RGBColor | None = None) -> Shape:
    """A text box: its left, top, width and height in centimetres."""
    shape = slide.shapes.add_textbox(*map(Cm, place))
    shape.text_frame.text = text
    if colour is not None:
        shape.text_frame.paragraphs[0].runs[0].font.color.rgb = colour
    return shape


def texts(reading: Reading) -> list[str]:
    return [block.text for block in reading.blocks]


def test_the_sample_comes_out_slide_by_slide_with_its_notes(sample, outline) -> None:
    document = sample("engagement-plan.pptx")
    assert outline(document) == [
        ("heading 1", "Northshire community engagement plan"),
        ("paragraph", "For the residents' panel"),
        ("heading 2", "Why we engage"),
        ("paragraph", "Our reasons are:"),
        ("item", "to hear what worries people before it grows"),
        (
            "item",
            "to explain decisions, above all those that people will not like, in a way that can be questioned and "
            "answered in the same evening",
        ),
        ("item", "to find out what worked"),
        ("item", "by post and on the door"),
        ("heading 3", "Speaker notes"),
        ("paragraph", "Ask the panel which reason matters most."),
        ("paragraph", "Allow ten minutes."),
        ("heading 2", "Where we meet"),
        ("header row", "Area | Where | How often"),
        ("row", "Harbour | Sailing club, with a room for those who would rather speak alone | monthly"),
        ("row", "Moorside | Village hall | every second month"),
        ("heading 2", "Who else is asked"),
        ("paragraph", "Young people"),
        (
            "paragraph",
            "Young people told the survey that they do not come to meetings in the evening. Officers will therefore "
            "visit the two secondary schools each term, and the youth club of the Northshire Council in the holidays. "
            "What is said there is written down without names and published with the answers that were given.",
        ),
        ("paragraph", "Officers' time"),
        (
            "paragraph",
            "Every neighbourhood officer spends four hours a week on visits that nobody has asked for. A "
            "self-evaluation each March counts them and names the streets that were left out.",
        ),
    ]
    assert document.title == "Northshire plan"
    assert document.pages == 5
    assert [block.page for block in document.blocks] == [1] * 2 + [2] * 9 + [3] * 4 + [5] * 5
    assert document.left_out == (
        "Slide 4 is hidden when the slides are shown; left out.",
        "Headers and footers were left out: OFFICIAL.",
        "7 words were left out that no reader sees: hidden, off the page, in the colour of what is behind them or "
        "tiny.",
    )


def test_a_footer_in_a_text_box_of_its_own_is_no_text(deck: Deck, reading) -> None:
    for number in range(1, 5):
        slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
        slide.shapes.title.text = f"Ward {number}"
        box(slide, (1, 16, 10, 1), f"Northshire Police | OFFICIAL {number}")
        box(slide, (1, 5, 10, 1), "We meet." if number < 3 else f"We walk in ward {number} with its own people.")
    read_in = reading()
    assert [block.text for block in read_in.furniture] == ["Northshire Police | OFFICIAL 1"]
    assert "Northshire" not in " ".join(texts(read_in))
    assert texts(read_in).count("We meet.") == 2


def test_the_author_s_order_holds_where_nothing_contradicts_it(slide: Slide, reading) -> None:
    for row, year in enumerate(("2024", "2025")):
        box(slide, (1, 5 + 2 * row, 3, 1), year)
        box(slide, (5, 5 + 2 * row, 15, 1), f"What was done in {year}")
    assert texts(reading()) == ["Where we meet", "2024", "What was done in 2024", "2025", "What was done in 2025"]


def test_what_stands_below_comes_after_though_it_was_put_there_first(slide: Slide, reading) -> None:
    box(slide, (1, 17, 20, 1), "Source: survey by post")
    box(slide, (1, 5, 20, 5), "Half of those asked had met an officer.")
    assert texts(reading())[1:] == ["Half of those asked had met an officer.", "Source: survey by post"]


def test_a_slide_without_a_title_does_not_belong_to_the_one_before(deck: Deck, slide: Slide, reading, outline) -> None:
    box(deck.slides.add_slide(deck.slide_layouts[BLANK]), (1, 5, 20, 5), "We visit schools.")
    assert outline(reading()) == [
        ("heading 2", "Where we meet"),
        ("heading 2", ""),
        ("paragraph", "We visit schools."),
    ]


def test_a_title_off_the_slide_names_it_all_the_same(slide: Slide, reading, outline) -> None:
    slide.shapes.title.left, slide.shapes.title.top = Cm(2), Cm(-10)
    slide.shapes.title.width, slide.shapes.title.height = Cm(20), Cm(2)
    box(slide, (1, 5, 20, 5), "In the village hall.")
    assert outline(reading())[0] == ("heading 2", "Where we meet")


def test_typed_bullets_make_items_too(slide: Slide, reading, outline) -> None:
    box(slide, (1, 5, 20, 5), "We meet:\n• in the hall\n• at the club\n- on the quay")
    assert outline(reading())[1:] == [
        ("paragraph", "We meet:"),
        ("item", "in the hall"),
        ("item", "at the club"),
        ("item", "on the quay"),
    ]


def test_groups_are_read_through(slide: Slide, reading) -> None:
    group = slide.shapes.add_group_shape()
    inner = group.shapes.add_group_shape()
    for shapes, text, top in ((group.shapes, "Second", 8), (inner.shapes, "First", 5)):
        shapes.add_textbox(Cm(2), Cm(top), Cm(5), Cm(1)).text_frame.text = text
    assert texts(reading())[1:] == ["First", "Second"]


def test_a_merged_cell_says_its_words_in_each_row_and_once_across(slide: Slide, reading, outline) -> None:
    table = slide.shapes.add_table(3, 3, Cm(1), Cm(5), Cm(20), Cm(5)).table
    for row, cells in enumerate((("Area", "When", "Where"), ("Harbour", "Monday", "Club"), ("", "Friday", "Quay"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    assert outline(reading())[1:] == [
        ("header row", "Area | When | Where"),
        ("row", "Harbour | Monday | Club"),
        ("row", "Harbour | Friday | Quay"),
    ]
    table.cell(0, 1).merge(table.cell(0, 2))
    assert outline(reading())[1] == ("header row", "Area | When Where")


def test_a_table_need_not_name_its_columns(slide: Slide, reading, outline) -> None:
    table = slide.shapes.add_table(1, 2, Cm(1), Cm(5), Cm(20), Cm(5)).table
    table.first_row = False
    table.cell(0, 0).text, table.cell(0, 1).text = "Harbour", "Club"
    assert outline(reading())[1:] == [("row", "Harbour | Club")]


def test_of_a_chart_the_title_is_read(slide: Slide, reading) -> None:
    data = CategoryChartData()
    data.categories = ["2024"]
    data.add_series("Meetings held", (12,))
    place = Cm(1), Cm(5), Cm(10), Cm(8)
    chart = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *place, data).chart
    chart.chart_title.text_frame.text = "Meetings held a year"
    document = reading()
    assert texts(document)[1:] == ["Meetings held a year"]
    assert document.left_out == ("1 chart was read by the title alone.",)


POINTS = "".join(
    f'<dgm:pt modelId="{model}" {kind}><dgm:t><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>'
    for model, kind, text in (
        ("0", 'type="doc"', ""),
        ("3", "", "Answer"),
        ("1", "", "Listen"),
        ("2", "", "to those who stay away"),
        ("9", 'type="pres"', "Listen"),
    )
)
LINKS = (
    '<dgm:cxn modelId="5" srcId="0" destId="3" srcOrd="1" destOrd="0"/>'
    '<dgm:cxn modelId="6" srcId="0" destId="1" srcOrd="0" destOrd="0"/>'
    '<dgm:cxn modelId="7" srcId="1" destId="2" srcOrd="0" destOrd="0"/>'
    '<dgm:cxn modelId="8" type="presOf" srcId="1" destId="9" srcOrd="0" destOrd="0"/>'
)
DIAGRAM = f"<dgm:dataModel {D} {A}><dgm:ptLst>{POINTS}</dgm:ptLst><dgm:cxnLst>{LINKS}</dgm:cxnLst></dgm:dataModel>"
FRAME = f"""<p:graphicFrame {P} {A} {R}><p:nvGraphicFramePr><p:cNvPr id="9" name="Diagram"/>
<p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm><a:off x="0" y="2000000"/><a:ext cx="900000" cy="900000"/>
</p:xfrm><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/diagram">
<dgm:relIds {D} r:dm="%s"/></a:graphicData></a:graphic></p:graphicFrame>"""


def _add_diagram(slide: Slide, xml: bytes) -> None:
    part = Part(PackURI("/ppt/diagrams/data1.xml"), "application/xml", slide.part.package, xml)
    relationship = slide.part.relate_to(part, RELATIONSHIP_TYPE.DIAGRAM_DATA)
    slide.shapes._spTree.append(parse_xml(FRAME % relationship))


def test_smart_art_is_read_in_the_order_of_its_branches(slide: Slide, reading, outline) -> None:
    _add_diagram(slide, DIAGRAM.encode())
    assert outline(reading())[1:] == [("item", "Listen"), ("item", "to those who stay away"), ("item", "Answer")]


def test_of_what_is_offered_to_newer_and_older_programs_the_newer_is_read_once(slide: Slide, reading) -> None:
    newer, older = (
        box(slide, (1, 5, 9, 2), "x is the number of meetings")._element,
        box(slide, (1, 5, 9, 2), "[x]")._element,
    )
    offer = parse_xml(f"<mc:AlternateContent {MC}><mc:Choice Requires='a14'/><mc:Fallback/></mc:AlternateContent>")
    newer.addprevious(offer)
    offer[0].append(newer)
    offer[1].append(older)
    assert texts(reading())[1:] == ["x is the number of meetings"]


def test_text_off_the_slide_hidden_tiny_or_transparent_is_left_out(slide: Slide, reading) -> None:
    box(slide, (26, 1, 5, 2), "Two words")
    box(slide, (1, 5, 5, 2), "Hidden")._element.nvSpPr.cNvPr.set("hidden", "1")
    box(slide, (1, 7, 5, 2), "Tiny").text_frame.paragraphs[0].runs[0].font.size = Pt(1)
    clear = box(slide, (1, 9, 5, 2), "Clear", BLACK).text_frame.paragraphs[0].runs[0]
    clear.font._element.find(".//{*}srgbClr").append(parse_xml(f'<a:alpha {A} val="0"/>'))
    box(slide, (1, 11, 5, 2), "Empty").text_frame.paragraphs[0].runs[0].font.fill.background()
    document = reading()
    assert texts(document) == ["Where we meet"]
    assert document.left_out[0].startswith("6 words were left out that no reader sees")


def test_text_in_the_colour_of_the_slide_or_of_its_own_box_is_left_out(slide: Slide, reading) -> None:
    box(slide, (1, 5, 5, 2), "Ghost", RGBColor(254, 255, 255))
    filled = box(slide, (1, 8, 5, 2), "Spectre", BLACK)
    filled.fill.solid()
    filled.fill.fore_color.rgb = BLACK
    document = reading()
    assert texts(document) == ["Where we meet"]
    assert document.left_out[0].startswith("2 words were left out")


def test_white_text_that_lies_on_something_is_read(slide: Slide, reading) -> None:
    slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Cm(1), Cm(5), Cm(20), Cm(3))
    box(slide, (2, 6, 5, 1), "On a band", WHITE)
    group = slide.shapes.add_group_shape()
    run = group.shapes.add_textbox(Cm(1), Cm(9), Cm(5), Cm(1)).text_frame.paragraphs[0].add_run()
    run.text, run.font.color.rgb = "In a group", WHITE
    document = reading()
    assert texts(document)[1:] == ["On a band", "In a group"]
    assert document.left_out == ()


def test_white_text_on_a_dark_slide_is_read_and_dark_text_is_not(slide: Slide, reading) -> None:
    slide.background.fill.solid()
    slide.background.fill.fore_color.rgb = BLACK
    box(slide, (1, 5, 5, 2), "Seen", WHITE)
    box(slide, (1, 8, 5, 2), "Unseen", BLACK)
    assert texts(reading())[1:] == ["Seen"]


def test_comments_are_left_out_and_said_to_be(slide: Slide, reading) -> None:
    xml = f"<p:cmLst {P}><p:cm><p:text>Is this still right?</p:text></p:cm></p:cmLst>".encode()
    part = Part(PackURI("/ppt/comments/comment1.xml"), "application/xml", slide.part.package, xml)
    slide.part.relate_to(part, RELATIONSHIP_TYPE.COMMENTS)
    document = reading()
    assert texts(document) == ["Where we meet"]
    assert document.left_out == ("1 comment was left out.",)


def _add_picture(slide: Slide, tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (4, 4)).save(tmp_path / "dot.png")
    slide.shapes.add_picture(str(tmp_path / "dot.png"), 0, 0)


def test_slides_that_are_pictures_are_named(deck: Deck, slide: Slide, reading, tmp_path: Path) -> None:
    for _ in range(2):
        _add_picture(deck.slides.add_slide(deck.slide_layouts[BLANK]), tmp_path)
    assert reading().left_out == ("Slides 2 and 3 are without text; what the pictures show was not read.",)


def refusal(path: Path, data: bytes) -> tuple[str, str]:
    path.write_bytes(data)
    with pytest.raises(UnreadableDocument) as caught:
        read(path)
    return caught.value.reason, str(caught.value)


def test_a_presentation_of_pictures_alone_is_refused(deck: Deck, tmp_path: Path) -> None:
    _add_picture(deck.slides.add_slide(deck.slide_layouts[BLANK]), tmp_path)
    deck.save(str(tmp_path / "plan.pptx"))
    assert refusal(tmp_path / "plan.pptx", (tmp_path / "plan.pptx").read_bytes()) == (
        "no_text",
        "plan.pptx has 1 slide without any text, only pictures. Save it as PDF, run text recognition (OCR) over that "
        "and add the result.",
    )


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = archive(entries_of(SAMPLES / "engagement-plan.pptx") | {"ppt/media/a.bmp": b" " * 20_000_000})
    assert refusal(tmp_path / "plan.pptx", bomb) == (
        "damaged",
        "plan.pptx would unpack to far more than a document holds. Open it in PowerPoint, save it anew as .pptx and "
        "add that copy.",
    )


def test_entities_that_multiply_are_refused(tmp_path: Path) -> None:
    entries = entries_of(SAMPLES / "engagement-plan.pptx")
    slide = entries["ppt/slides/slide1.xml"].replace(b"For the residents", b"&e9;")
    declaration, root = slide.split(b"?>", 1)
    entries["ppt/slides/slide1.xml"] = declaration + b"?>" + multiplied_entities() + root
    assert refusal(tmp_path / "plan.pptx", archive(entries))[0] == "damaged"


def test_entities_that_multiply_in_a_diagram_are_refused(deck: Deck, slide: Slide, tmp_path: Path) -> None:
    _add_diagram(slide, multiplied_entities() + DIAGRAM.replace("Listen", "&e9;").encode())
    deck.save(str(tmp_path / "plan.pptx"))
    assert refusal(tmp_path / "plan.pptx", (tmp_path / "plan.pptx").read_bytes())[0] == "damaged"


def test_a_diagram_that_leads_in_a_circle_ends(slide: Slide, reading) -> None:
    circle = '<dgm:cxn modelId="4" srcId="2" destId="0" srcOrd="0" destOrd="0"/></dgm:cxnLst>'
    _add_diagram(slide, DIAGRAM.replace("</dgm:cxnLst>", circle).encode())
    assert texts(reading())[1:] == ["Listen", "to those who stay away", "Answer"]


def test_a_part_that_is_missing_costs_no_more_than_itself(slide: Slide, reading) -> None:
    slide.shapes._spTree.append(parse_xml(FRAME % "rId99"))
    assert texts(reading()) == ["Where we meet"]


def test_a_protected_presentation_is_told_from_one_of_an_older_powerpoint(tmp_path: Path) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
    assert refusal(tmp_path / "a.pptx", ole + "EncryptedPackage".encode("utf-16-le"))[0] == "encrypted"
    reason, sentence = refusal(tmp_path / "b.pptx", ole + "PowerPoint Document".encode("utf-16-le"))
    assert reason == "damaged"
    assert "is a presentation of an older PowerPoint (.ppt). Open it in PowerPoint, save it anew as .pptx" in sentence


def test_other_archives_and_broken_ones_are_damaged(tmp_path: Path) -> None:
    word = (SAMPLES / "engagement-plan.docx").read_bytes()
    for other in (archive({"hello.txt": b"Hello"}), word):
        reason, sentence = refusal(tmp_path / "plan.pptx", other)
        assert (reason, "no whole presentation" in sentence) == ("damaged", True)
    assert refusal(tmp_path / "plan.pptx", word[:-20])[0] == "damaged"


def test_a_real_presentation_reads_well(shared, outline) -> None:
    document = read(shared("files/powerpoint_sample.pptx"))
    lines = outline(document)
    assert document.pages == 3
    assert lines[0] == ("heading 1", "Test Table Slide")
    assert ("header row", " | Class1 | Class2") in lines
    assert lines[lines.index(("paragraph", "Let’s introduce a list")) + 1 :][:3] == [
        ("item", "With foo"),
        ("item", "Bar"),
        ("item", "And baz things"),
    ]
    assert lines[-2:] == [
        ("paragraph", "Final notes on the third slide."),
        ("paragraph", "Second line of notes."),
    ]
