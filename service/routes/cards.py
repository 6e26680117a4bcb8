"""The pages on which whoever keeps the library corrects a card, withdraws a document, or brings it back."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from ingest.catalogue import HeldVersion, State
from ingest.errors import CardChanged, InvalidCard, UnknownDocument
from ingest.library import Library
from ingest.vocabulary import Kind, Status
from service.editing import CardForm, card_from, differing, form_of
from service.rendering import page
from service.routes import Keeper, TheIntake, TheLibrary, TheRecords
from service.routes.bodies import OwnersForm
from service.wording import capital

router = APIRouter(include_in_schema=False, prefix="/d/{document_id}")


@router.get("/edit")
def edit(document_id: str, library: TheLibrary, keeper: Keeper) -> HTMLResponse:
    live = _live(library, document_id)
    return _form(library, keeper, live, form_of(live.card, library.register))


@router.post("/edit", dependencies=[OwnersForm])
def save(
    document_id: str, form: Annotated[CardForm, Form()], library: TheLibrary, intake: TheIntake, keeper: Keeper
) -> Response:
    live = _live(library, document_id)
    if form.more:
        return _form(library, keeper, live, form)
    try:
        intake.correct(document_id, card_from(form, document_id, library.register), form.seen or None)
    except InvalidCard as error:
        return _form(library, keeper, live, form, 422, _by_field(error))
    except CardChanged:
        live = _live(library, document_id)
        now = differing(form, live.card, library.register)
        return _form(library, keeper, live, form.model_copy(update={"seen": live.card.digest}), 412, now=now)
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


def _by_field(error: InvalidCard) -> dict[str, str]:
    """The first fault of each field."""
    found: dict[str, str] = {}
    for field, instead in error.faults:
        found.setdefault(field, instead)
    return found


def _form(
    library: Library,
    keeper: str,
    live: HeldVersion,
    form: CardForm,
    status: int = 200,
    faults: dict[str, str] | None = None,
    now: dict[str, str] | None = None,
) -> HTMLResponse:
    """faults: what is wrong, by field. now: what somebody else has written meanwhile, by field."""
    return page(
        "edit.html",
        status,
        version=live,
        form=form,
        faults=faults or {},
        now={field: capital(said) for field, said in now.items()} if now is not None else None,
        kinds=tuple(Kind),
        statuses=tuple(Status),
        names=sorted(organisation.name for organisation in library.register),
        token=keeper,
    )


def _superseding(library: Library, keeper: str, live: HeldVersion, problem: str = "") -> HTMLResponse:
    others = [document for document in library.now.all_documents if document.id != live.document_id]
    return page("supersede.html", 422 if problem else 200, version=live, others=others, problem=problem, token=keeper)


def _back(document_id: str, done: str) -> RedirectResponse:
    return RedirectResponse(f"/d/{document_id}?done={done}" if done else f"/d/{document_id}", 303)
