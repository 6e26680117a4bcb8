"""Makes the samples that say much of themselves, beside it: python tests/samples/make_cards.py

The police, the places and the people are invented; Cheshire Constabulary is named, since the register must know a body.
"""

from typing import Any

import docx
from make import HERE
from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageBreak, PageTemplate, Paragraph, Table
from words import ANSWERS, PURPOSE, STAFF, YOUNG


def strategy() -> None:
    """A designed PDF: marking in its header, a footer that disagrees with its title, a table that says whose it is."""
    rl_config.invariant = 1
    body = ParagraphStyle("body", fontName="Helvetica", fontSize=10.5, leading=13.5, spaceAfter=7)
    heading = ParagraphStyle("heading", parent=body, fontName="Helvetica-Bold", fontSize=14, leading=18, spaceBefore=8)
    title = ParagraphStyle("title", parent=heading, fontSize=24, leading=30, spaceAfter=14)
    control = [
        ["Document owner", "Chief Superintendent Avery Quill, Neighbourhood Policing"],
        ["Version", "2.1"],
        ["Published", "April 2016"],
        ["Review date", "31 March 2017"],
    ]
    rows = [[Paragraph(cell, body) for cell in row] for row in control]
    story: list[Any] = [
        Paragraph("Cheshire Constabulary", heading),
        Paragraph("Community engagement strategy 2016–2018", title),
        PageBreak(),
        Paragraph("1. Why we engage", heading),
        Paragraph(PURPOSE, body),
        Paragraph(YOUNG, body),
        PageBreak(),
        Paragraph("2. Officers' time", heading),
        Paragraph(STAFF, body),
        Paragraph("Residents voted by secret ballot which streets are walked first.", body),
        Paragraph("Document control", heading),
        Table(rows, colWidths=[120, 300], hAlign="LEFT"),
        Paragraph("This publication is licensed under the terms of the Open Government Licence v3.0.", body),
    ]
    document = BaseDocTemplate(str(HERE / "marked-strategy.pdf"), pagesize=A4)
    document.addPageTemplates([PageTemplate("page", [Frame(70, 80, 455, 690)], onPage=_furniture)])
    document.build(story)


def _furniture(canvas: Canvas, document: BaseDocTemplate) -> None:
    canvas.setFont("Helvetica", 8)
    canvas.drawCentredString(297, 810, "OFFICIAL")
    canvas.drawString(70, 40, "Community engagement strategy 2015–2018")
    canvas.drawRightString(525, 40, f"Page {document.page}")


def plan() -> None:
    """A Word document: a draft, marked in its header, that names people."""
    document = docx.Document()
    section = document.sections[0]
    section.header.paragraphs[0].text = "OFFICIAL-SENSITIVE\tNeighbourhood activity plan\tDraft 3"
    section.footer.paragraphs[0].text = "Page 1"
    document.add_heading("Neighbourhood activity plan, April 2024 to March 2027", level=0)
    document.add_heading("Who does what", level=1)
    document.add_paragraph(ANSWERS)
    document.add_paragraph(
        "PC 4411 Marlow keeps the list of visits, Sgt Ida Fenwick (2087) answers for it, and the panel writes to "
        "ida.fenwick@northshire.example or rings 07700 900123. Everybody else writes to engagement@northshire.example "
        "or rings 101."
    )
    document.add_paragraph("This plan will be reviewed in September 2025.")
    document.save(str(HERE / "draft-plan.docx"))


if __name__ == "__main__":
    strategy()
    plan()
