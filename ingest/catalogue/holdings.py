"""Documents as a whole, with what every question needs to know of them.

Worked out once for a set of documents: to go through thousands of cards took longer than all the rest of a question.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from ingest.catalogue.held import HeldDocument
from ingest.vocabulary import Card, Kind


class Holdings(tuple[HeldDocument, ...]):
    """Live documents, in the order given. Sets of versions are sets of their ids."""

    @cached_property
    def versions(self) -> frozenset[int]:
        return frozenset(document.version_id for document in self)

    @cached_property
    def cards(self) -> dict[int, Card]:
        """By version."""
        return {document.version_id: document.card for document in self}

    @cached_property
    def by_id(self) -> dict[str, Card]:
        return {document.id: document.card for document in self}

    @cached_property
    def compiled(self) -> frozenset[int]:
        """Versions of what we compiled ourselves."""
        return frozenset(document.version_id for document in self if document.card.kind.is_compiled)

    @cached_property
    def glossaries(self) -> frozenset[int]:
        return frozenset(document.version_id for document in self if document.card.kind is Kind.GLOSSARY)

    @cached_property
    def unattributed(self) -> frozenset[int]:
        """Versions of what somebody else wrote, with nobody on its card."""
        return self.versions - self.compiled - frozenset().union(*self.by_organisation.values())

    @cached_property
    def by_organisation(self) -> dict[str, frozenset[int]]:
        """Versions of and about each organisation, by its slug."""
        found: dict[str, set[int]] = defaultdict(set)
        for document in self:
            for organisation in document.card.organisations:
                found[organisation.slug].add(document.version_id)
        return {slug: frozenset(versions) for slug, versions in found.items()}

    @cached_property
    def combinations(self) -> frozenset[tuple[str, ...]]:
        """The organisations that documents are of or about together, by their slugs, each combination once."""
        return frozenset(tuple(o.slug for o in document.card.organisations) for document in self)

    @cached_property
    def newest(self) -> str | None:
        """The newest date on any of their cards."""
        return max((document.card.newest_date for document in self if document.card.newest_date), default=None)

    def of(self, slugs: Iterable[str]) -> frozenset[int]:
        """Versions of and about any of these organisations."""
        return frozenset().union(*(self.by_organisation.get(slug, frozenset()) for slug in slugs))
