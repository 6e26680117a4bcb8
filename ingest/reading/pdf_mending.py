"""What qpdf can do for a damaged PDF: mend a file that PDFium refuses, and tell which pages have lost words."""

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pikepdf import Page, Stream


def mended(data: bytes) -> bytes | None:
    """The file written anew from the objects that are still whole; None where no page can be found among them."""
    import pikepdf

    made = BytesIO()
    try:
        with pikepdf.open(BytesIO(data)) as document:
            if not len(document.pages):
                return None
            document.save(made)
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError):
        return None
    return made.getvalue()


def damaged_pages(data: bytes, was_mended: bool) -> frozenset[int]:
    """Numbers of the pages whose content cannot be unpacked to its end, or is gone from a file that was mended.

    PDFium reads such a page as far as it gets, and says nothing.
    """
    import pikepdf

    try:
        with pikepdf.open(BytesIO(data)) as document:
            return frozenset(
                number
                for number, page in enumerate(document.pages, 1)
                if not _is_whole(page, may_be_empty=not was_mended)
            )
    except MemoryError:
        raise
    except Exception:  # what PDFium can read must not fail for what qpdf cannot
        return frozenset()


def _is_whole(page: "Page", may_be_empty: bool) -> bool:
    import pikepdf

    try:
        sizes = [len(stream.read_bytes()) for stream in _contents(page)]
    except pikepdf.PdfError:
        return False
    return may_be_empty or any(sizes)


def _contents(page: "Page") -> Iterator["Stream"]:
    import pikepdf

    contents = page.obj.get("/Contents")
    for part in contents if isinstance(contents, pikepdf.Array) else [contents]:
        if isinstance(part, pikepdf.Stream):
            yield part
