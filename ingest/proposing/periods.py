"""The years that a document is for: in its title, alone on its title page, in a header or footer."""

import re
from collections.abc import Iterator

from ingest.proposing.dates import PERIOD, period
from ingest.proposing.lines import Line, Lines
from ingest.proposing.proposal import Proposed


def periods(lines: Lines, title: Proposed | None) -> Iterator[tuple[Proposed, Proposed]]:
    """From and to of each range of years in the title, alone on the title page, or in a header or footer."""
    for line in (*lines.front, *lines.furniture):
        is_title = title is not None and line.text == title.value
        for match in PERIOD.finditer(line.text):
            alone = any(match.group() == cell.strip("() ") for cell in line.cells)
            found = period(match)
            if found and (is_title or alone or (line in lines.furniture and _names_a_plan(line.text))):
                yield _ends(line, match.group(), found)


def _ends(line: Line, quote: str, found: tuple[str, str]) -> tuple[Proposed, Proposed]:
    start, end = found
    return (
        Proposed(field="covers_from", value=start, quote=quote, page=line.page),
        Proposed(field="covers_to", value=end, quote=quote, page=line.page),
    )


def _names_a_plan(text: str) -> bool:
    return bool(re.search(r"\b(?:plan|strategy|framework|policy|programme)\b", text, re.IGNORECASE))
