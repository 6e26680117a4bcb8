"""What a reader did not take over, told in sentences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.vocabulary import Block, BlockKind

TINY_POINTS = 2.0
"""Letters of this size and below are read by nobody."""
_NAMED = 5
_UNSEEN = "hidden, off the page, in the colour of what is behind them or tiny"


@dataclass(slots=True)
class LeftOut:
    """What of a document is not taken over, counted while it is read."""

    hidden_slides: list[int] = field(default_factory=list)
    furniture: dict[str, None] = field(default_factory=dict)
    """Texts of headers and footers, each once."""
    index_lines: int = 0
    """Of tables of contents and other indexes."""
    unseen_words: int = 0
    comments: int = 0
    changes: int = 0
    """Tracked: insertions, deletions and moves."""
    charts: int = 0
    objects: int = 0
    pictures: list[int] = field(default_factory=list)
    """Slides that show a picture and have no text."""

    def sentences(self) -> tuple[str, ...]:
        return tuple(self._sentences())

    def furniture_blocks(self) -> tuple[Block, ...]:
        return tuple(Block(BlockKind.PARAGRAPH, text) for text in self.furniture)

    def _sentences(self) -> Iterator[str]:
        if self.hidden_slides:
            yield f"{_numbered(self.hidden_slides)} hidden when the slides are shown; left out."
        if self.furniture:
            named = "; ".join(list(self.furniture)[:_NAMED])
            yield f"Headers and footers were left out: {named}."
        if self.index_lines:
            yield f"The table of contents ({self.index_lines} line{'s' * (self.index_lines > 1)}) was left out."
        if self.unseen_words:
            yield f"{_counted(self.unseen_words, 'word')} left out that no reader sees: {_UNSEEN}."
        if self.comments:
            yield f"{_counted(self.comments, 'comment')} left out."
        if self.changes:
            yield f"{_counted(self.changes, 'tracked change')} read as accepted."
        if self.charts:
            yield f"{_counted(self.charts, 'chart')} read by the title alone."
        if self.objects:
            yield f"{_counted(self.objects, 'embedded object')} left out."
        if self.pictures:
            yield f"{_numbered(self.pictures)} without text; what the pictures show was not read."


def _counted(things: int, singular: str) -> str:
    return f"{things} {singular} was" if things == 1 else f"{things} {singular}s were"


def _numbered(slides: Sequence[int]) -> str:
    *first, last = map(str, slides)
    return f"Slides {', '.join(first)} and {last} are" if first else f"Slide {last} is"
