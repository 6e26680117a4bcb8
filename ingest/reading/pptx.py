"""PowerPoint presentations → blocks, slide by slide; the number of a slide is its place in the file.

What is hidden from those who watch or cannot be seen on the slide is left out.
"""

from io import BytesIO
from typing import TYPE_CHECKING

from ingest.reading.archives import OfficeFormat
from ingest.reading.leaving_out import LeftOut
from ingest.reading.pptx_shapes import SlideReader
from ingest.reading.slides import Slide, blocks_of, no_text, take_furniture
from ingest.vocabulary import Reading

if TYPE_CHECKING:
    from pptx.presentation import Presentation

_POWERPOINT = OfficeFormat(
    "presentation", "in PowerPoint, save it anew as .pptx", "a presentation of an older PowerPoint (.ppt)"
)


def read(data: bytes, name: str) -> Reading:
    _POWERPOINT.entries(data, name)
    presentation = _opened(data, name)
    left_out = LeftOut()
    width, height = presentation.slide_width or 0, presentation.slide_height or 0
    slides: list[Slide] = []
    for number, slide in enumerate(presentation.slides, 1):
        if slide.element.get("show") in ("0", "false"):
            left_out.hidden_slides.append(number)
        else:
            slides.append(SlideReader(slide, (width, height), left_out).read(number))
    left_out.furniture |= take_furniture(slides)
    blocks = tuple(block for slide in slides for block in blocks_of(slide))
    left_out.pictures = [slide.number for slide in slides if slide.is_picture]
    if left_out.pictures and not any(block.text for block in blocks):
        raise no_text(name, len(slides))
    return Reading(
        blocks,
        pages=len(presentation.slides),
        title=presentation.core_properties.title.strip() or None,
        left_out=left_out.sentences(),
        furniture=left_out.furniture_blocks(),
        wordless=tuple(left_out.pictures),
    )


def _opened(data: bytes, name: str) -> "Presentation":
    from pptx import Presentation  # here, since only the process that reads needs it

    try:
        return Presentation(BytesIO(data))
    except (KeyError, ValueError) as error:
        raise _POWERPOINT.damaged(name, "is an archive, but no whole presentation") from error
