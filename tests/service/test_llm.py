"""The language model is asked over HTTP, within one deadline, and what is not a whole answer is none."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.llm import ChatModel, ModelFailed, ModelUnusable, load_chat_model
from service.settings import Settings
from tests.service.scripted_model import Behaviour, Cut, Nonsense, Reply, ScriptedModel, Stall, Status, Trickle

Load = Callable[..., ChatModel]


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(("OPENAI", "AZURE", "ANTHROPIC", "OLLAMA", "LANGSMITH", "LANGCHAIN", "ENGAGE")):
            monkeypatch.delenv(name)


@pytest.fixture
def scripted() -> Iterator[ScriptedModel]:
    with ScriptedModel() as model:
        yield model


@pytest.fixture
def load(scripted: ScriptedModel) -> Iterator[Load]:
    """The scripted model as the settings would load it, with these settings changed."""
    loaded: list[ChatModel] = []

    def load(**changed: object) -> ChatModel:
        settings = {"llm": "openai:scripted", "llm_base_url": scripted.base_url, "llm_timeout_seconds": 20} | changed
        model = load_chat_model(Settings.model_validate(settings))
        assert model is not None
        loaded.append(model)
        return model

    yield load
    for model in loaded:
        model.close()


def test_without_a_setting_no_model_is_asked() -> None:
    assert load_chat_model(Settings()) is None
    assert load_chat_model(Settings(llm="  ")) is None


def test_a_question_goes_to_the_address_in_the_settings_and_nothing_else_goes_with_it(
    load: Load, scripted: ScriptedModel
) -> None:
    scripted.script(Reply(" An answer. "))
    model = load(llm_api_key="secret")
    assert model.ask("The rules.", "A question?") == "An answer."
    assert model.name == "openai:scripted"
    request = scripted.requests[0]
    assert (request.path, request.headers["authorization"]) == ("/v1/chat/completions", "Bearer secret")
    assert request.body == {
        "model": "scripted",
        "stream": False,
        "messages": [{"role": "system", "content": "The rules."}, {"role": "user", "content": "A question?"}],
    }


def test_a_server_without_keys_needs_none(load: Load, scripted: ScriptedModel) -> None:
    scripted.script(Reply("An answer."))
    assert load().ask("", "A question?") == "An answer."


def test_several_may_ask_at_once(load: Load, scripted: ScriptedModel) -> None:
    scripted.script(*[Reply(lambda request: request.user.upper())] * 8)
    model = load()
    answers: dict[str, str] = {}
    threads = [
        threading.Thread(target=lambda asked=asked: answers.update({asked: model.ask("", asked)}))
        for asked in "abcdefgh"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {asked: asked.upper() for asked in "abcdefgh"}


def test_one_model_after_another_at_the_same_address(load: Load, scripted: ScriptedModel) -> None:
    for _ in range(3):
        scripted.script(Reply("An answer."))
        model = load_chat_model(Settings(llm="openai:scripted", llm_base_url=scripted.base_url))
        assert model is not None
        assert model.ask("", "A question?") == "An answer."
        model.close()


@pytest.mark.parametrize("first", [Status(500), Status(503), Status(429), Cut()], ids=["500", "503", "429", "cut"])
def test_what_may_pass_is_tried_once_more(load: Load, scripted: ScriptedModel, first: Behaviour) -> None:
    scripted.script(first, Reply("An answer."))
    assert load().ask("", "A question?") == "An answer."
    assert len(scripted.requests) == 2


def test_after_the_second_failure_it_is_over(load: Load, scripted: ScriptedModel) -> None:
    scripted.script(Status(500), Status(502), Reply("An answer."))
    with pytest.raises(ModelFailed, match=r"provider failed \(HTTP 502\); ask again later\.$"):
        load().ask("", "A question?")
    assert len(scripted.requests) == 2


def test_retry_after_is_honoured_where_it_fits(load: Load, scripted: ScriptedModel) -> None:
    scripted.script(Status(429, {"Retry-After": "1"}), Reply("An answer."))
    started = time.monotonic()
    assert load().ask("", "A question?") == "An answer."
    assert time.monotonic() - started >= 1


@pytest.mark.parametrize("wait", ["50", "inf", "nan"])
def test_retry_after_that_does_not_fit_ends_it_at_once(load: Load, scripted: ScriptedModel, wait: str) -> None:
    scripted.script(Status(429, {"Retry-After": wait}), Reply("An answer."))
    with pytest.raises(ModelFailed, match=r"takes no more questions for now"):
        load().ask("", "A question?")
    assert len(scripted.requests) == 1


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (Status(401), "refused the key"),
        (Status(404), "knows no such language model"),
        (Status(400), r"HTTP 400"),
        (Reply("Half an ans", "length"), "broke off"),
        (Reply("Half an ans", None), "broke off"),
        (Reply("", "stop"), "empty answer"),
        (Reply("  \n ", "stop"), "empty answer"),
        (Reply(None, "stop"), "empty answer"),
        (Reply("I cannot", "content_filter"), "broke off"),
        (Nonsense(), "no answer"),
    ],
    ids=["key", "model", "bad request", "length", "no reason", "empty", "blank", "null", "filter", "nonsense"],
)
def test_what_is_not_an_answer_is_said_in_a_sentence(
    load: Load, scripted: ScriptedModel, behaviour: Behaviour, reason: str
) -> None:
    scripted.script(behaviour, Reply("An answer."))
    with pytest.raises(ModelFailed, match=reason) as failed:
        load().ask("", "A question about Ambridge?")
    assert str(failed.value).endswith(".")
    assert "Ambridge" not in str(failed.value)
    assert len(scripted.requests) == 1


@pytest.mark.parametrize("behaviour", [Stall(60), Trickle()], ids=["silent", "trickling"])
def test_the_deadline_is_for_the_whole_answer(load: Load, scripted: ScriptedModel, behaviour: Behaviour) -> None:
    scripted.script(behaviour)
    with pytest.raises(ModelFailed, match=r"within 0\.5 seconds"):
        load(llm_timeout_seconds=0.5).ask("", "A question?")


def test_past_the_deadline_the_connection_is_closed(load: Load, scripted: ScriptedModel) -> None:
    scripted.script(Trickle())
    with pytest.raises(ModelFailed):
        load(llm_timeout_seconds=0.5).ask("", "A question?")
    assert scripted.hung_up.wait(10)


def test_a_second_try_has_no_deadline_of_its_own(load: Load, scripted: ScriptedModel) -> None:
    scripted.script(Status(500), Stall(60))
    with pytest.raises(ModelFailed, match=r"within 1 seconds"):
        load(llm_timeout_seconds=1).ask("", "A question?")
    assert len(scripted.requests) == 2


def test_a_server_that_is_not_there_is_said(load: Load) -> None:
    with ScriptedModel() as gone:
        address = gone.base_url
    with pytest.raises(ModelFailed, match="could not be reached"):
        load(llm_base_url=address).ask("", "A question?")


def test_azure_is_asked_for_its_deployment(
    load: Load, scripted: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_VERSION", "2024-10-21")
    scripted.script(Reply("An answer."))
    model = load(llm="azure_openai:our-deployment", llm_base_url=scripted.address, llm_api_key="secret")
    assert model.ask("", "A question?") == "An answer."
    request = scripted.requests[0]
    assert request.path == "/openai/deployments/our-deployment/chat/completions?api-version=2024-10-21"
    assert request.headers["api-key"] == "secret"


@pytest.mark.parametrize(("provider", "path"), [("ollama", "/api/chat"), ("anthropic", "/v1/messages")])
def test_other_providers_are_asked_in_their_own_protocol(
    load: Load, scripted: ScriptedModel, provider: str, path: str
) -> None:
    scripted.script(Status(401))
    model = load(llm=f"{provider}:a-model:7b", llm_base_url=scripted.address, llm_api_key="secret")
    with pytest.raises(ModelFailed, match="refused the key"):
        model.ask("The rules.", "A question?")
    assert scripted.requests[0].path == path
    assert scripted.requests[0].body["model"] == "a-model:7b"


def test_tracing_that_the_environment_switches_on_stays_off(
    load: Load, scripted: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedModel() as tracer:
        monkeypatch.setenv("LANGSMITH_TRACING", "true")
        monkeypatch.setenv("LANGSMITH_API_KEY", "secret")
        monkeypatch.setenv("LANGSMITH_ENDPOINT", tracer.address)
        scripted.script(Reply("An answer."))
        load().ask("", "A question?")
        time.sleep(1)
        assert tracer.requests == []


@pytest.mark.parametrize(
    ("llm", "sentence"),
    [
        ("gpt-4o", r"ENGAGE_LLM is 'gpt-4o'; write provider:model"),
        ("openai:", r"write provider:model"),
        ("openia:some-model", r"provider 'openia', which is not known; write openai"),
        ("mistralai:some-model", r"'mistralai' is missing or too old; install langchain-mistralai"),
        ("openai:some-model", r"'openai' could not be set up .*; check ENGAGE_LLM_API_KEY"),
        ("anthropic:some-model", r"'anthropic' could not be set up .*; check ENGAGE_LLM_API_KEY"),
        ("azure_openai:some-model", r"'azure_openai' could not be set up .*; check ENGAGE_LLM_API_KEY"),
    ],
)
def test_a_model_that_cannot_be_set_up_is_refused_at_start(llm: str, sentence: str) -> None:
    with pytest.raises(ModelUnusable, match=sentence):
        load_chat_model(Settings(llm=llm))


def test_a_package_without_the_class_is_refused_at_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "langchain_groq.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(ModelUnusable, match="install langchain-groq"):
        load_chat_model(Settings(llm="groq:some-model"))
