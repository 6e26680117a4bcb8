"""Titles without what changes from edition to edition: years, dates and version words."""

import re
from difflib import SequenceMatcher
from functools import lru_cache

_MONTH = "(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_YEAR = r"(?:19|20)\d\d(?:/\d\d)?"
_CHANGES = re.compile(
    rf"""\b(?: (?:{_MONTH}\s+)?{_YEAR}(?: \s*(?:-|–|—|to)\s*(?: (?:{_MONTH}\s+)?{_YEAR} | \d\d\b ) )?
    | {_MONTH}(?=\s+to\b)
    | (?:version|ver|v|edition|issue|revision|draft|rev)\.?\s?\d+(?:\.\d+)* | \d+(?:st|nd|rd|th)\s+(?:edition|draft)
    | (?:final|revised|new|updated|draft|refreshed)(?=\s|$|\))
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
_ALIKE = 0.85


@lru_cache(maxsize=10_000)
def lasting(title: str) -> str:
    """Its words that stay: in lower case, a number at the front and what changes left out."""
    words = re.findall(r"\w+", re.sub(r"^\W*\d+(?:\.\d+)*[.)]?\s+", "", _CHANGES.sub(" ", title)).casefold())
    return " ".join(words)


@lru_cache(maxsize=10_000)
def alike(one: str, other: str) -> bool:
    """Whether two titles are the same but for that, or nearly; one that numbers another thing of a series is not."""
    left, right = lasting(one), lasting(other)
    if not left or not right or re.findall(r"\d+", left) != re.findall(r"\d+", right):
        return False
    return left == right or SequenceMatcher(None, left, right, autojunk=False).ratio() >= _ALIKE
