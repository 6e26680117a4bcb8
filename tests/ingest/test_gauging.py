"""How well a file was read: a good reading goes without a word, and each kind of damage is named with what to do."""

import pytest

from ingest.gauging import gauge
from ingest.vocabulary import Block, BlockKind, Grade, Oddity, Quality, Reading

ENGLISH = (
    "Officers of the harbour team walk through every street of their area once a year and write down what they hear "
    "there. They then tell the residents what was done about it, and what could not be done and for which reason. "
)
WELSH = (
    "Mae swyddogion y tîm yn cerdded drwy bob stryd yn eu hardal unwaith y flwyddyn ac yn ysgrifennu yr hyn y maent yn "
    "ei glywed yno. Wedyn maent yn dweud wrth y trigolion beth a wnaed am hyn, a beth nad oedd yn bosibl a pham. "
)
POLISH = (
    "Funkcjonariusze zespołu portowego raz w roku przechodzą każdą ulicą swojego rejonu i zapisują wszystko, czego się "
    "dowiedzą. Potem mówią mieszkańcom, co zrobiono, czego zrobić się nie udało i z jakiego powodu tak się stało. "
)


def read(*texts: str, pages: int | None = None, **notes: object) -> Quality:
    reading = Reading(tuple(Block(BlockKind.PARAGRAPH, text) for text in texts), pages=pages, **notes)  # type: ignore[arg-type]
    quality = gauge(reading, knows_english_only=True).quality
    assert quality is not None
    return quality


def test_a_good_reading_is_counted_and_nothing_is_said_of_it() -> None:
    assert read(ENGLISH, ENGLISH, pages=2) == Quality(
        grade=Grade.GOOD, characters=2 * len(ENGLISH) + 1, characters_per_page=len(ENGLISH), pages_with_text=2
    )


def test_a_text_without_pages_is_counted_whole() -> None:
    quality = read(ENGLISH)
    assert (quality.characters_per_page, quality.pages_with_text) == (None, None)


def test_recognised_pages_are_named_with_how_sure_the_program_was() -> None:
    quality = read(ENGLISH, ENGLISH, pages=2, recognised=(1, 2), confidence=93.7)
    assert quality.warnings == (
        "Pages 1–2 were read by text recognition (OCR): check what you quote. The program was 94 % sure of their "
        "words.",
    )
    assert (quality.grade, quality.recognised) == (Grade.FAIR, (1, 2))
    assert read(ENGLISH, pages=1, recognised=(1,), confidence=61.0).grade is Grade.POOR


def test_pages_that_were_not_read_are_named_and_many_make_a_poor_reading() -> None:
    few = read(ENGLISH * 10, pages=10, unread=(3,), wordless=(3,))
    assert few.warnings == ("Page 3 was not read, or not wholly.",)
    assert (few.grade, few.pages_with_text) == (Grade.FAIR, 9)
    waiting = read(ENGLISH * 10, pages=10, unread=(3, 5, 6), unrecognised=(3, 5, 6), wordless=(3, 5, 6))
    assert waiting.warnings == (
        "Pages 3 and 5–6 were not read, or not wholly. Install tesseract-ocr where this runs and add it again.",
    )
    assert waiting.grade is Grade.POOR


def test_a_mended_file_is_a_poor_reading() -> None:
    quality = read(ENGLISH, pages=1, damaged=True)
    assert (quality.grade, quality.oddities) == (Grade.POOR, (Oddity.DAMAGED,))


def test_pages_with_hardly_any_words_are_told() -> None:
    quality = read("We meet.", pages=4)
    assert quality.warnings == ("There are only 2 characters a page: much may stand in pictures.",)
    assert quality.grade is Grade.FAIR


@pytest.mark.parametrize(
    "damaged",
    [
        "The o cers make no di erent e ort for con dence.",
        "The ocers make no dierent eort for condence.",
        "The offi ers are speci c, and the speci cally trained o cer too.",
        "The offi cers with confi dence, to no eff ect, are diff erent.",
    ],
)
def test_words_that_lost_their_ligatures_are_told(damaged: str) -> None:
    quality = read(ENGLISH, damaged)
    assert quality.oddities == (Oddity.LOST_LIGATURES,)
    assert quality.grade is Grade.POOR


def test_whole_words_with_ligatures_are_no_damage() -> None:
    text = (
        "Officers offered different leaflets with confidence, so that the effect on traffic offences was significant. "
    )
    assert read(ENGLISH, text * 5).oddities == ()


def test_text_that_came_out_backwards_is_told() -> None:
    quality = read(ENGLISH, ".raey a ecno stneediser eht htiw ti tuoba klat dna eht srebmem")
    assert quality.oddities == (Oddity.REVERSED_TEXT,)
    assert "backwards ('eht')" in quality.warnings[0]


def test_characters_that_could_not_be_read_are_counted() -> None:
    few = read(ENGLISH * 20, "caf\ufffd, na\ufffdve, r\ufffdle")
    assert few.warnings == ("3 characters could not be read. Read what you quote beside the original.",)
    assert few.grade is Grade.FAIR
    assert read(ENGLISH, "\ufffd" * 20).grade is Grade.POOR


def test_lost_and_misplaced_spaces_are_told() -> None:
    glued = "officerswalkthrougheverystreetofthearea"
    assert read(ENGLISH, f"{glued} {glued} {glued}").oddities == (Oddity.SPACES,)
    spaced = "C O M M U N I T Y plan"
    assert read(ENGLISH, spaced, spaced, spaced).oddities == (Oddity.SPACES,)


def test_welsh_is_told_where_the_embedder_knows_english_only() -> None:
    quality = read(*[ENGLISH] * 5, *[WELSH] * 5)
    assert quality.oddities == (Oddity.WELSH,)
    assert quality.warnings[0].endswith(
        "Welsh, which the embedder does not know: that is found by its words, not by its meaning."
    )
    assert quality.grade is Grade.FAIR
    blocks = tuple(Block(BlockKind.PARAGRAPH, WELSH) for _ in range(5))
    other = gauge(Reading(blocks), knows_english_only=False).quality
    assert other is not None
    assert other.oddities == ()


def test_a_text_in_neither_english_nor_welsh_is_told_whatever_it_is() -> None:
    assert read(*[POLISH] * 5).oddities == (Oddity.NO_KNOWN_LANGUAGE,)
    assert read("7KH FRPPXQLW\\ WHDP ZDONV WKURXJK HYHU\\ VWUHHW RI LWV DUHD " * 12).grade is Grade.POOR


def test_a_little_table_of_names_is_in_no_language_and_that_is_no_damage() -> None:
    assert read(*[f"Harbour | Moorside | {number}" for number in range(30)]).oddities == ()
