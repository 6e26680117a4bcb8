"""Dates as they are written, in UK order, and as a card has them: as exact as they are known."""

import calendar
import re

_NUMBERS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
_NUMBERS |= {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_MONTH = rf"(?:{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})\b\.?"
_DAY = r"\d{1,2}\s?(?:st|nd|rd|th)?"
YEAR = r"(?:19|20)\d\d"
_WEEKDAY = rf"(?:(?:{'|'.join((*calendar.day_name, *calendar.day_abbr))}),?\s+)?"
_FORMS = (
    rf"{_WEEKDAY}(?:the\s+)?{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{YEAR}",
    rf"{_WEEKDAY}{_MONTH}\s+{_DAY},\s+{YEAR}",
    rf"\d{{1,2}}[ -]{_MONTH}[ -]{YEAR}",
    rf"{_MONTH},?\s+{YEAR}",
    *(rf"\d{{1,2}}{between}\d{{1,2}}{between}{YEAR}" for between in ("/", r"\.", "-")),
    rf"{YEAR}-\d\d-\d\d",
    rf"\d{{1,2}}/{YEAR}",
    YEAR,
)
_ENDS = r"(?![\w£$€%]|[-/.,]\d)"
DATE = rf"(?<![\w£$€/.,-])(?:{'|'.join(_FORMS)}){_ENDS}"
"""A date or a year anywhere in a text; for patterns that ignore case."""
_OPEN_START = rf"(?:{_DAY}\s+)?{_MONTH}"
PERIOD = re.compile(
    rf"(?P<first>{DATE.removesuffix(_ENDS)}|(?<![\w/.-]){_OPEN_START})(?:/\d\d)?"
    rf"\s*(?:-|–|—|/|\bto\b|\buntil\b|\bthrough\b)\s*"
    rf"(?P<last>(?:{'|'.join(_FORMS)})(?:/\d\d)?|\d\d){_ENDS}",
    re.IGNORECASE,
)
_MOST_YEARS = 25


def as_partial(written: str) -> str | None:
    """7 January 2016, 07/01/2016 → 2016-01-07; January 2016 → 2016-01; 2016 stays. None for what is no date."""
    names = [_NUMBERS[word] for word in re.findall(r"[a-z]+", written.casefold()) if word in _NUMBERS]
    numbers = re.findall(r"\d+", written)
    if re.fullmatch(rf"{YEAR}-\d\d-\d\d", written.strip()):
        year, month, day = numbers
        return _checked(int(year), int(month), int(day))
    if not numbers or len(numbers[-1]) != 4 or len(names) > 1:
        return None
    year, before = int(numbers[-1]), [*map(int, numbers[:-1])]
    if names:
        return _checked(year, names[0], *before[:1])
    return _checked(year, *reversed(before))


def period(match: re.Match[str]) -> tuple[str, str] | None:
    """From when to when, of a match of PERIOD: 2016–18, April 2024 to March 2027, April to June 2024, 2024/25."""
    first, last = match["first"], match["last"]
    if len(last) == 2:
        last = f"{first[-4:-2]}{last}"
    elif re.fullmatch(rf"{YEAR}/\d\d", last):  # a financial year ends in the next one
        last = f"{last[:2]}{last[-2:]}"
    end = as_partial(last)
    start = as_partial(first if re.search(YEAR, first) or end is None else f"{first} {end[:4]}")
    if start is None or end is None or not 0 <= int(end[:4]) - int(start[:4]) <= _MOST_YEARS:
        return None
    return (start, end) if start[: len(end)] < end[: len(start)] else None


def agree(one: str, other: str) -> bool:
    """Whether two partial dates may mean the same day."""
    known = min(len(one), len(other))
    return one[:known] == other[:known]


def _checked(year: int, month: int | None = None, day: int | None = None) -> str | None:
    if month is None:
        return f"{year}"
    if not 1 <= month <= 12:
        return None
    if day is None:
        return f"{year}-{month:02}"
    return f"{year}-{month:02}-{day:02}" if 1 <= day <= calendar.monthrange(year, month)[1] else None
