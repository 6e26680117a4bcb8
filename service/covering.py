"""What was searched for an answer, and what its silence means: not held, and held but silent, are different answers."""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date

from ingest.catalogue import HeldDocument, Holdings
from ingest.register import Organisation, Register
from ingest.vocabulary import Card
from service.ageing import Outdated, in_words
from service.bodies import body_among
from service.dating import Time
from service.vocabulary import Citation, Coverage, DocumentReference, NamedOrganisation, Point
from service.wording import date_in_words, titled

MOST_NAMED = 15
"""Organisations that a sentence names; more are counted."""


@dataclass(frozen=True, slots=True)
class Searched:
    """The documents that the question was put to, and those it could have been put to without its filters."""

    documents: Holdings
    permitted: Holdings


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a question is about."""

    named: Sequence[Organisation]
    every: bool = False
    """Whether it asks about all police bodies held, naming none: "which forces …"."""
    heard: frozenset[int] = frozenset()
    """Versions that say something on it, be there room in the answer or not."""


@dataclass(frozen=True, slots=True)
class OnTime:
    """What is told of the time that was asked about."""

    sentence: str
    met: bool


def cover(
    searched: Searched,
    asked: Asked,
    citations: Sequence[Citation],
    nearest: Sequence[HeldDocument],
    register: Register,
    outdated: Sequence[Outdated] = (),
) -> Coverage:
    held = searched.permitted.by_organisation.keys()
    cited = {organisation.slug for citation in citations for organisation in citation.source.organisations}
    heard = {
        o.slug for v in asked.heard & searched.documents.versions for o in searched.documents.cards[v].organisations
    }
    found: list[NamedOrganisation] = []
    unshown: list[NamedOrganisation] = []
    silent: list[NamedOrganisation] = []
    not_held: list[NamedOrganisation] = []
    for organisation in _forces_held(searched.documents, register) if asked.every else asked.named:
        lineage = register.lineage(organisation.slug)
        missing = silent if lineage & held else not_held
        where = found if lineage & cited else unshown if lineage & heard else missing
        where.append(NamedOrganisation(slug=organisation.slug, name=organisation.name))
    documents, organisations = len(searched.documents), len(searched.documents.by_organisation)
    newest = _newest(searched.documents, citations)
    return Coverage(
        documents_searched=documents,
        organisations_searched=organisations,
        found=tuple(found),
        unshown=tuple(unshown),
        silent=tuple(silent),
        not_held=tuple(not_held),
        newest=newest,
        outdated=tuple(one.document for one in outdated),
        nearest=tuple(
            DocumentReference(document_id=d.id, title=d.card.title, date=d.card.newest_date) for d in nearest
        ),
        sentence=" ".join(
            (
                _searched(documents, organisations, newest),
                *_missing("Found too, not quoted here, from", unshown),
                *_missing("Nothing found from", silent),
                *_missing("No document held of", not_held),
                *(_forces_missing(held, register) if asked.every else ()),
                *in_words(outdated),
            )
        ),
    )


def told_of_time(
    time: Time | None, points: Iterable[Point], citations: Sequence[Citation], searched: Searched, today: date
) -> OnTime | None:
    """What to say where a time was asked about: what is newest, or that nothing cited can be of that time.

    What we compiled and only repeats what a body says is no newer for that.
    """
    leading = {marker for point in points for marker in point.citations}
    cited = {c.source.document_id for c in citations if c.marker in leading or not c.source.kind.is_compiled}
    cards = [document.card for document in searched.documents if document.id in cited] if time else []
    if time is None or not cards:
        return None
    newest = max(cards, key=_date)
    if time.newest:
        source = next(citation.source for citation in citations if citation.source.document_id == newest.id)
        title, whose = titled(source, today)
        when = date_in_words(_date(newest)) if newest.newest_date else "no date stated"
        when = f"compiled {when}" if newest.kind.is_compiled and newest.published else when
        return OnTime(f"The newest source cited is '{title}'{whose} ({when}).", met=True)
    is_of = any(map(time.is_of, cards)) or any(time.is_told_in(citation.cited_text) for citation in citations)
    if time.start and not is_of and all(map(time.is_after, cards)):
        sentence = f"Nothing found is of {date_in_words(time.start)} or later"
        return OnTime(f"{sentence}; the newest source cited is of {date_in_words(_date(newest))}.", met=False)
    return None


def _date(card: Card) -> str:
    return card.newest_date or ""


def _forces_held(documents: Holdings, register: Register) -> list[Organisation]:
    """The police bodies of which something is held, each area once, by name."""
    bodies = {body.slug: body for slugs in documents.combinations if (body := body_among(slugs, register))}
    return sorted(bodies.values(), key=lambda body: body.name)


def _newest(documents: Holdings, citations: Sequence[Citation]) -> str | None:
    """Of the sources cited, or of all that was searched where none was."""
    cited = [citation.source.published or citation.source.event_date for citation in citations]
    return max((date for date in cited if date), default=None) if cited else documents.newest


def _searched(documents: int, organisations: int, newest: str | None) -> str:
    said = f"Searched: {_count(documents, 'document')}, {_count(organisations, 'organisation')}"
    return f"{said}, newest source {newest[:4]}." if newest else f"{said}."


def _missing(said: str, organisations: Sequence[NamedOrganisation]) -> Iterator[str]:
    if len(organisations) > MOST_NAMED:
        yield f"{said} {len(organisations)} forces held."
    elif organisations:
        yield f"{said}: {', '.join(organisation.name for organisation in organisations)}."


def _forces_missing(held: Set[str], register: Register) -> Iterator[str]:
    """How many forces in being are not held at all."""
    forces = [force for force in register if force.kind == "force" and not force.successor]
    missing = sum(not (register.lineage(force.slug) & held) for force in forces)
    if missing:
        yield f"No document held of {_count(missing, 'other force')}."


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
