"""The catalogue is the truth: what is live, who may see it, and every version that was ever cited."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import event, text, update
from sqlalchemy.exc import IntegrityError

from ingest.catalogue import Catalogue, NewVersion, PassagePlace, Scope, State
from ingest.catalogue.tables import versions
from ingest.errors import UnknownDocument
from ingest.vocabulary import Kind

MakeVersion = Callable[..., NewVersion]


def live(catalogue: Catalogue, new: NewVersion) -> int:
    version_id = catalogue.stage(new)
    catalogue.publish(version_id)
    return version_id


def test_a_staged_version_is_whole_but_nobody_sees_it(catalogue: Catalogue, make_version: MakeVersion) -> None:
    staged = catalogue.stage(make_version("We hold street meetings.", "We publish what was said."))

    assert catalogue.staged() == [staged]
    assert catalogue.all_live_versions() == frozenset()
    assert catalogue.documents(None) == []
    assert catalogue.vectors()[0].tolist() == []
    assert catalogue.vectors([staged])[2].shape == (2, 384)
    with pytest.raises(UnknownDocument, match="engage documents"):
        catalogue.version_of("plan")


def test_a_published_passage_comes_back_as_it_went_in(catalogue: Catalogue, make_version: MakeVersion) -> None:
    new = make_version("We hold street meetings.", "We publish what was said.")
    version_id = live(catalogue, new)

    ids, of_versions, vectors = catalogue.vectors()
    assert of_versions.tolist() == [version_id, version_id]
    first, second = (catalogue.passages(ids.tolist())[passage] for passage in ids.tolist())
    assert (first.document_id, first.number, second.ordinal) == ("plan", 1, 1)
    assert second.text == "We publish what was said."
    assert second.heading_path == ("A plan", "Reach")
    assert second.sentences == new.prepared.passages[1].sentences
    assert np.array_equal(second.vector, new.prepared.passage_vectors[1])
    assert np.array_equal(second.sentence_vectors, new.prepared.sentence_vectors[1:])
    assert np.array_equal(vectors, new.prepared.passage_vectors)
    version = catalogue.version(version_id)
    assert version.text[slice(*second.span)] == second.text
    assert version.blocks == new.prepared.canonical.blocks
    assert version.card == new.card


def test_where_a_passage_stands_is_told_without_its_text(catalogue: Catalogue, make_version: MakeVersion) -> None:
    version_id = live(catalogue, make_version("We hold street meetings.", "We publish what was said."))
    first, second = catalogue.vectors()[0].tolist()

    places = catalogue.places([first, second, second + 1])

    assert places[second] == PassagePlace(second, version_id, 1, ("A plan", "Reach"))
    assert list(places) == [first, second]


def test_a_few_passages_are_found_by_their_ids_and_not_through_all_versions(
    catalogue: Catalogue, make_version: MakeVersion
) -> None:
    for number in range(3):
        live(catalogue, make_version("We hold street meetings.", document=f"plan-{number}"))
    ids = catalogue.vectors()[0].tolist()
    asked: list[tuple[str, tuple[object, ...]]] = []
    event.listen(catalogue.engine, "before_cursor_execute", lambda *call: asked.append((call[2], call[3])))

    catalogue.passages(ids)
    catalogue.places(ids)

    with catalogue.engine.connect() as connection:
        for statement, values in asked.copy():
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
            assert plan[0] == "SEARCH passages USING INTEGER PRIMARY KEY (rowid=?)"


def test_a_new_version_supersedes_the_old_one_which_still_resolves(
    catalogue: Catalogue, make_version: MakeVersion
) -> None:
    first = live(catalogue, make_version("We hold street meetings."))
    second = catalogue.stage(make_version("We hold street meetings online."))
    assert catalogue.all_live_versions() == {first}

    assert catalogue.publish(second) == first

    assert catalogue.all_live_versions() == {second}
    assert catalogue.version_of("plan").number == 2
    old = catalogue.version_of("plan", 1)
    assert (old.state, old.text) == (State.SUPERSEDED, "We hold street meetings.")
    assert [passage.text for passage in catalogue.passages_of(first)] == ["We hold street meetings."]


def test_the_database_itself_refuses_a_second_live_version(catalogue: Catalogue, make_version: MakeVersion) -> None:
    live(catalogue, make_version("We hold street meetings."))
    second = catalogue.stage(make_version("We hold them online."))

    with pytest.raises(IntegrityError), catalogue.engine.begin() as connection:
        connection.execute(update(versions).where(versions.c.id == second).values(state=State.LIVE))


def test_a_withdrawn_document_leaves_answers_and_still_resolves(
    catalogue: Catalogue, make_version: MakeVersion
) -> None:
    version_id = live(catalogue, make_version("We hold street meetings."))

    assert catalogue.withdraw("plan") == version_id

    assert catalogue.vectors()[0].tolist() == []
    assert catalogue.documents(Scope()) == []
    assert catalogue.version_of("plan").state is State.WITHDRAWN
    with pytest.raises(UnknownDocument):
        catalogue.withdraw("plan")


def test_a_scope_narrows_by_organisation_kind_and_document(catalogue: Catalogue, make_version: MakeVersion) -> None:
    authored = [{"slug": "durham-constabulary", "role": "author"}]
    reported = [
        {"slug": "durham-constabulary", "role": "reported_on"},
        {"slug": "cheshire-constabulary", "role": "author"},
    ]
    durham = live(catalogue, make_version("A", document="durham", organisations=authored, kind="activity-plan"))
    cheshire = live(catalogue, make_version("B", document="cheshire", organisations=reported, kind="inspection"))
    other = live(catalogue, make_version("C", document="other"))

    assert catalogue.live_versions(Scope()) == {durham, cheshire, other}
    assert catalogue.live_versions(Scope(organisations=frozenset({"durham-constabulary"}))) == {durham, cheshire}
    assert catalogue.live_versions(Scope(organisations=frozenset({"cheshire-constabulary"}))) == {cheshire}
    assert catalogue.live_versions(Scope(kinds=frozenset({Kind.ACTIVITY_PLAN, Kind.OTHER}))) == {durham, other}
    assert catalogue.live_versions(Scope(documents=frozenset({"other", "unheard-of"}))) == {other}


@pytest.mark.parametrize(
    ("date_from", "date_to", "found"),
    [
        (None, None, {"year", "month", "day", "undated"}),
        ("2016", None, {"year", "month", "day"}),
        (None, "2016", {"year", "month", "day"}),
        ("2016-02", None, {"year", "day"}),
        ("2016-02-29", "2016-02-29", {"year", "day"}),
        ("2016-03-01", None, {"year"}),
        (None, "2016-01", {"year", "month"}),
        ("2017", None, set()),
        (None, "2015-12-31", set()),
    ],
)
def test_a_date_known_in_part_counts_for_every_day_it_may_mean(
    catalogue: Catalogue, make_version: MakeVersion, date_from: str | None, date_to: str | None, found: set[str]
) -> None:
    live(catalogue, make_version("A", document="year", published="2016"))
    live(catalogue, make_version("B", document="month", event_date="2016-01"))
    live(catalogue, make_version("C", document="day", covers_from="2016-02-29"))
    live(catalogue, make_version("D", document="undated"))

    held = catalogue.documents(Scope(date_from=date_from, date_to=date_to))

    assert {document.id for document in held} == found


def test_only_those_whom_a_document_is_for_find_it(catalogue: Catalogue, make_version: MakeVersion) -> None:
    everyone = live(catalogue, make_version("A", document="open"))
    leads = live(catalogue, make_version("B", document="closed", audience=["leads", "chiefs"]))
    live(catalogue, make_version("C", document="nobody", audience=[]))

    assert catalogue.live_versions(Scope()) == {everyone}
    assert catalogue.live_versions(Scope(audiences=frozenset({"everyone", "leads"}))) == {everyone, leads}
    assert catalogue.live_versions(Scope(audiences=frozenset())) == frozenset()
    assert catalogue.live_versions(Scope(documents=frozenset({"closed"}))) == frozenset()
    assert {document.id for document in catalogue.documents(None)} == {"open", "closed", "nobody"}


def test_a_corrected_card_changes_who_and_what_the_document_is_found_by(
    catalogue: Catalogue, make_version: MakeVersion
) -> None:
    new = make_version("A", organisations=[{"slug": "durham-constabulary", "role": "author"}], published="2016")
    version_id = live(catalogue, new)

    corrected = new.card.model_copy(update={"organisations": (), "published": "2018", "audience": ("leads",)})
    catalogue.change_card(version_id, corrected, "another digest")

    leads = frozenset({"leads"})
    assert catalogue.live_versions(Scope()) == frozenset()
    assert catalogue.live_versions(Scope(leads, organisations=frozenset({"durham-constabulary"}))) == frozenset()
    assert catalogue.live_versions(Scope(leads, date_from="2018")) == {version_id}
    assert catalogue.version(version_id).card == corrected


def test_the_centroid_is_the_mean_direction_of_the_passages(catalogue: Catalogue, make_version: MakeVersion) -> None:
    new = make_version("A", "B", "C")
    version_id = live(catalogue, new)

    mean = new.prepared.passage_vectors.mean(axis=0)
    assert np.allclose(catalogue.centroids([version_id])[version_id], mean / np.linalg.norm(mean), atol=1e-6)
    assert catalogue.centroids([]) == {}


def test_ids_are_never_given_out_twice(catalogue: Catalogue, make_version: MakeVersion) -> None:
    """A derived index may still hold the old ids: given to other passages, they would answer in their place."""
    version_id = live(catalogue, make_version("A", "B"))
    before, _, _ = catalogue.vectors()

    new = make_version("A", "B")
    catalogue.replace_passages(version_id, new.prepared, new.embedding_keys, "another")

    after, _, _ = catalogue.vectors()
    assert min(after) > max(before)
    assert catalogue.embedders() == {"another": 1}


def test_vectors_already_made_are_found_by_the_texts_they_were_made_from(
    catalogue: Catalogue, make_version: MakeVersion
) -> None:
    new = make_version("A", "B")
    live(catalogue, new)

    held = catalogue.vectors_by_key("plan", "minilm")

    assert set(held) == set(new.embedding_keys)
    assert np.array_equal(held[new.embedding_keys[1]][0], new.prepared.passage_vectors[1])
    assert catalogue.vectors_by_key("plan", "another model") == {}


def test_an_empty_catalogue_has_nothing_and_fails_nowhere(catalogue: Catalogue) -> None:
    ids, of_versions, vectors = catalogue.vectors()

    assert (ids.shape, of_versions.shape, vectors.shape) == ((0,), (0,), (0, 0))
    assert catalogue.passages([]) == {}
    assert catalogue.documents(Scope()) == catalogue.documents(None) == []


def test_what_is_committed_is_on_disk(catalogue: Catalogue, data_dir: Path) -> None:
    with catalogue.engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
    assert (data_dir / "catalogue.sqlite").exists()


def test_a_catalogue_of_an_earlier_release_gets_the_columns_that_came_since(
    data_dir: Path, make_version: MakeVersion
) -> None:
    address = f"sqlite:///{data_dir / 'catalogue.sqlite'}"
    earlier = Catalogue(address)
    version_id = earlier.stage(make_version("We meet every month."))
    earlier.publish(version_id)
    with earlier.engine.begin() as connection:
        for column in ("quality", "printed_pages"):
            connection.execute(text(f"ALTER TABLE versions DROP COLUMN {column}"))
    earlier.close()

    now = Catalogue(address)
    version = now.version(version_id)
    assert (version.text, version.quality, version.printed_pages) == ("We meet every month.", None, {})
    assert [document.quality for document in now.documents(None)] == [None]
    now.close()
