"""What several documents say in nearly the same words is told once, from its origin, with where else it stands."""

from datetime import date

import pytest

from ingest.catalogue import HeldVersion
from ingest.register import Register
from ingest.vocabulary import Block, BlockKind
from service.citing import Citing
from service.composing import extractive
from service.vocabulary import Elsewhere, Quotation, Statement
from tests.service.test_extractive import evidence, version

REGISTER = Register.load()
MEETINGS = "Each team holds an open meeting in its ward every month."
LEAD_IN = "The following people come first:"
FIRST = ["people who are new to the county", "people who were victims twice", "people who farm"]


def plan(number: int, *texts: str, items: tuple[str, ...] = (), **card: object) -> HeldVersion:
    blocks = [Block(BlockKind.PARAGRAPH, text) for text in texts] + [Block(BlockKind.ITEM, item) for item in items]
    return version(number, f"Plan {number}", Block(BlockKind.HEADING, "How", 2), *blocks, **card)


def by(slug: str, published: str | None = None, **card: object) -> dict[str, object]:
    return {"organisations": [{"slug": slug, "role": "author"}], "published": published, **card}


def told(*versions: HeldVersion, about: str, apart: bool = False) -> list[Statement]:
    held = {v.id: v for v in versions}
    found = [e for v in versions for e in evidence(v, {about: 0.9})]
    compare = (lambda v: v.id) if apart else None
    return extractive.compose(found, held.__getitem__, lambda v: v.card.title, REGISTER, compare=compare).statements


def origin_of(*versions: HeldVersion) -> tuple[str | None, list[int]]:
    """Where the meetings are told from, and the versions that say it too."""
    [statement] = told(*versions, about="Each team")
    return statement.heading, [place.quotations[0].version_id for place in statement.elsewhere]


def test_the_same_words_are_told_once_with_where_else_they_stand() -> None:
    [statement] = told(plan(1, MEETINGS), plan(2, MEETINGS.replace("an open", "the open")), about="Each team")
    assert statement.text == MEETINGS
    [elsewhere] = statement.elsewhere
    assert elsewhere.relation == "whole"
    assert [q.text for q in elsewhere.quotations] == ["Each team holds the open meeting in its ward every month."]


@pytest.mark.parametrize("other", ["every quarter", "every third month", "never every month"])
def test_what_says_another_thing_is_told_by_itself(other: str) -> None:
    statements = told(plan(1, MEETINGS), plan(2, MEETINGS.replace("every month", other)), about="Each team")
    assert [len(statement.elsewhere) for statement in statements] == [0, 0]


def test_the_earliest_is_the_origin_and_a_national_body_where_that_cannot_be_told() -> None:
    late, early = plan(1, MEETINGS, **by("durham", "2019")), plan(2, MEETINGS, **by("cheshire", "2016-05"))
    assert origin_of(late, early) == ("Plan 2", [1])
    undated = plan(3, MEETINGS, **by("kent"))
    assert origin_of(undated, late) == ("Plan 1", [3])
    national = plan(4, MEETINGS, **by("college-of-policing"))
    assert origin_of(late, early, national) == ("Plan 4", [1, 2])


def test_what_a_body_wrote_is_the_origin_of_what_was_compiled_about_it() -> None:
    profile = plan(1, f"{MEETINGS} (source: its page, seen May 2015)", kind="profile", published="2015")
    assert origin_of(profile, plan(2, MEETINGS, **by("durham", "2019"))) == ("Plan 2", [1])


def test_a_document_that_others_name_as_their_source_is_the_origin() -> None:
    copy = plan(1, f"Northumbria Police was the first to do it so. {MEETINGS}", **by("durham", "2015"))
    assert origin_of(copy, plan(2, MEETINGS, **by("northumbria", "2020"))) == ("Plan 2", [1])


def test_words_quoted_as_anothers_are_told_from_that_other() -> None:
    quoting = plan(1, f"As Northumbria Police puts it, {MEETINGS[0].lower()}{MEETINGS[1:]}", **by("durham", "2015"))
    source = plan(2, MEETINGS, **by("northumbria", "2020"))
    held = {1: quoting, 2: source}
    found = [*evidence(quoting, {"As Northumbria": 0.9}), *evidence(source, {"Each team": 0.9})]
    composed = extractive.compose(found, held.__getitem__, lambda v: v.card.title, REGISTER)
    [statement] = composed.statements
    assert (statement.heading, statement.text) == ("Plan 2", MEETINGS)


def test_of_one_bodys_editions_the_newest_speaks_and_what_was_superseded_comes_last() -> None:
    old = plan(1, MEETINGS, **by("durham", "2015"))
    new = plan(2, MEETINGS, **by("durham", "2021"))
    assert origin_of(old, new, plan(3, MEETINGS, **by("kent", "2018"))) == ("Plan 2", [1, 3])
    superseded = plan(4, MEETINGS, **by("gwent", "2010", status="superseded"))
    assert origin_of(superseded, new) == ("Plan 2", [4])


def test_a_list_that_is_the_same_is_told_once_and_of_another_only_what_is_its_own() -> None:
    one = plan(1, LEAD_IN, items=tuple(FIRST), **by("durham", "2015"))
    same = plan(2, LEAD_IN, items=tuple(FIRST), **by("kent", "2017"))
    more = plan(3, LEAD_IN, items=(*FIRST, "people who work at night"), **by("gwent", "2018"))
    first, second = told(one, same, more, about="The following")
    assert first.text == "\n• ".join([LEAD_IN, *FIRST])
    assert [(e.relation, e.quotations[0].version_id) for e in first.elsewhere] == [("whole", 2), ("whole", 3)]
    assert [q.text for q in first.elsewhere[0].quotations] == ["\n".join([LEAD_IN, *FIRST])]
    assert (second.heading, second.text) == ("Plan 3", f"{LEAD_IN}\n• people who work at night")


def test_equal_lead_ins_with_other_items_are_two_lists() -> None:
    one = plan(1, LEAD_IN, items=("people who are new here", "people who farm"))
    other = plan(2, LEAD_IN, items=("people under 25", "people over 70"))
    assert [len(s.elsewhere) for s in told(one, other, about="The following")] == [0, 0]


def test_a_part_that_stands_elsewhere_is_said_to_be_a_part() -> None:
    longer = plan(1, f"{MEETINGS} Each team prints what was said there.", **by("durham", "2015"))
    [statement] = told(longer, plan(2, MEETINGS, **by("kent", "2017")), about="Each team")
    assert statement.text == f"{MEETINGS} Each team prints what was said there."
    assert [(e.relation, [q.text for q in e.quotations]) for e in statement.elsewhere] == [("part", [MEETINGS])]


def test_a_sentence_that_a_they_needs_before_it_is_not_told_twice() -> None:
    origin = plan(1, MEETINGS, **by("durham", "2015"))
    copy = plan(2, f"{MEETINGS} They are announced by letter.", **by("kent", "2017"))
    held = {1: origin, 2: copy}
    found = [*evidence(origin, {"Each": 0.9}), *evidence(copy, {"Each": 0.9, "They": 0.9})]
    [statement] = extractive.compose(found, held.__getitem__, lambda v: v.card.title, REGISTER).statements
    assert statement.text == f"{MEETINGS} They are announced by letter."
    assert [(e.relation, e.quotations[0].version_id) for e in statement.elsewhere] == [("part", 1)]


def test_sentences_that_point_back_are_the_same_only_with_what_they_point_to() -> None:
    one = plan(1, "The youth panel has ten members. They meet in the town hall.")
    other = plan(2, "The night wardens have ten members. They meet in the town hall.")
    assert [len(s.elsewhere) for s in told(one, other, about="They meet")] == [0, 0]


def test_in_a_comparison_each_keeps_its_line_and_says_where_it_is_taken_from() -> None:
    source = plan(1, MEETINGS, **by("northumbria", "2015"))
    copy = plan(2, f"Northumbria Police was the first to do it so. {MEETINGS}", **by("durham", "2019"))
    alike = plan(3, MEETINGS, **by("kent", "2018"))
    statements = {s.heading: s for s in told(source, copy, alike, about="Each team", apart=True)}
    assert len(statements) == 3
    [taken] = statements["Plan 2"].elsewhere
    assert (taken.relation, taken.quotations[0].version_id) == ("source", 1)
    assert statements["Plan 1"].elsewhere == statements["Plan 3"].elsewhere == ()


def test_other_places_are_cited_and_checked_like_the_origin() -> None:
    versions = {1: plan(1, MEETINGS), 2: plan(2, MEETINGS)}
    [statement] = told(*versions.values(), about="Each team")
    citing = Citing(versions.__getitem__, REGISTER, date(2026, 11, 24))
    [point] = citing.bind([statement])
    assert (point.citations, point.also_in) == ((1,), (2,))
    assert [citation.source.document_id for citation in citing.citations] == ["document-1", "document-2"]
    assert all(
        versions[n].text[c.location.char_start : c.location.char_end] == c.cited_text == MEETINGS
        for n, c in zip((1, 2), citing.citations, strict=True)
    )


def test_another_place_that_does_not_hold_is_left_out_and_counted() -> None:
    versions = {1: plan(1, MEETINGS), 2: plan(2, "Another text.")}
    [statement] = told(versions[1], about="Each team")
    wrong = Quotation(2, (0, len(MEETINGS)), MEETINGS, (), 1, None, None)
    citing = Citing(versions.__getitem__, REGISTER, date(2026, 11, 24))
    [point] = citing.bind([Statement(statement.text, statement.quotations, None, (Elsewhere((wrong,), "whole"),))])
    assert (point.citations, point.also_in, citing.dropped) == ((1,), (), 1)
