"""Forces copy from guidance, republish plans and contradict each other; a lead asks for what counts, or counted."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.adding import add
from ingest.corpus import gather
from ingest.library import Library
from ingest.settings import IngestSettings
from service.answering import Answering
from service.records import Records
from service.vocabulary import Answer, Asker, Citation, Outcome, Question, Turn

Ask = Callable[..., Answer]

DEFINITION = (
    "Public engagement is a lasting exchange between officers and residents in which each learns from the other."
)
FIRST = "- people who were victims more than once\n- young people aged 11 to 25\n- people who farm alone"

DOCUMENTS = {
    "guidance": f"""---
id: guidance
title: Exchange with residents, a guide for forces
organisations: [{{slug: college-of-policing, role: author}}]
kind: guidance
published: 2017-03
---
# Exchange with residents

## What public engagement is

{DEFINITION} It has no end date.

## Feedback

Forces should tell residents what was done with what they said, within 28 days.

## Whom to reach first

The following groups should be reached first:

{FIRST}
""",
    "cheshire-old": f"""---
id: cheshire-old
title: Cheshire exchange strategy 2018-2021
organisations: [{{slug: cheshire, role: author}}]
kind: engagement-strategy
published: 2018-04
covers_from: 2018
covers_to: 2021
status: superseded
superseded_by: cheshire-new
---
# Cheshire exchange strategy 2018-2021

## Our definition

{DEFINITION}

## Open meetings

Each ward team holds an open meeting in the library every month. It is announced on the door.
""",
    "cheshire-new": f"""---
id: cheshire-new
title: Cheshire exchange strategy 2022-2025
organisations: [{{slug: cheshire, role: author}}, {{slug: opcc-cheshire, role: author}}]
kind: engagement-strategy
published: 2022-05
covers_from: 2022
covers_to: 2025
---
# Cheshire exchange strategy 2022-2025

## Our definition

{DEFINITION}

## Open meetings

Each ward team holds an open meeting in the library every quarter. It is announced by letter.

## Feedback

We tell residents what was done with what they said, within 28 days.
""",
    "durham": """---
id: durham-plan
title: Durham exchange plan
organisations: [{slug: durham, role: author}]
kind: activity-plan
published: 2019-09
---
# Durham exchange plan

## What we mean

As the College of Policing puts it, public engagement is a lasting exchange between officers and residents in which each
learns from the other.

## Open meetings

Ward teams hold no open meeting; they go to the meetings of parish councils.

## Feedback

We must tell residents what was done with what they said, within 28 days.
""",
    "merseyside": f"""---
id: merseyside-strategy
title: Merseyside exchange strategy
organisations: [{{slug: merseyside, role: author}}]
kind: engagement-strategy
published: 2023-02-14
---
# Merseyside exchange strategy

## Definition

{DEFINITION}

## Open meetings

Each ward team holds an open meeting in the market hall every spring.

## Whom to reach first

The following groups should be reached first:

{FIRST}
""",
    "profile": """---
id: profile-merseyside
title: "Profile: Merseyside Police (compiled from public sources)"
organisations: [{slug: merseyside, role: reported_on}]
kind: profile
published: 2026-11
---
# Profile: Merseyside Police

## Open meetings

Each ward team holds an open meeting in the market hall every spring (source: force website, seen November 2026).
""",
    "seminar": """---
id: seminar
title: Notes of the Lancaster seminar
kind: seminar-output
event_date: 2016-11-03
---
# Notes of the Lancaster seminar

Five police forces and one university took part. A further seminar was planned for spring.

## Trust

Participants felt that open meetings reach the same residents every time.
""",
    "page": """---
id: page
title: Getting involved
---
# Getting involved

## Cadets

Young people can join the cadets from the age of 13.
""",
    "digest": """---
id: digest
title: A digest of the mounted patrols day
kind: digest
event_date: 2015-06-05
---
# A digest of the mounted patrols day

## Mounted patrols

Mounted patrols are the patrols that most children remember.
""",
    "lancashire": """---
id: lancashire-plan
title: Lancashire activity plan
organisations: [{slug: lancashire, role: author}]
kind: activity-plan
published: 2024-06
---
# Lancashire activity plan

## Shows

In July officers visit the agricultural show. In winter teams visit warm rooms.
""",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("copies")
    source = folder / "source"
    source.mkdir()
    for name, text in DOCUMENTS.items():
        (source / f"{name}.md").write_text(text, encoding="utf-8")
    settings = IngestSettings(data_dir=folder / "data", _env_file=None)  # type: ignore[call-arg]
    with Library.open(settings) as opened:
        assert all(added.outcome == "added" for added in add(opened, gather([source]), lambda progress: None))
        yield opened


@pytest.fixture(scope="module")
def ask(library: Library) -> Ask:
    answering = Answering(library, Records(library.catalogue.engine).new_reference)

    def asked(text: str, *earlier: str) -> Answer:
        history = [Turn(role=role, content=words) for q in earlier for role, words in (("user", q), ("assistant", "."))]
        answer = answering.answer(Question(question=text, history=tuple(history)), Asker())
        for citation in answer.citations:
            version = library.catalogue.version_of(citation.source.document_id, citation.source.version)
            assert version.text[citation.location.char_start : citation.location.char_end] == citation.cited_text
        return answer

    return asked


def cited(answer: Answer, markers: tuple[int, ...]) -> list[Citation]:
    return [citation for marker in markers for citation in answer.citations if citation.marker == marker]


def documents(answer: Answer, markers: tuple[int, ...]) -> list[str]:
    return [citation.source.document_id for citation in cited(answer, markers)]


def lines(answer: Answer) -> dict[str | None, str]:
    return {point.heading: point.text for point in answer.points}


def names(organisations: object) -> list[str]:
    return [organisation.slug for organisation in organisations]  # type: ignore[attr-defined]


def test_a_definition_that_everybody_copied_is_told_once_from_its_origin(ask: Ask) -> None:
    answer = ask("What is public engagement?")
    [point] = [point for point in answer.points if DEFINITION in point.text]
    assert documents(answer, point.citations) == ["guidance"]
    copies = {*documents(answer, point.also_in), *documents(answer, point.partly_also_in)}
    assert copies == {"cheshire-old", "cheshire-new", "durham-plan", "merseyside-strategy"}
    assert sum("a lasting exchange" in point.text for point in answer.points) == 1


def test_a_list_that_was_copied_is_told_once(ask: Ask) -> None:
    answer = ask("Which groups should be reached first?")
    [point] = [point for point in answer.points if "people who farm alone" in point.text]
    assert documents(answer, point.citations) == ["guidance"]
    assert documents(answer, point.also_in) == ["merseyside-strategy"]


def test_must_and_should_stay_two_statements(ask: Ask) -> None:
    answer = ask("Within how many days are residents told what was done with what they said?")
    said = {text.split(" tell")[0]: point for point in answer.points for text in [point.text]}
    assert {"Forces should", "We must", "We"} <= said.keys()
    assert all(point.also_in == () for point in answer.points)


def test_in_a_comparison_each_force_keeps_its_own_line(ask: Ask) -> None:
    answer = ask("Which forces say that public engagement is a lasting exchange between officers and residents?")
    assert {"Cheshire Constabulary", "Merseyside Police"} <= lines(answer).keys()
    assert all(point.also_in == () or point.heading == "Cheshire Constabulary" for point in answer.points)


def test_what_has_been_superseded_comes_last_and_says_so(ask: Ask) -> None:
    answer = ask("How often does each ward team in Cheshire hold an open meeting?")
    assert [point.heading for point in answer.points] == [
        "Cheshire exchange strategy 2022-2025",
        "Cheshire exchange strategy 2018-2021 (superseded)",
    ]


def test_a_year_that_is_asked_about_brings_the_edition_of_that_time_first(ask: Ask) -> None:
    answer = ask("How often did each ward team in Cheshire hold an open meeting in 2019?")
    assert answer.outcome is Outcome.ANSWERED
    assert documents(answer, answer.points[0].citations) == ["cheshire-old"]
    answer = ask("And in 2023?", "How often did each ward team in Cheshire hold an open meeting in 2019?")
    assert documents(answer, answer.points[0].citations) == ["cheshire-new"]


def test_a_year_changes_nothing_where_the_text_alone_tells_it(ask: Ask) -> None:
    answer = ask("Who took part in the seminar in 2016?")
    assert answer.outcome is Outcome.ANSWERED
    assert "Five police forces" in answer.points[0].text


def test_that_nothing_found_can_be_of_that_time_is_said(ask: Ask) -> None:
    answer = ask("How many police forces have taken part in the seminar since 2020?")
    assert answer.outcome is Outcome.PARTLY_ANSWERED
    assert answer.message == "Nothing found is of 2020 or later; the newest source cited is of 3 November 2016."
    assert "Five police forces" in answer.points[0].text


def test_what_bears_no_date_is_neither_too_old_nor_left_out(ask: Ask) -> None:
    answer = ask("From which age can young people join the cadets since 2020?")
    assert answer.outcome is Outcome.ANSWERED
    assert documents(answer, answer.points[0].citations) == ["page"]


def test_the_newest_is_named_with_its_date(ask: Ask) -> None:
    answer = ask("Which of those is newest?", "How often does each ward team hold an open meeting?")
    assert (
        answer.message
        == "The newest source cited is 'Merseyside exchange strategy', Merseyside Police (14 February 2023)."
    )
    assert {"cheshire-new", "merseyside-strategy"} <= {c.source.document_id for c in answer.citations}


def test_what_we_compiled_is_dated_by_when_we_did_and_not_by_what_it_retells(ask: Ask) -> None:
    answer = ask("What is the latest on mounted patrols?")
    assert answer.message
    assert answer.message.endswith("'A digest of the mounted patrols day' (5 June 2015).")


def test_a_comparison_without_names_says_who_is_silent_and_how_many_are_not_held(ask: Ask) -> None:
    answer = ask("Which forces hold an open meeting in each ward?")
    assert [point.heading for point in answer.points] == list(dict.fromkeys(point.heading for point in answer.points))
    assert {"Cheshire Constabulary", "Merseyside Police"} <= lines(answer).keys()
    assert names(answer.coverage.silent) == ["lancashire"]
    assert "Nothing found from: Lancashire Constabulary." in answer.coverage.sentence
    assert re.search(r"No document held of \d+ other forces\.", answer.coverage.sentence)
    assert answer.outcome is Outcome.ANSWERED


def test_what_was_compiled_about_a_force_is_not_heard_beside_its_own_words(ask: Ask) -> None:
    answer = ask("Which forces hold an open meeting in each ward?")
    assert "Merseyside Police (compiled from public sources)" not in lines(answer)


def test_a_force_that_comes_close_to_the_others_is_not_called_silent(ask: Ask) -> None:
    answer = ask("Compare Cheshire, Durham and Essex on feedback")
    assert {"Cheshire Constabulary", "Durham Constabulary"} <= lines(answer).keys()
    assert (answer.coverage.silent, names(answer.coverage.not_held)) == ((), ["essex"])


def test_whoever_took_part_in_a_seminar_is_not_looked_for_among_the_forces(ask: Ask) -> None:
    answer = ask("Which forces were they?", "Which police forces took part in the seminar?")
    assert "Five police forces" in answer.points[0].text
    assert answer.coverage.silent == ()


def test_which_forces_are_silent_is_asked_of_the_comparison_before(ask: Ask) -> None:
    answer = ask("Which forces are silent on that?", "Which forces hold an open meeting in each ward?")
    assert names(answer.coverage.silent) == ["lancashire"]


def test_of_a_region_of_which_nothing_is_held_national_guidance_is_heard(ask: Ask) -> None:
    answer = ask("And in Wales?", "Which groups should be reached first?")
    assert {c.source.document_id for c in answer.citations} == {"guidance"}
    assert names(answer.coverage.not_held) == ["dyfed-powys", "gwent", "north-wales", "south-wales"]


def test_a_region_is_answered_from_its_own_forces_side_by_side(ask: Ask) -> None:
    answer = ask("Who holds an open meeting in each ward in the North West?")
    assert {"Cheshire Constabulary", "Merseyside Police"} <= lines(answer).keys()
    assert "durham-plan" not in {c.source.document_id for c in answer.citations}
    assert {"cumbria", "greater-manchester"} == set(names(answer.coverage.not_held))


def test_copies_do_not_crowd_out_what_else_is_said(tmp_path: Path, settings: IngestSettings) -> None:
    slugs = (
        "cheshire cleveland cumbria durham essex gwent humberside kent lancashire norfolk northumbria suffolk surrey"
    )
    said = {
        "guidance": ("college-of-policing", "2015", "Engagement gives residents a say in how their ward is policed.")
    }
    said |= {slug: (slug, "2018", f"In {slug} a van visits every village.") for slug in slugs.split()}
    for name, (slug, published, more) in said.items():
        card = f"---\nid: {name}\ntitle: Plan of {slug}\norganisations: [{{slug: {slug}, role: author}}]\n"
        text = (
            f"{card}published: {published}\n---\n# Plan\n\n## Public engagement\n\n{DEFINITION}\n\n## More\n\n{more}\n"
        )
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    with Library.open(settings) as library:
        list(add(library, gather([tmp_path / f"{name}.md" for name in said]), lambda progress: None))
        answering = Answering(library, Records(library.catalogue.engine).new_reference)
        answer = answering.answer(Question(question="What is public engagement?"), Asker())
        [point] = [point for point in answer.points if point.text == DEFINITION]
        assert documents(answer, point.citations) == ["guidance"]
        assert set(documents(answer, point.also_in)) == set(slugs.split())
        compared = answering.answer(Question(question=f"Which forces say: {DEFINITION[:-1]}?"), Asker())
        assert len(compared.points) == 6
        assert len(compared.coverage.unshown) == 7
        assert compared.coverage.silent == ()
