"""Errors as problem+json (RFC 9457). Stable types and HTTP codes live in these tables and nowhere else."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingest import errors as library
from service import errors
from service.vocabulary import MAX_QUESTION_CHARACTERS, MAX_TURNS, Model

MEDIA_TYPE = "application/problem+json"
_LONGEST_REFLECTED = 100
_MOST_FIELDS = 20

_log = logging.getLogger(__name__)


class FieldProblem(Model):
    field: str
    message: str


class Problem(Model):
    """What went wrong. `type` is stable, for programs; `detail` ends in what to do next."""

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[FieldProblem, ...] = ()
    """Of an invalid request: which fields, and why."""


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    title: str
    status: int


_INVALID = _Kind("invalid-request", "The request is not valid", 422)
_MALFORMED = _Kind("malformed-body", "The body cannot be read", 400)
_FAILED = _Kind("failed", "The service failed", 500)
_BY_ERROR: Mapping[type[Exception], _Kind] = {
    errors.MalformedBody: _MALFORMED,
    errors.TokenMissing: _Kind("token-missing", "The owner's token is missing", 401),
    errors.TokenWrong: _Kind("token-wrong", "The owner's token is wrong", 403),
    errors.OwnersOnly: _Kind("owners-only", "Only whoever keeps the library may do this", 403),
    errors.CrossSite: _Kind("cross-site", "The request comes from another site", 403),
    library.UnknownDocument: _Kind("unknown-document", "No such document", 404),
    library.UnknownSubmission: _Kind("unknown-submission", "No such submission", 404),
    library.SubmissionElsewhere: _Kind("submission-elsewhere", "The submission is in another state", 409),
    errors.NoReceipt: _Kind("no-receipt", "There is no receipt", 404),
    errors.UnknownAnswer: _Kind("unknown-answer", "No such answer", 404),
    errors.NoAddress: _Kind("no-address", "The document has no web address", 404),
    errors.UnknownGap: _Kind("unknown-gap", "No such gap", 404),
    errors.UnknownRequest: _Kind("unknown-request", "No such request", 404),
    errors.UnknownFieldQuestion: _Kind("unknown-field-question", "The field asks no such question", 404),
    library.HeldElsewhere: _Kind("held-elsewhere", "The file is held as another document", 409),
    library.CardChanged: _Kind("card-changed", "The card has been changed meanwhile", 412),
    errors.BodyTooLarge: _Kind("body-too-large", "The body is too large", 413),
    errors.WrongContentType: _Kind("wrong-content-type", "The body is of another type", 415),
    errors.WrongHost: _Kind("wrong-host", "The address is not this service's", 421),
    library.InvalidCard: _Kind("invalid-card", "The card cannot be used", 422),
    library.UnreadableDocument: _Kind("unreadable-document", "The document cannot be read", 422),
    errors.InvalidSpan: _Kind("invalid-span", "The text has no such characters", 422),
    errors.UnknownOrganisation: _Kind("unknown-organisation", "The register has no such organisation", 422),
    errors.UnknownRegion: _Kind("unknown-region", "The register has no such region", 422),
    errors.InvalidFileName: _Kind("invalid-file-name", "The file's name cannot be used", 422),
    library.NotStored: _Kind("not-stored", "The file could not be kept", 507),
    library.EmbedderFailed: _Kind("embedder-failed", "The embedder does not answer", 503),
    errors.NotReady: _Kind("not-ready", "The service is not ready", 503),
}
_BY_STATUS: Mapping[int, tuple[_Kind, str]] = {
    400: (_MALFORMED, "The body could not be read; check that it is complete and of the type it says."),
    404: (
        _Kind("unknown-address", "No such address", 404),
        "Nothing is at this address; GET /openapi.json lists what is.",
    ),
    405: (
        _Kind("wrong-method", "The method is not allowed here", 405),
        "This address does not take that method; the Allow header lists those it takes.",
    ),
}
_BY_FIELD: Mapping[tuple[str, str], tuple[_Kind, str]] = {
    ("question", "string_too_long"): (
        _Kind("question-too-long", "The question is too long", 422),
        f"A question is at most {MAX_QUESTION_CHARACTERS:,} characters; shorten it, or ask it in parts.",
    ),
    ("question", "string_too_short"): (
        _Kind("question-empty", "There is no question", 422),
        "The question is empty; write one.",
    ),
    ("history", "too_long"): (
        _Kind("history-too-long", "The history is too long", 422),
        f"A history is at most {MAX_TURNS} turns; send only the latest.",
    ),
}


def of(error: Exception) -> Problem:
    """The problem that tells of an error. Of one that nobody foresaw it gives no details away."""
    if isinstance(error, RequestValidationError):
        return _invalid(error.errors())
    if isinstance(error, HTTPException):
        return _of_status(error.status_code)
    if isinstance(error, ClientDisconnect):
        return _of_status(400)
    kind = next((_BY_ERROR[cls] for cls in type(error).__mro__ if cls in _BY_ERROR), _FAILED)
    if isinstance(error, library.InvalidCard):
        fields = [FieldProblem(field=field, message=_printable(instead)) for field, instead in error.faults]
        return _problem(kind, str(error), fields[:_MOST_FIELDS])
    if isinstance(error, library.EngageError):
        return _problem(kind, str(error))
    return _problem(
        _FAILED, "Something failed that should not; ask again, and if it stays, look into the service's log."
    )


def response(problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    body = problem.model_dump_json(exclude_defaults=True)
    return Response(body, status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)


def install(app: FastAPI, as_page: Callable[[Problem], Response]) -> None:
    """Have every error that reaches the application answered as a problem; `as_page` where somebody reads it."""

    async def answer(request: Request, error: Exception) -> Response:
        problem = of(error)
        if problem.status == _FAILED.status:
            _log.error("%s", problem.detail, exc_info=error)
        if _is_read(request):
            return as_page(problem)
        return response(problem, _headers(error))

    for error in (library.EngageError, RequestValidationError, HTTPException, ClientDisconnect):
        app.add_exception_handler(error, answer)
    app.add_middleware(_TellFailures)


def _is_read(request: Request) -> bool:
    """Whether a browser opens this as a page, and not a program or a script of ours."""
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")


class _TellFailures:
    """What nobody foresaw goes into the log, and to the client as a problem like any other.

    Starlette would answer and raise it again, for which the server closes the connection under the next request.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:
            if started or scope["type"] != "http":
                raise
            _log.exception("%s %s failed", scope["method"], scope["path"])
            await response(of(error))(scope, receive, send)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For a route's OpenAPI: these codes, each answered as a Problem."""
    titles: dict[int, list[str]] = {}
    fields = (kind for kind, _ in (*_BY_STATUS.values(), *_BY_FIELD.values()))
    for kind in dict.fromkeys((*_BY_ERROR.values(), _INVALID, _FAILED, *fields)):
        titles.setdefault(kind.status, []).append(kind.title)
    return {status: {"model": Problem, "description": "; ".join(titles[status])} for status in statuses}


def _problem(kind: _Kind, detail: str, fields: Sequence[FieldProblem] = ()) -> Problem:
    return Problem(
        type=f"/problems/{kind.name}", title=kind.title, status=kind.status, detail=detail, errors=tuple(fields)
    )


def _of_status(status: int) -> Problem:
    known = _BY_STATUS.get(status)
    if known:
        return _problem(*known)
    if 400 <= status < 500:
        refused = _Kind("refused", "The request was refused", status)
        return _problem(refused, "The request cannot be served; GET /openapi.json says what can be asked here.")
    return _problem(
        _FAILED, "Something failed that should not; ask again, and if it stays, look into the service's log."
    )


def _invalid(found: Sequence[Any]) -> Problem:
    fields = [
        FieldProblem(field=_field(error["loc"]), message=_printable(error["msg"].removeprefix("Value error, ")))
        for error in found[:_MOST_FIELDS]
    ]
    for error in found:
        known = _BY_FIELD.get((str(error["loc"][-1]), error["type"]))
        if known:
            return _problem(*known, fields)
    named = ", ".join(dict.fromkeys(field.field for field in fields))
    return _problem(_INVALID, f"Not valid: {named}. Correct what 'errors' lists and send it again.", fields)


def _field(location: Sequence[int | str]) -> str:
    """Where in the request, without FastAPI's first word for body, path or query unless it is all there is."""
    return _printable(".".join(str(part) for part in location[1:] or location))


def _printable(text: str) -> str:
    """What came from outside is sent back short, and without characters that are none."""
    clean = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
    return clean if len(clean) <= _LONGEST_REFLECTED else clean[: _LONGEST_REFLECTED - 1] + "…"


def _headers(error: Exception) -> dict[str, str]:
    headers = dict(getattr(error, "headers", None) or {})
    if isinstance(error, errors.TokenMissing):
        headers["WWW-Authenticate"] = 'EngageToken realm="library"'
    return headers
