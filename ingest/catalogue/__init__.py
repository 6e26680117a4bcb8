"""The truth of the library in SQL: documents, versions and passages with their vectors. Everything else is derived."""

from ingest.catalogue.held import (
    HeldDocument,
    HeldPassage,
    HeldVersion,
    NewVersion,
    Original,
    PassagePlace,
    Scope,
    State,
)
from ingest.catalogue.holdings import Holdings
from ingest.catalogue.writes import Catalogue

__all__ = [
    "Catalogue",
    "HeldDocument",
    "HeldPassage",
    "HeldVersion",
    "Holdings",
    "NewVersion",
    "Original",
    "PassagePlace",
    "Scope",
    "State",
]
