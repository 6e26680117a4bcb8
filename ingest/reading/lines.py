"""What a line of plain text tells about itself: bullet, number, rule, heading or the rest of the line before."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

HEADING_CHARACTERS = 80

_GLYPH = re.compile(r"(?P<glyph>[•‣▪●○◦·■□➢➤✓\uf0b7])\s*(?=\S)")
_DASH = re.compile(r"[-*–—+]\s+(?=\S)")
_NUMBER = re.compile(r"(\((?:\d{1,3}|[a-z]|[ivx]{1,5})\)|(?:\d{1,3}|[a-z]|[ivx]{1,5})\)|\d{1,2}\.)\s+(?=\S)")
_LONE_BULLETS = tuple("•‣▪●○◦·■□➢➤✓\uf0b7-*–")
_NUMBERED_HEADING = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2})*)\.?\s+(?=[^\W\d_])")
_RULE = re.compile(r"(?:([-=_~*#+.])(?:\s*\1){2,})")
_STARTS_HEADING = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*\.?\s+)?[A-ZÀ-ÖØ-Þ]|\d{4}\b")
_NOT_HEADING = re.compile(
    r"@|://|www\.|\.{4}|\|"
    r"|^(?:page\s+)?\d+(?:\s+of\s+\d+)?$"
    r"|^\d{1,2}(?:st|nd|rd|th)?\s+[A-Z][a-z]+\s+\d{4}$|^[\d\s/.+()-]+$"
    r"|^(?:first |last |date )?(?:published|updated|reviewed|issued)\b.{0,30}\d{4}$"
    r"|\b(?:a|an|the|of|and|or|to|in|on|at|by|for|from|with|as|is|are|was|were|that|which|their|its|our)$",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"^[^\W\d][^\d:]{0,30}:\s+\S")
_UNFINISHED = re.compile(r"(?:[,(–—/&-]|\b(?:a|an|the|of|and|or|to|in|on|at|by|for|from|with))$")


def numbered(text: str) -> re.Match[str] | None:
    """The number or letter of a list item, such as 1. or (a)."""
    return _NUMBER.match(text)


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    """Without white space at either end; empty for a blank line."""
    indent: int
    page: int | None

    @property
    def bullet(self) -> re.Match[str] | None:
        """A bullet or dash with words behind it."""
        return None if self.is_rule else _GLYPH.match(self.text) or _DASH.match(self.text)

    @property
    def marker(self) -> re.Match[str] | None:
        """What makes it a list item: a bullet, number or letter with words behind it."""
        return self.bullet or _NUMBER.match(self.text)

    @property
    def is_lone_bullet(self) -> bool:
        return self.text in _LONE_BULLETS

    @property
    def is_rule(self) -> bool:
        """A line drawn with characters."""
        return bool(_RULE.fullmatch(self.text))

    @property
    def numbering(self) -> tuple[int, ...]:
        """Of "1.2 Aims": (1, 2). Empty where there is none."""
        match = _NUMBERED_HEADING.match(self.text)
        return tuple(int(part) for part in match["number"].split(".")) if match else ()

    @property
    def is_heading_shaped(self) -> bool:
        text = self.text
        return (
            2 <= len(text) <= HEADING_CHARACTERS
            and text[-1] not in ".,;:”"
            and bool(_STARTS_HEADING.match(text))
            and any(character.isalpha() for character in text)
            and not _NOT_HEADING.search(text)
            and not (_NUMBER.match(text) and not self.numbering)
        )

    @property
    def is_labelled(self) -> bool:
        """ "Author: …": a heading only where it stands alone."""
        return bool(_LABELLED.match(self.text))

    @property
    def is_capitals(self) -> bool:
        return self.text.isupper() and sum(character.isalpha() for character in self.text) > 2


BLANK = Line("", 0, None)


def wrap_width(lines: Sequence[Line]) -> float:
    """The length at which lines were wrapped, in characters, judged by lines that plainly go on in the next one.
    Infinite where none does: then every line is a paragraph."""
    continued = sorted(len(line.text) for line, after in pairwise(lines) if line.text and after.text[:1].islower())
    return continued[(len(continued) - 1) * 9 // 10] if continued else float("inf")


def continues(line: Line, after: Line, width: float) -> bool:
    """Whether the second line is the rest of the first, by how it starts and by whether its first word would have
    fitted into the line before."""
    if not line.text or not after.text or after.is_lone_bullet or after.is_rule:
        return False
    marker = after.marker
    if len(after.numbering) > 1 and after.is_heading_shaped:
        return False
    if marker and (line.text[-1] in ".:;?!" or "glyph" in marker.groupdict()):
        return False
    if not marker and after.text.lstrip("([‘“\"'")[:1].islower():
        return True
    if len(line.text) > 1.2 * width or line.text[-1] == ":":
        return False
    if not marker and _UNFINISHED.search(line.text):
        return True
    # A dash or number at the start of a line may be no list at all, but what a full line left over.
    needed = len(line.text) + 1 + len(" ".join(after.text.split()[: 2 if marker else 1]))
    return needed > width * (0.97 if line.text[-1] in ".?!;”’" else 0.85)
