"""What the library could not answer."""

from fastapi import APIRouter

from service import problems
from service.routes import TheRequesting
from service.vocabulary import Gap, GapState

router = APIRouter(prefix="/api/v1/gaps", tags=["what is missing"], responses=problems.documented(421, 422))


@router.get("")
def gaps(requesting: TheRequesting, state: GapState | None = None) -> list[Gap]:
    """Questions that were not, or not wholly, answered: merged where they ask the same, the latest first.

    Those that a document answers by now say so, and by which.
    """
    return requesting.gaps(state)
