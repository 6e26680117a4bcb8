"""How near two texts are of which neither is held yet, by their sketches and cards alone."""

from typing import NamedTuple

import numpy as np

from ingest.editions.copies import NEAR
from ingest.editions.succession import newer, reason_for
from ingest.shingling import estimated_likeness
from ingest.vocabulary import Card

_EDITION = {"this": "a newer edition of", "held": "an older edition of", "unknown": "another edition of"}


class Near(NamedTuple):
    common: float
    """Estimated share of the stretches of five words that both texts have, 0 to 1."""
    like: str
    """What the one seems to be beside the other: the beginning of a sentence that goes on with its name."""
    reason: str
    """Why it seems to be an edition, in a sentence; empty of a copy."""
    newer: bool
    """Whether the one seems to be the newer edition."""


def near(card: Card, sketch: np.ndarray, other: Card, its_sketch: np.ndarray) -> Near | None:
    """None where the one is neither a copy nor an edition of the other."""
    like = estimated_likeness(sketch, its_sketch)
    reason, which = reason_for(card, other, like), newer(card, other)
    if like.common >= NEAR and (reason is None or which == "unknown"):
        return Near(like.common, f"About {like.common:.0%} of its text is that of", "", False)
    return Near(like.common, f"It seems to be {_EDITION[which]}", reason, which == "this") if reason else None
