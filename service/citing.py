"""Binds each statement to its passage: a quotation that does not stand where it says it stands does not leave."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import get_args

from ingest.catalogue import HeldVersion
from ingest.register import Register
from ingest.vocabulary import Card, Role, Status, is_past, page_unit
from service.vocabulary import (
    Citation,
    CitationSource,
    CitedOrganisation,
    Location,
    Point,
    Quotation,
    Relation,
    Statement,
)

FindVersion = Callable[[int], HeldVersion]


@dataclass
class Citing:
    """The citations of one answer: one numbering, each place cited once."""

    find_version: FindVersion
    register: Register
    today: date
    citations: list[Citation] = field(default_factory=list)
    dropped: int = 0
    _markers: dict[tuple[int, int, int], int] = field(default_factory=dict)

    def bind(self, statements: Iterable[Statement]) -> list[Point]:
        """Points for the statements whose quotations hold; the others are counted in `dropped`."""
        points = [self._point(statement) for statement in statements]
        return [point for point in points if point is not None]

    def _point(self, statement: Statement) -> Point | None:
        pairs = self._pairs(statement.quotations)
        if not pairs or not all(holds(quotation, version.text) for quotation, version in pairs):
            self.dropped += 1
            return None
        markers = self._markers_of(pairs)
        also = {relation: tuple(self._elsewhere(statement, relation)) for relation in get_args(Relation)}
        return Point(
            text=statement.text,
            citations=markers,
            heading=statement.heading,
            also_in=also["whole"],
            partly_also_in=also["part"],
            taken_from=also["source"],
        )

    def _elsewhere(self, statement: Statement, relation: Relation) -> Iterator[int]:
        """Markers of the other places. One whose quotation does not hold is left out and counted; the rest stays."""
        for place in statement.elsewhere:
            if place.relation != relation:
                continue
            pairs = self._pairs(place.quotations)
            if all(holds(quotation, version.text) for quotation, version in pairs):
                yield from self._markers_of(pairs)
            else:
                self.dropped += 1

    def _pairs(self, quotations: Iterable[Quotation]) -> list[tuple[Quotation, HeldVersion]]:
        return [(quotation, self.find_version(quotation.version_id)) for quotation in quotations]

    def _markers_of(self, pairs: Iterable[tuple[Quotation, HeldVersion]]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(self._marker(quotation, version) for quotation, version in pairs))

    def _marker(self, quotation: Quotation, version: HeldVersion) -> int:
        place = (quotation.version_id, *quotation.span)
        if place not in self._markers:
            self._markers[place] = len(self._markers) + 1
            self.citations.append(_citation(self._markers[place], quotation, version, self.register, self.today))
        return self._markers[place]


def holds(quotation: Quotation, text: str) -> bool:
    """Whether the quotation is, to the letter, what the text says at its span."""
    start, end = quotation.span
    return 0 <= start < end <= len(text) and text[start:end] == quotation.text


def source_of(card: Card, version: HeldVersion, register: Register, today: date) -> CitationSource:
    """The document behind a citation; a version that has been replaced or withdrawn says so."""
    organisations = sorted(card.organisations, key=lambda organisation: organisation.role is not Role.AUTHOR)
    status = {"superseded": Status.SUPERSEDED, "withdrawn": Status.WITHDRAWN}.get(version.state, card.status)
    return CitationSource(
        document_id=version.document_id,
        version=version.number,
        title=card.title,
        organisations=tuple(
            CitedOrganisation(slug=o.slug, name=o.published_as or register.name(o.slug), role=o.role)
            for o in organisations
        ),
        role=organisations[0].role if organisations else None,
        kind=card.kind,
        published=card.published,
        event_date=card.event_date,
        review_date=card.review_date,
        review_overdue=is_past(card.review_date, today),
        marking=card.marking,
        status=status,
        licence=card.licence,
        url=card.url,
    )


def _citation(marker: int, quotation: Quotation, version: HeldVersion, register: Register, today: date) -> Citation:
    start, end = quotation.span
    first, last = quotation.page_start or 0, quotation.page_end or 0
    return Citation(
        marker=marker,
        cited_text=quotation.text,
        digest=hashlib.sha256(quotation.text.encode()).hexdigest(),
        source=source_of(version.card, version, register, today),
        location=Location(
            heading_path=quotation.heading_path,
            paragraph=quotation.paragraph,
            page_start=quotation.page_start,
            page_end=quotation.page_end,
            page_unit=page_unit(version.format),
            char_start=start,
            char_end=end,
            printed_start=version.printed_pages.get(first),
            printed_end=version.printed_pages.get(last),
            recognised=version.quality is not None and any(first <= n <= last for n in version.quality.recognised),
        ),
        link=f"/d/{version.document_id}?version={version.number}&start={start}&end={end}#cited",
        verified=True,
    )
