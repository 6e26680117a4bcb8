"""The time that a question asks about is told from its words only where these are certain."""

import pytest

from ingest.vocabulary import Card
from service.dating import Period, Time, time_asked, without_time


def card(**fields: object) -> Card:
    return Card.model_validate({"id": "plan", "title": "A plan", **fields})


def asked(text: str) -> Time:
    time = time_asked(text)
    assert time is not None
    return time


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("What was agreed in 2016?", "2016", "2016"),
        ("What has been said since 2020?", "2020", None),
        ("What came after 2019?", "2020", None),
        ("What did forces do before 2015?", None, "2014"),
        ("Who held meetings up to 2012?", None, "2012"),
        ("How did it go from 2016 to 2019?", "2016", "2019"),
        ("What changed between 2018 and 2022?", "2018", "2022"),
        ("Plans of 2016–2018", "2016", "2018"),
        ("The 2016/17 report", "2016", "2017"),
        ("What happened from 2022 onwards?", "2022", None),
        ("What was said in May 2018?", "2018-05", "2018-05"),
        ("The seminar of 7th January 2016", "2016-01-07", "2016-01-07"),
    ],
)
def test_years_months_and_days_that_are_written_out(text: str, start: str | None, end: str | None) -> None:
    assert asked(text).periods == (Period(start, end),)


@pytest.mark.parametrize(
    "text",
    [
        "What does Update 3 say?",
        "Which 8 police forces took part?",
        "How were 2000 residents reached?",
        "Who sent the 2,016 replies?",
        "What was £2016 spent on?",
        "What does the Equality Act 2010 ask of forces?",
        "What was done in the 2010s?",
        "What has changed since the pandemic?",
        "How are recent immigrants reached?",
        "Does it meet my current address?",
        "Send it on Monday at the latest",
    ],
)
def test_other_numbers_and_loose_words_are_no_time(text: str) -> None:
    assert time_asked(text) is None


@pytest.mark.parametrize("text", ["What is the latest on meetings?", "Which is newest?", "What is the current plan?"])
def test_the_wish_for_what_is_newest(text: str) -> None:
    assert asked(text).newest


def test_a_year_goes_before_the_wish_for_what_is_newest() -> None:
    time = asked("What was the latest in 2016?")
    assert (time.periods, time.newest) == ((Period("2016", "2016"),), False)


def test_a_document_is_of_a_time_by_its_event_its_publication_or_what_it_covers() -> None:
    time = asked("What was said in 2016?")
    assert time.is_of(card(event_date="2016-01-07", published="2017-02"))
    assert time.is_of(card(published="2016-05"))
    assert time.is_of(card(published="2014", covers_from="2014", covers_to="2018"))
    assert not time.is_of(card(published="2018"))
    assert not time.is_of(card())


def test_when_we_compiled_something_says_nothing_of_its_facts() -> None:
    time = asked("What has been said since 2020?")
    assert not time.is_of(card(kind="profile", published="2026"))
    assert time.is_of(card(kind="policy", published="2026"))


def test_a_text_is_of_a_time_where_it_names_a_year_of_it() -> None:
    time = asked("What has been said since 2020?")
    assert time.is_told_in("Since 2021 the panel has met online.")
    assert not time.is_told_in("In 2018 there were 2021 replies.")


def test_only_what_ended_before_is_surely_too_old() -> None:
    time = asked("What has been said since 2020?")
    assert time.is_after(card(published="2016"))
    assert not time.is_after(card(published="2018", covers_to="2021"))
    assert not time.is_after(card())
    assert not asked("What was said before 2015?").is_after(card(published="2010"))


def test_what_remains_without_the_time() -> None:
    assert without_time("And in 2019?").split() == ["And", "?"]
    assert without_time("Which of those is newest?").split() == ["Which", "of", "those", "is", "?"]
