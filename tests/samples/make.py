"""Makes the binary samples beside it: python tests/samples/make.py

The police, the places and the plan are invented. What each sample holds is told by the test that reads it.
"""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import outlook
import scanning
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pptx import Presentation
from pptx.oxml import parse_xml as pptx_xml
from pptx.oxml.ns import nsdecls as pptx_nsdecls
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.util import Cm, Pt
from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    ListFlowable,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Table,
)
from words import ANSWERS, MEETINGS, PURPOSE, REASONS, STAFF, YOUNG

HERE = Path(__file__).parent


def pdf() -> None:
    rl_config.invariant = 1
    body = ParagraphStyle("body", fontName="Helvetica", fontSize=10.5, leading=13.5, spaceAfter=7)
    heading = ParagraphStyle("heading", parent=body, fontName="Helvetica-Bold", fontSize=14, leading=18, spaceBefore=8)
    title = ParagraphStyle("title", parent=heading, fontSize=22, leading=27, spaceAfter=14)
    note = ParagraphStyle("note", parent=body, fontSize=8, leading=10)
    bold = ParagraphStyle("bold", parent=body, fontName="Helvetica-Bold")
    table = [[Paragraph(cell, bold if number == 0 else body) for cell in row] for number, row in enumerate(MEETINGS)]
    story: list[Any] = [
        Paragraph("Northshire community engagement plan", title),
        Paragraph("1. Why we engage", heading),
        Paragraph(PURPOSE, body),
        Paragraph("Our reasons are:", body),
        ListFlowable([Paragraph(reason, body) for reason in REASONS], bulletType="bullet", leftIndent=18),
        Paragraph("2. Where we meet", heading),
        Table(table, colWidths=[90, 190, 130], hAlign="LEFT"),
        NextPageTemplate("columns"),
        PageBreak(),
        Paragraph("3. Young people", heading),
        Paragraph(YOUNG, body),
        Paragraph("4. Officers' time", heading),
        Paragraph(STAFF, body),
        Paragraph("Asked for by the residents' panel.", note),
    ]
    document = BaseDocTemplate(
        str(HERE / "engagement-plan.pdf"), pagesize=A4, title="Northshire community engagement plan"
    )
    document.addPageTemplates(
        [
            PageTemplate("page", [Frame(70, 80, 455, 690)], onPage=_furniture),
            PageTemplate("columns", [Frame(70, 640, 215, 130), Frame(310, 665, 215, 105)], onPage=_furniture),
        ]
    )
    document.build(story)


def _furniture(canvas: Canvas, document: BaseDocTemplate) -> None:
    canvas.setFont("Helvetica", 8)
    canvas.drawString(70, 800, "Northshire Police - for the public")
    canvas.drawRightString(525, 40, f"Page {document.page}")


def scan() -> None:
    body = ParagraphStyle("body", fontName="Times-Roman", fontSize=11, leading=14, spaceAfter=7)
    heading = ParagraphStyle("heading", parent=body, fontName="Times-Bold", fontSize=13, leading=17, spaceBefore=8)
    story: list[Any] = [
        Paragraph("Northshire community engagement plan", ParagraphStyle("title", heading, fontSize=20, leading=30)),
        Paragraph("1. Why we engage", heading),
        Paragraph(PURPOSE, body),
        Paragraph("Our reasons are:", body),
        ListFlowable([Paragraph(reason, body) for reason in REASONS], bulletType="bullet", leftIndent=18),
        NextPageTemplate("columns"),
        PageBreak(),
        Paragraph("2. Young people", heading),
        Paragraph(YOUNG, body),
        Paragraph("3. Officers' time", heading),
        Paragraph(STAFF, body),
        Paragraph(ANSWERS, body),
    ]
    made = BytesIO()
    document = BaseDocTemplate(made, pagesize=A4)
    columns = Frame(70, 500, 215, 250), Frame(310, 500, 215, 250)
    document.addPageTemplates(
        [
            PageTemplate("page", [Frame(70, 80, 455, 690)], onPage=_furniture),
            PageTemplate("columns", columns, onPage=_furniture),
        ]
    )
    document.build(story)
    (HERE / "scanned-plan.pdf").write_bytes(scanning.scanned(made.getvalue()))


NOTES = """<w:footnotes %s>
<w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>
<w:footnote w:id="1"><w:p><w:r><w:t>The survey was sent to 4,000 homes.</w:t></w:r></w:p></w:footnote>
</w:footnotes>"""
NOTE_REFERENCE = '<w:r %s><w:footnoteReference w:id="1"/></w:r>'
INSERTED = '<w:ins %s w:id="7" w:author="A"><w:r><w:t xml:space="preserve"> in public</w:t></w:r></w:ins>'
DELETED = '<w:del %s w:id="8" w:author="A"><w:r><w:delText xml:space="preserve"> in secret</w:delText></w:r></w:del>'
TEXT_BOX = """<w:r %s xmlns:v="urn:schemas-microsoft-com:vml"><w:pict><v:shape><v:textbox><w:txbxContent>
<w:p><w:r><w:t>Next meeting: the harbour, in June.</w:t></w:r></w:p>
</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"""


def word() -> None:
    document = docx.Document()
    document.core_properties.title = "Northshire plan"
    document.add_heading("Northshire community engagement plan", level=0)
    document.add_paragraph("Why we engage\t2", style=document.styles.add_style("toc 1", 1))
    document.add_heading("Why we engage", level=1)
    purpose = document.add_paragraph(PURPOSE)
    purpose._p.append(parse_xml(NOTE_REFERENCE % nsdecls("w")))
    document.add_comment(purpose.runs, text="Is this still right?", author="Reviewer", initials="R")
    document.add_paragraph("Our reasons are:")
    for reason in REASONS:
        document.add_paragraph(reason, style="List Bullet")
    document.add_paragraph("by post and on the door", style="List Bullet 2")
    document.add_heading("Where we meet", level=2)
    table = document.add_table(rows=0, cols=3)
    for row in MEETINGS:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    tracked = document.add_paragraph("Answers are given")
    tracked._p.append(parse_xml(DELETED % nsdecls("w")))
    tracked._p.append(parse_xml(INSERTED % nsdecls("w")))
    tracked.add_run(".")
    document.add_paragraph()._p.append(parse_xml(TEXT_BOX % nsdecls("w")))
    _add_notes(document)
    document.save(str(HERE / "engagement-plan.docx"))


def _add_notes(document: Document) -> None:
    content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    blob = (NOTES % nsdecls("w")).encode()
    part = Part(PackURI("/word/footnotes.xml"), content_type, blob, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def powerpoint() -> None:
    deck = Presentation()
    deck.core_properties.title = "Northshire plan"
    opening = deck.slides.add_slide(deck.slide_layouts[0])
    opening.shapes.title.text = "Northshire community engagement plan"
    opening.placeholders[1].text = "For the residents' panel"
    _slide_of_reasons(deck)
    meetings = deck.slides.add_slide(deck.slide_layouts[5])
    meetings.shapes.title.text = "Where we meet"
    table = meetings.shapes.add_table(len(MEETINGS), 3, Cm(2), Cm(5), Cm(20), Cm(6)).table
    for row, texts in zip(table.rows, MEETINGS, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    hidden = deck.slides.add_slide(deck.slide_layouts[5])
    hidden.shapes.title.text = "What it costs"
    hidden._element.set("show", "0")
    designed = deck.slides.add_slide(deck.slide_layouts[6])
    _text_box(designed, (13, 6, 10, 8), STAFF)
    _text_box(designed, (13, 4, 10, 1.5), "Officers' time")
    _text_box(designed, (1, 6, 10, 8), YOUNG)
    _text_box(designed, (1, 4, 10, 1.5), "Young people")
    _text_box(designed, (1, 1, 22, 2), "Who else is asked", points=32)
    _text_box(designed, (30, 1, 5, 2), "Do not show this to the panel.")
    deck.save(str(HERE / "engagement-plan.pptx"))


def _slide_of_reasons(deck: Deck) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Why we engage"
    frame = slide.placeholders[1].text_frame
    frame.text = "Our reasons are:"
    frame.paragraphs[0]._p.get_or_add_pPr().append(pptx_xml(f"<a:buNone {pptx_nsdecls('a')}/>"))
    for level, text in [*((0, reason) for reason in REASONS), (1, "by post and on the door")]:
        paragraph = frame.add_paragraph()
        paragraph.text, paragraph.level = text, level
    slide.notes_slide.notes_text_frame.text = "Ask the panel which reason matters most.\nAllow ten minutes."
    for name in ("Footer Placeholder 4", "Slide Number Placeholder 5"):
        layout = next(shape for shape in slide.slide_layout.placeholders if shape.name == name)
        slide.shapes.clone_placeholder(layout)
        slide.shapes[-1].text_frame.text = "OFFICIAL" if name.startswith("Footer") else "2"


def _text_box(slide: Slide, place: tuple[float, float, float, float], text: str, points: float = 14) -> None:
    """Place: left, top, width and height in centimetres."""
    paragraph = slide.shapes.add_textbox(*map(Cm, place)).text_frame.paragraphs[0]
    paragraph.text = text
    paragraph.runs[0].font.size = Pt(points)


QUIETER = "Could the meetings move out of the café? Several of us could not follow the last one."
PANEL = {
    outlook.CLASS: "IPM.Note",
    outlook.SUBJECT: "What the panel asked for",
    outlook.SENT: datetime(2024, 3, 1, 18, tzinfo=UTC),
    outlook.SENDER: "Residents' panel",
    outlook.ADDRESS: "/O=MOORSIDE/OU=PANEL/CN=SECRETARY",
    outlook.BODY: f"{QUIETER}\r\n",
}
ANSWER = {
    outlook.CLASS: "IPM.Note",
    outlook.SUBJECT: "Where we meet in spring – and why",
    outlook.SENT: datetime(2024, 3, 5, 9, 31, 5, tzinfo=UTC),
    outlook.SENDER: "Engagement team",
    outlook.ADDRESS: "engagement@northshire.example",
    outlook.BODY: "Dear all\r\n\r\nThe spring meetings are held at the sailing club, because the café is too loud.\r\n",
    outlook.HTML: b"<p>Dear all</p><p>The spring meetings are held at the sailing club.</p><img src='cid:crest'>",
}


def mail() -> None:
    minutes = {outlook.LONG_NAME: "Minutes.md", outlook.DATA: b"# Minutes\n\nOfficers promised to answer in writing.\n"}
    plan = {outlook.LONG_NAME: "Meeting plan.txt", outlook.DATA: b"Meetings are held on the first Tuesday. " * 150}
    crest = {outlook.LONG_NAME: "crest.png", outlook.CONTENT_ID: "crest", outlook.DATA: b"\x89PNG"}
    attached = [
        outlook.attachment(plan),
        outlook.attachment(crest),
        outlook.embedded("What the panel asked for", PANEL, [outlook.attachment(minutes)]),
        outlook.attachment({outlook.LONG_NAME: "A link to the rota"}),
    ]
    (HERE / "mail.msg").write_bytes(outlook.message(ANSWER, attached))


if __name__ == "__main__":
    pdf()
    scan()
    word()
    powerpoint()
    mail()
