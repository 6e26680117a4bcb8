"""A question as it was put, and by what it is known again."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.vocabulary import Outcome, Question

GAPS = frozenset({Outcome.PARTLY_ANSWERED, Outcome.NOTHING_RELEVANT, Outcome.OUT_OF_SCOPE, Outcome.NOT_SUPPORTED})


@dataclass(frozen=True, slots=True)
class Put:
    """A question as it was put: what of it may be kept, and by what it is known again."""

    digest: str
    """Of its words, filters and what it leans on."""
    asked: Question | None
    """None where its words are not kept."""
    alike: str
    """What those that ask the same share."""
    gap: str | None = None
    """Id of the gap that asks the same, where another wording began it."""


def digest_of(question: str, context: Sequence[object] = ()) -> str:
    """The words alone: how they are cased, spaced and punctuated makes no other question; its context does."""
    words = " ".join(re.findall(r"\w+", question.casefold())) or question
    whole = f"{words}\n{context!r}" if context else words
    return hashlib.sha256(whole.encode()).hexdigest()
