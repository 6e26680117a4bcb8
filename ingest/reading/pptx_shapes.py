"""What stands on one slide of PowerPoint: text boxes, tables, diagrams and groups, each with its place."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lxml.etree import _Element  # type: ignore[import-untyped]

from ingest.reading.leaving_out import LeftOut
from ingest.reading.markup import parsed
from ingest.reading.placing import Box, in_reading_order
from ingest.reading.pptx_backdrop import Backdrop, box_of
from ingest.reading.pptx_diagrams import diagram_items
from ingest.reading.pptx_inheriting import TITLES, A, P, list_styles, placeholder
from ingest.reading.pptx_text import Writing
from ingest.reading.slides import Slide, Text
from ingest.vocabulary import Block, BlockKind

if TYPE_CHECKING:
    from pptx.shapes.base import BaseShape
    from pptx.slide import Slide as Source

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_FURNITURE = ("dt", "ftr", "hdr", "sldNum")


class SlideReader:
    def __init__(self, source: "Source", size: tuple[int, int], left_out: LeftOut) -> None:
        self._source = source
        self._size = size
        self._left_out = left_out
        _take_choices(source.element)
        self._backdrop = Backdrop(source)

    def read(self, number: int) -> Slide:
        slide = Slide(number)
        opens = self._source.slide_layout.element.get("type") in ("title", "secHead")
        for shape in self._source.shapes:
            place = placeholder(shape.element)
            kind = place.get("type") if place is not None else None
            if kind in TITLES and not slide.title:
                slide.title = self._title(shape)
                slide.opens_part = opens or kind == "ctrTitle"
            elif kind in _FURNITURE:
                self._drop_furniture(shape)
            elif text := self._text(shape):
                slide.texts.append(text)
        slide.notes = self._notes()
        slide.has_pictures = self._source.element.find(f".//{A}blip") is not None
        self._count_comments()
        return slide

    def _title(self, shape: "BaseShape") -> str:
        """Of a title that was put off the slide too: it is there to name the slide."""
        body = shape.element.find(f"{P}txBody")
        return " ".join(block.text for block in Writing(()).blocks(body)) if body is not None else ""

    def _drop_furniture(self, shape: "BaseShape") -> None:
        text = " ".join("".join(part.text or "" for part in shape.element.iter(f"{A}t")).split())
        if text and not text.isdecimal():
            self._left_out.furniture[text] = None

    def _text(self, shape: "BaseShape", grouped: bool = False) -> Text | None:
        """What the shape says, or None for nothing."""
        box = box_of(shape)
        if _is_hidden(shape) or (box and not grouped and not box.is_seen(*self._size)):
            words = "".join(f"{part.text} " for part in shape.element.iter(f"{A}t"))
            self._left_out.unseen_words += len(words.split())
            return None
        if shape.element.tag == f"{P}grpSp":
            return self._group(shape, box)
        if shape.element.tag == f"{P}graphicFrame":
            return Text(tuple(self._frame(shape)), box)
        body = shape.element.find(f"{P}txBody")
        if body is None:
            return None
        writing = Writing(list_styles(shape.element, self._source), self._backdrop.behind(shape, grouped))
        blocks = tuple(writing.blocks(body))
        self._left_out.unseen_words += writing.unseen_words
        return Text(blocks, box, writing.points)

    def _group(self, group: "BaseShape", box: Box | None) -> Text:
        shapes: Iterable[BaseShape] = group.shapes  # type: ignore[attr-defined]
        texts = [text for text in (self._text(shape, grouped=True) for shape in shapes) if text and text.blocks]
        ordered = in_reading_order(texts, lambda text: text.box)
        blocks = tuple(block for text in ordered for block in text.blocks)
        return Text(blocks, box, max((text.points for text in texts), default=0.0))

    def _frame(self, frame: "BaseShape") -> Iterator[Block]:
        content = frame.element.find(f"{A}graphic/{A}graphicData")
        if content is None:
            return
        table = content.find(f"{A}tbl")
        chart, diagram = content.find(f"{_C}chart"), content.find(f"{_DIAGRAM}relIds")
        if table is not None:
            yield from self._rows(table)
        elif chart is not None:
            yield from self._chart_title(self._related(chart.get(f"{_R}id")))
        elif diagram is not None:
            yield from diagram_items(self._related(diagram.get(f"{_R}dm")))
        else:
            self._left_out.objects += 1

    def _rows(self, table: _Element) -> Iterator[Block]:
        """A cell that reaches over several rows says its words in each of them."""
        properties = table.find(f"{A}tblPr")
        named = properties is not None and properties.get("firstRow") in ("1", "true")
        above: list[str] = []
        for number, row in enumerate(table.findall(f"{A}tr")):
            cells = row.findall(f"{A}tc")
            texts = [self._cell(cell, above[at] if at < len(above) else "") for at, cell in enumerate(cells)]
            shown = [text for cell, text in zip(cells, texts, strict=True) if cell.get("hMerge") not in ("1", "true")]
            if any(shown):
                yield Block(BlockKind.ROW, " | ".join(shown), header=named and number == 0)
            above = texts

    def _cell(self, cell: _Element, above: str) -> str:
        if cell.get("vMerge") in ("1", "true"):
            return above
        body = cell.find(f"{A}txBody")
        if body is None:
            return ""
        writing = Writing((), self._backdrop.of_cell(cell))
        text = " ".join(block.text for block in writing.blocks(body))
        self._left_out.unseen_words += writing.unseen_words
        return text

    def _chart_title(self, chart: _Element | None) -> Iterator[Block]:
        self._left_out.charts += 1
        title = chart.find(f".//{_C}title//{_C}rich") if chart is not None else None
        return Writing(()).blocks(title) if title is not None else iter(())

    def _related(self, relationship: str | None) -> _Element | None:
        """The part that a frame shows, parsed; None where the file lacks it."""
        relationships = self._source.part.rels
        if relationship is None or relationship not in relationships:
            return None
        return parsed(relationships[relationship].target_part.blob)

    def _notes(self) -> list[Block]:
        if not self._source.has_notes_slide:
            return []
        written = self._source.notes_slide.notes_placeholder
        body = written.element.find(f"{P}txBody") if written is not None else None
        return list(Writing(()).blocks(body)) if body is not None else []

    def _count_comments(self) -> None:
        for relationship in self._source.part.rels.values():
            if relationship.reltype.endswith("/comments") and not relationship.is_external:
                comments = parsed(relationship.target_part.blob)
                self._left_out.comments += sum(1 for _ in comments.iter("{*}cm"))


def _take_choices(slide: _Element) -> None:
    """Where the file offers contents for newer and for older programs, leaves those for newer ones."""
    for offer in list(slide.iter(f"{_MC}AlternateContent")):
        chosen = offer.find(f"{_MC}Choice")
        for part in list(chosen) if chosen is not None else []:
            offer.addprevious(part)
        offer.getparent().remove(offer)


def _is_hidden(shape: "BaseShape") -> bool:
    named = shape.element.find(f"./*/{P}cNvPr")
    return named is not None and named.get("hidden") in ("1", "true")
