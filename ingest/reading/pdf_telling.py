"""What is said of the pages of a PDF that were not, or not wholly, read."""

from collections.abc import Iterator

from ingest.errors import UnreadableDocument
from ingest.numbering import listed_pages, pages_in_words
from ingest.reading import ocr
from ingest.reading.pdf_pages import Lack, Pages

_PROGRAM = f"{ocr.PACKAGE} (text recognition, OCR)"


def no_text(name: str, pages: Pages) -> UnreadableDocument:
    """The refusal of a PDF whose pages gave not a word."""
    number = len(pages.taken)
    holds = f"{name} has {f'{number:,} pages' if number > 1 else '1 page'} without any text"
    if pages.lacking_for(Lack.NOT_INSTALLED):
        sentence = f"{holds}: it seems to be a scan. Install {_PROGRAM} where this runs and add it again, or run text "
        return UnreadableDocument("no_text", f"{sentence}recognition over it elsewhere and add the result.")
    if pages.lacking_for(Lack.NOT_RECOGNISED):
        sentence = f"{holds}, and {_PROGRAM} failed on it: {pages.complaint}. Recognise its text with another program"
        return UnreadableDocument("no_text", f"{sentence} and add the result.")
    if pages.lacking_for(Lack.DAMAGED):
        sentence = f"{name} is too damaged to be read. Get it anew from where it came from and add that."
        return UnreadableDocument("damaged", sentence)
    return UnreadableDocument("no_text", f"{holds}, not even in pictures. Check that it is the right file.")


def told(pages: Pages, was_mended: bool) -> Iterator[str]:
    """A sentence for each thing that a reader of the text should know."""
    if was_mended:
        yield "The file is damaged: what could be mended of it was read. Get it anew from where it came from."
    if damaged := pages.lacking_for(Lack.DAMAGED):
        yield f"{pages_in_words(damaged)} damaged: words are missing there."
    if pictures := pages.lacking_for(Lack.NOT_INSTALLED):
        sentence = f"{pages_in_words(pictures)} left out: pictures without text."
        yield f"{sentence} Install {_PROGRAM} where this runs and add the document again."
    if failed := pages.lacking_for(Lack.NOT_RECOGNISED):
        yield f"{pages_in_words(failed)} left out: pictures on which text recognition failed ({pages.complaint})."
    if pages.unseen:
        number, where = sum(pages.unseen.values()), listed_pages(tuple(pages.unseen))
        words = f"{number:,} words" if number > 1 else "1 word"
        yield f"Left out as no reader sees them (hidden, covered, off the page or tiny): {words} on {where}."
    if wordless := pages.lacking_for(Lack.WORDLESS):
        yield f"{pages_in_words(wordless)} left out: pictures in which no words were recognised."
