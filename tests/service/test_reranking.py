"""A reranker by configuration puts passages in order, or fails within its time and changes nothing."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest

from ingest.catalogue import Scope
from service.gathering import Gatherer
from service.rephrasing import understand
from service.reranking import RERANKED, Reordering, Reranker, RerankerFailed, RerankerUnusable, load_reranker
from service.settings import Settings
from service.vocabulary import Question
from service.weighing import COVERED_WEIGHT
from tests.service.conftest import Served
from tests.service.scripted_model import Behaviour, Cut, Json, Nonsense, ScriptedModel, Stall, Status, Trickle

PASSAGES = ["about cats", "about police dogs", "about dogs"]
QUESTION = "Where were the residents of Riverside asked, and what does the team hold in the library?"


def shortest_first(body: Mapping[str, Any]) -> object:
    """As the servers do: best first, each with its place in what was sent."""
    documents = body["documents"]
    places = sorted(range(len(documents)), key=lambda place: len(documents[place]))
    return {"model": body["model"], "results": [{"index": p, "relevance_score": -len(documents[p])} for p in places]}


def scored(*results: Any) -> Json:
    return Json(lambda body: {"results": list(results)})


def result(index: Any, score: Any) -> dict[str, Any]:
    return {"index": index, "relevance_score": score}


@pytest.fixture
def server() -> Iterator[ScriptedModel]:
    with ScriptedModel(otherwise=Json(shortest_first)) as running:
        yield running


@pytest.fixture
def reranker(server: ScriptedModel) -> Iterator[Reranker]:
    loaded = load_reranker(set_to(server))
    assert loaded
    yield loaded
    loaded.close()


def set_to(server: ScriptedModel) -> Settings:
    named = {"reranker": "of-our-own", "reranker_base_url": f"{server.base_url}/", "reranker_api_key": "a secret"}
    return Settings.model_validate(named | {"reranker_timeout_seconds": 2})


def test_is_asked_in_the_protocol_that_the_servers_share(reranker: Reranker, server: ScriptedModel) -> None:
    assert reranker.order("dogs?", PASSAGES, 2) == [0, 2, 1]
    [request] = server.requests
    assert (request.path, request.headers["authorization"]) == ("/v1/rerank", "Bearer a secret")
    assert request.body == {"model": "of-our-own", "query": "dogs?", "documents": PASSAGES, "top_n": 3}


def test_scores_of_any_size_order_and_what_is_not_scored_keeps_its_place_behind(
    reranker: Reranker, server: ScriptedModel
) -> None:
    server.script(scored(result(2, -8.5), result(1, 1e9)), scored(result(1, 0.5), result(0, 0.5)))
    assert reranker.order("dogs?", PASSAGES, 2) == [1, 2, 0]
    assert reranker.order("dogs?", PASSAGES, 2) == [0, 1, 2]


@pytest.mark.parametrize(
    ("failing", "said"),
    [
        (Status(401), "refused the key"),
        (Status(404), "is not known where it is asked for"),
        (Status(500), "failed (HTTP 500)"),
        (Status(302, {"Location": "http://127.0.0.1:9/"}), "failed (HTTP 302)"),
        (Cut(), "could not be reached"),
        (Stall(5), "did not answer within 0.5 seconds"),
        (Trickle(), "did not answer within 0.5 seconds"),
        (Nonsense(), "sent something that is no answer"),
        (Json(lambda body: []), "sent something that is no answer"),
        (Json(lambda body: {"results": None}), "sent something that is no answer"),
        (scored(), "sent something that is no answer"),
        (scored("first"), "sent something that is no answer"),
        (scored({"index": 0, "score": 1.0}), "sent something that is no answer"),
        (scored(result(3, 1.0)), "sent something that is no answer"),
        (scored(result(-1, 1.0)), "sent something that is no answer"),
        (scored(result("0", 1.0)), "sent something that is no answer"),
        (scored(result(True, 1.0)), "sent something that is no answer"),
        (scored(result(0, 1.0), result(0, 2.0)), "sent something that is no answer"),
        (scored(result(0, float("nan"))), "sent something that is no answer"),
        (scored(result(0, None)), "sent something that is no answer"),
    ],
)
def test_what_fails_is_told_in_a_sentence_without_the_question_or_the_key(
    server: ScriptedModel, failing: Behaviour, said: str
) -> None:
    waits = isinstance(failing, Stall | Trickle)
    reranker = Reranker("of-our-own", server.base_url, "a secret", 0.5 if waits else 5)
    server.otherwise = failing
    with pytest.raises(RerankerFailed) as failed:
        reranker.order("private words", PASSAGES, reranker.timeout)
    assert str(failed.value) == f"The reranker of-our-own {said}."
    reranker.close()


def test_one_question_has_one_deadline_and_asks_no_more_once_it_failed(server: ScriptedModel) -> None:
    reranker = Reranker("of-our-own", server.base_url, None, 0.5)
    server.script(Json(shortest_first), Stall(5))
    reordering = Reordering(reranker, "dogs?")
    assert reordering.order(PASSAGES) == [0, 2, 1]
    assert (reordering.wanted, reordering.by, reordering.note) == (RERANKED, "of-our-own", None)
    began = time.monotonic()
    assert [reordering.order(PASSAGES) for _ in range(5)] == [None] * 5
    assert time.monotonic() - began < 4
    assert len(server.requests) == 2
    assert reordering.wanted == 0
    assert reordering.note == (
        "The reranker of-our-own did not answer within 0.5 seconds. Passages were ranked without it."
    )
    reranker.close()


def test_without_one_nothing_is_reordered() -> None:
    reordering = Reordering(load_reranker(Settings()), "dogs?")
    assert (reordering.wanted, reordering.order(PASSAGES), reordering.by) == (0, None, None)


@pytest.mark.parametrize(
    "half",
    [
        {"reranker": "m"},
        {"reranker_base_url": "http://127.0.0.1:9"},
        {"reranker": "m", "reranker_base_url": "127.0.0.1:9"},
    ],
)
def test_half_a_setting_is_refused_at_start(half: dict[str, str]) -> None:
    with pytest.raises(RerankerUnusable, match=r"set both, or neither\.$"):
        load_reranker(Settings.model_validate(half))


class TestAnswers:
    """The whole service with it."""

    @pytest.fixture
    def service(
        self, tmp_path: Path, server: ScriptedModel, serve_documents: Callable[..., AbstractContextManager[Served]]
    ) -> Iterator[Served]:
        named = {"reranker": "of-our-own", "reranker_base_url": server.base_url, "reranker_timeout_seconds": 1}
        with serve_documents(tmp_path, **named) as running:
            yield running

    def test_name_what_ordered_their_passages(self, service: Served, server: ScriptedModel) -> None:
        answer = ask(service)
        assert answer["method"]["reranker"] == "of-our-own"
        assert answer["method"]["note"] is None
        sent = [request.body for request in server.requests]
        assert {body["query"] for body in sent} == {QUESTION}
        assert any(
            "Riverside engagement plan > Who was consulted\nThe residents" in d for b in sent for d in b["documents"]
        )
        # What the asker may not see is not sent either.
        assert not any("model answer" in document for body in sent for document in body["documents"])

    @pytest.mark.parametrize("words", ["open meeting", "were consulted", "asked at school"])
    def test_are_made_of_passages_in_its_order_that_pass_on_their_scores_by_place(
        self, service: Served, server: ScriptedModel, reranker: Reranker, words: str
    ) -> None:
        server.otherwise = Json(
            lambda body: {"results": [result(i, float(words in text)) for i, text in enumerate(body["documents"])]}
        )
        understood = understand(Question(question=QUESTION), service.library.register)
        ordinary, reordered = Gatherer(service.library), Gatherer(service.library, reranker)
        held = service.library.now.documents(Scope())
        before = ordinary.weighed(ordinary.search(understood, held), None)
        after = reordered.weighed(reordered.search(understood, held), None)
        assert words in " ".join(sentence.text for sentence in after[0].sentences)
        retrieved = sorted((e.score - COVERED_WEIGHT * e.covered for e in before), reverse=True)
        assert [e.score for e in after] == pytest.approx(retrieved)
        assert {e.passage_id: e.cosine for e in after} == {e.passage_id: e.cosine for e in before}

    @pytest.mark.parametrize("failing", [Status(500), Stall(5), Trickle(), Nonsense(), scored(result(99, 1.0))])
    def test_are_the_ordinary_ones_with_a_note_when_it_fails(
        self, service: Served, server: ScriptedModel, failing: Behaviour
    ) -> None:
        server.otherwise = failing
        answer = ask(service)
        assert answer["outcome"] == "answered"
        assert answer["method"]["reranker"] is None
        assert answer["method"]["note"].startswith("The reranker of-our-own ")
        assert answer["method"]["note"].endswith(". Passages were ranked without it.")
        assert len(server.requests) == 1

    def test_need_none_where_the_question_is_out_of_scope(self, service: Served, server: ScriptedModel) -> None:
        httpx.post(f"{service.url}/api/v1/questions", json={"question": "Where does John Smith live?"}, timeout=60)
        assert server.requests == []


def ask(service: Served) -> dict[str, Any]:
    replied = httpx.post(f"{service.url}/api/v1/questions", json={"question": QUESTION}, timeout=60)
    assert replied.status_code == 200, replied.text
    return dict(replied.json())
