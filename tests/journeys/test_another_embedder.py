"""An operator names another embedder: it makes the library, is asked what it is asked, and is never mixed with one."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from ingest import rebuilding
from ingest.adding import Added, add
from ingest.corpus import gather
from ingest.embedding import MiniLM
from ingest.errors import IndexMismatch
from ingest.library import Library
from service.settings import Settings
from tests.service.conftest import Served, served
from tests.service.scripted_model import Json, ScriptedModel, Status

QUESTION = "Who was consulted on the Riverside plan?"
PREFIXES = {"embedder_question_prefix": "query: ", "embedder_passage_prefix": "passage: "}


class Crowded:
    """MiniLM with what sets many models apart from it: other dimensions, other lengths, and no cosine below 0.7."""

    def __init__(self, common: float = 1.7) -> None:
        self._minilm = MiniLM()
        self._common = common

    def __call__(self, body: Mapping[str, Any]) -> object:
        texts = [text.removeprefix("query: ").removeprefix("passage: ") for text in body["input"]]
        rows = [[5 * number for number in [*row, self._common]] for row in self._minilm.vectors(texts).tolist()]
        data = [{"object": "embedding", "index": index, "embedding": row} for index, row in enumerate(rows)]
        return {"object": "list", "model": "crowded", "data": data}


@pytest.fixture(scope="module")
def crowded() -> Crowded:
    return Crowded()


@pytest.fixture
def server(crowded: Crowded) -> Iterator[ScriptedModel]:
    with ScriptedModel(otherwise=Json(crowded)) as running:
        yield running


@pytest.fixture
def another(server: ScriptedModel) -> dict[str, object]:
    return {"embedder": "openai:crowded", "embedder_base_url": server.base_url, "embedder_api_key": "a secret"}


@pytest.fixture
def service(tmp_path: Path, another: dict[str, object]) -> Iterator[Served]:
    with served(tmp_path, **another, **PREFIXES) as running:
        yield running


def ask(service: Served, question: str = QUESTION) -> httpx.Response:
    return httpx.post(f"{service.url}/api/v1/questions", json={"question": question}, timeout=60)


def opened(folder: Path, **settings: object) -> Library:
    return Library.open(Settings.model_validate({"data_dir": folder / "data", **settings}))


def added(library: Library, *paths: Path) -> list[Added]:
    return list(add(library, gather(paths)))


def texts(server: ScriptedModel) -> set[str]:
    return {text for request in server.requests for text in request.body["input"]}


def test_it_answers_and_says_whose_vectors_it_answers_by(service: Served, server: ScriptedModel) -> None:
    answer = ask(service).json()
    assert answer["outcome"] == "answered"
    assert "residents of Riverside were consulted" in answer["points"][0]["text"]
    assert answer["method"]["embedder"] == "openai:crowded behind 'passage: '"
    assert f"query: {QUESTION}" in texts(server)
    assert f"passage: {QUESTION}" not in texts(server)
    assert any(text.startswith("passage: Riverside engagement plan") for text in texts(server))


def test_it_refuses_although_no_cosine_of_it_is_low(service: Served) -> None:
    answer = ask(service, "How many horses does the mounted police section feed in winter?").json()
    assert answer["outcome"] == "nothing_relevant"
    assert answer["points"] == []


def test_a_question_while_it_is_down_is_answered_with_what_to_do(service: Served, server: ScriptedModel) -> None:
    server.otherwise, working = Status(500), server.otherwise
    refused = ask(service)
    assert (refused.status_code, refused.headers["content-type"]) == (503, "application/problem+json")
    problem = refused.json()
    assert problem["type"] == "/problems/embedder-failed"
    assert problem["detail"].startswith("The embedder openai:crowded behind 'passage: ' failed (HTTP 500). Try again")
    assert "secret" not in refused.text

    page = httpx.post(f"{service.url}/", data={"question": QUESTION}, timeout=60)
    assert page.status_code == 503
    assert "failed (HTTP 500). Try again later" in page.text
    assert QUESTION in page.text  # still in its field, to be sent again

    streamed = httpx.post(f"{service.url}/api/v1/questions/stream", json={"question": QUESTION}, timeout=60)
    assert "event: problem" in streamed.text

    server.otherwise = working
    assert ask(service).json()["outcome"] == "answered"


def test_a_document_is_failed_with_its_reason_when_it_goes_down_on_the_way(
    tmp_path: Path, source: Path, another: dict[str, object], server: ScriptedModel
) -> None:
    first, second, third = sorted(source.glob("*.md"))
    with opened(tmp_path, **another) as library:
        assert [one.outcome for one in added(library, first)] == ["added"]
        server.otherwise, working = Status(500), server.otherwise
        [failed, too] = added(library, second, third)
        assert (failed.outcome, failed.reason) == (too.outcome, too.reason) == ("failed", "embedder_failed")
        assert failed.message.startswith("The embedder openai:crowded failed (HTTP 500).")
        assert library.catalogue.staged() == []
        assert len(library.catalogue.all_live_versions()) == 1
        server.otherwise = working
        assert [one.outcome for one in added(library, second, third)] == ["added", "added"]


def test_vectors_of_two_embedders_are_never_mixed_and_can_all_be_made_again(
    tmp_path: Path, source: Path, another: dict[str, object]
) -> None:
    with opened(tmp_path) as library:
        added(library, source)
    with pytest.raises(IndexMismatch, match=r"made by the embedder minilm, but openai:crowded is .* --embed-again"):
        opened(tmp_path, **another)
    with Library.open(
        Settings.model_validate({"data_dir": tmp_path / "data", **another}), any_embedder=True
    ) as library:
        assert rebuilding.embed_again(library, lambda progress: None) == 3
        library.rebuild()
    with opened(tmp_path, **another) as library:
        [vector] = library.embedder.questions(["When do officers hold a street surgery?"])
        assert vector.shape == (385,)
        library.settle()
        [(best, cosine), *_] = library.nearest(vector, 3)
        assert "street surgery" in library.catalogue.passages([best])[best].text
        assert 0.3 < cosine < 0.9
    with pytest.raises(IndexMismatch, match=r"made by the embedder openai:crowded, but minilm is"):
        opened(tmp_path)
    with pytest.raises(IndexMismatch, match=r"but openai:crowded behind 'passage: ' is configured"):
        opened(tmp_path, **another, **PREFIXES)


def test_another_model_behind_the_same_name_is_noticed(
    tmp_path: Path, source: Path, another: dict[str, object], server: ScriptedModel
) -> None:
    first, second, _ = sorted(source.glob("*.md"))
    with opened(tmp_path, **another) as library:
        added(library, first)
    server.otherwise = Json(Crowded(common=0.2))
    with opened(tmp_path, **another) as library:
        [failed] = added(library, second)
        assert failed.message.startswith("What answers as openai:crowded is not the model that made the library's")
        with pytest.raises(IndexMismatch, match=r"run 'engage rebuild --embed-again'"):
            _ = library.embedder


def test_a_start_without_it_ends_in_a_sentence(tmp_path: Path, source: Path) -> None:
    down = {"ENGAGE_EMBEDDER": "openai:crowded", "ENGAGE_EMBEDDER_BASE_URL": "http://127.0.0.1:9/v1"}
    environment = {**os.environ, **down, "ENGAGE_DATA_DIR": str(tmp_path / "data")}
    for command in (["serve", "--port", "0"], ["ask", QUESTION], ["add", "--json", str(source)]):
        ran = subprocess.run(
            [sys.executable, "-m", "service", *command], env=environment, capture_output=True, text=True, timeout=120
        )
        said = json.loads(ran.stdout.splitlines()[0])["message"] if command[0] == "add" else ran.stderr
        assert ran.returncode == 1
        assert "Traceback" not in ran.stderr
        assert "The embedder openai:crowded could not be reached. Try again later; whoever runs this service" in said
