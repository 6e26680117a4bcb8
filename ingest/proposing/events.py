"""The day of the meeting that a document reports, where it says that it reports one."""

import re
from collections.abc import Iterator

from ingest.proposing.dates import DATE, as_partial
from ingest.proposing.lines import Line, Lines
from ingest.proposing.proposal import Proposed
from ingest.vocabulary import Kind

_GATHERING = r"(?:seminar|workshop|conference|symposium|round ?table|meeting|forum|event|summit|webinar)"
_OF_AN_EVENT = re.compile(rf"\b(?:minutes|{_GATHERING})s?\b", re.IGNORECASE)
_REPORTS_EVENT = re.compile(
    r"\bthis (?:update|report|note|paper|document|summary|briefing|digest)\b[^.]{0,160}?\b"
    rf"(?P<event>{_GATHERING})\b[^.]{{0,120}}?\b(?:held|took place|on)\b[^.]{{0,80}}?(?P<date>{DATE})",
    re.IGNORECASE,
)
_SEMINARS = re.compile(r"seminar|workshop|conference|symposium|round ?table", re.IGNORECASE)
_TO_COME = re.compile(
    r"\b(?:future|forthcoming|calendar|programme of|schedule|next|toolkit|guide|guidance|plan|strategy)\b",
    re.IGNORECASE,
)
_DAY_ALONE = re.compile(rf"\W*(?:held on |on |date:? )?(?P<date>{DATE})\W*", re.IGNORECASE)
_OPENING = 12


def is_of_an_event(title: Proposed | None) -> bool:
    """Whether the title is that of minutes, or of what came of a seminar, and of no programme of them."""
    words = str(title.value) if title else ""
    return bool(_OF_AN_EVENT.search(words)) and not _TO_COME.search(words)


def events(title: Proposed | None, lines: Lines) -> Iterator[Proposed]:
    if title is not None and is_of_an_event(title):
        yield from _event(title, lines)
    for line in lines.body[:_OPENING]:
        if match := _REPORTS_EVENT.search(line.text):
            yield from _reported_event(line, match)


def _event(title: Proposed, lines: Lines) -> Iterator[Proposed]:
    """The one day that the title, or a line of its own below it, names."""
    named = [(match, title.page) for match in re.finditer(f"(?P<date>{DATE})", str(title.value), re.IGNORECASE)]
    if not named:
        named = [(match, line.page) for line in lines.front if (match := _DAY_ALONE.fullmatch(line.text))]
    days = {day for match, _ in named if (day := as_partial(match["date"])) and len(day) > 4}
    if len(days) == 1:
        match, page = named[0]
        yield Proposed(field="event_date", value=days.pop(), quote=match.group().strip(), page=page)


def _reported_event(line: Line, match: re.Match[str]) -> Iterator[Proposed]:
    if day := as_partial(match["date"]):
        yield Proposed(field="event_date", value=day, quote=match.group(), page=line.page)
    if _SEMINARS.fullmatch(match["event"]):
        yield Proposed(field="kind", value=str(Kind.SEMINAR_OUTPUT), quote=match.group(), page=line.page)
