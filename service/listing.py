"""What is held, as the API lists it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import cast

from ingest.catalogue import Catalogue, HeldDocument, Holdings, Scope
from ingest.comparing import PassageChanges, history
from ingest.library import Library
from ingest.register import Register
from ingest.vocabulary import Card
from service.errors import UnknownOrganisation
from service.held import Document, DocumentVersion, Holding
from service.vocabulary import Asker, CitedOrganisation, DocumentReference, VersionState


def listed(held: HeldDocument, register: Register) -> Document:
    return Document(
        document_id=held.id,
        version=held.number,
        title=held.card.title,
        organisations=named(held.card, register),
        newest=held.card.newest_date,
        status=held.card.status,
        card=held.card,
        card_digest=held.card.digest,
        file_name=held.file_name,
        format=held.format,
        pages=held.pages,
        passages=held.passages,
        added_at=held.added_at,
        quality=held.quality,
    )


def held_for(library: Library, reader: Asker | None) -> Holdings:
    """The live documents that the reader may know of, by title; None may know of all."""
    return library.now.all_documents if reader is None else library.now.documents(Scope(audiences=reader.audiences))


def hidden_from(catalogue: Catalogue, reader: Asker | None) -> frozenset[str]:
    """Ids of documents that the reader may not know of, in some version at least."""
    return frozenset() if reader is None else catalogue.restricted(reader.audiences)


def permitted_history(
    catalogue: Catalogue, reader: Asker | None, document_id: str
) -> list[tuple[HeldDocument, PassageChanges | None]]:
    """The versions that the reader may know of, the newest first, each with what it changed in the one before it."""
    return [(version, changes) for version, changes in history(catalogue, document_id) if _may_read(reader, version)]


def permitted_versions(catalogue: Catalogue, reader: Asker | None, document_id: str) -> list[HeldDocument]:
    """The same, without what each changed."""
    return [version for version in catalogue.versions_of(document_id) if _may_read(reader, version)]


def _may_read(reader: Asker | None, version: HeldDocument) -> bool:
    return reader is None or bool(reader.audiences.intersection(version.card.audience))


def version_listed(version: HeldDocument, changes: PassageChanges | None) -> DocumentVersion:
    return DocumentVersion(
        version=version.number,
        state=cast(VersionState, version.state.value),
        added_at=version.added_at,
        title=version.card.title,
        file_name=version.file_name,
        format=version.format,
        size=version.size,
        sha256=version.sha256,
        pages=version.pages,
        passages=version.passages,
        changes=changes,
    )


def named(card: Card, register: Register) -> tuple[CitedOrganisation, ...]:
    """A card's organisations under the name that the document uses, else the register's."""
    return tuple(
        CitedOrganisation(slug=o.slug, name=o.published_as or register.name(o.slug), role=o.role)
        for o in card.organisations
    )


def holdings(documents: Iterable[HeldDocument], register: Register) -> list[Holding]:
    """Every organisation of the register, by name, with the documents of or about it."""
    held: dict[str, list[HeldDocument]] = defaultdict(list)
    for document in documents:
        for slug in {organisation.slug for organisation in document.card.organisations}:
            held[slug].append(document)
    return [
        Holding(
            slug=organisation.slug,
            name=organisation.name,
            kind=organisation.kind,
            region=organisation.region,
            documents=tuple(_reference(document) for document in held[organisation.slug]),
            newest=_newest(held[organisation.slug]),
        )
        for organisation in sorted(register, key=lambda organisation: organisation.name)
    ]


def check_organisations(slugs: Iterable[str], register: Register) -> None:
    """Raises UnknownOrganisation: a slip of the pen must not pass for silence."""
    for slug in slugs:
        if register.get(slug) is None:
            near = get_close_matches(slug, register.slugs(), n=1)
            instead = f"use '{near[0]}'." if near else "GET /api/v1/organisations lists those that are."
            raise UnknownOrganisation(f"'{slug}' is not in the register; {instead}")


def _reference(document: HeldDocument) -> DocumentReference:
    return DocumentReference(document_id=document.id, title=document.card.title, date=document.card.newest_date)


def _newest(documents: Sequence[HeldDocument]) -> str | None:
    return max((document.card.newest_date for document in documents if document.card.newest_date), default=None)
