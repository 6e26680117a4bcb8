"""English and Welsh are told apart by their little words, stretch by stretch."""

from ingest.language import spoken
from tests.ingest.test_gauging import ENGLISH, POLISH, WELSH


def test_each_language_is_counted_in_words() -> None:
    english, welsh = len(ENGLISH.split()), len(WELSH.split())
    assert spoken([ENGLISH]).english == spoken([ENGLISH]).words == english
    assert spoken([WELSH]).welsh == spoken([WELSH]).words == welsh


def test_a_bilingual_text_is_parted_by_its_paragraphs() -> None:
    found = spoken([ENGLISH, WELSH] * 6)
    assert found.english + found.welsh == found.words
    assert abs(found.welsh / found.words - 0.5) < 0.1


def test_a_third_language_is_neither() -> None:
    assert (spoken([POLISH] * 4).english, spoken([POLISH] * 4).welsh) == (0, 0)


def test_welsh_names_in_an_english_text_make_it_no_welsh() -> None:
    text = "The meetings at Ystradgynlais and Cwmbrân were held by Heddlu Gwent and Dyfed-Powys with the residents. "
    assert spoken([text] * 8).welsh == 0
