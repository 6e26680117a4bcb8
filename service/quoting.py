"""Finds a quotation in a text, or says why not.

Only letters, digits, decimals, percent and currency signs are compared, so joined lines, "7 th" for 7th, "twoway" for
two-way, case, spaces and hyphens make no difference, while a changed word, digit or negation does.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.vocabulary import Span

LEAST_WORDS = 4
LEAST_WORDS_BESIDE_ELLIPSIS = 3
LONGEST_GAP = 300
"""Characters of the source that one ellipsis may stand for."""
NEGATIONS = frozenset({"not", "no", "never", "nor", "neither", "none", "nobody", "nothing", "without", "cannot"})

_MARKS = "\u0300-\u036f"
_KEPT = re.compile(rf"(?:[^\W_][{_MARKS}]*)+|[%‰£$€¥]")
_ELLIPSIS = re.compile(r"\[\s*(?:…|\.{3,}|\.\s\.\s\.)\s*\]|…|\.{3,}|\.\s\.\s\.")
_INITIAL = re.compile(r"\[(\w)\](?=\w)")
_INSERTION = re.compile(r"\[[^\[\]]*\]")
_BROKEN_WORD = re.compile(r"[-‐\x02\ufffe]\s*\n\s*")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_HYPHENS = "-‐‑"
_LEFT_OUT = NEGATIONS | {"unless", "except"}


@dataclass(frozen=True, slots=True)
class Found:
    """Where the quotation stands: one span, or one for each part between ellipses."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class NotFound:
    reason: str


@dataclass(frozen=True, slots=True)
class _Letters:
    """What of a text is compared, each character with its span in the text."""

    source: str
    text: str
    starts: list[int]
    ends: list[int]


def find_quotation(quotation: str, text: str, *, least_words: int = LEAST_WORDS) -> Found | NotFound:
    """Where the quotation stands in the text; spans are code points of `text`."""
    quoted = _INITIAL.sub(r"\1", quotation)
    if len(words_of(_INSERTION.sub(" ", quoted))) < least_words:
        return NotFound(f"it has fewer than {least_words} words")
    source = _letters(text)
    whole = next(_occurrences(quoted, source, 0), None)
    if whole:
        return Found((whole,))
    insertions = [found for found in _INSERTION.findall(quoted) if not _ELLIPSIS.fullmatch(found)]
    if any(re.search(r"\d", found) or negations_in(found) for found in insertions):
        return NotFound("words added in brackets hold a number or a negation")
    return _find_parts(quoted, source)


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, those broken over lines joined."""
    joined = "".join(character for character in _BROKEN_WORD.sub("", text) if not _is_format(character))
    return [word.replace("’", "'").casefold() for word in _WORD.findall(joined)]


def negations_in(text: str) -> list[str]:
    return [word for word in words_of(text) if is_negation(word)]


def is_negation(word: str) -> bool:
    return word in NEGATIONS or word.endswith("n't")


def _find_parts(quoted: str, source: _Letters) -> Found | NotFound:
    parts = [_INSERTION.sub(" ", part) for part in _ELLIPSIS.split(quoted)]
    parts = [part for part in parts if words_of(part)]
    if len(parts) > 1 and any(len(words_of(part)) < LEAST_WORDS_BESIDE_ELLIPSIS for part in parts):
        return NotFound(f"a part beside an ellipsis has fewer than {LEAST_WORDS_BESIDE_ELLIPSIS} words")
    spans = _in_order(parts, source, None)
    return Found(spans) if spans else NotFound("its words do not stand in the text in this order")


def _in_order(parts: list[str], source: _Letters, after: int | None) -> tuple[Span, ...] | None:
    """Spans of the parts, each within reach of the one before; None where there are none."""
    for span in _occurrences(parts[0], source, after or 0):
        if after is not None and span[0] - after > LONGEST_GAP:
            return None
        if after is not None and _LEFT_OUT & set(_plain(source.source[after : span[0]])):
            return None
        rest = _in_order(parts[1:], source, span[1]) if parts[1:] else ()
        if rest is not None:
            return (span, *rest)
    return None


def _plain(text: str) -> list[str]:
    return ["not" if word.endswith("n't") else word for word in words_of(text)]


def _occurrences(quoted: str, source: _Letters, after: int) -> Iterator[Span]:
    """Spans from offset `after` on that have the quotation's letters, whole words and as many negations."""
    wanted = _letters(quoted).text
    if not wanted:
        return
    negations = len(negations_in(quoted))
    at = source.text.find(wanted)
    while at >= 0:
        start, end = source.starts[at], source.ends[at + len(wanted) - 1]
        whole = _begins_whole(source, at) and _ends_whole(source, at + len(wanted))
        if start >= after and whole and len(negations_in(source.source[start:end])) == negations:
            yield start, end
        at = source.text.find(wanted, at + 1)


def _begins_whole(source: _Letters, at: int) -> bool:
    """Whether no word or number of the source was cut at its beginning: "able" of "unable", "8" of "18"."""
    if at and source.text[at].isdigit() and re.match(r"[\d.£$€¥]", source.text[at - 1]):
        return False
    before = _without_format(source.source[max(0, source.starts[at] - 8) : source.starts[at]])
    return not re.search(rf"[^\W_][{_HYPHENS}]?\Z", before)


def _ends_whole(source: _Letters, end: int) -> bool:
    """Whether no word or number of the source was cut at its end: "8" of "80", "8.5" or "8%"."""
    if end < len(source.text) and source.text[end - 1].isdigit() and re.match(r"[\d.%‰]", source.text[end]):
        return False
    after = _without_format(source.source[source.ends[end - 1] : source.ends[end - 1] + 8])
    return not re.match(rf"[{_HYPHENS}]?[^\W_]", after)


def _letters(text: str) -> _Letters:
    kept: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def keep(folded: str, start: int, end: int) -> None:
        if not folded:
            return
        kept.append(folded)
        starts.extend([start] * len(folded))
        ends.extend([end] * len(folded))

    for run in _KEPT.finditer(text):
        if kept and kept[-1][-1].isdigit() and run.group()[0].isdigit():
            keep(_between_digits(text[ends[-1] : run.start()], run.group()), ends[-1], run.start())
        if run.group().isascii():
            kept.append(run.group().lower())
            starts.extend(range(*run.span()))
            ends.extend(range(run.start() + 1, run.end() + 1))
            continue
        for cluster in re.finditer(rf".[{_MARKS}]*", run.group(), re.DOTALL):
            keep(_folded(cluster.group()), run.start() + cluster.start(), run.start() + cluster.end())
    return _Letters(text, "".join(kept), starts, ends)


def _between_digits(gap: str, following: str) -> str:
    """What parts two groups of digits: a decimal point, nothing (1,000), or a plain break (2016–18)."""
    gap = _without_format(gap)
    if gap == "" or (gap == "," and re.match(r"\d{3}(?!\d)", following)):
        return ""
    return "." if gap == "." else "|"


def _folded(cluster: str) -> str:
    normal = unicodedata.normalize("NFKC", cluster).casefold()
    return "".join(character for character in normal if character.isalnum() or character in "⁄%‰£$€¥")


def _without_format(text: str) -> str:
    return "".join(character for character in text if not _is_format(character))


def _is_format(character: str) -> bool:
    """Characters that show nothing: soft hyphens, joiners, and the two that PDFium writes for a line-end hyphen."""
    return character in "\x02\ufffe" or unicodedata.category(character) == "Cf"
