"""A term that a source calls something else is found in it, and nothing is taken for a term that is not one."""

from ingest.glossary import Family, Glossary
from service.expanding import expansions, synonyms, with_synonyms
from service.words import stems

GLOSSARY = Glossary(
    [
        Family("reassurance", ("feel safe", "well-being")),
        Family("seldom heard", ("hard to reach", "at risk", "easy to ignore")),
    ]
)


def covers(question: str, text: str) -> bool:
    found = with_synonyms(frozenset(stems(text)), synonyms(question, GLOSSARY))
    return set(stems(question)) <= found


def test_another_form_of_the_term_stands_for_it() -> None:
    assert covers("reassurance", "Residents said that they feel safe here.")
    assert covers("seldom heard groups", "Groups who are hard to reach were asked first.")


def test_what_is_left_of_a_form_without_its_stop_words_does_not() -> None:
    assert not covers("reassurance", "Councils as well as forces were asked.")
    assert not covers("seldom heard groups", "The groups named a risk.")


def test_other_forms_are_searched_for_only_where_the_own_is_hardly_held_and_they_are() -> None:
    held = {"feel safe": 3}
    assert expansions("What of reassurance?", GLOSSARY, lambda form: held.get(form, 0)) == ("feel safe",)
    held["reassurance"] = 40
    assert expansions("What of reassurance?", GLOSSARY, lambda form: held.get(form, 0)) == ()
