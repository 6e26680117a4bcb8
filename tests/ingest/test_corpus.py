"""Walking a corpus: which files are documents, which are cards, and what a card may say."""

import os
from pathlib import Path

import pytest

from ingest.corpus import Found, document_id, gather, make_card
from ingest.errors import InvalidCard
from ingest.reading import read
from ingest.register import Register
from ingest.vocabulary import Block, BlockKind, Card, Kind, Reading, Role, SourceOrganisation, Status
from tests.conftest import held_version


@pytest.fixture(scope="module")
def register() -> Register:
    return Register.load()


def touched(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("We meet every month.")


def names(*paths: Path) -> list[str]:
    return [found.path.name for found in gather(paths)]


def heading(text: str, level: int = 1) -> Block:
    return Block(BlockKind.HEADING, text, level=level)


def paragraph(text: str) -> Block:
    return Block(BlockKind.PARAGRAPH, text)


def carded(text: str | None, name: str = "plan.pdf") -> Found:
    return Found(Path(name), text)


def test_a_folder_is_walked_in_order_of_name_without_readmes_hidden_files_and_word_locks(tmp_path: Path) -> None:
    touched(
        tmp_path / "b.md",
        tmp_path / "a" / "z.txt",
        tmp_path / "README.md",
        tmp_path / "readme-first.txt",
        tmp_path / ".hidden.md",
        tmp_path / ".git" / "c.md",
        tmp_path / "~$b.docx",
    )
    assert names(tmp_path) == ["z.txt", "b.md"]


def test_a_file_of_unknown_format_comes_out_so_that_adding_can_say_that_it_was_not_read(tmp_path: Path) -> None:
    touched(tmp_path / "a.md", tmp_path / "b.odt")
    assert names(tmp_path) == ["a.md", "b.odt"]


def test_a_readme_that_is_named_is_a_document(tmp_path: Path) -> None:
    touched(tmp_path / "README.md")
    assert names(tmp_path / "README.md") == ["README.md"]


def test_a_file_named_twice_comes_out_once(tmp_path: Path) -> None:
    touched(tmp_path / "a.md")
    (tmp_path / "link.md").symlink_to(tmp_path / "a.md")
    assert names(tmp_path / "a.md", tmp_path) == ["a.md"]


def test_links_that_lead_in_a_circle_end(tmp_path: Path) -> None:
    touched(tmp_path / "a" / "a.md")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    found = list(gather([tmp_path]))
    assert [each.path.name for each in found] == ["a.md", "self"]
    assert found[1].refusal is not None


def test_what_is_not_there_is_refused_and_the_others_come_out(tmp_path: Path) -> None:
    touched(tmp_path / "b.md")
    missing, found = gather([tmp_path / "a.md", tmp_path / "b.md"])
    assert missing.refusal is not None
    assert missing.refusal.reason == "missing"
    assert str(missing.refusal) == f"{tmp_path / 'a.md'} is not there. Check the path and add it again."
    assert found.refusal is None


def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    (found,) = gather([tmp_path])
    assert found.refusal is not None
    assert found.refusal.reason == "unreadable"


def test_a_card_beside_a_document_is_its_card_and_no_document(tmp_path: Path) -> None:
    touched(tmp_path / "a.pdf")
    (tmp_path / "a.pdf.card.yaml").write_text("title: A plan")
    assert [(found.path.name, found.card_text) for found in gather([tmp_path])] == [("a.pdf", "title: A plan")]


def test_a_card_without_its_document_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    (tmp_path / "a.pdf.card.yaml").write_text("title: A plan")
    (found,) = gather([tmp_path])
    assert found.refusal is not None
    assert found.refusal.reason == "missing"
    assert "is the card of a file that is not beside it" in str(found.refusal)


def test_a_card_far_too_long_for_one_is_refused_unread(tmp_path: Path) -> None:
    touched(tmp_path / "a.pdf")
    (tmp_path / "a.pdf.card.yaml").write_text("title: A plan\n" * 10_000)
    (found,) = gather([tmp_path])
    assert found.refusal is not None
    assert found.refusal.reason == "invalid_card"


def test_without_a_card_nothing_is_claimed_that_the_file_does_not_say(register: Register) -> None:
    reading = Reading((heading("Meetings in spring"), paragraph("We meet.")))
    card = make_card(carded(None, "Beat Plan (final) é.PDF"), reading, register)
    assert card == Card(id="beat-plan-final-e", title="Meetings in spring")
    assert card.kind is Kind.OTHER
    assert card.organisations == ()


def test_without_a_card_the_file_tells_its_dates_edition_and_marking_itself(register: Register) -> None:
    told = ("Kent Police – Community Engagement", "Published 3 May 2024", "Owner: Chief Inspector")
    blocks = (heading("Ward engagement plan 2024-2026"), *map(paragraph, told), paragraph("We meet in wards. " * 20))
    marked = Reading(blocks, furniture=(paragraph("OFFICIAL"),))
    card = make_card(carded(None, "ward plan DRAFT.pdf"), marked, register)
    assert (card.kind, card.status) == (Kind.ACTIVITY_PLAN, Status.DRAFT)
    assert (card.published, card.covers_from, card.covers_to) == ("2024-05-03", "2024", "2026")
    assert card.marking == "OFFICIAL"
    assert card.organisations == (SourceOrganisation(slug="kent", role=Role.REPORTED_ON),)
    assert card.owner_post is None


def test_without_a_card_what_the_file_says_twice_over_is_left_out(register: Register) -> None:
    footer = (paragraph("Ward strategy 2021-2025"),)
    blocks = (heading("Ward strategy 2022-2025"), paragraph("We meet in wards."))
    card = make_card(carded(None, "ward.pdf"), Reading(blocks, furniture=footer), register)
    assert (card.covers_from, card.covers_to) == (None, "2025")


def test_without_a_card_no_document_is_taken_for_one_that_we_compiled(register: Register) -> None:
    reading = Reading((heading("Profile of the wards"), paragraph("We meet.")))
    assert make_card(carded(None, "wards.pdf"), reading, register).kind is Kind.OTHER


def test_without_a_card_a_document_is_about_whom_its_opening_names(register: Register) -> None:
    named = Reading((paragraph("Cheshire Constabulary"), heading("Scrutiny panel"), paragraph("Kent Police met us.")))
    titled = Reading((paragraph("Kent Police and Crime Commissioner: who came"), paragraph("We met.")))
    for reading, title, slug in (
        (named, "Scrutiny panel", "cheshire"),
        (titled, "Kent Police and Crime Commissioner: who came", "opcc-kent"),
    ):
        card = make_card(carded(None), reading, register)
        assert card.title == title
        assert card.organisations == (SourceOrganisation(slug=slug, role=Role.REPORTED_ON),)
    assert make_card(carded("kind: policy"), named, register).organisations == ()


@pytest.mark.parametrize(
    ("blocks", "property_title", "title"),
    [
        ((paragraph("x"), heading("From a heading")), "From the file", "From a heading"),
        ((heading("From a lower heading", level=2), paragraph("x")), "From the file", "From a lower heading"),
        ((paragraph("From the file"), paragraph("A line of text.")), "From the file", "From the file"),
        ((paragraph("A first line"),), None, "A first line"),
        ((paragraph("A first line"),), "Microsoft Word - plan_v2.doc", "A first line"),
        ((paragraph("A line so long that it is a paragraph " * 5),), "untitled", "plan_v2"),
    ],
)
def test_the_title_is_the_best_there_is(
    register: Register, blocks: tuple[Block, ...], property_title: str | None, title: str
) -> None:
    reading = Reading(blocks, title=property_title)
    assert make_card(carded(None, "plan_v2.pdf"), reading, register).title == title


def test_a_long_title_is_cut_between_words(register: Register) -> None:
    title = make_card(carded(None), Reading((heading("word " * 100),)), register).title
    assert len(title) <= 300
    assert title.endswith("word…")


def test_names_without_a_latin_letter_still_make_an_id(register: Register) -> None:
    first, second = (document_id(carded(None, name), Reading(())) for name in ("計画.pdf", "報告.pdf"))
    assert first.startswith("document-")
    assert first != second


def test_front_matter_is_the_card_with_every_value_as_written(tmp_path: Path, register: Register) -> None:
    path = tmp_path / "plan.md"
    path.write_text(
        "---\nid: n8-plan\ntitle: A plan\norganisations:\n- {slug: n8prp, role: author}\nkind: engagement-strategy\n"
        "published: 2024-05-01\ncovers_from: 2024\nedition: 1.10\nreview_date:\nmarking: OFFICIAL\n---\nWe meet.\n"
    )
    (found,) = gather([path])
    reading = read(path)
    assert document_id(found, reading) == "n8-plan"
    assert make_card(found, reading, register) == Card(
        id="n8-plan",
        title="A plan",
        organisations=(SourceOrganisation(slug="n8prp", role=Role.AUTHOR),),
        kind=Kind.ENGAGEMENT_STRATEGY,
        published="2024-05-01",
        covers_from="2024",
        edition="1.10",
        marking="OFFICIAL",
    )


def test_a_card_beside_the_file_outweighs_its_front_matter(register: Register) -> None:
    reading = Reading((), card={"title": "Inside", "published": "2024"})
    card = make_card(carded("title: Beside"), reading, register)
    assert (card.title, card.published) == ("Beside", "2024")


def test_adding_again_without_a_card_or_with_an_id_alone_keeps_the_previous_one(register: Register) -> None:
    previous = held_version(Card(id="plan", title="A plan", published="2024"), paragraph("We meet."))
    reading = Reading((heading("Another title"),))
    assert make_card(carded(None), reading, register, previous) == previous.card
    assert make_card(carded("id: plan"), reading, register, previous) == previous.card
    assert make_card(carded("kind: policy"), reading, register, previous).published is None


def test_what_the_file_said_itself_and_says_otherwise_now_is_taken_over_and_what_a_person_wrote_stays(
    register: Register,
) -> None:
    def edition(years: str, date: str) -> tuple[Block, ...]:
        lines = ("Kent Police", f"Published {date}", "Review date: March 2031", "We meet in wards. " * 20)
        return (heading(f"Ward plan {years}"), *map(paragraph, lines))

    first = edition("2024-2026", "3 May 2024")
    card = make_card(carded(None), Reading(first), register).model_copy(update={"review_date": "2025-01"})
    later = make_card(carded(None), Reading(edition("2026-2028", "4 June 2026")), register, held_version(card, *first))
    assert (later.title, later.published) == ("Ward plan 2026-2028", "2026-06-04")
    assert (later.covers_from, later.covers_to) == ("2026", "2028")
    assert later.review_date == "2025-01"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("publishd: 2016", "Field 'publishd' is unknown (the nearest known is 'published')."),
        ("published: 2016-13", "Field 'published' is '2016-13'; '2016-13' is not in the calendar."),
        ("published: 2023-02-29", "Field 'published' is '2023-02-29'; '2023-02-29' is not in the calendar."),
        (
            "published: May 2016",
            "Field 'published' is 'May 2016'; 'May 2016' is not a date; write 2016, 2016-01 or 2016-01-07.",
        ),
        (
            "organisations: [{slug: n8prpp, role: author}]",
            "Field 'organisations': 'n8prpp' is not in the register (the nearest known is 'n8prp').",
        ),
        (
            "organisations: [{slug: n8prp, role: writer}]",
            "Field 'role' is 'writer'; it must be one of author, reported_on.",
        ),
        ("organisations: [{slug: n8prp}]", "Field 'role' of an organisation is missing."),
        (
            "organisations: [{slug: n8prp, role: author, rolle: x}]",
            "Field 'rolle' is unknown (the nearest known is 'role').",
        ),
        (
            "organisations: n8prp",
            "Field 'organisations' is 'n8prp'; write a list such as [{slug: n8prp, role: author}].",
        ),
        ("audience: all", "Field 'audience' is 'all'; write a list such as [everyone]."),
        ("status: curent", "Field 'status' is 'curent' (the nearest known is 'current'); it must be one of draft, "),
        (
            "id: My Plan",
            "Field 'id' is 'My Plan'; write lower-case letters, digits and single hyphens, such as 'my-plan'.",
        ),
        ("title: [", "It is not valid YAML"),
        ("title: " + "[" * 5_000, "It is not valid YAML"),
        ("- title", "It is not a list of fields; write one a line, such as 'title: Engagement strategy'."),
    ],
)
def test_a_faulty_card_names_the_field_the_value_and_what_to_write(
    register: Register, text: str, complaint: str
) -> None:
    with pytest.raises(InvalidCard) as caught:
        make_card(carded(text), Reading((paragraph("We meet."),)), register)
    sentence = str(caught.value)
    assert sentence.startswith(f"The card of plan.pdf cannot be used. {complaint}")
    assert sentence.endswith("Correct the card and add the document again.")


def test_several_faults_are_told_at_once(register: Register) -> None:
    with pytest.raises(InvalidCard, match=r"'kind' is 'plan'.*'covers_to' is 'soon'"):
        make_card(carded("kind: plan\ncovers_to: soon"), Reading(()), register)


def test_a_tag_in_the_yaml_makes_no_object_and_calls_nothing(register: Register) -> None:
    card = make_card(carded("audience: !!python/object/apply:os.system ['true']"), Reading(()), register)
    assert card.audience == ("true",)
