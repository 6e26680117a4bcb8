"""Answers made by hand, for what only keeps or shows them."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from service.vocabulary import Answer, Coverage, Method, NamedOrganisation, Outcome

MakeAnswer = Callable[..., Answer]


@pytest.fixture
def make_answer() -> MakeAnswer:
    def make(
        question: str = "Who was consulted?",
        outcome: Outcome = Outcome.ANSWERED,
        reference: str = "7F3A-21",
        asked_at: datetime = datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
        not_held: tuple[tuple[str, str], ...] = (),
    ) -> Answer:
        return Answer(
            reference=reference,
            asked_at=asked_at,
            question=question,
            outcome=outcome,
            coverage=Coverage(
                documents_searched=1,
                organisations_searched=1,
                not_held=tuple(NamedOrganisation(slug=slug, name=name) for slug, name in not_held),
                sentence="Searched: 1 document, 1 organisation.",
            ),
            method=Method(composer="extractive", embedder="minilm", index_version="1"),
        )

    return make
