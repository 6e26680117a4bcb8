"""With a language model set, it words the answer; whatever it does, nothing leaves that the documents do not say."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.adding import add
from ingest.corpus import gather
from ingest.library import Library
from service import recording
from service.recording import Recording
from service.records import Records
from service.settings import Settings
from service.vocabulary import Answer, Asker, Outcome, Question
from tests.service.scripted_model import Behaviour, Nonsense, Reply, Request, ScriptedModel, Stall, Status

PLAN = """---
id: hillside-plan
title: Hillside activity plan
organisations: [{slug: cumbria, role: author}]
kind: activity-plan
published: 2022
---
# Hillside activity plan

## Farm visits

Cumbria Constabulary visits 40 farms each spring. Farmers should be told what became of their views.
"""
QUESTION = Question(question="How many farms does Cumbria visit?")


@pytest.fixture
def scripted() -> Iterator[ScriptedModel]:
    with ScriptedModel() as model:
        yield model


@pytest.fixture
def answering(tmp_path: Path, scripted: ScriptedModel) -> Iterator[Recording]:
    (tmp_path / "plan.md").write_text(PLAN, encoding="utf-8")
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        data_dir=tmp_path / "data",
        llm="openai:scripted",
        llm_base_url=scripted.base_url,
        llm_api_key="none",
        llm_timeout_seconds=2,
    )
    with Library.open(settings) as library:
        list(add(library, gather([tmp_path / "plan.md"]), lambda progress: None))
        built = recording.build(library, settings, Records(library.catalogue.engine))
        yield built
        built.close()


def ask(answering: Recording) -> Answer:
    return answering.answer(QUESTION, Asker())


def saying(*statements: str, answered: str = "yes") -> Reply:
    """A reply with these statements, each resting on the plan's two sentences, by the ids that they were given."""

    def write(request: Request) -> str:
        lines = [line for line in request.user.splitlines() if "40 farms" in line or "Farmers should" in line]
        names = [json.loads(line)["id"] for line in lines]
        return json.dumps({"statements": [{"text": s, "evidence": names} for s in statements], "answered": answered})

    return Reply(write)


def test_the_model_words_the_answer_and_the_code_writes_the_reference(
    answering: Recording, scripted: ScriptedModel
) -> None:
    scripted.script(saying("Cumbria Constabulary visits 40 farms each spring [9]."))
    answer = ask(answering)
    assert answer.outcome is Outcome.ANSWERED
    assert (answer.method.composer, answer.method.model) == ("generative", "openai:scripted")
    (point,) = answer.points
    assert "[9]" not in point.text
    assert point.citations == (1, 2)
    assert answer.citations[0].cited_text.startswith("Cumbria Constabulary visits 40 farms")


@pytest.mark.parametrize(
    "false",
    [
        "Cumbria Constabulary visits 400 farms each spring.",
        "Farmers must be told what became of their views.",
        "Durham Constabulary visits 40 farms each spring.",
    ],
)
def test_what_the_evidence_does_not_say_is_dropped_and_the_reader_told(
    answering: Recording, scripted: ScriptedModel, false: str
) -> None:
    scripted.script(saying("Cumbria Constabulary visits 40 farms each spring.", false))
    answer = ask(answering)
    assert [point.text for point in answer.points] == ["Cumbria Constabulary visits 40 farms each spring."]
    assert answer.method.citations_dropped == 1
    assert answer.method.note
    assert "1 statement of the language model could not be verified" in answer.method.note


def test_an_invented_reference_leaves_the_verbatim_answer(answering: Recording, scripted: ScriptedModel) -> None:
    invented = {"statements": [{"text": "Cumbria visits farms.", "evidence": ["zz99"]}], "answered": "yes"}
    scripted.script(Reply(json.dumps(invented)))
    answer = ask(answering)
    assert answer.method.composer == "extractive"
    assert answer.points[0].text.startswith("Cumbria Constabulary visits 40 farms")
    assert answer.method.note
    assert re.search("could be verified.*verbatim", answer.method.note)


@pytest.mark.parametrize("failing", [Status(500), Stall(10), Nonsense(), Reply("I think so!"), Reply("{}", "length")])
def test_a_model_that_fails_leaves_the_verbatim_answer_and_says_so(
    answering: Recording, scripted: ScriptedModel, failing: Behaviour
) -> None:
    scripted.script(failing, failing)
    answer = ask(answering)
    assert answer.method.composer == "extractive"
    assert answer.points[0].text.startswith("Cumbria Constabulary visits 40 farms")
    assert answer.method.note
    assert answer.method.note.endswith("This answer is verbatim.")


def test_a_model_that_finds_no_answer_leaves_the_evidence_to_the_reader(
    answering: Recording, scripted: ScriptedModel
) -> None:
    scripted.script(Reply(json.dumps({"statements": [], "answered": "no"})))
    answer = ask(answering)
    assert answer.outcome is Outcome.PARTLY_ANSWERED
    assert answer.points
    assert answer.method.note == "The language model found no answer in the evidence, which is given verbatim."


def test_the_model_is_not_asked_what_the_library_cannot_answer(answering: Recording, scripted: ScriptedModel) -> None:
    answer = answering.answer(Question(question="What is the capital of Norway?"), Asker())
    assert answer.outcome is Outcome.OUT_OF_SCOPE
    assert scripted.requests == []
