"""The real seminar update that this began from, asked about beside the shipped corpus; skipped where it is absent."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.adding import add
from ingest.corpus import gather
from ingest.library import Library
from ingest.settings import IngestSettings
from service.answering import Answering
from service.records import Records
from service.vocabulary import Answer, Asker, Question

PROJECT = Path(__file__).resolve().parents[2]
SHARED = PROJECT.parent / "shared"
UPDATE = SHARED / "seed" / "public-engagement-strand-update-1.txt"

pytestmark = pytest.mark.skipif(not UPDATE.exists(), reason="the seminar update is not part of the project")


def asked(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SHARED / "data" / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answering]:
    settings = IngestSettings(data_dir=tmp_path_factory.mktemp("update"), _env_file=None)  # type: ignore[call-arg]
    shipped = [
        path
        for path in sorted((PROJECT / "corpus").glob("*.md"))
        if path.name != "README.md" and "digest" not in path.name
    ]
    with Library.open(settings) as library:
        list(add(library, gather([*shipped, UPDATE]), lambda progress: None))
        yield Answering(library, Records(library.catalogue.engine).new_reference)


def answer(answering: Answering, case: dict[str, Any]) -> Answer:
    question = Question.model_validate({"question": case["question"], "history": case.get("history", ())})
    return answering.answer(question, Asker())


def gold_cited(answered: Answer, case: dict[str, Any]) -> list[bool]:
    cited = [" ".join(citation.cited_text.split()) for citation in answered.citations]
    return [any(" ".join(gold.split()) in text for text in cited) for gold in case["gold_quotes"]]


def test_questions_are_answered_with_the_sentences_that_answer_them(answering: Answering) -> None:
    cases = [case for case in asked("questions-dev.jsonl") if case["gold_quotes"]]
    found = [gold_cited(answer(answering, case), case) for case in cases]
    assert sum(map(any, found)) >= 0.85 * len(cases)
    assert sum(map(all, found)) >= 0.70 * len(cases)


def test_what_it_cannot_answer_is_refused(answering: Answering) -> None:
    cases = [case for case in asked("questions-dev.jsonl") if case["expects"] == "refuse"]
    refused = [not answer(answering, case).points for case in cases]
    assert sum(refused) >= 0.80 * len(cases)


def test_questions_worded_unlike_the_update_find_it(answering: Answering) -> None:
    cases = asked("synonyms-dev.jsonl")
    assert sum(any(gold_cited(answer(answering, case), case)) for case in cases) >= 6


def test_the_update_is_never_given_to_a_force(answering: Answering) -> None:
    for case in asked("questions-dev.jsonl"):
        for citation in answer(answering, case).citations:
            if citation.source.document_id == UPDATE.stem:
                assert citation.source.organisations == ()
