"""Web pages: the page's own text with its structure, without what surrounds it."""

import pytest

from ingest.errors import UnreadableDocument
from ingest.reading import read

CONTENT = [
    ("heading 1", "Talking with residents"),
    (
        "paragraph",
        "Every neighbourhood team in Northshire meets residents at least once a month, in a place that the residents "
        "choose. Meetings are announced a fortnight before they take place.",
    ),
    ("heading 2", "Why we meet"),
    (
        "paragraph",
        "People told us that they want to be heard before decisions are made, not after. The reasons they gave were:",
    ),
    ("item", "to set the priorities of the local team"),
    ("item", "to hear what was done about the last ones"),
    ("item", "by the police"),
    ("item", "by the council, where it falls to the council"),
    ("item", "to get to know the officers by name"),
    ("heading 2", "Where we meet"),
    ("header row", "Area | Place | Meetings a year"),
    ("row", "Harbour | Sailing club, Quay Street | 12"),
    ("row", "Moorside | Village hall | 6"),
    (
        "paragraph",
        "Residents who cannot come may write instead. 1 Letters are read out at the meeting and answered within ten "
        "working days.",
    ),
]


def test_the_sample_is_its_own_text_and_says_what_was_left_out(sample, outline) -> None:
    page = sample("web-page.html")
    assert outline(page) == CONTENT
    assert page.title == "Talking with residents | Northshire Police"
    assert page.left_out == (
        "15 words that the page hides from its readers were left out.",
        "28 words of menus, cookie notices and the like around the page's own text were left out.",
    )


def test_a_page_that_marks_its_main_part_is_read_there(tmp_path, outline) -> None:
    path = tmp_path / "page.html"
    path.write_text("<body><div>Menu of everything</div><main><h1>Aims</h1><p>We meet.</p></main></body>")
    assert outline(read(path)) == [("heading 1", "Aims"), ("paragraph", "We meet.")]


def test_a_page_that_was_saved_behind_a_question_about_cookies_is_read(tmp_path, outline) -> None:
    path = tmp_path / "page.html"
    text = "Officers visit every street once a year and write down what they hear."
    path.write_text(f"<body><div class='cookie-dialog'>Agree?</div><div aria-hidden='true'><p>{text}</p></div></body>")
    assert outline(read(path)) == [("paragraph", text)]


def test_a_header_that_holds_the_only_top_heading_is_kept(read_text) -> None:
    page = "<div><header><h1>Streets</h1></header><p>Officers visit.</p></div><header>Northshire</header>"
    assert read_text(page, "page.html") == [("heading 1", "Streets"), ("paragraph", "Officers visit.")]


def test_a_page_without_any_of_the_marks_of_html5_loses_its_menu_and_foot(tmp_path, outline) -> None:
    prose = "<p>Officers visit every street once a year and write down what worries the people who live there.</p>"
    menu = "".join(f"<td><a href='/{word}'>{word}</a></td>" for word in ("Start", "News", "Contact"))
    path = tmp_path / "page.htm"
    path.write_text(
        f"<body><table><tr>{menu}</tr></table><div id='top'><a href='/'>Back to start</a></div><div><h1>Streets</h1>"
        f"{prose * 3}</div><div class='foot'><a href='/x'>Imprint</a> <a href='/y'>Map of this site</a></div></body>"
    )
    texts = [text for _, text in outline(read(path))]
    assert texts[0] == "Streets"
    assert all(text.startswith("Officers visit") for text in texts[1:])


def test_a_menu_whose_words_the_text_holds_too_is_a_menu_all_the_same(tmp_path, outline) -> None:
    menu = "".join(f"<li>{word}</li>" for word in ("Home", "Ward meetings", "Contact"))
    text = "<p>Wardens of the harbour meet residents in the chapel hall, and tell them what was done.</p>" * 4
    (tmp_path / "page.html").write_text(
        f"<body><ul>{menu}</ul><div><h1>Talking with wardens</h1>{text}<h2>Ward meetings</h2>{text}</div></body>"
    )
    first, second, *_ = outline(read(tmp_path / "page.html"))
    assert (first, second[0]) == (("heading 1", "Talking with wardens"), "paragraph")


def test_a_short_page_in_which_no_main_text_is_found_is_read_whole(read_text) -> None:
    assert read_text("<ul><li>One</li><li>Two</li></ul>", "page.html") == [("item", "One"), ("item", "Two")]


@pytest.mark.parametrize(
    "encoded",
    [
        b'<meta charset="windows-1252"><p>The caf\xe9</p>',
        b'<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"><p>The caf\xe9</p>',
        '<meta charset="utf-8"><p>The café</p>'.encode(),
        '<?xml version="1.0" encoding="utf-8"?><html><body><p>The café</p></body></html>'.encode(),
        "<p>The café</p>".encode("utf-16"),
        b'<meta charset="no-such"><p>The caf\xc3\xa9</p>',
    ],
)
def test_the_pages_own_word_for_its_encoding_counts(read_text, encoded: bytes) -> None:
    assert read_text(encoded, "page.html") == [("paragraph", "The café")]


def test_tables_that_only_place_things_are_read_as_what_they_hold(read_text) -> None:
    page = "<table><tr><td><h2>Aims</h2><p>We meet.</p></td><td><ul><li>often</li></ul></td></tr></table>"
    assert read_text(page, "page.html") == [("heading 2", "Aims"), ("paragraph", "We meet."), ("item", "often")]


def test_terms_and_their_definitions_stay_together_as_lists_with_a_lead_in(read_text) -> None:
    page = "<dl><dt>Panel</dt><dd>Residents who advise</dd></dl>"
    assert read_text(page, "page.html") == [("paragraph", "Panel"), ("item", "Residents who advise")]


def test_what_stands_in_many_elements_is_read_to_the_end(read_text) -> None:
    paragraphs = [f"Paragraph {number} says how officers visit the street." for number in range(400)]
    unclosed = "".join(f"<font color='navy'><p>{text}" for text in paragraphs)
    assert [text for _, text in read_text(f"<html><body>{unclosed}", "plan.html")] == paragraphs


def test_a_page_with_more_elements_inside_one_another_than_can_be_read_is_refused(read_text) -> None:
    with pytest.raises(UnreadableDocument, match="more elements inside one another") as refusal:
        read_text("<html><body><p>We meet.</p>" + "<div>" * 5000 + "We listen.", "plan.html")
    assert refusal.value.reason == "damaged"
