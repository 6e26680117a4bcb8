"""What is missing, at the command line: from the service that owns the data folder, or else from the library itself."""

from collections.abc import Callable, Mapping
from contextlib import closing
from typing import TypeVar

from ingest.catalogue import Catalogue
from ingest.errors import LibraryInUse
from ingest.library import Library
from service.records import Records
from service.requesting import Requesting
from service.running import RunningService
from service.settings import Settings
from service.vocabulary import Gap

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
            return RunningService(busy).ask(kind, method, address, json=body, params=query)
        with library:
            return work(library, Requesting(library, Records(library.catalogue.engine)))

    def gaps_as_last_looked_at(self) -> list[Gap]:
        """Straight from the database, while another command owns the library."""
        with closing(Catalogue(self._settings.catalogue_url)) as catalogue:
            return Records(catalogue.engine).gaps()
