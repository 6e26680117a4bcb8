"""A prompt is counted before it is sent, with the model's own vocabulary where it is held, never over the network."""

import hashlib
import inspect
import os
import re
import socket
from pathlib import Path

import pytest
import tiktoken_ext.openai_public

from service import budget
from service.budget import TokenCounter, load_counter

PROSE = (
    "Neighbourhood officers meet residents on the first Tuesday of each month. In 2024 they held 312 meetings, and "
    "4,870 people came; 18% of them were under 25. What residents ask for is written down and answered within 28 days."
)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("counting went to the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.delenv("TIKTOKEN_CACHE_DIR", raising=False)


@pytest.fixture
def estimate(no_network: None) -> TokenCounter:
    return load_counter("any-model")


def test_without_a_vocabulary_the_count_is_an_estimate_and_says_so(estimate: TokenCounter) -> None:
    assert (estimate.exact, estimate.name) == (False, "minilm (estimate)")
    words = len(re.findall(r"\w+", PROSE))
    assert words < estimate.count(PROSE) < 2 * words


def test_a_known_model_without_its_vocabulary_is_estimated_too(no_network: None) -> None:
    assert not load_counter("gpt-4o").exact


def test_a_file_that_is_not_the_vocabulary_is_left_alone(
    no_network: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    file = tmp_path / budget._FILES["o200k_base"][0]
    file.write_bytes(b"not a vocabulary")
    assert not load_counter("gpt-4o").exact
    assert file.read_bytes() == b"not a vocabulary"


def test_the_files_looked_for_are_those_that_tiktoken_would_fetch() -> None:
    for name, (file_name, sha256) in budget._FILES.items():
        source = inspect.getsource(tiktoken_ext.openai_public.ENCODING_CONSTRUCTORS[name])
        address = re.search(r'"(https://[^"]+)"', source)
        assert address
        assert file_name == hashlib.sha1(address[1].encode()).hexdigest()
        assert sha256 in source


def test_the_models_own_vocabulary_is_used_where_it_is_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = os.environ.get("TIKTOKEN_CACHE_DIR")
    if not folder or not Path(folder, budget._FILES["o200k_base"][0]).is_file():
        pytest.skip("TIKTOKEN_CACHE_DIR does not hold a vocabulary")
    own = load_counter("gpt-4o")
    assert (own.exact, own.name) == (True, "o200k_base")
    monkeypatch.delenv("TIKTOKEN_CACHE_DIR")
    assert own.count(PROSE) <= load_counter("gpt-4o").count(PROSE)


@pytest.mark.parametrize("text", [" " * 1_000_000, "a" * 1_000_000, "\n" * 1_000_000], ids=["spaces", "a", "lines"])
def test_a_million_of_anything_is_counted(estimate: TokenCounter, text: str) -> None:
    assert estimate.count(text) > 100_000


def test_special_tokens_and_lone_surrogates_are_plain_text(estimate: TokenCounter) -> None:
    assert estimate.count("<|endoftext|>") > 3
    assert estimate.count("a \ud800 b") > 2
    assert estimate.count("") == 0


def test_whole_texts_are_taken_in_order_and_what_is_too_long_is_passed_over(estimate: TokenCounter) -> None:
    texts = ["one two three", PROSE, "four five", "six seven"]
    assert estimate.fitting(texts, 8) == [0, 2, 3]
    assert estimate.fitting(texts, 5) == [0, 2]
    assert estimate.fitting(texts, 0) == []
