"""Whether what is held is still what stands at its web address."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from ingest.catalogue import Catalogue, HeldDocument, HeldVersion
from ingest.errors import UnreadableDocument
from ingest.fetching import Fetcher, is_address
from ingest.originals import identify
from ingest.passing import PassingFolder
from ingest.preparing import Preparer
from ingest.settings import IngestSettings
from ingest.tidying import tidy


class Finding(StrEnum):
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    OTHER_FORMAT = "other_format"
    """A page about the document, say, where the document itself is held."""
    NOT_READ = "not_read"
    """Not fetched, or not readable."""


class Revisited(BaseModel):
    """What was found at a document's address."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    document: str
    url: str
    finding: Finding
    message: str
    """The same in a sentence."""


class Revisiting:
    """Fetches what held documents came from and compares the words, since a page is sent with other bytes each time."""

    def __init__(self, catalogue: Catalogue, preparer: Preparer, settings: IngestSettings) -> None:
        self._catalogue = catalogue
        self._preparer = preparer
        self._settings = settings
        self._fetcher = Fetcher(settings)

    def all(self, documents: Iterable[HeldDocument]) -> Iterator[Revisited]:
        """Those of them that have a web address."""
        for document in documents:
            if document.card.url and is_address(document.card.url):
                yield self.one(self._catalogue.version(document.version_id), document.card.url)

    def one(self, held: HeldVersion, address: str) -> Revisited:
        title = f"'{held.card.title}' ({held.document_id})"
        try:
            finding = self._found(held, address)
        except UnreadableDocument as refusal:
            finding, sentence = Finding.NOT_READ, f"{title} could not be compared. {refusal}"
        else:
            sentence = _SENTENCES[finding].format(title=title, address=address, format=held.format)
        return Revisited(document=held.document_id, url=address, finding=finding, message=sentence)

    def _found(self, held: HeldVersion, address: str) -> Finding:
        """Raises UnreadableDocument."""
        folder = PassingFolder(self._settings.unpacking_dir)
        path = self._fetcher.fetch(address, folder.path)
        original = identify(path, self._settings.max_document_bytes)
        if original.sha256 == held.sha256:
            return Finding.UNCHANGED
        if original.format != held.format:
            return Finding.OTHER_FORMAT
        words = tidy(self._preparer.read(path, lambda *_: None)).text
        return Finding.UNCHANGED if words == held.text else Finding.CHANGED


_SENTENCES = {
    Finding.UNCHANGED: "{title} is as it stands at {address}.",
    Finding.CHANGED: "{title} has changed at {address}. Take it over with 'engage add {address}'.",
    Finding.OTHER_FORMAT: "{title} is held as {format}, and {address} gives another format: look there by hand.",
}
