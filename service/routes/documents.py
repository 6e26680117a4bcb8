"""The documents held: listed, read around a citation, added and removed."""

from typing import Annotated

from fastapi import APIRouter, File, Form, Header, Path, Query, Security, UploadFile
from fastapi.responses import FileResponse, StreamingResponse
from fastapi.security import APIKeyHeader

from ingest.adding import Added
from ingest.correcting import Corrected
from ingest.editions import TextChanges
from ingest.errors import UnknownDocument
from ingest.revisiting import Revisited
from ingest.selecting import Selection, select
from ingest.suggesting import Suggestion
from ingest.vocabulary import Card, Slug
from service import problems
from service.contrasting import Sides, permitted_changes
from service.excerpting import excerpt, permitted_version
from service.held import CitingAnswer, Document, DocumentVersion, Excerpt, Removed
from service.listing import held_for, hidden_from, listed, permitted_history, version_listed
from service.routes import ApiReader, TheIntake, TheLibrary, TheRecords, WhoAsks
from service.routes.bodies import TOKEN_HEADER, OwnerJsonRoute, OwnerRoute
from service.routes.downloads import download, exported

_MAX_INTEGER = 2**31 - 1

router = APIRouter(prefix="/api/v1/documents", tags=["documents"], responses=problems.documented(421))
owners = APIRouter(
    prefix="/api/v1/documents",
    tags=["documents"],
    route_class=OwnerRoute,
    dependencies=[Security(APIKeyHeader(name=TOKEN_HEADER, auto_error=False))],
    responses=problems.documented(401, 403, 421, 422),
)

cards = APIRouter(
    prefix="/api/v1/documents",
    tags=["documents"],
    route_class=OwnerJsonRoute,
    dependencies=[Security(APIKeyHeader(name=TOKEN_HEADER, auto_error=False))],
    responses=problems.documented(400, 401, 403, 421, 422),
)

whole = APIRouter(
    prefix="/api/v1",
    tags=["documents"],
    route_class=OwnerRoute,
    dependencies=[Security(APIKeyHeader(name=TOKEN_HEADER, auto_error=False))],
    responses=problems.documented(401, 403, 421, 500),
)

DocumentId = Annotated[Slug, Path(examples=["engagement-seminar"])]
Offset = Annotated[int, Query(ge=0, le=_MAX_INTEGER)]


@router.get("", responses=problems.documented(403, 422))
def documents(library: TheLibrary, reader: ApiReader, selection: Annotated[Selection, Query()]) -> list[Document]:
    """What questions are answered from, as far as the filters let it through. With the owner's token, all of it."""
    return [listed(document, library.register) for document in select(held_for(library, reader), selection)]


@router.get("/{document_id}", responses=problems.documented(403, 404, 422))
def document(document_id: DocumentId, library: TheLibrary, reader: ApiReader) -> Document:
    """One document that questions are answered from."""
    held = [document for document in held_for(library, reader) if document.id == document_id]
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


@router.get("/{document_id}/versions", responses=problems.documented(403, 404, 422))
def versions(document_id: DocumentId, library: TheLibrary, reader: ApiReader) -> list[DocumentVersion]:
    """All versions, the newest first, each with what it changed in the one before it."""
    permitted_version(library.catalogue, reader, document_id, None)
    return [version_listed(*one) for one in permitted_history(library.catalogue, reader, document_id)]


@router.get("/{document_id}/changes", responses=problems.documented(403, 404, 422))
def changes(
    document_id: DocumentId, library: TheLibrary, reader: ApiReader, sides: Annotated[Sides, Query()]
) -> TextChanges:
    """What changed by heading, in sentences, since the version before, another version or another document."""
    return permitted_changes(library.catalogue, reader, document_id, sides)


@router.get("/{document_id}/answers", responses=problems.documented(403, 404, 422))
def answers(document_id: DocumentId, library: TheLibrary, records: TheRecords, reader: ApiReader) -> list[CitingAnswer]:
    """The kept answers that cite the document, the latest first; GET /api/v1/answers has each."""
    permitted_version(library.catalogue, reader, document_id, None)
    return records.cited.answers(document_id, hidden_from(library.catalogue, reader))


@router.get("/{document_id}/original", response_class=FileResponse, responses=problems.documented(403, 404, 422))
def original(
    document_id: DocumentId,
    library: TheLibrary,
    reader: ApiReader,
    version: Annotated[int | None, Query(ge=1, le=_MAX_INTEGER)] = None,
) -> FileResponse:
    """The file that a version was read from, exactly as it was added."""
    return download(library, permitted_version(library.catalogue, reader, document_id, version))


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


@owners.get("/{document_id}/address", responses=problems.documented(404))
def look_at_address(document_id: DocumentId, intake: TheIntake) -> Revisited:
    """Whether the document is still what stands at the web address on its card. It is fetched now."""
    return intake.revisit(document_id)


@owners.delete("/{document_id}", responses=problems.documented(404))
def remove(document_id: DocumentId, intake: TheIntake) -> Removed:
    """Take a document out of answers, at once. Past citations of it still resolve."""
    return intake.remove(document_id)


@owners.post("/{document_id}/restore", responses=problems.documented(404, 409))
def restore(document_id: DocumentId, intake: TheIntake) -> Corrected:
    """Bring a withdrawn document back into answers, as it was."""
    return intake.restore(document_id)


@whole.post("/proposals", responses=problems.documented(400, 413, 415, 422))
def propose(
    intake: TheIntake,
    file: Annotated[UploadFile, File(description="A document.")],
    card: Annotated[str | None, Form(description="What is known of its card, in YAML.")] = None,
    name: Annotated[str | None, Form(description="Its file name; by default the one sent with the file.")] = None,
) -> Suggestion:
    """Propose the card of a document, with the words that each field was taken from. Nothing of it is kept."""
    return intake.propose(name or file.filename or "", file.file, card)


@whole.get("/export", response_class=StreamingResponse, responses={200: {"content": {"application/zip": {}}}})
def export(library: TheLibrary) -> StreamingResponse:
    """All that is held in a ZIP archive: originals with their cards. `engage add` reads it back to the same library."""
    return exported(library)


@cards.put("/{document_id}/card", responses=problems.documented(404, 412, 413, 415))
def put_card(
    document_id: DocumentId,
    card: Card,
    intake: TheIntake,
    if_match: Annotated[str | None, Header(description="The `card_digest` that the card was corrected from.")] = None,
) -> Corrected:
    """Put a card, all of it, in the place of a document's. The text stays; another title makes a version of it."""
    return intake.correct(document_id, card, if_match.strip('"') if if_match else None)
