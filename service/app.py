"""The composition root: everything is built once, here, and put together."""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.staticfiles import StaticFiles

from ingest.library import Library
from service import problems, recording
from service.field import field_questions
from service.guarding import GuardDoor, is_loopback, known_hosts
from service.intake import Intake
from service.limiting import FORM_OVERHEAD_BYTES, MAX_QUESTION_BYTES, LimitBodies
from service.queueing import Queue
from service.readiness import Readiness
from service.records import Records
from service.rendering import PAGE, failure
from service.requesting import Requesting
from service.routes import (
    adding,
    answers,
    cards,
    coverage,
    documents,
    gaps,
    health,
    missing,
    organisations,
    pages,
    questions,
    requests,
    shelves,
    submissions,
)
from service.settings import Settings
from service.surveying import Surveying

_DESCRIPTION = (
    "Cited answers about how police forces engage with the public. Every error is application/problem+json, "
    "its `type` stable and its `detail` ending in what to do next."
)
_TAKE_FILES = ("/api/v1/documents", "/api/v1/submissions", "/library/add")
_ROUTERS = (
    questions.router,
    answers.router,
    documents.router,
    documents.owners,
    documents.cards,
    documents.whole,
    organisations.router,
    gaps.router,
    coverage.router,
    requests.router,
    requests.owners,
    missing.router,
    submissions.router,
    submissions.files,
    adding.router,
    health.router,
    pages.router,
    shelves.router,
    cards.router,
)


def create_app(settings: Settings, library: Library) -> FastAPI:
    """The service over an open library, which it closes when it stops.

    `state.token` is what requests to change the library must bring along; it is new each time. Raises ModelUnusable,
    RerankerUnusable and InvalidPrompt.
    """
    app = FastAPI(
        title="Engagement Assistant",
        version="1",
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifetime,
    )
    records = Records(library.catalogue.engine)
    app.state.settings = settings
    app.state.library = library
    app.state.records = records
    app.state.answering = recording.build(library, settings, records)
    app.state.requesting = Requesting(library, records)
    app.state.surveying = Surveying(library, field_questions(settings.data_dir))
    app.state.intake = Intake(library)
    app.state.queue = Queue(library, app.state.intake.adding)
    app.state.readiness = Readiness()
    app.state.token = secrets.token_urlsafe()
    for router in _ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=PAGE / "static"))
    problems.install(app, failure)
    app.add_middleware(LimitBodies, limit=_body_limit(settings))
    app.add_middleware(GuardDoor, hosts=known_hosts(settings), any_address=not is_loopback(settings.host))
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]  # as FastAPI's documentation has it
    return app


@asynccontextmanager
async def _lifetime(app: FastAPI) -> AsyncIterator[None]:
    app.state.queue.start()
    yield
    app.state.answering.close()
    if app.state.queue.stop() and app.state.intake.stop():
        app.state.library.close()


def _body_limit(settings: Settings) -> Callable[[str, str], int]:
    def limit(method: str, path: str) -> int:
        if method == "POST" and path in _TAKE_FILES:
            return settings.max_document_bytes + FORM_OVERHEAD_BYTES
        return MAX_QUESTION_BYTES

    return limit


def _openapi(app: FastAPI) -> dict[str, Any]:
    """FastAPI's own, with errors under the media type that they are sent with."""
    if not app.openapi_schema:
        app.openapi_schema = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        for operations in app.openapi_schema["paths"].values():
            for operation in operations.values():
                _as_problems(operation["responses"])
    return app.openapi_schema


def _as_problems(responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        if status >= "400":
            [body] = response["content"].values()
            response["content"] = {problems.MEDIA_TYPE: body}
