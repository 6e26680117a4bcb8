"""The documents held: listed, read around a citation, added and removed."""

from typing import Annotated

from fastapi import APIRouter, File, Form, Path, Query, Security, UploadFile
from fastapi.security import APIKeyHeader

from ingest.adding import Added
from ingest.catalogue import Scope
from ingest.errors import UnknownDocument
from ingest.vocabulary import Slug
from service import problems
from service.excerpting import excerpt, permitted_version
from service.listing import listed
from service.routes import TheIntake, TheLibrary, WhoAsks
from service.routes.bodies import TOKEN_HEADER, OwnerRoute
from service.vocabulary import Document, Excerpt, Removed

_MAX_INTEGER = 2**31 - 1

router = APIRouter(prefix="/api/v1/documents", tags=["documents"], responses=problems.documented(421))
owners = APIRouter(
    prefix="/api/v1/documents",
    tags=["documents"],
    route_class=OwnerRoute,
    dependencies=[Security(APIKeyHeader(name=TOKEN_HEADER, auto_error=False))],
    responses=problems.documented(401, 403, 421, 422),
)

DocumentId = Annotated[Slug, Path(examples=["engagement-seminar"])]
Offset = Annotated[int, Query(ge=0, le=_MAX_INTEGER)]


@router.get("")
def documents(library: TheLibrary, asker: WhoAsks) -> list[Document]:
    """What questions are answered from, by title."""
    held = library.catalogue.documents(Scope(audiences=asker.audiences))
    return [listed(document, library.register) for document in held]


@router.get("/{document_id}", responses=problems.documented(404, 422))
def document(document_id: DocumentId, library: TheLibrary, asker: WhoAsks) -> Document:
    """One document that questions are answered from."""
    held = library.catalogue.documents(Scope(audiences=asker.audiences, documents=frozenset({document_id})))
    if not held:
        raise UnknownDocument(f"No document '{document_id}' is held; GET /api/v1/documents lists what is.")
    return listed(held[0], library.register)


@router.get("/{document_id}/text", responses=problems.documented(404, 422))
def text(
    document_id: DocumentId,
    start: Offset,
    end: Offset,
    library: TheLibrary,
    asker: WhoAsks,
    version: Annotated[int | None, Query(ge=1, le=_MAX_INTEGER)] = None,
) -> Excerpt:
    """The text around a citation, as it was read. A superseded or withdrawn version still resolves, and says so."""
    return excerpt(permitted_version(library.catalogue, asker, document_id, version), (start, end))


@owners.post("", responses=problems.documented(400, 413, 415))
def add(
    intake: TheIntake,
    file: Annotated[UploadFile, File(description="The document, a mail or a ZIP archive of documents.")],
    card: Annotated[str | None, Form(description="Its card, in YAML; by default the document's own.")] = None,
    name: Annotated[str | None, Form(description="Its file name; by default the one sent with the file.")] = None,
    mask: Annotated[bool, Form(description="Put […] for people's addresses and telephone and collar numbers.")] = False,
) -> list[Added]:
    """Add a document, or a new version of one; of an archive or a mail, each document inside.

    What became of each is told. That it cannot be read is an outcome too: `failed`, with the reason.
    """
    return intake.take(name or file.filename or "", file.file, card, mask)


@owners.delete("/{document_id}", responses=problems.documented(404))
def remove(document_id: DocumentId, intake: TheIntake) -> Removed:
    """Take a document out of answers, at once. Past citations of it still resolve."""
    return intake.remove(document_id)
