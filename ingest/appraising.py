"""Reads files and suggests their cards. Nothing of them is kept."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from pydantic import BaseModel, ConfigDict

from ingest.catalogue import Catalogue
from ingest.claiming import title_held
from ingest.corpus import Found
from ingest.errors import InvalidCard, UnreadableDocument
from ingest.originals import encodable
from ingest.preparing import Preparer, Report
from ingest.register import Register
from ingest.settings import IngestSettings
from ingest.suggesting import Suggestion, suggest
from ingest.vocabulary import Reading


class Appraised(BaseModel):
    """What became of one file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    suggestion: Suggestion | None = None
    """None where it cannot be read."""
    reason: str | None = None
    """Of a failure: stable, for programs."""
    message: str | None = None
    """Of a failure, in a sentence."""


def appraise_all(found: Iterable[Found], catalogue: Catalogue, settings: IngestSettings) -> Iterator[Appraised]:
    """Each file by itself: what one of them lacks does not keep out the others."""
    register = Register.load()
    with Preparer(settings) as preparer:
        for file in found:
            path = encodable(str(file.place))
            try:
                if file.refusal is not None:
                    raise file.refusal
                yield Appraised(path=path, suggestion=appraise(file, preparer, register, catalogue)[1])
            except UnreadableDocument as error:
                yield Appraised(path=path, reason=error.reason, message=encodable(str(error)))
            except InvalidCard as error:
                yield Appraised(path=path, reason="invalid_card", message=encodable(str(error)))


def appraise(
    found: Found,
    preparer: Preparer,
    register: Register,
    catalogue: Catalogue,
    taken: Callable[[str], str | None] | None = None,
    report: Report = lambda *_: None,
) -> tuple[Reading, Suggestion]:
    """What was read, and the suggested card. taken: title of what has an id already, by default among what is held.

    Raises UnreadableDocument ("secret_marking" among its reasons), InvalidCard.
    """
    reading = preparer.read(found.path, report)
    proposal = preparer.propose(reading, found.place.name, report)
    suggestion = suggest(found, reading, proposal, register, catalogue, taken or partial(title_held, catalogue))
    if proposal.secret:
        sentence = f"{found.place} is marked {proposal.marking}. This library holds nothing above OFFICIAL-SENSITIVE"
        raise UnreadableDocument("secret_marking", f"{sentence}: keep it out.")
    return reading, suggestion
