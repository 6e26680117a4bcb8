"""The web pages: questions and answers, a document with the cited words marked, the accessibility statement.

Everything works without JavaScript; the page's own module only makes it quicker. Questions travel in POST bodies.
"""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import FileResponse, HTMLResponse
from pydantic import BaseModel, ValidationError

from ingest.catalogue import Scope, State
from ingest.errors import EmbedderFailed, UnknownDocument
from ingest.fetching import is_address
from ingest.library import Library
from service.contrasting import Sides, permitted_changes
from service.errors import NotReady
from service.examples import EXAMPLES
from service.excerpting import permitted_version
from service.highlighting import lay_out
from service.listing import hidden_from, permitted_history, permitted_versions
from service.records import Records
from service.rendering import page
from service.routes import OwnerToken, PageReader, TheAnswering, TheLibrary, TheReadiness, TheRecords, WhoAsks
from service.routes.downloads import download
from service.showing import Shelf, facts, notices, overdue, page_names, shelf, since
from service.vocabulary import MAX_QUESTION_CHARACTERS, MAX_TURNS, Answer, Asker, Question, Turn

_CITING = 10
"""Of the answers that cited a document, shown on its page before all are asked for."""
_DONE = {
    "changed": "The card is changed. Answers from now on have it as it is here.",
    "restored": "The document is back in answers.",
}

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


class Asked(BaseModel):
    """The form of the question page as a browser sends it; what it must be is decided by Question."""

    question: str = ""
    organisation: str = ""
    kind: str = ""
    conversation: str = ""
    """References of the answers that the page shows."""


class Place(BaseModel):
    """What of a document's page is asked for, as an address has it."""

    version: str = ""
    start: str = ""
    end: str = ""
    answers: str = ""
    """"all" of those that cited it."""
    done: str = ""
    """What was done to it just now."""


class SidesGiven(BaseModel):
    """Which texts are set side by side, as an address has it."""

    version: str = ""
    since: str = ""
    against: str = ""


@router.get("/")
def chat(library: TheLibrary, readiness: TheReadiness, asker: WhoAsks) -> HTMLResponse:
    try:
        readiness.check()
    except NotReady as waiting:
        return _chat(_shelf(library, asker), [], waiting=str(waiting))
    return _chat(_shelf(library, asker), [])


@router.post("/")
def ask(
    form: Annotated[Asked, Form()], library: TheLibrary, answering: TheAnswering, records: TheRecords, asker: WhoAsks
) -> HTMLResponse:
    """The same page with the answer, for browsers without JavaScript."""
    held, earlier = _shelf(library, asker), _earlier(records, form.conversation)
    try:
        question = _question(form, earlier)
    except ValidationError:
        return _chat(held, earlier, form, status=422, problem=_problem(form.question))
    try:
        answer = answering.answer(question, asker)
    except EmbedderFailed as failure:
        return _chat(held, earlier, form, status=503, problem=str(failure))
    return _chat(held, [*earlier, answer], form.model_copy(update={"question": ""}))


def _question(form: Asked, earlier: list[Answer]) -> Question:
    """Raises ValidationError."""
    return Question.model_validate(
        {
            "question": form.question,
            "history": tuple(_turns(earlier)),
            "organisations": [form.organisation] if form.organisation else [],
            "kinds": [form.kind] if form.kind else [],
        }
    )


def _problem(question: str) -> str:
    if not question.strip():
        return "Type a question, then choose Ask."
    if len(question) > MAX_QUESTION_CHARACTERS:
        return f"A question is at most {MAX_QUESTION_CHARACTERS:,} characters; shorten it, then choose Ask."
    return "Choose an organisation and a kind from the lists, then choose Ask."


def _earlier(records: Records, conversation: str) -> list[Answer]:
    """The conversation so far, by the references that the page carries. One that is no longer kept is passed over."""
    references = conversation.split()[-MAX_TURNS // 2 :]
    return [answer for answer in map(records.find, references) if answer]


def _turns(answers: list[Answer]) -> Iterator[Turn]:
    for answer in answers:
        yield Turn(role="user", content=answer.question)
        yield Turn(role="assistant", content=_said(answer))


def _said(answer: Answer) -> str:
    """As much of it as a turn may hold."""
    return ("\n".join(point.text for point in answer.points) or answer.message or "")[:20_000]


def _shelf(library: Library, asker: Asker) -> Shelf:
    return shelf(library.catalogue.documents(Scope(audiences=asker.audiences)), library.register)


def _chat(
    held: Shelf,
    answers: list[Answer],
    form: Asked | None = None,
    *,
    status: int = 200,
    waiting: str = "",
    problem: str = "",
) -> HTMLResponse:
    return page(
        "chat.html",
        status,
        answers=answers,
        held=held,
        form=form or Asked(),
        examples=EXAMPLES if held.rows else (),
        waiting=waiting,
        problem=problem,
    )


@router.get("/answers/{reference}")
def kept_answer(reference: str, records: TheRecords, library: TheLibrary) -> HTMLResponse:
    """One answer as it was given, laid out as on the chat page, which takes it from here."""
    answer = records.find(reference)
    if answer is None:
        return _missing("Answer not found", "No answer is kept under this reference. Ask the question again.")
    return page("kept.html", answer=answer, since=_since(answer, library))


def _since(answer: Answer, library: Library) -> dict[tuple[str, int], str]:
    """What has become of the versions that it cites, of each where anything has."""
    cited = {(citation.source.document_id, citation.source.version) for citation in answer.citations}
    versions = {document: library.catalogue.versions_of(document) for document, _ in cited}
    told = {(document, number): since(number, versions[document]) for document, number in cited}
    return {key: said for key, said in told.items() if said}


@router.get("/d/{document_id}")
def document(
    document_id: str,
    library: TheLibrary,
    records: TheRecords,
    reader: PageReader,
    token: OwnerToken,
    at: Annotated[Place, Query()],
) -> HTMLResponse:
    """A version's text as it was read, the words from start to end marked; its versions, and who cited it."""
    cited = _number(at.start), _number(at.end)
    try:
        shown = permitted_version(library.catalogue, reader, document_id, _number(at.version) if at.version else None)
        live = library.catalogue.version_of(document_id)
    except UnknownDocument:
        sentence = "No such document is held, or not in that version. Look for it in the list of what is held."
        return _missing("Document not found", sentence)
    citing = records.cited.answers(document_id, hidden_from(library.catalogue, reader))
    return page(
        "document.html",
        card=shown.card,
        version=shown,
        notices=[*notices(shown, live if live.state is State.LIVE else None), *overdue(shown.card, date.today())],
        done=_DONE.get(at.done, ""),
        token=token,
        is_live=live.state is State.LIVE,
        fetchable=is_address(live.card.url or ""),
        versions=permitted_history(library.catalogue, reader, document_id),
        citing=citing[: None if at.answers == "all" else _CITING],
        citing_in_all=len(citing),
        all_answers=at.answers == "all",
        facts=facts(shown, library.register),
        left_out=shown.left_out,
        warnings=shown.quality.warnings if shown.quality else (),
        page_names=page_names(shown),
        parts=lay_out(shown.text, shown.blocks, cited),
        cited=0 <= cited[0] < cited[1] <= len(shown.text),
    )


@router.get("/d/{document_id}/changes")
def changes(
    document_id: str, library: TheLibrary, reader: PageReader, at: Annotated[SidesGiven, Query()]
) -> HTMLResponse:
    """What changed by heading, from one version to another or beside another document."""
    sides = Sides.model_construct(
        version=_number(at.version) or None, since=_number(at.since) or None, against=at.against or None
    )
    try:
        found = permitted_changes(library.catalogue, reader, document_id, sides)
    except UnknownDocument as error:
        return _missing("Nothing to compare", str(error))
    versions = permitted_versions(library.catalogue, reader, document_id)
    return page("changes.html", changes=found, versions=versions, back=f"/d/{document_id}", waiting=None)


@router.get("/d/{document_id}/original")
def original(document_id: str, library: TheLibrary, reader: PageReader, version: str = "") -> FileResponse:
    """The file that a version was read from, to be saved."""
    number = _number(version) if version else None
    return download(library, permitted_version(library.catalogue, reader, document_id, number))


def _number(written: str) -> int:
    """The number in an address, 0 for what is none: an address cut short in an e-mail still opens the document."""
    return int(written) if written.isdecimal() and len(written) < 10 else 0


def _missing(heading: str, sentence: str) -> HTMLResponse:
    return page("missing.html", 404, heading=heading, sentence=sentence)


@router.get("/accessibility")
def accessibility() -> HTMLResponse:
    return page("accessibility.html")
