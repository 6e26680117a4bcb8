"""Markdown → blocks: the words without their marks, links as their text, comments dropped."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lxml.html import fragment_fromstring  # type: ignore[import-untyped]

from ingest.reading.decoding import decoded
from ingest.reading.elements import blocks_of
from ingest.reading.front_matter import parted
from ingest.reading.recognising import refuse_other_formats
from ingest.vocabulary import Block, BlockKind, Reading

if TYPE_CHECKING:
    from markdown_it.token import Token

_MOST_NESTED = 150
"""Lists and quotations inside one another: what lies deeper would be dropped without a word."""
_FOOTNOTE = re.compile(r"^( {0,3})\[\^", re.MULTILINE)


def read(data: bytes, name: str) -> Reading:
    refuse_other_formats(data, name, "a Markdown text")
    card, text = parted(decoded(data, name).replace("\f", "\n"), name)
    return Reading(blocks=tuple(block for block in _Walk(text).blocks(_tokens(text)) if block.text), card=card)


def _tokens(text: str) -> "list[Token]":
    from markdown_it import MarkdownIt

    # A one-word footnote would be taken for the address of a link and vanish.
    return MarkdownIt("commonmark", {"maxNesting": _MOST_NESTED}).enable("table").parse(_FOOTNOTE.sub(r"\1\\[^", text))


class _Walk:
    """Goes through the tokens, remembering what the words to come belong to."""

    def __init__(self, text: str) -> None:
        self._source = text.split("\n")
        self._items: list[bool] = []
        """For each list item around this place: whether its first words have been seen."""
        self._row: list[str] = []
        self._row_line = ""
        self._kind = BlockKind.PARAGRAPH
        self._level: int | None = None
        self._is_header = False

    def blocks(self, tokens: "Sequence[Token]") -> Iterator[Block]:
        for token in tokens:
            self._enter(token)
            if token.type == "inline" and self._kind is BlockKind.ROW:
                self._row.append(_words(token))
            elif token.type == "inline":
                yield Block(self._kind, _words(token), level=self._level)
            elif token.type == "tr_close":
                yield Block(BlockKind.ROW, " | ".join(self._row + self._surplus()), header=self._is_header)
            elif token.type in ("fence", "code_block"):
                yield Block(BlockKind.PARAGRAPH, token.content.strip())
            elif token.type == "html_block":
                yield from blocks_of(fragment_fromstring(token.content, create_parent="div"))

    def _enter(self, token: "Token") -> None:
        if token.type == "list_item_open":
            self._items.append(False)
        elif token.type == "list_item_close":
            self._items.pop()
        elif token.type == "heading_open":
            self._kind, self._level = BlockKind.HEADING, int(token.tag[1])
        elif token.type == "paragraph_open":
            starts_item = bool(self._items) and not self._items[-1]
            self._kind, self._level = BlockKind.ITEM if starts_item else BlockKind.PARAGRAPH, None
            if self._items:
                self._items[-1] = True
        elif token.type == "tr_open":
            self._row, self._row_line = [], self._source[token.map[0]] if token.map else ""
        elif token.type in ("th_open", "td_open"):
            self._kind, self._is_header = BlockKind.ROW, token.type == "th_open"

    def _surplus(self) -> list[str]:
        """Cells beyond the columns of the table's head, which Markdown would drop without a word."""
        cells = re.split(r"(?<!\\)\|", self._row_line.strip("> \t").strip("|"))
        return [cell.strip() for cell in cells[len(self._row) :]]


def _words(inline: "Token") -> str:
    """The text of a paragraph, heading or cell without emphasis, link addresses and tags."""
    parts = []
    for token in inline.children or ():
        if token.type in ("text", "code_inline"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak", "html_inline"):
            parts.append(" " if token.type != "html_inline" or token.content[:3].lower() == "<br" else "")
        elif token.type == "image":
            parts.append(_words(token))
    return "".join(parts).strip()
