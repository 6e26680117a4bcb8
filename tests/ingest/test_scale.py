"""Cosines of any embedder are read on the packaged one's scale."""

import numpy as np
import pytest

from ingest.embedding import MiniLM
from ingest.scale import OWN, UNRELATED, Scale, unrelated_texts
from ingest.spread import Spread


def test_the_packaged_embedder_defines_it() -> None:
    questions, answers = (MiniLM().vectors(texts) for texts in unrelated_texts())
    assert Scale.of(questions, answers).stretch == pytest.approx(1, abs=2e-4)


def test_what_is_unrelated_and_what_is_the_same_stay_so() -> None:
    crowded = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, 2.0]]) / 5**0.5
    scale = Scale.of(crowded, crowded)
    assert scale(float(crowded[0] @ crowded[1])) == pytest.approx(UNRELATED)
    assert scale(1.0) == 1.0
    assert OWN(0.25) == 0.25


def test_texts_that_all_look_the_same_to_an_embedder_do_no_harm() -> None:
    same = np.ones((3, 1))
    assert Scale.of(same, same)(1.0) == 1.0


def test_standing_out_does_not_depend_on_the_scale() -> None:
    vectors = np.linalg.qr(np.random.default_rng(1).standard_normal((8, 8)))[0].astype(np.float32)
    question, stretched = vectors[0], Scale(3.0)
    plain = Spread.of(vectors, 8).deviations(question, 0.4)
    assert Spread.of(vectors, 8, stretched).deviations(question, stretched(0.4)) == pytest.approx(plain, rel=1e-4)
