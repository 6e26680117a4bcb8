"""Slides → blocks, whatever program they are from: the title as heading, texts in reading order, the speaker's notes.

The notes follow their slide under a heading of ours, "Speaker notes". What stands under a heading ends with the slide.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingest.errors import UnreadableDocument
from ingest.reading.placing import Box, in_reading_order
from ingest.vocabulary import Block, BlockKind

NOTES = "Speaker notes"

_TITLE_CHARACTERS = 100
_NUMBER = re.compile(r"\d+")
_LEAST_REPEATED = 3
"""Slides on which a line stands that is taken for a footer."""
USUAL_POINTS = 18.0
"""Of letters whose size is not told."""


@dataclass(frozen=True, slots=True)
class Text:
    """What a text box, list, table, diagram or group says."""

    blocks: tuple[Block, ...]
    box: Box | None = None
    points: float = USUAL_POINTS
    """Size of its largest letters."""


@dataclass(slots=True)
class Slide:
    number: int
    title: str = ""
    opens_part: bool = False
    """Whether it is the title of the presentation or of a part of it."""
    texts: list[Text] = field(default_factory=list)
    """In the order in which the author put them there."""
    notes: list[Block] = field(default_factory=list)
    has_pictures: bool = False

    @property
    def is_picture(self) -> bool:
        """Whether there is nothing to read on it but what its pictures show."""
        return self.has_pictures and not self.title and not any(text.blocks for text in self.texts)


def take_furniture(slides: Sequence[Slide]) -> dict[str, None]:
    """Takes out what stands on half of the slides, but for a number: a footer that is a text box like any other.

    Returns each once, as it stands first.
    """
    lines = Counter(key for slide in slides for key in {_numberless(text) for text in slide.texts} if key)
    most = max(_LEAST_REPEATED, len(slides) / 2)
    furniture: dict[str, str] = {}
    for slide in slides:
        repeated = [text for text in slide.texts if lines[_numberless(text)] >= most]
        furniture = {_numberless(text): text.blocks[0].text for text in repeated} | furniture
        slide.texts = [text for text in slide.texts if text not in repeated]
    return dict.fromkeys(furniture.values())


def _numberless(text: Text) -> str:
    """A short line without its numbers; empty for any other text."""
    if len(text.blocks) != 1 or text.blocks[0].kind is not BlockKind.PARAGRAPH:
        return ""
    line = text.blocks[0].text
    return _NUMBER.sub("#", line) if len(line) <= _TITLE_CHARACTERS else ""


def blocks_of(slide: Slide) -> Iterator[Block]:
    """The slide's blocks with its number as their page."""
    return (replace(block, page=slide.number) for block in _blocks(slide))


def _blocks(slide: Slide) -> Iterator[Block]:
    texts = in_reading_order([text for text in slide.texts if text.blocks], lambda text: text.box)
    title = slide.title
    if not title and _is_title(texts):
        title = texts.pop(0).blocks[0].text
    yield Block(BlockKind.HEADING, title, level=1 if slide.opens_part else 2)
    for text in texts:
        yield from text.blocks
    if slide.notes:
        yield Block(BlockKind.HEADING, NOTES, level=3)
        yield from slide.notes


def _is_title(texts: Sequence[Text]) -> bool:
    """Whether the first text is in larger letters than the others, and short: where there is no title, it is one."""
    if len(texts) < 2 or len(texts[0].blocks) != 1:
        return False
    (block,) = texts[0].blocks
    short = block.kind is BlockKind.PARAGRAPH and len(block.text) <= _TITLE_CHARACTERS and block.text[-1] not in ".,;:"
    return short and all(text.points < texts[0].points for text in texts[1:])


def no_text(name: str, slides: int) -> UnreadableDocument:
    counted = "1 slide" if slides == 1 else f"{slides} slides"
    return UnreadableDocument(
        "no_text",
        f"{name} has {counted} without any text, only pictures. "
        "Save it as PDF, run text recognition (OCR) over that and add the result.",
    )
