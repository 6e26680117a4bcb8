"""Tables of contents repeat the headings without being about anything: left out, and told."""

import re
from collections.abc import Sequence

from ingest.vocabulary import Block

DOT_LEADER = re.compile(r"(?:\.\s?){5,}\s*\|?\s*\d{1,3}$")
"""Dots up to the number of a page."""
_ENDS_IN_NUMBER = re.compile(r"\s\d{1,3}$")
_TITLES = ("contents", "tableofcontents", "contentspage")


def without_contents(blocks: Sequence[Block]) -> tuple[list[Block], int]:
    """Drops "Contents" with the lines below it that end in a page number, and lines with dot leaders anywhere.

    Returns the other blocks, and how many lines were dropped.
    """
    kept: list[Block] = []
    title: Block | None = None
    dropped = 0
    for block in blocks:
        if DOT_LEADER.search(block.text) or (title and _ENDS_IN_NUMBER.search(block.text)):
            if title and kept[-1:] == [title]:
                kept.pop()
            dropped += 1
            continue
        title = block if spaceless(block.text) in _TITLES else None
        kept.append(block)
    return kept, dropped


def spaceless(text: str) -> str:
    return re.sub(r"\s+", "", text).casefold()
