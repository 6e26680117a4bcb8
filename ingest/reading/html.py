"""Web pages → blocks: the page's own text without its menus, cookie notices and what it hides."""

import re
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy

from lxml.etree import ErrorTypes, ParserError  # type: ignore[import-untyped]
from lxml.html import HtmlElement, HTMLParser, document_fromstring  # type: ignore[import-untyped]

from ingest.errors import UnreadableDocument
from ingest.reading.decoding import decoded
from ingest.reading.elements import blocks_of
from ingest.reading.front_matter import parted
from ingest.reading.recognising import refuse_other_formats
from ingest.vocabulary import Block, BlockKind, Reading

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_HIDDEN = (
    "//*[@hidden or @aria-hidden='true' or contains(translate(@style, ' ', ''), 'display:none')"
    " or contains(translate(@style, ' ', ''), 'visibility:hidden')]"
)
_FURNITURE_TAGS = (
    "//nav | //aside | //dialog | //body//footer[not(ancestor::article or ancestor::main)]"
    " | //body//header[not(ancestor::article or ancestor::main)][not(.//h1) or count(//h1) > 1]"
    " | //*[@role='navigation' or @role='banner' or @role='contentinfo' or @role='search' or @role='dialog']"
)
_FURNITURE_NAMES = frozenset({"cookie", "cookies", "cookiebanner", "consent", "breadcrumb", "breadcrumbs", "skiplink"})
_SHORT_PAGE_WORDS = 50
"""A page with fewer words gives nothing to tell its text from its menus by."""
_MENU_WORDS = 6
"""Of one of its entries, at most."""
_LEAST_SHARE = 0.25
"""Where trafilatura finds less than this share of the page's words, it has missed the text and is not followed."""


def read(data: bytes, name: str) -> Reading:
    refuse_other_formats(data, name, "a web page")
    declared = _CHARSET.search(data[:4096])
    card, text = parted(decoded(data, name, declared.group(1).decode("ascii") if declared else None), name)
    page = _parsed(text, name)
    title = " ".join((page.findtext(".//title") or "").split())
    hidden = _prune_unseen(page)
    furniture = _prune([*page.xpath(_FURNITURE_TAGS), *_named_as_furniture(page)])
    blocks, outside = _own_text(page)
    return Reading(
        tuple(blocks), title=title or None, card=card, left_out=tuple(_left_out(hidden, furniture + outside))
    )


def in_full(text: str, name: str) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """All that a page shows, nothing of it taken for a menu, and a sentence on what it hides.

    Raises UnreadableDocument ("empty").
    """
    page = _parsed(text, name)
    hidden = _prune_unseen(page)
    return tuple(blocks_of(page)), tuple(_left_out(hidden, 0))


def _parsed(text: str, name: str) -> HtmlElement:
    parser = HTMLParser(encoding="utf-8", remove_comments=True, huge_tree=True)
    try:
        page = document_fromstring(text.encode(), parser=parser)  # as bytes: a string may not hold an XML declaration
    except ParserError as error:
        raise UnreadableDocument("empty", f"{name} holds no words. Check that it is the right file.") from error
    if any(error.type == ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):  # where it has stopped
        sentence = f"{name} has more elements inside one another than can be read. Save its text as text and add that."
        raise UnreadableDocument("damaged", sentence)
    return page


def _prune_unseen(page: HtmlElement) -> int:
    """Takes out what a reader of the page does not see; returns how many hidden words that took."""
    _prune(page.xpath("//script | //style | //noscript | //template"))
    # What hides half of the page hid it from the program that saved it, behind a question about cookies, say.
    half = _count(page.text_content()) / 2
    return _prune([element for element in page.xpath(_HIDDEN) if _count(element.text_content()) < half])


def _named_as_furniture(page: HtmlElement) -> Iterator[HtmlElement]:
    """Elements whose class or id says cookie notice or the like, unless they hold half of the page."""
    whole = _count(page.text_content())
    for element in page.xpath("//body//*[@class or @id]"):
        names = re.split(r"[^a-z]+", f"{element.get('class', '')} {element.get('id', '')}".lower())
        if not _FURNITURE_NAMES.isdisjoint(names) and 2 * _count(element.text_content()) < whole:
            yield element


def _prune(elements: Sequence[HtmlElement]) -> int:
    """Takes the elements out of the page; returns how many words that took."""
    words = 0
    for element in elements:
        if element.getparent() is not None and element.tag not in ("html", "body"):
            words += _count(element.text_content())
            element.drop_tree()
    return words


def _own_text(page: HtmlElement) -> tuple[list[Block], int]:
    """The blocks of the page's main part and the number of words outside it. Where the page does not mark that part,
    it reaches from the first to the last block that trafilatura takes for text."""
    mains = page.xpath("//main | //*[@role='main']")
    everything = list(blocks_of(deepcopy(page)))
    words = _words(everything)
    if len(mains) == 1:
        blocks = list(blocks_of(mains[0]))
    elif words < _SHORT_PAGE_WORDS:
        return everything, 0
    else:
        blocks = _stretch(everything, _key(_extracted(page)))
    if _words(blocks) < _LEAST_SHARE * words:
        return everything, 0
    return blocks, words - _words(blocks)


def _extracted(page: HtmlElement) -> str:
    from trafilatura import bare_extraction

    found = bare_extraction(deepcopy(page), include_comments=False)  # of a string it would read 255 elements deep
    return getattr(found, "text", None) or ""


def _stretch(blocks: list[Block], extracted: str) -> list[Block]:
    """From the first to the last block whose words were extracted, with the page's top heading above them."""
    first = _first(blocks, extracted)
    if first is None:
        return []
    end = len(blocks) - (_first(reversed(blocks), extracted) or 0)
    first = _below_menu(blocks, first)
    top = [block for block in blocks[:first] if block.kind is BlockKind.HEADING and block.level == 1]
    return top[-1:] + blocks[first:end]


def _below_menu(blocks: Sequence[Block], first: int) -> int:
    """The page's one top heading, where nothing stands between but a menu, whose words the text may hold too."""
    tops = [n for n, block in enumerate(blocks) if block.kind is BlockKind.HEADING and block.level == 1]
    between = blocks[first : tops[0]] if len(tops) == 1 else ()
    is_menu = all(block.kind is BlockKind.ITEM and _count(block.text) <= _MENU_WORDS for block in between)
    return tops[0] if between and is_menu else first


def _first(blocks: Iterable[Block], extracted: str) -> int | None:
    """Which is the first whose words were extracted. No others are looked for: there may be very many of them."""
    return next((n for n, block in enumerate(blocks) if (key := _key(block.text)) and key in extracted), None)


def _left_out(hidden: int, furniture: int) -> Iterator[str]:
    if hidden:
        yield f"{hidden} words that the page hides from its readers were left out."
    if furniture:
        yield f"{furniture} words of menus, cookie notices and the like around the page's own text were left out."


def _words(blocks: list[Block]) -> int:
    return sum(_count(block.text) for block in blocks)


def _count(text: str) -> int:
    return len(text.split())


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
