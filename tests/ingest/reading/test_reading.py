"""The table of readers, and what is said of files that cannot be read."""

import os
from pathlib import Path

import pytest

from ingest.errors import UnreadableDocument
from ingest.reading import READERS, read
from ingest.reading.unread import _INSTEAD
from ingest.unpacking import ARCHIVES

SAMPLES = Path(__file__).parents[2] / "samples"


def refusal(path: Path) -> tuple[str, str]:
    with pytest.raises(UnreadableDocument) as caught:
        read(path)
    return caught.value.reason, str(caught.value)


def test_every_format_of_the_table_has_a_sample() -> None:
    same = {".htm": ".html", ".markdown": ".md"}
    sampled = {path.suffix for path in SAMPLES.iterdir()}
    assert {same.get(extension, extension) for extension in READERS} <= sampled


def test_an_extension_counts_in_capitals_too(tmp_path: Path) -> None:
    (tmp_path / "PLAN.TXT").write_text("We meet every month.")
    assert read(tmp_path / "PLAN.TXT").blocks


def test_an_unknown_format_is_told_with_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "plan.xyz").write_bytes(b"PK")
    assert refusal(tmp_path / "plan.xyz") == (
        "unknown_format",
        f"plan.xyz is of a format that is not read. Save it as one of {', '.join(READERS)} and add that file.",
    )


@pytest.mark.parametrize(
    ("name", "instead"),
    [("plan.doc", ".docx"), ("plan.RTF", ".docx"), ("plan.ppt", ".pptx"), ("plan.xlsx", ".pdf"), ("plan.ott", ".odt")],
)
def test_of_a_format_of_old_it_is_told_what_to_save_it_as(tmp_path: Path, name: str, instead: str) -> None:
    (tmp_path / name).write_bytes(b"PK")
    assert refusal(tmp_path / name) == (
        "unknown_format",
        f"{name} is of a format that is not read. Open it in the program that made it, save it as {instead} and add "
        "that file.",
    )


def test_what_is_recommended_instead_is_read() -> None:
    assert set(_INSTEAD) <= {*READERS, *ARCHIVES}


def test_a_file_that_is_not_there_is_missing(tmp_path: Path) -> None:
    reason, sentence = refusal(tmp_path / "plan.txt")
    assert reason == "missing"
    assert sentence.endswith("Check the path and add it again.")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_opened_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text("We meet every month.")
    path.chmod(0)
    assert refusal(path)[0] == "unreadable"


def test_a_folder_with_a_documents_name_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "plan.txt").mkdir()
    assert refusal(tmp_path / "plan.txt")[0] == "unreadable"


@pytest.mark.parametrize("name", ["plan.txt", "plan.md", "plan.html"])
@pytest.mark.parametrize("content", ["", " \n\n\t\n", "---\ntitle: A plan\n---\n", "-----\n\n* * *\n"])
def test_a_file_without_words_is_empty_and_no_document(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    assert refusal(tmp_path / name)[0] == "empty"


@pytest.mark.parametrize("name", ["plan.txt", "plan.md", "plan.html"])
@pytest.mark.parametrize(
    ("content", "seeming"),
    [
        (b"%PDF-1.7\n...", "a PDF. Rename it to end in .pdf"),
        (b"PK\x03\x04...", "an Office document or another ZIP archive. Rename it to end in .docx"),
        (b"\xd0\xcf\x11\xe0...", "an old or password-protected Office document"),
    ],
)
def test_a_text_that_is_something_else_is_damaged_and_says_what_it_seems(
    tmp_path: Path, name: str, content: bytes, seeming: str
) -> None:
    (tmp_path / name).write_bytes(content)
    reason, sentence = refusal(tmp_path / name)
    assert reason == "damaged"
    assert seeming in sentence


@pytest.mark.parametrize("content", [b"Hello\x00world", bytes(range(256)), b"\x81\x8d\x8f", b"\xff\xfe\x00\xd8"])
def test_bytes_that_are_no_text_are_damaged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "plan.txt").write_bytes(content)
    assert refusal(tmp_path / "plan.txt")[0] == "damaged"


@pytest.mark.parametrize(
    "name", [*(f"engagement-plan.{form}" for form in ("docx", "odp", "odt", "pdf", "pptx")), "mail.eml", "mail.msg"]
)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_file_cut_short_is_refused_or_read_but_never_anything_else(tmp_path: Path, name: str, share: float) -> None:
    whole = (SAMPLES / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: int(share * len(whole))])
    try:
        assert read(tmp_path / name).blocks
    except UnreadableDocument as refused:
        assert refused.reason in ("damaged", "no_text", "empty")  # noqa: PT017


@pytest.mark.parametrize(
    "name", [f"plan.{form}" for form in ("docx", "eml", "html", "msg", "odt", "pdf", "pptx", "txt")]
)
def test_a_file_of_no_bytes_says_so(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert refusal(tmp_path / name) == ("empty", f"{name} is an empty file. Get it anew from where it came from.")


@pytest.mark.parametrize("name", [f"plan.{form}" for form in ("docx", "msg", "odt", "pptx")])
def test_an_office_document_that_is_a_pdf_says_so(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"%PDF-1.7\n...")
    reason, sentence = refusal(tmp_path / name)
    assert reason == "damaged"
    assert "it seems to be a PDF. Rename it to end in .pdf" in sentence
