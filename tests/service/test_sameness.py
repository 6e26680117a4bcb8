"""Two sentences are told as one only where no word makes them two."""

import pytest

from service.sameness import same_words, without_attribution

SAME = [
    ("Teams publish a list of their meetings.", "Teams publish the list of their meetings"),
    ("The force organises well-being days.", "The force organizes wellbeing days."),
    ("On 7 th March twelve forces met.", "On 7th March 12 forces met."),
    ("Residents' views are sought within 28 days.", "Residents’ views are sought in 28 days."),
    ("The group meets twice a year (source: a page, seen May 2020).", "The group meets twice a year."),
    (
        "Engagement lets citizens and communities take part in policing where they choose to.",
        "Engagement lets local citizens and communities take part in policing where they choose to.",
    ),
    (
        "Listening to residents helps the police to find answers to problems in their wards.",
        "Listening to residents helps the police find answers to problems in their wards.",
    ),
]
DIFFERENT = [
    ("Teams must tell people what was done.", "Teams should tell people what was done."),
    ("Some 12 forces took part in the day.", "Some 21 forces took part in the day."),
    ("About 8% of residents came to the event.", "About 8 of residents came to the event."),
    ("Teams hold regular meetings.", "Teams do not hold regular meetings."),
    ("The panel is able to advise.", "The panel is notable to advise."),
    ("Young people should be asked first.", "Older people should be asked first."),
    ("Cheshire holds a meeting in each ward.", "Durham holds a meeting in each ward."),
    ("Residents were consulted by letter.", "Residents are consulted by letter."),
    ("The force listens to the public at fairs.", "The public listens to the force at fairs."),
    ("Should meetings be held in every ward?", "Should meetings be held in every ward."),
    ("Notes are shared with the panel.", "Notes are shared with the panel or the force."),
    (
        "Officers consult residents on the draft plan before they adopt it in spring.",
        "Officers seldom consult residents on the draft plan before they adopt it in spring.",
    ),
    (
        "Officers consult residents on the plan before they print it in the spring of the year.",
        "Officers aim to consult residents on the plan before they print it in the spring of the year.",
    ),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spelling_damage_and_small_words_make_no_other_statement(one: str, other: str) -> None:
    assert same_words(one, other)
    assert same_words(other, one)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_a_figure_name_negation_modal_or_turn_makes_another(one: str, other: str) -> None:
    assert not same_words(one, other)
    assert not same_words(other, one)


@pytest.mark.parametrize(
    "text",
    [
        "As the College of Policing puts it, listening comes before telling.",
        "According to national guidance, listening comes before telling.",
        "The national guidance is plain on this: ‘listening comes before telling, in every ward and every week.’",
    ],
)
def test_what_is_taken_from_another_is_told_from_the_words_that_say_so(text: str) -> None:
    assert (without_attribution(text) or "").startswith("listening comes before telling")


@pytest.mark.parametrize("text", ["As soon as a plan is ready, it is printed.", "Teams ‘listen’ to residents."])
def test_a_condition_or_a_quoted_word_is_no_attribution(text: str) -> None:
    assert without_attribution(text) is None
