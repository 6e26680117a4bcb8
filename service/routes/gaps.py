"""What the library could not answer."""

from fastapi import APIRouter

from service import problems
from service.routes import TheRecords
from service.vocabulary import Gap

router = APIRouter(prefix="/api/v1/gaps", tags=["gaps"], responses=problems.documented(421))


@router.get("")
def gaps(records: TheRecords) -> list[Gap]:
    """Questions that were not, or not wholly, answered: merged where they use the same words, the latest first."""
    return records.gaps()
