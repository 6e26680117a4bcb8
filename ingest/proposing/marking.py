"""Protective markings that a text bears. They stand alone: in a header or footer, at a page's edge, behind a label.

"Secret ballot" in a sentence is none, nor is a heading "SECRET" where a text explains what the markings mean.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from ingest.proposing.lines import Line, Lines
from ingest.proposing.proposal import Proposed

_NAMES = (
    r"TOP\s+SECRET|SECRET|CONFIDENTIAL|RESTRICTED|OFFICIAL\W{0,3}SENSITIVE|OFFICIAL|"
    r"NOT\s+PROTECTIVELY\s+MARKED|UNCLASSIFIED|PROTECT"
)
_TAIL = r"(?:\s*(?:[-–—:/(\[]|\bUK\b)\s*[A-Z][A-Z &/'-]{1,40}[)\]]?)?"
"""A descriptor such as [PERSONAL] or – COMMERCIAL."""
_ALONE = re.compile(rf"\W{{0,3}}(?:(?:UK|HMG|POLICE)\s+)?(?P<marking>(?P<name>{_NAMES}){_TAIL})\W{{0,3}}")
_LABELLED = re.compile(
    r"(?:(?:government\s+)?(?:protective|security|gsc)\s+(?:marking|classification)(?:\s+scheme)?"
    r"(?:\s+\((?:gsc|gpms)\))?|gsc|gpms|classification|marking|document\s+classification)"
    rf"\s*[:|–-]\s*(?P<marking>(?P<name>{_NAMES})\b[^|.;]{{0,30}})",
    re.IGNORECASE,
)
_SECRET, _RESTRICTED = r"\b(?:TOP\s+)?SECRET\b", r"\b(?:OFFICIAL\W{0,3}SENSITIVE|CONFIDENTIAL|RESTRICTED)\b"
_RANKS = (r"TOP\s+SECRET", "SECRET", "CONFIDENTIAL", r"OFFICIAL\W{0,3}SENSITIVE", "RESTRICTED", "PROTECT", "OFFICIAL")
_HEADINGS_TOO = re.compile(r"PROTECT\W*", re.IGNORECASE)
"""One of the four Ps of a strategy is called so: only a header, footer or label makes a marking of it."""
_EXPLAINS = 3
"""Different markings that stand alone in the text of a document that tells what they mean."""


def markings(lines: Lines) -> list[Proposed]:
    """Every marking with its first place, each spelling once, the highest first."""
    found: dict[str, Proposed] = {}
    for line, match in _found(lines):
        marking = " ".join(match["marking"].split()).rstrip(" -–—:,")
        quote = match.group().strip()
        found.setdefault(_key(marking), Proposed(field="marking", value=marking, quote=quote, page=line.page))
    return sorted(found.values(), key=lambda proposed: _rank(str(proposed.value)))


def is_secret(marking: str | None) -> bool:
    """SECRET or above: what this library does not hold."""
    return bool(marking and re.search(_SECRET, marking, re.IGNORECASE))


def is_restricted(marking: str | None) -> bool:
    """OFFICIAL-SENSITIVE, or what was called so before."""
    return bool(marking and re.search(_RESTRICTED, marking, re.IGNORECASE))


def _found(lines: Lines) -> Iterator[tuple[Line, re.Match[str]]]:
    for line in lines.furniture:
        yield from ((line, match) for cell in line.cells if (match := _ALONE.fullmatch(cell)))
    for line in lines.telling:
        if match := _LABELLED.match(line.text) or _labelled_within(line):
            yield line, match
    for line in _alone(lines):
        if match := _ALONE.fullmatch(line.text):
            yield line, match


def _labelled_within(line: Line) -> re.Match[str] | None:
    """Behind other cells of a row or footer."""
    return next((match for cell in line.cells if (match := _LABELLED.match(cell))), None)


def _alone(lines: Lines) -> Sequence[Line]:
    """Lines that are nothing but a marking: at the edge of a page, or again and again."""
    standing = [line for line in lines.body if len(line.text) < 80 and _ALONE.fullmatch(line.text)]
    standing = [line for line in standing if not _HEADINGS_TOO.fullmatch(line.text)]
    if len({_key(line.text) for line in standing}) >= _EXPLAINS:
        return [line for line in lines.front if line in standing]
    edges = set(map(id, lines.edges))
    times = Counter(_key(line.text) for line in standing)
    return [line for line in standing if id(line) in edges or times[_key(line.text)] > 1]


def _key(marking: str) -> str:
    return " ".join(re.findall(r"[A-Z]+", marking.upper()))


def _rank(marking: str) -> int:
    ranks = (rank for rank, name in enumerate(_RANKS) if re.match(name, marking, re.IGNORECASE))
    return next(ranks, len(_RANKS))


def is_a_marking(text: str) -> bool:
    """Whether a line is nothing else."""
    return bool(_ALONE.fullmatch(text))
