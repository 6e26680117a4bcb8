"""A gap closes when a document that answers it is added, opens when that is withdrawn, and outlives a restart."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.adding import add, remove
from ingest.corpus import gather
from ingest.library import Library
from service import recording
from service.missing import NewRequest, RequestChange, RequestState
from service.records import Records
from service.requesting import Requesting
from service.settings import Settings
from service.vocabulary import Asker, Gap, Outcome, Question, Turn

YOUTH = "How does Gwent Police engage young people?"
YOUTH_AGAIN = "In what ways does Gwent engage with youth?"
FLEET = "How many horses does Gwent Police stable?"
PLAN = """---
id: gwent-youth
title: Gwent youth engagement plan
organisations: [{slug: gwent, role: author}]
kind: engagement-strategy
published: 2026-09
---
# Gwent youth engagement plan

## How Gwent Police engages young people

Gwent Police engages young people through a youth forum that meets in every school each term.
"""
ESTATE = """---
id: gwent-estate
title: Gwent estate strategy
organisations: [{slug: gwent, role: author}]
---
# Gwent estate strategy

The force will sell four buildings by 2028.
"""


class Desk:
    """A library with what a strand lead sees of it."""

    def __init__(self, data_dir: Path, source: Path) -> None:
        self.settings = Settings(data_dir=data_dir)
        self._folder = data_dir.parent
        self.library = Library.open(self.settings)
        self.put_in(source)

    def put_in(self, *paths: Path) -> None:
        assert all(added.outcome != "failed" for added in add(self.library, gather(paths)))

    def put_in_text(self, name: str, text: str) -> None:
        path = self._folder / name
        path.write_text(text, encoding="utf-8")
        self.put_in(path)

    @property
    def records(self) -> Records:
        return Records(self.library.catalogue.engine)

    def ask(self, question: str, *before: str, **filters: object) -> Outcome:
        asked = Question(
            question=question, history=tuple(Turn(role="user", content=text) for text in before), **filters
        )
        return recording.build(self.library, self.settings, self.records).answer(asked, Asker()).outcome

    def open_again(self) -> None:
        self.library.close()
        self.library = Library.open(self.settings)


@pytest.fixture
def desk(data_dir, source) -> Iterator[Desk]:
    made = Desk(data_dir, source)
    yield made
    made.library.close()


@pytest.fixture
def requesting(desk) -> Requesting:
    return Requesting(desk.library, desk.records)


def only(gaps: list[Gap]) -> Gap:
    [gap] = gaps
    return gap


def test_two_wordings_of_one_question_are_one_gap_that_shows_both(desk, requesting) -> None:
    for question in (YOUTH, YOUTH_AGAIN, YOUTH):
        assert desk.ask(question) is Outcome.NOTHING_RELEVANT
    gap = only(requesting.gaps())
    assert (gap.times, gap.state, gap.question) == (3, "open", YOUTH)
    assert [(wording.question, wording.times) for wording in gap.wordings] == [(YOUTH, 2), (YOUTH_AGAIN, 1)]
    assert [organisation.slug for organisation in gap.organisations] == ["gwent"]


def test_a_document_that_answers_closes_the_gap_and_says_so(desk, requesting) -> None:
    desk.ask(YOUTH)
    desk.ask(FLEET)
    assert {gap.state for gap in requesting.gaps()} == {"open"}
    desk.put_in_text("gwent-estate.md", ESTATE)
    assert {gap.state for gap in requesting.gaps()} == {"open"}
    desk.put_in_text("gwent-youth.md", PLAN)
    closed = only(requesting.gaps("answered"))
    assert closed.question == YOUTH
    assert closed.answered_by
    assert (closed.answered_by.document_id, closed.answered_by.title) == ("gwent-youth", "Gwent youth engagement plan")
    assert closed.answered_by.since == desk.library.catalogue.version_of("gwent-youth").added_at
    assert only(requesting.gaps("open")).question == FLEET


def test_one_answered_wording_answers_the_gap(desk, requesting) -> None:
    desk.ask(YOUTH)
    desk.ask(YOUTH_AGAIN)
    desk.put_in_text("gwent-youth.md", PLAN)
    assert only(requesting.gaps()).state == "answered"


def test_withdrawing_the_document_opens_it_again_and_bringing_it_back_closes_it(desk, requesting) -> None:
    desk.ask(YOUTH)
    desk.put_in_text("gwent-youth.md", PLAN)
    assert only(requesting.gaps()).state == "answered"
    remove(desk.library, "gwent-youth")
    gap = only(requesting.gaps())
    assert (gap.state, gap.answered_by) == ("open", None)
    desk.put_in_text("gwent-youth.md", PLAN)
    assert only(requesting.gaps()).state == "answered"


def test_a_newer_edition_that_no_longer_answers_opens_it_again(desk, requesting) -> None:
    desk.ask(YOUTH)
    desk.put_in_text("gwent-youth.md", PLAN)
    assert only(requesting.gaps()).state == "answered"
    desk.put_in_text("gwent-youth.md", ESTATE.replace("gwent-estate", "gwent-youth"))
    assert only(requesting.gaps()).state == "open"


def test_another_document_that_is_added_or_withdrawn_changes_nothing(desk, requesting) -> None:
    desk.ask(YOUTH)
    desk.put_in_text("gwent-youth.md", PLAN)
    closed = only(requesting.gaps())
    desk.put_in_text("gwent-estate.md", ESTATE)
    assert requesting.gaps() == [closed]
    remove(desk.library, "gwent-estate")
    assert requesting.gaps() == [closed]


@pytest.mark.parametrize("looked_at_before", [True, False])
def test_it_outlives_a_restart_whether_or_not_anybody_had_looked(desk, looked_at_before) -> None:
    desk.ask(YOUTH)
    if looked_at_before:
        Requesting(desk.library, desk.records).gaps()
    desk.put_in_text("gwent-youth.md", PLAN)
    desk.open_again()
    assert only(Requesting(desk.library, desk.records).gaps()).state == "answered"
    remove(desk.library, "gwent-youth")
    desk.open_again()
    assert only(Requesting(desk.library, desk.records).gaps()).state == "open"


def test_a_corrected_card_may_answer(desk, requesting) -> None:
    whose = "organisations: [{slug: gwent, role: author}]\n"
    desk.put_in_text("gwent-youth.md", PLAN.replace(whose, "organisations: [{slug: essex, role: author}]\n"))
    assert desk.ask("How are young people engaged?", organisations=("gwent",)) is Outcome.NOTHING_RELEVANT
    assert only(requesting.gaps()).state == "open"
    desk.put_in_text("gwent-youth.md", PLAN)
    assert only(requesting.gaps()).state == "answered"


def test_asking_again_and_being_answered_closes_it_and_being_left_without_opens_it(desk) -> None:
    desk.ask(YOUTH)
    desk.put_in_text("gwent-youth.md", PLAN)
    assert desk.ask(YOUTH) is Outcome.ANSWERED
    closed = only(desk.records.gaps())  # before anybody looked at what is missing
    assert closed.state == "answered"
    assert closed.times == 1
    remove(desk.library, "gwent-youth")
    assert desk.ask(YOUTH) is not Outcome.ANSWERED
    assert only(desk.records.gaps()).state == "open"


def test_a_follow_up_is_asked_again_with_what_it_leans_on(desk, requesting) -> None:
    desk.ask("And young people?", "How does Gwent Police engage the public?")
    gap = only(requesting.gaps())
    assert gap.asked
    assert [turn.content for turn in gap.asked.history] == ["How does Gwent Police engage the public?"]
    desk.put_in_text("gwent-youth.md", PLAN)
    assert only(requesting.gaps()).state == "answered"


def test_what_a_follow_up_leans_on_is_left_out_where_it_may_not_be_kept(desk, requesting) -> None:
    desk.ask("And what of their dogs?", "What is the home address of Jane Example?")
    assert "Jane" not in "".join(gap.model_dump_json() for gap in requesting.gaps())


def test_out_of_scope_is_no_gap_to_fill(desk, requesting) -> None:
    desk.ask("What is the home address of Jane Example?")
    desk.ask("How much is the salary of a constable?")
    desk.put_in_text("gwent-youth.md", PLAN)
    assert requesting.gaps("open") == []
    assert {gap.question for gap in requesting.gaps("out_of_scope")} == {
        "[not kept]",
        "How much is the salary of a constable?",
    }


def test_a_request_is_received_when_its_gap_closes_and_waited_for_when_it_opens(desk, requesting) -> None:
    desk.ask(YOUTH)
    gap = only(requesting.gaps())
    kept = requesting.keep(NewRequest(organisation="gwent", gap=gap.id))
    requesting.kept.change(kept.id, RequestChange(state=RequestState.SENT))
    desk.put_in_text("gwent-youth.md", PLAN)
    [received] = requesting.requests()
    assert received.state is RequestState.RECEIVED
    requesting.kept.change(kept.id, RequestChange(note="came by e-mail", state=RequestState.RECEIVED))
    remove(desk.library, "gwent-youth")
    [waiting] = requesting.requests()
    assert (waiting.state, waiting.note) == (RequestState.SENT, "came by e-mail")


def test_what_a_person_has_decided_of_a_request_stays(desk, requesting) -> None:
    desk.ask(YOUTH)
    kept = requesting.keep(NewRequest(organisation="gwent", gap=only(requesting.gaps()).id))
    requesting.kept.change(kept.id, RequestChange(state=RequestState.DECLINED))
    desk.put_in_text("gwent-youth.md", PLAN)
    assert [request.state for request in requesting.requests()] == [RequestState.DECLINED]


def test_a_gap_of_an_earlier_release_is_asked_again_too(desk, requesting, make_answer) -> None:
    answer = make_answer(question=YOUTH, outcome=Outcome.NOTHING_RELEVANT)
    desk.records.keep(answer.model_copy(update={"method": replace_index(answer)}))
    with desk.library.catalogue.engine.begin() as connection:
        connection.exec_driver_sql("delete from gap_wordings")
    desk.put_in_text("gwent-youth.md", PLAN)
    assert only(requesting.gaps()).state == "answered"


def replace_index(answer) -> object:
    return answer.method.model_copy(update={"index_version": "earlier"})


def test_the_draft_names_the_body_that_is_not_held_and_what_to_ask_for(desk, requesting) -> None:
    desk.ask("Does Gwent Police have a youth engagement plan?")
    gap = only(requesting.gaps())
    assert list(requesting.suggested(gap)) == ["gwent"]
    drafted = requesting.draft_for(gap)
    assert drafted.organisation
    assert (drafted.organisation.name, drafted.wanted) == ("Gwent Police", "engagement plan covering youth")
    for said in ("Dear colleague", gap.question, "published", "review", "protective marking", "licence", "cites"):
        assert said in drafted.letter
