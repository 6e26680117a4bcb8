"""OpenDocument presentations → blocks, slide by slide; the number of a slide is its place in the file."""

from collections.abc import Sequence

from lxml.etree import _Element  # type: ignore[import-untyped]

from ingest.reading.archives import OfficeFormat
from ingest.reading.elements import blocks_of as blocks_in
from ingest.reading.leaving_out import LeftOut
from ingest.reading.odf_elements import Converter
from ingest.reading.odf_package import opened
from ingest.reading.odf_styles import DRAW, OFFICE, PRESENTATION, SVG, Styles, length
from ingest.reading.placing import Box
from ingest.reading.slides import USUAL_POINTS, Slide, Text, blocks_of, no_text, take_furniture
from ingest.vocabulary import Block, Reading

_IMPRESS = OfficeFormat(
    "OpenDocument presentation", "in LibreOffice Impress, save it anew as .odp", "a document of an older Office program"
)
_FURNITURE = ("header", "footer", "date-time", "page-number")


def read(data: bytes, name: str) -> Reading:
    document = opened(data, name, _IMPRESS, "presentation")
    left_out = LeftOut()
    reader = _SlideReader(document.styles, left_out)
    pages = document.body.findall(f"{DRAW}page")
    slides: list[Slide] = []
    for number, page in enumerate(pages, 1):
        if reader.is_hidden(page):
            left_out.hidden_slides.append(number)
        else:
            slides.append(reader.read(page, number))
    left_out.furniture |= take_furniture(slides)
    blocks = tuple(block for slide in slides for block in blocks_of(slide))
    left_out.pictures = [slide.number for slide in slides if slide.is_picture]
    if left_out.pictures and not any(block.text for block in blocks):
        raise no_text(name, len(slides))
    return Reading(
        blocks,
        pages=len(pages),
        title=document.title,
        left_out=left_out.sentences(),
        furniture=left_out.furniture_blocks(),
        wordless=tuple(left_out.pictures),
    )


class _SlideReader:
    def __init__(self, styles: Styles, left_out: LeftOut) -> None:
        self._styles = styles
        self._left_out = left_out
        self._size = styles.page_size()

    def is_hidden(self, page: _Element) -> bool:
        visibility = f"{PRESENTATION}visibility"
        styled = self._styles.value("drawing-page", page.get(f"{DRAW}style-name"), visibility)
        return (page.get(visibility) or styled) == "hidden"

    def read(self, page: _Element, number: int) -> Slide:
        slide = Slide(number)
        for shape in page:
            kind = shape.get(f"{PRESENTATION}class")
            if shape.tag == f"{PRESENTATION}notes":
                slide.notes += self._notes(shape)
            elif shape.tag == f"{OFFICE}annotation":
                self._left_out.comments += 1
            elif kind in _FURNITURE:
                self._drop_furniture(shape)
            elif kind == "title" and not slide.title:
                slide.title = " ".join(block.text for block in self._text(shape, LeftOut()).blocks)
            elif str(shape.tag).startswith(DRAW) and (text := self._seen(shape)).blocks:
                slide.opens_part |= kind == "subtitle"
                slide.texts.append(text)
        slide.has_pictures = page.find(f".//{DRAW}image") is not None
        return slide

    def _notes(self, notes: _Element) -> list[Block]:
        frames = (frame for frame in notes if frame.get(f"{PRESENTATION}class") == "notes")
        return [block for frame in frames for block in self._text(frame, self._left_out).blocks]

    def _drop_furniture(self, shape: _Element) -> None:
        text = " ".join(" ".join(shape.itertext()).split())
        if text and not text.isdecimal():
            self._left_out.furniture[text] = None

    def _seen(self, shape: _Element) -> Text:
        """What the shape says, unless it is off the slide."""
        box = _box(shape)
        if box and self._size and not box.is_seen(*self._size):
            self._left_out.unseen_words += len(" ".join(shape.itertext()).split())
            return Text(())
        return self._text(shape, self._left_out)

    def _text(self, shape: _Element, left_out: LeftOut) -> Text:
        converter = Converter(self._styles, None, left_out)
        blocks = tuple(blocks_in(converter.body(shape)))
        return Text(blocks, _box(shape), converter.points or USUAL_POINTS)


def _box(shape: _Element) -> Box | None:
    """In points; of a group, what its shapes take up. None where it is not told."""
    if shape.tag == f"{DRAW}g":
        return _around([box for box in map(_box, shape) if box])
    left, top = length(shape.get(f"{SVG}x")), length(shape.get(f"{SVG}y"))
    width, height = length(shape.get(f"{SVG}width")), length(shape.get(f"{SVG}height"))
    if left is None or top is None or width is None or height is None:
        return None
    return Box(left, top, left + width, top + height)


def _around(boxes: Sequence[Box]) -> Box | None:
    if not boxes:
        return None
    left, top = min(box.left for box in boxes), min(box.top for box in boxes)
    return Box(left, top, max(box.right for box in boxes), max(box.bottom for box in boxes))
