"""What a presentation says is cited by its slide, wherever a reader meets the citation."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from ingest.adding import add
from ingest.corpus import gather
from ingest.library import Library
from service.app import create_app
from service.briefing import as_text
from service.settings import Settings
from service.vocabulary import Answer

SAMPLES = Path(__file__).parents[1] / "samples"
ADDRESS = "http://127.0.0.1:8000"
NOTE = "Ask the panel which reason matters most."


@pytest.fixture(scope="module", params=["pptx", "odp"])
def client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A service that holds the sample in one of its formats."""
    settings = Settings.model_validate({"data_dir": tmp_path_factory.mktemp("slides") / "data"})
    library = Library.open(settings)
    (added,) = add(library, gather([SAMPLES / f"engagement-plan.{request.param}"]), lambda progress: None)
    assert added.outcome == "added", added
    with TestClient(create_app(settings, library), base_url=ADDRESS) as client:
        yield client


@pytest.fixture(scope="module")
def answer(client: TestClient) -> Answer:
    replied = client.post("/api/v1/questions", json={"question": "Which question should the panel be asked?"})
    return Answer.model_validate(replied.json())


def test_a_speaker_s_note_is_cited_by_its_slide_and_said_to_be_a_note(answer: Answer) -> None:
    citation = next(citation for citation in answer.citations if NOTE in citation.cited_text)
    location = citation.location
    assert (location.page_start, location.page_end, location.page_unit) == (2, 2, "slide")
    assert location.heading_path == ("Northshire community engagement plan", "Why we engage", "Speaker notes")
    assert "section 'Speaker notes', paragraph 1, slide 2" in as_text(answer, ADDRESS)


def test_the_text_around_a_citation_counts_slides_too(client: TestClient, answer: Answer) -> None:
    location = next(citation.location for citation in answer.citations if NOTE in citation.cited_text)
    span = {"start": location.char_start, "end": location.char_end}
    shown = client.get("/api/v1/documents/engagement-plan/text", params=span).json()
    assert (shown["page"], shown["page_unit"]) == (2, "slide")


def test_the_document_s_page_counts_slides_and_marks_where_each_begins(client: TestClient) -> None:
    shown = client.get("/d/engagement-plan").text
    assert "<dt>Slides</dt><dd>5</dd>" in shown
    assert [f">Slide {number}<" in shown for number in range(1, 7)] == [True, True, True, False, True, False]
    assert ">Page " not in shown
    assert "Slide 4 is hidden when the slides are shown; left out." in shown
