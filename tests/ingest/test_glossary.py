"""Terms of the field, in whichever form they are written."""

from ingest.glossary import Glossary


def terms(text: str) -> set[str]:
    return {family.term for family, _ in Glossary.load().families_in(text)}


def test_a_form_leads_to_its_family() -> None:
    assert terms("What about hard-to-reach groups?") == {"seldom heard"}
    assert "Citizens in Policing" in terms("how volunteers help")


def test_an_abbreviation_that_is_also_a_word_must_match_case() -> None:
    assert "KIN" in terms("our KIN contacts")
    assert "KIN" not in terms("kith and kin")


def test_the_longest_form_wins() -> None:
    found = dict(Glossary.load().families_in("a community engagement strategy"))
    assert list(found.values()) == ["community engagement strategy"]
