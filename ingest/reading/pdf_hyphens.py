"""Hyphens at the ends of lines: whether they part a word or belong to it, judged by the document's other words."""

import re
from collections.abc import Sequence

_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_PARTED_SHARE = 0.02
"""Of lines ending in a hyphen: where there are more, a program parts words; where fewer, the author wrote them."""


class Hyphens:
    def __init__(self, lines: Sequence[tuple[str, bool]]) -> None:
        """Lines with whether each ends in a hyphen."""
        self._words = {word.casefold() for text, _ in lines for word in _WORD.findall(text)}
        self._parts_words = sum(hyphen for _, hyphen in lines) >= _PARTED_SHARE * len(lines)

    def joined_lines(self, lines: Sequence[tuple[str, bool]]) -> str:
        """The lines as one text; a hyphen with nothing behind it stays."""
        text, hyphen = lines[0]
        for after, hyphen_after in lines[1:]:
            text = self._joined(text, after) if hyphen else f"{text} {after}"
            hyphen = hyphen_after
        return text + "-" * hyphen

    def _joined(self, before: str, after: str) -> str:
        """The two lines as one, with or without the hyphen that stood between them."""
        left, right = re.search(r"[^\W\d_]+$", before), re.match(r"[^\W\d_]+", after)
        if not left or not right or not right.group()[0].islower():
            return f"{before}-{after}"
        whole = f"{left.group()}{right.group()}".casefold()
        compound = f"{left.group()}-{right.group()}".casefold()
        if whole in self._words or (self._parts_words and compound not in self._words):
            return before + after
        return f"{before}-{after}"
