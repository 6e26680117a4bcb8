"""Each body that is compared is heard with what it says on the matter, not with where its name stands."""

from service.comparing import heard, most_telling
from service.sufficiency import Sufficiency
from service.vocabulary import Evidence, EvidenceSentence

SURE = Sufficiency(match=0.7, deviations=6.0, smallness=0.7)
NEAR = Sufficiency(match=0.4, deviations=3.0, smallness=0.7)


def passage(number: int, score: float, sentence: float, covered: float = 0.0) -> Evidence:
    said = EvidenceSentence((0, 4), "Said", sentence, sentence, "sentence", None, 0, None)
    return Evidence(number, "plan", 1, 1, (), None, None, (0, 4), score, score, 0.0, covered, (said,))


def test_passages_that_only_name_the_body_do_not_crowd_out_what_it_says() -> None:
    naming = [passage(number, score=0.9, sentence=0.3) for number in range(4)]
    saying = passage(9, score=0.5, sentence=0.6)
    assert most_telling([*naming, saying])[0] is saying


def test_a_body_whose_words_are_those_of_the_question_is_not_called_silent_beside_a_louder_one() -> None:
    loud, quiet = [passage(1, 0.9, 0.9, covered=1.0)], [passage(2, 0.5, 0.5, covered=1.0)]
    assert heard([loud, quiet], [SURE, NEAR]) == [loud, quiet]


def test_a_body_that_is_only_named_is_silent() -> None:
    loud, named = [passage(1, 0.9, 0.9, covered=1.0)], [passage(2, 0.5, 0.8)]
    assert heard([loud, named], [SURE, NEAR]) == [loud]
