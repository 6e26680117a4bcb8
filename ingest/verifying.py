"""Compares what is held with what was derived from it, and says what differs."""

import hashlib
from collections.abc import Iterator

from ingest.catalogue import HeldPassage, HeldVersion
from ingest.embedding import check_weights
from ingest.errors import WeightsMissing
from ingest.index import ChromaFailed
from ingest.library import Library
from ingest.vocabulary import Span

_REBUILD = "run 'engage rebuild'"


def verify(library: Library) -> Iterator[str]:
    """One sentence for each difference, ending in what to do; nothing if all is as it should be."""
    for version_id in library.catalogue.all_versions():
        yield from _version(library, library.catalogue.version(version_id))
    yield from _words(library)
    yield from _vectors(library)
    yield from _weights(library)


def _weights(library: Library) -> Iterator[str]:
    if library.settings.embedder_name != "minilm":
        return
    try:
        check_weights()
    except WeightsMissing as missing:
        yield str(missing)


def _version(library: Library, version: HeldVersion) -> Iterator[str]:
    what = f"'{version.document_id}', version {version.number}"
    if not library.originals.is_whole(version.sha256):
        yield f"The original of {what} ({version.file_name}) is missing or altered: add that file again."
    try:
        passages = library.catalogue.passages_of(version.id)
    except ValueError as error:
        yield f"A vector of {what} is cut short ({error}): {_REBUILD} --embed-again."
        return
    faulty = [passage.ordinal for passage in passages if not _is_whole(version.text, passage)]
    if faulty or not passages:
        yield (
            f"{len(faulty)} of {len(passages)} passages of {what} do not stand in its text as recorded: remove the"
            " document and add it again."
        )


def _is_whole(text: str, passage: HeldPassage) -> bool:
    start, end = passage.span
    return (
        _lies_in(text, passage.span)
        and text[start:end] == passage.text
        and hashlib.sha256(passage.text.encode()).hexdigest() == passage.digest
        and len(passage.sentences) == len(passage.sentence_vectors)
        and all(start <= sentence.start < sentence.end <= end for sentence in passage.sentences)
        and all(_lies_in(text, sentence.lead_in) for sentence in passage.sentences if sentence.lead_in)
    )


def _lies_in(text: str, span: Span) -> bool:
    return 0 <= span[0] < span[1] <= len(text)


def _words(library: Library) -> Iterator[str]:
    yield from _compared("lexical index", library.lexical.passage_ids(), _live_passages(library))
    if library.lexical.versions() != library.catalogue.all_live_versions():
        yield f"The lexical index holds other documents than are live: {_REBUILD}."


def _vectors(library: Library) -> Iterator[str]:
    live = _live_passages(library)
    lengths = {len(vector) for vector in library.catalogue.passage_vectors(sorted(live)).values()}
    if len(lengths) > 1:
        yield f"Vectors have {' and '.join(map(str, sorted(lengths)))} dimensions: {_REBUILD} --embed-again."
    try:
        yield from _compared("Chroma index", library.ids_in_chroma(), live)
    except ChromaFailed as error:
        yield f"The Chroma index cannot be read ({error}); answers come from exact search: {_REBUILD}."


def _live_passages(library: Library) -> frozenset[int]:
    ids, _ = library.catalogue.indexable()
    return frozenset(ids.tolist())


def _compared(index: str, held: frozenset[int], live: frozenset[int]) -> Iterator[str]:
    missing, left_over = len(live - held), len(held - live)
    if missing:
        yield f"The {index} lacks {missing} of {len(live)} live passages: {_REBUILD}."
    if left_over:
        yield f"The {index} holds {left_over} passages that are not live: {_REBUILD}."
