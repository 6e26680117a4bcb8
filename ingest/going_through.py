"""Adding and removing through the service that owns the data folder."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
from pydantic import TypeAdapter, ValidationError

from ingest.adding import Added, Outcome
from ingest.corpus import Found
from ingest.correcting import Corrected
from ingest.errors import EngageError
from ingest.opening import opened
from ingest.originals import encodable
from ingest.preparing import Preparer
from ingest.settings import IngestSettings
from ingest.vocabulary import Card

_PATIENCE = httpx.Timeout(10.0, read=3_600.0)
"""A large document is read and embedded before the service answers; a service that dies is noticed at once."""
_ALL_ADDED = TypeAdapter(list[Added])


class Owner:
    """The service that said of itself, beside its lock, where it listens."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._headers = {"X-Engage-Token": token}

    @classmethod
    def of(cls, note: Mapping[str, object]) -> "Owner | None":
        """None if the owner is no service, or not ready yet."""
        url, token = note.get("url"), note.get("token")
        return cls(url, token) if isinstance(url, str) and isinstance(token, str) else None

    def add(self, found: Iterable[Found], settings: IngestSettings) -> Iterator[Added]:
        """Archives are opened here, since they may be larger than the service takes; mails by the service.

        Raises EngageError if the service does not answer or refuses to take anything.
        """
        with self._client() as client, Preparer(settings) as preparer:
            for file in opened(found, preparer, settings.unpacking_dir, mails=False):
                yield from self._add(client, file)

    def remove(self, document: str) -> str:
        """What was done, in words. Raises EngageError."""
        with self._client() as client:
            answer = self._sent(client, "DELETE", f"/{document}")
        if not answer.is_success:
            raise EngageError(_detail(answer))
        return str(answer.json().get("message", f"Removed '{document}' from answers."))

    def put_card(self, document: str, card: Card) -> Corrected:
        """Raises EngageError."""
        with self._client() as client:
            card_json = card.model_dump(mode="json", exclude_unset=True)
            return self._corrected(self._sent(client, "PUT", f"/{document}/card", json=card_json))

    def restore(self, document: str) -> Corrected:
        """Raises EngageError."""
        with self._client() as client:
            return self._corrected(self._sent(client, "POST", f"/{document}/restore"))

    def _corrected(self, answer: httpx.Response) -> Corrected:
        if not answer.is_success:
            raise EngageError(_detail(answer))
        try:
            return Corrected.model_validate_json(answer.content)
        except ValidationError as error:
            raise self._silent(error) from error

    def _client(self) -> httpx.Client:
        # Whatever proxy the environment names, the service is on this machine.
        return httpx.Client(base_url=self._url, headers=self._headers, timeout=_PATIENCE, trust_env=False)

    def _add(self, client: httpx.Client, found: Found) -> list[Added]:
        if found.refusal is not None:
            return [_failed(found.place, found.refusal.reason, str(found.refusal))]
        name = encodable(found.path.name)
        fields = {"name": name, "mask": str(found.masked)}
        fields |= {"card": found.card_text} if found.card_text is not None else {}
        try:
            with found.path.open("rb") as file:
                answer = self._sent(client, "POST", "", files={"file": (name, file)}, data=fields)
        except OSError as error:
            sentence = f"{found.path} cannot be opened ({error.strerror}). Check who may read it and add it again."
            return [_failed(found.place, "unreadable", sentence)]
        if answer.status_code in (401, 403):
            raise EngageError(_detail(answer))
        if not answer.is_success:
            return [_failed(found.place, "too_large" if answer.status_code == 413 else "refused", _detail(answer))]
        within = encodable(str(found.place.parent))
        return [added.model_copy(update={"path": str(Path(within) / added.path)}) for added in self._understood(answer)]

    def _sent(self, client: httpx.Client, method: str, address: str, **sent: Any) -> httpx.Response:
        try:
            return client.request(method, f"/api/v1/documents{address}", **sent)
        except httpx.HTTPError as error:
            raise self._silent(error) from error

    def _understood(self, answer: httpx.Response) -> list[Added]:
        try:
            return _ALL_ADDED.validate_json(answer.content)
        except ValidationError as error:
            raise self._silent(error) from error

    def _silent(self, error: Exception) -> EngageError:
        return EngageError(
            f"The service at {self._url} owns the data folder but gave no answer ({type(error).__name__})."
            " Look into its log, or stop it and try again."
        )


def _failed(path: Path, reason: str, sentence: str) -> Added:
    shown = encodable(str(path))
    return Added(path=shown, document=None, version=None, outcome=Outcome.FAILED, reason=reason, message=sentence)


def _detail(answer: httpx.Response) -> str:
    """The sentence of a problem+json, or what little else there is to say."""
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"The service refused it with HTTP {answer.status_code}. Look into its log."
