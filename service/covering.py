"""What was searched for an answer, and what its silence means: not held, and held but silent, are different answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.catalogue import HeldDocument, Holdings
from ingest.register import Organisation, Register
from service.vocabulary import Citation, Coverage, DocumentReference, NamedOrganisation


@dataclass(frozen=True, slots=True)
class Searched:
    """The documents that the question was put to, and those it could have been put to without its filters."""

    documents: Holdings
    permitted: Holdings


def cover(
    searched: Searched,
    asked: Iterable[Organisation],
    citations: Sequence[Citation],
    nearest: Sequence[HeldDocument],
    register: Register,
) -> Coverage:
    held = searched.permitted.by_organisation.keys()
    cited = {organisation.slug for citation in citations for organisation in citation.source.organisations}
    found: list[NamedOrganisation] = []
    silent: list[NamedOrganisation] = []
    not_held: list[NamedOrganisation] = []
    for organisation in asked:
        lineage = register.lineage(organisation.slug)
        where = found if lineage & cited else silent if lineage & held else not_held
        where.append(NamedOrganisation(slug=organisation.slug, name=organisation.name))
    documents, organisations = len(searched.documents), len(searched.documents.by_organisation)
    newest = _newest(searched.documents, citations)
    return Coverage(
        documents_searched=documents,
        organisations_searched=organisations,
        found=tuple(found),
        silent=tuple(silent),
        not_held=tuple(not_held),
        newest=newest,
        nearest=tuple(
            DocumentReference(document_id=d.id, title=d.card.title, date=d.card.newest_date) for d in nearest
        ),
        sentence=_sentence(documents, organisations, newest, silent, not_held),
    )


def _newest(documents: Holdings, citations: Sequence[Citation]) -> str | None:
    """Of the sources cited, or of all that was searched where none was."""
    cited = [citation.source.published or citation.source.event_date for citation in citations]
    return max((date for date in cited if date), default=None) if cited else documents.newest


def _sentence(
    documents: int,
    organisations: int,
    newest: str | None,
    silent: Sequence[NamedOrganisation],
    not_held: Sequence[NamedOrganisation],
) -> str:
    parts = [f"Searched: {_count(documents, 'document')}, {_count(organisations, 'organisation')}"]
    parts[0] += f", newest source {newest[:4]}." if newest else "."
    if silent:
        parts.append(f"Nothing found from: {_names(silent)}.")
    if not_held:
        parts.append(f"No document held of: {_names(not_held)}.")
    return " ".join(parts)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _names(organisations: Iterable[NamedOrganisation]) -> str:
    return ", ".join(organisation.name for organisation in organisations)
