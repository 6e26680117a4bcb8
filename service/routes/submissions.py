"""Submissions: files handed in, on their way into the library. For the owner of the library only."""

from typing import Annotated

from fastapi import APIRouter, Body, File, Form, Path, Query, Security, UploadFile
from fastapi.security import APIKeyHeader
from pydantic import Field

from ingest.catalogue.submitted import Submission, SubmissionState
from ingest.editions import TextChanges
from ingest.vocabulary import Card, Slug
from service import problems
from service.held import Receipt
from service.receipting import kept_receipt
from service.routes import TheQueue
from service.routes.bodies import TOKEN_HEADER, OwnerJsonRoute, OwnerRoute
from service.vocabulary import Model

_PREFIX = "/api/v1/submissions"
_TOKEN = [Security(APIKeyHeader(name=TOKEN_HEADER, auto_error=False))]
_REFUSALS = problems.documented(401, 403, 404, 409, 421, 422)

router = APIRouter(
    prefix=_PREFIX, tags=["submissions"], route_class=OwnerJsonRoute, dependencies=_TOKEN, responses=_REFUSALS
)
files = APIRouter(
    prefix=_PREFIX, tags=["submissions"], route_class=OwnerRoute, dependencies=_TOKEN, responses=_REFUSALS
)


class Address(Model):
    url: Annotated[str, Field(max_length=2_000, examples=["https://www.northshire.example/engagement-plan.pdf"])]


SubmissionId = Annotated[int, Path(ge=1, le=2**31 - 1)]


@files.post("", status_code=202, responses=problems.documented(400, 413, 415, 507))
def submit(
    queue: TheQueue,
    file: Annotated[UploadFile, File(description="The document, a mail or a ZIP archive of documents.")],
    card: Annotated[str | None, Form(description="Its card, in YAML; by default the document's own.")] = None,
    name: Annotated[str | None, Form(description="Its file name; by default the one sent with the file.")] = None,
) -> Submission:
    """Hand in a document. It is read, and its card is proposed; it is added once that is confirmed, or at once if it
    brings a card of its own and nothing about it needs to be looked at.

    An archive becomes its first document, a mail itself; their other documents become submissions of their own, which
    say with which they were sent.
    """
    return queue.receive(name or file.filename or "", file.file, card)


@router.post("/address", status_code=202, responses=problems.documented(400, 415, 507))
def submit_address(queue: TheQueue, address: Address) -> Submission:
    """Hand in what is at a web address. It is fetched now; then it goes on as a file does."""
    return queue.fetch(address.url)


@router.get("")
def submissions(
    queue: TheQueue,
    state: Annotated[list[SubmissionState] | None, Query(description="Only in this state; repeatable.")] = None,
) -> list[Submission]:
    """What was handed in, in that order: the latest thousand."""
    return queue.ledger.listed(state or ())


@router.get("/{submission_id}")
def submission(submission_id: SubmissionId, queue: TheQueue) -> Submission:
    """How far it has come; once read, with the card that is proposed."""
    return queue.ledger.find(submission_id)


@router.get("/{submission_id}/changes")
def changes(
    submission_id: SubmissionId, queue: TheQueue, document: Annotated[Slug, Query(description="A document held.")]
) -> TextChanges:
    """What would change by heading if it were confirmed as the new edition of a document held."""
    return queue.changes(submission_id, document)


@router.post("/{submission_id}/confirm", responses=problems.documented(400, 415))
def confirm(
    submission_id: SubmissionId,
    queue: TheQueue,
    card: Annotated[Card | None, Body(description="The whole card; by default the one that is proposed.")] = None,
    mask: Annotated[bool, Query(description="Whether personal data in it are replaced by […].")] = False,
) -> Submission:
    """Have it added under this card. With the id of a document held it becomes the new edition of that."""
    return queue.confirm(submission_id, card, mask)


@router.post("/{submission_id}/cancel")
def cancel(submission_id: SubmissionId, queue: TheQueue) -> Submission:
    """Take it out of the queue; what is being done with it is broken off."""
    return queue.cancel(submission_id)


@router.post("/{submission_id}/retry")
def retry(submission_id: SubmissionId, queue: TheQueue) -> Submission:
    """Try one that failed again."""
    return queue.retry(submission_id)


@router.get("/{submission_id}/receipt")
def receipt(submission_id: SubmissionId, queue: TheQueue) -> Receipt:
    """What was made of it, once it is added."""
    return kept_receipt(queue.ledger, submission_id)
