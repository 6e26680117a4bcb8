"""Where sentences begin and end in a stretch of text. Rules, not a model: a citation needs exact and stable spans."""

import re
from collections.abc import Iterator

from ingest.vocabulary import Span

LONGEST_ASIDE = 600
"""Characters after which a bracket or quotation mark that was never closed is taken for a slip."""

_END = re.compile(r"""[.?!…]+['"’”)\]]*(?=\s)""")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|cf|vs|approx|no|nos|p|pp|para|paras|vol|fig|ed|eds|al|st|mr|mrs|ms|dr|prof|rev|hon|"
    r"insp|sgt|supt|ch|cllr|dept|ltd|inc|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)|\b[A-Z])\.$",
    re.IGNORECASE,
)
_ALWAYS_ENDS = re.compile(r"\betc\.$", re.IGNORECASE)
_OPEN_QUOTE = re.compile(r"(?<![\w'‘])['‘](?=[A-Za-z])(?!(?:s|t|d|m|n|re|ve|ll|em|til|tis|twas)\b)", re.IGNORECASE)
_CLOSED_QUOTE = re.compile(r"(?<=[\w.,;:?!…)])['’](?!\w)")
"""An apostrophe behind a word ("officers' views") passes for one: then a sentence ends where it would without this."""
_SPACE = re.compile(r"\s*")
_OPENS = re.compile(r"""\s+['"‘“(\[]*[A-Z0-9£&]""")
_OPENS_ANYHOW = re.compile(r"""\s+['"‘“(\[]*\w""")
"""In a text that is written without capitals."""


def sentence_spans(text: str, start: int, end: int) -> Iterator[Span]:
    """Spans of the sentences of text[start:end], in order, without the white space between them.

    A sentence is not cut inside brackets or quotation marks, nor is a paragraph that is one quotation.
    """
    if _is_one_quotation(text[start:end]):
        yield start, end
        return
    opens = _OPENS if re.search("[A-Z]", text[start:end]) else _OPENS_ANYHOW
    begin = start
    for match in _END.finditer(text, start, end):
        if _ends_sentence(text, begin, match.end(), end, opens):
            yield begin, match.end()
            begin = _SPACE.match(text, match.end(), end).end()  # type: ignore[union-attr]  # matches at least nothing
    if begin < end and text[begin:end].strip():
        yield begin, end


def _ends_sentence(text: str, begin: int, at: int, end: int, opens: re.Pattern[str]) -> bool:
    sentence = text[begin:at]
    if not opens.match(text, at, end):
        return False
    if _ABBREVIATION.search(sentence) and not _ALWAYS_ENDS.search(sentence):
        return False
    return len(sentence) > LONGEST_ASIDE or _is_balanced(sentence)


def _is_balanced(sentence: str) -> bool:
    """Whether brackets and quotation marks are closed; a list label such as "a)" opens nothing."""
    return (
        len(_OPEN_QUOTE.findall(sentence)) <= len(_CLOSED_QUOTE.findall(sentence))
        and sentence.count("(") <= sentence.count(")")
        and sentence.count("[") <= sentence.count("]")
        and sentence.count("“") <= sentence.count("”")
        and sentence.count('"') % 2 == 0
    )


def _is_one_quotation(text: str) -> bool:
    pairs = {"‘": "’", "“": "”", '"': '"'}
    close = pairs.get(text[:1])
    return close is not None and text.rstrip(".,;")[-1:] == close and text.count(text[0]) <= 2
