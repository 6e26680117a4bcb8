"""The figures in a text, as values that can be compared: 8, eight and 8th are one figure; 8% and £8 are others."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from service.words import STOP_WORDS, stem

_UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_DECADES = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth"),
    *("seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"),
)
_TENS = {word: 10 * number for number, word in enumerate(_DECADES, start=2)}
_WORDS = {word: number for words in ((*_UNITS, *_TEENS), _ORDINALS) for number, word in enumerate(words, start=1)}
_VAGUE = "half|quarter|twice|double|doubled|halved|tripled|dozens?|hundreds?|thousands?|millions?|billions?"
_SIZES = {"k": 3, "thousand": 3, "m": 6, "million": 6, "bn": 9, "billion": 9}

_NUMBER = re.compile(
    rf"""(?P<sign>[£$€])?\s?
    (?: (?P<digits>\d+(?:,\d{{3}})*(?:\.\d+)?)(?:st|nd|rd|th)?
      | \b(?P<ten>{"|".join(_TENS)})(?:[-\s](?P<unit>{"|".join(_UNITS)}))?\b
      | \b(?P<word>{"|".join(_WORDS)})\b
      | \b(?P<vague>{_VAGUE})\b )
    (?:[\s-]?(?P<size>thousand|million|billion|bn|m|k)\b)?
    (?:\s?(?P<percent>%|per\s?cent\b))?""",
    re.VERBOSE | re.IGNORECASE,
)
_SHORT_YEAR = re.compile(r"\b((?:19|20)\d\d)\s?[-–/]\s?(\d\d)\b(?!\d)")
_NOT_COUNTING = re.compile(
    r"\b(?:no|any|each|every|this|that|which) one\b|\bfirst(?:ly)?,|"
    r"\bone (?:of|another|or|to|that|who|which)\b|"
    r"\bone (?:\w+ )?(?:reason|way|example|aim|purpose|option|approach|idea|suggestion|view|"
    r"theme|priority|area|form|point|step|part|benefit|concern)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[.;:!?,()]")
_REACH = 4
"""How many words after a figure may hold what it counts."""


@dataclass(frozen=True, slots=True)
class Figure:
    value: str
    """Such as 8, 8% or £3200000."""
    written: str
    counts: tuple[str, ...]
    """Stems of what may be counted: the content words that follow it closely. Empty for a year, share or sum."""


def figures_in(text: str) -> list[Figure]:
    """All figures of the text in order. "One of them", "one reason" and "no one" count nothing."""
    text = _SHORT_YEAR.sub(lambda years: f"{years[1]}-{years[1][:2]}{years[2]}", text)
    text = _NOT_COUNTING.sub(lambda phrase: "-" * len(phrase.group()), text)
    return list(_figures(text))


def _figures(text: str) -> Iterator[Figure]:
    for match in _NUMBER.finditer(text):
        value = _value(match)
        is_count = value.isdecimal() and not re.fullmatch(r"(?:19|20)\d\d", value)
        yield Figure(value, match.group().strip(), _counted(text[match.end() :]) if is_count else ())


def _value(match: re.Match[str]) -> str:
    if match["vague"]:
        number = match["vague"].lower().rstrip("s")
    else:
        number = format(_amount(match).scaleb(_SIZES.get((match["size"] or "").lower(), 0)).normalize(), "f")
    return f"{match['sign'] or ''}{number}{'%' if match['percent'] else ''}"


def _amount(match: re.Match[str]) -> Decimal:
    if match["digits"]:
        return Decimal(match["digits"].replace(",", ""))
    if match["ten"]:
        return Decimal(_TENS[match["ten"].lower()] + _WORDS.get((match["unit"] or "").lower(), 0))
    return Decimal(_WORDS[match["word"].lower()])


def _counted(following: str) -> tuple[str, ...]:
    """Stems of the content words among the next few, up to a mark of punctuation or the next figure."""
    counted = []
    for word in _WORD.findall(following)[:_REACH]:
        if not word[0].isalpha() or word.lower() in _WORDS | _TENS:
            break
        if word.lower() not in STOP_WORDS:
            counted.append(stem(word))
    return tuple(counted)
