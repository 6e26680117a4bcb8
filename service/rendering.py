"""Templates of the web pages and the headers they are sent with."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ingest.editions import name_of, state_in_words
from ingest.register import Register
from service.briefing import basis
from service.contrasting import side_by_side
from service.filling import GROUPS, LABELS, ROLES, TITLE, Beside, CardForm
from service.problems import Problem
from service.vocabulary import Answer, Citation, CitationSource, Point
from service.wording import Described, also_in, capital, date_in_words, describe, kind_in_words, place, titled

PAGE = Path(__file__).parent / "page"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
"""Only our own files, nothing inline, in nobody's frame. Not "no-store": going back keeps the conversation."""


def page(template: str, status: int = 200, **values: object) -> HTMLResponse:
    return HTMLResponse(_environment().get_template(template).render(**values), status, HEADERS)


def card_page(
    template: str, status: int, form: CardForm, beside: Beside, register: Register, **values: object
) -> HTMLResponse:
    """A page with the form of a card on it."""
    fields = {"title_field": TITLE, "groups": GROUPS, "labels": LABELS, "roles": ROLES}
    names = sorted(organisation.name for organisation in register)
    return page(template, status, form=form, beside=beside, names=names, **fields, **values)


def failure(problem: Problem) -> HTMLResponse:
    """What went wrong, as somebody reads it."""
    return page("missing.html", problem.status, heading=problem.title, sentence=problem.detail)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(PAGE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    register = Register.load()

    def described(citation: Citation, answer: Answer) -> Described:
        return describe(citation, register, answer.asked_at.date())

    def in_answer(source: CitationSource, answer: Answer) -> tuple[str, str]:
        return titled(source, answer.asked_at.date())

    environment.filters |= {
        "also_in": also_in,
        "basis": basis,
        "capital": capital,
        "cited": _cited,
        "date": date_in_words,
        "day": _day,
        "described": described,
        "documents": _documents,
        "groups": _groups,
        "heading": name_of,
        "side_by_side": side_by_side,
        "state": state_in_words,
        "bytes": _bytes,
        "kind": kind_in_words,
        "parts": _parts,
        "place": place,
        "titled": in_answer,
        "zip": zip,
    }
    return environment


def _cited(answer: Answer) -> dict[int, Citation]:
    return {citation.marker: citation for citation in answer.citations}


def _documents(citations: tuple[Citation, ...]) -> list[list[Citation]]:
    """The citations gathered by document, in order of the first of each."""
    gathered: dict[tuple[str, int], list[Citation]] = {}
    for citation in citations:
        gathered.setdefault((citation.source.document_id, citation.source.version), []).append(citation)
    return list(gathered.values())


def _bytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{size / 1e3:,.1f} kB"


def _day(moment: datetime) -> str:
    return date_in_words(moment.date().isoformat())


def _groups(points: tuple[Point, ...]) -> Iterator[tuple[str | None, list[Point]]]:
    """Neighbouring points under one heading."""
    for heading, group in groupby(points, key=lambda point: point.heading):
        yield heading, list(group)


def _parts(point: Point) -> tuple[str, list[str]]:
    """A point's sentences, and the items of its list, if it has one."""
    lead, *items = point.text.split("\n• ")
    if lead.startswith("• "):
        return "", [lead.removeprefix("• "), *items]
    return lead, items
