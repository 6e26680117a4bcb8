"""The pages of what is missing: gaps, requests and coverage; the evidence of a cell; drafting and keeping a request.

Readers see them without what changes anything.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, ValidationError

from service import tabling
from service.errors import TokenMissing
from service.missing import NewRequest, RequestChange, RequestState
from service.rendering import HEADERS, page
from service.requesting import Requesting
from service.routes import OwnerToken, TheLibrary, TheRequesting, TheSurveying
from service.routes.bodies import OwnersForm
from service.routes.coverage import TheCoverage, TheEvidence
from service.vocabulary import Gap, GapState

router = APIRouter(prefix="/missing", include_in_schema=False, default_response_class=HTMLResponse)

_STATES: dict[GapState, str] = {"open": "Not answered", "answered": "Answered since", "out_of_scope": "Out of scope"}


class Filters(BaseModel):
    """What the page was asked to show."""

    kind: str = "force"
    region: str = ""
    state: GapState = "open"
    order: str = "latest"


class Drafted(BaseModel):
    """The form of a new request as a browser sends it; what it must be is decided by NewRequest."""

    organisation: str = ""
    gap: str = ""
    wanted: str = ""
    letter: str = ""
    note: str = ""
    again: str = ""
    """Whether the letter is to be drafted anew, for another body or another document."""


class Changed(BaseModel):
    """The form of a request that is kept."""

    wanted: str = ""
    letter: str = ""
    note: str = ""
    state: RequestState = RequestState.DRAFTED
    sent_on: str = ""


@router.get("")
def missing(
    requesting: TheRequesting,
    surveying: TheSurveying,
    coverage: TheCoverage,
    token: OwnerToken,
    kind: str = "force",
    region: str = "",
    state: GapState = "open",
    order: str = "latest",
) -> HTMLResponse:
    found = requesting.gaps()
    shown = [gap for gap in found if gap.state == state]
    if order == "most":
        shown.sort(key=lambda gap: -gap.times)
    counts = [(name, label, sum(gap.state == name for gap in found)) for name, label in _STATES.items()]
    return page(
        "whats_missing.html",
        gaps=shown,
        counts=counts,
        requests=requesting.kept.listed(),
        coverage=coverage,
        regions=surveying.regions(),
        filters=Filters(kind=kind, region=region, state=state, order=order),
        token=token,
    )


@router.get("/coverage.csv")
def coverage_csv(coverage: TheCoverage) -> Response:
    headers = {**HEADERS, "Content-Disposition": 'attachment; filename="coverage.csv"'}
    return Response(tabling.as_csv_file(coverage), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/evidence")
def evidence(found: TheEvidence, token: OwnerToken) -> HTMLResponse:
    return page("cell_evidence.html", found=found, token=token)


@router.get("/request")
def draft(
    requesting: TheRequesting, library: TheLibrary, token: OwnerToken, gap: str = "", organisation: str = ""
) -> HTMLResponse:
    """A request for what a gap lacks, or for anything of one body, to read over and keep."""
    _only_owners(token)
    of = requesting.gap(gap) if gap else None
    drafted = requesting.draft_for(of) if of and not organisation else requesting.draft(organisation or None)
    form = Drafted(
        organisation=drafted.organisation.slug if drafted.organisation else "",
        gap=gap,
        wanted=drafted.wanted,
        letter=drafted.letter,
    )
    return _draft_page(requesting, library, token, form, of)


@router.post("/requests", dependencies=[OwnersForm])
def keep(
    form: Annotated[Drafted, Form()], requesting: TheRequesting, library: TheLibrary, token: OwnerToken
) -> Response:
    of = requesting.gap(form.gap) if form.gap else None
    if form.again and form.organisation:
        drafted = requesting.draft(form.organisation, of.question if of else "", form.wanted.strip() or None)
        form = form.model_copy(update={"letter": drafted.letter, "wanted": drafted.wanted})
        return _draft_page(requesting, library, token, form, of)
    try:
        new = NewRequest(
            organisation=form.organisation,
            gap=form.gap or None,
            wanted=form.wanted,
            letter=form.letter.replace("\r\n", "\n"),
            note=form.note,
        )
    except ValidationError:
        problem = "Choose a body, say what is asked for and leave the letter not empty, then keep it."
        return _draft_page(requesting, library, token, form, of, problem)
    kept = requesting.keep(new)
    return RedirectResponse(f"/missing/requests/{kept.id}", 303)


@router.get("/requests/{request_id}")
def request(
    request_id: Annotated[int, Path(ge=1, le=2**31 - 1)], requesting: TheRequesting, token: OwnerToken
) -> HTMLResponse:
    return _request_page(requesting, request_id, token)


@router.post("/requests/{request_id}", dependencies=[OwnersForm])
def change(
    request_id: Annotated[int, Path(ge=1, le=2**31 - 1)],
    form: Annotated[Changed, Form()],
    requesting: TheRequesting,
    token: OwnerToken,
) -> Response:
    try:
        wanted = RequestChange.model_validate(
            {**form.model_dump(), "letter": form.letter.replace("\r\n", "\n"), "sent_on": form.sent_on or None}
        )
    except ValidationError:
        problem = "Say what is asked for, leave the letter not empty and write the day as 2026-11-25, then save it."
        return _request_page(requesting, request_id, token, problem)
    requesting.kept.change(request_id, wanted)
    return RedirectResponse(f"/missing/requests/{request_id}", 303)


def _request_page(requesting: Requesting, request_id: int, token: str | None, problem: str = "") -> HTMLResponse:
    kept = next((one for one in requesting.requests() if one.id == request_id), None)
    return page(
        "request.html",
        422 if problem else 200,
        request=kept or requesting.kept.find(request_id),
        gap=next((gap for gap in requesting.gaps() if kept and gap.id == kept.gap), None),
        states=list(RequestState),
        token=token,
        problem=problem,
    )


def _draft_page(
    requesting: Requesting,
    library: TheLibrary,
    token: str | None,
    form: Drafted,
    gap: Gap | None,
    problem: str = "",
) -> HTMLResponse:
    suggested = list(requesting.suggested(gap)) if gap else []
    bodies = sorted((body for body in library.register if not body.successor), key=lambda body: body.name)
    return page(
        "request_draft.html",
        422 if problem else 200,
        form=form,
        gap=gap,
        suggested=[body for body in bodies if body.slug in suggested],
        others=[body for body in bodies if body.slug not in suggested],
        token=token,
        problem=problem,
    )


def _only_owners(token: str | None) -> None:
    """Raises TokenMissing."""
    if token is None:
        raise TokenMissing("Only the owner of the library may ask for documents; tell the strand lead what is missing.")
