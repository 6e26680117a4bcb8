"""What kind of thing a question seeks, and which sentences hold one: how often, when, how many.

A rule-based answer type, as of Li and Roth (2002), "Learning question classifiers", for three kinds that have a look
of their own.
"""

import re
from functools import lru_cache

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_SPANS = "day|week|fortnight|month|quarter|year"
_NUMBERS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|half|quarter|third"
_KINDS = tuple(
    (re.compile(asks, re.IGNORECASE), re.compile(holds, re.IGNORECASE))
    for asks, holds in (
        (
            r"\bhow (?:often|frequently|regularly)\b",
            rf"\b(?:daily|(?:fortnight|week|month|quarter|year)ly|annual\w*|every|(?:each|per|a) (?:{_SPANS}))\b",
        ),
        (
            r"\bwhen\b|\b(?:what|which) (?:date|year|day|month)\b|\bdate of\b",
            rf"\b(?:1[5-9]|20)\d\d\b|\b(?:{_MONTHS.replace('may|', '')})\b|\b(?:\d{{1,2}}(?:st|nd|rd|th)?|in) may\b",
        ),
        (
            r"\bhow (?:many|much|big|large|long|old|quickly|soon)\b|\b(?:number|size|share|percentage) of\b|"
            r"\bwhat (?:percentage|proportion|share|number|age)\b",
            rf"\d|\b(?:{_NUMBERS})\b",
        ),
    )
)


@lru_cache(maxsize=256)
def sought(question: str) -> re.Pattern[str] | None:
    """What a sentence holds that tells what is sought; None where that has no look of its own."""
    return next((holds for asks, holds in _KINDS if asks.search(question)), None)
