"""A question asked at the command line: of the service that owns the data folder, or else of the library itself."""

from ingest.errors import LibraryInUse
from ingest.library import Library
from service import recording
from service.guarding import web_address
from service.listing import check_organisations
from service.records import Records
from service.running import RunningService
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
        patience = _PATIENCE_SECONDS + settings.llm_timeout_seconds + settings.reranker_timeout_seconds
        service = RunningService(busy, patience)
        answer = service.ask(Answer, "POST", "/api/v1/questions", json=question.model_dump(mode="json"))
        return answer, settings.public_url or service.url
    with library:
        check_organisations(question.organisations, library.register)
        answering = recording.build(library, settings, Records(library.catalogue.engine))
        return answering.answer(question, Asker()), settings.public_url or web_address(settings.host, settings.port)
