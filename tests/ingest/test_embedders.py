"""An embedder by configuration, over the protocol that OpenAI-compatible servers speak."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest

from ingest import embedders
from ingest.embedders import Made, load_embedder
from ingest.embedding import MiniLM
from ingest.errors import EmbedderFailed, EngageError, IndexMismatch
from ingest.settings import IngestSettings
from tests.service.scripted_model import Behaviour, Cut, Json, Nonsense, ScriptedModel, Stall, Status, Trickle


def by_length(body: Mapping[str, Any]) -> object:
    """Vectors of two numbers: the length of the text, and 3."""
    return vectors([[float(len(text)), 3.0] for text in texts_of(body)])


def texts_of(body: Mapping[str, Any]) -> list[str]:
    given = body["input"]
    return [given] if isinstance(given, str) else list(given)


def vectors(rows: list[Any]) -> object:
    data = [{"object": "embedding", "index": index, "embedding": row} for index, row in enumerate(rows)]
    return {"object": "list", "model": "of-our-own", "data": data, "usage": {"prompt_tokens": 0, "total_tokens": 0}}


@pytest.fixture
def server() -> Iterator[ScriptedModel]:
    with ScriptedModel(otherwise=Json(by_length)) as running:
        yield running


@pytest.fixture
def settings(server: ScriptedModel, monkeypatch: pytest.MonkeyPatch) -> IngestSettings:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    return set_to(server)


def set_to(server: ScriptedModel, **more: object) -> IngestSettings:
    named = {"embedder": "openai:of-our-own", "embedder_base_url": server.base_url}
    return IngestSettings.model_validate(named | more)


def asked(server: ScriptedModel) -> list[str]:
    return [text for request in server.requests for text in texts_of(request.body)]


def test_is_asked_and_its_vectors_brought_to_length_1(settings: IngestSettings) -> None:
    embedder = load_embedder(settings)
    assert (embedder.name, embedder.dimensions) == ("openai:of-our-own", 2)
    assert embedder.vectors([]).shape == embedder.questions([]).shape == (0, 2)
    np.testing.assert_allclose(
        embedder.vectors(["four", "seventeen letters"]), [[0.8, 0.6], [0.98478, 0.17378]], atol=1e-5
    )
    np.testing.assert_allclose(embedder.embed_query("four"), [0.8, 0.6], atol=1e-7)


def test_questions_and_passages_stand_behind_words_of_their_own(server: ScriptedModel) -> None:
    prefixes = {"embedder_question_prefix": "query: ", "embedder_passage_prefix": "passage: "}
    settings = set_to(server, **prefixes)
    embedder = load_embedder(settings)
    embedder.vectors(["The plan."])
    embedder.questions(["Which plan?"])
    assert asked(server)[1:] == ["passage: The plan.", "query: Which plan?"]
    # Vectors made behind other words are another embedder's; questions are kept nowhere.
    assert embedder.name == settings.embedder_name == "openai:of-our-own behind 'passage: '"


def test_the_key_is_sent_and_many_texts_in_several_requests(server: ScriptedModel) -> None:
    embedder = load_embedder(set_to(server, embedder_api_key="a secret"))
    many = ["a" * number for number in range(1, 71)]
    rows = embedder.vectors(many)
    np.testing.assert_allclose(rows[:, 0] / rows[:, 1] * 3, [len(text) for text in many], rtol=1e-5)
    assert [len(texts_of(request.body)) for request in server.requests] == [1, 32, 32, 6]
    assert {request.headers["authorization"] for request in server.requests} == {"Bearer a secret"}
    assert {request.body["encoding_format"] for request in server.requests} == {"float"}


def test_ollama_is_asked_at_its_address(server: ScriptedModel) -> None:
    server.otherwise = Json(lambda body: {"model": "m", "embeddings": [[float(len(t)), 3.0] for t in texts_of(body)]})
    settings = set_to(server, embedder="ollama:of-our-own", embedder_base_url=server.address, embedder_api_key="k")
    np.testing.assert_allclose(load_embedder(settings).questions(["four"]), [[0.8, 0.6]], atol=1e-6)
    assert {(r.path, r.headers["authorization"]) for r in server.requests} == {("/api/embed", "Bearer k")}


@pytest.mark.parametrize(
    ("failing", "said"),
    [
        (Status(401), "refused the key"),
        (Status(404), "is not known where it is asked for"),
        (Status(400), "failed (HTTP 400)"),
        (Status(503), "failed (HTTP 503)"),
        (Cut(), "could not be reached"),
        (Nonsense(), "sent something that is no answer"),
        (Json(lambda body: {"data": []}), "sent something that is no answer"),
        (Json(lambda body: vectors([])), "sent something that is no answer"),
        (Json(lambda body: vectors([[1.0, float("nan")]])), "sent something that is no vectors"),
        (Json(lambda body: vectors([[]])), "sent something that is no vectors"),
        (Json(lambda body: vectors([["a", "b"]])), "sent something that is no answer"),
        (Json(lambda body: vectors([[1.0, 2.0, 3.0]])), "sent 3 numbers a text instead of 2"),
        (Stall(5), "did not answer within 0.5 seconds"),
        (Trickle(), "did not answer within 0.5 seconds"),
    ],
)
def test_what_fails_is_told_in_a_sentence_without_the_text_or_the_key(
    server: ScriptedModel, failing: Behaviour, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder = load_embedder(set_to(server, embedder_api_key="a secret", max_reading_seconds=0.5 / 0.9))
    waits = isinstance(failing, Stall | Trickle)
    monkeypatch.setattr(embedders, "QUESTION_SECONDS", 0.5 if waits else 8.0)
    server.otherwise = failing
    with pytest.raises(EmbedderFailed) as failed:
        embedder.questions(["private words"])
    assert str(failed.value).startswith(f"The embedder openai:of-our-own {said}. Try again later")
    assert "private" not in str(failed.value)
    assert "secret" not in str(failed.value)
    if waits:
        with pytest.raises(EmbedderFailed, match="did not answer"):
            embedder.vectors(["private words"])


def test_a_failure_that_passes_is_tried_again(settings: IngestSettings, server: ScriptedModel) -> None:
    embedder = load_embedder(settings)
    server.script(Status(503), Status(429, {"Retry-After": "0.1"}))
    np.testing.assert_allclose(embedder.questions(["four"]), [[0.8, 0.6]], atol=1e-6)


def test_that_is_down_at_start_is_told_in_a_sentence() -> None:
    settings = IngestSettings(embedder="openai:of-our-own", embedder_base_url="http://127.0.0.1:9/v1")
    with pytest.raises(EmbedderFailed, match=r"openai:of-our-own could not be reached\. Try again later"):
        load_embedder(settings)


def test_that_is_not_the_one_that_made_the_library_is_refused(settings: IngestSettings) -> None:
    same = Made("four", np.array([0.8, 0.6], np.float32))
    assert load_embedder(settings, same).dimensions == 2
    for other in (np.array([0.6, 0.8], np.float32), np.array([0.8, 0.6, 0.0], np.float32)):
        with pytest.raises(IndexMismatch, match=r"openai:of-our-own is not the model .*engage rebuild --embed-again"):
            load_embedder(settings, Made("four", other))


def test_its_cosines_are_read_on_the_packaged_ones_scale(server: ScriptedModel) -> None:
    minilm = MiniLM()
    common = np.full(minilm.dimensions, 1.7 / minilm.dimensions**0.5)
    server.otherwise = Json(lambda body: vectors([(row + common).tolist() for row in minilm.vectors(texts_of(body))]))
    crowded = load_embedder(set_to(server))
    question = "How do the police reach young people?"
    passages = ["Officers talk to teenagers at youth clubs.", "The car park closes at eight in the evening."]
    own = minilm.vectors(passages) @ minilm.questions([question])[0]
    raw = crowded.vectors(passages) @ crowded.questions([question])[0]
    assert raw.min() > 0.7
    np.testing.assert_allclose([crowded.scale(cosine) for cosine in raw], own, atol=0.08)


def test_whose_package_is_missing_names_the_package() -> None:
    with pytest.raises(EngageError, match=r"needs the package langchain-cohere. Install it"):
        load_embedder(IngestSettings(embedder="cohere:embed-english"))


@pytest.mark.parametrize("name", ["unheard-of", "unheard:of", "minilm:", ":"])
def test_that_nobody_knows_is_told_in_a_sentence(name: str) -> None:
    with pytest.raises(EngageError, match=r"cannot be used: .* Set it to minilm, or to provider:model"):
        load_embedder(IngestSettings(embedder=name))


def test_an_address_that_would_not_be_used_is_refused() -> None:
    with pytest.raises(EngageError, match=r"huggingface takes its address and key from its own variables"):
        load_embedder(IngestSettings(embedder="huggingface:m", embedder_base_url="http://127.0.0.1:9"))
