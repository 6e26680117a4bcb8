"""Reads what is asked and what should come of it: public sets, raw documents with marked spans, and questions of ours.

A folder holds sets in pairs, SET.passages.jsonl.gz or SET.docs.jsonl.gz beside SET.queries.SPLIT.jsonl.gz, and
questions-SPLIT.jsonl or synonyms-SPLIT.jsonl about the shipped corpus.
"""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from ingest.errors import EngageError
from service.vocabulary import MAX_QUESTION_CHARACTERS, MAX_TURNS, Turn

Line = TypeVar("Line", bound=BaseModel)
Asked = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION_CHARACTERS)]


class BadInput(EngageError):
    """A file to be scored that is missing or malformed."""


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class GivenPassage(_Line):
    """A passage as a set gives it: the unit that its gold refers to."""

    id: str
    title: str = ""
    url: str | None = None
    publisher: str = ""
    sentences: tuple[str, ...] = Field(min_length=1)


class Query(_Line):
    id: str
    query: Asked
    scenario: str = ""
    gold: tuple[str, ...] = ()
    answerable: bool = True
    evidence: dict[str, tuple[int, ...]] = {}
    """Gold sentences by their place in their passage."""
    publishers: tuple[str, ...] = ()

    @property
    def question(self) -> str:
        return f"{self.scenario} {self.query}".strip()

    @model_validator(mode="after")
    def _check_length(self) -> Self:
        if len(self.question) > MAX_QUESTION_CHARACTERS:
            raise ValueError(f"query and scenario together are longer than {MAX_QUESTION_CHARACTERS:,} characters")
        return self


class GivenDocument(_Line):
    id: str
    text: str = Field(min_length=1)


class SpanQuery(_Line):
    id: str
    query: Asked
    doc: str
    refs: tuple[tuple[int, int], ...] = Field(min_length=1)
    """Spans of characters of the document."""


class Case(_Line):
    """A question with the sentences that should be cited for it."""

    id: str = ""
    question: Asked
    history: tuple[Turn, ...] = Field(default=(), max_length=MAX_TURNS)
    gold_quotes: tuple[str, ...] = ()
    expects: Literal["answer", "partial", "refuse"] = "answer"


@dataclass(frozen=True, slots=True)
class PassageSet:
    name: str
    passages: tuple[GivenPassage, ...]
    queries: tuple[Query, ...]
    digest: str
    """Of the passages as they lie on the disk."""


@dataclass(frozen=True, slots=True)
class DocumentSet:
    name: str
    documents: tuple[GivenDocument, ...]
    queries: tuple[SpanQuery, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class QuestionSet:
    name: str
    library: str
    """Sets that are asked of the same documents share a library of this name."""
    paths: tuple[Path, ...]
    """The documents, or folders of them, that the questions are asked of."""
    cases: tuple[Case, ...]


AnySet: TypeAlias = PassageSet | DocumentSet | QuestionSet


def sets_in(folder: Path, split: str, corpus: Sequence[Path]) -> Iterator[AnySet]:
    """The sets of a folder that have this split, by name. Raises BadInput.

    corpus: the shipped documents, which questions-SPLIT.jsonl is about, with what lies in the folder's neighbour seed/.
    """
    if not folder.is_dir():
        raise BadInput(f"{folder} is no folder. Name a folder of sets with --data.")
    for file in sorted(folder.glob(f"*.queries.{split}.jsonl.gz")):
        yield _set(file, file.name.removesuffix(f".queries.{split}.jsonl.gz"))
    seeds = [path for path in sorted((folder.parent / "seed").glob("*")) if not path.name.startswith("README")]
    for name in ("questions", "synonyms"):
        file = folder / f"{name}-{split}.jsonl"
        if file.exists():
            yield question_set(name, "shipped", file, (*corpus, *seeds))


def question_set(name: str, library: str, file: Path, paths: Iterable[Path]) -> QuestionSet:
    """Raises BadInput."""
    return QuestionSet(name, library, tuple(paths), tuple(_lines(file, Case)))


def _set(queries: Path, name: str) -> AnySet:
    passages, documents = (queries.with_name(f"{name}.{kind}.jsonl.gz") for kind in ("passages", "docs"))
    if passages.exists():
        found = PassageSet(
            name, tuple(_lines(passages, GivenPassage)), tuple(_lines(queries, Query)), _digest(passages)
        )
        _check_gold(queries, {p.id: len(p.sentences) for p in found.passages}, found.queries)
        return found
    if documents.exists():
        texts = tuple(_lines(documents, GivenDocument))
        spans = DocumentSet(name, texts, tuple(_lines(queries, SpanQuery)), _digest(documents))
        _check_spans(queries, {text.id: len(text.text) for text in texts}, spans.queries)
        return spans
    raise BadInput(f"{queries} has neither {passages.name} nor {documents.name} beside it. Put one there.")


def _lines(file: Path, model: type[Line]) -> Iterator[Line]:
    opened = gzip.open if file.suffix == ".gz" else open
    number = 0
    try:
        with opened(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                number += 1
                if line.strip():
                    yield model.model_validate(json.loads(line))
    except ValidationError as error:
        [first, *_] = error.errors()
        field = ".".join(map(str, first["loc"])) or "the line"
        raise _bad_line(file, number, f"{field}: {first['msg']}") from error
    except ValueError as error:
        raise _bad_line(file, number + isinstance(error, UnicodeDecodeError), str(error)) from error
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadInput(f"{file} cannot be read ({reason}). Check the path, and that the file is whole.") from error


def _bad_line(file: Path, number: int, reason: str) -> BadInput:
    return BadInput(f"{file}, line {number} cannot be used ({reason}). Correct it and run this again.")


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _check_gold(file: Path, sentences: dict[str, int], queries: Iterable[Query]) -> None:
    for query in queries:
        for passage in (*query.gold, *query.evidence):
            if passage not in sentences:
                raise BadInput(f"{file}, query {query.id}: no passage {passage} is given. Correct its gold.")
        for passage, places in query.evidence.items():
            if any(not 0 <= place < sentences[passage] for place in places):
                raise BadInput(f"{file}, query {query.id}: passage {passage} has no such sentence. Correct it.")


def _check_spans(file: Path, lengths: dict[str, int], queries: Iterable[SpanQuery]) -> None:
    for query in queries:
        if query.doc not in lengths:
            raise BadInput(f"{file}, query {query.id}: no document {query.doc} is given. Correct it.")
        if any(not 0 <= start < end <= lengths[query.doc] for start, end in query.refs):
            raise BadInput(f"{file}, query {query.id}: a span lies outside document {query.doc}. Correct it.")
