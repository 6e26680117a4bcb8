"""What is missing, at the command line: from the service that owns the data folder, or else from the library itself."""

from collections.abc import Callable, Mapping
from contextlib import closing
from typing import TypeVar

import httpx
from pydantic import TypeAdapter, ValidationError

from ingest.catalogue import Catalogue
from ingest.errors import EngageError, LibraryInUse
from ingest.library import Library
from service.errors import ServiceUnreachable
from service.problems import Problem
from service.records import Records
from service.requesting import Requesting
from service.settings import Settings
from service.vocabulary import Gap

_PATIENCE_SECONDS = 120.0

T = TypeVar("T")


class Reaching:
    """Asks whoever holds the library. Each call raises what its work raises, LibraryInUse and ServiceUnreachable."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def ask(
        self,
        kind: type[T],
        work: Callable[[Library, Requesting], T],
        method: str,
        address: str,
        body: object = None,
        query: Mapping[str, str] | None = None,
    ) -> T:
        """What `work` makes of the library, or what the running service answers at the address."""
        try:
            library = Library.open(self._settings)
        except LibraryInUse as busy:
            url, token = busy.owner.get("url"), busy.owner.get("token")
            if not isinstance(url, str) or not isinstance(token, str):
                raise
            return self._ask_service(TypeAdapter(kind), url, token, method, address, body, query)
        with library:
            return work(library, Requesting(library, Records(library.catalogue.engine)))

    def gaps_as_last_looked_at(self) -> list[Gap]:
        """Straight from the database, while another command owns the library."""
        with closing(Catalogue(self._settings.catalogue_url)) as catalogue:
            return Records(catalogue.engine).gaps()

    def _ask_service(
        self,
        kind: TypeAdapter[T],
        url: str,
        token: str,
        method: str,
        address: str,
        body: object,
        query: Mapping[str, str] | None,
    ) -> T:
        try:
            # Whatever proxy the environment names, the service is on this machine.
            with httpx.Client(base_url=url, timeout=_PATIENCE_SECONDS, trust_env=False) as client:
                headers = {"X-Engage-Token": token}
                replied = client.request(method, address, json=body, params=query, headers=headers)
            if not replied.is_success:
                raise EngageError(Problem.model_validate_json(replied.content).detail)
            return kind.validate_json(replied.content)
        except (httpx.HTTPError, ValidationError) as error:
            raise ServiceUnreachable(
                f"The service at {url} owns the data folder but gave no answer; look into its log, or start it again."
            ) from error
