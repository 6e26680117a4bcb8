"""An answer goes into a briefing: laid out once, in HTML for Word and Outlook and in plain text."""

import hashlib
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

from ingest.vocabulary import Kind, Role, Status
from service.briefing import as_html, as_text
from service.vocabulary import (
    Answer,
    Citation,
    CitationSource,
    CitedOrganisation,
    Coverage,
    DocumentReference,
    Location,
    Method,
    NamedOrganisation,
    Outcome,
    Point,
)

BASE = "https://engage.example"
QUOTE = "Priority should be given to reaching people who are seldom heard."


def source(**changes: object) -> CitationSource:
    values: dict[str, object] = {
        "document_id": "harbour-seminar",
        "version": 1,
        "title": "Harbour seminar - Update 1",
        "organisations": (CitedOrganisation(slug="n8", name="N8 Policing Research Partnership", role=Role.AUTHOR),),
        "role": Role.AUTHOR,
        "kind": Kind.SEMINAR_OUTPUT,
        "published": None,
        "event_date": "2016-01-07",
        "marking": None,
        "status": Status.CURRENT,
        "url": None,
    }
    return CitationSource.model_validate(values | changes)


def citation(
    marker: int = 1, quote: str = QUOTE, heading: str = "Who do we engage with?", **changes: object
) -> Citation:
    cited = source(**changes)
    return Citation(
        marker=marker,
        cited_text=quote,
        digest=hashlib.sha256(quote.encode()).hexdigest(),
        source=cited,
        location=Location(
            heading_path=("Engagement", heading), paragraph=1, page_start=None, page_end=None, char_start=5, char_end=9
        ),
        link=f"/d/{cited.document_id}?version=1&start=5&end=9#cited",
        verified=True,
    )


def answer(*citations: Citation, points: tuple[Point, ...] | None = None, **changes: object) -> Answer:
    values: dict[str, object] = {
        "reference": "7F3A-21",
        "asked_at": datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
        "question": "Which groups should be prioritised for engagement?",
        "outcome": Outcome.ANSWERED,
        "points": points or tuple(Point(text=c.cited_text, citations=(c.marker,)) for c in citations),
        "citations": citations,
        "coverage": Coverage(
            documents_searched=1,
            organisations_searched=1,
            newest="2016-01-07",
            silent=(NamedOrganisation(slug="merseyside", name="Merseyside Police"),),
            sentence="Searched: 1 document, 1 organisation, newest source 2016. Nothing found from: Merseyside Police.",
        ),
        "method": Method(composer="extractive", embedder="minilm", index_version="1"),
    }
    return Answer.model_validate(values | changes)


def test_the_plain_text_is_laid_out_as_a_police_paper_wants_it() -> None:
    assert as_text(answer(citation()), BASE) == (
        "Which groups should be prioritised for engagement?\n"
        "\n"
        '"Priority should be given to reaching people who are seldom heard." [1]\n'
        "\n"
        "Sources\n"
        "[1] N8 Policing Research Partnership, Harbour seminar - Update 1, reporting the seminar of 7 January 2016 "
        "(publication date not stated), section 'Who do we engage with?', paragraph 1. "
        "View of participants as a whole; no force is named.\n"
        "https://engage.example/d/harbour-seminar?version=1&start=5&end=9#cited. Marking: none on source.\n"
        "\n"
        "Basis: verbatim extracts, no generated text. Searched: 1 document, 1 organisation, newest source 2016. "
        "Nothing found from: Merseyside Police.\n"
        "Prepared 22 November 2026, ref 7F3A-21. Check the source before reuse.\n"
    )


class _Reader(HTMLParser):
    """What a word processor would make of a fragment: its tags, attributes and text."""

    def __init__(self, fragment: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(fragment)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.text += {"br": "\n", "p": "\n\n"}.get(tag, "")

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_html_says_the_same_with_nothing_that_pasting_loses() -> None:
    made = answer(citation(), citation(2, "Meetings are held monthly.", kind=Kind.POLICY, published="2023-04"))
    read = _Reader(as_html(made, BASE))

    assert set(read.tags) <= {"p", "b", "i", "br", "a"}
    assert read.attributes <= {"style", "href"}
    assert read.text.strip() == as_text(made, BASE).strip()
    assert all(link.startswith(BASE) for link in read.links)


def test_markup_in_a_question_or_a_quotation_stays_text() -> None:
    hostile = '<img src=x onerror="alert(1)"> & <b>bold</b>'
    made = answer(citation(quote=hostile, title=hostile), question=hostile)
    read = _Reader(as_html(made, BASE))

    assert "img" not in read.tags
    assert read.text.count(hostile) == 3


def test_a_list_keeps_its_lead_in_and_a_line_for_each_item() -> None:
    text = "Reasons included:\n• To listen\n• To build trust"
    made = answer(citation(), points=(Point(text=text, citations=(1,)),))

    assert '"Reasons included:\n• To listen\n• To build trust" [1]' in as_text(made, BASE)
    assert "Reasons included:<br>• To listen<br>• To build trust&quot; <a" in as_html(made, BASE)


def test_points_stand_under_their_heading_once() -> None:
    points = tuple(
        Point(text=text, citations=(1,), heading=heading)
        for text, heading in (
            ("One.", "Cheshire Constabulary"),
            ("Two.", "Cheshire Constabulary"),
            ("Three.", "Durham"),
        )
    )
    text = as_text(answer(citation(), points=points), BASE)

    assert text.count("Cheshire Constabulary") == 1
    assert (
        text.index("Cheshire") < text.index("One.") < text.index("Two.") < text.index("Durham") < text.index("Three.")
    )


def test_the_highest_marking_is_stamped_on_top_and_every_marking_is_told() -> None:
    made = answer(
        citation(1, marking="OFFICIAL"), citation(2, "Held back.", marking="OFFICIAL-SENSITIVE"), citation(3, "Open.")
    )
    text = as_text(made, BASE)

    assert text.startswith("OFFICIAL-SENSITIVE\n\nWhich groups")
    assert "Marking: OFFICIAL-SENSITIVE; OFFICIAL; none on source." in text
    assert re.match(r'<p style="[^"]*"><b>OFFICIAL-SENSITIVE</b></p>', as_html(made, BASE))


def test_without_any_marking_nothing_is_stamped() -> None:
    assert as_text(answer(citation()), BASE).startswith("Which groups")


def test_a_profile_is_not_taken_for_the_forces_own_words() -> None:
    about = (CitedOrganisation(slug="cheshire", name="Cheshire Constabulary", role=Role.REPORTED_ON),)
    made = answer(citation(kind=Kind.PROFILE, organisations=about, role=Role.REPORTED_ON, published="2026-11"))
    text = as_text(made, BASE)

    assert "[1] About Cheshire Constabulary, Harbour seminar" in text
    assert "Compiled from public sources; not the force's own words." in text
    assert "View of participants" not in text


def test_a_seminar_with_a_named_force_is_not_said_to_name_none() -> None:
    named = (CitedOrganisation(slug="durham", name="Durham Constabulary", role=Role.AUTHOR),)

    assert "no force is named" not in as_text(answer(citation(organisations=named)), BASE)


def test_a_digest_says_that_it_retells() -> None:
    text = as_text(answer(citation(kind=Kind.DIGEST)), BASE)

    assert "digest reporting the event of 7 January 2016 (publication date not stated)" in text
    assert "Retold in our own words. View of participants as a whole; no force is named." in text


def test_what_a_card_does_not_know_is_said_to_be_not_stated() -> None:
    bare = citation(organisations=(), role=None, kind=Kind.OTHER, event_date=None, published=None)

    assert "organisation and publication date not stated, section" in as_text(answer(bare), BASE)


def test_a_draft_and_an_overdue_review_are_told_in_the_source() -> None:
    text = as_text(answer(citation(kind=Kind.POLICY, status=Status.DRAFT, review_date="2025-01")), BASE)

    assert "(publication date not stated), draft, review was due January 2025, section" in text


def test_a_review_date_to_come_is_not_overdue() -> None:
    made = answer(citation(kind=Kind.POLICY, event_date=None, published="2024", review_date="2026-11"))

    assert "policy, published 2024, section" in as_text(made, BASE)


def test_what_was_not_answered_says_so_and_names_the_nearest_documents() -> None:
    made = answer(
        outcome=Outcome.NOTHING_RELEVANT,
        message="The documents held do not answer this.",
        points=(),
        coverage=Coverage(
            documents_searched=2,
            organisations_searched=1,
            nearest=(DocumentReference(document_id="harbour-seminar", title="Harbour seminar", date="2016-01"),),
            sentence="Searched: 2 documents, 1 organisation.",
        ),
    )
    text = as_text(made, BASE)

    assert "The documents held do not answer this.\n\nNearest documents held:\nHarbour seminar (January 2016), " in text
    assert "https://engage.example/d/harbour-seminar\n" in text
    assert "Sources" not in text
    assert "Basis: no statement is made. Searched: 2 documents, 1 organisation." in text


def test_a_models_words_are_not_put_in_quotation_marks_but_its_evidence_is() -> None:
    made = answer(
        citation(),
        points=(Point(text="Seldom heard people come first.", citations=(1,)),),
        method=Method(
            composer="generative", model="example-1", embedder="minilm", index_version="1", citations_dropped=2
        ),
    )
    text = as_text(made, BASE)

    assert "\n\nSeldom heard people come first. [1]\n\n" in text
    assert f'"{QUOTE}"' in text
    assert "Basis: written by example-1 from the sources cited, each quotation checked." in text
    assert "Left out because the source could not be confirmed: 2 statements." in text


def test_the_markers_are_those_of_the_sources() -> None:
    made = answer(citation(1), citation(2, "Meetings are held monthly."))
    text = as_text(made, BASE)
    points, sources = text.split("Sources\n")

    assert re.findall(r"\[\d+\]", points) == ["[1]", "[2]"]
    assert re.findall(r"\[\d+\]", sources) == ["[1]", "[2]"]


def test_where_else_the_words_stand_is_told_behind_the_point() -> None:
    force = (CitedOrganisation(slug="durham", name="Durham Constabulary", role=Role.AUTHOR),)
    citations = (
        citation(),
        citation(2, document_id="durham-plan", title="Durham plan", organisations=force, role=Role.AUTHOR),
        citation(3, document_id="notes", title="Ward notes", organisations=(), role=None),
        citation(4, document_id="digest", title="A digest", organisations=(), role=None),
    )
    points = (Point(text=QUOTE, citations=(1,), also_in=(2, 3), partly_also_in=(4,)),)
    made = answer(*citations, points=points)

    assert (
        f'"{QUOTE}" [1] Also in Durham plan, Durham Constabulary [2]; Ward notes [3]. In part also in A digest [4].\n'
    ) in as_text(made, BASE)
    assert "<i>Durham plan</i>, Durham Constabulary <a href=" in as_html(made, BASE)


def test_a_comparison_says_where_a_body_has_its_words_from() -> None:
    points = (Point(text=QUOTE, citations=(1,), heading="Durham Constabulary", taken_from=(2,)),)
    made = answer(citation(), citation(2, document_id="guidance", title="Guidance", organisations=()), points=points)

    assert '" [1] Taken from Guidance [2].' in as_text(made, BASE)
