"""The pages on which whoever keeps the library corrects a card, withdraws a document, or brings it back."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from ingest.catalogue import HeldVersion, State
from ingest.errors import CardChanged, InvalidCard, UnknownDocument
from ingest.library import Library
from ingest.vocabulary import Status
from service.filling import Beside, EditForm, asking_again, card_from, differing, edit_form, faults_of
from service.rendering import card_page, page
from service.routes import Keeper, TheIntake, TheLibrary, TheRecords
from service.routes.bodies import OwnersForm, Typed

router = APIRouter(include_in_schema=False, prefix="/d/{document_id}")


@router.get("/edit")
def edit(document_id: str, library: TheLibrary, keeper: Keeper) -> HTMLResponse:
    live = _live(library, document_id)
    return _form(library, keeper, live, edit_form(live.card, library.register))


@router.post("/edit", dependencies=[OwnersForm])
def save(document_id: str, typed: Typed, library: TheLibrary, intake: TheIntake, keeper: Keeper) -> Response:
    live, form = _live(library, document_id), EditForm.model_validate(typed)
    if form.more:
        return _form(library, keeper, live, form)
    try:
        intake.correct(document_id, card_from(form, document_id, library.register), form.seen or None)
    except InvalidCard as error:
        faults = faults_of(error)
        return _form(library, keeper, live, asking_again(form, faults), 422, Beside(faults=faults))
    except CardChanged:
        live = _live(library, document_id)
        now = Beside(now=differing(form, live.card, library.register))
        return _form(library, keeper, live, form.model_copy(update={"seen": live.card.digest}), 412, now)
    return _back(document_id, "changed")


@router.post("/address", dependencies=[OwnersForm])
def look_at_address(document_id: str, library: TheLibrary, intake: TheIntake, keeper: Keeper) -> Response:
    """What stands there is fetched before the page comes back."""
    live = _live(library, document_id)
    return page("address.html", version=live, found=intake.revisit(document_id), token=keeper)


@router.get("/withdraw")
def withdrawing(document_id: str, library: TheLibrary, records: TheRecords, keeper: Keeper) -> HTMLResponse:
    live = _live(library, document_id)
    return page("withdraw.html", version=live, citing=records.cited.count(document_id), token=keeper)


@router.post("/withdraw", dependencies=[OwnersForm])
def withdraw(document_id: str, intake: TheIntake, keeper: Keeper) -> Response:
    intake.remove(document_id)
    return _back(document_id, "")


@router.post("/restore", dependencies=[OwnersForm])
def restore(document_id: str, library: TheLibrary, intake: TheIntake, keeper: Keeper) -> Response:
    intake.restore(document_id)
    return _back(document_id, "restored")


@router.get("/supersede")
def superseding(document_id: str, library: TheLibrary, keeper: Keeper) -> HTMLResponse:
    return _superseding(library, keeper, _live(library, document_id))


@router.post("/supersede", dependencies=[OwnersForm])
def supersede(
    document_id: str, library: TheLibrary, intake: TheIntake, keeper: Keeper, by: Annotated[str, Form()] = ""
) -> Response:
    live = _live(library, document_id)
    if by == document_id or by not in {document.id for document in library.now.all_documents}:
        return _superseding(library, keeper, live, "Choose the document that takes its place.")
    card = live.card.model_copy(update={"status": Status.SUPERSEDED, "superseded_by": by})
    intake.correct(document_id, card, live.card.digest)
    return _back(document_id, "changed")


def _live(library: Library, document_id: str) -> HeldVersion:
    """Raises UnknownDocument."""
    version = library.catalogue.version_of(document_id)
    if version.state is not State.LIVE:
        raise UnknownDocument(f"'{version.card.title}' is withdrawn; open its page and bring it back first.")
    return version


def _form(
    library: Library, keeper: str, live: HeldVersion, form: EditForm, status: int = 200, beside: Beside | None = None
) -> HTMLResponse:
    values = {"version": live, "changed": status == 412, "token": keeper}
    return card_page("edit.html", status, form, beside or Beside(), library.register, **values)


def _superseding(library: Library, keeper: str, live: HeldVersion, problem: str = "") -> HTMLResponse:
    others = [document for document in library.now.all_documents if document.id != live.document_id]
    return page("supersede.html", 422 if problem else 200, version=live, others=others, problem=problem, token=keeper)


def _back(document_id: str, done: str) -> RedirectResponse:
    return RedirectResponse(f"/d/{document_id}?done={done}" if done else f"/d/{document_id}", 303)
