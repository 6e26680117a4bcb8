"""A document goes in, is changed, corrected, withdrawn, refused: what became of it is told in words and in figures."""

import os
import signal
from pathlib import Path

import numpy as np
import pytest
from pypdfium2 import PdfDocument

from ingest.adding import Added, Progress, add, remove
from ingest.catalogue import Scope, State
from ingest.corpus import gather
from ingest.errors import UnknownDocument
from ingest.library import Library
from ingest.settings import IngestSettings
from ingest.splitting import sentence_text, split
from ingest.vocabulary import CanonicalText
from tests.samples.words import PURPOSE, YOUNG

LEADS = Scope(frozenset({"everyone", "tutors"}))
SURGERY = "Officers hold a street surgery by the ferry landing on the first Monday of each month."


def added(library: Library, *paths: Path, keep_withdrawn: bool = False) -> list[Added]:
    return list(add(library, gather(paths), keep_withdrawn=keep_withdrawn))


def one(library: Library, path: Path) -> Added:
    [outcome] = added(library, path)
    return outcome


def figures(outcome: Added) -> tuple[int, int, int, int]:
    passages = outcome.passages
    return passages.new, passages.changed, passages.unchanged, passages.removed


def plan(source: Path, *changes: tuple[str, str]) -> Path:
    """The Harbour plan with some of its words replaced."""
    path = source / "harbour-plan.md"
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_folder_is_added_and_answers(library: Library, source: Path) -> None:
    outcomes = added(library, source)

    assert [(outcome.document, outcome.version, outcome.outcome) for outcome in outcomes] == [
        ("harbour-plan", 1, "added"),
        ("moorland-seminar", 1, "added"),
        ("tutors", 1, "added"),
    ]
    assert outcomes[0].message == "Added 'Harbour engagement plan' (harbour-plan): 3 passages."
    assert outcomes[0].model_dump() == {
        "path": str(source / "harbour-plan.md"),
        "document": "harbour-plan",
        "version": 1,
        "outcome": "added",
        "reason": None,
        "passages": {"new": 3, "changed": 0, "unchanged": 0, "removed": 0},
        "message": outcomes[0].message,
    }
    question = library.embedder.vectors(["When do officers hold a street surgery?"])[0]
    [(best, _)] = library.nearest(question, 1)
    passage = library.catalogue.passages([best])[best]
    assert passage.text == SURGERY
    assert passage.heading_path[-1] == "Street surgeries"
    assert library.lexical.search("street surgery", 1)[0][0] == best


def test_what_is_held_is_what_the_embedder_makes_of_the_texts(library: Library, source: Path) -> None:
    added(library, source / "moorland-seminar.md")
    version = library.catalogue.version_of("moorland-seminar")
    embedder = library.embedder
    canonical = CanonicalText(version.text, version.blocks)
    cut = split(version.card.title, canonical, embedder.count_tokens, embedder.max_tokens)
    for passage, expected in zip(library.catalogue.passages_of(version.id), cut, strict=True):
        assert version.text[slice(*passage.span)] == passage.text
        assert np.allclose(passage.vector, embedder.vectors([expected.embedded_text])[0], atol=1e-5)
        texts = [sentence_text(version.text, sentence) for sentence in passage.sentences]
        assert np.vecdot(passage.sentence_vectors, embedder.vectors(texts)).min() > 0.98


def test_the_same_again_is_already_held(library: Library, source: Path) -> None:
    added(library, source)
    before = library.index_version

    again = added(library, source)

    assert {outcome.outcome for outcome in again} == {"already_held"}
    assert (again[0].document, again[0].version, figures(again[0])) == ("harbour-plan", 1, (0, 0, 3, 0))
    assert again[0].message == "Already held: 'Harbour engagement plan' (harbour-plan), version 1."
    assert library.index_version == before


def test_the_same_bytes_under_another_name_are_already_held_under_the_first(library: Library, source: Path) -> None:
    (source / "notes.txt").write_text("Wardens visit the quay on Sundays.", encoding="utf-8")
    (source / "copy of notes.txt").write_text("Wardens visit the quay on Sundays.", encoding="utf-8")

    first, second = added(library, source / "notes.txt", source / "copy of notes.txt")

    assert (first.document, first.outcome) == ("notes", "added")
    assert (second.document, second.outcome) == ("notes", "already_held")


def test_a_changed_document_is_a_new_version_told_as_a_difference(library: Library, source: Path) -> None:
    added(library, source)
    changed = plan(
        source, ("Monday", "Tuesday"), ("## Feedback", "## Cadets\n\nCadets learn to listen.\n\n## Feedback")
    )
    stages: list[Progress] = []

    [outcome] = add(library, gather([changed]), stages.append)

    assert (outcome.outcome, outcome.version, figures(outcome)) == ("updated", 2, (1, 1, 2, 0))
    assert outcome.message.endswith("to version 2: 1 passage new, 1 changed, 2 unchanged, 0 removed.")
    # What did not change was not embedded again.
    assert [(stage.done, stage.of) for stage in stages if stage.stage == "embedded"] == [(2, 2)]
    assert [stage.stage for stage in stages] == ["read", "tidied", "split", "embedded", "indexed", "indexed"]
    assert "Monday" in library.catalogue.version_of("harbour-plan", 1).text
    assert library.catalogue.version_of("harbour-plan", 1).state is State.SUPERSEDED
    assert "Tuesday" in library.catalogue.version_of("harbour-plan").text


def test_a_passage_left_out_is_told(library: Library, source: Path) -> None:
    added(library, source)
    text = (source / "harbour-plan.md").read_text(encoding="utf-8")
    shorter = plan(source, (text[text.index("## Online") : text.index("## Feedback")], ""))

    assert figures(one(library, shorter)) == (0, 0, 2, 1)


def test_vectors_taken_over_are_those_that_would_be_made(
    library: Library, settings: IngestSettings, source: Path
) -> None:
    added(library, source / "harbour-plan.md")
    added(library, plan(source, ("Monday", "Tuesday")))
    taken_over = library.catalogue.vectors([library.catalogue.version_of("harbour-plan").id])[2]

    with Library.open(settings.model_copy(update={"data_dir": source / "fresh"})) as fresh:
        added(fresh, source / "harbour-plan.md")
        assert np.allclose(taken_over, fresh.catalogue.vectors()[2], atol=1e-5)


def test_a_corrected_card_beside_the_file_changes_the_card_alone(library: Library, source: Path) -> None:
    path = source / "notes.txt"
    path.write_text("Wardens visit the quay on Sundays.", encoding="utf-8")
    card = source / "notes.txt.card.yaml"
    card.write_text("title: Quay notes\nkind: policy\n", encoding="utf-8")
    assert one(library, path).outcome == "added"

    card.write_text(
        "title: Quay notes\nkind: guidance\norganisations: [{slug: kent, role: author}]\n", encoding="utf-8"
    )
    outcome = one(library, path)

    assert (outcome.outcome, outcome.version, figures(outcome)) == ("updated", 1, (0, 0, 1, 0))
    assert [document.id for document in library.catalogue.documents(Scope(organisations=frozenset({"kent"})))] == [
        "notes"
    ]
    assert one(library, path).outcome == "already_held"

    card.write_text("title: Notes from the quay\nkind: guidance\n", encoding="utf-8")
    outcome = one(library, path)

    # The title is part of what is embedded and searched for.
    assert (outcome.outcome, outcome.version, figures(outcome)) == ("updated", 2, (0, 0, 1, 0))
    assert library.lexical.search_documents("notes from the quay", 1) != []


def test_a_card_that_is_gone_leaves_the_document_with_the_one_it_had(library: Library, source: Path) -> None:
    path, card = source / "notes.txt", source / "notes.txt.card.yaml"
    path.write_text("Wardens visit the quay on Sundays.", encoding="utf-8")
    card.write_text("title: Quay notes\nkind: policy\n", encoding="utf-8")
    added(library, path)

    card.unlink()
    path.write_text("Wardens visit the quay on Saturdays.", encoding="utf-8")

    assert one(library, path).outcome == "updated"
    assert library.catalogue.version_of("notes").card.title == "Quay notes"


def test_a_removed_document_comes_back_only_when_asked_for(library: Library, source: Path) -> None:
    added(library, source)

    assert remove(library, "tutors").startswith("Removed 'Notes for tutors' (tutors) from answers.")
    assert [document.id for document in library.catalogue.documents(LEADS)] == ["harbour-plan", "moorland-seminar"]
    with pytest.raises(UnknownDocument):
        remove(library, "tutors")

    kept_out = added(library, source, keep_withdrawn=True)[2]
    assert (kept_out.outcome, kept_out.message.split(":")[0]) == ("already_held", "Withdrawn, and left out")
    (source / "tutors.md").write_text(
        (source / "tutors.md").read_text(encoding="utf-8").replace("ferry", "train"), encoding="utf-8"
    )
    assert added(library, source, keep_withdrawn=True)[2].outcome == "already_held"
    assert library.catalogue.version_of("tutors").state is State.WITHDRAWN

    back = one(library, source / "tutors.md")
    assert (back.outcome, back.version) == ("added", 2)


def test_what_fails_is_named_and_the_others_are_added(library: Library, source: Path) -> None:
    (source / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    (source / "empty.txt").write_text(" \n", encoding="utf-8")
    (source / "tune.mp3").write_bytes(b"ID3")
    (source / "bad-card.md").write_text("---\nkind: memo\n---\nWords.", encoding="utf-8")
    (source / "secret.md").write_text("---\nmarking: SECRET - UK EYES ONLY\n---\nWords.", encoding="utf-8")

    outcomes = {Path(outcome.path).name: outcome for outcome in added(library, source, source / "missing.md")}

    reasons = {name: outcome.reason for name, outcome in outcomes.items() if outcome.outcome == "failed"}
    assert reasons == {
        "broken.pdf": "damaged",
        "empty.txt": "empty",
        "tune.mp3": "unknown_format",
        "bad-card.md": "invalid_card",
        "secret.md": "secret_marking",
        "missing.md": "missing",
    }
    assert len(library.catalogue.all_live_versions()) == 3
    assert sorted(path.name for path in library.originals.path("").iterdir()) == sorted(
        document.sha256 for document in library.catalogue.documents(None)
    )


@pytest.mark.parametrize(
    ("limit", "value", "reason"),
    [
        ("max_document_bytes", 20, "too_large"),
        ("max_reading_seconds", 0.001, "too_slow"),
        ("max_reading_memory_bytes", 300_000_000, "too_much_memory"),
    ],
)
def test_a_document_beyond_a_limit_is_refused_with_what_to_do(
    settings: IngestSettings, source: Path, limit: str, value: float, reason: str
) -> None:
    (source / "long.txt").write_text("Officers hold a surgery by the landing.\n\n" * 500_000, encoding="utf-8")
    with Library.open(settings.model_copy(update={limit: value})) as library:
        outcome = one(library, source / "long.txt")

    assert (outcome.outcome, outcome.reason, outcome.document) == ("failed", reason, None)
    assert f"ENGAGE_{limit.upper()}" in outcome.message


def children() -> list[int]:
    """Of this process: ids of its children that read documents."""
    tasks = Path("/proc/self/task").iterdir()
    ids = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    return [child for child in ids if b"ingest.apart" in Path(f"/proc/{child}/cmdline").read_bytes()]


def test_a_document_that_crashes_its_reader_takes_nothing_else_down(library: Library, source: Path) -> None:
    library.settle()

    def crash(progress: Progress) -> None:
        if progress.path.name == "moorland-seminar.md" and progress.stage == "tidied":
            [child] = children()
            os.kill(child, signal.SIGSEGV)

    outcomes = list(add(library, gather([source]), crash))

    assert [outcome.outcome for outcome in outcomes] == ["added", "failed", "added"]
    assert (outcomes[1].reason, "SIGSEGV" in outcomes[1].message) == ("damaged", True)
    assert children() == []


def test_a_file_that_is_changed_while_it_is_read_is_not_held(library: Library, source: Path) -> None:
    def change(progress: Progress) -> None:
        if progress.stage == "embedded":
            plan(source, ("Monday", "Tuesday"))

    [outcome] = add(library, gather([source / "harbour-plan.md"]), change)

    assert (outcome.outcome, outcome.reason) == ("failed", "unreadable")
    assert library.catalogue.documents(None) == []
    assert list(library.originals.path("").iterdir()) == []


def test_a_file_whose_name_is_no_text_is_added_like_others(library: Library, source: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(source) + b"/caf\xe9.md"))
    path.write_text("# Café\n\nWardens meet traders over coffee.", encoding="utf-8")

    outcome = one(library, path)

    assert (outcome.outcome, Path(outcome.path).name) == ("added", "caf?.md")
    assert library.catalogue.version_of("caf").file_name == "caf?.md"
    assert one(library, path).outcome == "already_held"


def test_a_lost_original_is_kept_again_with_the_same_file(library: Library, source: Path) -> None:
    added(library, source / "harbour-plan.md")
    sha256 = library.catalogue.version_of("harbour-plan").sha256
    library.originals.path(sha256).unlink()

    assert one(library, source / "harbour-plan.md").outcome == "already_held"

    assert library.originals.is_whole(sha256)


def test_two_files_of_one_name_are_two_documents_and_not_two_versions(library: Library, tmp_path: Path) -> None:
    for place in ("cheshire", "durham"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "strategy.txt").write_text(f"The {place} strategy puts listening first.\n")
    first, second = add(library, gather([tmp_path / "cheshire", tmp_path / "durham"]))
    assert (first.outcome, first.document) == ("added", "strategy")
    assert (second.outcome, second.reason) == ("failed", "id_taken")
    assert "id of its own" in second.message
    again = add(library, gather([tmp_path / "cheshire", tmp_path / "durham"]))
    assert [added.outcome for added in again] == ["already_held", "failed"]


def test_pages_that_waited_for_text_recognition_are_read_once_it_is_installed(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    samples = Path(__file__).parents[1] / "samples"
    mixed = PdfDocument.new()
    mixed.import_pages(PdfDocument(samples / "engagement-plan.pdf"))
    mixed.import_pages(PdfDocument(samples / "scanned-plan.pdf"), pages=[1])
    mixed.save(tmp_path / "mixed.pdf")

    with monkeypatch.context() as nothing_installed:
        nothing_installed.setenv("PATH", "/nowhere")
        first = one(library, tmp_path / "mixed.pdf")
        assert (
            "Page 4 was not read, or not wholly. Install tesseract-ocr where this runs and add it again."
            in first.message
        )
        assert one(library, tmp_path / "mixed.pdf").outcome == "already_held"
    version = library.catalogue.version_of("mixed")
    assert version.quality is not None
    assert version.quality.unrecognised == (4,)
    assert version.text.count(YOUNG) == 1

    again = one(library, tmp_path / "mixed.pdf")
    assert (again.outcome, again.version) == ("updated", 2)
    version = library.catalogue.version_of("mixed")
    assert version.text.count(YOUNG) == 2
    assert PURPOSE in version.text
    assert version.quality is not None
    assert (version.quality.recognised, version.quality.unrecognised) == ((4,), ())
    assert one(library, tmp_path / "mixed.pdf").outcome == "already_held"
