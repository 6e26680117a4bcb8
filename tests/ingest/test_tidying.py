"""Blocks become canonical text: every word kept, in order, with its place."""

from ingest.tidying import shown, tidy
from ingest.vocabulary import Block, BlockKind, CanonicalText, Reading

HEADING, PARAGRAPH, ITEM, ROW = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.ROW


def lead_ins(canonical: CanonicalText) -> list[str | None]:
    return [canonical.text[slice(*block.lead_in)] if block.lead_in else None for block in canonical.blocks]


def test_white_space_is_folded_and_nothing_else() -> None:
    canonical = tidy(Reading((Block(PARAGRAPH, "  A  twoway\n\tcontract on 7 th May, re\u00adfreshed  "),)))
    assert canonical.text == "A twoway contract on 7 th May, refreshed"


def test_each_block_knows_its_headings_and_its_paragraph() -> None:
    canonical = tidy(
        Reading(
            (
                Block(HEADING, "Plan", 1),
                Block(PARAGRAPH, "First."),
                Block(HEADING, "Aims", 2),
                Block(PARAGRAPH, "Second."),
                Block(PARAGRAPH, "Third."),
                Block(HEADING, "Next", 2),
                Block(PARAGRAPH, "Fourth.", page=2),
            )
        )
    )
    places = [(block.heading_path, block.paragraph, block.page) for block in canonical.blocks if block.paragraph]
    assert places == [
        (("Plan",), 1, None),
        (("Plan", "Aims"), 1, None),
        (("Plan", "Aims"), 2, None),
        (("Plan", "Next"), 1, 2),
    ]


def test_a_list_item_keeps_the_sentence_that_introduces_it() -> None:
    canonical = tidy(
        Reading(
            (
                Block(PARAGRAPH, "Forces met. Reasons included:"),
                Block(ITEM, "to listen"),
                Block(ITEM, "to learn"),
                Block(PARAGRAPH, "All agreed."),
                Block(ITEM, "stands alone"),
            )
        )
    )
    assert lead_ins(canonical) == [None, "Reasons included:", "Reasons included:", None, None]


def test_a_list_right_below_its_heading_is_introduced_by_it() -> None:
    canonical = tidy(
        Reading(
            (
                Block(HEADING, "Plan", 1),
                Block(ITEM, "what the title alone introduces"),
                Block(HEADING, "What we will do", 2),
                Block(ITEM, "listen"),
                Block(ITEM, "act"),
                Block(HEADING, "How", 2),
                Block(PARAGRAPH, "By walking."),
                Block(ITEM, "stands alone"),
            )
        )
    )
    below = ["What we will do", "What we will do"]
    assert lead_ins(canonical) == [None, None, None, *below, None, None, None]


def test_a_statement_keeps_the_sentence_that_announces_it() -> None:
    canonical = tidy(Reading((Block(PARAGRAPH, "One view was:"), Block(PARAGRAPH, "‘Listen first.’"))))
    assert lead_ins(canonical) == [None, "One view was:"]


def test_a_table_row_keeps_its_column_names() -> None:
    canonical = tidy(
        Reading((Block(ROW, "Force | Panels", header=True), Block(ROW, "Northshire | 3"), Block(PARAGRAPH, "End.")))
    )
    assert lead_ins(canonical) == [None, "Force | Panels", None]


def test_damaged_words_are_mended_for_display_only() -> None:
    assert shown("A Twoway talk on the 7 th, 21 st and 3 rd of May") == "A Two-way talk on the 7th, 21st and 3rd of May"
    assert shown("the wayward twoways of 7 things") == "the wayward twoways of 7 things"


def test_a_heading_without_words_ends_what_stands_under_the_one_before() -> None:
    canonical = tidy(
        Reading(
            (
                Block(HEADING, "Plan", 1),
                Block(HEADING, "Aims", 2),
                Block(PARAGRAPH, "We will:"),
                Block(ITEM, "listen"),
                Block(HEADING, "", 2),
                Block(ITEM, "next to nothing"),
            )
        )
    )
    assert canonical.text == "Plan\n\nAims\n\nWe will:\nlisten\nnext to nothing"
    assert [(block.heading_path, block.paragraph) for block in canonical.blocks[2:]] == [
        (("Plan", "Aims"), 1),
        (("Plan", "Aims"), 2),
        (("Plan",), 1),
    ]
    assert lead_ins(canonical) == [None, None, None, "We will:", None]
