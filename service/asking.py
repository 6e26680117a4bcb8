"""A question asked at the command line: of the service that owns the data folder, or else of the library itself."""

import httpx
from pydantic import ValidationError

from ingest.errors import EngageError, LibraryInUse
from ingest.library import Library
from service import recording
from service.errors import ServiceUnreachable
from service.guarding import web_address
from service.listing import check_organisations
from service.problems import Problem
from service.records import Records
from service.settings import Settings
from service.vocabulary import Answer, Asker, Question

_PATIENCE_SECONDS = 30.0
"""On top of what language model and reranker are given."""


def ask(settings: Settings, question: Question) -> tuple[Answer, str]:
    """The answer, and the address at which its sources are opened.

    Raises UnknownOrganisation, LibraryInUse where another command owns the folder, ServiceUnreachable, and what opening
    the library raises.
    """
    try:
        library = Library.open(settings)
    except LibraryInUse as busy:
        url = busy.owner.get("url")
        if not isinstance(url, str):
            raise
        return _ask_service(url, settings, question), settings.public_url or url
    with library:
        check_organisations(question.organisations, library.register)
        answering = recording.build(library, settings, Records(library.catalogue.engine))
        return answering.answer(question, Asker()), settings.public_url or web_address(settings.host, settings.port)


def _ask_service(url: str, settings: Settings, question: Question) -> Answer:
    patience = _PATIENCE_SECONDS + settings.llm_timeout_seconds + settings.reranker_timeout_seconds
    try:
        # Whatever proxy the environment names, the service is on this machine.
        with httpx.Client(base_url=url, timeout=patience, trust_env=False) as client:
            replied = client.post("/api/v1/questions", json=question.model_dump(mode="json"))
        return _answer(replied)
    except (httpx.HTTPError, ValidationError) as error:
        raise ServiceUnreachable(
            f"The service at {url} owns the data folder but gave no answer; look into its log, or start it again."
        ) from error


def _answer(replied: httpx.Response) -> Answer:
    if replied.is_success:
        return Answer.model_validate_json(replied.content)
    raise EngageError(Problem.model_validate_json(replied.content).detail)
