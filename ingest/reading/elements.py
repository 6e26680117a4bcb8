"""An HTML element's content → blocks. Web pages, Word documents and OpenDocument come through here."""

from collections.abc import Iterable, Iterator
from itertools import islice

from lxml.etree import _Element, iterwalk  # type: ignore[import-untyped]

from ingest.vocabulary import Block, BlockKind

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = (
    *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl"),
    *("dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "html", "legend", "li"),
    *("main", "menu", "nav", "ol", "p", "pre", "search", "section", "summary", "table", "tbody", "td", "tfoot", "th"),
    *("thead", "tr", "ul", *_HEADINGS),
)
_NEVER_TEXT = (
    *("audio", "button", "canvas", "datalist", "embed", "head", "iframe", "input", "map", "noscript", "object"),
    *("script", "select", "style", "svg", "template", "textarea", "video"),
)
_HEADING_CHARACTERS = 100


def head_by_bold(page: _Element) -> None:
    """In a document without headings, short paragraphs wholly in bold are its headings. page: html with a body."""
    if any(next(page.iter(heading), None) is not None for heading in _HEADINGS):
        return
    for paragraph in page.iterfind("body/p"):
        text = " ".join("".join(paragraph.itertext()).split())
        bold = " ".join("".join(part for strong in paragraph.iterfind("strong") for part in strong.itertext()).split())
        if text and text == bold and len(text) <= _HEADING_CHARACTERS and text[-1] not in ".,;:":
            paragraph.tag = "h2"


def blocks_of(root: _Element) -> Iterator[Block]:
    """The element's words in reading order; scripts, form controls and empty blocks dropped."""
    for table in [table for table in root.iter("table") if _is_layout(table)]:
        for part in list(table.iter("tbody", "thead", "tfoot", "tr", "td", "th")):
            if next(part.iterancestors("table")) is table:  # a table inside it may hold data
                part.tag = "div"
        table.tag = "div"
    return (block for block in _Walk().blocks(root) if block.text)


class _Walk:
    """Collects words until the block that they belong to ends."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._kind = BlockKind.PARAGRAPH
        self._level: int | None = None
        self._items: list[bool] = []
        """For each list item around this place: whether its first words have been seen."""

    def blocks(self, root: _Element) -> Iterator[Block]:
        walker = iterwalk(root, events=("start", "end", "comment", "pi"))
        for event, element in walker:
            if event == "start":
                yield from self._enter(element)
                if element.tag in _NEVER_TEXT or element.tag == "table":
                    walker.skip_subtree()
                else:
                    self._words.append(element.text or "")
            else:
                if event == "end" and _is_block(element):
                    yield from self._leave(element)
                if element is not root:
                    self._words.append(element.tail or "")
        yield from self._flushed()

    def _enter(self, element: _Element) -> Iterator[Block]:
        if element.tag == "br" or (element.tag == "sup" and element.find(".//a") is not None):
            self._words.append(" ")  # the number of a note is no part of the word before it
        if not _is_block(element):
            return
        yield from self._flushed()
        if element.tag == "table":
            yield from _rows(element)
        elif element.tag in _HEADINGS:
            self._kind, self._level = BlockKind.HEADING, _HEADINGS[str(element.tag)]
        elif element.tag in ("li", "dd"):
            self._items.append(False)

    def _leave(self, element: _Element) -> Iterator[Block]:
        yield from self._flushed()
        self._kind, self._level = BlockKind.PARAGRAPH, None
        if element.tag in ("li", "dd"):
            self._items.pop()

    def _flushed(self) -> Iterator[Block]:
        text = _spaced(self._words)
        self._words = []
        if not text:
            return
        kind = self._kind
        if kind is BlockKind.PARAGRAPH and self._items and not self._items[-1]:
            kind = BlockKind.ITEM
            self._items[-1] = True
        yield Block(kind, text, level=self._level)


def _is_block(element: _Element) -> bool:
    return element.tag in _BLOCKS


def _is_layout(table: _Element) -> bool:
    """Whether the table only places things on the page: it holds other tables or headings, or has a single column."""
    if any(inner is not table for inner in table.iter("table", *_HEADINGS)):
        return True
    return table.find(".//th") is None and all(len(row) <= 1 for row in table.iter("tr"))


def _rows(table: _Element) -> Iterator[Block]:
    for caption in table.iter("caption"):
        yield Block(BlockKind.PARAGRAPH, _spaced(caption.itertext()))
    bold = _bold_first(table)
    for row in table.iter("tr"):
        cells = list(row.iter("td", "th"))
        texts = [" ".join(block.text for block in _Walk().blocks(cell)) for cell in cells]
        if any(texts):
            is_header = row.getparent().tag == "thead" or all(cell.tag == "th" for cell in cells)
            yield Block(BlockKind.ROW, " | ".join(texts), header=is_header or row is bold)


def _bold_first(table: _Element) -> _Element | None:
    """The first row, where it alone is in bold: it names the columns, whatever else says so."""
    rows = list(islice(table.iter("tr"), 2))
    return rows[0] if len(rows) == 2 and _is_bold(rows[0]) and not _is_bold(rows[1]) else None


def _is_bold(row: _Element) -> bool:
    bold = "".join(text for strong in row.iter("strong", "b") for text in strong.itertext())
    return bool(_spaced(bold)) and "".join(bold.split()) == "".join("".join(row.itertext()).split())


def _spaced(parts: Iterable[str]) -> str:
    return " ".join("".join(parts).split())
