"""The truth of the library in SQL: documents, versions and passages with their vectors. Everything else is derived."""

from ingest.catalogue.held import (
    Edit,
    HeldDocument,
    HeldPassage,
    HeldVersion,
    NewVersion,
    Original,
    PassageDigest,
    PassagePlace,
    Scope,
    State,
)
from ingest.catalogue.holdings import Holdings
from ingest.catalogue.writes import Catalogue

__all__ = [
    "Catalogue",
    "Edit",
    "HeldDocument",
    "HeldPassage",
    "HeldVersion",
    "Holdings",
    "NewVersion",
    "Original",
    "PassageDigest",
    "PassagePlace",
    "Scope",
    "State",
]
