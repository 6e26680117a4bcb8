"""Whatever a text holds, its words come out in order; whatever bytes a file holds, the reader answers or refuses."""

import re
import string
from collections.abc import Callable
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import UnreadableDocument
from ingest.reading import READERS, html, markdown, text
from ingest.vocabulary import Reading

WORDS = st.text(alphabet=string.ascii_letters + "éß", min_size=1, max_size=12)
SENTENCES = st.lists(WORDS, min_size=1, max_size=30).map(" ".join)
ENDS = st.sampled_from([".", "", ":", "?", ",", " –"])
STARTS = st.sampled_from(["", "- ", "• ", "* ", "1. ", "(a) ", "1.2 ", "  ", "> ", "# ", "## ", "| "])
LINES = st.builds(lambda start, words, end: start + words + end, STARTS, SENTENCES, ENDS)
BREAKS = st.sampled_from(["\n", "\n\n", "\n•\n•\n\n", "\n----\n", "\n\f", "\t", "\n====\n", "\r\n", " | "])
TEXTS = st.lists(st.tuples(LINES, BREAKS), min_size=1, max_size=12).map(lambda parts: "".join(map("".join, parts)))

BLOCKS = st.sampled_from(["p", "h1", "h3", "li", "div", "td", "blockquote", "pre", "section", "span", "dd"])
PAGES = st.lists(st.tuples(BLOCKS, SENTENCES), min_size=1, max_size=12).map(
    lambda parts: "".join(f"<{tag}>{words}</{tag}>\n" for tag, words in parts)
)


def words_of(reading: Reading) -> list[str]:
    return re.findall(r"[^\W\d_]+", " ".join(block.text for block in reading.blocks))


@given(TEXTS)
@settings(deadline=None)
def test_a_plain_text_keeps_all_its_words_in_order(content: str) -> None:
    assert words_of(text.read(content.encode(), "plan.txt")) == re.findall(r"[^\W\d_]+", content)


@given(TEXTS)
@settings(deadline=None)
def test_a_markdown_text_keeps_all_its_words_in_order(content: str) -> None:
    expected = [word for word in re.findall(r"[^\W\d_]+", content) if word != "a"]  # (a) may be the mark of a list
    assert [word for word in words_of(markdown.read(content.encode(), "plan.md")) if word != "a"] == expected


@given(PAGES)
@settings(deadline=None, max_examples=50)
def test_a_page_marked_as_main_keeps_all_its_words_in_order(content: str) -> None:
    page = f"<html><body><main>{content}</main></body></html>"
    assert words_of(html.read(page.encode(), "page.html")) == re.findall(
        r"[^\W\d_]+", re.sub(r"<\w+>|</\w+>", "", content)
    )


@given(st.text(max_size=300).map(escape))
@settings(deadline=None, max_examples=50)
def test_a_page_of_any_characters_is_read_or_refused(content: str) -> None:
    read_or_refused(html.read, f"<p>{content}</p>".encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("reader", sorted(set(READERS.values()), key=lambda reader: reader.__module__))
@given(st.binary(max_size=300))
@settings(deadline=None, max_examples=50)
def test_any_bytes_are_read_or_refused(reader: Callable[[bytes, str], Reading], data: bytes) -> None:
    read_or_refused(reader, data)


@given(st.text(alphabet="<>/!-=\"'&;abdhiplrtx[](){}#*_`~\n |:0123", max_size=200))
@settings(deadline=None)
def test_any_marks_are_read_or_refused(content: str) -> None:
    read_or_refused(html.read, content.encode())
    read_or_refused(markdown.read, content.encode())
    read_or_refused(text.read, content.encode())


def read_or_refused(reader: Callable[[bytes, str], Reading], data: bytes) -> None:
    try:
        reading = reader(data, "plan")
    except UnreadableDocument as refusal:
        assert str(refusal).endswith(".")  # noqa: PT017
    else:
        assert all(block.text for block in reading.blocks)
