"""The library as one thing: who owns it, what it answers from, and what it finds again after it was left half-way."""

import json
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ingest.catalogue import NewVersion, Scope, State
from ingest.errors import EngageError, IndexMismatch, LibraryInUse, UnknownDocument
from ingest.index import VectorIndex
from ingest.lexical import LexicalIndex
from ingest.library import Library
from ingest.settings import IngestSettings

MakeVersion = Callable[..., NewVersion]
STREET, ONLINE, SCHOOL = "Street surgeries on Mondays.", "Online meetings on Fridays.", "Cadets visit every school."


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Libraries of any size are asked through Chroma, as large ones are."""
    monkeypatch.setattr("ingest.library._COMPARED", 0)


def words_found(library: Library, query: str) -> list[str]:
    held = library.passages([id_ for id_, _ in library.lexical.search(query, 10)])
    return [passage.text for passage in held.values()]


def nearest(library: Library, passage: str, new: NewVersion, versions: frozenset[int] | None = None) -> str | None:
    """The text that lies nearest to a passage of a version made by hand."""
    row = new.prepared.canonical.text.split("\n\n").index(passage)
    [(id_, cosine)] = library.nearest(new.prepared.passage_vectors[row], 1, versions) or [(0, 0.0)]
    held = library.passages([id_]).get(id_)
    return held.text if held is not None and cosine > 0.99 else None


def test_one_process_owns_the_folder_and_says_where_it_is(settings: IngestSettings, library: Library) -> None:
    with pytest.raises(LibraryInUse, match="another process") as refused:
        Library.open(settings)
    assert isinstance(refused.value.owner["pid"], int)

    library.announce("http://127.0.0.1:8000", "a token")

    with pytest.raises(LibraryInUse, match=r"the service at http://127\.0\.0\.1:8000") as refused:
        Library.open(settings)
    assert refused.value.owner["token"] == "a token"
    assert stat.S_IMODE((settings.data_dir / "owner.json").stat().st_mode) == 0o600


def test_when_it_is_closed_another_may_have_it(settings: IngestSettings) -> None:
    Library.open(settings).close()
    assert not (settings.data_dir / "owner.json").exists()
    Library.open(settings).close()


def test_what_a_dead_owner_left_is_no_hindrance(settings: IngestSettings) -> None:
    settings.data_dir.mkdir(parents=True)
    (settings.data_dir / "lock").touch()
    (settings.data_dir / "owner.json").write_text(json.dumps({"pid": 1, "url": "http://127.0.0.1:1", "token": "old"}))

    with Library.open(settings):
        assert json.loads((settings.data_dir / "owner.json").read_text())["url"] is None


def test_a_folder_that_cannot_be_used_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EngageError, match="Set ENGAGE_DATA_DIR"):
        Library.open(IngestSettings(data_dir=tmp_path / "file" / "data"))


def test_a_version_that_is_held_answers_at_once(library: Library, make_version: MakeVersion) -> None:
    new = make_version(STREET, ONLINE)
    before = library.index_version

    version_id = library.hold(new)

    assert library.catalogue.version(version_id).state is State.LIVE
    assert words_found(library, "street surgery") == [STREET]
    assert nearest(library, ONLINE, new) == ONLINE
    assert library.index_version != before


def test_the_old_version_answers_no_longer_and_still_resolves(library: Library, make_version: MakeVersion) -> None:
    old, new = make_version(STREET, ONLINE), make_version(STREET, SCHOOL)
    library.hold(old)
    library.settle()

    library.hold(new)

    assert words_found(library, "online meeting") == []
    assert nearest(library, ONLINE, old) is None
    assert nearest(library, SCHOOL, new) == SCHOOL
    assert library.catalogue.version_of("plan", 1).state is State.SUPERSEDED


def test_a_withdrawn_document_answers_no_longer(library: Library, make_version: MakeVersion) -> None:
    new = make_version(STREET)
    library.hold(new)

    library.withdraw("plan")

    assert words_found(library, "street surgery") == []
    assert nearest(library, STREET, new) is None
    assert library.nearest(new.prepared.passage_vectors[0], 5) == []
    with pytest.raises(UnknownDocument):
        library.withdraw("plan")


def test_what_was_read_before_is_out_of_answers_as_soon_as_its_version_is(
    library: Library, make_version: MakeVersion
) -> None:
    old = library.hold(make_version(STREET, ONLINE))
    ids = library.catalogue.vectors([old])[0].tolist()
    assert [place.version_id for place in library.places(ids).values()] == [old, old]
    assert [passage.text for passage in library.passages(ids).values()] == [STREET, ONLINE]

    new = library.hold(make_version(STREET, SCHOOL))

    replaced_by = library.catalogue.vectors([new])[0].tolist()
    assert list(library.places(ids + replaced_by)) == list(library.passages(ids + replaced_by)) == replaced_by
    library.withdraw("plan")
    assert library.places(ids + replaced_by) == library.passages(ids + replaced_by) == {}
    staged = library.catalogue.stage(make_version(STREET))
    ids = library.catalogue.vectors([staged])[0].tolist()
    assert library.places(ids) == library.passages(ids) == {}


def test_each_moment_tells_of_the_documents_as_they_are_then(library: Library, make_version: MakeVersion) -> None:
    version_id = library.hold(make_version(STREET, document="plan"))
    before = library.now
    card = before.version(version_id).card.model_copy(update={"title": "Renamed", "audience": ("leads",)})

    library.correct_card(version_id, card, "digest")
    other = library.hold(make_version(ONLINE, document="other"))

    assert library.now.version(version_id).card == card
    assert [document.id for document in library.now.documents(Scope())] == ["other"]
    leads = library.now.documents(Scope(frozenset({"everyone", "leads"})))
    assert [(document.id, document.card.title) for document in leads] == [("other", "A plan"), ("plan", "Renamed")]
    assert [document.version_id for document in library.now.documents(Scope(frozenset({"leads"})))] == [version_id]
    assert other not in before.documents(Scope()).versions
    with pytest.raises(UnknownDocument):
        library.now.version(999)


def test_the_documents_held_are_known_by_whose_and_of_what_kind_they_are(
    library: Library, make_version: MakeVersion
) -> None:
    by, about = ([{"slug": "durham", "role": role}] for role in ("author", "reported_on"))
    plan = library.hold(make_version(STREET, document="plan", organisations=by, published="2018"))
    profile = library.hold(make_version(STREET, document="profile", organisations=about, kind="profile"))
    terms = library.hold(make_version(ONLINE, document="terms", kind="glossary", published="2020-03"))

    held = library.now.documents(Scope())

    assert held.versions == {plan, profile, terms}
    assert held.by_organisation == {"durham": {plan, profile}}
    assert held.combinations == {("durham",), ()}
    assert held.of(["durham", "kent"]) == {plan, profile}
    assert held.of(["kent"]) == frozenset()
    assert (held.compiled, held.glossaries, held.newest) == ({profile, terms}, {terms}, "2020-03")
    narrowed = library.now.documents(Scope(organisations=frozenset({"durham"})))
    assert (narrowed.versions, narrowed.newest) == ({plan, profile}, "2018")


@pytest.mark.usefixtures("large")
def test_chroma_and_exact_search_give_the_same(library: Library, make_version: MakeVersion) -> None:
    for number in range(5):
        library.hold(make_version(*(f"{number} and {other}" for other in range(20)), document=f"plan-{number}"))
    library.settle()
    assert library.index_state == "chroma"
    for vector in library.catalogue.vectors()[2][::9]:
        by_chroma = library.nearest(vector, 10)
        exactly = library.nearest(vector, 10, library.catalogue.all_live_versions())
        assert [id_ for id_, _ in by_chroma] == [id_ for id_, _ in exactly]
        assert [cosine for _, cosine in by_chroma] == pytest.approx([cosine for _, cosine in exactly], abs=1e-5)


def test_a_small_library_is_searched_without_chroma(
    library: Library, make_version: MakeVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = make_version(STREET, ONLINE, SCHOOL)
    library.hold(new)
    library.settle()
    monkeypatch.setattr(VectorIndex, "nearest", lambda *_: pytest.fail("Chroma was asked"))

    assert nearest(library, ONLINE, new) == ONLINE
    assert len(library.ids_in_chroma()) == 3


@pytest.mark.usefixtures("large")
def test_what_is_dead_in_chroma_takes_nobodys_place(
    library: Library, make_version: MakeVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = make_version(*(f"Gone {number}" for number in range(30)), document="gone")
    library.hold(gone)
    library.hold(make_version(STREET, ONLINE, SCHOOL))
    library.settle()
    # As if the process had been killed before they left the index.
    monkeypatch.setattr(VectorIndex, "drop", lambda *_: None)
    library.withdraw("gone")

    found = library.nearest(gone.prepared.passage_vectors[0], 3)

    assert {library.passages([id_])[id_].text for id_, _ in found} == {STREET, ONLINE, SCHOOL}
    assert len(library.ids_in_chroma()) == 33


def test_a_scope_resolves_to_all_or_to_some(library: Library, make_version: MakeVersion) -> None:
    open_to_all = library.hold(make_version(STREET, document="open"))
    assert library.now.resolve(Scope()) is None

    closed = library.hold(make_version(ONLINE, document="closed", audience=["leads"]))

    assert library.now.resolve(Scope()) == frozenset({open_to_all})
    assert library.now.resolve(Scope(frozenset({"everyone", "leads"}))) is None
    assert library.now.resolve(Scope(frozenset({"leads"}))) == frozenset({closed})

    card = library.catalogue.version(closed).card.model_copy(update={"audience": ("everyone",)})
    library.correct_card(closed, card, "digest")
    assert library.now.resolve(Scope()) is None


def test_who_may_not_see_a_document_finds_it_neither_by_words_nor_by_vector(
    library: Library, make_version: MakeVersion
) -> None:
    library.hold(make_version(STREET, document="open"))
    closed = make_version(ONLINE, document="closed", audience=["leads"])
    library.hold(closed)
    permitted = library.now.resolve(Scope())

    assert nearest(library, ONLINE, closed, permitted) is None
    assert library.lexical.search("online", 5, versions=permitted) == []
    assert library.lexical.search_documents("online", 5, versions=permitted) == []


def test_the_name_of_the_live_set_stays_as_long_as_it_does(settings: IngestSettings, make_version: MakeVersion) -> None:
    with Library.open(settings) as library:
        library.hold(make_version(STREET))
        name = library.index_version
    with Library.open(settings) as library:
        assert library.index_version == name


def test_a_staged_version_is_finished_at_the_next_start(settings: IngestSettings, make_version: MakeVersion) -> None:
    with Library.open(settings) as library:
        library.hold(make_version(STREET))
        library.catalogue.stage(make_version(STREET, ONLINE))

    with Library.open(settings) as library:
        assert library.catalogue.staged() == []
        assert library.catalogue.version_of("plan").number == 2
        assert words_found(library, "online meeting") == [ONLINE]
        library.settle()
        assert library.ids_in_chroma() == set(library.catalogue.vectors()[0].tolist())


def test_a_version_that_cannot_be_indexed_is_taken_back(
    settings: IngestSettings, make_version: MakeVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    with Library.open(settings) as library:
        library.hold(make_version(STREET))
        with monkeypatch.context() as patched:
            patched.setattr(LexicalIndex, "put", full)
            with pytest.raises(OSError, match="No space left"):
                library.hold(make_version(STREET, ONLINE))
        assert library.catalogue.staged() == []
        assert words_found(library, "street surgery") == [STREET]

        library.hold(make_version(STREET, SCHOOL))

        assert library.catalogue.version_of("plan").number == 2
        assert words_found(library, "cadets") == [SCHOOL]


def test_a_staged_version_that_was_overtaken_is_dropped(settings: IngestSettings, make_version: MakeVersion) -> None:
    with Library.open(settings) as library:
        library.catalogue.stage(make_version(STREET))
        library.hold(make_version(ONLINE))

    with Library.open(settings) as library:
        assert library.catalogue.staged() == []
        assert library.catalogue.version_of("plan").text == ONLINE


def test_what_was_retired_but_not_yet_forgotten_leaves_the_indexes_at_the_next_start(
    settings: IngestSettings, make_version: MakeVersion
) -> None:
    with Library.open(settings) as library:
        library.hold(make_version(STREET))
        library.hold(make_version(ONLINE, document="other"))
        library.settle()
        library.catalogue.withdraw("plan")

    with Library.open(settings) as library:
        assert len(library.lexical.passage_ids()) == 1
        assert len(library.ids_in_chroma()) == 1


@pytest.mark.parametrize("lost", ["lexical", "chroma", "lexical/passages", "lexical/documents/meta.json"])
def test_an_index_that_is_lost_is_made_again(settings: IngestSettings, make_version: MakeVersion, lost: str) -> None:
    new = make_version(STREET, ONLINE)
    with Library.open(settings) as library:
        library.hold(new)
        library.settle()
    path = settings.data_dir / lost
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.write_bytes(b"")

    with Library.open(settings) as library:
        assert words_found(library, "street surgery") == [STREET]
        assert library.lexical.search_documents("street surgery", 1) != []
        assert nearest(library, ONLINE, new) == ONLINE
        library.settle()
        assert library.index_state == "chroma"


def test_vectors_of_another_embedder_are_never_compared(settings: IngestSettings, make_version: MakeVersion) -> None:
    with Library.open(settings) as library:
        library.hold(make_version(STREET, embedder="another"))

    with pytest.raises(IndexMismatch, match="engage rebuild --embed-again"):
        Library.open(settings)
    Library.open(settings, any_embedder=True).close()


def test_rebuilding_gives_the_same_answers(library: Library, make_version: MakeVersion) -> None:
    new = make_version(STREET, ONLINE)
    library.hold(new)
    vector = new.prepared.passage_vectors[0]
    words, near = library.lexical.search("street surgery", 5), library.nearest(vector, 5)

    library.rebuild()

    assert library.lexical.search("street surgery", 5) == words
    assert np.allclose(library.nearest(vector, 5), near, atol=1e-5)
    assert library.index_state == "chroma"


def test_importing_the_library_does_not_import_chroma(run_python: Callable[[str], str]) -> None:
    assert run_python("import ingest.library, sys; print('chromadb' in sys.modules)") == "False\n"
