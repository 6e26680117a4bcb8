"""Whether a text is held already in another conversion, which held document it is an edition of, and what changed."""

from ingest.editions.alongside import Near, near
from ingest.editions.changes import HeadingChange, SentenceChange, changes_by_heading
from ingest.editions.copies import NearDuplicate, near_duplicates
from ingest.editions.succession import EditionOf, edition_of, newer_edition
from ingest.editions.versions import TextChanges, as_text, name_of, state_in_words, text_changes, version_before

__all__ = [
    "EditionOf",
    "HeadingChange",
    "Near",
    "NearDuplicate",
    "SentenceChange",
    "TextChanges",
    "as_text",
    "changes_by_heading",
    "edition_of",
    "name_of",
    "near",
    "near_duplicates",
    "newer_edition",
    "state_in_words",
    "text_changes",
    "version_before",
]
