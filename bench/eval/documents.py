"""Makes documents of what a set gives."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.eval.sets import DocumentSet, GivenPassage, PassageSet
from ingest.corpus import Found
from ingest.vocabulary import Block, BlockKind, Reading

_TITLE_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class Document:
    """One document to be held: a file, and what is read from it, unless reading it is part of the matter."""

    found: Found
    reading: Reading | None = None


def documents(given: PassageSet | DocumentSet, folder: Path) -> Iterator[Document]:
    """In the order of their names. Texts are written into the folder, to be read from there."""
    if isinstance(given, PassageSet):
        for name, passages in documents_of(given.passages).items():
            yield Document(Found(Path(f"{name}.txt")), _reading(name, passages))
        return
    for number, text in enumerate(given.documents):
        path = folder / f"{re.sub(r'[^A-Za-z0-9]+', '-', text.id)}.txt"
        path.write_bytes(text.text.encode("utf-8", "replace"))
        yield Document(Found(path, f"id: {document_name(number)}"))


def documents_of(passages: Iterable[GivenPassage]) -> dict[str, tuple[GivenPassage, ...]]:
    """By document id: passages of the same title and address are one document, others one each."""
    grouped: dict[object, list[GivenPassage]] = {}
    for number, passage in enumerate(passages):
        page: object = (passage.title, passage.url) if passage.url else number
        grouped.setdefault(page, []).append(passage)
    return {document_name(number): tuple(group) for number, group in enumerate(grouped.values())}


def document_name(number: int) -> str:
    """The id of a set's n-th document in its library."""
    return f"d{number}"


def _reading(name: str, passages: Sequence[GivenPassage]) -> Reading:
    """Each passage is a section of its own, a paragraph under the document's title.

    What a set picked from all over a page must not be run together into passages that the page never had. Sections are
    told apart by their headings, so these differ, but only in case: neither the embedder nor the index sees that.
    """
    title = " ".join(passages[0].title.split())[:_TITLE_CHARACTERS].strip()
    blocks: list[Block] = []
    for number, passage in enumerate(passages):
        if title:
            blocks.append(Block(BlockKind.HEADING, title.upper() if number % 2 else title, level=1))
        blocks.append(Block(BlockKind.PARAGRAPH, " ".join(passage.sentences)))
    return Reading(tuple(blocks), card={"id": name, "title": title, "url": passages[0].url})
