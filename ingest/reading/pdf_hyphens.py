"""Hyphens at the ends of lines: whether they part a word or belong to it, judged by the document's other words."""

import re
from collections.abc import Sequence

_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_WORD_END = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*$")
_PARTED_SHARE = 0.02
"""Of lines ending in a hyphen: where there are more, a program parts words; where fewer, the author wrote them."""


class Hyphens:
    def __init__(self, lines: Sequence[tuple[str, bool]]) -> None:
        """Lines with whether each ends in a hyphen."""
        self._words = {word.casefold() for text, _ in lines for word in _WORD.findall(text)}
        self._parts_words = sum(hyphen for _, hyphen in lines) >= _PARTED_SHARE * len(lines)

    def joined_lines(self, lines: Sequence[tuple[str, bool]]) -> str:
        """The lines as one text; a hyphen with nothing behind it stays."""
        text, hyphen = "", False
        for after, hyphen_after in lines:
            text = self._joined(text, after) if hyphen else f"{text} {after}".lstrip()
            hyphen = hyphen_after
        return text + "-" * hyphen

    def _joined(self, before: str, after: str) -> str:
        left, right = _WORD_END.search(before), _WORD.match(after)
        if not left or not right or not right.group()[0].islower():
            return f"{before}-{after}"
        whole, compound = (f"{left.group()}{hyphen}{right.group()}".casefold() for hyphen in ("", "-"))
        is_one_word = self._parts_words and compound not in self._words and "-" not in left.group()
        return before + after if whole in self._words or is_one_word else f"{before}-{after}"
