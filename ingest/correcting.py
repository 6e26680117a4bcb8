"""A card is put in the place of another: the same way whoever writes it, in a file or on a page.

The text stays as it was. Titles are embedded with the text, so another title makes a version of the same text.

What is edited in the library stays when the file is added again: only a field in which the file says something else
than before is taken from it.
"""

from dataclasses import replace
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict

from ingest.admitting import admit_card
from ingest.catalogue import Edit, HeldVersion, NewVersion, Original, State
from ingest.corpus import LARGEST_CARD_BYTES, card_of, card_text
from ingest.errors import CardChanged, HeldElsewhere, InvalidCard, UnknownDocument
from ingest.library import Library
from ingest.preparing import Preparer, Report
from ingest.proposing import marked
from ingest.vocabulary import CanonicalText, Card, Reading


class Corrected(BaseModel):
    """A document whose card, or whose part in answers, was changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    document: str
    version: int
    message: str
    """What was done, in words."""


def correct(library: Library, document: str, card: Card, seen: str | None = None) -> Corrected:
    """Put a card that was edited here in the place of a live document's.

    seen: the digest of the card that was edited. Raises UnknownDocument, InvalidCard, CardChanged if another card is
    there by now, EngageError if the embedder fails.
    """
    live = library.catalogue.version_of(document)
    if live.state is not State.LIVE:
        raise UnknownDocument(f"'{document}' is withdrawn; bring it back, then correct its card.")
    if seen is not None and seen != live.card.digest:
        raise CardChanged(f"Somebody else has changed the card of '{document}'; look at it and correct it again.")
    card = _checked(library, live, card)
    if card == live.card:
        sentence = f"Nothing is changed: the card of '{card.title}' ({document}) says so already."
        return Corrected(document=document, version=live.number, message=sentence)
    said = live.edit.file_card if live.edit else live.card
    edit = None if card == said else Edit(said, datetime.now(UTC))
    with Preparer(library.settings, library.made()) as preparer:
        version = put_card(library, preparer, live, card, live.card_digest, edit)
    sentence = f"Changed the card of '{card.title}' ({document})."
    if version.id != live.id:
        sentence += f" Under its new title it is version {version.number}; its text is the same."
    return Corrected(document=document, version=version.number, message=sentence)


def restore(library: Library, document: str) -> Corrected:
    """Bring a withdrawn document back into answers, as it was.

    Raises UnknownDocument, HeldElsewhere if its file has been added as another document meanwhile, EngageError if its
    vectors have to be made again and cannot.
    """
    version = library.catalogue.version_of(document)
    if version.state is State.WITHDRAWN:
        _refuse_twice(library, version)
        if version.embedder != library.settings.embedder_name:
            _embed_again(library, version)
        library.restore(version.id)
    title = f"'{version.card.title}' ({document})"
    was = "is back in answers" if version.state is State.WITHDRAWN else "is not withdrawn; answers are made from it"
    return Corrected(document=document, version=version.number, message=f"{title} {was}.")


def put_card(
    library: Library,
    preparer: Preparer,
    live: HeldVersion,
    card: Card,
    card_digest: str,
    edit: Edit | None,
    original: Original | None = None,
    report: Report = lambda *_: None,
) -> HeldVersion:
    """Returns the version that bears the card: the live one, or the next one where the title is another.

    original: under the name that the file has now, if it is another than it had.
    """
    if card.title == live.card.title:
        library.correct_card(live.id, card, card_digest, edit)
        return library.catalogue.version(live.id)
    ready = preparer.embed_again(card.title, CanonicalText(live.text, live.blocks), live.file_name, report)
    prepared = replace(ready.prepared, reading=_reading(live))
    original = original or Original(live.sha256, live.file_name, live.format, live.size)
    embedder = library.settings.embedder_name
    new = NewVersion(card, card_digest, original, prepared, ready.embedding_keys, embedder, edit)
    return library.catalogue.version(library.hold(new))


def merged(said: Card, held: HeldVersion | None) -> tuple[Card, Edit | None]:
    """What a file says now, except where the held card was edited and the file says what it said before."""
    if held is None or held.edit is None or said is held.card:
        return said, held.edit if held else None
    before = held.edit.file_card
    kept = {name for name in Card.model_fields if getattr(said, name) == getattr(before, name)}
    card = said.model_copy(update={name: getattr(held.card, name) for name in kept})
    return card, None if card == said else Edit(said, held.edit.at)


def edited_fields(version: HeldVersion) -> list[str]:
    """In which its card says something else than the file."""
    if version.edit is None:
        return []
    said = version.edit.file_card
    return [name for name in Card.model_fields if getattr(version.card, name) != getattr(said, name)]


def _checked(library: Library, live: HeldVersion, card: Card) -> Card:
    """As a card file is checked. Raises InvalidCard."""
    text_marking = marked(_reading(live), CanonicalText(live.text, live.blocks))
    admit_card(card, text_marking, live.document_id, "withdraw the document and delete its file", live.card)
    card = card_of(card.model_dump(mode="json"), live.document_id, library.register)
    if card.id != live.document_id:
        raise _invalid(live, "id", f"The id of a document stays as it is: '{live.document_id}'.")
    if len(card_text(card, alone=True).encode()) > LARGEST_CARD_BYTES:
        raise _invalid(live, "title", f"A card has at most {LARGEST_CARD_BYTES / 1000:g} kB; shorten it.")
    return card


def _invalid(live: HeldVersion, field: str, sentence: str) -> InvalidCard:
    return InvalidCard(f"The card of {live.document_id} cannot be changed so. {sentence}", [(field, sentence)])


def _refuse_twice(library: Library, version: HeldVersion) -> None:
    for other in library.catalogue.with_sha256(version.sha256):
        if other.state is State.LIVE:
            raise HeldElsewhere(
                f"The same file is held as '{other.card.title}' ({other.document_id}). Withdraw that one first."
            )


def _embed_again(library: Library, version: HeldVersion) -> None:
    with Preparer(library.settings, library.made()) as preparer:
        canonical = CanonicalText(version.text, version.blocks)
        ready = preparer.embed_again(version.card.title, canonical, version.file_name, lambda *_: None)
    embedder = library.settings.embedder_name
    library.catalogue.replace_passages(version.id, ready.prepared, ready.embedding_keys, embedder)


def _reading(version: HeldVersion) -> Reading:
    """What is kept of how the version was read, beside its text."""
    return Reading(
        (),
        pages=version.pages,
        left_out=version.left_out,
        printed_pages=version.printed_pages,
        quality=version.quality,
    )
