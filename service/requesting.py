"""What the strand lead does about what is missing: looks at the gaps, and asks bodies for what would fill them."""

from collections.abc import Iterator

from ingest.library import Library
from service.closing import Closing
from service.drafting import draft, suggested
from service.errors import UnknownGap
from service.listing import check_organisations
from service.missing import DocumentRequest, Draft, NewRequest
from service.records import Records
from service.requests import Requests
from service.vocabulary import Gap, GapState


class Requesting:
    """Gaps and requests as they stand now, whatever was added or withdrawn since they were last looked at."""

    def __init__(self, library: Library, records: Records) -> None:
        self.kept = Requests(library.catalogue.engine, library.register)
        self._library = library
        self._records = records
        self._closing = Closing(library, records.gap_log, self.kept)

    def gaps(self, state: GapState | None = None) -> list[Gap]:
        """The latest first."""
        self._closing.check()
        return [gap for gap in self._records.gaps() if state in (None, gap.state)]

    def gap(self, id_: str) -> Gap:
        """Raises UnknownGap."""
        for gap in self._records.gaps():
            if gap.id == id_:
                return gap
        raise UnknownGap(f"No gap is kept as '{id_}'; it may have been forgotten. 'engage gaps' lists those that are.")

    def requests(self) -> list[DocumentRequest]:
        """Those last changed first."""
        self._closing.check()
        return self.kept.listed()

    def draft(self, organisation: str | None = None, about: str = "", wanted: str | None = None) -> Draft:
        """What would be sent to the body; `about` is the question that is not answered. Raises UnknownOrganisation."""
        check_organisations([organisation] if organisation else [], self._library.register)
        body = self._library.register.get(organisation) if organisation else None
        return draft(body, about, self._library.register, self._library.glossary, wanted)

    def draft_for(self, gap: Gap) -> Draft:
        """For the body that might have what is missing, where it is one."""
        bodies = list(self.suggested(gap))
        return self.draft(bodies[0] if len(bodies) == 1 else None, gap.question)

    def suggested(self, gap: Gap) -> Iterator[str]:
        return (body.slug for body in suggested(gap, self._library.register))

    def keep(self, new: NewRequest) -> DocumentRequest:
        """Raises UnknownOrganisation, UnknownGap."""
        about = self.gap(new.gap).question if new.gap else ""
        drafted = self.draft(new.organisation, about, new.wanted)
        if new.letter:
            drafted = drafted.model_copy(update={"letter": new.letter})
        return self.kept.keep(drafted, new.organisation, new.gap, new.note)
