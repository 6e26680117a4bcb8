"""Ids of documents that are taken, in the library or by what is on its way there."""

from collections.abc import Callable

from ingest.catalogue import Catalogue
from ingest.catalogue.submissions import Submissions
from ingest.catalogue.submitted import Submission
from ingest.errors import UnknownDocument


class Claims:
    def __init__(self, catalogue: Catalogue, ledger: Submissions) -> None:
        self._catalogue = catalogue
        self._ledger = ledger

    def besides(self, submission: Submission) -> Callable[[str], str | None]:
        """Tells the title of what has an id, be it held or another submission's; None where the id is free."""
        others = self.of_others(submission)
        return lambda id_: self.held(id_) or others.get(id_)

    def held(self, id_: str) -> str | None:
        return title_held(self._catalogue, id_)

    def of_others(self, submission: Submission) -> dict[str, str]:
        """Titles of what else is on its way, by id."""
        cards = [proposal["card"] for id_, proposal in self._ledger.proposals().items() if id_ != submission.id]
        return {card["id"]: card["title"] for card in cards}


def title_held(catalogue: Catalogue, id_: str) -> str | None:
    """Of the document of that id, whatever its state; None where there is none."""
    try:
        return catalogue.version_of(id_).card.title
    except UnknownDocument:
        return None
