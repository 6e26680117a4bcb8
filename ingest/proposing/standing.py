"""What a document calls itself: its version, and a draft as long as it is one."""

import re
from collections.abc import Iterator
from pathlib import PurePath

from ingest.proposing.lines import Lines
from ingest.proposing.proposal import Proposed

_EDITION = (
    r"(?:version|ver\.?|v|issue|edition|revision|rev\.?|draft)(?:\s+(?:no\.?|number))?\s?\d{1,2}(?:\.\d{1,2}){0,2}[a-z]?"
    r"|(?:final|first|second|third|fourth|fifth|consultation|working|revised)\s+(?:draft|edition)"
    r"|\d(?:st|nd|rd|th)\s+edition"
)
_EDITION_IN = re.compile(rf"(?<![\w.]){_EDITION}(?![\w.]\d|\w)", re.IGNORECASE)
_EDITION_ALONE = re.compile(rf"\W*(?P<edition>{_EDITION})(?:\s*[-–(]?\s*(?:final|draft)\)?)?\W*", re.IGNORECASE)
_DRAFT = re.compile(
    r"\W{0,3}(?:(?:consultation|working|final|first|second|third|revised)\s+)?draft(?:\s+(?:version|v)?\s?\d[\d.]*)?"
    r"(?:\s*[-–]?\s*(?:for (?:consultation|comment|discussion|approval)|"
    r"not for (?:publication|circulation)|only))?\W{0,3}",
    re.IGNORECASE,
)
_DRAFT_IN_TITLE = re.compile(
    r"^\W?draft\b(?!ing)|[(\[–-]\s?draft\b[^)]{0,20}[)\]]?$|\bdraft\s?(?:v?\d[\d.]*)?$", re.IGNORECASE
)
_SAYS_DRAFT = re.compile(
    r"\bthis (?:document |paper |plan |strategy |policy |report )?(?:is|remains) (?:still )?"
    r"(?:a|an early|a working|in) (?:consultation |working |first |final )?draft\b",
    re.IGNORECASE,
)
_OPENING, _CLOSING = 12, 4


def told_by_title(title: Proposed) -> Iterator[Proposed]:
    words = str(title.value)
    if match := _EDITION_IN.search(words):
        yield title.model_copy(update={"field": "edition", "value": match.group(), "quote": match.group()})
    if _DRAFT_IN_TITLE.search(words):
        yield title.model_copy(update={"field": "status", "value": "draft", "quote": words})


def told_by_itself(lines: Lines) -> Iterator[Proposed]:
    """What stands alone on the title page or in headers and footers, and sentences that call it a draft."""
    for line in (*lines.front, *lines.furniture):
        for cell in line.cells:
            if match := _EDITION_ALONE.fullmatch(cell):
                yield Proposed(field="edition", value=match["edition"], quote=cell, page=line.page)
            if _DRAFT.fullmatch(cell):
                yield Proposed(field="status", value="draft", quote=cell, page=line.page)
    for line in (*lines.body[:_OPENING], *lines.body[-_CLOSING:]):
        if match := _SAYS_DRAFT.search(line.text):
            yield Proposed(field="status", value="draft", quote=match.group(), page=line.page)


def told_by_file_name(file_name: str) -> Iterator[Proposed]:
    stem = re.sub(r"[_-]+", " ", PurePath(file_name).stem)
    if match := re.search(r"\b(?:v|version )\d{1,2}(?:\.\d{1,2}){0,2}\b", stem, re.IGNORECASE):
        yield Proposed(field="edition", value=match.group(), quote=file_name, source="file_name")
    if re.search(r"\bdraft\b", stem, re.IGNORECASE):
        yield Proposed(field="status", value="draft", quote=file_name, source="file_name")


def is_a_draft(text: str) -> bool:
    """Whether a line says only that."""
    return bool(_DRAFT.fullmatch(text))


def is_an_edition(text: str) -> bool:
    """Whether a line is nothing else."""
    return bool(_EDITION_ALONE.fullmatch(text))
