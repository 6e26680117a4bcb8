"""What can go wrong with a document or the library. Every message ends in what to do next."""

from collections.abc import Sequence


class EngageError(Exception):
    """A failure told to the user in a sentence that ends in the next action."""


class UnreadableDocument(EngageError):
    """A file from which no text can be taken. `reason` is stable, for programs."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


class InvalidCard(EngageError):
    """A card with a field that is unknown, malformed or names no organisation of the register.

    `faults`: each such field with what to write instead, for a form.
    """

    def __init__(self, sentence: str, faults: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(sentence)
        self.faults = tuple(faults)


class CardChanged(EngageError):
    """A card to be put in the place of one that somebody else has changed meanwhile."""


class HeldElsewhere(EngageError):
    """A document to be brought back whose file is held as another document by now."""


class LibraryInUse(EngageError):
    """Another process owns the data folder. `owner` is what it wrote about itself: pid, url, token."""

    def __init__(self, sentence: str, owner: dict[str, object]) -> None:
        super().__init__(sentence)
        self.owner = owner


class UnknownDocument(EngageError):
    """No document of that id is held."""


class UnknownSubmission(EngageError):
    """No submission of that id is known."""


class SubmissionElsewhere(EngageError):
    """A submission that is in another state than what was asked of it needs."""


class NotStored(EngageError):
    """A file that was handed in could not be written."""


class WeightsMissing(EngageError):
    """The embedder's weights are absent or not the ones they should be."""


class EmbedderFailed(EngageError):
    """An embedder by configuration gave no vectors. Holds nothing of the texts or the key."""


class IndexMismatch(EngageError):
    """The vectors in the catalogue were made by another embedder than the one configured."""
