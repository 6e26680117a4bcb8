"""Whether a text is held already in another conversion, which held document it is an edition of, and what changed."""

from ingest.editions.changes import HeadingChange, SentenceChange, changes_by_heading
from ingest.editions.copies import NearDuplicate, near_duplicates
from ingest.editions.succession import EditionOf, edition_of

__all__ = [
    "EditionOf",
    "HeadingChange",
    "NearDuplicate",
    "SentenceChange",
    "changes_by_heading",
    "edition_of",
    "near_duplicates",
]
