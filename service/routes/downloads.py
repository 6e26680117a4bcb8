"""Files that are sent as they are, to be saved and never shown by a browser."""

from datetime import UTC, datetime

from fastapi.responses import FileResponse, StreamingResponse

from ingest.catalogue import HeldVersion
from ingest.exporting import Export
from ingest.library import Library
from ingest.originals import taken_out

HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-cache"}


def download(library: Library, version: HeldVersion) -> FileResponse:
    """The original of a version under the name that it came by. Raises UnknownDocument where it is lost."""
    path = taken_out(library.originals, version)
    return FileResponse(path, media_type="application/octet-stream", filename=version.file_name, headers=HEADERS)


def exported(library: Library) -> StreamingResponse:
    """All that is held, as an archive. Raises EngageError where an original is lost."""
    whole = Export(library.catalogue, library.originals)
    name = f"library-{datetime.now(UTC).date().isoformat()}.zip"
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(filter(None, whole.chunks()), media_type="application/zip", headers=headers)
