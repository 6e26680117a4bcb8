"""A mail → blocks, whichever program wrote it: its subject, who sent it and when, then all of its text.

Quoted replies and signatures stay, since what they say may be said nowhere else. The addresses of those who sent and
received it do not: they are personal data that nobody needs to judge what a mail says.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from ingest.errors import UnreadableDocument
from ingest.reading import html, text
from ingest.vocabulary import Block, BlockKind, Reading

Blocks = tuple[Block, ...]

_QUOTED = re.compile(r"(?:>[ \t]?)+")
_SIGNATURE = "--"
_LOWEST_HEADING = 6


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    """As the mail has it: fit for no path yet."""
    data: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    subject: str
    sender: tuple[str, str]
    """Name and address, each of them empty where the mail does not tell."""
    sent: datetime | None
    body: Blocks
    attachments: tuple[Attachment, ...] = ()
    pictures: int = 0
    """Inside the text, as logos are."""
    left_out: tuple[str, ...] = ()
    """What else is neither text nor attachment, a sentence each."""


def reading(mail: Mail) -> Reading:
    subject = (Block(BlockKind.HEADING, mail.subject, level=1),) if mail.subject else ()
    own = subject + mail.body
    if not own:
        return Reading(())
    blocks = subject + tuple(_sender(mail)) + tuple(_below_subject(block) for block in mail.body)
    return Reading(blocks, title=mail.subject or None, left_out=tuple(_left_out(mail)))


def from_text(body: str) -> Blocks:
    """Without headings but those in capitals: a greeting or a name on a line of its own only looks like one."""
    return tuple(
        Block(BlockKind.PARAGRAPH, block.text)
        if block.kind is BlockKind.HEADING and not _is_in_capitals(block.text)
        else block
        for block in text.blocks("\n".join(_unquoted(body)))
    )


def _is_in_capitals(line: str) -> bool:
    return line.isupper() and len(line.split()) > 1


def from_html(body: str, name: str) -> tuple[Blocks, tuple[str, ...]]:
    """The blocks and a sentence on what was hidden."""
    with suppress(UnreadableDocument):  # a body without words is no reason to refuse the mail
        return html.in_full(body, name)
    return (), ()


def fullest(alternatives: Sequence[Blocks]) -> Blocks:
    """Of texts that are meant to say the same, best to read first: the first that does not say less than half."""
    most = max(map(_words, alternatives), default=0)
    return next((blocks for blocks in alternatives if 2 * _words(blocks) >= most), ())


def _unquoted(body: str) -> Iterator[str]:
    """The lines without the marks of quotation, which would end up inside sentences; a change of speaker is a gap."""
    depth = 0
    for line in body.replace("\f", "\n").split("\n"):
        quoted = _QUOTED.match(line)
        marks = quoted.group().count(">") if quoted else 0
        own = line[quoted.end() :] if quoted else line
        if marks != depth or own.strip() == _SIGNATURE:
            yield ""
        depth = marks
        if own.strip() != _SIGNATURE:
            yield own


def _sender(mail: Mail) -> Iterator[Block]:
    """Who sent it, by name and by the domain that tells the organisation, and on which day."""
    name, address = mail.sender
    domain = address.rpartition("@")[2] if "@" in address else ""
    who = f"{name} ({domain})" if name and "@" not in name and domain else domain or name
    parts = [f"From: {who}"] * bool(who)
    if mail.sent:
        parts.append(f"Sent: {mail.sent.day} {mail.sent:%B %Y}")
    if parts:
        yield Block(BlockKind.PARAGRAPH, ". ".join(parts) + ".")


def _below_subject(block: Block) -> Block:
    return replace(block, level=min(block.level + 1, _LOWEST_HEADING)) if block.level else block


def _left_out(mail: Mail) -> Iterator[str]:
    yield "The addresses of the sender and of those who received it were left out."
    if mail.pictures:
        yield f"Pictures inside the text were left out: {mail.pictures}."
    yield from mail.left_out
    if mail.attachments:
        names = ", ".join(attachment.name for attachment in mail.attachments)
        yield f"What is attached is not part of this text but added beside it: {names}."


def _words(blocks: Blocks) -> int:
    return sum(len(block.text.split()) for block in blocks)
