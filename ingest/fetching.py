"""A file from a web address. The address may not lead to anything that only this machine or its network can reach."""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from email.message import Message
from pathlib import Path, PurePosixPath
from typing import Any

import httpcore
import httpx
import yaml

from ingest.corpus import Found, gather, slug
from ingest.errors import UnreadableDocument
from ingest.passing import PassingFolder
from ingest.reaching_out import PublicOnly
from ingest.settings import IngestSettings
from ingest.unpacking import is_archive

_MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS: dict[bytes | str, bytes | str] = {
    "User-Agent": "engagement-assistant",
    "Accept": "*/*",
    "Accept-Encoding": "identity",
}
_LONGEST_NAME = 150
_EXTENSIONS = {
    "application/pdf": ".pdf",
    "application/vnd.ms-outlook": ".msg",
    "application/vnd.oasis.opendocument.presentation": ".odp",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/xhtml+xml": ".html",
    "application/zip": ".zip",
    "message/rfc822": ".eml",
    "text/html": ".html",
    "text/markdown": ".md",
}


def is_address(text: str) -> bool:
    return text.lower().startswith(("http://", "https://"))


def found_at(places: Sequence[str], settings: IngestSettings) -> Iterator[Found]:
    """The documents at paths, then those at web addresses, each of these fetched when its turn comes."""
    yield from gather([Path(place) for place in places if not is_address(place)])
    fetcher = Fetcher(settings)
    yield from (fetcher.found(place) for place in places if is_address(place))


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Message
    pieces: Iterable[bytes]


class Fetcher:
    """Fetches one address after the other; every address, and every one that it redirects to, is checked first."""

    def __init__(self, settings: IngestSettings) -> None:
        self._settings = settings

    def found(self, address: str) -> Found:
        """The file at an address with a card that says where it is from and since when, or why it was not fetched."""
        folder = PassingFolder(self._settings.unpacking_dir)
        try:
            path = self.fetch(address, folder.path)
        except UnreadableDocument as refusal:
            return Found(_place(address), refusal=refusal)
        card = {"id": address_id(address), "url": address, "retrieved_on": date.today().isoformat()}
        card_text = None if is_archive(path) else yaml.safe_dump(card, sort_keys=False)
        return Found(path, card_text, inside=_place(address) / path.name, folder=folder)

    def fetch(self, address: str, folder: Path) -> Path:
        """Write what is at the address into a folder, under a name that says its format.

        Raises UnreadableDocument: address_refused, not_fetched, too_large or too_slow.
        """
        backend = PublicOnly(self._settings.allowed_hosts, time.monotonic() + self._settings.fetch_seconds)
        url = _checked(address)
        for _ in range(_MOST_REDIRECTS + 1):
            with _answered(url, backend) as answer:
                target = answer.headers.get("Location")
                if answer.status in _REDIRECTS and target:
                    url = _checked(str(url.join(target)))
                    continue
                _check(answer, url)
                path = folder / _file_name(url, answer.headers)
                self._write(answer.pieces, path, url)
                return path
        raise _not_fetched(url, "it redirects for ever")

    def _write(self, pieces: Iterable[bytes], path: Path, url: httpx.URL) -> None:
        size = 0
        with path.open("wb") as file:
            for piece in pieces:
                size += len(piece)
                if size > self._settings.max_document_bytes:
                    sentence = f"What is at {url} is larger than {self._settings.max_document_bytes:,} bytes."
                    raise UnreadableDocument("too_large", f"{sentence} Raise ENGAGE_MAX_DOCUMENT_BYTES to add it.")
                file.write(piece)


def address_id(address: str) -> str:
    """The id of the document at an address: the same each time it is fetched, and no other address's."""
    url = httpx.URL(address)
    where = f"{url.host.removeprefix('www.')}{PurePosixPath(url.path).with_suffix('')}"
    return slug(f"{where} {url.query.decode(errors='replace')}" if url.query else where)


def _place(address: str) -> Path:
    """Where people are told that a file is from: a path would lose a slash of the address."""
    return Path(address.partition("://")[2].partition("/")[0].rpartition("@")[2] or "web")


def _checked(address: str) -> httpx.URL:
    try:
        url = httpx.URL(address).copy_with(fragment=None)
    except httpx.InvalidURL:
        raise _refused(address, "it is no web address") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise _refused(address, "only http and https are fetched")
    if url.userinfo:
        raise _refused(url.copy_with(userinfo=b""), "it holds a name or a password")
    return url


@contextmanager
def _answered(url: httpx.URL, backend: PublicOnly) -> Iterator[_Answer]:
    """Raises UnreadableDocument, also while the pieces are read."""
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    headers: dict[bytes | str, bytes | str] = {**_HEADERS, "Host": url.netloc.decode("ascii")}
    limits: dict[str, Any] = {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), backend.patience)}
    try:
        with (
            httpcore.ConnectionPool(network_backend=backend) as pool,
            pool.stream("GET", target, headers=headers, extensions=limits) as response,
        ):
            yield _Answer(response.status, _message(response.headers), response.iter_stream())
    except httpcore.TimeoutException:
        sentence = f"{url} did not answer in time. Try again later, or download it by hand and add the file."
        raise UnreadableDocument("too_slow", sentence) from None
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        raise _not_fetched(url, str(error) or type(error).__name__) from error


def _message(headers: Iterable[tuple[bytes, bytes]]) -> Message:
    message = Message()
    for name, value in headers:
        message[name.decode("latin-1")] = value.decode("latin-1")
    return message


def _check(answer: _Answer, url: httpx.URL) -> None:
    if answer.status != 200:
        raise _not_fetched(url, f"HTTP {answer.status}")
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise _not_fetched(url, "it is sent packed, which it was asked not to be")


def _file_name(url: httpx.URL, headers: Message) -> str:
    """What the server calls it, else the last part of the address, with the extension of its media type."""
    given = PurePosixPath((headers.get_filename() or url.path).replace("\\", "/")).name
    name = PurePosixPath("".join(letter for letter in given if letter.isprintable()).strip(". "))
    known = _EXTENSIONS.get(headers.get_content_type()) if "Content-Type" in headers else None
    stem, suffix = name.stem or url.host, known or name.suffix
    while len(stem.encode()) > _LONGEST_NAME:
        stem = stem[:-1]
    return stem + suffix


def _refused(address: object, why: str) -> UnreadableDocument:
    sentence = f"{address} is not fetched: {why}. Download it by hand, if you may, and add the file."
    return UnreadableDocument("address_refused", sentence)


def _not_fetched(url: httpx.URL, why: str) -> UnreadableDocument:
    sentence = (
        f"{url} could not be fetched ({why}). Open it in a browser; if it is there, download it and add the file."
    )
    return UnreadableDocument("not_fetched", sentence)
