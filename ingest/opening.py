"""Files that hold files → the documents in them: what is in an archive as if it lay in a folder, what is attached to a
mail beside the mail. Each is unpacked when its turn comes, and its folder goes when no document of it is held on to.

A document from an archive has the id that it would have in a folder. The id of one from a mail begins with the mail's,
since "plan.docx" is attached to many; and what the mail's card says of marking and audience holds for it as well.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from ingest.corpus import CARD_SUFFIX, Found, card_beside, comes_alone, gather, is_passed_over, slug
from ingest.errors import InvalidCard, UnreadableDocument
from ingest.passing import PassingFolder
from ingest.preparing import Preparer
from ingest.reading.front_matter import card_fields
from ingest.unpacking import is_archive, is_mail
from ingest.unpacking.refusing import Refused
from ingest.vocabulary import EVERYONE, Card

MAX_MAILS_DEEP = 3
_LONGEST_ID = 100


@dataclass(frozen=True, slots=True)
class _Around:
    """What a file lies in."""

    archive: bool = False
    mails: int = 0
    mail: str = ""
    """Id of the innermost of these mails."""
    carried: Mapping[str, object] = field(default_factory=dict)
    """Fields of its card that hold for all that it brings."""


def opened(found: Iterable[Found], preparer: Preparer, within: Path, mails: bool = True) -> Iterator[Found]:
    """The documents found, and those inside archives and mails; what cannot be opened comes out with its refusal.

    within: the folder to unpack into. mails: whether these are opened too, or archives alone.
    """
    opening = _Opening(preparer, within, mails)
    for file in found:
        yield from opening.documents(file, _Around())


class _Opening:
    def __init__(self, preparer: Preparer, within: Path, mails: bool) -> None:
        self._preparer = preparer
        self._within = within
        self._mails = mails

    def documents(self, file: Found, around: _Around) -> Iterator[Found]:
        """The file itself, unless it is only a container, and the documents in it."""
        if file.refusal is not None or not (is_archive(file.path) or self._opens_mail(file)):
            yield file
            return
        try:
            inside = _around_members(file, around)
            members = self._unpacked(file, inside)
        except InvalidCard:
            yield file  # a mail, whose own adding says what is wrong with its card
        except UnreadableDocument as error:
            yield _unopened(file, error.reason, str(error))
        except OSError as error:
            sentence = f"{file.path.name} could not be unpacked ({error.strerror}). Check the disk, then add it again."
            yield _unopened(file, "not_stored", sentence)
        except Exception as error:  # whatever this file brought about, the others are opened
            sentence = f"{file.path.name} could not be opened ({type(error).__name__}: {error}). Please report this."
            yield _unopened(file, "unexpected", sentence)
        else:
            if is_mail(file.path):
                yield file
            for member in members:
                yield from self.documents(member, inside)

    def _opens_mail(self, file: Found) -> bool:
        return self._mails and is_mail(file.path) and not comes_alone(file)

    def _unpacked(self, file: Found, inside: _Around) -> list[Found]:
        folder = PassingFolder(self._within)
        left = self._preparer.unpack(file.path, folder.path)
        members = list(_members(file, folder, inside, left))
        if members or is_mail(file.path):
            return members
        sentence = f"{file.path.name} holds no document. Check that it is the right file and add it again."
        return [_unopened(file, "empty", sentence)]


def _unopened(file: Found, reason: str, sentence: str) -> Found:
    return replace(file, refusal=UnreadableDocument(reason, sentence), folder=None)


def _members(file: Found, folder: PassingFolder, around: _Around, left: Sequence[Refused]) -> Iterator[Found]:
    """What was left behind, then what was unpacked, each told to be in the file."""
    refused = {_inside(file, one.name): one for one in left if not _is_passed_over(one.name)}
    for place, (_, reason, sentence) in refused.items():
        yield Found(file.path, refusal=UnreadableDocument(reason, sentence), inside=place)
    for member in _attached(folder.path) if is_mail(file.path) else gather([folder.path]):
        place = _inside(file, member.path.relative_to(folder.path))
        card_text, refusal = _card_text(member, around), member.refusal
        if place.with_name(place.name + CARD_SUFFIX) in refused:
            sentence = (
                f"{place.name} has a card that could not be unpacked. Unpack it yourself and add it with its card."
            )
            refusal = UnreadableDocument("invalid_card", sentence)
        held_on_to = None if refusal else folder
        yield replace(member, card_text=card_text, refusal=refusal, inside=place, folder=held_on_to, masked=file.masked)


def _is_passed_over(name: str) -> bool:
    return any(part != ".." and is_passed_over(part) for part in Path(name).parts)


def _attached(folder: Path) -> Iterator[Found]:
    """None is passed over for its name: somebody chose to attach it."""
    return (Found(path) for path in sorted(folder.iterdir()))


def _inside(file: Found, name: str | Path) -> Path:
    """Where a member is told to be, whatever its name says."""
    return Path(f"{file.place}/{name}")


def _around_members(file: Found, around: _Around) -> _Around:
    """What the members of a file lie in. Raises UnreadableDocument where these are not to be opened, InvalidCard."""
    name = file.path.name
    if is_mail(file.path):
        if around.mails == MAX_MAILS_DEEP:
            sentence = (
                f"{name} lies in more than {MAX_MAILS_DEEP - 1} mails inside one another. Save it as a file and add it."
            )
            raise UnreadableDocument("nested_too_deep", sentence)
        card = card_beside(file)
        return replace(around, mails=around.mails + 1, mail=card.id, carried=_carried(card))
    if around.archive:
        sentence = f"{name} is an archive in an archive, which is not opened. Unpack it and add what it holds."
        raise UnreadableDocument("nested_archive", sentence)
    if file.card_text is not None and not around.mails:
        sentence = f"{name} is an archive, which has no card. Put a card beside each document in it and add it again."
        raise UnreadableDocument("invalid_card", sentence)
    return replace(around, archive=True)


def _carried(card: Card) -> dict[str, object]:
    said: dict[str, object] = {"marking": card.marking} if card.marking else {}
    return said if card.audience == (EVERYONE,) else {**said, "audience": list(card.audience)}


def _card_text(member: Found, around: _Around) -> str | None:
    """The member's card, with what holds for everything in the mails around it."""
    if not around.mails:
        return member.card_text
    try:
        own = card_fields(member.card_text or "")
    except yaml.YAMLError:
        own = None
    if own is None:  # which adding it will say
        return member.card_text
    return yaml.safe_dump({"id": _id(around.mail, member.path.stem), **own, **around.carried}, allow_unicode=True)


def _id(mail: str, name: str) -> str:
    """Of the mail's id and the attachment's name; where that is too long, cut and told from others by a digest."""
    whole = f"{mail}-{slug(name)}"
    if len(whole) <= _LONGEST_ID:
        return whole
    digest = hashlib.sha256(f"{mail}/{name}".encode()).hexdigest()[:8]
    return f"{whole[: _LONGEST_ID - 9].rstrip('-')}-{digest}"
