"""How a command gets at the library: by opening it, or through the service that owns it.

What one needs is imported when it is called, so that help comes at once.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from ingest.errors import EngageError, LibraryInUse

if TYPE_CHECKING:
    from ingest.catalogue import Catalogue
    from ingest.going_through import Owner
    from ingest.library import Library
    from ingest.settings import IngestSettings


def settings() -> "IngestSettings":
    """Raises EngageError."""
    from pydantic import ValidationError

    from ingest.settings import IngestSettings

    try:
        return IngestSettings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        setting = f"ENGAGE_{'_'.join(map(str, first['loc'])).upper()}"
        raise EngageError(f"The setting {setting} is wrong: {first['msg']}. docs/operator.md lists all.") from error


@contextmanager
def library(any_embedder: bool = False) -> "Iterator[Library]":
    """Raises LibraryInUse."""
    from ingest.library import Library

    with Library.open(settings(), any_embedder) as opened:
        yield opened


@contextmanager
def catalogue() -> "Iterator[Catalogue]":
    """To read it only, so whoever owns the folder need not be asked. Raises EngageError where nothing is held."""
    from ingest.catalogue import Catalogue

    chosen = settings()
    if not chosen.database_url and not chosen.data_dir.exists():
        raise EngageError(f"Nothing is held in {chosen.data_dir} yet. Add documents with 'engage add PATH'.")
    with closing(Catalogue(chosen.catalogue_url)) as opened:
        yield opened


def owner(busy: LibraryInUse, keep_withdrawn: bool = False) -> "Owner":
    """The service that owns the data folder; where it is none, the refusal stands."""
    from ingest.going_through import Owner

    found = Owner.of(busy.owner)
    if found is None:
        raise busy
    if keep_withdrawn:
        sentence = "The running service brings back what is added; stop it first, or leave out --keep-withdrawn."
        raise EngageError(sentence)
    return found
