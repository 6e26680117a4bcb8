"""A version beside the one before it, by passages: adding again is a difference told in words."""

from collections import Counter
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from ingest.catalogue import HeldPassage
from ingest.vocabulary import Passage


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


def differences(old: Sequence[HeldPassage], new: Sequence[Passage]) -> PassageChanges:
    """Unchanged is a passage with the same words; changed, one that took an old one's place under the same headings."""
    held, made = Counter(passage.digest for passage in old), Counter(passage.digest for passage in new)
    unchanged = sum((held & made).values())
    gone = _by_headings(old, held - made)
    come = _by_headings(new, made - held)
    changed = sum((gone & come).values())
    removed, added = sum(gone.values()) - changed, sum(come.values()) - changed
    return PassageChanges(new=added, changed=changed, unchanged=unchanged, removed=removed)


def _by_headings(passages: Sequence[HeldPassage | Passage], among: Counter[str]) -> Counter[tuple[str, ...]]:
    """How many passages of those digests stand under each heading path."""
    left, counted = Counter(among), Counter[tuple[str, ...]]()
    for passage in passages:
        if left[passage.digest] > 0:
            left[passage.digest] -= 1
            counted[passage.heading_path] += 1
    return counted
