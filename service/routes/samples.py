"""Examples for /openapi.json: what a question and its answer look like."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from fastapi.openapi.models import Example

from ingest.vocabulary import Kind, Role, Status
from service.vocabulary import (
    Answer,
    Citation,
    CitationSource,
    CitedOrganisation,
    Coverage,
    Location,
    Method,
    NamedOrganisation,
    Outcome,
    Point,
)

QUESTIONS: dict[str, Example] = {
    "a question": {"value": {"question": "Which groups should be prioritised for engagement?"}},
    "a follow-up, about one force": {
        "value": {
            "question": "And young people?",
            "history": [
                {"role": "user", "content": "Which groups should be prioritised for engagement?"},
                {"role": "assistant", "content": "Older residents and recent arrivals were named first."},
            ],
            "organisations": ["merseyside"],
            "kinds": ["engagement-strategy", "profile"],
            "date_from": "2016",
        }
    },
}

_QUOTE = "Older residents and recent arrivals were named first."
_ANSWER = Answer(
    reference="7F3A-21",
    asked_at=datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    question="Which groups should be prioritised for engagement?",
    outcome=Outcome.PARTLY_ANSWERED,
    points=(Point(text=_QUOTE, citations=(1,), heading="Notes of an engagement seminar"),),
    citations=(
        Citation(
            marker=1,
            cited_text=_QUOTE,
            digest=hashlib.sha256(_QUOTE.encode()).hexdigest(),
            source=CitationSource(
                document_id="engagement-seminar",
                version=2,
                title="Notes of an engagement seminar",
                organisations=(
                    CitedOrganisation(slug="n8-prp", name="N8 Policing Research Partnership", role=Role.AUTHOR),
                ),
                role=Role.AUTHOR,
                kind=Kind.SEMINAR_OUTPUT,
                published="2016-02",
                event_date="2016-01-07",
                marking="OFFICIAL",
                status=Status.CURRENT,
                url="https://www.example.org/seminar",
            ),
            location=Location(
                heading_path=("Whom to engage",), paragraph=1, page_start=1, page_end=1, char_start=412, char_end=465
            ),
            link="/d/engagement-seminar?version=2&start=412&end=465#cited",
            verified=True,
        ),
    ),
    coverage=Coverage(
        documents_searched=16,
        organisations_searched=13,
        not_held=(NamedOrganisation(slug="kent", name="Kent Police"),),
        newest="2016-02",
        sentence="Searched: 16 documents, 13 organisations, newest source 2016. No document held of: Kent Police.",
    ),
    method=Method(composer="extractive", embedder="minilm", index_version="3f9c2b"),
)

ANSWER: dict[str, Any] = {"content": {"application/json": {"example": _ANSWER.model_dump(mode="json")}}}


def _event(name: str, data: object) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


_SENT = _ANSWER.model_dump(mode="json")
STREAM: dict[str, Any] = {
    "description": "Events: `point` {point, citations}, then `answer` {answer, briefing: {html, text}}; or `problem`.",
    "content": {
        "text/event-stream": {
            "example": _event("point", {"point": _SENT["points"][0], "citations": _SENT["citations"]})
            + _event("answer", {"answer": "as of POST /api/v1/questions", "briefing": {"html": "…", "text": "…"}})
        }
    },
}
