"""Walks paths for documents and their cards, and checks the cards.

A card is YAML front matter at the top of a text, or a file NAME.EXT.card.yaml beside any document.
"""

import hashlib
import os
import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ingest.errors import EngageError, InvalidCard, UnreadableDocument
from ingest.reading.decoding import decoded
from ingest.reading.front_matter import card_fields
from ingest.register import Register
from ingest.vocabulary import BlockKind, Card, Kind, Reading, Role, SourceOrganisation, Status

CARD_SUFFIX = ".card.yaml"

LARGEST_CARD_BYTES = 20_000
if TYPE_CHECKING:
    from ingest.catalogue import HeldVersion
    from ingest.proposing import Proposal

_ATTACHMENTS, _LEAVE = "attachments", "leave"
"""The one line on a card file that is not of the card: of a mail, to leave what is attached."""
_UNSET = ("", "~", "null")
_WHENCE = {"id", "url", "retrieved_on"}
"""Fields that say where a file is from, and nothing of what it is."""
_TITLE_CHARACTERS = 300
_FIRST_LINE_CHARACTERS = 120
_NO_TITLE = re.compile(
    r"^(?:microsoft \w+ - .*|untitled.*|document ?\d*|powerpoint presentation|\S+\.\w{2,5})$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Found:
    """A document file and the text of its card, or why there is nothing to read at this path."""

    path: Path
    card_text: str | None = None
    """YAML of the card that lies beside the file."""
    refusal: UnreadableDocument | None = None
    """Set where adding must report a failure without reading the path."""
    inside: Path | None = None
    """Of a file that was unpacked: the path of what it was in, and its name in there."""
    masked: bool = False
    """Whether personal data in it are to be masked before it is read in."""
    folder: object = None
    """What the file was unpacked into, for as long as this is held on to."""

    @property
    def place(self) -> Path:
        """Where people are told that it is."""
        return self.inside or self.path


def gather(paths: Sequence[Path]) -> Iterator[Found]:
    """The documents at these paths, folders walked in order of name, each file once. What cannot be read comes out with
    its refusal, so that the others are added."""
    seen: set[tuple[int, int]] = set()
    for path in paths:
        yield from _found_at(path, seen)


def is_passed_over(name: str) -> bool:
    """Whether a file or folder of this name, met in a folder, is no document: hidden, a Word lock or a README."""
    return name.startswith((".", "~$")) or name.upper().startswith("README")


def document_id(found: Found, reading: Reading) -> str:
    """The id that the card gives, unchecked, else one made of the file's name."""
    given = fields_given(found, reading).get("id")
    return given if isinstance(given, str) else slug(found.path.stem)


def make_card(
    found: Found,
    reading: Reading,
    register: Register,
    previous: "HeldVersion | None" = None,
    proposal: "Proposal | None" = None,
) -> Card:
    """The document's card, checked. Where it says no more than where the file is from, the rest is as on the previous
    card, but for what its own words said then and say otherwise now; else as the file says of itself.

    proposal: what it says, where that is known already. Raises InvalidCard with the field, its value and what to write
    instead.
    """
    from ingest.own_words import own_words, said_otherwise  # which only adding needs
    from ingest.proposing import propose

    fields = fields_given(found, reading)
    if previous and fields.keys() <= _WHENCE:
        told = said_otherwise(previous, reading, found.path.name, register)
        return card_of({**previous.card.model_dump(), **told, **fields}, found.path.name)
    given: dict[str, object] = {"id": slug(found.path.stem), "title": _title(found, reading)}
    if fields.keys() <= _WHENCE:
        told = own_words(proposal or propose(reading, found.path.name, register), str(given["title"]), register)
        given |= told
    return card_of({**given, **fields}, found.path.name, register)


def card_of(fields: Mapping[str, object], name: str, register: Register | None = None) -> Card:
    """The card that these fields make, checked; what is left empty counts as not said.

    name: of the document, for messages. Raises InvalidCard.
    """
    try:
        card = Card.model_validate(_said(fields))
    except ValidationError as error:
        raise _invalid(name, [_fault(details) for details in error.errors()]) from error
    unknown = [o.slug for o in card.organisations if register and register.get(o.slug) is None]
    if register and unknown:
        raise _invalid(name, [_not_in_register(slug, register.slugs()) for slug in unknown])
    return card


def card_beside(found: Found) -> Card:
    """What the card beside the file says, whatever is in the file. Raises InvalidCard."""
    name = found.path.stem
    return card_of({"id": slug(name), "title": name, **fields_given(found, Reading(()))}, found.path.name)


def comes_alone(found: Found) -> bool:
    """Whether the card of a mail says to leave what is attached to it."""
    try:
        fields = card_fields(found.card_text or "")
    except yaml.YAMLError:  # which adding it will say
        return False
    return fields is not None and fields.get(_ATTACHMENTS) == _LEAVE


def card_text(card: Card, alone: bool = False) -> str:
    """A card as the file beside a document has it: whole, so that what stands at the top of a text counts for nothing.

    alone: whether it is of a mail, and what is attached is to be left.
    """
    said = {name: "" if value is None else value for name, value in card.model_dump(mode="json").items()}
    named = [organisation.model_dump(mode="json", exclude_none=True) for organisation in card.organisations]
    fields = {**said, "organisations": named, **({_ATTACHMENTS: _LEAVE} if alone else {})}
    plain = card.model_dump_json().isprintable()  # of what is not, YAML does not read all back as it wrote it
    return yaml.safe_dump(fields, allow_unicode=plain, sort_keys=False, width=1_000)


def _found_at(path: Path, seen: set[tuple[int, int]]) -> Iterator[Found]:
    try:
        status = path.stat()
        place = (status.st_dev, status.st_ino)
        if place in seen:  # named twice, or a link that leads back to a folder above
            return
        seen.add(place)
        if path.is_dir():
            yield from _folder(path, seen)
        elif path.is_file():
            yield Found(path, _card_beside(path))
        else:
            yield _refused(path, "unreadable", f"{path} is no file. Name a document or a folder of documents.")
    except (FileNotFoundError, NotADirectoryError):
        yield _refused(path, "missing", f"{path} is not there. Check the path and add it again.")
    except UnreadableDocument as refusal:
        yield Found(path, refusal=refusal)
    except OSError as error:
        reason = f"{path} cannot be opened ({error.strerror}). Check who may read it and add it again."
        yield _refused(path, "unreadable", reason)


def _folder(folder: Path, seen: set[tuple[int, int]]) -> Iterator[Found]:
    for name in sorted(os.listdir(folder)):
        if is_passed_over(name):
            continue
        if not name.endswith(CARD_SUFFIX):
            yield from _found_at(folder / name, seen)
        elif not (folder / name.removesuffix(CARD_SUFFIX)).exists():
            sentence = f"{name} is the card of a file that is not beside it. Put the document there and add it again."
            yield _refused(folder / name, "missing", sentence)


def _card_beside(path: Path) -> str | None:
    card = path.with_name(path.name + CARD_SUFFIX)
    if not card.exists():
        return None
    if card.stat().st_size > LARGEST_CARD_BYTES:
        sentence = f"{card.name} is far too long for a card. Write one as corpus/README.md shows and add it again."
        raise UnreadableDocument("invalid_card", sentence)
    return decoded(card.read_bytes(), card.name)


def _refused(path: Path, reason: str, sentence: str) -> Found:
    return Found(path, refusal=UnreadableDocument(reason, sentence))


def fields_given(found: Found, reading: Reading) -> dict[str, object]:
    """What front matter and the card beside the file say, the latter first; what is left empty counts as not said.

    Raises InvalidCard.
    """
    fields = dict(reading.card)
    if found.card_text is not None:
        fields |= _read_fields(found.card_text, found.path.name)
    return _said(fields)


def _said(fields: Mapping[str, object]) -> dict[str, object]:
    return {str(name): value for name, value in fields.items() if value not in _UNSET and value is not None}


def card_in(file: Path, document: str | None = None) -> Card:
    """The card in a YAML file that a command names, or in what is piped in (-). document: its id, if it names none.

    Raises EngageError if it cannot be read, InvalidCard.
    """
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EngageError(f"{file} cannot be read ({error}). Name a card in YAML.") from error
    return card_of({"id": document, **_read_fields(text, file.name)}, file.name)


def _read_fields(text: str, name: str) -> dict[str, object]:
    """Raises InvalidCard."""
    try:
        fields = card_fields(text)
    except yaml.YAMLError as error:
        raise _unusable(name, f"It is not valid YAML: {getattr(error, 'problem', None) or 'unreadable'}.") from error
    if fields is None:
        raise _unusable(name, "It is not a list of fields; write one a line, such as 'title: Engagement strategy'.")
    if fields.pop(_ATTACHMENTS, _LEAVE) != _LEAVE:
        raise _unusable(name, f"Field '{_ATTACHMENTS}' can only be '{_LEAVE}'; leave it out to have them added too.")
    return fields


def _title(found: Found, reading: Reading) -> str:
    headings = (block.text for block in reading.blocks if block.kind is BlockKind.HEADING and block.level == 1)
    first_line = next((block.text for block in reading.blocks if block.text.strip()), "")
    candidates = (
        next(headings, ""),
        "" if _NO_TITLE.match((reading.title or "").strip()) else reading.title or "",
        first_line if len(first_line) <= _FIRST_LINE_CHARACTERS else "",
        found.path.stem,
    )
    title = next(" ".join(candidate.split()) for candidate in candidates if candidate.strip())
    return title if len(title) <= _TITLE_CHARACTERS else title[: _TITLE_CHARACTERS - 1].rsplit(" ", 1)[0] + "…"


def slug(stem: str) -> str:
    """An id made of a file's name without its extension."""
    ascii_only = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:100].rstrip("-")
    return made or "document-" + hashlib.sha256(stem.encode("utf-8", "surrogateescape")).hexdigest()[:8]


_CHOICES: dict[str, tuple[str, ...]] = {"kind": tuple(Kind), "status": tuple(Status), "role": tuple(Role)}


class _Fault(NamedTuple):
    """What is wrong with a card."""

    field: str
    """Of the card, even where it is within one that the fault is."""
    sentence: str
    instead: str
    """What to write."""


def _fault(details: ErrorDetails) -> _Fault:
    names = [part for part in details["loc"] if isinstance(part, str)]
    field = names[-1]
    value = details["input"] if isinstance(details["input"], str) else None
    said = f"Field '{field}'" + (f" is '{value[:100]}'" if value is not None else "")
    if details["type"] == "missing":
        whose = " of an organisation" if len(names) > 1 else ""
        return _Fault(names[0], f"{said}{whose} is missing.", f"Enter the {field}.")
    if details["type"] == "extra_forbidden":
        known = SourceOrganisation.model_fields if "organisations" in names else Card.model_fields
        sentence = f"Field '{field}' is unknown{_nearest(field, tuple(known))}."
        return _Fault(names[0], sentence, sentence)
    instead = _instead(field, value or "", details)
    near = _nearest(value or "", _CHOICES[field]) if field in _CHOICES else ""
    return _Fault(names[0], f"{said}{near}; {instead}.", f"{instead[:1].upper()}{instead[1:]}.")


def _instead(field: str, value: str, details: ErrorDetails) -> str:
    if field in _CHOICES:
        return f"it must be one of {', '.join(_CHOICES[field])}"
    if details["type"] == "string_pattern_mismatch":
        return f"write lower-case letters, digits and single hyphens, such as '{slug(value)}'"
    return _EXPECTED.get(field) or details["msg"].removeprefix("Value error, ")


def _not_in_register(slug: str, known: Sequence[str]) -> _Fault:
    said = f"'{slug}' is not in the register{_nearest(slug, known)}."
    return _Fault("organisations", f"Field 'organisations': {said}", said)


_EXPECTED = {
    "organisations": "write a list such as [{slug: n8prp, role: author}]",
    "audience": "write a list such as [everyone]",
}


def _nearest(word: str, known: Sequence[str]) -> str:
    close = get_close_matches(word, known, n=1, cutoff=0.5)
    return f" (the nearest known is '{close[0]}')" if close else ""


def _unusable(name: str, sentence: str) -> InvalidCard:
    return _invalid(name, [_Fault("", sentence, sentence)])


def _invalid(name: str, faults: Sequence[_Fault]) -> InvalidCard:
    complaint = " ".join(fault.sentence for fault in faults)
    sentence = f"The card of {name} cannot be used. {complaint} Correct the card and add the document again."
    return InvalidCard(sentence, [(fault.field, fault.instead) for fault in faults])
