"""The library page: what is held, filtered by the address, as a page and as CSV; and all of it as an archive."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, StreamingResponse

from ingest.catalogue import HeldDocument
from ingest.library import Library
from service.errors import OwnersOnly
from service.listing import held_for
from service.rendering import page
from service.routes import Keeper, OwnerToken, PageReader, TheLibrary
from service.routes.downloads import HEADERS, exported
from service.shelving import ROWS, Asked, as_csv, choices, line, shown, summary, understood
from service.vocabulary import Asker

router = APIRouter(include_in_schema=False)


async def _asked(request: Request) -> Asked:
    return understood(request.query_params)


TheFilters = Annotated[Asked, Depends(_asked)]


@router.get("/library")
def shelves(
    library: TheLibrary, reader: PageReader, token: OwnerToken, asked: TheFilters, number: str = ""
) -> HTMLResponse:
    held = _held(library, reader, asked)
    found, today = shown(held, asked), date.today()
    pages = max(1, -(-len(found) // ROWS))
    at = min(max(int(number), 1), pages) if number.isdecimal() and len(number) < 10 else 1
    return page(
        "library.html",
        422 if asked.faults else 200,
        asked=asked,
        choices=choices(library.now.all_documents if reader is None else held, library.register),
        held=len(held),
        summary=summary(found, len(held), asked, today),
        lines=[line(document, library.register, today) for document in found[(at - 1) * ROWS : at * ROWS]],
        at=at,
        pages=pages,
        keeps=token is not None,
    )


@router.get("/library.csv")
def table(library: TheLibrary, reader: PageReader, asked: TheFilters) -> Response:
    """What the page shows under the same filters, all of it, with all that the cards say."""
    found = shown(_held(library, reader, asked), asked)
    headers = {**HEADERS, "Content-Disposition": 'attachment; filename="library.csv"'}
    return Response(as_csv(found, library.register, date.today()), media_type="text/csv", headers=headers)


@router.get("/library/export.zip")
def export(library: TheLibrary, keeper: Keeper) -> StreamingResponse:
    return exported(library)


def _held(library: Library, reader: Asker | None, asked: Asked) -> list[HeldDocument]:
    """Raises OwnersOnly where a reader asks for what was withdrawn."""
    if not asked.is_of_removed:
        return list(held_for(library, reader))
    if reader is not None:
        raise OwnersOnly("What was withdrawn is for whoever keeps the library; choose another status.")
    return library.catalogue.withdrawn()
