"""A version beside the one before it, by passages: adding again is a difference told in words."""

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from ingest.catalogue import Catalogue, HeldDocument


class Compared(Protocol):
    """Of a passage, held or not, what versions are compared by."""

    @property
    def digest(self) -> str: ...
    @property
    def heading_path(self) -> tuple[str, ...]: ...


class PassageChanges(BaseModel):
    """How many passages are new, changed, unchanged and removed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0

    def __str__(self) -> str:
        noun = "passage" if self.new == 1 else "passages"
        return f"{self.new} {noun} new, {self.changed} changed, {self.unchanged} unchanged, {self.removed} removed"


def differences(old: Sequence[Compared], new: Sequence[Compared]) -> PassageChanges:
    """Unchanged is a passage with the same words; changed, one that took an old one's place under the same headings."""
    held, made = Counter(passage.digest for passage in old), Counter(passage.digest for passage in new)
    unchanged = sum((held & made).values())
    gone = _by_headings(old, held - made)
    come = _by_headings(new, made - held)
    changed = sum((gone & come).values())
    removed, added = sum(gone.values()) - changed, sum(come.values()) - changed
    return PassageChanges(new=added, changed=changed, unchanged=unchanged, removed=removed)


def history(catalogue: Catalogue, document: str) -> list[tuple[HeldDocument, PassageChanges | None]]:
    """The versions of a document, newest first, each with what it changed in the one before it."""
    versions = catalogue.versions_of(document)
    if len(versions) < 2:
        return [(version, None) for version in versions]
    held = catalogue.passage_digests(document)
    older = [*versions[1:], None]
    return [
        (new, differences(held.get(old.version_id, []), held.get(new.version_id, [])) if old else None)
        for new, old in zip(versions, older, strict=True)
    ]


def _by_headings(passages: Sequence[Compared], among: Counter[str]) -> Counter[tuple[str, ...]]:
    """How many passages of those digests stand under each heading path."""
    left, counted = Counter(among), Counter[tuple[str, ...]]()
    for passage in passages:
        if left[passage.digest] > 0:
            left[passage.digest] -= 1
            counted[passage.heading_path] += 1
    return counted
