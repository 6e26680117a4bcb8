"""Markdown: the words without their marks."""


def test_the_sample_comes_out_without_marks_comments_and_addresses_of_links(sample, outline) -> None:
    assert outline(sample("engagement-plan.md")) == [
        ("heading 1", "Northshire community engagement plan"),
        (
            "paragraph",
            "This plan says how Northshire Police will talk with the people it serves between 2024 and 2026, as the "
            "council asked; see https://northshire.example/a_b_c.",
        ),
        ("heading 2", "Why we engage"),
        ("paragraph", "Our reasons are:"),
        ("item", "to hear what worries people before it grows"),
        ("item", "to explain decisions"),
        ("item", "in person"),
        ("item", "on paper"),
        ("item", "to find out what worked"),
        ("paragraph", "It is counted every March."),
        ("paragraph", "We would rather be asked than guess."),
        ("heading 2", "Where we meet"),
        ("header row", "Area | Where"),
        ("row", "Harbour | Sailing club"),
        ("row", "Moorside | "),
        ("paragraph", "a line of code"),
        ("paragraph", "[^1]: Survey"),
    ]


def test_the_cards_values_stay_as_they_were_written(sample) -> None:
    card = sample("engagement-plan.md").card
    assert card["published"] == "2024-04"
    assert card["edition"] == "1.10"


def test_html_inside_gives_its_words_but_not_its_scripts(read_text) -> None:
    text = "<div>One <b>bold</b> word</div>\n\n<script>alert(1)</script>\n\nA<br>B and <em>C</em>.\n"
    assert read_text(text, "plan.md") == [("paragraph", "One bold word"), ("paragraph", "A B and C.")]


def test_cells_beyond_the_head_of_a_table_are_kept(read_text) -> None:
    table = "> | Area | Hours |\n> |---|---|\n> | Harbour | 12 | by boat |\n> | Moorside | 6 |\n"
    assert read_text(table, "plan.md") == [
        ("header row", "Area | Hours"),
        ("row", "Harbour | 12 | by boat"),
        ("row", "Moorside | 6"),
    ]


def test_a_rule_at_the_top_is_not_a_card(read_text) -> None:
    assert read_text("---\n\nWe meet every month.\n", "plan.md") == [("paragraph", "We meet every month.")]


def test_a_list_within_many_lists_is_read_to_the_end(read_text) -> None:
    lines = "".join(f"{'  ' * depth}- item {depth}\n" for depth in range(40))
    assert [text for _, text in read_text(lines, "plan.md")] == [f"item {depth}" for depth in range(40)]
