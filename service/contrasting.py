"""Two versions that a reader may read, side by side."""

from typing import Annotated

from pydantic import Field

from ingest.catalogue import Catalogue
from ingest.editions import TextChanges, text_changes, version_before
from ingest.vocabulary import Slug
from service.excerpting import permitted_version
from service.vocabulary import Asker, Model

Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


class Sides(Model):
    """Which version is set beside which; by default the latest beside the one before it."""

    version: Number | None = None
    since: Number | None = None
    """The version that it is compared with."""
    against: Slug | None = None
    """The document that it is compared with, if not with itself."""


def permitted_changes(catalogue: Catalogue, reader: Asker | None, document_id: str, sides: Sides) -> TextChanges:
    """Raises UnknownDocument where there is no such version, or none that the reader may read."""
    new = permitted_version(catalogue, reader, document_id, sides.version)
    number = sides.since if sides.since or sides.against else version_before(catalogue, new)
    old = permitted_version(catalogue, reader, sides.against or document_id, number)
    return text_changes(old, new)
