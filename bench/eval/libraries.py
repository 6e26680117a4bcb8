"""A library of a set's documents, made by the product's own steps and kept for the next run.

Given passages become the blocks of documents; raw texts are read as files; documents of ours are added as anybody's.
From there on it is tidying, splitting, embedding, the catalogue and both indexes. A library is made again when the
documents, or the code that had a part in it, have changed; vectors of texts that are as they were are taken over.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from bench.eval.documents import Document, documents
from bench.eval.sets import AnySet, BadInput, QuestionSet
from ingest import adding
from ingest.catalogue import Catalogue, NewVersion, Original
from ingest.corpus import gather, make_card
from ingest.library import Library
from ingest.preparing import Preparer, Vectors
from ingest.register import Register
from ingest.settings import PROJECT, IngestSettings

_EMBEDDING = ("ingest/embedders.py", "ingest/embedding.py", "ingest/*.onnx")
_MAKING = (
    *_EMBEDDING,
    "bench/eval/documents.py",
    "ingest/catalogue/rows.py",
    "ingest/catalogue/tables.py",
    "ingest/catalogue/writes.py",
    "ingest/corpus.py",
    "ingest/index/building.py",
    "ingest/index/generation.py",
    "ingest/lexical.py",
    "ingest/preparing.py",
    "ingest/reading/*.py",
    "ingest/sentences.py",
    "ingest/splitting.py",
    "ingest/tidying.py",
    "ingest/vocabulary.py",
)
"""Code that has a part in what a library holds; the rest of ingest only keeps it."""
_TOLD_EVERY = 200

Report = Callable[[str], None]
Known = Callable[[str], dict[str, Vectors]]


@contextmanager
def library_of(given: AnySet, cache: Path, report: Report) -> Iterator[Library]:
    """The set's library, open; made first where it is not at hand. Raises BadInput, and what opening one raises."""
    folder = cache / f"{_name(given)}-{_key(given)}"
    if not folder.exists():
        _make(given, folder, report)
    with Library.open(_settings(folder)) as library:
        library.settle()
        yield library


def _make(given: AnySet, folder: Path, report: Report) -> None:
    """Aside, so that a run that is stopped leaves no half of a library; the one before it is deleted."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    name = _name(given)
    earlier = sorted(folder.parent.glob(f"{name}-{'[0-9a-f]' * 16}"), key=lambda path: path.stat().st_mtime)
    with tempfile.TemporaryDirectory(prefix=f"{name}.", dir=folder.parent) as making:
        data_dir = Path(making) / "library"
        if isinstance(given, QuestionSet):
            _add(given.paths, data_dir, report)
        else:
            with _known(earlier) as known:
                _fill(documents(given, Path(making)), data_dir, known, lambda what: report(f"{name}: {what}"))
        with Library.open(_settings(data_dir)) as library:
            library.settle()
        (data_dir / "made-from.json").write_text(json.dumps(_made_from()), encoding="utf-8")
        data_dir.rename(folder)
    for path in earlier:
        shutil.rmtree(path)


def _add(paths: Sequence[Path], data_dir: Path, report: Report) -> None:
    """As 'engage add' does."""
    with Library.open(_settings(data_dir)) as library:
        for added in adding.add(library, gather(paths)):
            report(added.message)
        if not library.catalogue.all_live_versions():
            raise BadInput(f"None of the documents in {', '.join(map(str, paths))} could be added. Name others.")


def _fill(given: Iterable[Document], data_dir: Path, known: Known, report: Report) -> None:
    """Straight into the catalogue: a library that is opened on it makes the indexes from it, all at once."""
    settings, register = _settings(data_dir), Register.load()
    with closing(Catalogue(settings.catalogue_url)) as catalogue, Preparer(settings) as preparer:
        for number, document in enumerate(given, start=1):
            file = document.found.path.name
            reading = document.reading or preparer.read(document.found.path, _quiet)
            if not any(character.isalnum() for block in reading.blocks for character in block.text):
                continue
            card = make_card(document.found, reading, register)
            ready = preparer.prepare(card.title, reading, known(card.id), file, _quiet)
            text = ready.prepared.canonical.text.encode()
            original = Original(hashlib.sha256(text).hexdigest(), file, "txt", len(text))
            new = NewVersion(card, "", original, ready.prepared, ready.embedding_keys, settings.embedder_name)
            catalogue.publish(catalogue.stage(new))
            if number % _TOLD_EVERY == 0:
                report(f"{number:,} documents prepared")


@contextmanager
def _known(earlier: Sequence[Path]) -> Iterator[Known]:
    """Vectors that the last library of this set has by document, where the same embedder made them."""
    usable = [path for path in earlier if json.loads((path / "made-from.json").read_text("utf-8")) == _made_from()]
    if not usable:
        yield lambda document: {}
        return
    settings = _settings(usable[-1])
    with closing(Catalogue(settings.catalogue_url)) as catalogue:
        yield lambda document: catalogue.vectors_by_key(document, settings.embedder_name)


def _quiet(stage: str, done: int, of: int) -> None:
    pass


def _settings(data_dir: Path) -> IngestSettings:
    """The embedder as the environment has it; never its database or Chroma server, where another library is held."""
    return IngestSettings(data_dir=data_dir, database_url=None, chroma_url=None)


def _name(given: AnySet) -> str:
    return given.library if isinstance(given, QuestionSet) else given.name


def _key(given: AnySet) -> str:
    of = _digest_of_documents(given.paths) if isinstance(given, QuestionSet) else given.digest
    embedder = _settings(Path()).embedder_name
    return hashlib.sha256(f"{of} {embedder} {_digest_of_code(_MAKING)}".encode()).hexdigest()[:16]


def _made_from() -> dict[str, str]:
    return {"embedding": _digest_of_code(_EMBEDDING)}


def _digest_of_documents(paths: Iterable[Path]) -> str:
    """By name and content, with their cards."""
    digest = hashlib.sha256()
    for found in gather(tuple(paths)):
        digest.update(f"{found.path.name}\0{found.card_text or ''}\0".encode("utf-8", "surrogateescape"))
        digest.update(found.path.read_bytes() if found.path.is_file() else b"")
    return digest.hexdigest()


def _digest_of_code(patterns: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in patterns for path in PROJECT.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()
