"""A library of a set's documents, made by the product's own steps and kept for the next run.

Given passages become the blocks of documents; raw texts are read as files. From there on it is tidying, splitting,
embedding, the catalogue and both indexes as for any document. A library is made again when the documents or the code of
ingest have changed; vectors of texts that are as they were are taken over.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.eval.sets import AnySet, BadInput, DocumentSet, GivenPassage, PassageSet, QuestionSet
from ingest import adding
from ingest.catalogue import Catalogue, NewVersion, Original
from ingest.corpus import Found, gather, make_card
from ingest.library import Library
from ingest.preparing import Preparer, Vectors
from ingest.register import Register
from ingest.settings import PROJECT, IngestSettings
from ingest.vocabulary import Block, BlockKind, Reading

_TITLE_CHARACTERS = 300
_EMBEDDING = ("embedding.py", "minilm.onnx")
_OF_NO_MATTER = ("__main__.py", "telling.py", "going_through.py", "verifying.py", "rebuilding.py", "errors.py")

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Document:
    """One document to be held: a file, and what is read from it, unless reading it is part of the matter."""

    found: Found
    reading: Reading | None = None


def documents_of(passages: Iterable[GivenPassage]) -> dict[str, tuple[GivenPassage, ...]]:
    """Passages of the same title and address are one document. By document id."""
    grouped: dict[object, list[GivenPassage]] = {}
    for number, passage in enumerate(passages):
        page: object = (passage.title, passage.url) if passage.url else number
        grouped.setdefault(page, []).append(passage)
    return {document_name(number): tuple(group) for number, group in enumerate(grouped.values())}


def document_name(number: int) -> str:
    """The id of a set's n-th document in its library."""
    return f"d{number}"


@contextmanager
def library_of(wanted: AnySet, cache: Path, report: Report) -> Iterator[Library]:
    """The set's library, open; made first where it is not at hand. Raises BadInput, and what opening one raises."""
    folder = cache / f"{_name(wanted)}-{_key(wanted)}"
    if not folder.exists():
        _make(wanted, folder, report)
    with Library.open(_settings(folder)) as library:
        library.settle()
        yield library


def _make(wanted: AnySet, folder: Path, report: Report) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    name = _name(wanted)
    earlier = sorted(folder.parent.glob(f"{name}-{'[0-9a-f]' * 16}"), key=lambda path: path.stat().st_mtime)
    with tempfile.TemporaryDirectory(prefix=f"{name}.", dir=folder.parent) as making:
        data_dir = Path(making) / "library"
        if isinstance(wanted, QuestionSet):
            _add(wanted.paths, data_dir, report)
        else:
            with _known(earlier) as known:
                _fill(_documents(wanted, Path(making)), data_dir, known, report, name)
        with Library.open(_settings(data_dir)) as library:
            library.settle()
        (data_dir / "made-from.json").write_text(json.dumps({"embedding": _digest_of_code(_EMBEDDING)}))
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


def _documents(wanted: PassageSet | DocumentSet, folder: Path) -> Iterator[Document]:
    if isinstance(wanted, PassageSet):
        for name, passages in documents_of(wanted.passages).items():
            yield Document(Found(Path(f"{name}.txt")), _reading(name, passages))
        return
    for number, text in enumerate(wanted.documents):
        path = folder / f"{text.id}.txt"
        path.write_bytes(text.text.encode())
        yield Document(Found(path, f"id: {document_name(number)}"))


def _reading(name: str, passages: Sequence[GivenPassage]) -> Reading:
    """Each passage a paragraph of its document."""
    title = " ".join(passages[0].title.split())[:_TITLE_CHARACTERS].strip()
    card: dict[str, object] = {"id": name, "title": title, "url": passages[0].url}
    return Reading(tuple(Block(BlockKind.PARAGRAPH, " ".join(passage.sentences)) for passage in passages), card=card)


Known = Callable[[str], dict[str, Vectors]]


@contextmanager
def _known(earlier: Sequence[Path]) -> Iterator[Known]:
    """Vectors that the last library of this set has by document, where the same embedder made them."""
    made = {"embedding": _digest_of_code(_EMBEDDING)}
    usable = [path for path in earlier if json.loads((path / "made-from.json").read_text()) == made]
    if not usable:
        yield lambda document: {}
        return
    settings = _settings(usable[-1])
    with closing(Catalogue(settings.catalogue_url)) as catalogue:
        yield lambda document: catalogue.vectors_by_key(document, settings.embedder)


def _fill(documents: Iterable[Document], data_dir: Path, known: Known, report: Report, name: str) -> None:
    """Straight into the catalogue: a library that is opened on it makes the indexes from it, all at once."""
    settings, register = _settings(data_dir), Register.load()
    with closing(Catalogue(settings.catalogue_url)) as catalogue, Preparer(settings) as preparer:
        for number, document in enumerate(documents, start=1):
            file = document.found.path.name
            reading = document.reading or preparer.read(document.found.path, _quiet)
            if not any(character.isalnum() for block in reading.blocks for character in block.text):
                continue
            card = make_card(document.found, reading, register)
            ready = preparer.prepare(card.title, reading, known(card.id), file, _quiet)
            digest = hashlib.sha256(ready.prepared.canonical.text.encode()).hexdigest()
            original = Original(digest, file, "txt", len(ready.prepared.canonical.text.encode()))
            new = NewVersion(card, "", original, ready.prepared, ready.embedding_keys, settings.embedder)
            catalogue.publish(catalogue.stage(new))
            if number % 100 == 0:
                report(f"{name}: {number:,} documents prepared")


def _quiet(stage: str, done: int, of: int) -> None:
    pass


def _settings(data_dir: Path) -> IngestSettings:
    """The embedder as the environment has it; never its database or Chroma server, which hold a library of its own."""
    return IngestSettings(data_dir=data_dir, database_url=None, chroma_url=None)


def _name(wanted: AnySet) -> str:
    return wanted.library if isinstance(wanted, QuestionSet) else wanted.name


def _key(wanted: AnySet) -> str:
    given = _digest_of_files(wanted.paths) if isinstance(wanted, QuestionSet) else wanted.digest
    embedder = _settings(Path()).embedder
    return hashlib.sha256(f"{given} {embedder} {_digest_of_code()}".encode()).hexdigest()[:16]


def _digest_of_files(paths: Iterable[Path]) -> str:
    """Of the documents and their cards, by name and content."""
    digest = hashlib.sha256()
    for found in gather(tuple(paths)):
        digest.update(f"{found.path.name}\0{found.card_text or ''}\0".encode())
        digest.update(found.path.read_bytes() if found.path.is_file() else b"")
    return digest.hexdigest()


def _digest_of_code(names: Sequence[str] = ()) -> str:
    """Of these files of ingest, or of all that has a part in what a library holds, and of this file."""
    digest = hashlib.sha256(Path(__file__).read_bytes() if not names else b"")
    for path in sorted((PROJECT / "ingest").rglob("*")):
        wanted = path.name in names if names else path.name not in _OF_NO_MATTER
        if path.suffix in (".py", ".onnx", ".csv") and wanted:
            digest.update(path.read_bytes())
    return digest.hexdigest()
