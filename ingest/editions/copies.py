"""Documents held whose text is nearly the same: another conversion of it, or an edition with few changes."""

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from ingest.catalogue import Catalogue
from ingest.shingling import Likeness, estimated_likeness, likeness, shingles, sketch
from ingest.vocabulary import CanonicalText

NEAR = 0.7
"""Share in common. Conversions of one text came to .99 and more, a scan of it to .98, different profiles to .31."""
_PROMISING = 0.55
"""Of an estimate, from which on the texts themselves are compared."""


class NearDuplicate(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    document: str
    version: int
    title: str
    common: float
    """Share of the stretches of five words that both texts have, 0 to 1."""


def near_duplicates(
    catalogue: Catalogue, canonical: CanonicalText, leaving_out: str | None = None
) -> list[NearDuplicate]:
    """The live documents that say nearly the same, the nearest first. leaving_out: the id of the document itself."""
    own, found = shingles(canonical.text), []
    for version_id, like in likenesses(catalogue, canonical).items():
        if like.common < _PROMISING:
            continue
        version = catalogue.version(version_id)
        common = likeness(own, shingles(version.text)).common
        if common >= NEAR and version.document_id != leaving_out:
            held = NearDuplicate(
                document=version.document_id,
                version=version.number,
                title=version.card.title,
                common=round(common, 3),
            )
            found.append(held)
    return sorted(found, key=lambda duplicate: -duplicate.common)


def likenesses(catalogue: Catalogue, canonical: CanonicalText) -> dict[int, Likeness]:
    """How much of the text each live version has, by its id: estimated, and only where there is anything in common."""
    return dict(_likenesses(catalogue, canonical))


def _likenesses(catalogue: Catalogue, canonical: CanonicalText) -> Iterator[tuple[int, Likeness]]:
    own = sketch(canonical.text)
    for version_id, other in catalogue.sketches().items():
        like = estimated_likeness(own, other)
        if like.common:
            yield version_id, like
