"""Two texts side by side: a version and the one before it, another document, or what waits to become the next one."""

from collections import Counter
from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from ingest.catalogue import Catalogue, HeldVersion
from ingest.editions.changes import HeadingChange, changes_by_heading
from ingest.errors import UnknownDocument
from ingest.vocabulary import CanonicalText

_TOP = "Above the first heading"


class HeldText(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    document: str
    version: int
    title: str


class TextChanges(BaseModel):
    """What changed by heading, in the order of the new text; what is gone comes last."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    new: HeldText | None
    """None of a text that is not held yet."""
    old: HeldText
    summary: str
    headings: tuple[HeadingChange, ...]

    @property
    def differing(self) -> tuple[HeadingChange, ...]:
        """The headings that are not as they were."""
        return tuple(change for change in self.headings if change.state != "unchanged" or change.was is not None)


def version_before(catalogue: Catalogue, held: HeldVersion) -> int:
    """The number of the version that it took the place of. Raises UnknownDocument of a first version."""
    earlier = [version.number for version in catalogue.versions_of(held.document_id) if version.number < held.number]
    if not earlier:
        raise UnknownDocument(
            f"Version {held.number} of '{held.document_id}' is the first, so there is none to compare it with. Name "
            "another document to compare it with (against)."
        )
    return max(earlier)


def text_changes(old: HeldVersion, new: HeldVersion | CanonicalText) -> TextChanges:
    headings = changes_by_heading(old, new)
    return TextChanges(
        new=_held(new) if isinstance(new, HeldVersion) else None,
        old=_held(old),
        summary=_summary(headings),
        headings=headings,
    )


def name_of(heading: tuple[str, ...]) -> str:
    return " > ".join(heading) or _TOP


def state_in_words(change: HeadingChange) -> str:
    return "Renamed" if change.state == "unchanged" and change.was is not None else change.state.capitalize()


def as_text(changes: TextChanges) -> str:
    """Lines: headings that are as they were are counted, each sentence of the others is behind - or +."""
    old, new = changes.old, changes.new
    which = f"'{new.title}' ({new.document}), version {new.version}" if new else "It"
    lines = [f"{which} against '{old.title}' ({old.document}), version {old.version}: {changes.summary}."]
    for change in changes.differing:
        was = f" (was: {name_of(change.was)})" if change.was is not None else ""
        lines += ["", f"{state_in_words(change)}: {name_of(change.heading)}{was}", *_sentences(change)]
    return "\n".join(lines)


def _sentences(change: HeadingChange) -> Iterator[str]:
    for sentence in change.changes:
        for sign, text in (("-", sentence.old), ("+", sentence.new)):
            if text is not None:
                yield f"  {sign} {' '.join(text.split())}"


def _held(version: HeldVersion) -> HeldText:
    return HeldText(document=version.document_id, version=version.number, title=version.card.title)


def _summary(headings: tuple[HeadingChange, ...]) -> str:
    """2 headings changed, 1 new, 0 gone, 7 unchanged."""
    number = Counter(change.state for change in headings)
    noun = "heading" if number["changed"] == 1 else "headings"
    return (
        f"{number['changed']} {noun} changed, {number['new']} new, {number['gone']} gone, "
        f"{number['unchanged']} unchanged"
    )
