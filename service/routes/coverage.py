"""What each body says on the questions that the field asks."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from ingest.vocabulary import Slug
from service import problems, tabling
from service.errors import UnknownFieldQuestion
from service.listing import check_organisations
from service.missing import BodyKind, CellEvidence, FieldCoverage
from service.routes import TheLibrary, TheSurveying, WhoAsks
from service.vocabulary import Briefing

router = APIRouter(prefix="/api/v1/coverage", tags=["what is missing"], responses=problems.documented(421, 422))


def _coverage(
    surveying: TheSurveying,
    asker: WhoAsks,
    kind: Annotated[
        BodyKind, Query(description="force, opcc (local policing bodies) or held (all that documents name).")
    ] = "force",
    region: Annotated[str, Query(max_length=100, description="Only bodies of it, such as North East.")] = "",
) -> FieldCoverage:
    surveying.check_region(region)
    return surveying.coverage(asker, kind, region or None)


TheCoverage = Annotated[FieldCoverage, Depends(_coverage)]


@router.get("")
def coverage(found: TheCoverage) -> FieldCoverage:
    """Bodies by questions: how many documents and passages answer, or that none does, or that nothing is held."""
    return found


@router.get("/briefing")
def briefing(found: TheCoverage) -> Briefing:
    """The same as a table for Word or Outlook."""
    return Briefing(html=tabling.as_html(found), text=tabling.as_text(found))


def _evidence(
    organisation: Slug, question: Slug, surveying: TheSurveying, library: TheLibrary, asker: WhoAsks
) -> CellEvidence:
    check_organisations([organisation], library.register)
    body = library.register.get(organisation)
    asked = next((asked for asked in surveying.questions if asked.id == question), None)
    if asked is None or body is None:
        known = ", ".join(asked.id for asked in surveying.questions)
        raise UnknownFieldQuestion(f"The field asks no question '{question}'; use one of: {known}.")
    return surveying.evidence(body, asked, asker)


TheEvidence = Annotated[CellEvidence, Depends(_evidence)]


@router.get("/evidence", responses=problems.documented(404))
def evidence(found: TheEvidence) -> CellEvidence:
    """The sentences that count for one body and one question, each with its citations."""
    return found
