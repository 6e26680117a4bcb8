"""A card is corrected in the library; adding the file again takes over what the file says anew, and nothing else."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ingest.adding import Added, add, remove
from ingest.catalogue import HeldVersion, State
from ingest.corpus import Found, card_of, card_text, gather
from ingest.correcting import correct, restore
from ingest.errors import CardChanged, HeldElsewhere, InvalidCard, UnknownDocument
from ingest.library import Library
from ingest.reading.front_matter import card_fields
from ingest.settings import IngestSettings
from ingest.vocabulary import Card, Kind, Role, SourceOrganisation


def one(library: Library, path: Path) -> Added:
    [outcome] = add(library, gather([path]))
    return outcome


def held(library: Library, document: str = "notes") -> HeldVersion:
    return library.catalogue.version_of(document)


@pytest.fixture
def notes(library: Library, tmp_path: Path) -> Path:
    """A note with its card beside it, added."""
    path = tmp_path / "notes.txt"
    path.write_text("Wardens visit the quay on Sundays.", encoding="utf-8")
    path.with_name("notes.txt.card.yaml").write_text("title: Quay notes\nkind: policy\n", encoding="utf-8")
    assert one(library, path).outcome == "added"
    return path


def test_a_corrected_card_counts_at_once_and_the_text_stays(library: Library, notes: Path) -> None:
    before, index = held(library), library.index_version
    card = before.card.model_copy(
        update={"published": "2024-05", "organisations": (SourceOrganisation(slug="kent", role=Role.AUTHOR),)}
    )

    done = correct(library, "notes", card, seen=before.card.digest)

    assert (done.version, done.message) == (1, "Changed the card of 'Quay notes' (notes).")
    assert (held(library).card, held(library).text) == (card, before.text)
    assert library.index_version != index
    assert correct(library, "notes", card).message.startswith("Nothing is changed")


def test_another_title_is_embedded_with_the_same_text(library: Library, notes: Path) -> None:
    before = held(library)
    done = correct(library, "notes", before.card.model_copy(update={"title": "Harbour visits"}))

    after = held(library)
    assert (done.version, after.number, after.text, after.sha256) == (2, 2, before.text, before.sha256)
    assert (after.pages, after.left_out, after.quality, after.file_name) == (
        before.pages,
        before.left_out,
        before.quality,
        before.file_name,
    )
    assert library.catalogue.version_of("notes", 1).state is State.SUPERSEDED
    assert library.lexical.search_documents("harbour visits", 1) != []


def test_adding_the_file_again_with_its_old_card_leaves_the_edit_and_says_so(library: Library, notes: Path) -> None:
    correct(library, "notes", held(library).card.model_copy(update={"published": "2024", "kind": Kind.GUIDANCE}))

    again = one(library, notes)

    assert again.outcome == "already_held"
    assert "Kept as edited here: kind, published" in again.message
    assert (held(library).card.kind, held(library).card.published) == ("guidance", "2024")


def test_a_new_version_with_the_old_card_leaves_the_edit_too(library: Library, notes: Path) -> None:
    correct(library, "notes", held(library).card.model_copy(update={"published": "2024"}))
    notes.write_text("Wardens visit the quay on Saturdays.", encoding="utf-8")

    updated = one(library, notes)

    assert (updated.outcome, updated.version) == ("updated", 2)
    assert "Kept as edited here: published" in updated.message
    assert held(library).card.published == "2024"
    assert one(library, notes).outcome == "already_held"


def test_a_field_that_the_card_file_says_anew_is_taken_over_and_the_others_stay(library: Library, notes: Path) -> None:
    correct(library, "notes", held(library).card.model_copy(update={"published": "2024", "kind": Kind.GUIDANCE}))
    card = notes.with_name("notes.txt.card.yaml")
    card.write_text("title: Quay notes\nkind: policy\npublished: 2023-01\nmarking: OFFICIAL\n", encoding="utf-8")

    assert one(library, notes).outcome == "updated"
    assert (held(library).card.published, held(library).card.marking) == ("2023-01", "OFFICIAL")
    assert held(library).card.kind == "guidance"

    card.write_text("title: Quay notes\nkind: evaluation\npublished: 2023-01\n", encoding="utf-8")
    assert one(library, notes).outcome == "updated"
    assert (held(library).card.kind, held(library).card.marking, held(library).edit) == ("evaluation", None, None)


def test_a_card_at_the_top_of_a_text_does_not_undo_an_edit(library: Library, source: Path) -> None:
    path = source / "harbour-plan.md"
    assert one(library, path).outcome == "added"
    correct(library, "harbour-plan", held(library, "harbour-plan").card.model_copy(update={"published": None}))
    assert one(library, path).outcome == "already_held"
    path.write_text(path.read_text().replace("first Monday", "second Monday"))

    assert one(library, path).outcome == "updated"
    assert "second Monday" in held(library, "harbour-plan").text
    assert held(library, "harbour-plan").card.published is None


def test_the_second_of_two_editors_is_told(library: Library, notes: Path) -> None:
    seen = held(library).card
    correct(library, "notes", seen.model_copy(update={"kind": Kind.GUIDANCE}), seen=seen.digest)

    with pytest.raises(CardChanged, match="Somebody else has changed the card of 'notes'"):
        correct(library, "notes", seen.model_copy(update={"kind": Kind.INSPECTION}), seen=seen.digest)
    assert held(library).card.kind == "guidance"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"organisations": (SourceOrganisation(slug="kentt", role=Role.AUTHOR),)}, "organisations"),
        ({"id": "other"}, "id"),
        ({"marking": "SECRET"}, "marking"),
        ({"published": "2024-13"}, "published"),
        ({"owner_post": "x" * 20_001}, "title"),
    ],
)
def test_a_card_that_may_not_be_is_refused_by_field(
    library: Library, notes: Path, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidCard) as refusal:
        correct(library, "notes", held(library).card.model_copy(update=changes))
    assert [name for name, _ in refusal.value.faults] == [field]
    assert held(library).edit is None


def test_a_withdrawn_document_comes_back_as_it_was(library: Library, source: Path) -> None:
    list(add(library, gather([source])))
    before = held(library, "harbour-plan")
    remove(library, "harbour-plan")
    assert [document.id for document in library.catalogue.withdrawn()] == ["harbour-plan"]
    with pytest.raises(UnknownDocument):
        correct(library, "harbour-plan", before.card)

    assert restore(library, "harbour-plan").message == "'Harbour engagement plan' (harbour-plan) is back in answers."

    after = held(library, "harbour-plan")
    assert (after.id, after.number, after.state) == (before.id, 1, State.LIVE)
    assert library.lexical.search_documents("street surgery ferry", 1) != []
    assert library.catalogue.withdrawn() == []
    assert "is not withdrawn" in restore(library, "harbour-plan").message


def test_a_document_whose_file_is_held_as_another_is_not_brought_back(library: Library, notes: Path) -> None:
    remove(library, "notes")
    list(add(library, [Found(notes, card_text="id: quay\ntitle: Quay")]))
    with pytest.raises(HeldElsewhere, match=r"held as 'Quay' \(quay\)"):
        restore(library, "notes")


def test_a_withdrawn_document_comes_back_after_the_embedder_was_changed(
    library: Library, settings: IngestSettings, notes: Path
) -> None:
    version = held(library)
    remove(library, "notes")
    passages = library.catalogue.passages_of(version.id)
    with library.catalogue.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE versions SET embedder = 'another'")

    restore(library, "notes")

    assert held(library).embedder == settings.embedder_name
    assert [p.digest for p in library.catalogue.passages_of(version.id)] == [p.digest for p in passages]


words = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40)
dates = st.sampled_from(["2016", "2016-02", "2024-02-29"])
cards = st.builds(
    Card,
    id=st.just("plan"),
    title=words.filter(lambda title: title.strip() not in ("", "~", "null")),
    organisations=st.lists(
        st.builds(SourceOrganisation, slug=st.just("kent"), role=st.sampled_from(Role), published_as=st.none() | words),
        max_size=2,
    ).map(tuple),
    kind=st.sampled_from(Kind),
    edition=st.none() | words,
    published=st.none() | dates,
    marking=st.none() | words,
    audience=st.lists(words, max_size=2).map(tuple),
)


@given(cards)
def test_a_card_that_is_written_out_is_read_back_whole(card: Card) -> None:
    fields = card_fields(card_text(card))
    assert fields is not None
    assert set(fields) == set(Card.model_fields)
    assert card_of(fields, "plan") == card_of(card.model_dump(mode="json"), "plan")
    assert yaml.safe_load(card_text(card, alone=True))["attachments"] == "leave"
