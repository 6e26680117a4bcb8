"""Documents asked of bodies."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Security
from fastapi.security import APIKeyHeader

from ingest.vocabulary import Slug
from service import problems
from service.missing import DocumentRequest, Draft, NewRequest, RequestChange
from service.routes import TheRequesting
from service.routes.bodies import TOKEN_HEADER, OwnerJsonRoute

router = APIRouter(prefix="/api/v1/requests", tags=["what is missing"], responses=problems.documented(421))
owners = APIRouter(
    prefix="/api/v1/requests",
    tags=["what is missing"],
    route_class=OwnerJsonRoute,
    dependencies=[Security(APIKeyHeader(name=TOKEN_HEADER, auto_error=False))],
    responses=problems.documented(400, 401, 403, 404, 413, 415, 421, 422),
)

RequestId = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("")
def requests(requesting: TheRequesting) -> list[DocumentRequest]:
    """Those last changed first."""
    return requesting.requests()


@router.get("/draft", responses=problems.documented(404, 422))
def draft(
    requesting: TheRequesting,
    organisation: Slug | None = None,
    gap: Annotated[str, Query(max_length=16)] = "",
    wanted: Annotated[str | None, Query(min_length=1, max_length=500)] = None,
) -> Draft:
    """What would be asked for, and the letter, to read over before it is kept."""
    return requesting.draft(organisation, requesting.gap(gap).question if gap else "", wanted)


@router.get("/{request_id}", responses=problems.documented(404, 422))
def request(request_id: RequestId, requesting: TheRequesting) -> DocumentRequest:
    """One request, with its letter."""
    return requesting.kept.find(request_id)


@owners.post("")
def keep(new: NewRequest, requesting: TheRequesting) -> DocumentRequest:
    """Keep a request. Nothing is sent from here: the letter is for pasting into an e-mail."""
    return requesting.keep(new)


@owners.patch("/{request_id}")
def change(request_id: RequestId, change: RequestChange, requesting: TheRequesting) -> DocumentRequest:
    """Correct the letter, or tell how the request stands."""
    return requesting.kept.change(request_id, change)
