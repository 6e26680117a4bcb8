"""HTTP to vocabulary and back. Nothing is decided here.

What the application was composed of stands on `app.state`; a route names the part that it needs as a dependency. These
are async because they wait for nothing: they take no thread of those that questions are answered in.
"""

from typing import Annotated, cast

from fastapi import Depends, Request

from ingest.library import Library
from service.errors import OwnersOnly
from service.guarding import may_change_library
from service.intake import Intake
from service.queueing import Queue
from service.readiness import Readiness
from service.recording import Recording
from service.records import Records
from service.requesting import Requesting
from service.routes.bodies import TOKEN_HEADER, require_token
from service.settings import Settings
from service.surveying import Surveying
from service.vocabulary import Asker


async def _library(request: Request) -> Library:
    return cast(Library, request.app.state.library)


async def _answering(request: Request) -> Recording:
    return cast(Recording, request.app.state.answering)


async def _records(request: Request) -> Records:
    return cast(Records, request.app.state.records)


async def _requesting(request: Request) -> Requesting:
    return cast(Requesting, request.app.state.requesting)


async def _surveying(request: Request) -> Surveying:
    return cast(Surveying, request.app.state.surveying)


async def _intake(request: Request) -> Intake:
    return cast(Intake, request.app.state.intake)


async def _queue(request: Request) -> Queue:
    return cast(Queue, request.app.state.queue)


async def _readiness(request: Request) -> Readiness:
    return cast(Readiness, request.app.state.readiness)


async def _asker() -> Asker:
    """Who asks. The one place where a sign-in will tell."""
    return Asker()


async def _owner_token(request: Request) -> str | None:
    """What the pages of whoever may change the library send along with each change; None for readers."""
    settings = cast(Settings, request.app.state.settings)
    return cast(str, request.app.state.token) if may_change_library(request.headers, settings) else None


async def _page_reader(token: "OwnerToken", asker: "WhoAsks") -> Asker | None:
    return asker if token is None else None


async def _api_reader(request: Request, asker: "WhoAsks") -> Asker | None:
    given = request.headers.get(TOKEN_HEADER)
    if given is None:
        return asker
    require_token(given, request)
    return None


async def _owners_only(token: "OwnerToken") -> str:
    if token is None:
        raise OwnersOnly(
            "This page changes the library and is for whoever keeps it; ask them, or go back to the list of documents."
        )
    return token


async def _base_url(request: Request) -> str:
    """The address that readers open, for links that are pasted elsewhere."""
    settings = cast(Settings, request.app.state.settings)
    return (settings.public_url or str(request.base_url)).rstrip("/")


TheLibrary = Annotated[Library, Depends(_library)]
TheAnswering = Annotated[Recording, Depends(_answering)]
TheRecords = Annotated[Records, Depends(_records)]
TheRequesting = Annotated[Requesting, Depends(_requesting)]
TheSurveying = Annotated[Surveying, Depends(_surveying)]
TheIntake = Annotated[Intake, Depends(_intake)]
TheQueue = Annotated[Queue, Depends(_queue)]
TheReadiness = Annotated[Readiness, Depends(_readiness)]
WhoAsks = Annotated[Asker, Depends(_asker)]
OwnerToken = Annotated[str | None, Depends(_owner_token)]
PageReader = Annotated[Asker | None, Depends(_page_reader)]
"""Who reads a page; None is whoever may change the library, who may read all of it."""
ApiReader = Annotated[Asker | None, Depends(_api_reader)]
"""The same of the API, where the owner's token tells. Raises TokenWrong."""
Keeper = Annotated[str, Depends(_owners_only)]
"""The token of whoever may change the library. Raises OwnersOnly for others."""
BaseUrl = Annotated[str, Depends(_base_url)]
