"""The journey of a document into the library: identify, read, card, prepare, hold. Returns what changed, in words."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import SQLAlchemyError

from ingest.admitting import admit
from ingest.catalogue import Edit, HeldVersion, NewVersion, Original, State
from ingest.comparing import PassageChanges, differences
from ingest.corpus import Found, document_id, make_card
from ingest.correcting import edited_fields, merged, put_card
from ingest.errors import EngageError, InvalidCard, UnknownDocument, UnreadableDocument
from ingest.library import Library
from ingest.opening import opened
from ingest.originals import encodable, identify
from ingest.preparing import Preparer, Report
from ingest.proposing import masked, masking_told
from ingest.reading import reads_more_now
from ingest.vocabulary import Card, Reading


class Outcome(StrEnum):
    ADDED = "added"
    UPDATED = "updated"
    ALREADY_HELD = "already_held"
    FAILED = "failed"


class Added(BaseModel):
    """What became of one file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    document: str | None
    version: int | None
    outcome: Outcome
    reason: str | None = None
    """Of a failure: stable, for programs."""
    passages: PassageChanges = PassageChanges()
    message: str
    """The same in a sentence."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the adding of one file stands: so many of so many are done of a stage."""

    path: Path
    stage: str
    done: int
    of: int


def add(
    library: Library,
    found: Iterable[Found],
    report: Callable[[Progress], None] = lambda _: None,
    keep_withdrawn: bool = False,
) -> Iterator[Added]:
    """Add documents one after the other, those inside archives and mails among them; what fails is told, and the others
    are added.

    keep_withdrawn: leave out documents that were withdrawn; otherwise adding one again brings it back.
    """
    taken: dict[str, Path] = {}
    with Preparer(library.settings, library.made()) as preparer:
        for file in opened(found, preparer, library.settings.unpacking_dir):
            tell = partial(_tell, report, file.place)
            yield _Adding(library, preparer, file, tell, keep_withdrawn, taken).outcome()


def add_read(library: Library, preparer: Preparer, found: Found, reading: Reading, report: Report) -> Added:
    """Add one document that has been read already."""
    return _Adding(library, preparer, found, report, False, {}, reading).outcome()


def remove(library: Library, document: str) -> str:
    """Withdraw a document: out of answers at once, its versions still resolve. Returns what was done, in words.

    Raises UnknownDocument.
    """
    version = library.catalogue.version(library.withdraw(document))
    title = f"'{version.card.title}' ({document})"
    return f"Removed {title} from answers. Citations of it still resolve; add it again to bring it back."


def _tell(report: Callable[[Progress], None], path: Path, stage: str, done: int, of: int) -> None:
    report(Progress(path, stage, done, of))


class _Adding:
    """The adding of one file."""

    def __init__(
        self,
        library: Library,
        preparer: Preparer,
        found: Found,
        report: Report,
        keep_withdrawn: bool,
        taken: dict[str, Path],
        reading: Reading | None = None,
    ) -> None:
        self._library = library
        self._preparer = preparer
        self._found = found
        self._report = report
        self._keep_withdrawn = keep_withdrawn
        self._reading = reading
        self._taken = taken
        """Ids that files added in the same run have; two files of one name are two documents, not two versions."""
        self._card_digest = hashlib.sha256((found.card_text or "").encode("utf-8", "surrogatepass")).hexdigest()

    def outcome(self) -> Added:
        try:
            return self._add()
        except UnreadableDocument as error:
            return self._failed(error.reason, str(error))
        except InvalidCard as error:
            return self._failed("invalid_card", str(error))
        except EngageError as error:
            return self._failed("embedder_failed", str(error))
        except (OSError, SQLAlchemyError) as error:
            cause = getattr(error, "orig", None) or error
            sentence = f"{self._found.path.name} could not be stored ({cause}). Check the disk, then add it again."
            return self._failed("not_stored", sentence)
        except Exception as error:  # whatever this document brought about, the others are added
            sentence = (
                f"{self._found.path.name} could not be added ({type(error).__name__}: {error}). Please report this."
            )
            return self._failed("unexpected", sentence)

    def _add(self) -> Added:
        if self._found.refusal is not None:
            raise self._found.refusal
        original = identify(self._found.path, self._library.settings.max_document_bytes)
        held = self._library.catalogue.with_sha256(original.sha256)
        same = next((version for version in held if self._says_nothing_new(version)), None)
        if same is not None and (same.state is State.LIVE or self._keep_withdrawn) and not self._reads_otherwise(same):
            self._taken.setdefault(same.document_id, self._found.place)
            return self._already_held(same, original)
        reading = self._reading or self._preparer.read(self._found.path, self._report)
        if self._found.masked or any(masking_told(version.left_out) for version in held):
            reading = masked(reading)
        previous = self._previous(document_id(self._found, reading))
        said = make_card(self._found, reading, self._library.register, previous)
        card, edit = merged(said, previous)
        admit(self._found.path, reading, card)
        if previous is not None and previous.state is State.WITHDRAWN and self._keep_withdrawn:
            return self._already_held(previous, original)
        elsewhere = next(
            (version for version in held if version.state is State.LIVE and version.document_id != card.id), None
        )
        if elsewhere is not None:
            return self._already_held(elsewhere, original)
        other = self._taken.setdefault(card.id, self._found.place)
        if other != self._found.place:
            if previous is not None and (previous.sha256, previous.card) == (original.sha256, card):
                return self._already_held(previous, original)
            raise UnreadableDocument(
                "id_taken",
                f"{self._found.place} would have the id '{card.id}', as {other} has. "
                "Give it an id of its own on its card, then add it again.",
            )
        live = previous if previous is not None and previous.state is State.LIVE else None
        if live is not None and self._is_text_of(live, original, reading):
            return self._with_card(live, card, edit, original)
        return self._add_version(original, reading, card, edit, live)

    def _says_nothing_new(self, same: HeldVersion) -> bool:
        """Of a held version of the same bytes, so that what stands at the top of the text is known already."""
        return same.card_digest == self._card_digest or (self._found.card_text is None and same.state is State.LIVE)

    def _add_version(
        self, original: Original, reading: Reading, card: Card, edit: Edit | None, live: HeldVersion | None
    ) -> Added:
        known = self._library.catalogue.vectors_by_key(card.id, self._library.settings.embedder_name)
        ready = self._preparer.prepare(card.title, reading, known, self._found.path.name, self._report)
        self._library.originals.keep(self._found.path, original)
        embedder = self._library.settings.embedder_name
        old = self._library.catalogue.passages_of(live.id) if live else ()
        changes = differences(old, ready.prepared.passages)
        self._report("indexed", 0, 1)  # the last moment at which it can be called off
        version_id = self._library.hold(
            NewVersion(card, self._card_digest, original, ready.prepared, ready.embedding_keys, embedder, edit)
        )
        self._report("indexed", 1, 1)
        version = self._library.catalogue.version(version_id)
        said = [*(version.quality.warnings if version.quality else ()), masking_told(version.left_out)]
        warnings = " ".join(filter(None, said)) + _kept(version)
        if live is None:
            sentence = f"Added '{card.title}' ({card.id}): {_count(changes.new)}. {warnings}"
            return self._told(version, Outcome.ADDED, changes, sentence.rstrip())
        sentence = f"Updated '{card.title}' ({card.id}) to version {version.number}: {changes}. {warnings}"
        return self._told(version, Outcome.UPDATED, changes, sentence.rstrip())

    def _reads_otherwise(self, version: HeldVersion) -> bool:
        """Whether something else would come of these bytes now than this version."""
        return reads_more_now(version.quality) or (self._found.masked and masking_told(version.left_out) is None)

    @staticmethod
    def _is_text_of(version: HeldVersion, original: Original, reading: Reading) -> bool:
        if version.sha256 != original.sha256 or reads_more_now(version.quality):
            return False
        return masking_told(version.left_out) == masking_told(reading.left_out)

    def _with_card(self, live: HeldVersion, card: Card, edit: Edit | None, original: Original) -> Added:
        """The text is as it was, and its card may have been corrected."""
        version = live
        if (live.card_digest, live.card, live.edit) != (self._card_digest, card, edit):
            digest = self._card_digest
            version = put_card(self._library, self._preparer, live, card, digest, edit, original, self._report)
        if live.card == card:
            return self._already_held(version, original)
        changes = PassageChanges(unchanged=self._library.catalogue.passage_count(version.id))
        what = f"Updated the card of '{card.title}' ({card.id}); its text is as it was: {changes}."
        if version.id != live.id:
            what = f"Updated '{card.title}' ({card.id}) to version {version.number}: {changes}."
        return self._told(version, Outcome.UPDATED, changes, what + _kept(version))

    def _already_held(self, version: HeldVersion, original: Original) -> Added:
        if version.sha256 == original.sha256 and not self._library.originals.hold(original):
            self._library.originals.keep(self._found.path, original)
        title = f"'{version.card.title}' ({version.document_id})"
        if version.state is State.WITHDRAWN:
            sentence = f"Withdrawn, and left out: {title}. Add it by itself to bring it back."
            return self._told(version, Outcome.ALREADY_HELD, PassageChanges(), sentence)
        changes = PassageChanges(unchanged=self._library.catalogue.passage_count(version.id))
        sentence = f"Already held: {title}, version {version.number}.{_kept(version)}"
        return self._told(version, Outcome.ALREADY_HELD, changes, sentence)

    def _previous(self, document: str) -> HeldVersion | None:
        try:
            return self._library.catalogue.version_of(document)
        except UnknownDocument:
            return None

    def _told(self, version: HeldVersion, outcome: Outcome, changes: PassageChanges, sentence: str) -> Added:
        return Added(
            path=encodable(str(self._found.place)),
            document=version.document_id,
            version=version.number,
            outcome=outcome,
            passages=changes,
            message=sentence,
        )

    def _failed(self, reason: str, sentence: str) -> Added:
        return Added(
            path=encodable(str(self._found.place)),
            document=None,
            version=None,
            outcome=Outcome.FAILED,
            reason=reason,
            message=encodable(sentence),
        )


def _kept(version: HeldVersion) -> str:
    """Of what was edited here and is another on the card that came with the file."""
    if not (fields := edited_fields(version)):
        return ""
    return f" Kept as edited here: {', '.join(fields)}; the card that came with the file says what it said before."


def _count(passages: int) -> str:
    return f"{passages} passage" if passages == 1 else f"{passages} passages"
