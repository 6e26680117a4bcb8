"""Making vectors again, as another embedder needs them, from the canonical texts in the catalogue.

Canonical texts stay as they are, whatever the readers have learnt since: citations point into them.
"""

from collections.abc import Callable
from pathlib import Path

from ingest.adding import Progress
from ingest.catalogue import HeldVersion
from ingest.library import Library
from ingest.preparing import Preparer
from ingest.vocabulary import CanonicalText


def embed_again(library: Library, report: Callable[[Progress], None]) -> int:
    """Split and embed the live versions with the configured embedder; the indexes are then to be rebuilt.

    Versions are done one by one. Stopped half-way, the next run goes on with those that another embedder made. Returns
    how many were done. Raises UnreadableDocument or EngageError for the first that fails.
    """
    catalogue = library.catalogue
    live = [catalogue.version(version_id) for version_id in sorted(catalogue.all_live_versions())]
    others = [version for version in live if version.embedder != library.settings.embedder_name]
    with Preparer(library.settings) as preparer:
        for version in others or live:
            _embed(library, preparer, version, report)
    return len(others or live)


def _embed(library: Library, preparer: Preparer, version: HeldVersion, report: Callable[[Progress], None]) -> None:
    def tell(stage: str, done: int, of: int) -> None:
        report(Progress(Path(version.file_name), stage, done, of))

    canonical = CanonicalText(version.text, version.blocks)
    ready = preparer.embed_again(version.card.title, canonical, version.file_name, tell)
    library.catalogue.replace_passages(version.id, ready.prepared, ready.embedding_keys, library.settings.embedder_name)
