"""OpenDocument presentations: slide by slide, as they are read, nothing that nobody sees."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.errors import UnreadableDocument
from ingest.reading import read
from ingest.vocabulary import Reading
from tests.ingest.reading.archiving import opendocument

FRAME = "<draw:frame%s><draw:text-box><text:p>%s</text:p></draw:text-box></draw:frame>"
TITLE = ' presentation:class="title"'


@pytest.fixture
def reading(tmp_path: Path) -> Callable[..., Reading]:
    def of(*slides: str, styles: str = "") -> Reading:
        body = "".join(f"<draw:page>{slide}</draw:page>" for slide in slides)
        (tmp_path / "plan.odp").write_bytes(opendocument(body, "presentation", styles))
        return read(tmp_path / "plan.odp")

    return of


def test_the_sample_comes_out_slide_by_slide_with_its_notes(sample, outline) -> None:
    document = sample("engagement-plan.odp")
    lines = outline(document)
    assert lines[:4] == [
        ("heading 1", "Northshire community engagement plan"),
        ("paragraph", "For the residents' panel"),
        ("heading 2", "Why we engage"),
        ("paragraph", "Our reasons are:"),
    ]
    assert [kind for kind, _ in lines[4:8]] == ["item"] * 4
    assert lines[8:] == [
        ("heading 3", "Speaker notes"),
        ("paragraph", "Ask the panel which reason matters most."),
        ("heading 2", "Where we meet"),
        ("header row", "Area | Where | How often"),
        ("row", "Harbour | Sailing club, with a room for those who would rather speak alone | monthly"),
        ("row", "Moorside | Village hall | every second month"),
        ("heading 2", "Who else is asked"),
        ("paragraph", "Young people"),
        ("paragraph", lines[16][1]),
        ("paragraph", "Officers' time"),
        ("paragraph", lines[18][1]),
    ]
    assert lines[16][1].startswith("Young people told the survey")
    assert lines[18][1].startswith("Every neighbourhood officer")
    assert document.title == "Northshire plan"
    assert document.pages == 5
    assert [block.page for block in document.blocks] == [1] * 2 + [2] * 8 + [3] * 4 + [5] * 5
    assert document.left_out == (
        "Slide 4 is hidden when the slides are shown; left out.",
        "Headers and footers were left out: OFFICIAL.",
        "7 words were left out that no reader sees: hidden, off the page, in the colour of what is behind them or "
        "tiny.",
    )


def test_a_slide_without_a_title_does_not_belong_to_the_one_before(reading, outline) -> None:
    document = reading(FRAME % (TITLE, "Aims") + FRAME % ("", "We meet."), FRAME % ("", "We visit schools."))
    assert outline(document) == [
        ("heading 2", "Aims"),
        ("paragraph", "We meet."),
        ("heading 2", ""),
        ("paragraph", "We visit schools."),
    ]


def test_text_in_the_colour_of_its_own_shape_is_left_out(reading) -> None:
    styles = (
        '<style:style style:name="S" style:family="graphic"><style:graphic-properties draw:fill="solid" '
        'draw:fill-color="#ffffff"/></style:style>'
        '<style:style style:name="T" style:family="text"><style:text-properties fo:color="#ffffff"/></style:style>'
    )
    white = '<text:span text:style-name="T">white</text:span>'
    document = reading(
        FRAME % (' draw:style-name="S"', f"Seen {white}") + FRAME % ("", f"Perhaps {white}"), styles=styles
    )
    assert [block.text for block in document.blocks] == ["", "Seen", "Perhaps white"]


def test_comments_and_charts_are_left_out_and_said_to_be(reading) -> None:
    comment = "<office:annotation><text:p>Still right?</text:p></office:annotation>"
    document = reading(FRAME % (TITLE, "Aims") + comment + "<draw:frame><draw:object/><draw:image/></draw:frame>")
    assert [block.text for block in document.blocks] == ["Aims"]
    assert document.left_out == ("1 comment was left out.", "1 embedded object was left out.")


def test_a_presentation_of_pictures_alone_is_refused(reading) -> None:
    with pytest.raises(UnreadableDocument, match=r"plan\.odp has 2 slides without any text, only pictures") as caught:
        reading(*["<draw:frame><draw:image/></draw:frame>"] * 2)
    assert caught.value.reason == "no_text"


def test_a_text_under_the_name_of_a_presentation_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "plan.odp").write_bytes(opendocument("<text:p>We meet.</text:p>"))
    with pytest.raises(UnreadableDocument, match="is no OpenDocument presentation"):
        read(tmp_path / "plan.odp")
