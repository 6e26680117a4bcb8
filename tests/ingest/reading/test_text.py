"""Plain text: headings, paragraphs, lists and tables told by the lines' shape alone."""

import re
from pathlib import Path

import pytest

from ingest.errors import UnreadableDocument
from ingest.reading import read
from ingest.vocabulary import BlockKind


@pytest.fixture
def seed(shared):
    return shared("seed/public-engagement-strand-update-1.txt")


def test_the_seed_keeps_every_word_in_order(seed: Path) -> None:
    words = re.findall(r"\w+", " ".join(block.text for block in read(seed).blocks))
    assert words == re.findall(r"\w+", seed.read_text())
    assert len(words) > 700


def test_the_seed_has_four_lists_with_as_many_items_as_bullets(seed: Path) -> None:
    runs: list[int] = []
    before = None
    for block in read(seed).blocks:
        if block.kind is BlockKind.ITEM:
            runs = [*runs[:-1], runs[-1] + 1] if before is BlockKind.ITEM else [*runs, 1]
        before = block.kind
    assert runs == [4, 5, 8, 4]


def questions_of(seed: Path) -> list[str]:
    """The lines that stand in the update twice: once as items of a list, once as headings."""
    lines = [line for line in seed.read_text().splitlines() if line.endswith("?")]
    return [line for line in dict.fromkeys(lines) if lines.count(line) == 2]


def test_the_seeds_headings_are_found_once_each(seed: Path) -> None:
    headings = [block.text for block in read(seed).blocks if block.kind is BlockKind.HEADING]
    assert len(headings) == len(set(headings)) == 8
    assert headings[0] == seed.read_text().splitlines()[0]
    assert headings[3:7] == questions_of(seed)


def test_the_seeds_wrapped_items_and_paragraphs_are_joined(seed: Path) -> None:
    blocks = read(seed).blocks
    items = [block.text for block in blocks if block.kind is BlockKind.ITEM]
    paragraphs = [block.text for block in blocks if block.kind is BlockKind.PARAGRAPH]
    assert items[:4] == questions_of(seed)
    assert len(items) == 21
    assert all(text[0].isupper() for text in items)
    assert any(text[0] == "‘" and text[-1] == "’" for text in paragraphs)
    assert all(text[0].isupper() or text[0] == "‘" for text in paragraphs)
    assert len(paragraphs) == 12


def test_the_sample_comes_out_with_its_headings_lists_and_table(sample, outline) -> None:
    assert outline(sample("engagement-plan.txt")) == [
        ("heading 1", "NORTHSHIRE COMMUNITY ENGAGEMENT PLAN"),
        ("heading 2", "Adopted in spring 2024"),
        ("heading 2", "1. Why we engage"),
        (
            "paragraph",
            "This plan says how Northshire Police will talk with the people it serves between 2024 and 2026, and how "
            "they can tell whether it kept its word. It was written with Moorside Parish Council.",
        ),
        ("paragraph", "Our reasons are:"),
        ("item", "to hear what worries people before it grows"),
        (
            "item",
            "to explain decisions, above all those that people will not like, in a way that can be questioned and "
            "answered",
        ),
        ("item", "to find out what worked"),
        ("heading 2", "2. Where we meet"),
        ("heading 3", "2.1 Harbour"),
        (
            "paragraph",
            "The sailing club opens its doors on the first Tuesday of the month. There is a room for those who would "
            "rather speak alone.",
        ),
        ("heading 3", "2.2 Moorside"),
        ("paragraph", "We meet in the village hall:"),
        ("item", "(a) in winter every month"),
        ("item", "(b) in summer every second month"),
        ("paragraph", "What follows is settled by vote."),
        ("heading 1", "Next steps"),
        ("item", "1. Publish the answers"),
        ("item", "2. Visit the streets that were left out"),
        ("row", "Area | Officer hours"),
        ("row", "Harbour | 12"),
        ("row", "Moorside | 6"),
    ]


def test_a_line_apart_between_paragraphs_is_a_heading_and_a_short_sentence_is_not(read_text) -> None:
    text = (
        "Aims\n\nWe meet residents every month.\n\nIt works.\n\nMeans\n\nWe write letters to those who cannot come.\n"
    )
    assert [kind for kind, _ in read_text(text)] == [
        "heading 1",
        "paragraph",
        "paragraph",
        "heading 2",
        "paragraph",
    ]


def test_when_it_was_published_heads_nothing(read_text) -> None:
    text = "Ward news\n\nPublished 3 May 2024\n\nWe meet residents every month and write down what they say.\n"
    assert [kind for kind, _ in read_text(text)] == ["heading 1", "paragraph", "paragraph"]


def test_an_address_is_not_a_run_of_headings(read_text) -> None:
    address = "Northshire Police\nHarbour Street\nNorthshire\nThe Public Desk\nFirst Floor\nRoom Seven\n"
    kinds = [kind for kind, _ in read_text(f"Write to us.\n\n{address}\nLetters are answered within ten days.\n")]
    assert kinds == ["paragraph"] * 8


def test_a_dash_in_the_middle_of_a_wrapped_sentence_is_no_bullet(read_text) -> None:
    text = (
        "Officers are asked to visit every street of their area at least once a year, and\n"
        "to write down what they heard – without names, as the residents' panel wished, and\n"
        "– where it falls to the council – to pass it on to the office that can act upon it.\n"
    )
    assert [kind for kind, _ in read_text(text)] == ["paragraph"]


def test_bullets_of_every_kind_lose_their_mark_and_numbers_stay(read_text) -> None:
    assert read_text("We will:\n• meet\n* write\n– listen\n1) answer\n") == [
        ("paragraph", "We will:"),
        ("item", "meet"),
        ("item", "write"),
        ("item", "listen"),
        ("item", "1) answer"),
    ]


def test_form_feeds_are_page_breaks(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text("Aims of the first year.\n\fMeans of the second year.\n\f")
    reading = read(path)
    assert reading.pages == 2
    assert [(block.text, block.page) for block in reading.blocks] == [
        ("Aims of the first year.", 1),
        ("Means of the second year.", 2),
    ]


@pytest.mark.parametrize(
    "encoded",
    [
        "The café’s door".encode("utf-8-sig"),
        "The café’s door".encode("utf-16"),
        "The café’s door".encode("utf-16-be", "strict").join([b"\xfe\xff", b""]),
        "The café’s door".encode("utf-16-le"),
        "The café’s door".encode("cp1252"),
        "The café’s door\r\n".encode(),
    ],
)
def test_the_encodings_that_texts_come_in_are_understood(read_text, encoded: bytes) -> None:
    assert read_text(encoded) == [("paragraph", "The café’s door")]


def test_a_text_pasted_together_from_two_encodings_is_read_line_by_line(read_text) -> None:
    both = "A café in Harbour street.\n\n".encode() + "A café in Moorside.".encode("cp1252")
    assert [text for _, text in read_text(both)] == ["A café in Harbour street.", "A café in Moorside."]


def test_a_card_at_the_top_is_not_text(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text("---\ntitle: A plan\npublished: 2024\n---\nWe meet every month.\n")
    reading = read(path)
    assert reading.card == {"title": "A plan", "published": "2024"}
    assert [block.text for block in reading.blocks] == ["We meet every month."]


def test_a_card_that_is_not_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text("---\ntitle: [A plan\n---\nWe meet every month.\n")
    with pytest.raises(UnreadableDocument, match=r"plan.txt is not valid YAML \(line \d") as caught:
        read(path)
    assert caught.value.reason == "damaged"
