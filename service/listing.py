"""What is held, as the API lists it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from ingest.catalogue import HeldDocument
from ingest.register import Register
from ingest.vocabulary import Card
from service.errors import UnknownOrganisation
from service.vocabulary import CitedOrganisation, Document, DocumentReference, Holding


def listed(held: HeldDocument, register: Register) -> Document:
    return Document(
        document_id=held.id,
        version=held.number,
        title=held.card.title,
        organisations=named(held.card, register),
        newest=held.card.newest_date,
        status=held.card.status,
        card=held.card,
        file_name=held.file_name,
        format=held.format,
        pages=held.pages,
        passages=held.passages,
        added_at=held.added_at,
        quality=held.quality,
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
