"""How well a file was read: counted on its pages and words, so that a poor reading is seen before it is relied on.

It looks at the text alone, without a dictionary. It finds the damage that extraction usually does, and no other.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from ingest.language import spoken
from ingest.numbering import pages_in_words
from ingest.vocabulary import Grade, Oddity, Quality, Reading

_LEAST_PER_PAGE = 100
"""Characters on an average page: with fewer, words are probably in pictures."""
_MOST_UNREAD = 0.2
"""Share of pages that were not read from which on a reading is poor."""
_SURE = 75.0
_FEW = 3
"""Occurrences below which damage may be a slip of the author's pen."""
_LIGATURE = re.compile("ffi|ffl|ff|fi|fl")
_TELLING_WORDS = """
office officer officers official offence offences offenders specific specifically finding findings financial
benefit benefits confidence confident confirm confirmed defined definition difficult different difference effect
effective effectively effort efforts affect affected traffic conflict reflect reflects flexible influence
significant identified identify profile efficient sufficient offered suffered leaflet leaflets satisfaction
satisfied scientific qualified clarify briefing briefings
"""
"""Frequent in such documents, each with a ligature, and no word any more without it."""
_REVERSED = re.compile(r"\b(?:eht|dna|htiw|taht|siht|ecilop|ecivres|ytinummoc|tnemegagne|cilbup|ruoy)\b", re.IGNORECASE)
_REPLACED = re.compile("[\ufffd\ue000-\uf8ff]|\\(cid:\\d+\\)")
_MOST_REPLACED = 0.01
"""Share of all characters."""
_GLUED = re.compile(r"\b[^\W\d_]{30,}\b")
_SPACED = re.compile(r"\b(?:[^\W\d_] ){5,}")
_LEAST_WORDS = 100
"""A language is not told by fewer."""
_NO_LANGUAGE, _SOME_WELSH = 0.2, 0.05
"""Shares of a text's words: with less of a known language it is told to be in none; so much Welsh is told."""


@dataclass(frozen=True, slots=True)
class _Remark:
    oddity: Oddity
    sentence: str
    grave: bool = False


def gauge(reading: Reading, knows_english_only: bool) -> Reading:
    """The same reading with its quality. knows_english_only: the embedder finds nothing in another by its meaning."""
    texts = [block.text for block in reading.blocks]
    text, pages = "\n".join(texts), reading.pages
    remarks = [*_of_pages(reading, len(text)), *_of_letters(text), *_of_language(texts, knows_english_only)]
    grave = any(remark.grave for remark in remarks)
    quality = Quality(
        grade=Grade.POOR if grave else Grade.FAIR if remarks else Grade.GOOD,
        characters=len(text),
        characters_per_page=round(len(text) / pages) if pages else None,
        pages_with_text=pages - len(reading.wordless) if pages else None,
        recognised=reading.recognised,
        unread=reading.unread,
        unrecognised=reading.unrecognised,
        oddities=tuple(remark.oddity for remark in remarks),
        warnings=tuple(remark.sentence for remark in remarks),
    )
    return replace(reading, quality=quality)


def _of_pages(reading: Reading, characters: int) -> Iterator[_Remark]:
    if reading.damaged:
        yield _Remark(Oddity.DAMAGED, "The file is damaged, and words may be missing. Get it anew.", grave=True)
    if reading.unread:
        action = " Install tesseract-ocr where this runs and add it again." if reading.unrecognised else ""
        sentence = f"{pages_in_words(reading.unread)} not read, or not wholly.{action}"
        share = len(reading.unread) / (reading.pages or 1)
        yield _Remark(Oddity.UNREAD_PAGES, sentence, grave=share >= _MOST_UNREAD)
    if reading.recognised:
        sure = reading.confidence
        said = f" The program was {sure:.0f} % sure of their words." if sure is not None else ""
        sentence = f"{pages_in_words(reading.recognised)} read by text recognition (OCR): check what you quote.{said}"
        yield _Remark(Oddity.RECOGNISED, sentence, grave=sure is not None and sure < _SURE)
    if reading.pages and characters < _LEAST_PER_PAGE * reading.pages:
        sentence = f"There are only {characters / reading.pages:.0f} characters a page: much may stand in pictures."
        yield _Remark(Oddity.FEW_CHARACTERS, sentence)


def _of_letters(text: str) -> Iterator[_Remark]:
    damaged = _damaged_by_ligatures().findall(text)
    if len(damaged) >= _FEW and len(damaged) > len(_intact().findall(text)) / 10:
        sentence = (
            f"Letters such as 'ffi' were lost from words ('{damaged[0]}'): these are not found. Get another copy."
        )
        yield _Remark(Oddity.LOST_LIGATURES, sentence, grave=True)
    if len(reverse := _REVERSED.findall(text)) >= _FEW:
        sentence = f"Some text came out backwards ('{reverse[0]}'). Read what you quote beside the original."
        yield _Remark(Oddity.REVERSED_TEXT, sentence, grave=True)
    if len(replaced := _REPLACED.findall(text)) >= _FEW:
        sentence = f"{len(replaced):,} characters could not be read. Read what you quote beside the original."
        grave = len(replaced) >= _MOST_REPLACED * len(text)
        yield _Remark(Oddity.UNREADABLE_CHARACTERS, sentence, grave)
    if len(_GLUED.findall(text)) >= _FEW or len(_SPACED.findall(text)) >= _FEW:
        yield _Remark(Oddity.SPACES, "Spaces between words were lost, or stand inside them: such words are not found.")


@cache
def _damaged_by_ligatures() -> re.Pattern[str]:
    """'o cer', 'ocer', 'offi cer', 'offi er': what is left of a word whose ligature had no character of its own."""
    shapes = {shape for word in _TELLING_WORDS.split() for shape in _shapes(word)}
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(shapes, key=len, reverse=True))})(?!\w)")


def _shapes(word: str) -> Iterator[str]:
    for ligature in _LIGATURE.finditer(word):
        before, after = word[: ligature.start()], word[ligature.end() :]
        yield before + after
        if before:
            yield f"{before} {after}"
        for lost in (0, 1, 2):
            if len(after) - lost >= 2:
                yield f"{word[: ligature.end()]} {after[lost:]}"


@cache
def _intact() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(_TELLING_WORDS.split())})\b")


def _of_language(texts: list[str], knows_english_only: bool) -> Iterator[_Remark]:
    found = spoken(texts)
    if found.words < _LEAST_WORDS:
        return
    if found.english + found.welsh < _NO_LANGUAGE * found.words:
        sentence = (
            "It is hardly English or Welsh: another language, or letters that are coded wrongly. Look at its text."
        )
        yield _Remark(Oddity.NO_KNOWN_LANGUAGE, sentence, grave=True)
    elif knows_english_only and found.welsh >= _SOME_WELSH * found.words:
        share = f"{100 * found.welsh / found.words:.0f} % of it is"
        sentence = f"{share} Welsh, which the embedder does not know: that is found by its words, not by its meaning."
        yield _Remark(Oddity.WELSH, sentence)
