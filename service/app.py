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
from service.guarding import GuardDoor, is_loopback, known_hosts
from service.intake import Intake
from service.limiting import FORM_OVERHEAD_BYTES, MAX_QUESTION_BYTES, LimitBodies
from service.readiness import Readiness
from service.records import Records
from service.rendering import PAGE, failure
from service.routes import answers, cards, documents, gaps, health, organisations, pages, questions, shelves
from service.settings import Settings

_DESCRIPTION = (
    "Cited answers about how police forces engage with the public. Every error is application/problem+json, "
    "its `type` stable and its `detail` ending in what to do next."
)
_ROUTERS = (
    questions.router,
    answers.router,
    documents.router,
    documents.owners,
    documents.cards,
    documents.whole,
    organisations.router,
    gaps.router,
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
        lifespan=_closing_library,
    )
    records = Records(library.catalogue.engine)
    app.state.settings = settings
    app.state.library = library
    app.state.records = records
    app.state.answering = recording.build(library, settings, records)
    app.state.intake = Intake(library)
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
async def _closing_library(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.answering.close()
    if app.state.intake.stop():
        app.state.library.close()


def _body_limit(settings: Settings) -> Callable[[str, str], int]:
    def limit(method: str, path: str) -> int:
        if (method, path) == ("POST", "/api/v1/documents"):
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
