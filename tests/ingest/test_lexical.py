"""Words are found in whatever inflection, any text is a safe query, and a filter lets nothing else through."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.lexical import LexicalIndex, PassageWords, VersionWords

STRATEGY = VersionWords(
    1,
    "Engagement strategy",
    [
        PassageWords(
            11, ("Engagement strategy", "Why engage"), "Public confidence rests on street meetings and surgeries."
        ),
        PassageWords(12, ("Engagement strategy", "Young people"), "Officers visit schools; cadets attend weekly."),
    ],
)
PLAN = VersionWords(
    2,
    "Rural activity plan",
    [PassageWords(21, ("Rural activity plan",), "A mobile police café visits village meetings.")],
)


@pytest.fixture
def lexical(tmp_path: Path) -> Iterator[LexicalIndex]:
    index = LexicalIndex(tmp_path / "lexical")
    index.put([STRATEGY, PLAN])
    yield index
    index.close()


def ids(hits: list[tuple[int, float]]) -> list[int]:
    return [number for number, _ in hits]


def test_a_passage_is_found_by_its_text_headings_and_title(lexical: LexicalIndex) -> None:
    assert ids(lexical.search("visiting a school", 10)) == [12, 21]
    assert ids(lexical.search("young", 10)) == [12]
    assert ids(lexical.search("rural", 10)) == [21]
    assert ids(lexical.search("cafe", 10)) == [21]
    assert lexical.search("helicopter", 10) == []


def test_scores_fall_and_no_more_than_k_come_back(lexical: LexicalIndex) -> None:
    hits = lexical.search("street meetings", 10)

    assert ids(hits) == [11, 21]
    assert hits[0][1] > hits[1][1] > 0
    assert lexical.search("street meetings", 1) == hits[:1]
    assert lexical.search("street meetings", 0) == []


def test_only_versions_asked_for_are_searched_with_the_same_scores(lexical: LexicalIndex) -> None:
    everywhere = dict(lexical.search("meetings", 10))

    assert dict(lexical.search("meetings", 10, versions=frozenset({2}))) == pytest.approx({21: everywhere[21]})
    assert lexical.search("meetings", 10, versions=frozenset({99})) == []
    assert lexical.search("meetings", 10, versions=frozenset()) == []
    assert ids(lexical.search_documents("meetings", 10, versions=frozenset({2}))) == [2]


def test_stop_words_count_only_where_there_is_nothing_else(lexical: LexicalIndex) -> None:
    assert lexical.search("Why should we do the cadets?", 10) == lexical.search("cadets", 10)
    assert ids(lexical.search("why?", 10)) == [11]


def test_whole_documents_are_found_by_words_of_different_passages(lexical: LexicalIndex) -> None:
    assert ids(lexical.search_documents("schools and surgeries", 10)) == [1]
    assert ids(lexical.search_documents("village meetings", 10)) == [2, 1]


def test_further_phrases_are_found_as_what_was_asked_for(lexical: LexicalIndex) -> None:
    alone = lexical.search("cadets", 10)
    helped = lexical.search("cadets", 10, also=["village meeting", "no such phrase", "—"])

    assert (ids(alone), sorted(ids(helped))) == ([12], [12, 21])
    assert dict(helped)[12] == alone[0][1]


def test_how_many_passages_hold_a_word_or_phrase(lexical: LexicalIndex) -> None:
    assert lexical.frequency("meeting") == 2
    assert lexical.frequency("street meeting") == 1
    assert lexical.frequency("meeting street") == 0
    assert lexical.frequency("engagement strategies") == 2
    assert lexical.frequency("") == 0

    lexical.put([VersionWords(3, "Minutes", [PassageWords(31, (), "The meeting was held in the street.")])])
    lexical.drop([2])

    assert (lexical.frequency("meeting"), lexical.frequency("rural")) == (2, 0)


def test_a_version_put_again_replaces_itself_and_one_dropped_is_gone(lexical: LexicalIndex) -> None:
    lexical.put([VersionWords(2, "Rural activity plan", [PassageWords(22, (), "Tractors at the show.")])])
    lexical.drop([1])

    assert (lexical.passages, set(lexical.versions()), set(lexical.passage_ids())) == (1, {2}, {22})
    assert lexical.search("café meetings", 10) == []
    assert ids(lexical.search("tractor", 10)) == [22]
    assert lexical.search_documents("surgeries", 10) == []


def test_what_was_put_is_there_when_opened_again(tmp_path: Path) -> None:
    first = LexicalIndex(tmp_path / "lexical")
    first.put([STRATEGY])
    first.close()

    second = LexicalIndex(tmp_path / "lexical")

    assert ids(second.search("cadet", 10)) == [12]
    second.put([PLAN])
    assert second.versions() == {1, 2}
    second.close()


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    empty = LexicalIndex(tmp_path / "lexical")

    assert (empty.search("anything", 10), empty.search_documents("anything", 10)) == ([], [])
    assert (empty.frequency("anything"), empty.passages, empty.versions()) == (0, 0, frozenset())


@pytest.mark.parametrize("damage", ["meta.json", ".managed.json"])
def test_a_damaged_index_says_so_when_opened(tmp_path: Path, damage: str) -> None:
    index = LexicalIndex(tmp_path / "lexical")
    index.put([STRATEGY])
    index.close()
    (tmp_path / "lexical" / "passages" / damage).write_text('{"segments": [')

    with pytest.raises((OSError, ValueError)):
        LexicalIndex(tmp_path / "lexical")


@given(query=st.text(max_size=80))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_a_safe_query(lexical: LexicalIndex, query: str) -> None:
    lexical.search(query, 5, versions=frozenset({1}), also=[query])
    lexical.search_documents(query, 5)
    assert lexical.frequency(query) <= lexical.passages


@pytest.mark.parametrize(
    "query", ['text:cadets AND -school^9 "', "+title:(", "* OR [a TO z]", "\ud800", "x" * 500, "( " * 900]
)
def test_query_syntax_means_nothing(lexical: LexicalIndex, query: str) -> None:
    assert set(ids(lexical.search(query, 5))) <= {12}
