"""Words of passages and of whole documents: the only file that knows tantivy.

Derived from the catalogue and disposable. A version's words are committed to the index of passages before the index of
documents, so a version that the latter names is whole in the former.
"""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeAlias

import tantivy
from tantivy import Occur, Query

Analyser: TypeAlias = tantivy.TextAnalyzer

TITLE_WEIGHT = 0.5
HEADINGS_WEIGHT = 1.0
TEXT_WEIGHT = 1.0

STOP_WORDS = """
a about am an and are as at be been being but by can could did do does for from had has have he her hers him
his how i if in into is it its me might must my no not of on or our ours shall she should so such than that
the their them then there these they this those to us was we were what when where which who whom whose why
will with would you your
d ll re s t ve
"""
"""Left out of a query, unless nothing else is in it; the index holds them, so that phrases are found."""

_LONGEST_WORD = 80
_FEW = 100
_WORDS_KEPT = 4_096
"""Words asked for, with how many entries hold them."""
_SCOPES_KEPT = 64
_WRITER_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class PassageWords:
    id: int
    heading_path: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class VersionWords:
    """What the index holds of one version."""

    version_id: int
    title: str
    passages: Sequence[PassageWords]


class LexicalIndex:
    """Opens the index in this folder, making an empty one where there is none.

    Raises OSError or ValueError if what is there cannot be opened: then `discard` it and build it again.
    """

    def __init__(self, folder: Path) -> None:
        self._analyser = analyser()
        self._query_analyser = analyser(STOP_WORDS.split())
        self._passages = _Table(folder / "passages", "passage", self._analyser)
        self._documents = _Table(folder / "documents", "version", self._analyser)

    @staticmethod
    def discard(folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        self._passages.close()
        self._documents.close()

    @property
    def passages(self) -> int:
        """Number of passages held."""
        return int(self._passages.searcher.num_docs)

    def versions(self) -> frozenset[int]:
        """Ids of the versions held whole."""
        return frozenset(self._documents.ids())

    def passage_ids(self) -> frozenset[int]:
        return frozenset(self._passages.ids())

    def put(self, versions: Iterable[VersionWords]) -> None:
        """Hold these versions, in place of what was held under their ids; found by searches from now on.

        Raises OSError if they cannot be written, and then holds what it held before.
        """
        with self._one_change():
            for words in versions:
                self._passages.put(words.version_id, [_passage_fields(words, passage) for passage in words.passages])
                self._documents.put(words.version_id, [_document_fields(words)])

    def drop(self, version_ids: Iterable[int]) -> None:
        """Hold these versions no longer. Raises OSError as `put` does."""
        with self._one_change():
            for version_id in version_ids:
                self._passages.put(version_id, [])
                self._documents.put(version_id, [])

    def search(
        self, query: str, k: int, versions: frozenset[int] | None = None, also: Sequence[str] = ()
    ) -> list[tuple[int, float]]:
        """The k best passages: id and BM25 summed over weighted fields, best first.

        Any text is a query: it has no syntax. `also` are further words or phrases that mean what it asks for.
        """
        return self._passages.search(self._terms(query), k, versions, [self._words(phrase) for phrase in also])

    def search_documents(self, query: str, k: int, versions: frozenset[int] | None = None) -> list[tuple[int, float]]:
        """The k best versions taken as whole documents: version id and score, best first."""
        return self._documents.search(self._terms(query), k, versions, [])

    def frequency(self, phrase: str) -> int:
        """Number of passages that hold this word or phrase, in whatever inflection, in text, headings or title."""
        words = self._words(phrase)
        return self._passages.count(tuple(words)) if words else 0

    @contextmanager
    def _one_change(self) -> Iterator[None]:
        try:
            yield
            self._passages.commit()
            self._documents.commit()
        except (OSError, ValueError) as error:  # tantivy's for everything, a full disk included
            self.close()  # with it goes what was not committed
            raise OSError(f"the lexical index cannot be written: {error}") from error

    def _words(self, phrase: str) -> list[str]:
        words: list[str] = self._analyser.analyze(encodable(phrase))
        return words

    def _terms(self, query: str) -> list[str]:
        text = encodable(query)
        return list(dict.fromkeys(self._query_analyser.analyze(text) or self._analyser.analyze(text)))


class _Table:
    """One tantivy index with title, headings and text, the number of what an entry is, and its version's."""

    def __init__(self, folder: Path, key: str, analyser: tantivy.TextAnalyzer) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._key = key
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, path=str(folder))
        self._index.register_tokenizer("english", analyser)
        self._writer: tantivy.IndexWriter | None = None
        self._within = lru_cache(maxsize=_SCOPES_KEPT)(partial(_among, self._schema))
        self._look_again()

    def close(self) -> None:
        """Let go of the writer's lock on the folder."""
        self._writer = None

    def ids(self) -> list[int]:
        return [number for number, _ in self._hits(Query.all_query(), self.searcher.num_docs)]

    def put(self, version_id: int, entries: Sequence[dict[str, Any]]) -> None:
        writer = self._open_writer()
        # By query: a term given as a number is taken for a signed one, and deletes nothing without a word.
        writer.delete_documents_by_query(Query.term_query(self._schema, "version", version_id))
        for fields in entries:
            writer.add_document(tantivy.Document.from_dict({**fields, "version": version_id}, self._schema))

    def commit(self) -> None:
        self._open_writer().commit()
        self._index.reload()
        self._look_again()

    def search(
        self, terms: Sequence[str], k: int, versions: frozenset[int] | None, also: Sequence[list[str]]
    ) -> list[tuple[int, float]]:
        phrases = [*([term] for term in terms), *filter(None, also)]
        wanted = [part for words in phrases for part in self._in_fields(words)]
        if not wanted or k < 1 or (versions is not None and not versions):
            return []
        # One list of terms, not a list of lists: tantivy then passes over what cannot be among the best.
        query = _any_of(wanted)
        if versions is not None:
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, self._within(versions))])
        return self._hits(query, k)

    def _look_again(self) -> None:
        """Search what is committed now; how often words occur is kept until the next commit."""
        self.searcher = self._index.searcher()
        self.count = lru_cache(maxsize=_WORDS_KEPT)(partial(self._count, self.searcher))

    def _count(self, searcher: tantivy.Searcher, words: tuple[str, ...]) -> int:
        """Number of entries that hold these words one after the other."""
        found = searcher.search(_any_of(self._in_fields(words)), limit=1, count=True)
        return int(found.count)  # type: ignore[attr-defined]  # missing from the package's own stubs

    def _hits(self, query: Query, k: int) -> list[tuple[int, float]]:
        searcher = self.searcher
        if not searcher.num_docs or k < 1:
            return []
        hits = searcher.search(query, limit=k, count=False).hits
        numbers = searcher.fast_field_values("number", [address for _, address in hits])
        return [(int(number or 0), float(score)) for number, (score, _) in zip(numbers, hits, strict=True)]

    def _in_fields(self, words: Sequence[str]) -> list[Query]:
        weights = (("title", TITLE_WEIGHT), ("headings", HEADINGS_WEIGHT), ("text", TEXT_WEIGHT))
        return [Query.boost_query(self._match(field, words), share) for field, share in weights]

    def _match(self, field: str, words: Sequence[str]) -> Query:
        if len(words) == 1:
            return Query.term_query(self._schema, field, words[0])
        return Query.phrase_query(self._schema, field, list(words))

    def _open_writer(self) -> tantivy.IndexWriter:
        if self._writer is None:
            self._writer = self._index.writer(heap_size=_WRITER_BYTES, num_threads=1)
        return self._writer


def _among(schema: tantivy.Schema, versions: frozenset[int]) -> Query:
    """Entries of these versions, without a score. A few are found faster one by one, many as a set."""
    if len(versions) > _FEW:
        found = Query.term_set_query(schema, "version", sorted(versions))
    else:
        found = _any_of(Query.term_query(schema, "version", version) for version in versions)
    return Query.const_score_query(found, 0.0)


def _any_of(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("number", fast=True)
    builder.add_unsigned_field("version", indexed=True)
    for field in ("title", "headings", "text"):
        builder.add_text_field(field, tokenizer_name="english")
    return builder.build()


def analyser(without: Iterable[str] = ()) -> Analyser:
    """Takes words without case, accents and English endings, some of them left out."""
    steps = (
        tantivy.Filter.remove_long(_LONGEST_WORD),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.custom_stopword(list(without)),
        tantivy.Filter.stemmer("english"),
    )
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in steps:
        builder = builder.filter(step)
    return builder.build()


def encodable(text: str) -> str:
    """A lone surrogate, which JSON may carry, has no bytes to search for."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _passage_fields(words: VersionWords, passage: PassageWords) -> dict[str, Any]:
    headings = "\n".join(passage.heading_path)
    return {"number": passage.id, "title": words.title, "headings": headings, "text": passage.text}


def _document_fields(words: VersionWords) -> dict[str, Any]:
    headings = dict.fromkeys(heading for passage in words.passages for heading in passage.heading_path)
    text = "\n".join(passage.text for passage in words.passages)
    return {"number": words.version_id, "title": words.title, "headings": "\n".join(headings), "text": text}
