"""What a document says of itself behind a label, or in a sentence about itself."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.proposing.dates import DATE, PERIOD, as_partial, period
from ingest.proposing.lines import Line, Lines
from ingest.proposing.owning import post
from ingest.proposing.proposal import Proposed

_ITSELF = (
    r"this\s+(?:[\w-]+\s+){0,3}?(?:document|strategy|plan|policy|guidance|procedure|framework|report|paper|update|"
    r"publication|booklet|leaflet|page|edition|version)"
)
_LABELS = {
    "published": re.compile(
        r"""\W{0,3}(?: date\s+(?:of\s+)?(?:publication|issue|published|issued)
        | publi(?:cation|shed)\s+date | published | issued?\s+date | issued | publication )""",
        re.IGNORECASE | re.VERBOSE,
    ),
    "review_date": re.compile(
        r"""\W{0,3}(?: (?:next|scheduled|planned)\s+review | review\s+(?:date|due)
        | date\s+of\s+(?:the\s+)?next\s+review | (?:date|due)\s+for\s+review
        | (?:due\s+)?(?:for\s+)?review\s+by | to\s+be\s+reviewed ) (?:\s+(?:date|due))*""",
        re.IGNORECASE | re.VERBOSE,
    ),
    "event_date": re.compile(
        r"""\W{0,3}(?: date\s+of\s+(?:the\s+)?(?:meeting|event|seminar|workshop|conference)
        | (?:meeting|event|seminar|workshop)\s+date )""",
        re.IGNORECASE | re.VERBOSE,
    ),
}
_DATED = re.compile(rf"\s*(?:[:|–-]\s*|(?:on|in|by|for)\s+|\s)(?P<date>{DATE})(?=\s*(?:$|[|.;,(\[]))", re.IGNORECASE)
_ENDING = re.compile(rf"[,;–—-]\s*published\s+(?:(?:in|on)\s+)?(?P<date>{DATE})\s*\.?$", re.IGNORECASE)
"""As a title page ends a line: "Northumbria Police, published March 2026"."""
_DATE_ALONE = re.compile(DATE, re.IGNORECASE)
_SENTENCES = {
    "published": re.compile(rf"\b{_ITSELF}\s+(?:was|is)\s+published\s+(?:on|in)\s+(?P<date>{DATE})", re.IGNORECASE),
    "review_date": re.compile(
        rf"\b{_ITSELF}\s+(?:will|is\s+due\s+to|is\s+to|must|should)\s+(?:next\s+)?be\s+(?:next\s+)?reviewed\s+"
        rf"(?:again\s+)?(?:on|in|by|before|no\s+later\s+than)\s+(?P<date>{DATE})",
        re.IGNORECASE,
    ),
}
_EDITION = re.compile(
    r"""\W{0,3}(?P<label> version|issue|edition|revision )(?: \s+(?:no\.?|number) )?
    \s*[:|]\s*v?\.?(?P<number> \d{1,2}(?:\.\d{1,2}){0,2}[a-z]? )(?= \s*(?:$|[|.;,(]) )""",
    re.IGNORECASE | re.VERBOSE,
)
_STATUS = re.compile(r"(?:document\s+)?status\s*[:|]\s*(?:\w+\s+)?draft\b.{0,20}", re.IGNORECASE)
_COVERS = re.compile(
    r"(?:(?:plan|strategy|time)\s+)?period(?:\s+(?:covered|of\s+(?:the\s+)?(?:plan|strategy)))?\s*[:|]\s*",
    re.IGNORECASE,
)
_OWNER = re.compile(
    r"""\W{0,3}(?: (?:document|policy|plan|strategy|strategic|business|procedure|guidance)\s+ )?
    (?: owner | owned\s+by | lead\s+officer | responsible\s+officer | senior\s+responsible\s+owner )
    \s*[:|]\s*(?P<owner> .{2,120} )""",
    re.IGNORECASE | re.VERBOSE,
)
_LICENCE = re.compile(
    rf"""(?: (?: \b{_ITSELF} | \byou\s+may\b | \b(?:this|the)\s+(?:information|content|material)\b )
        [^.]{{0,120}}?\bunder\s+(?:the\s+)?(?:terms\s+(?:of\s+)?(?:the\s+)?)?
        | ^\W{{0,3}}(?:licen[cs]e\s*[:|]\s*)?(?:the\s+)? )
    (?P<licence> Open\s+Government\s+Licen[cs]e
        (?:\s+(?:for\s+public\s+sector\s+information\s*)?(?:v|version\s+)?\d(?:\.\d)?)?
        | Non-?\s?Commercial\s+College\s+Licen[cs]e(?:\s+v?\d(?:\.\d)?)?
        | Creative\s+Commons\s+[A-Z][\w -]{{5,60}}?(?:Licen[cs]e|\d\.\d)(?:\s+\d\.\d(?:\s+International)?)?
        | CC\s?BY(?:-(?:NC|SA|ND)){{0,2}}(?:\s+\d\.\d)? )""",
    re.IGNORECASE | re.VERBOSE,
)
_RESERVED = re.compile(r"(?:^|[©].{0,80}|\bcopyright\b.{0,80})\ball\s+rights\s+reserved\b", re.IGNORECASE)
_URL = re.compile(
    rf"""(?: \b{_ITSELF}\s+(?:is|can\s+be)\s+(?:also\s+)?(?:available|found|downloaded|viewed|accessed|read)
        (?:\s+online)?\s+(?:at|from|on):?\s+
        | ^\W{{0,3}}(?: url | web\s+address | web\s+page | available\s+(?:online\s+)?(?:at|from) )\s*[:|]\s* )
    (?P<url> (?:https?://|www\.)[\w.-]+/[\w./?=&%~\#+,:-]*[\w/] )""",
    re.IGNORECASE | re.VERBOSE,
)


def told_behind_labels(lines: Lines) -> Iterator[Proposed]:
    for line in lines.front:
        if (match := _ENDING.search(line.text)) and (day := as_partial(match["date"])):
            yield Proposed(field="published", value=day, quote=match.group().lstrip(",;–—- "), page=line.page)
    for line, below in _with_next(lines.telling):
        for cell in _pairs(line):
            yield from _of_cell(Line(cell, line.page))
        yield from _below_label(line, below)
        yield from _sentences(line)


def _of_cell(cell: Line) -> Iterator[Proposed]:
    for field, label in _LABELS.items():
        named = label.match(cell.text)
        dated = _DATED.match(cell.text, named.end()) if named else None
        if dated and (day := as_partial(dated["date"])):
            yield Proposed(field=field, value=day, quote=cell.text[: dated.end()].strip(), page=cell.page)
    if match := _EDITION.match(cell.text):
        edition = f"{match['label'].capitalize()} {match['number']}"
        yield Proposed(field="edition", value=edition, quote=match.group().strip(), page=cell.page)
    if match := _STATUS.fullmatch(cell.text):
        yield Proposed(field="status", value="draft", quote=match.group(), page=cell.page)
    if (match := _COVERS.match(cell.text)) and (found := PERIOD.match(cell.text, match.end())):
        for field, value in zip(("covers_from", "covers_to"), period(found) or (), strict=False):
            yield Proposed(field=field, value=value, quote=cell.text[: found.end()], page=cell.page)
    if (match := _OWNER.fullmatch(cell.text)) and (owner := post(match["owner"])):
        yield Proposed(field="owner_post", value=owner, quote=owner, page=cell.page)


def _below_label(line: Line, below: Line | None) -> Iterator[Proposed]:
    """A label on a line of its own, and a date on the next."""
    if below is None or below.page != line.page or not _DATE_ALONE.fullmatch(below.text):
        return
    for field, label in _LABELS.items():
        if label.fullmatch(line.text.rstrip(" :")) and (day := as_partial(below.text)):
            yield Proposed(field=field, value=day, quote=below.text, page=below.page)


def _sentences(line: Line) -> Iterator[Proposed]:
    for field, pattern in _SENTENCES.items():
        if (match := pattern.search(line.text)) and (day := as_partial(match["date"])):
            yield Proposed(field=field, value=day, quote=match.group(), page=line.page)
    if match := _LICENCE.search(line.text):
        yield Proposed(field="licence", value=" ".join(match["licence"].split()), quote=match.group(), page=line.page)
    elif match := _RESERVED.search(line.text):
        yield Proposed(field="licence", value="All rights reserved", quote=match.group(), page=line.page)
    if match := _URL.search(line.text):
        yield Proposed(field="url", value=match["url"], quote=match.group(), page=line.page)


def _pairs(line: Line) -> Iterator[str]:
    """What may be a label with its value: the whole line, each cell, each cell with the next."""
    cells = line.cells
    yield line.text
    if len(cells) > 1:
        yield from cells
        yield from (f"{label} | {value}" for label, value in pairwise(cells))


def _with_next(lines: Sequence[Line]) -> Iterator[tuple[Line, Line | None]]:
    return zip(lines, [*lines[1:], None], strict=True)
