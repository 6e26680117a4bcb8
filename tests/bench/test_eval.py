"""The score card: small sets of our own through the real command, and its arithmetic against figures worked by hand."""

import gzip
import json
import subprocess
from collections.abc import Callable
from math import log2
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench.eval.__main__ import main
from bench.eval.documents import documents_of
from bench.eval.figures import Decisions, auroc, characters, common_characters, match, ndcg, recall, share, united
from bench.eval.sets import GivenPassage
from ingest.library import Library

PROJECT = Path(__file__).parents[2]

PAGE = {"title": "Ferry landing", "url": "https://harbour.example/ferry", "publisher": "harbour.example"}
PASSAGES: list[dict[str, Any]] = [
    {"id": "ferry-1", "sentences": ["The ferry leaves the landing at noon.", "Dogs travel free of charge."], **PAGE},
    {"id": "ferry-2", "sentences": ["Bicycles are stowed below the deck of the ferry."], **PAGE},
    {"id": "bees", "title": "Beekeeping", "sentences": ["Bees winter in a cluster around their queen."]},
    {
        "id": "bread",
        "title": "Bread",
        "publisher": "mill.example",
        "sentences": [
            "Knead the dough for ten minutes.",
            "Let the dough rise overnight.",
            "Bake the loaf until brown.",
        ],
    },
    {"id": "moths", "title": "Moths", "publisher": "mill.example", "sentences": ["Moths are drawn to the lamp."]},
    {"id": "clock", "title": "The tower clock", "sentences": ["The tower clock is wound every Friday by two ringers."]},
    {"id": "salt", "title": "Salt pans", "sentences": ["Sea water dries in the salt pans until crystals form."]},
    {"id": "chess", "title": "Chess club", "sentences": ["The chess club meets above the bakery on Tuesdays."]},
]
QUERIES: list[dict[str, Any]] = [
    {
        "id": "rise",
        "query": "How long should the dough rise?",
        "gold": ["bread"],
        "evidence": {"bread": [1]},
        "publishers": ["mill.example", "elsewhere.example"],
    },
    {
        "id": "ferry",
        "query": "Where are bicycles stowed on the ferry?",
        "scenario": "I travel with a bicycle.",
        "gold": ["ferry-2"],
        "publishers": ["harbour.example"],
    },
    {"id": "clock", "query": "Who winds the tower clock?", "gold": ["clock"], "evidence": {"clock": [0]}},
    {"id": "winter", "query": "How do bees winter around their queen?", "gold": ["bees"]},
    {"id": "price", "query": "What did the tower clock cost to build?", "answerable": False, "gold": ["clock"]},
]
FIELDS = """The north field lies fallow this year, and sheep keep the thistles down.

The south field carries barley,
which is cut in the second week of August.

Reasons for the hedge:
•
•
it keeps the wind off
it gives the birds a home
"""


def write_lines(file: Path, lines: list[dict[str, Any]]) -> None:
    text = "".join(json.dumps(line) + "\n" for line in lines)
    file.write_bytes(gzip.compress(text.encode()) if file.suffix == ".gz" else text.encode())


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a set of passages and one of raw documents."""
    folder = tmp_path_factory.mktemp("sets")
    write_lines(folder / "harbour.passages.jsonl.gz", PASSAGES)
    write_lines(folder / "harbour.queries.dev.jsonl.gz", QUERIES)
    write_lines(folder / "fields.docs.jsonl.gz", [{"id": "fields/one", "text": FIELDS}])
    spans = [
        (FIELDS.index(words), FIELDS.index(words) + len(words)) for words in ("The south field", "barley,\nwhich ")
    ]
    query = {"id": "cut", "query": "When is the barley cut?", "doc": "fields/one", "refs": spans}
    write_lines(folder / "fields.queries.dev.jsonl.gz", [query])
    return folder


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where libraries and runs are kept."""
    return tmp_path_factory.mktemp("kept")


Run = Callable[..., str]


@pytest.fixture
def run(data: Path, kept: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command over the sets; gives back what it printed."""

    def command(*arguments: str) -> str:
        options = ["--data", str(data), "--cache", str(kept / "libraries"), "--results", str(kept / "results")]
        assert main([*options, *arguments]) == 0
        return capsys.readouterr().out

    return command


@pytest.fixture(scope="module")
def scored(data: Path, kept: Path) -> dict[str, Any]:
    """What script/eval prints for the two sets with --json."""
    command = [PROJECT / "script" / "eval", "--data", data, "--json"]
    command += ["--cache", kept / "libraries", "--results", kept / "results"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    told: dict[str, Any] = json.loads(printed)
    return told


def test_every_passage_asked_for_comes_first(scored: dict[str, Any]) -> None:
    figures = scored["sets"]["harbour"]["figures"]
    assert figures["questions"] == 5
    assert figures["nDCG@10"] == 1.0
    assert figures["recall@5"] == figures["recall@10"] == figures["recall@20"] == 1.0


def test_organisations_are_found_by_the_publishers_of_the_passages(scored: dict[str, Any]) -> None:
    # One of two, since elsewhere.example publishes nothing that is held, and one of one.
    assert scored["sets"]["harbour"]["figures"]["organisation recall@10"] == (1 / 2 + 1) / 2


def test_the_sentences_asked_for_are_among_those_chosen(scored: dict[str, Any]) -> None:
    figures = scored["sets"]["harbour"]["figures"]
    assert figures["evidence recall"] == 1.0
    assert 0 < figures["evidence precision"] <= 1
    assert figures["evidence precision"] <= figures["evidence F1"] <= figures["evidence recall"]


def test_refusal_is_scored_with_and_without_the_documents_that_answer(scored: dict[str, Any]) -> None:
    figures = scored["sets"]["harbour"]["figures"]
    assert figures["AUROC, masked"] > 0.5
    for name in ("F1 of answering", "false answers", "nearest shown"):
        assert 0 <= figures[f"{name}, masked"] <= 1
        assert 0 <= figures[f"{name}, hard"] <= 1
    assert 0 <= figures["false refusals"] <= 1
    assert figures["citations that verify"] == 1.0


def test_of_raw_documents_characters_are_counted(scored: dict[str, Any]) -> None:
    """The whole text is one passage shorter than what is read, so all of the gold is, and so is everything else."""
    figures = scored["sets"]["fields"]["figures"]
    read = len(
        "The north field lies fallow this year, and sheep keep the thistles down.\n\n"
        "The south field carries barley, which is cut in the second week of August.\n\n"
        "Reasons for the hedge:\nit keeps the wind off\nit gives the birds a home"
    )
    assert figures["recall in 4,000 characters"] == 1.0
    assert figures["precision in 2,000 characters"] == pytest.approx(len("The south fieldbarley, which") / read)


def test_what_it_was_run_with_is_told_and_kept(scored: dict[str, Any], kept: Path) -> None:
    configured = scored["configuration"]
    assert configured["embedder"] == "minilm"
    assert configured["packages"]["tantivy"]
    assert configured["constants"]["service.sufficiency"]["THRESHOLD"] > 0
    assert "intercept" in configured["fitted"]["sufficiency.json"]
    assert json.loads((kept / "results" / "dev.json").read_text())["configuration"] == configured


def test_the_next_run_finds_the_libraries_and_stands_beside_the_last(
    scored: dict[str, Any], run: Run, kept: Path
) -> None:
    before = sorted((path.name, path.stat().st_ino) for path in (kept / "libraries").iterdir())
    printed = run("--set", "harbour")
    assert sorted((path.name, path.stat().st_ino) for path in (kept / "libraries").iterdir()) == before
    assert "  nDCG@10                              1.000     1.000    +0.000\n" in printed
    assert "fields" not in printed
    assert set(json.loads((kept / "results" / "dev.json").read_text())["sets"]) == {"fields", "harbour"}


def test_other_questions_are_not_set_beside_the_last_run(scored: dict[str, Any], run: Run, data: Path) -> None:
    write_lines(data / "harbour.queries.few.jsonl.gz", QUERIES[:1])
    assert "  nDCG@10                              1.000         –         –\n" in run("--split", "few")


def test_features_are_written_beside_what_is_gold(scored: dict[str, Any], run: Run, tmp_path: Path) -> None:
    run("--set", "harbour", "--features", str(tmp_path))
    with np.load(tmp_path / "harbour.passages.npz") as passages:
        assert passages["questions"].tolist() == [query["id"] for query in QUERIES]
        assert {"score", "cosine", "bm25", "rank"} <= set(passages["columns"].tolist())
        assert passages["rows"].shape == (len(passages["gold"]), len(passages["columns"]))
        ranks = passages["rows"][:, passages["columns"].tolist().index("rank")]
        assert ranks[passages["gold"]].tolist() == [0.0] * 5
    with np.load(tmp_path / "harbour.sentences.npz") as sentences:
        assert sentences["wanted"].tolist() == [1, 0, 1, 0, 0]
        assert sentences["gold"].sum() == 2


def test_a_library_of_ones_own_is_scored_by_its_questions(source: Path, tmp_path: Path, run: Run) -> None:
    questions = tmp_path / "questions.jsonl"
    held = "Officers hold a street surgery by the ferry landing on the first Monday of each month."
    cases = [
        {"question": "When do officers hold a street surgery?", "gold_quotes": [held, "Nobody wrote this sentence."]},
        {"question": "Who won the cup final in 1966?", "expects": "refuse"},
    ]
    write_lines(questions, cases)
    printed = json.loads(run("--library", str(source), "--questions", str(questions), "--json"))
    figures = printed["sets"]["library"]["figures"]
    assert figures["a gold sentence cited"] == 1.0
    assert figures["all gold sentences cited"] == 0.0
    assert figures["gold sentences cited"] == 0.5
    assert figures["false answers, refused"] == 0.0
    assert figures["citations that verify"] == 1.0


def test_passages_of_one_page_are_sections_of_one_document(scored: dict[str, Any], kept: Path) -> None:
    documents = documents_of(GivenPassage.model_validate(passage) for passage in PASSAGES)
    assert [len(group) for group in documents.values()] == [2, 1, 1, 1, 1, 1, 1]
    [folder] = (kept / "libraries").glob("harbour-*")
    with Library.open(settings_of(folder)) as library:
        page = library.catalogue.passages_of(library.catalogue.version_of("d0").id)
        assert [passage.text for passage in page] == [" ".join(passage["sentences"]) for passage in PASSAGES[:2]]


def settings_of(folder: Path) -> Any:
    from ingest.settings import IngestSettings

    return IngestSettings(data_dir=folder, _env_file=None)  # type: ignore[call-arg]


BAD = {
    "no such folder": (None, "is no folder. Name a folder of sets with --data."),
    "a line that is no JSON": ('{"id": "q"', "harbour.queries.dev.jsonl.gz, line 1 cannot be used"),
    "a field that is missing": ('{"id": "q"}', "line 1 cannot be used (query: Field required)"),
    "gold that is not given": ('{"id": "q", "query": "Who?", "gold": ["x"]}', "query q: no passage x is given."),
    "a sentence that is not there": (
        '{"id": "q", "query": "Who?", "evidence": {"bees": [1]}}',
        "query q: passage bees has no such sentence.",
    ),
    "a question that is too long": (json.dumps({"id": "q", "query": "Who? " * 500}), "at most 2000 characters"),
}


@pytest.mark.parametrize(("line", "said"), BAD.values(), ids=BAD)
def test_bad_input_is_told_in_a_sentence(
    line: str | None, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if line is not None:
        write_lines(tmp_path / "harbour.passages.jsonl.gz", PASSAGES)
        (tmp_path / "harbour.queries.dev.jsonl.gz").write_bytes(gzip.compress(line.encode()))
    assert main(["--data", str(tmp_path if line is not None else tmp_path / "absent")]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert said in printed.err


def test_a_set_without_passages_and_a_file_cut_short_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_lines(tmp_path / "harbour.queries.dev.jsonl.gz", QUERIES)
    assert main(["--data", str(tmp_path)]) == 2
    assert "has neither harbour.passages.jsonl.gz nor harbour.docs.jsonl.gz beside it" in capsys.readouterr().err
    write_lines(tmp_path / "whole.jsonl.gz", PASSAGES)
    (tmp_path / "harbour.passages.jsonl.gz").write_bytes((tmp_path / "whole.jsonl.gz").read_bytes()[:-20])
    assert main(["--data", str(tmp_path)]) == 2
    assert "harbour.passages.jsonl.gz cannot be read" in capsys.readouterr().err


def test_ranks_gain_less_the_lower_they_stand() -> None:
    # Gold at ranks 1 and 3 of the two that there are: (1 + 1/2) / (1 + 1/log2(3)).
    assert ndcg(["a", "x", "b"], {"a", "b"}) == pytest.approx(1.5 / (1 + 1 / log2(3)))
    assert ndcg(["x", *"abc"], {"a"}, k=1) == 0.0
    assert recall(["a", "x", "b"], {"a", "b", "c", "d"}, k=2) == 0.25


def test_chosen_sentences_are_matched_with_gold() -> None:
    # Three chosen: one holds two of the three gold ones, one holds none of them, one holds nothing that was given.
    found = match([{1, 2}, {7}, set()], {1, 2, 3})
    assert (found.precision, found.recall) == (1 / 3, 2 / 3)
    assert found.f1 == pytest.approx(4 / 9)
    assert match([], {1}).f1 == 0.0


def test_auroc_counts_the_pairs_in_the_right_order() -> None:
    # Of six pairs, four are right and one is a tie.
    assert auroc([0.9, 0.4], [0.1, 0.4, 0.5]) == 4.5 / 6
    assert auroc([0.9], []) is None


def test_decisions_are_counted_by_what_should_have_been() -> None:
    decisions = Decisions(answerable=(True, True, True, False), unanswerable=(True, False))
    assert decisions.false_answers == 1 / 2
    assert decisions.f1 == pytest.approx(2 * 3 / (3 + 1 + 4))
    assert share([]) is None


def test_characters_are_counted_once() -> None:
    assert united([(5, 9), (0, 3), (2, 4)]) == [(0, 4), (5, 9)]
    assert characters([(5, 9), (0, 3), (2, 4)]) == 8
    assert common_characters([(0, 4), (5, 9)], [(3, 6), (5, 7)]) == 3
