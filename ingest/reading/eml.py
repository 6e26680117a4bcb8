"""Mails as they travel (.eml), with what is attached to them."""

import mimetypes
from codecs import BOM_UTF8
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import PurePath
from typing import TypeVar, cast

from ingest.errors import UnreadableDocument
from ingest.reading import mail
from ingest.reading.decoding import decoded, in_utf8
from ingest.reading.mail import Attachment, Blocks, Mail
from ingest.reading.recognising import refuse_other_formats
from ingest.vocabulary import Block, Reading

AS_SENT = policy.default.clone(refold_source="none")
"""Long header lines are given on as they came, so that a mail inside a mail keeps its bytes."""

_T = TypeVar("_T")

_FIELDS = ("from", "subject", "date", "received", "mime-version", "message-id")
_LONGEST_FIELD = 10_000
_SEALED = ("application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted")
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature")


def read(data: bytes, name: str) -> Reading:
    return mail.reading(parse(data, name))


def parse(data: bytes, name: str) -> Mail:
    """Raises UnreadableDocument."""
    refuse_other_formats(data, name, "a mail")
    with suppress(UnicodeDecodeError):  # then it is no mail either
        data = in_utf8(data)
    message = message_from_bytes(data.removeprefix(BOM_UTF8).lstrip(b"\r\n"), policy=AS_SENT)
    if not any(field in message for field in _FIELDS):
        raise _damaged(name, "is no mail: it has neither sender nor subject nor date")
    content = _Content(name)
    content.take(message)
    return Mail(
        subject=_header(message, "subject", name),
        sender=sender(message, name),
        sent=_sent(message, name),
        body=tuple(content.body),
        attachments=tuple(content.attachments),
        pictures=content.pictures,
        left_out=tuple(content.left_out),
    )


class _Content:
    """Goes through the parts of a mail: each is text, or attached, or left out with a word."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.body: list[Block] = []
        self.attachments: list[Attachment] = []
        self.pictures = 0
        self.left_out: list[str] = []

    def take(self, part: EmailMessage) -> None:
        kind = part.get_content_type()
        if kind in _SEALED:
            raise _sealed(self._name)
        if kind == "message/rfc822" and part.is_multipart():
            self._take_mail(part)
        elif kind == "multipart/alternative" and part.is_multipart():
            self._take_alternatives(part)
        elif kind.startswith("multipart/"):
            for inner in self._parts(part):
                self.take(inner)
        elif kind in ("text/plain", "text/html") and not _is_attached(part):
            self.body += self._text(part, kind)
        else:
            self._take_file(part, kind)

    def _parts(self, part: EmailMessage) -> list[EmailMessage]:
        if not part.is_multipart():
            raise _damaged(self._name, "says that it has several parts, which cannot be told apart")
        return cast(list[EmailMessage], part.get_payload())

    def _take_alternatives(self, part: EmailMessage) -> None:
        texts = []
        for inner in self._parts(part):
            one = _Content(self._name)
            one.take(inner)
            texts.append(tuple(one.body))
            self.attachments += one.attachments
            self.left_out += one.left_out
            self.pictures += one.pictures
        self.body += mail.fullest(texts)

    def _take_mail(self, part: EmailMessage) -> None:
        inner = self._parts(part)[0]
        name = _file_name(part) or _header(inner, "subject", self._name) or "mail"
        self.attachments.append(Attachment(name.removesuffix(".eml") + ".eml", inner.as_bytes(policy=AS_SENT)))

    def _text(self, part: EmailMessage, kind: str) -> Blocks:
        charset = part.get_content_charset()
        # ASCII is what a mail is in where it says nothing, so it says nothing.
        text = decoded(_bytes_of(part), self._name, None if charset in ("us-ascii", "ascii") else charset)
        if kind == "text/plain":
            return mail.from_text(text)
        blocks, hidden = mail.from_html(text, self._name)
        self.left_out += hidden
        return blocks

    def _take_file(self, part: EmailMessage, kind: str) -> None:
        name = _file_name(part)
        if kind.startswith("image/") and part.get_content_disposition() != "attachment":
            self.pictures += 1
        elif kind in _SIGNATURES:
            self.left_out.append("The digital signature was left out, and not checked.")
        elif not name and kind.startswith(("text/", "message/")) and not _is_attached(part):
            self.left_out.append(f"A part for programs ({kind}) was left out.")
        else:
            name = name or "attachment"
            name += "" if PurePath(name).suffix else mimetypes.guess_extension(kind) or ".bin"
            self.attachments.append(Attachment(name, _bytes_of(part)))


def _is_attached(part: EmailMessage) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_file_name(part))


def _file_name(part: EmailMessage) -> str:
    return _tried(part.get_filename) or ""


def _bytes_of(part: EmailMessage) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _header(message: EmailMessage, field: str, name: str) -> str:
    """A header field as text on one line; what the standard library cannot take apart, as it came."""
    raw = next((value for key, value in message.raw_items() if key.lower() == field), None)
    if raw is None:
        return ""
    if len(raw) > _LONGEST_FIELD:  # which would be taken apart in time that grows with its square
        return " ".join(raw[:_LONGEST_FIELD].encode("ascii", "replace").decode().split())
    if not raw.isascii():  # bytes that should have been encoded, and were not
        return " ".join(decoded(raw.encode("utf-8", "surrogateescape"), name).split())
    return " ".join((_tried(lambda: str(message[field])) or raw).split())


def sender(message: EmailMessage, name: str) -> tuple[str, str]:
    """Name and address of the From line."""
    return _tried(lambda: parseaddr(_header(message, "from", name))) or ("", "")


def _sent(message: EmailMessage, name: str) -> datetime | None:
    return _tried(lambda: parsedate_to_datetime(_header(message, "date", name)))


def _tried(get: Callable[[], _T]) -> _T | None:
    """None where the standard library stumbles, with whatever error, over a header that is none."""
    with suppress(Exception):
        return get()
    return None


def _sealed(name: str) -> UnreadableDocument:
    sentence = f"{name} is encrypted or sealed as a whole. Save its text from the mail program and add that."
    return UnreadableDocument("encrypted", sentence)


def _damaged(name: str, what: str) -> UnreadableDocument:
    return UnreadableDocument("damaged", f"{name} {what}. Save it anew from the mail program and add that copy.")
