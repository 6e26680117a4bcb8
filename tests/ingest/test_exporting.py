"""What is exported gives the same library where it is added."""

import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest

from ingest.adding import Added, add, remove
from ingest.corpus import Found, gather
from ingest.correcting import correct
from ingest.errors import EngageError
from ingest.exporting import Export, save
from ingest.library import Library
from ingest.settings import IngestSettings
from ingest.vocabulary import Kind
from tests.ingest.containers import WORDS, mailed, zipped

PROJECT = Path(__file__).parents[2]
SAMPLES = PROJECT / "tests" / "samples"


def added(library: Library, *paths: Path) -> list[Added]:
    return list(add(library, gather(paths)))


def shelves(library: Library) -> dict[str, tuple[object, ...]]:
    """By document: its file, its card, and its passages as answers are made from them."""
    catalogue = library.catalogue
    return {
        document.id: (
            document.sha256,
            document.file_name,
            document.card,
            catalogue.version(document.version_id).text,
            [(p.digest, p.span, p.heading_path, p.page_start) for p in catalogue.passages_of(document.version_id)],
        )
        for document in catalogue.documents(None)
    }


def vectors(library: Library) -> np.ndarray:
    documents = sorted(library.catalogue.documents(None), key=lambda document: document.id)
    return np.concatenate([library.catalogue.vectors([document.version_id])[2] for document in documents])


def in_order(library: Library) -> list[str]:
    """Ids of the documents in the order in which they were added, by which answers put what is equal otherwise."""
    return [d.id for d in sorted(library.catalogue.documents(None), key=lambda document: document.version_id)]


def exported(library: Library, path: Path) -> Path:
    assert save(Export(library.catalogue, library.originals), path) == path.stat().st_size
    return path


def check_read_back(library: Library, settings: IngestSettings, export: Path) -> None:
    with Library.open(settings.model_copy(update={"data_dir": export.with_suffix(".data")})) as again:
        outcomes = added(again, export)
        assert [one.message for one in outcomes if one.outcome != "added"] == []
        assert shelves(again) == shelves(library)
        assert in_order(again) == in_order(library)
        assert np.allclose(vectors(again), vectors(library), atol=1e-5)
        assert {one.outcome for one in added(again, export)} == {"already_held"}


def test_the_samples_and_the_corpus_come_back_as_they_were(
    library: Library, settings: IngestSettings, tmp_path: Path
) -> None:
    added(library, SAMPLES, PROJECT / "corpus")
    assert len(shelves(library)) > 25
    assert {"mail-meeting-plan", "mail"} <= set(shelves(library))
    check_read_back(library, settings, exported(library, tmp_path / "library.zip"))


def test_what_mails_archives_names_edits_and_versions_make_of_a_library_comes_back(
    library: Library, settings: IngestSettings, source: Path, tmp_path: Path
) -> None:
    (source / "notes.txt").write_text(WORDS)
    (source / "notes.txt.card.yaml").write_text("title: Notes\norganisations: [{slug: kent, role: author}]\n")
    (tmp_path / "plan.txt").write_text(f"{WORDS} And another.")
    (tmp_path / "README.md").write_text("Read this first: surgeries are held on Mondays.")
    mailed(source / "mail.eml", source / "notes.txt", tmp_path / "plan.txt", tmp_path / "README.md")
    zipped(
        source / "plans.zip", {"notes.txt": "Other notes: walks are on Fridays.", "notes.txt.card.yaml": "id: zipped"}
    )
    assert {one.outcome for one in added(library, source)} == {"added", "already_held"}
    colon = tmp_path / 'a "walk": notes.txt'
    colon.write_text("Walks start at the lighthouse.")
    assert [one.outcome for one in add(library, [Found(colon, card_text="id: readme-of-walks")])] == ["added"]
    remove(library, "mail-plan")
    card = library.catalogue.version_of("harbour-plan").card
    correct(library, "harbour-plan", card.model_copy(update={"published": None, "title": "Ferry", "kind": Kind.POLICY}))
    export = exported(library, tmp_path / "library.zip")

    with zipfile.ZipFile(export) as archive:
        names = set(archive.namelist())
        readme = archive.read("README.txt").decode()
        assert archive.testzip() is None
    assert {
        "documents/1 mail/mail.eml",
        "documents/2 mail-readme/document-mail-readme.md",
        "documents/3 mail-notes/notes.txt",
        "documents/5 zipped/notes.txt",
        "documents/5 zipped/notes.txt.card.yaml",
        "documents/7 readme-of-walks/document-readme-of-walks.txt",
        "documents/8 harbour-plan/harbour-plan.md",
        ".older/1/1 harbour-plan/harbour-plan.md.card.yaml",
        ".withdrawn/1 mail-plan/plan.txt",
    } <= names
    assert "engage add .older/1" in readme

    with Library.open(settings.model_copy(update={"data_dir": tmp_path / "again"})) as again:
        assert {one.outcome for one in added(again, export)} == {"added"}
        back, before = shelves(again), shelves(library)
        assert {id_: (one[0], *one[2:]) for id_, one in back.items()} == {
            id_: (one[0], *one[2:]) for id_, one in before.items()
        }
        # What stands at the top of the text does not undo what was edited before the export.
        assert {one.outcome for one in added(again, source / "harbour-plan.md")} == {"already_held"}
        assert again.catalogue.version_of("harbour-plan").card.title == "Ferry"


def test_older_versions_come_back_when_they_are_added_first(
    library: Library, settings: IngestSettings, source: Path, tmp_path: Path
) -> None:
    plan = source / "harbour-plan.md"
    text = plan.read_text()
    for day in ("Monday", "Tuesday", "Friday"):
        plan.write_text(text.replace("Monday", day))
        added(library, plan)
    shutil.unpack_archive(exported(library, tmp_path / "library.zip"), tmp_path / "unpacked")

    with Library.open(settings.model_copy(update={"data_dir": tmp_path / "again"})) as again:
        for folder in (".older/1", ".older/2", "."):
            assert "failed" not in {one.outcome for one in added(again, tmp_path / "unpacked" / folder)}
        assert [(v.number, v.state, v.sha256) for v in again.catalogue.versions_of("harbour-plan")] == [
            (v.number, v.state, v.sha256) for v in library.catalogue.versions_of("harbour-plan")
        ]


def test_a_large_original_goes_out_in_pieces(library: Library, tmp_path: Path) -> None:
    large = tmp_path / "large.md"
    large.write_text(f"# Plan\n\n{WORDS}\n\n<!--{'x' * 5_000_000}-->\n")
    assert [one.outcome for one in added(library, large)] == ["added"]
    pieces = [len(piece) for piece in Export(library.catalogue, library.originals).chunks()]
    assert sum(pieces) > 5_000_000
    assert max(pieces) < 1_100_000


def test_nothing_is_exported_without_every_original(library: Library, source: Path, tmp_path: Path) -> None:
    added(library, source)
    library.originals.path(library.catalogue.version_of("tutors").sha256).unlink()
    with pytest.raises(EngageError, match="Run 'engage verify'"):
        Export(library.catalogue, library.originals)


def test_an_export_takes_the_place_of_no_file(library: Library, source: Path, tmp_path: Path) -> None:
    added(library, source)
    (tmp_path / "library.zip").write_text("something else")
    with pytest.raises(FileExistsError):
        save(Export(library.catalogue, library.originals), tmp_path / "library.zip")
    assert (tmp_path / "library.zip").read_text() == "something else"
