"""What is live at one moment, and what has been read of it since: with the next change all of it is let go."""

import hashlib
from collections.abc import Iterable
from functools import cached_property

from ingest.catalogue import Catalogue, HeldVersion, Holdings, Scope
from ingest.kept import Kept

_SCOPES = 256
_CHARACTERS = 4_000_000
"""Of the texts kept; what they are made of takes as much again, and more."""


class Moment:
    """Safe to use from several threads. A question may go on asking the moment that it began at."""

    def __init__(self, catalogue: Catalogue, embedder: str) -> None:
        cards = catalogue.live_cards()
        named = ",".join([embedder, *(f"{id_}:{digest}" for id_, digest in sorted(cards.items()))])
        self.versions = frozenset(cards)
        self.name = hashlib.sha256(named.encode()).hexdigest()[:12]
        """The same for the same live versions with the same cards."""
        self._catalogue = catalogue
        self._scopes: dict[Scope, frozenset[int] | None] = {}
        self._documents: dict[Scope, Holdings] = {}
        self._texts = Kept(self._read, _CHARACTERS, lambda version: len(version.text))

    def resolve(self, scope: Scope) -> frozenset[int] | None:
        """The versions that a question of this scope may be answered from; None if that is every live one."""
        if scope in self._scopes:
            return self._scopes[scope]
        permitted = self._catalogue.live_versions(scope)
        answer = None if permitted == self.versions else permitted
        if len(self._scopes) < _SCOPES:
            self._scopes[scope] = answer
        return answer

    def documents(self, scope: Scope) -> Holdings:
        """The documents of these versions, by title."""
        permitted = self.resolve(scope)
        if permitted is None:
            return self.all_documents
        if scope in self._documents:
            return self._documents[scope]
        documents = Holdings(document for document in self.all_documents if document.version_id in permitted)
        if len(self._documents) < _SCOPES:
            self._documents[scope] = documents
        return documents

    def version(self, version_id: int) -> HeldVersion:
        """A version with its text as it stands now, live or not. Raises UnknownDocument."""
        return self._texts.of([version_id])[version_id]

    @cached_property
    def all_documents(self) -> Holdings:
        """Whoever they are for. Without those that went live only after this moment."""
        held = self._catalogue.documents(None)
        return Holdings(document for document in held if document.version_id in self.versions)

    def _read(self, version_ids: Iterable[int]) -> dict[int, HeldVersion]:
        return {version_id: self._catalogue.version(version_id) for version_id in version_ids}
