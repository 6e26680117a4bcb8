"""The pages on which documents are added: files handed in, their cards confirmed, and a receipt for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Path, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from ingest.catalogue.submitted import SubmissionState
from ingest.errors import EngageError, InvalidCard
from ingest.library import Library
from ingest.suggesting import suggestion_of
from service.confirming import ConfirmForm, beside, check_chosen, suggested_form
from service.errors import OwnersOnly
from service.filling import asking_again, card_from, faults_of
from service.queueing import Queue
from service.receipting import kept_receipt
from service.rendering import card_page, page
from service.routes import OwnerToken, TheLibrary, TheQueue
from service.routes.bodies import OwnersForm, Typed
from service.showing import quality_in_words
from service.tracking import Tracked, track

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

SubmissionId = Annotated[int, Path(ge=1, le=2**31 - 1)]


@dataclass(frozen=True, slots=True)
class _Owner:
    """What the pages of the library's owner are made from."""

    library: Library
    queue: Queue
    token: str

    def tracked(self) -> Tracked:
        return track(self.queue.ledger.listed(), self.library.register)


async def _owner(library: TheLibrary, queue: TheQueue, token: OwnerToken) -> _Owner:
    if token is None:
        raise OwnersOnly(
            "Documents are added by whoever keeps this library. If that is you, open this page on the machine that "
            "runs the service, or ask whoever runs it to let you in. Ask them, too, for what is missing here."
        )
    return _Owner(library, queue, token)


Owner = Annotated[_Owner, Depends(_owner)]


@router.get("/library/add")
def adding(owner: Owner) -> HTMLResponse:
    return _list(owner)


@router.post("/library/add", dependencies=[OwnersForm])
def hand_in(owner: Owner, files: Annotated[list[UploadFile], File()]) -> Response:
    """For browsers without JavaScript: what cannot be taken is told, and the others are."""
    problems = []
    for file in files:
        try:
            owner.queue.receive(file.filename or "", file.file)
        except EngageError as error:
            problems.append(f"{file.filename}: {error}" if file.filename else "Choose one or more files, then Send.")
    return _list(owner, problems) if problems else _back()


@router.post("/library/add/address", dependencies=[OwnersForm])
def fetch(owner: Owner, url: Annotated[str, Form()] = "") -> Response:
    """Fetched before the page comes back, which takes as long as the other site does."""
    try:
        owner.queue.fetch(url.strip())
    except EngageError as error:
        return _list(owner, [str(error)], url)
    return _back()


@router.get("/library/add/list")
def listed(owner: Owner) -> HTMLResponse:
    """The list alone, for the page's script."""
    return page("submitted.html", tracked=owner.tracked(), token=owner.token)


@router.post("/library/add/confirm", dependencies=[OwnersForm])
def confirm_several(owner: Owner, chosen: Annotated[list[int] | None, Form()] = None) -> Response:
    """Those that need no correction, as they are proposed."""
    problems = [] if chosen else ["Tick the documents that need no correction, then add them."]
    for submission in chosen or []:
        try:
            owner.queue.confirm(submission, None)
        except EngageError as error:
            problems.append(str(error))
    return _list(owner, problems) if problems else _back()


@router.get("/library/add/{submission_id}")
def card(submission_id: SubmissionId, owner: Owner) -> HTMLResponse:
    return _form(owner, submission_id)


@router.get("/library/add/{submission_id}/changes")
def changes(submission_id: SubmissionId, owner: Owner, document: str = "") -> HTMLResponse:
    """What would change by heading, as the new edition of a document held."""
    found = owner.queue.changes(submission_id, document)
    place = owner.queue.ledger.find(submission_id).place
    return page("changes.html", changes=found, versions=(), back=f"/library/add/{submission_id}", waiting=place)


@router.post("/library/add/{submission_id}", dependencies=[OwnersForm])
def confirm(submission_id: SubmissionId, owner: Owner, typed: Typed) -> Response:
    form = ConfirmForm.model_validate(typed)
    if form.more:
        return _form(owner, submission_id, form)
    suggestion = suggestion_of(owner.queue.ledger.find(submission_id))
    try:
        if suggestion:
            check_chosen(typed, suggestion)
        card = card_from(form, form.document, owner.library.register)
        owner.queue.confirm(submission_id, card, bool(form.mask))
    except InvalidCard as error:
        return _form(owner, submission_id, form, error)
    waiting = owner.queue.ledger.listed([SubmissionState.TO_CONFIRM]) if form.next else []
    return RedirectResponse(f"/library/add/{waiting[0].id}", 303) if waiting else _back()


@router.post("/library/add/{submission_id}/cancel", dependencies=[OwnersForm])
def cancel(submission_id: SubmissionId, owner: Owner) -> Response:
    owner.queue.cancel(submission_id)
    return _back()


@router.post("/library/add/{submission_id}/retry", dependencies=[OwnersForm])
def retry(submission_id: SubmissionId, owner: Owner) -> Response:
    owner.queue.retry(submission_id)
    return _back()


@router.get("/library/receipts/{submission_id}")
def receipt(submission_id: SubmissionId, owner: Owner) -> HTMLResponse:
    return page("receipt.html", receipt=kept_receipt(owner.queue.ledger, submission_id))


def _list(owner: _Owner, problems: Sequence[str] = (), url: str = "") -> HTMLResponse:
    status = 422 if problems else 200
    return page("adding.html", status, tracked=owner.tracked(), token=owner.token, problems=problems, url=url)


def _form(
    owner: _Owner, submission_id: int, given: ConfirmForm | None = None, error: InvalidCard | None = None
) -> HTMLResponse:
    """given: what was typed already; by default what is suggested."""
    ledger, register = owner.queue.ledger, owner.library.register
    submission = ledger.find(submission_id)
    suggestion = suggestion_of(submission)
    if suggestion is None or submission.state is not SubmissionState.TO_CONFIRM:
        sentence = f"{submission.place} does not wait for its card to be confirmed. The list says how far it has come."
        return page("missing.html", 404, heading="Nothing to confirm", sentence=sentence)
    titles = {document.id: document.card.title for document in owner.library.catalogue.documents(None)}
    alike = [*(one.document for one in suggestion.alike), *(one.document for one in submission.alongside)]
    near = {document: titles[document] for document in alike if document in titles}
    older = [one.document for one in submission.alongside if one.newer and one.document]
    form = given or suggested_form(suggestion, titles, register, older)
    faults = faults_of(error) if error else {}
    return card_page(
        "submission.html",
        422 if error else 200,
        asking_again(form, faults),
        beside(suggestion, register, faults),
        register,
        submission=submission,
        suggestion=suggestion,
        notices=(*suggestion.notices, *(one.sentence for one in submission.alongside)),
        read=quality_in_words(suggestion.quality, suggestion.pages, submission.name.rsplit(".", 1)[-1].lower()),
        others=len(ledger.listed([SubmissionState.TO_CONFIRM])) - 1,
        near=near,
        held=near | titles,
        token=owner.token,
    )


def _back() -> RedirectResponse:
    return RedirectResponse("/library/add", 303)
