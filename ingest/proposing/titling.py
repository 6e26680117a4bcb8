"""The title that stands on a document: its first and largest heading, above any text."""

import re
from collections.abc import Sequence

from ingest.proposing.dates import DATE, PERIOD
from ingest.proposing.lines import Line, Lines
from ingest.proposing.marking import is_a_marking
from ingest.proposing.proposal import Proposed
from ingest.proposing.standing import is_a_draft, is_an_edition
from ingest.vocabulary import BlockKind

_MOST_CHARACTERS = 200
_PARTS = re.compile(
    r"(?:table of )?contents|foreword|introduction|executive summary|document (?:control|history|information)|version "
    r"control|welcome|index|summary|background|purpose|page \d+|appendix.*|annex.*|agenda|dear .*|comments?:?|"
    r"(?:slide|chapter|section|part|module|unit|lesson|session|step)\s+(?:\d+|[ivx]+|one|two|three|four|five)\b.*|"
    r"untitled.*|re:.*",
    re.IGNORECASE,
)
"""Headings that are the title of no document, only of a part of one, or of another: what follows is none either."""
_ONLY_DATE = re.compile(rf"\W*(?:{DATE}|{PERIOD.pattern})\W*", re.IGNORECASE)
_TITLE_LABEL = re.compile(
    r"(?:document |policy |strategy |plan )?title(?: of (?:document|policy|plan|strategy))?\s*[:|]\s*"
    r"(?P<title>[^|]{4,200})",
    re.IGNORECASE,
)
_OPENING = 12
_AROUND = " -–—:|"


def title(lines: Lines, organisations: Sequence[str], property_title: str | None) -> Proposed | None:
    """organisations: names that stand alone on the title page, which are whose it is and not what it is."""
    line = _title_line(lines, organisations)
    if line is not None:
        return Proposed(field="title", value=line.text, quote=line.text, page=line.page)
    if labelled := _labelled_title(lines):
        return labelled
    if property_title and _is_borne_out(property_title, lines):
        return Proposed(field="title", value=property_title, quote=property_title, source="properties")
    return None


def _title_line(lines: Lines, organisations: Sequence[str]) -> Line | None:
    headings = [
        line for line in lines.front if line.kind is BlockKind.HEADING and not _is_no_title(line, organisations)
    ]
    if not headings:
        return None
    highest = min(line.level or 1 for line in headings)
    first = next(line for line in headings if (line.level or 1) == highest)
    if _PARTS.fullmatch(first.text.strip(_AROUND)):
        return None
    if len(first.text.split()) < 2 and not first.text.isdigit():
        together = [line for line in headings if line is not first and line.page == first.page]
        if together or len(first.text) < 4:  # one word of a title that is set in several lines, or a logo
            return None
    return first if len(first.text) <= _MOST_CHARACTERS else None


def _is_no_title(line: Line, organisations: Sequence[str]) -> bool:
    text = line.text.strip(_AROUND)
    return bool(
        _ONLY_DATE.fullmatch(text)
        or is_an_edition(text)
        or is_a_marking(text)
        or is_a_draft(text)
        or text in organisations
        or not re.search(r"[^\W\d_]{2}", text)
    )


def _labelled_title(lines: Lines) -> Proposed | None:
    for line in lines.telling:
        if match := _TITLE_LABEL.fullmatch(line.text):
            return Proposed(field="title", value=match["title"].strip(), quote=line.text, page=line.page)
    return None


def _is_borne_out(title: str, lines: Lines) -> bool:
    """Whether the text opens with the words that a file's properties give for its title: many are of another file."""
    words = set(re.findall(r"\w+", title.casefold()))
    opening = " ".join(line.text for line in (*lines.furniture, *lines.body[:_OPENING])).casefold()
    return len(words) >= 2 and len(title) <= _MOST_CHARACTERS and words <= set(re.findall(r"\w+", opening))
