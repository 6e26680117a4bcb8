"""The API as a program meets it: ask, follow a citation, add a document, see the next answer use it."""

import json
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.catalogue import HeldVersion, State
from ingest.vocabulary import BlockKind, Card, TextBlock
from service.excerpting import CONTEXT_CHARACTERS, excerpt
from service.intake import check_name
from service.vocabulary import Answer, Question

SAMPLES = Path(__file__).parents[1] / "samples"
CONSULTED = "Who was consulted on the Riverside plan?"


@pytest.fixture
def client(service) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=service.url, timeout=30) as opened:
        yield opened


def ask(client: httpx.Client, question: str, **more: object) -> dict[str, Any]:
    replied = client.post("/api/v1/questions", json={"question": question, **more})
    assert replied.status_code == 200, replied.text
    return dict(replied.json())


def events(client: httpx.Client, question: str) -> list[tuple[str, dict[str, Any]]]:
    replied = client.post("/api/v1/questions/stream", json={"question": question})
    assert replied.headers["content-type"].startswith("text/event-stream")
    blocks = [block.split("\n") for block in replied.text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def test_a_question_is_answered_with_citations_that_stand_where_they_say(client) -> None:
    answer = ask(client, CONSULTED)
    assert answer["outcome"] == "answered"
    for citation in answer["citations"]:
        place = citation["location"]
        replied = client.get(
            f"/api/v1/documents/{citation['source']['document_id']}/text",
            params={
                "version": citation["source"]["version"],
                "start": place["char_start"],
                "end": place["char_end"],
            },
        )
        assert replied.json()["cited"] == citation["cited_text"]
        assert replied.json()["heading_path"] == place["heading_path"]


def test_points_arrive_as_events_and_the_whole_answer_with_its_briefing_last(client) -> None:
    received = events(client, CONSULTED)
    *points, (last, data) = received
    assert last == "answer"
    assert [name for name, _ in points] == ["point"] * len(data["answer"]["points"])
    assert [point["point"] for _, point in points] == data["answer"]["points"]
    assert [c for _, point in points for c in point["citations"]] == data["answer"]["citations"]
    assert client.base_url.host in data["briefing"]["html"]
    assert "Sources" in data["briefing"]["text"]


def test_an_answer_is_kept_under_its_reference_however_it_was_asked(client) -> None:
    answer = ask(client, CONSULTED)
    assert client.get(f"/api/v1/answers/{answer['reference']}").json() == answer
    streamed = events(client, CONSULTED)[-1][1]
    reference = streamed["answer"]["reference"]
    assert client.get(f"/api/v1/answers/{reference}").json() == streamed["answer"]
    assert client.get(f"/api/v1/answers/{reference}/briefing").json() == streamed["briefing"]


def test_filters_narrow_what_is_searched(client) -> None:
    assert ask(client, "Why engage?", organisations=["durham"])["coverage"]["documents_searched"] == 1
    assert ask(client, "Why engage?", kinds=["engagement-strategy"])["coverage"]["documents_searched"] == 1
    assert ask(client, "Why engage?", date_to="2016")["coverage"]["documents_searched"] == 1


def test_nobody_is_answered_from_a_document_for_others(client) -> None:
    answer = ask(client, "What is the model answer about consultation with residents of Riverside?")
    assert "tutors-only" not in {citation["source"]["document_id"] for citation in answer["citations"]}
    assert "tutors-only" not in {near["document_id"] for near in answer["coverage"]["nearest"]}
    assert "tutors-only" not in {held["document_id"] for held in client.get("/api/v1/documents").json()}


def test_an_unanswered_question_becomes_a_gap(client) -> None:
    unanswered = "Which police drones does the community of Atlantis prefer?"
    assert ask(client, unanswered)["outcome"] != "answered"
    ask(client, unanswered)
    [gap] = [gap for gap in client.get("/api/v1/gaps").json() if gap["question"] == unanswered]
    assert gap["times"] == 2


def test_a_look_up_of_a_person_leaves_no_trace_of_the_person(client, service) -> None:
    answer = ask(client, "Can you look up the home address of Zebedee Quillfeather?")
    assert (answer["outcome"], answer["question"]) == ("out_of_scope", "[not kept]")
    for file in service.library.settings.data_dir.rglob("*"):
        assert not file.is_file() or b"Quillfeather" not in file.read_bytes(), file


def test_documents_are_listed_with_cards_dates_and_names(client) -> None:
    listed = {document["document_id"]: document for document in client.get("/api/v1/documents").json()}
    plan = listed["riverside-plan"]
    assert plan["organisations"] == [{"slug": "cheshire", "name": "Cheshire Constabulary", "role": "author"}]
    assert (plan["newest"], plan["status"], plan["card"]["marking"]) == ("2021-05", "current", "OFFICIAL")
    assert plan["passages"] > 0
    assert client.get("/api/v1/documents/riverside-plan").json() == plan


def test_the_register_says_what_is_held_of_whom(client) -> None:
    register = {held["slug"]: held for held in client.get("/api/v1/organisations").json()}
    assert len(register) > 100
    assert register["cheshire"]["newest"] == "2021-05"
    assert [document["document_id"] for document in register["durham"]["documents"]] == ["harbour-notes"]
    assert register["kent"]["documents"] == []


NOTE = """---
id: ferry-note
title: Note on the ferry
---
# Note on the ferry

## Where surgeries are held

{sentence}
"""


def send_file(client: httpx.Client, token: str, name: str, content: bytes, **data: str) -> list[dict[str, Any]]:
    """What became of each document in it."""
    replied = client.post(
        "/api/v1/documents", files={"file": (name, content)}, data=data, headers={"X-Engage-Token": token}
    )
    assert replied.status_code == 200, replied.text
    return list(replied.json())


def send(client: httpx.Client, token: str, text: str, name: str = "ferry-note.md", **data: str) -> dict[str, Any]:
    [added] = send_file(client, token, name, text.encode(), **data)
    return added


def test_the_strand_leads_journey_add_ask_replace_ask_withdraw(client, service) -> None:
    where = "Where are the beat surgeries on the ferry held?"
    first = "Beat surgeries are held on the ferry at the upper deck."
    added = send(client, service.token, NOTE.format(sentence=first))
    assert (added["path"], added["document"], added["version"], added["outcome"]) == (
        "ferry-note.md",
        "ferry-note",
        1,
        "added",
    )
    assert first in ask(client, where)["points"][0]["text"]

    assert send(client, service.token, NOTE.format(sentence=first))["outcome"] == "already_held"
    second = "Beat surgeries are held on the ferry at the lower deck."
    assert send(client, service.token, NOTE.format(sentence=second))["version"] == 2
    cited = ask(client, where)["citations"][0]
    assert second in cited["cited_text"]
    assert cited["source"]["version"] == 2

    def held(version: int) -> dict[str, Any]:
        span = {"start": 0, "end": 10, "version": version}
        return dict(client.get("/api/v1/documents/ferry-note/text", params=span).json())

    assert (held(1)["state"], held(2)["state"]) == ("superseded", "live")
    assert first in held(1)["after"]
    removed = client.delete("/api/v1/documents/ferry-note", headers={"X-Engage-Token": service.token})
    assert removed.status_code == 200
    assert (held(1)["state"], held(2)["state"]) == ("superseded", "withdrawn")
    assert client.get("/api/v1/documents/ferry-note").status_code == 404
    assert "ferry-note" not in {c["source"]["document_id"] for c in ask(client, where)["citations"]}


def test_a_card_can_be_sent_beside_the_file(client, service) -> None:
    card = "id: quay-note\ntitle: Quay note\norganisations:\n  - {slug: kent, role: reported_on}\n"
    added = send(client, service.token, "# Quay\n\nThe quay is patrolled on foot.\n", name="quay.md", card=card)
    assert added["document"] == "quay-note"
    listed = client.get("/api/v1/documents/quay-note").json()
    assert listed["organisations"][0]["name"] == "Kent Police"


def test_a_document_that_cannot_be_read_is_an_outcome_with_its_reason(client, service) -> None:
    failed = send(client, service.token, "", name="empty.txt")
    assert (failed["path"], failed["outcome"], failed["reason"]) == ("empty.txt", "failed", "empty")
    assert failed["message"].endswith(".")


def test_a_mail_and_an_archive_can_be_sent_and_each_document_in_them_has_its_own_outcome(client, service) -> None:
    mail = (SAMPLES / "mail.eml").read_bytes()
    outcomes = send_file(client, service.token, "mail.eml", mail, card="id: spring-mail\nmarking: OFFICIAL\n")
    assert [(one["path"], one["document"], one["outcome"]) for one in outcomes] == [
        ("mail.eml", "spring-mail", "added"),
        ("mail.eml/Meeting plan 2024_25.txt", "spring-mail-meeting-plan-2024-25", "added"),
        ("mail.eml/What the panel asked for.eml", "spring-mail-what-the-panel-asked-for", "added"),
        ("mail.eml/What the panel asked for.eml/Minutes.md", "spring-mail-what-the-panel-asked-for-minutes", "added"),
    ]
    [cited, *_] = ask(client, "Why are the spring meetings held at the sailing club?")["citations"]
    assert cited["source"]["document_id"] == "spring-mail"
    assert "the café is too loud to hear one another" in cited["cited_text"]
    listed = client.get("/api/v1/documents/spring-mail-meeting-plan-2024-25").json()
    assert listed["card"]["marking"] == "OFFICIAL"

    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("mails/mail.eml", mail)
        made.writestr("mails/mail.eml.card.yaml", "id: spring-mail\nmarking: OFFICIAL\n")
        made.writestr("../out.txt", "Words.")
        made.writestr("quay/steps.md", "# Steps\n\nThe steps to the quay are swept on Fridays.\n")
    outcomes = send_file(client, service.token, "all.zip", archive.getvalue())
    assert [(one["path"], one["outcome"], one["reason"]) for one in outcomes] == [
        ("all.zip/../out.txt", "failed", "unsafe_path"),
        ("all.zip/mails/mail.eml", "already_held", None),
        ("all.zip/mails/mail.eml/Meeting plan 2024_25.txt", "already_held", None),
        ("all.zip/mails/mail.eml/What the panel asked for.eml", "already_held", None),
        ("all.zip/mails/mail.eml/What the panel asked for.eml/Minutes.md", "already_held", None),
        ("all.zip/quay/steps.md", "added", None),
    ]


def test_health_and_readiness(client) -> None:
    assert client.get("/health").json() == {"status": "alive"}
    told = client.get("/ready").json()
    assert told["status"] == "ready"
    assert told["index"].startswith(("chroma", "exact ("))


def test_it_is_not_ready_while_it_adds_what_it_was_started_with_but_alive(client, service) -> None:
    service.app.state.readiness.wait_for("corpus")
    replied = client.get("/ready")
    service.app.state.readiness.reached()
    assert (replied.status_code, replied.json()["type"]) == (503, "/problems/not-ready")
    assert replied.json()["detail"] == "Still adding corpus; ask again in a few seconds."
    assert client.get("/ready").status_code == 200


def test_every_reply_keeps_browsers_within_bounds(client) -> None:
    for path in ("/", "/health", "/api/v1/gaps", "/nothing", "/static/nothing"):
        headers = client.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert "unsafe" not in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "no-referrer", path
        assert "access-control-allow-origin" not in headers, path


def test_answers_stay_out_of_caches(client) -> None:
    for replied in (
        client.post("/api/v1/questions", json={"question": CONSULTED}),
        client.post("/api/v1/questions/stream", json={"question": CONSULTED}),
        client.get("/api/v1/gaps"),
    ):
        assert replied.headers.get_list("cache-control") == ["no-store"]


def test_the_services_own_page_may_ask(client) -> None:
    for headers in (
        {"Origin": str(client.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"},
        {"Origin": str(client.base_url).rstrip("/")},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    ):
        assert client.post("/api/v1/questions", json={"question": CONSULTED}, headers=headers).status_code == 200


def test_it_answers_to_localhost_as_well(client, service) -> None:
    port = service.url.rpartition(":")[2]
    assert client.get("/health", headers={"Host": f"localhost:{port}"}).status_code == 200
    assert client.get("/health", headers={"Host": f"[::1]:{port}"}).status_code == 200


@pytest.fixture
def schema(client) -> dict[str, Any]:
    return dict(client.get("/openapi.json").json())


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_the_schema_lists_the_whole_api(schema) -> None:
    assert {name for name, _ in operations(schema)} == {
        "POST /api/v1/questions",
        "POST /api/v1/questions/stream",
        "GET /api/v1/answers/{reference}",
        "GET /api/v1/answers/{reference}/briefing",
        "GET /api/v1/documents",
        "POST /api/v1/documents",
        "GET /api/v1/documents/{document_id}",
        "DELETE /api/v1/documents/{document_id}",
        "GET /api/v1/documents/{document_id}/address",
        "GET /api/v1/documents/{document_id}/text",
        "GET /api/v1/submissions",
        "POST /api/v1/submissions",
        "POST /api/v1/submissions/address",
        "GET /api/v1/submissions/{submission_id}",
        "GET /api/v1/submissions/{submission_id}/changes",
        "POST /api/v1/submissions/{submission_id}/confirm",
        "POST /api/v1/submissions/{submission_id}/cancel",
        "POST /api/v1/submissions/{submission_id}/retry",
        "GET /api/v1/submissions/{submission_id}/receipt",
        "GET /api/v1/documents/{document_id}/answers",
        "GET /api/v1/documents/{document_id}/original",
        "GET /api/v1/documents/{document_id}/versions",
        "GET /api/v1/documents/{document_id}/changes",
        "POST /api/v1/documents/{document_id}/restore",
        "PUT /api/v1/documents/{document_id}/card",
        "GET /api/v1/export",
        "POST /api/v1/proposals",
        "GET /api/v1/organisations",
        "GET /api/v1/gaps",
        "GET /api/v1/coverage",
        "GET /api/v1/coverage/briefing",
        "GET /api/v1/coverage/evidence",
        "GET /api/v1/requests",
        "GET /api/v1/requests/draft",
        "GET /api/v1/requests/{request_id}",
        "POST /api/v1/requests",
        "PATCH /api/v1/requests/{request_id}",
        "GET /health",
        "GET /ready",
    }


def test_the_schema_has_every_error_as_a_problem_and_every_operation_in_words(schema) -> None:
    for name, operation in operations(schema):
        assert operation["description"].endswith("."), name
        failures = {status: said for status, said in operation["responses"].items() if status >= "400"}
        assert failures, name
        for said in failures.values():
            assert list(said["content"]) == ["application/problem+json"], name
            assert said["content"]["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/Problem"}
    assert "HTTPValidationError" not in schema["components"]["schemas"]


def test_the_examples_in_the_schema_are_valid(schema) -> None:
    asking = schema["paths"]["/api/v1/questions"]["post"]
    for example in asking["requestBody"]["content"]["application/json"]["examples"].values():
        Question.model_validate(example["value"])
    Answer.model_validate(asking["responses"]["200"]["content"]["application/json"]["example"])


def test_problems_have_types_that_programs_can_rely_on(client) -> None:
    def kind(replied: httpx.Response) -> str:
        return str(replied.json()["type"])

    long = client.post("/api/v1/questions", json={"question": "q" * 2_001})
    assert kind(long) == "/problems/question-too-long"
    assert long.json()["errors"][0]["field"] == "question"
    assert kind(client.post("/api/v1/questions", json={"question": " "})) == "/problems/question-empty"
    turns = [{"role": "user", "content": "Who?"}] * 21
    assert kind(client.post("/api/v1/questions", json={"question": "Who?", "history": turns})) == (
        "/problems/history-too-long"
    )
    assert kind(client.get("/api/v1/documents/unknown")) == "/problems/unknown-document"
    assert kind(client.get("/api/v1/answers/0000-00")) == "/problems/unknown-answer"
    assert kind(client.delete("/api/v1/documents/riverside-plan")) == "/problems/token-missing"


def test_what_nobody_foresaw_is_a_problem_that_gives_nothing_away(serve_documents, tmp_path, caplog) -> None:
    with serve_documents(tmp_path) as broken, httpx.Client(base_url=broken.url, timeout=30) as client:
        with broken.library.catalogue.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE answers")
        for path in ("/api/v1/answers/7F3A-21", "/answers/7F3A-21"):
            replied = client.get(path)
            assert (replied.status_code, replied.json()["type"]) == (500, "/problems/failed")
            assert "answers" not in replied.text
        *_, (last, problem) = events(client, CONSULTED)
        assert (last, problem["type"]) == ("problem", "/problems/failed")
        assert "no such table: answers" in caplog.text
        assert CONSULTED not in caplog.text
        assert client.get("/health").status_code == 200


BLOCK = "This paragraph has a hundred characters so that it is easy to count where the context of a quote ends. "


def version_of(paragraphs: list[str]) -> HeldVersion:
    blocks, at = [], 0
    for number, paragraph in enumerate(paragraphs):
        blocks.append(TextBlock(BlockKind.PARAGRAPH, at, at + len(paragraph), ("Plan",), paragraph=number + 1, page=1))
        at += len(paragraph) + 2
    return HeldVersion(
        id=1,
        document_id="plan",
        number=1,
        state=State.LIVE,
        card=Card(id="plan", title="A plan"),
        text="\n\n".join(paragraphs),
        blocks=tuple(blocks),
        pages=1,
        sha256="",
        file_name="plan.md",
        format="md",
        size=1,
        embedder="minilm",
        card_digest="",
        added_at=None,  # type: ignore[arg-type]
        left_out=(),
    )


def test_context_ends_where_a_paragraph_does() -> None:
    version = version_of([BLOCK] * 20)
    start = version.blocks[10].start + 5
    shown = excerpt(version, (start, start + 9))
    assert shown.before.startswith(BLOCK)
    assert shown.after.endswith(BLOCK)
    assert CONTEXT_CHARACTERS - len(BLOCK) - 2 < len(shown.before) <= CONTEXT_CHARACTERS
    assert CONTEXT_CHARACTERS - len(BLOCK) - 2 < len(shown.after) <= CONTEXT_CHARACTERS
    assert (shown.heading_path, shown.paragraph, shown.page) == (("Plan",), 11, 1)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=900), min_size=1, max_size=8), st.data())
def test_before_cited_and_after_are_one_stretch_of_the_text(paragraphs, data) -> None:
    version = version_of(paragraphs)
    start = data.draw(st.integers(0, len(version.text) - 1))
    end = data.draw(st.integers(start + 1, len(version.text)))
    shown = excerpt(version, (start, end))
    assert shown.cited == version.text[start:end]
    assert shown.before + shown.cited + shown.after in version.text
    assert version.text.index(shown.before + shown.cited + shown.after) <= start - len(shown.before)


@pytest.mark.parametrize("name", ["plan.pdf", "Plan 2021 (final).docx", "Ålesund – plan.md", "a..b.txt", ".profile"])
def test_ordinary_file_names_are_taken(name) -> None:
    check_name(name)


def test_a_document_without_a_web_address_is_told_so(client, service) -> None:
    replied = client.get("/api/v1/documents/riverside-plan/address", headers={"X-Engage-Token": service.token})
    assert (replied.status_code, replied.json()["type"]) == (404, "/problems/no-address")
    assert client.get("/api/v1/documents/riverside-plan/address").status_code == 401
