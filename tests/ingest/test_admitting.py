"""What a text is marked decides whether it may come in; what it says of people may be masked on the way."""

import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docx
import pytest

from ingest.adding import Added, add
from ingest.corpus import gather
from ingest.correcting import correct
from ingest.errors import InvalidCard
from ingest.library import Library
from ingest.vocabulary import Card

SAMPLES = Path(__file__).parents[1] / "samples"
MASKED = (
    "Personal data were masked as '[…]' (e-mail addresses 1, telephone numbers 1, officers with their numbers 2);"
    " the original file still holds them."
)
AddFiles = Callable[..., list[Added]]


@pytest.fixture
def add_files(library: Library) -> AddFiles:
    def run(*paths: Path, masked: bool = False) -> list[Added]:
        return list(add(library, (replace(found, masked=masked) for found in gather(paths))))

    return run


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """Marked OFFICIAL-SENSITIVE in its header, and names two officers."""
    return shutil.copy(SAMPLES / "draft-plan.docx", tmp_path / "draft-plan.docx")


@pytest.fixture
def card(draft: Path) -> Path:
    return draft.with_name(draft.name + ".card.yaml")


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    document = docx.Document()
    document.sections[0].footer.paragraphs[0].text = "Page 1\tSECRET"
    document.add_paragraph("Officers walk the harbour with residents.")
    document.save(str(tmp_path / "secret.docx"))
    return tmp_path / "secret.docx"


def test_secret_in_a_footer_is_refused_whatever_the_card_says(
    add_files: AddFiles, secret: Path, tmp_path: Path
) -> None:
    secret.with_name("secret.docx.card.yaml").write_text("marking: OFFICIAL\naudience: [everyone]\n", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(secret, "inside.docx")

    alone, archived = add_files(secret, tmp_path / "all.zip")

    assert (alone.outcome, alone.reason) == ("failed", "secret_marking")
    assert alone.message.startswith("secret.docx is marked SECRET. This library holds nothing above OFFICIAL-SENSITIVE")
    assert archived.reason == "secret_marking"


def test_a_secret_ballot_is_no_secret(add_files: AddFiles) -> None:
    [added] = add_files(SAMPLES / "marked-strategy.pdf")
    assert (added.outcome, added.reason) == ("added", None)


@pytest.mark.parametrize("text", ["", "title: A plan\n", "marking: OFFICIAL\n"])
def test_official_sensitive_is_held_back_until_somebody_says_who_may_see_it(
    add_files: AddFiles, draft: Path, card: Path, text: str
) -> None:
    card.write_text(text, encoding="utf-8")
    [added] = add_files(draft)
    assert (added.outcome, added.reason) == ("failed", "restricted_marking")
    assert added.message == (
        "draft-plan.docx is marked OFFICIAL-SENSITIVE, and its card does not say who may see it. Write the marking and"
        " the audience on its card, 'audience: [everyone]' if everybody may be answered from it, then add it again."
    )


def test_a_marking_on_the_card_alone_asks_for_an_audience_too(add_files: AddFiles, tmp_path: Path) -> None:
    plan = tmp_path / "plan.md"
    plan.write_text("---\nmarking: OFFICIAL-SENSITIVE\n---\n# Plan\n\nOfficers meet residents.\n", encoding="utf-8")
    [added] = add_files(plan)
    assert (added.outcome, added.reason) == ("failed", "restricted_marking")


@pytest.mark.parametrize(
    "text", ["audience: [leads]\n", "audience: [everyone]\n", "marking: OFFICIAL-SENSITIVE\naudience: [leads]\n"]
)
def test_a_card_that_says_so_lets_it_in(add_files: AddFiles, draft: Path, card: Path, text: str) -> None:
    card.write_text(text, encoding="utf-8")
    [added] = add_files(draft)
    assert added.outcome == "added"


def test_masked_personal_data_is_in_no_text_and_that_is_recorded(
    library: Library, add_files: AddFiles, draft: Path, card: Path
) -> None:
    card.write_text("audience: [everyone]\n", encoding="utf-8")

    [added] = add_files(draft, masked=True)

    version = library.catalogue.version_of("draft-plan")
    passages = " ".join(passage.text for passage in library.catalogue.passages_of(version.id))
    assert "[…] keeps the list of visits, […] answers for it" in version.text
    for word in ("4411", "Marlow", "Fenwick", "07700", "ida."):
        assert word not in version.text
        assert word not in passages
    assert "engagement@northshire.example" in version.text
    assert version.left_out[-1] == MASKED
    assert added.message.endswith(MASKED)
    assert b"docProps" in library.originals.path(version.sha256).read_bytes()


def test_masking_what_is_held_makes_a_version_and_adding_it_again_unmasks_nothing(
    library: Library, add_files: AddFiles, draft: Path, card: Path
) -> None:
    card.write_text("audience: [everyone]\n", encoding="utf-8")
    add_files(draft)
    assert "Fenwick" in library.catalogue.version_of("draft-plan").text

    [masked] = add_files(draft, masked=True)
    assert (masked.outcome, masked.version) == ("updated", 2)
    assert [one.outcome for one in add_files(draft, masked=True)] == ["already_held"]
    assert [one.outcome for one in add_files(draft)] == ["already_held"]

    card.write_text("audience: [everyone]\ntitle: A plan by another name\n", encoding="utf-8")
    [renamed] = add_files(draft)
    assert (renamed.outcome, renamed.version) == ("updated", 3)
    assert "Fenwick" not in library.catalogue.version_of("draft-plan").text


def test_masking_what_names_nobody_changes_nothing(add_files: AddFiles, source: Path) -> None:
    add_files(source / "harbour-plan.md")
    [again] = add_files(source / "harbour-plan.md", masked=True)
    assert again.outcome == "already_held"


def test_a_card_is_not_edited_to_what_would_not_have_been_added(library: Library, add_files: AddFiles) -> None:
    [added] = add_files(SAMPLES / "marked-strategy.pdf")
    assert added.document is not None
    live = library.catalogue.version_of(added.document).card

    def refused(**changed: object) -> list[tuple[str, str]]:
        said = {"id": live.id, "title": live.title, **changed}
        with pytest.raises(InvalidCard) as refusal:
            correct(library, live.id, Card.model_validate(said))
        assert str(refusal.value).endswith(refusal.value.faults[0][1])
        return list(refusal.value.faults)

    instead = "This library holds nothing above OFFICIAL-SENSITIVE: withdraw the document and delete its file."
    assert refused(marking="UK SECRET", audience=["leads"]) == [("marking", instead)]
    [(field, sentence)] = refused(marking="OFFICIAL-SENSITIVE")
    assert (field, sentence) == (
        "audience",
        "It is marked OFFICIAL-SENSITIVE: say who may be answered from it, as the audience.",
    )
    assert library.catalogue.version_of(live.id).card == live


def test_an_audience_that_was_chosen_stands_until_another_is_written(library: Library, draft: Path, card: Path) -> None:
    card.write_text("marking: OFFICIAL-SENSITIVE\naudience: [leads]\n", encoding="utf-8")
    assert [added.outcome for added in add(library, gather([draft]))] == ["added"]
    live = library.catalogue.version_of("draft-plan").card
    correct(library, "draft-plan", live.model_copy(update={"edition": "V2"}))

    for unsaid in ({}, {"marking": "OFFICIAL-SENSITIVE"}):
        with pytest.raises(InvalidCard, match="say who may be answered from it"):
            correct(library, "draft-plan", Card.model_validate({"id": "draft-plan", "title": live.title, **unsaid}))
    said = {"id": "draft-plan", "title": live.title, "audience": ["everyone"]}
    correct(library, "draft-plan", Card.model_validate(said))
    edited = library.catalogue.version_of("draft-plan").card
    assert (edited.audience, edited.marking) == (("everyone",), None)
    correct(library, "draft-plan", edited.model_copy(update={"edition": "V3"}))
