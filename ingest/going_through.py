"""Adding and removing through the service that owns the data folder."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import httpx
from pydantic import ValidationError

from ingest.adding import Added, Outcome
from ingest.corpus import Found
from ingest.errors import EngageError
from ingest.originals import encodable

_PATIENCE = httpx.Timeout(10.0, read=3_600.0)
"""A large document is read and embedded before the service answers; a service that dies is noticed at once."""


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

    def add(self, found: Iterable[Found]) -> Iterator[Added]:
        """Raises EngageError if the service does not answer or refuses to take anything."""
        with self._client() as client:
            for file in found:
                yield self._add(client, file)

    def remove(self, document: str) -> str:
        """What was done, in words. Raises EngageError."""
        with self._client() as client:
            answer = self._sent(client, "DELETE", f"/api/v1/documents/{document}")
        if not answer.is_success:
            raise EngageError(_detail(answer))
        return str(answer.json().get("message", f"Removed '{document}' from answers."))

    def _client(self) -> httpx.Client:
        # Whatever proxy the environment names, the service is on this machine.
        return httpx.Client(base_url=self._url, headers=self._headers, timeout=_PATIENCE, trust_env=False)

    def _add(self, client: httpx.Client, found: Found) -> Added:
        if found.refusal is not None:
            return _failed(found.path, found.refusal.reason, str(found.refusal))
        name = encodable(found.path.name)
        fields = {"name": name} | ({"card": found.card_text} if found.card_text is not None else {})
        try:
            with found.path.open("rb") as file:
                answer = self._sent(client, "POST", "/api/v1/documents", name, file, fields)
        except OSError as error:
            sentence = f"{found.path} cannot be opened ({error.strerror}). Check who may read it and add it again."
            return _failed(found.path, "unreadable", sentence)
        if answer.status_code in (401, 403):
            raise EngageError(_detail(answer))
        if not answer.is_success:
            return _failed(found.path, "too_large" if answer.status_code == 413 else "refused", _detail(answer))
        return self._understood(answer).model_copy(update={"path": encodable(str(found.path))})

    def _sent(
        self,
        client: httpx.Client,
        method: str,
        address: str,
        name: str = "",
        file: object = None,
        fields: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        try:
            if file is None:
                return client.request(method, address)
            return client.request(method, address, files={"file": (name, file)}, data=fields)  # type: ignore[dict-item]
        except httpx.HTTPError as error:
            raise self._silent(error) from error

    def _understood(self, answer: httpx.Response) -> Added:
        try:
            return Added.model_validate_json(answer.content)
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
