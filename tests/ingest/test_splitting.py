"""Canonical text becomes passages that the embedder reads whole."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.splitting import SECTION_CHARACTERS, sentence_text, split
from ingest.tidying import tidy
from ingest.vocabulary import Block, BlockKind, CanonicalText, Passage, Reading

HEADING, PARAGRAPH, ITEM = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.ITEM
MAX_TOKENS = 60


def count(text: str) -> int:
    """A stand-in for a tokenizer that is exact: a token for every four letters of a word, and two for the ends."""
    return 2 + sum(-(-len(word) // 4) for word in text.split())


def passages_of(*blocks: Block) -> tuple[CanonicalText, tuple[Passage, ...]]:
    canonical = tidy(Reading(blocks))
    return canonical, split("Plan", canonical, count, MAX_TOKENS)


def test_a_short_section_is_one_passage_under_its_headings() -> None:
    canonical, passages = passages_of(
        Block(HEADING, "Plan", 1),
        Block(HEADING, "Aims", 2),
        Block(PARAGRAPH, "Listen first."),
        Block(PARAGRAPH, "Act."),
    )
    (passage,) = passages
    assert passage.heading_path == ("Plan", "Aims")
    assert passage.embedded_text == "Plan > Aims\nListen first.\n\nAct."
    assert canonical.text[passage.start : passage.end] == "Listen first.\n\nAct."
    assert passage.digest == hashlib.sha256(b"Listen first.\n\nAct.").hexdigest()


def test_a_passage_never_crosses_a_heading() -> None:
    _, passages = passages_of(
        Block(HEADING, "One", 2), Block(PARAGRAPH, "First."), Block(HEADING, "Two", 2), Block(PARAGRAPH, "Second.")
    )
    assert [passage.heading_path for passage in passages] == [("One",), ("Two",)]


def test_a_passage_never_crosses_a_heading_that_repeats_the_one_before() -> None:
    _, passages = passages_of(
        Block(HEADING, "Aims", 2), Block(PARAGRAPH, "First."), Block(HEADING, "Aims", 2), Block(PARAGRAPH, "Second.")
    )
    assert [passage.embedded_text for passage in passages] == ["Plan > Aims\nFirst.", "Plan > Aims\nSecond."]


def test_a_passage_never_crosses_a_heading_without_words() -> None:
    canonical, passages = passages_of(
        Block(HEADING, "Aims", 2),
        Block(PARAGRAPH, "First slide.", page=1),
        Block(HEADING, "", 2),
        Block(PARAGRAPH, "Second slide.", page=2),
        Block(HEADING, "", 2),
        Block(PARAGRAPH, "Third slide.", page=3),
    )
    assert [(p.heading_path, p.page_start, canonical.text[p.start : p.end]) for p in passages] == [
        (("Aims",), 1, "First slide."),
        ((), 2, "Second slide."),
        ((), 3, "Third slide."),
    ]


def test_a_list_stays_with_its_lead_in() -> None:
    talk = Block(PARAGRAPH, "Some talk about this and that and more besides. " * 3)
    canonical, passages = passages_of(
        talk, Block(PARAGRAPH, "Reasons are:"), Block(ITEM, "to listen"), Block(ITEM, "to act")
    )
    assert canonical.text[passages[-1].start : passages[-1].end].endswith("Reasons are:\nto listen\nto act")


def test_a_list_that_must_be_cut_is_embedded_with_its_lead_in_again() -> None:
    items = [Block(ITEM, f"reason number {number} with some words") for number in range(20)]
    canonical, passages = passages_of(Block(PARAGRAPH, "Reasons are:"), *items)
    assert len(passages) > 1
    assert all("Reasons are:" in passage.embedded_text for passage in passages)
    item = passages[1].sentences[0]
    assert sentence_text(canonical.text, item).startswith("Reasons are: reason number")


def test_a_list_below_its_heading_is_embedded_with_it_once() -> None:
    items = [Block(ITEM, f"reason number {number} with some words") for number in range(20)]
    canonical, passages = passages_of(Block(HEADING, "Plan", 1), Block(HEADING, "Reasons", 2), *items)
    assert len(passages) > 1
    assert {passage.embedded_text.count("Reasons") for passage in passages} == {1}
    assert sentence_text(canonical.text, passages[1].sentences[0]).startswith("Reasons reason number")


def test_pages_are_those_of_the_sentences() -> None:
    _, (passage,) = passages_of(Block(PARAGRAPH, "First.", page=2), Block(PARAGRAPH, "Second.", page=3))
    assert (passage.page_start, passage.page_end) == (2, 3)
    assert [sentence.page for sentence in passage.sentences] == [2, 3]


def test_a_text_of_headings_alone_speaks_for_itself() -> None:
    _, passages = passages_of(Block(HEADING, "Listen"), Block(HEADING, "Act"))
    assert [sentence.kind for passage in passages for sentence in passage.sentences] == ["sentence", "sentence"]


words = st.text(alphabet="abcdefghijé.:", min_size=1, max_size=40)
blocks = st.lists(
    st.builds(
        Block,
        kind=st.sampled_from([HEADING, PARAGRAPH, ITEM, BlockKind.ROW]),
        text=st.lists(words, min_size=1, max_size=60).map(" ".join),
        level=st.integers(1, 4),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(blocks)
def test_whatever_is_read_every_passage_fits_and_no_word_is_lost(found: list[Block]) -> None:
    canonical, passages = passages_of(*found)
    spoken = [b for b in canonical.blocks if b.kind is not HEADING] or list(canonical.blocks)
    kept = "".join(canonical.text[s.start : s.end] for passage in passages for s in passage.sentences)
    assert "".join(kept.split()) == "".join("".join(canonical.text[b.start : b.end] for b in spoken).split())
    for passage in passages:
        assert count(passage.embedded_text) <= MAX_TOKENS
        assert passage.start == passage.sentences[0].start
        assert passage.end == passage.sentences[-1].end


@pytest.mark.parametrize("length", [SECTION_CHARACTERS, 5 * SECTION_CHARACTERS])
def test_one_endless_word_is_cut_rather_than_lost(length: int) -> None:
    canonical, passages = passages_of(Block(PARAGRAPH, "x" * length))
    assert "".join(canonical.text[p.start : p.end] for p in passages) == "x" * length
