"""An Answer as it is pasted into Word or Outlook: HTML and plain text, one numbering for both.

The HTML is a fragment of its own, never the page's: inline styles, p, b, i, br and a only, bracket markers, absolute
addresses printed as text. Both are written from the same lines, so that they cannot say different things.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import groupby
from typing import Literal

from ingest.register import Register
from service.vocabulary import Answer, Citation, Point
from service.wording import also_in, capital, counted, date_in_words, describe, highest_marking, ranked_markings, titled

_STYLE = "font-family:Arial,sans-serif;font-size:11pt;line-height:1.3;margin:0 0 8pt 0"

Face = Literal["plain", "bold", "italic"]


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of text in one face; with an address, a link. A line break inside is kept."""

    text: str
    face: Face = "plain"
    address: str | None = None


_Paragraph = tuple[_Run, ...]


def as_text(answer: Answer, base_url: str) -> str:
    """Plain text: paragraphs parted by an empty line."""
    return "\n\n".join("".join(run.text for run in paragraph) for paragraph in _paragraphs(answer, base_url)) + "\n"


def as_html(answer: Answer, base_url: str) -> str:
    """An HTML fragment for the clipboard."""
    return "".join(
        f'<p style="{_STYLE}">{"".join(_html(run) for run in paragraph)}</p>'
        for paragraph in _paragraphs(answer, base_url)
    )


def _html(run: _Run) -> str:
    text = escape(run.text).replace("\n", "<br>")
    if run.address:
        text = f'<a href="{escape(run.address)}">{text}</a>'
    tag = {"plain": "", "bold": "b", "italic": "i"}[run.face]
    return f"<{tag}>{text}</{tag}>" if tag else text


def _paragraphs(answer: Answer, base_url: str) -> Iterator[_Paragraph]:
    marking = highest_marking(citation.source.marking for citation in answer.citations)
    if marking:
        yield (_Run(marking, "bold"),)
    yield (_Run(answer.question, "bold"),)
    if answer.message:
        yield (_Run(answer.message),)
    addresses = {citation.marker: _address(base_url, citation.link) for citation in answer.citations}
    yield from _points(answer, addresses)
    if answer.citations:
        yield from _sources(answer, addresses)
    elif answer.coverage.nearest:
        yield _nearest(answer, base_url)
    yield from _closing(answer)


def _points(answer: Answer, addresses: dict[int, str]) -> Iterator[_Paragraph]:
    cited = {citation.marker: citation for citation in answer.citations}
    quote = '"' if answer.method.composer == "extractive" else ""
    for heading, points in groupby(answer.points, key=lambda point: point.heading):
        if heading:
            yield (_Run(heading, "bold"),)
        for point in points:
            told = _Run(f"{quote}{point.text}{quote}")
            elsewhere = _elsewhere(point, cited, addresses, answer.asked_at.date())
            yield (told, *_markers(point.citations, addresses), *elsewhere)


def _elsewhere(point: Point, cited: dict[int, Citation], addresses: dict[int, str], today: date) -> Iterator[_Run]:
    """Where else the words stand, behind the point: Also in Harbour plan, Durham Constabulary [2]."""
    for said, documents in also_in(point, cited):
        for number, citations in enumerate(documents):
            title, whose = titled(citations[0].source, today)
            yield _Run("; " if number else f" {said} ")
            yield _Run(title, "italic")
            yield _Run(whose)
            yield from _markers([citation.marker for citation in citations], addresses)
        yield _Run(".")


def _markers(markers: Iterable[int], addresses: dict[int, str]) -> Iterator[_Run]:
    for marker in markers:
        yield _Run(" ")
        yield _Run(f"[{marker}]", address=addresses.get(marker))


def _sources(answer: Answer, addresses: dict[int, str]) -> Iterator[_Paragraph]:
    register = Register.load()
    heading: _Paragraph = (_Run("Sources\n", "bold"),)
    for citation in answer.citations:
        yield (*heading, *_source(answer, citation, register, addresses[citation.marker]))
        heading = ()
    markings = ranked_markings(citation.source.marking for citation in answer.citations)
    if markings:
        unmarked = ["none on source"] if any(not c.source.marking for c in answer.citations) else []
        yield (_Run(f"Marking: {'; '.join(markings + unmarked)}."),)


def _source(answer: Answer, citation: Citation, register: Register, address: str) -> _Paragraph:
    told = describe(citation, register, answer.asked_at.date())
    who = f"{capital(told.who)}, " if told.who else ""
    quoted = f'"{citation.cited_text}"' if answer.method.composer == "generative" else ""
    stands = ", ".join(filter(None, (told.reports, *told.marks, told.place)))
    rest = " ".join(filter(None, (f", {stands}.", quoted, told.speaking)))
    return (
        _Run(f"[{citation.marker}] {who}"),
        _Run(told.title, "italic"),
        _Run(f"{rest}\n"),
        _Run(address, address=address),
        _Run(f". Marking: {told.marking}."),
    )


def _nearest(answer: Answer, base_url: str) -> _Paragraph:
    runs = [_Run("Nearest documents held:")]
    for near in answer.coverage.nearest:
        address = _address(base_url, f"/d/{near.document_id}")
        dated = f" ({date_in_words(near.date)})" if near.date else ""
        runs += [_Run(f"\n{near.title}{dated}, "), _Run(address, address=address)]
    return tuple(runs)


def _closing(answer: Answer) -> Iterator[_Paragraph]:
    asked = answer.asked_at
    prepared = f"Prepared {asked.day} {asked:%B %Y}, ref {answer.reference}. Check the source before reuse."
    yield (_Run(f"{basis(answer)} {answer.coverage.sentence}\n{prepared}"),)


def basis(answer: Answer) -> str:
    """How the answer was made, in a sentence or two."""
    method = answer.method
    if not answer.points:
        said = "Basis: no statement is made."
    elif method.composer == "extractive":
        said = "Basis: verbatim extracts, no generated text."
    else:
        said = f"Basis: written by {method.model or 'a language model'} from the sources cited, each quotation checked."
    if method.citations_dropped:
        dropped = counted(method.citations_dropped, "statement")
        said += f" Left out because the source could not be confirmed: {dropped}."
    return f"{said} {method.note}" if method.note else said


def _address(base_url: str, link: str) -> str:
    return base_url.rstrip("/") + link
