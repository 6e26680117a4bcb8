"""The service that owns the data folder, as a command talks to it."""

from typing import Any, TypeVar

import httpx
from pydantic import TypeAdapter, ValidationError

from ingest.errors import EngageError, LibraryInUse
from service.errors import ServiceUnreachable
from service.problems import Problem

_PATIENCE_SECONDS = 120.0

T = TypeVar("T")


class RunningService:
    """Where the owner is no service, or not ready yet, making this raises the refusal that it is made from."""

    def __init__(self, busy: LibraryInUse, patience_seconds: float = _PATIENCE_SECONDS) -> None:
        url, token = busy.owner.get("url"), busy.owner.get("token")
        if not (isinstance(url, str) and isinstance(token, str)):
            raise busy
        self.url = url
        self._headers = {"X-Engage-Token": token}
        self._patience = patience_seconds

    def ask(self, kind: type[T], method: str, address: str, **sent: Any) -> T:
        """What it answers; `sent` as httpx takes it.

        Raises EngageError with its own sentence where it refuses, ServiceUnreachable where it gives no answer.
        """
        try:
            # Whatever proxy the environment names, the service is on this machine.
            with httpx.Client(base_url=self.url, timeout=self._patience, trust_env=False) as client:
                replied = client.request(method, address, headers=self._headers, **sent)
            if not replied.is_success:
                raise EngageError(Problem.model_validate_json(replied.content).detail)
            return TypeAdapter(kind).validate_json(replied.content)
        except (httpx.HTTPError, ValidationError) as error:
            raise ServiceUnreachable(
                f"The service at {self.url} owns the data folder but gave no answer; look into its log, or start it "
                "again."
            ) from error
