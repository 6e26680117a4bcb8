"""Mails as Outlook saves them (.msg), with what is attached to them.

A mail inside one is no file there, only a part of this one, so it is written out as an .eml of the same words.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from email import message_from_string
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from io import BytesIO
from pathlib import PurePath
from typing import TYPE_CHECKING

from ingest.errors import UnreadableDocument
from ingest.reading import eml, mail
from ingest.reading.decoding import decoded
from ingest.reading.mail import Attachment, Mail
from ingest.reading.recognising import refuse_other_formats
from ingest.vocabulary import Reading

if TYPE_CHECKING:
    from oxmsg.storage import Storage

_OLE = b"\xd0\xcf\x11\xe0"
_PROPERTIES = "__properties_version1.0"
_EMBEDDED = "__substg1.0_3701000D"
_FILE_HEADER, _EMBEDDED_HEADER, _ATTACHMENT_HEADER = 32, 24, 8
"""Bytes in front of the properties of the message itself, of a message inside it, of an attachment."""
_EIGHT_BIT = 0x001E
"""The type of a text that is not in Unicode."""
_CLASS, _SUBJECT, _SENT, _HEADERS, _SENDER, _ADDRESS, _SMTP_ADDRESS = 0x1A, 0x37, 0x39, 0x7D, 0xC1A, 0xC1F, 0x5D01
_BODY, _RICH_TEXT, _HTML, _CODE_PAGE = 0x1000, 0x1009, 0x1013, 0x3FDE
_SHOWN_NAME, _DATA, _SHORT_NAME, _LONG_NAME, _CONTENT_ID = 0x3001, 0x3701, 0x3704, 0x3707, 0x3712
"""Properties, as [MS-OXPROPS] numbers them."""
_PICTURES = (".bmp", ".emz", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".wmz")
_WRITTEN = eml.AS_SENT.clone(utf8=True)


def read(data: bytes, name: str) -> Reading:
    message = _message(data, name)
    whole = message.mail()
    if not whole.body and message.is_rich_text_only:
        sentence = f"{name} holds its text as rich text only. Save it from Outlook as text or HTML and add that."
        raise UnreadableDocument("no_text", sentence)
    return mail.reading(whole)


def parse(data: bytes, name: str) -> Mail:
    """Raises UnreadableDocument."""
    return _message(data, name).mail()


def _message(data: bytes, name: str) -> "_Message":
    from olefile import OleFileIO  # type: ignore[import-untyped]  # here, since only the process that reads needs it
    from oxmsg.storage import Storage

    if not data.startswith(_OLE):
        refuse_other_formats(data, name, "an Outlook message")
        raise _damaged(name, "is no Outlook message")
    try:
        with OleFileIO(BytesIO(data)) as ole:
            root = Storage.from_ole(ole)
    except MemoryError:
        raise
    except Exception as error:  # olefile stumbles in many ways over what is not as it should be
        raise _damaged(name, "is no whole Outlook message") from error
    if all(stream.name != _PROPERTIES for stream in root.streams):
        raise _damaged(name, "is an Office document, but no Outlook message")
    message = _Message(root, _FILE_HEADER, name)
    if message.string(_CLASS).upper() == "IPM.NOTE.SMIME":
        sentence = f"{name} is encrypted or sealed as a whole. Save its text from Outlook and add that."
        raise UnreadableDocument("encrypted", sentence)
    return message


class _Item:
    """The properties of a message or an attachment. header: how many bytes lie in front of them."""

    def __init__(self, storage: "Storage", header: int, name: str) -> None:
        from oxmsg.properties import Properties

        self._storage = storage
        self._properties = Properties(storage, header)
        self._name = name

    def octets(self, pid: int) -> bytes | None:
        return self._properties.binary_prop_value(pid)

    def string(self, pid: int) -> str:
        try:
            text = self._properties.str_prop_value(pid) or ""
        except (UnicodeDecodeError, LookupError):  # not in the encoding that it says
            text = decoded(self._storage.property_stream_bytes(pid, _EIGHT_BIT), self._name)
        return text.replace("\0", "")

    def line(self, pid: int) -> str:
        return " ".join(self.string(pid).split())


class _Attached(_Item):
    @property
    def file_name(self) -> str:
        return self.line(_LONG_NAME) or self.line(_SHORT_NAME) or self.line(_SHOWN_NAME)

    @property
    def is_picture(self) -> bool:
        """Inside the text, where its Content-ID is named."""
        return bool(self.string(_CONTENT_ID)) and PurePath(self.file_name).suffix.lower() in _PICTURES

    @property
    def message(self) -> "_Message | None":
        """The mail that it is."""
        inner = next((storage for storage in self._storage.storages if storage.name == _EMBEDDED), None)
        if inner is None or all(stream.name != _PROPERTIES for stream in inner.streams):
            return None
        return _Message(inner, _EMBEDDED_HEADER, self._name)


class _Message(_Item):
    @property
    def is_rich_text_only(self) -> bool:
        return self._has(_RICH_TEXT) and not self._has(_BODY) and not self._has(_HTML)

    def mail(self) -> Mail:
        html, hidden = mail.from_html(self._html, self._name)
        plain = mail.from_text(self._plain)
        body = mail.fullest((plain, html))
        pictures = [item for item in self._attached() if item.is_picture]
        others = [(item.file_name, self._file(item)) for item in self._attached() if not item.is_picture]
        files = tuple(file for _, file in others if file is not None)
        objects = ", ".join(shown or "without a name" for shown, file in others if file is None)
        left_out = hidden if body is html else ()
        if objects:
            left_out += (f"Attached objects and links that are no files were left out: {objects}.",)
        return Mail(self.line(_SUBJECT), self._sender(), self._sent(), body, files, len(pictures), left_out)

    def as_eml(self) -> EmailMessage:
        message = EmailMessage(policy=_WRITTEN)
        message["Subject"] = self.line(_SUBJECT)
        if any(self._sender()):
            with suppress(Exception):  # an address in which the standard library finds none
                message["From"] = formataddr(self._sender(), "utf-8")
        if sent := self._sent():
            message["Date"] = format_datetime(sent)
        message.set_content(self._plain, cte="base64")
        if self._html:
            message.add_alternative(self._html, subtype="html", cte="base64")
        for item in self._attached():
            if (inner := item.message) is not None:
                message.add_attachment(inner.as_eml(), filename=item.file_name)
            elif (file := self._file(item)) is not None and not item.is_picture:
                message.add_attachment(file.data, "application", "octet-stream", filename=file.name)
        return message

    def _has(self, pid: int) -> bool:
        return any(stream.name.startswith(f"__substg1.0_{pid:04X}") for stream in self._storage.streams)

    @property
    def _plain(self) -> str:
        return decoded(self.string(_BODY).encode(), self._name)

    @property
    def _html(self) -> str:
        octets = self.octets(_HTML)
        if octets is None:
            return self.string(_HTML)
        says = self._properties.int_prop_value(_CODE_PAGE) is not None
        return decoded(octets, self._name, self._properties.body_encoding if says else None)

    def _sender(self) -> tuple[str, str]:
        headers = message_from_string(self.string(_HEADERS), policy=eml.AS_SENT)
        if any(given := eml.sender(headers, self._name)):
            return given
        address = self.line(_SMTP_ADDRESS) or self.line(_ADDRESS)
        return self.line(_SENDER), address if "@" in address else ""

    def _sent(self) -> datetime | None:
        with suppress(OverflowError):
            return self._properties.date_prop_value(_SENT)
        return None

    def _attached(self) -> Iterator[_Attached]:
        for storage in self._storage.iter_attachment_storages():
            yield _Attached(storage, _ATTACHMENT_HEADER, self._name)

    def _file(self, item: _Attached) -> Attachment | None:
        message = item.message
        if message is None:
            data = item.octets(_DATA)
            return None if data is None else Attachment(item.file_name or "attachment", data)
        written = message.as_eml()
        for number, part in enumerate(written.walk()):
            if part.is_multipart() and part.get_content_maintype() == "multipart":
                part.set_boundary(f"engage-{number}")  # not one by chance, since the file must come out the same again
        return Attachment((item.file_name or "mail").removesuffix(".eml") + ".eml", written.as_bytes())


def _damaged(name: str, what: str) -> UnreadableDocument:
    return UnreadableDocument("damaged", f"{name} {what}. Open it in Outlook, save it anew and add that copy.")
