"""A new text beside what is held: another conversion of it, an edition of it, and what changed, heading by heading."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.adding import add
from ingest.corpus import gather
from ingest.editions import edition_of, near_duplicates, newer_edition
from ingest.editions.succession import newer
from ingest.editions.titles import alike
from ingest.library import Library
from ingest.reading import html, markdown, text
from ingest.tidying import tidy
from ingest.vocabulary import CanonicalText, Card

PLAN = """# Harbour engagement plan {years}

## Street surgeries

Officers hold a street surgery by the ferry landing on the {day} Monday of each month. Nobody needs to book a place
there, and whoever prefers to speak alone is taken to the harbour office, where an interpreter waits as well.

- children and those who bring them to the sailing school
- people who work at night in the fish hall and on the ferries

## Online meetings

An online meeting follows each surgery within a week, so that shift workers and carers can take part in it from home.
The questions are sent in before, and the answers are read out and kept for three months on the page of the harbour.
{more}"""
FEEDBACK = """
## Feedback

What was said and what was done about it is printed in the harbour newsletter, which every home on the quay is sent.
"""
Hold = Callable[..., None]


def plan(years: str = "2021–2023", day: str = "first", more: str = FEEDBACK) -> str:
    return PLAN.format(years=years, day=day, more=more)


def canonical(written: str) -> CanonicalText:
    return tidy(markdown.read(written.encode(), "plan.md"))


def card(**fields: object) -> Card:
    own = {"id": "new", "title": "Harbour engagement plan 2024–2026", "kind": "activity-plan"}
    author = [{"slug": "durham", "role": "author"}]
    return Card.model_validate({**own, "organisations": author, "covers_from": "2024", **fields})


@pytest.fixture
def hold(library: Library, tmp_path: Path) -> Hold:
    def run(written: str, **fields: str) -> None:
        given = {"id": "plan", "title": "Harbour engagement plan 2021–2023", "kind": "activity-plan", **fields}
        given = {"organisations": "[{slug: durham, role: author}]", "covers_from": "2021", **given}
        front = "\n".join(f"{field}: {value}" for field, value in given.items())
        path = tmp_path / f"{given['id']}.md"
        path.write_text(f"---\n{front}\n---\n{written}", encoding="utf-8")
        [added] = add(library, gather([path]))
        assert added.document == given["id"], added.message

    return run


def test_another_conversion_of_a_text_is_named_with_how_near_it_is(library: Library, hold: Hold) -> None:
    hold(plan())
    hold(
        "# Moorland\n\nOfficers visit the livestock market, since more farmers go there than read any page.", id="moor"
    )
    page = plan().replace("# ", "<h2>").replace("\n\n", "</p><p>").replace("- ", "<li>")
    page = f"<main><h1>Harbour</h1><p>{page.replace('–', '-')}</p></main>"
    conversions = [
        tidy(html.read(page.encode(), "plan.html")),
        tidy(text.read(plan().replace("#", "").encode(), "plan.txt")),
    ]
    for conversion in conversions:
        [duplicate] = near_duplicates(library.catalogue, conversion)
        assert (duplicate.document, duplicate.version, duplicate.title) == (
            "plan",
            1,
            "Harbour engagement plan 2021–2023",
        )
        assert duplicate.common > 0.9
        assert near_duplicates(library.catalogue, conversion, leaving_out="plan") == []


def test_an_edition_with_few_changes_is_near_and_another_document_is_not(library: Library, hold: Hold) -> None:
    hold(plan())
    [near] = near_duplicates(library.catalogue, canonical(plan("2024–2026", "second")))
    assert 0.7 < near.common < 0.95
    other = "# Moorland\n\n" + "Officers visit the livestock market on Fridays and speak with farmers there. " * 20
    assert near_duplicates(library.catalogue, canonical(other)) == []
    assert near_duplicates(library.catalogue, canonical("Four words, no more.")) == []


def test_what_is_withdrawn_is_no_duplicate(library: Library, hold: Hold) -> None:
    hold(plan())
    library.withdraw("plan")
    assert near_duplicates(library.catalogue, canonical(plan())) == []


def test_texts_that_an_earlier_release_wrote_are_known_again(library: Library, hold: Hold) -> None:
    hold(plan())
    with library.catalogue.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE versions SET sketch = NULL")
    assert near_duplicates(library.catalogue, canonical(plan())) == []
    library.catalogue.sketch_texts()
    assert [one.document for one in near_duplicates(library.catalogue, canonical(plan()))] == ["plan"]


def test_a_newer_edition_is_found_by_its_title_and_its_dates(library: Library, hold: Hold) -> None:
    hold(plan())
    found = edition_of(card(), canonical("# A wholly new text\n\nOf other words."), library.catalogue)
    assert found is not None
    assert (found.document, found.newer, found.title) == ("plan", "this", "Harbour engagement plan 2021–2023")
    assert found.reason == "It is by the same organisation, and its title is the same but for years and version."

    older = edition_of(
        card(title="Harbour engagement plan 2018–20", covers_from="2018"), canonical("Words."), library.catalogue
    )
    assert older is not None
    assert older.newer == "held"


def test_an_edition_under_another_title_is_found_by_its_words(library: Library, hold: Hold) -> None:
    hold(plan())
    found = edition_of(card(title="Talking on the quay"), canonical(plan("2024", "second", "")), library.catalogue)
    assert found is not None
    assert (found.document, found.newer) == ("plan", "this")
    assert found.reason.endswith("% of the shorter text stands in the other, of the same organisation.")


@pytest.mark.parametrize(
    "fields",
    [
        {"organisations": [{"slug": "kent", "role": "author"}]},
        {"title": "Moorland engagement plan"},
        {"kind": "policy", "title": "Volunteers policy"},
        {"title": "Harbour engagement plan 2021–2023", "covers_from": "2021"},
    ],
)
def test_another_body_another_subject_and_another_conversion_are_no_edition(
    library: Library, hold: Hold, fields: dict[str, object]
) -> None:
    hold(plan())
    own = plan() if "covers_from" in fields else "# Other\n\nWords that stand nowhere else in what is held."
    assert edition_of(card(**fields), canonical(own), library.catalogue) is None


def test_the_notes_of_two_seminars_are_two_documents(library: Library, hold: Hold) -> None:
    hold(plan(), title="Notes of the seminar 2021", kind="seminar-output", event_date="2021-05-03")
    other = card(title="Notes of the seminar 2022", kind="seminar-output", event_date="2022-05-03")
    assert edition_of(other, canonical(plan()), library.catalogue) is None


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ({"published": "2024-05"}, {"published": "2023"}, "this"),
        ({"published": "2023"}, {"published": "2023-05"}, "unknown"),
        ({"published": "2024", "covers_from": "2019"}, {"published": "2023", "covers_from": "2020"}, "unknown"),
        ({"edition": "Version 2.10"}, {"edition": "V2.9"}, "this"),
        ({"edition": "Draft"}, {"edition": "V2"}, "unknown"),
        ({}, {"published": "2023"}, "unknown"),
    ],
)
def test_which_is_newer_is_told_by_the_cards_alone(mine: dict[str, str], theirs: dict[str, str], expected: str) -> None:
    bare = {"id": "plan", "title": "A plan"}
    assert newer(Card.model_validate({**bare, **mine}), Card.model_validate({**bare, **theirs})) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Community Engagement Strategy 2016–2018", "Community engagement strategy, April 2019 to March 2022", True),
        ("Draft engagement plan v0.3", "Engagement plan 2024/25", True),
        ("Engagement plan (final)", "3. Engagement plan", True),
        ("Public Engagement Strand - Update 1", "Public Engagement Strand - Update 2", False),
        ("Engagement plan", "Volunteers policy", False),
        ("2016", "2017", False),
    ],
)
def test_titles_are_alike_but_for_years_and_versions(one: str, other: str, expected: bool) -> None:
    assert alike(one, other) is expected


@pytest.mark.parametrize(
    ("fields", "is_one"),
    [
        ({"title": "Ward plan 2026"}, True),
        ({"title": "Ward plan 2022"}, False),
        ({"title": "Harbour plan 2026"}, False),
        ({"organisations": [{"slug": "essex", "role": "author"}]}, False),
        ({"kind": "policy"}, False),
        ({"event_date": "2026-03-02"}, False),
    ],
)
def test_a_later_edition_is_of_the_same_body_and_title_and_of_no_other_event(
    fields: dict[str, object], is_one: bool
) -> None:
    def about(**fields: object) -> Card:
        kent = [{"slug": "kent", "role": "reported_on"}]
        year = str(fields.get("title", "2026"))[-4:]
        plan = {"id": "old", "title": "Ward plan 2024", "kind": "activity-plan", "organisations": kent}
        return Card.model_validate({**plan, "covers_from": year, **fields})

    old = about(title="Ward plan 2024", event_date="2024-01-07")
    other = about(id="new", **fields)
    assert (newer_edition(old, [old, other]) is other) is is_one
