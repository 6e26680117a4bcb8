"""A quotation is found as a person copies it, and not found once a word, number or negation has been altered."""

import json
import re
from pathlib import Path

import pytest

from service.quoting import Found, NotFound, find_quotation

SHARED = Path(__file__).parents[2].parent / "shared"

SOURCE = (
    "The workshop took place in Leeds on 7 th March 2019. Representatives from 18 forces and 3 universities took\n"
    "part, and turnout rose by 8.5% to 1,240 people at a cost of £3.2 million. Attendees felt that listening events\n"
    "should not be limited to the largest towns. It was generally agreed that officers should explain what they\n"
    "can and can’t do. A twoway conversation may reduce com\u00ad plaints over time, and re-\nassure residents.\n"
    "Panels were unable to make reasonable requests of the neighbourhood team. Dates for 2016–18 were not published.\n"
    "Parish councils, who were not invited, wrote their own plan for the villages. Costs fell in one district only.\n"
)

HONEST = {
    "joined lines": "Representatives from 18 forces and 3 universities took part, and turnout rose",
    "ordinal closed up": "took place in Leeds on 7th March 2019",
    "hyphen put back": "A two-way conversation may reduce complaints over time",
    "other case": "THE WORKSHOP TOOK PLACE in leeds",
    "no-break spaces": "cost\u00a0of\u00a0£3.2\u00a0million",
    "soft hyphen gone": "may reduce complaints over time",
    "line-break hyphen gone": "over time, and reassure residents",
    "straight apostrophe": "explain what they can and can't do",
    "full-width letters": "ｌｉｓｔｅｎｉｎｇ events should not be limited",
    "thousands without comma": "by 8.5% to 1240 people",
    "ellipsis": "agreed that officers should explain … can and can’t do",
    "three dots": "The workshop took place... on 7th March 2019",
    "bracketed ellipsis": "Representatives from 18 forces […] turnout rose by 8.5%",
    "bracketed insertion": "officers should explain [to residents] what they can",
    "bracketed capital": "[O]fficers should explain what they can",
    "dash for hyphen in years": "Dates for 2016-18 were not published.",
    "quotation marks kept": "“turnout rose by 8.5% to 1,240 people”",
}

ALTERED = {
    "digit changed": "Representatives from 16 forces and 3 universities took part",
    "digit lost at the edge": "8 forces and 3 universities took part",
    "digit lost at the end": "cost of £3.2 million. Attendees felt that listening events should be limited",
    "decimal cut": "part, and turnout rose by 8",
    "percent cut": "part, and turnout rose by 8.5",
    "decimal point lost": "part, and turnout rose by 85% to",
    "pound lost": "3.2 million. Attendees felt that",
    "thousand cut": "240 people at a cost of £3.2 million",
    "not lost": "listening events should be limited to the largest towns",
    "not added": "It was not generally agreed that officers should explain",
    "negative prefix cut": "able to make reasonable requests of the neighbourhood team",
    "not written into a word": "Parish councils, who were notinvited, wrote their own plan",
    "should to must": "It was generally agreed that officers must explain what they",
    "word swapped": "Representatives from 18 councils and 3 universities took part",
    "hedge dropped": "A two-way conversation reduces complaints over time",
    "hedge dropped inside": "It was agreed that officers should explain what they can",
    "made-up tail": "Attendees felt that listening events should be held in every village",
    "stitched halves": "Representatives from 18 forces should explain what they can",
    "stitched with an ellipsis out of order": "officers should explain … Representatives from 18 forces",
    "not lost in an ellipsis": "that listening events should … be limited to the largest towns",
    "not invited lost in an ellipsis": "Parish councils, who were … wrote their own plan",
    "ellipsis over too much": "The workshop took place … Costs fell in one district",
    "not in brackets": "officers should [not] explain what they can",
    "number in brackets": "Representatives from 18 forces [of 43] and 3 universities",
    "word cut short": "Representatives from 18 force",
    "too short": "listening events should",
    "nothing": "“…”",
}


@pytest.mark.parametrize("quotation", HONEST.values(), ids=HONEST.keys())
def test_an_honest_quotation_is_found(quotation: str) -> None:
    assert isinstance(find_quotation(quotation, SOURCE), Found)


@pytest.mark.parametrize("quotation", ALTERED.values(), ids=ALTERED.keys())
def test_an_altered_quotation_is_not_found(quotation: str) -> None:
    found = find_quotation(quotation, SOURCE)
    assert isinstance(found, NotFound)
    assert found.reason


def test_spans_are_places_in_the_source() -> None:
    found = find_quotation("A two-way conversation … and reassure residents", SOURCE)
    assert isinstance(found, Found)
    assert [SOURCE[start:end] for start, end in found.spans] == ["A twoway conversation", "and re-\nassure residents"]


def test_the_reason_is_said() -> None:
    assert find_quotation("three words only", SOURCE) == NotFound("it has fewer than 4 words")


def test_a_term_of_one_word_is_found_where_asked_for() -> None:
    assert isinstance(find_quotation("listening", SOURCE, least_words=1), Found)
    assert isinstance(find_quotation("listen", SOURCE, least_words=1), NotFound)


def test_a_second_occurrence_counts_where_the_first_is_part_of_a_number() -> None:
    text = "It rose to 18 forces in the region, then to 8 forces in the region."
    assert find_quotation("8 forces in the region", text) == Found(((44, 66),))


def _alterations(quote: str, other: str) -> list[str]:
    """The same quotation with something changed that matters."""
    words = quote.split()
    half, tail = len(words) // 2, other.split()[-4:]
    altered = [
        " ".join([*words[:half], "not", *words[half:]]),
        " ".join([*words[:half], *tail]),
        " ".join([*words, "in", "every", "rural", "district"]),
        " ".join([*words[:half], "parliament", *words[half + 1 :]]),
        re.sub(r"\bnot ", "", quote, count=1),
        re.sub(r"\bshould\b", "must", quote),
        re.sub(r"\b(generally|strongly|usefully|some|certain|might|may) ", "", quote, count=1),
        re.sub(r"\d", lambda digit: str((int(digit.group()) + 1) % 10), quote, count=1),
    ]
    return [text for text in altered if text != quote]


def _honest(quote: str) -> list[str]:
    """The same quotation as a person might type it."""
    words = quote.split()
    return [
        quote,
        quote.upper(),
        "\u00a0".join(words),
        quote.replace("twoway", "two-way").replace("7 th", "7th").replace("’", "'"),
        " ".join([*words[:4], "[in this region]", *words[4:]]),
        "\n".join(words),
    ]


def test_on_the_seed_no_altered_quotation_is_accepted_and_every_honest_one_is() -> None:
    if not SHARED.exists():
        pytest.skip("the seed document is not beside this checkout")
    seed = next((SHARED / "seed").glob("*.txt")).read_text(encoding="utf-8")
    lines = (SHARED / "data" / "questions-dev.jsonl").read_text(encoding="utf-8").splitlines()
    quotes = sorted({quote for line in lines for quote in json.loads(line)["gold_quotes"] if len(quote.split()) > 6})
    altered = [text for index, quote in enumerate(quotes) for text in _alterations(quote, quotes[index - 1])]
    honest = [text for quote in quotes for text in _honest(quote)]
    assert len(altered) > 60
    assert len(honest) > 100
    assert [text for text in altered if isinstance(find_quotation(text, seed), Found)] == []
    assert [text for text in honest if isinstance(find_quotation(text, seed), NotFound)] == []
