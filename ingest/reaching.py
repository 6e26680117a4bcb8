"""How a command gets at the library: by opening it, or through the service that owns it.

What one needs is imported when it is called, so that help comes at once.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, TypeVar

from ingest.errors import EngageError, LibraryInUse

if TYPE_CHECKING:
    from ingest.catalogue import Catalogue
    from ingest.going_through import Owner
    from ingest.library import Library
    from ingest.settings import IngestSettings

S = TypeVar("S", bound="IngestSettings")


def settings() -> "IngestSettings":
    """Raises EngageError."""
    from ingest.settings import IngestSettings

    return chosen(IngestSettings)


def chosen(kind: "type[S]", **given: object) -> "S":
    """Settings of that kind, those given before those of the environment. Raises EngageError for one that is wrong."""
    from pydantic import ValidationError

    try:
        return kind(**given)  # type: ignore[arg-type]  # checked by the settings themselves
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

    current = settings()
    refuse_nothing_held(current)
    with closing(Catalogue(current.catalogue_url)) as opened:
        yield opened


@contextmanager
def catalogue_or_empty() -> "Iterator[Catalogue]":
    """The same, for what can be done where nothing is held yet."""
    from ingest.catalogue import Catalogue

    current = settings()
    held = current.database_url or current.data_dir.exists()
    with closing(Catalogue(current.catalogue_url if held else "sqlite://")) as opened:
        yield opened


def refuse_nothing_held(current: "IngestSettings") -> None:
    """Looking makes no data folder. Raises EngageError."""
    if not current.database_url and not current.data_dir.exists():
        raise EngageError(f"Nothing is held in {current.data_dir} yet. Add documents with 'engage add PATH'.")


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
