"""The register, with what is held of each organisation."""

from fastapi import APIRouter

from ingest.catalogue import Scope
from service import problems
from service.held import Holding
from service.listing import holdings
from service.routes import TheLibrary, WhoAsks

router = APIRouter(prefix="/api/v1/organisations", tags=["organisations"], responses=problems.documented(421))


@router.get("")
def organisations(library: TheLibrary, asker: WhoAsks) -> list[Holding]:
    """Every organisation of the register, by name. One without documents is one that nothing is held of."""
    return holdings(library.catalogue.documents(Scope(audiences=asker.audiences)), library.register)
