"""The time that a question asks about, as far as its words tell it for certain, and what is of that time.

Only years, months and days that are written out count, and the wish for what is newest. "Update 3", "8 forces" and
"2000 residents" are no dates.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.vocabulary import Card

_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
_SHORT_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_MONTH = "|".join(sorted([*_MONTHS, *_SHORT_MONTHS], key=len, reverse=True))
_COUNTED = (
    "people|persons|residents|respondents|replies|responses|officers|volunteers|members|households|homes|pounds|"
    "citizens|participants|attendees|children|victims|staff|users|followers|visits|hours|times|words|pages|copies"
)
_YEAR = rf"(?<![\d£$€.,/])(?:19|20)\d\d(?![\w%]|[.,]\d|\s?(?:%|per\s?cent\b)|\s+(?:\w+\s+)?(?:{_COUNTED})\b)"
_DATE = rf"(?:(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?)?\b(?:{_MONTH})\.?,?\s+)?{_YEAR}"
_NOT_NUMBERED = "".join(
    rf"(?<!\b{what}[ ])" for what in ("update", "section", "page", "number", "no", "operation", "act")
)
_ASKED = re.compile(
    rf"""(?: \b(?P<relation>since|after|before|prior\ to|until|till|up\ to|between|from|in|during)\s+(?:the\s+)? )?
    {_NOT_NUMBERED}(?P<first>{_DATE})
    (?: (?: \s?[-–—/]\s? | \s+(?:to|until|and)\s+ ) (?P<last>{_DATE}|\d\d(?!\d)) )?
    (?P<open>\s+(?:onwards?|on|or\ later|and\ later)\b)?""",
    re.VERBOSE | re.IGNORECASE,
)
_PARTS = re.compile(
    rf"(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?)?(?:(?P<month>{_MONTH})\.?,?\s+)?(?P<year>\d{{4}})$",
    re.IGNORECASE,
)
_NEWEST = re.compile(
    r"(?<!\bat the )\b(?:latest|newest|most recent(?:ly)?|up[- ]to[- ]date|"
    r"(?<=\bthe )current(?! (?:affairs|account)s?\b))\b",
    re.IGNORECASE,
)
_YEAR_IN_TEXT = re.compile(_YEAR)


@dataclass(frozen=True, slots=True)
class Period:
    """From one day, month or year to another, both included; open where nothing is said."""

    start: str | None
    end: str | None

    def holds(self, earliest: str, latest: str) -> bool:
        """Whether any of what lies between the two dates, as far as these are known, lies within it."""
        return (self.start is None or _not_later(self.start, latest)) and (
            self.end is None or _not_later(earliest, self.end)
        )


@dataclass(frozen=True, slots=True)
class Time:
    """The time that a question asks about."""

    periods: tuple[Period, ...] = ()
    newest: bool = False
    """Whether it asks for what is latest or in force now."""
    said: str = ""
    """Its words for that time."""

    @property
    def start(self) -> str | None:
        """Before this nothing asked about can have been known; None where that cannot be told."""
        starts = [period.start for period in self.periods]
        return min((start for start in starts if start), default=None) if None not in starts else None

    def is_of(self, card: Card) -> bool:
        """Whether a document is of that time. The date of what we compiled ourselves says nothing about its facts."""
        return any(period.holds(*dates) for period in self.periods for dates in _dates(card))

    def is_told_in(self, text: str) -> bool:
        """Whether a text names a year of that time."""
        years = _YEAR_IN_TEXT.findall(text) if self.periods else []
        return any(period.holds(year, year) for period in self.periods for year in years)

    def is_after(self, card: Card) -> bool:
        """Whether the document is surely too old to tell of that time."""
        dates = [latest for _, latest in _dates(card)]
        return bool(self.start and dates) and not any(_not_later(str(self.start), latest) for latest in dates)


def time_asked(text: str) -> Time | None:
    """None where the text asks for no time that can be told for certain."""
    found = list(_ASKED.finditer(text))
    newest = _NEWEST.search(text)
    if not found and not newest:
        return None
    said = " ".join(match.group().strip() for match in found)
    return Time(tuple(map(_period, found)), bool(newest) and not found, said or (newest.group() if newest else ""))


def without_time(text: str) -> str:
    """The text without its words for a time."""
    return _NEWEST.sub(" ", _ASKED.sub(" ", text))


def _period(match: re.Match[str]) -> Period:
    relation = (match["relation"] or "").casefold()
    first = _partial(match["first"])
    if match["last"]:
        return Period(first, _partial(match["last"], first[:2]))
    if relation == "since" or match["open"]:
        return Period(first, None)
    if relation == "after":
        return Period(_next(first), None)
    if relation in ("before", "prior to"):
        return Period(None, _before(first))
    if relation in ("until", "till", "up to"):
        return Period(None, first)
    return Period(first, first)


def _partial(written: str, century: str = "") -> str:
    """2016, 2016-01 or 2016-01-07."""
    parts = _PARTS.search(written)
    if parts is None:
        return f"{century}{written}"
    day, month, year = parts["day"], (parts["month"] or "").casefold(), parts["year"]
    number = _MONTHS.get(month) or _SHORT_MONTHS.get(month)
    if number is None:
        return str(year)
    return f"{year}-{number:02}-{int(day):02}" if day else f"{year}-{number:02}"


def _next(date: str) -> str:
    """The first year after a year; a month or day itself, since what follows begins with it or the day after."""
    return str(int(date) + 1) if len(date) == 4 else date


def _before(date: str) -> str:
    return str(int(date) - 1) if len(date) == 4 else date


def _dates(card: Card) -> Iterator[tuple[str, str]]:
    """Earliest and latest of what a document is of: its event, its publication, what it covers."""
    if card.kind.is_compiled:
        return
    for date in filter(None, (card.event_date, card.published)):
        yield date, date
    covers = [date for date in (card.covers_from, card.covers_to) if date]
    if covers:
        yield covers[0], covers[-1]


def _not_later(one: str, other: str) -> bool:
    """Of partial dates, as far as both are known."""
    known = min(len(one), len(other))
    return one[:known] <= other[:known]
