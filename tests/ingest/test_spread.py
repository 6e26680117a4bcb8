"""A cosine is compared with what the library's passages have in common anyway."""

import numpy as np
import pytest

from ingest.spread import Spread


def unit(*values: float) -> np.ndarray:
    vector = np.array(values, dtype=np.float32)
    return vector / np.linalg.norm(vector)


def test_a_cosine_counts_from_the_average_that_the_text_has_in_the_library() -> None:
    vectors = np.stack([unit(1, 0), unit(1, 0.2), unit(1, -0.2)])
    question = unit(1, 0)
    cosines = vectors @ question
    spread = Spread.of(vectors, 3)
    expected = (0.999 - cosines.mean()) / cosines.std(ddof=1)
    assert spread.deviations(question, 0.999) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("vectors", [np.empty((0, 0), np.float32), np.ones((1, 2), np.float32)])
def test_a_library_of_one_passage_or_none_says_nothing(vectors: np.ndarray) -> None:
    assert Spread.of(vectors, len(vectors)).deviations(unit(1, 0), 0.7) == 0.0


def test_it_holds_until_the_library_has_changed_by_a_tenth() -> None:
    spread = Spread.of(np.ones((2, 2), np.float32), 100)
    assert spread.holds_for(110)
    assert not spread.holds_for(111)
