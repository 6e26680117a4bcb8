"""What was asked is kept by reference, what was not answered is merged, and both are forgotten by date."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.catalogue import Catalogue
from service.records import REFERENCE_PATTERN, Records
from service.vocabulary import Outcome

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def records(catalogue: Catalogue) -> Iterator[Records]:
    return Records(catalogue.engine)


def test_an_answer_is_found_as_it_was_given(records, make_answer) -> None:
    answer = make_answer(question="Whom did Cheshire consult – and when?", not_held=(("kent", "Kent Police"),))
    records.keep(answer)
    assert records.find(answer.reference) == answer


def test_what_was_never_kept_is_not_found(records) -> None:
    assert records.find("0000-00") is None


def test_a_reference_is_short_enough_to_read_out_and_never_given_twice(records, make_answer) -> None:
    references = [records.new_reference() for _ in range(20)]
    assert all(re.fullmatch(REFERENCE_PATTERN, reference) for reference in references)
    assert len(set(references)) == 20


def test_a_reference_that_an_answer_bears_is_not_given_again(records, make_answer, monkeypatch) -> None:
    records.keep(make_answer(reference="7F3A-21"))
    drawn = iter(["7f3a21", "7f3a21", "00beef"])
    monkeypatch.setattr("secrets.token_hex", lambda size: next(drawn))
    assert records.new_reference() == "00BE-EF"


def test_an_answered_question_is_no_gap(records, make_answer) -> None:
    records.keep(make_answer(outcome=Outcome.ANSWERED))
    assert records.gaps() == []


@pytest.mark.parametrize(
    "outcome",
    [Outcome.PARTLY_ANSWERED, Outcome.NOTHING_RELEVANT, Outcome.OUT_OF_SCOPE, Outcome.NOT_SUPPORTED],
)
def test_a_question_not_wholly_answered_is_a_gap(records, make_answer, outcome) -> None:
    records.keep(make_answer(outcome=outcome, not_held=(("kent", "Kent Police"),)))
    [gap] = records.gaps()
    assert (gap.question, gap.outcome, gap.times) == ("Who was consulted?", outcome, 1)
    assert [organisation.name for organisation in gap.organisations] == ["Kent Police"]


def test_a_failure_says_nothing_about_the_library_and_is_no_gap(records, make_answer) -> None:
    records.keep(make_answer(outcome=Outcome.FAILED))
    assert records.gaps() == []


def test_the_same_question_otherwise_cased_spaced_and_punctuated_is_the_same_gap(records, make_answer) -> None:
    for number, question in enumerate(["What of Kent?", "what  of kent", "WHAT OF KENT?!"]):
        records.keep(
            make_answer(
                question=question,
                outcome=Outcome.NOTHING_RELEVANT,
                reference=f"0000-0{number}",
                asked_at=NOON + timedelta(hours=number),
            )
        )
    [gap] = records.gaps()
    assert (gap.question, gap.times) == ("What of Kent?", 3)
    assert (gap.first_asked, gap.last_asked) == (NOON, NOON + timedelta(hours=2))


def test_gaps_come_latest_first(records, make_answer) -> None:
    for number, question in enumerate(["First?", "Second?"]):
        asked_at = NOON + timedelta(hours=number)
        records.keep(
            make_answer(
                question=question, outcome=Outcome.NOTHING_RELEVANT, reference=f"0000-0{number}", asked_at=asked_at
            )
        )
    assert [gap.question for gap in records.gaps()] == ["Second?", "First?"]


def test_times_come_back_in_utc_whatever_zone_they_were_written_in(records, make_answer) -> None:
    there = timezone(timedelta(hours=5))
    records.keep(make_answer(outcome=Outcome.NOTHING_RELEVANT, asked_at=NOON.astimezone(there)))
    [gap] = records.gaps()
    assert gap.last_asked.isoformat() == "2026-11-22T12:00:00+00:00"


def test_a_look_up_of_a_person_leaves_no_words_behind_and_is_counted(records, catalogue, make_answer) -> None:
    for reference in ("0000-01", "0000-02"):
        records.keep(make_answer(question="[not kept]", outcome=Outcome.OUT_OF_SCOPE, reference=reference))
    [gap] = records.gaps()
    assert (gap.question, gap.times) == ("[not kept]", 2)


def test_forgetting_takes_what_was_asked_before_the_day_and_nothing_else(records, make_answer) -> None:
    old = make_answer(reference="0000-01", question="Old?", outcome=Outcome.NOTHING_RELEVANT, asked_at=NOON)
    new = make_answer(
        reference="0000-02", question="New?", outcome=Outcome.NOTHING_RELEVANT, asked_at=NOON + timedelta(days=1)
    )
    records.keep(old)
    records.keep(new)
    assert records.forget(before=NOON + timedelta(days=1)) == 1
    assert records.find("0000-01") is None
    assert records.find("0000-02") == new
    assert [gap.question for gap in records.gaps()] == ["New?"]


def test_what_is_kept_outlives_the_process(data_dir, catalogue, records, make_answer) -> None:
    records.keep(make_answer())
    catalogue.close()
    again = Catalogue(str(catalogue.engine.url))
    assert Records(again.engine).find("7F3A-21") == make_answer()
    again.close()


def test_many_askers_at_once_are_all_counted(records, make_answer) -> None:
    answers = [make_answer(outcome=Outcome.NOTHING_RELEVANT, reference=f"{number:04X}-00") for number in range(40)]
    with ThreadPoolExecutor(8) as askers:
        list(askers.map(records.keep, answers))
    [gap] = records.gaps()
    assert gap.times == 40


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(question=st.text(min_size=1, max_size=2_000).filter(lambda text: "\x00" not in text))
def test_any_question_can_be_kept_and_found_word_for_word(records, make_answer, question) -> None:
    reference = records.new_reference()
    kept = make_answer(question=question, reference=reference, outcome=Outcome.NOTHING_RELEVANT)
    records.keep(kept)
    assert records.find(reference) == kept
