"""A document is laid out from its blocks, with the cited words marked wherever they run."""

from ingest.tidying import tidy
from ingest.vocabulary import Block, BlockKind, CanonicalText, Reading
from service.highlighting import Part, lay_out

HEADING, PARAGRAPH, ITEM, ROW = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.ROW


def canonical(*blocks: Block) -> CanonicalText:
    return tidy(Reading(blocks))


def laid_out(document: CanonicalText, cited: str | None = None) -> list[Part]:
    start = document.text.index(cited) if cited else 0
    return lay_out(document.text, document.blocks, (start, start + len(cited)) if cited else None)


def told(parts: list[Part]) -> list[str]:
    """Every block as text, cited words in brackets; the first cited stretch begins with an arrow."""
    return [
        " / ".join("".join(f"[{'>' * s.first}{s.text}]" if s.cited else s.text for s in words) for words in row.cells)
        for part in parts
        for row in part.rows
    ]


def test_headings_stand_below_the_pages_own_and_lists_are_gathered() -> None:
    document = canonical(
        Block(HEADING, "Plan", level=1),
        Block(HEADING, "Aims", level=2),
        Block(PARAGRAPH, "We aim to:"),
        Block(ITEM, "listen"),
        Block(ITEM, "answer"),
        Block(PARAGRAPH, "That is all."),
    )

    assert [(part.kind, len(part.rows)) for part in laid_out(document)] == [
        (HEADING, 1),
        (HEADING, 1),
        (PARAGRAPH, 1),
        (ITEM, 2),
        (PARAGRAPH, 1),
    ]
    assert [part.level for part in laid_out(document)[:2]] == [3, 4]


def test_a_quotation_is_marked_across_its_lead_in_and_items() -> None:
    document = canonical(Block(PARAGRAPH, "First. We aim to:"), Block(ITEM, "listen"), Block(ITEM, "answer"))

    assert told(laid_out(document, "We aim to:\nlisten")) == ["First. [>We aim to:]", "[listen]", "answer"]


def test_a_quotation_is_marked_within_the_cells_of_a_table() -> None:
    document = canonical(
        Block(ROW, "Measure | Number", header=True), Block(ROW, "Meetings | 12"), Block(ROW, "Surveys | 3")
    )
    (table,) = laid_out(document, "Meetings | 12")

    assert told([table]) == ["Measure / Number", "[>Meetings] / [12]", "Surveys / 3"]
    assert [row.header for row in table.rows] == [True, False, False]


def test_a_table_without_column_names_has_no_header() -> None:
    (table,) = laid_out(canonical(Block(ROW, "Meetings | 12"), Block(ROW, "Surveys | 3")))

    assert not any(row.header for row in table.rows)


def test_each_page_is_announced_where_it_begins() -> None:
    document = canonical(
        Block(PARAGRAPH, "One.", page=1), Block(PARAGRAPH, "Still one.", page=1), Block(PARAGRAPH, "Two.", page=2)
    )

    assert [part.page for part in laid_out(document)] == [1, None, 2]


def test_nothing_is_marked_without_a_quotation_or_outside_the_text() -> None:
    document = canonical(Block(PARAGRAPH, "One."))

    assert told(laid_out(document)) == ["One."]
    assert told(lay_out(document.text, document.blocks, (100, 200))) == ["One."]
    assert told(lay_out(document.text, document.blocks, (3, 1))) == ["One."]


def test_every_word_is_there_once_whatever_is_cited() -> None:
    document = canonical(
        Block(HEADING, "Plan", level=1), Block(PARAGRAPH, "We listen. We answer."), Block(ROW, "a | b | c")
    )
    for start in range(0, len(document.text), 3):
        parts = lay_out(document.text, document.blocks, (start, start + 9))
        words = " ".join("".join(s.text for s in cell) for part in parts for row in part.rows for cell in row.cells)

        assert words == "Plan We listen. We answer. a b c"
        assert sum(s.first for part in parts for row in part.rows for cell in row.cells for s in cell) <= 1
