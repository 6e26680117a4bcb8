"""What is handed in together, compared with each other: when a file is read, so that no list compares anything."""

from collections.abc import Iterator

import numpy as np

from ingest.catalogue.rows import sketch_blob, sketch_of
from ingest.catalogue.submissions import Submissions
from ingest.catalogue.submitted import JsonObject
from ingest.editions import near
from ingest.vocabulary import CanonicalText, Card

_NEAREST = 5
"""Of those that are like a file: so many are kept, lest hundreds of copies of one text make thousands of pairs."""


def compare(ledger: Submissions, submission: int, card: Card, own: bool, canonical: CanonicalText) -> bool:
    """Keep what a text that was read is known by, and which of those on their way are near. Whether any is.

    own: whether the file brought its card, which then says itself of what document it is an edition.
    """
    sketch = sketch_blob(canonical.text)
    found = list(_near(ledger, submission, card, own, sketch_of(sketch)))
    nearest = sorted(found, key=lambda rows: -rows[0]["common"])[:_NEAREST]
    ledger.keep_text(submission, sketch, [row for rows in nearest for row in rows])
    return bool(nearest)


def _near(
    ledger: Submissions, submission: int, card: Card, own: bool, sketch: np.ndarray
) -> Iterator[tuple[JsonObject, JsonObject]]:
    """Rows of the table of those that are alike: from this side, and from the other."""
    cards = {id_: proposal["card"] for id_, proposal in ledger.proposals().items()}
    for id_, its_sketch in ledger.sketches().items():
        if id_ == submission or id_ not in cards or (own and cards[id_]["id"] == card.id):
            continue
        other = Card.model_validate(cards[id_])
        if (here := near(card, sketch, other, its_sketch)) and (there := near(other, its_sketch, card, sketch)):
            yield (
                {"submission": submission, "other": id_, **here._asdict()},
                {"submission": id_, "other": submission, **there._asdict()},
            )
