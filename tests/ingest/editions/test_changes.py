"""What changed between two versions is told by heading, in the words of both."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.adding import add
from ingest.catalogue import HeldVersion
from ingest.corpus import gather
from ingest.editions import HeadingChange, changes_by_heading
from ingest.library import Library
from tests.ingest.editions.test_editions import FEEDBACK, canonical, plan

ROOT = "Harbour engagement plan 2021–2023"
HeldPlan = Callable[[str], HeldVersion]


@pytest.fixture
def held(library: Library, tmp_path: Path) -> HeldPlan:
    def run(written: str) -> HeldVersion:
        (tmp_path / "plan.md").write_text(written, encoding="utf-8")
        list(add(library, gather([tmp_path / "plan.md"])))
        return library.catalogue.version_of("plan")

    return run


def told(change: HeadingChange) -> tuple[str, str, list[tuple[str | None, str | None]]]:
    return change.heading[-1], change.state, [(one.old, one.new) for one in change.changes]


def test_changed_new_and_gone_are_told_with_their_sentences(held: HeldPlan) -> None:
    new = plan("2024–2026", "second", "\n## Cadets\n\nCadets of the harbour learn to listen.\n")

    changes = changes_by_heading(held(plan()), canonical(new))

    surgery = "Officers hold a street surgery by the ferry landing on the {} Monday of each month."
    assert [told(change) for change in changes] == [
        ("Harbour engagement plan 2024–2026", "unchanged", []),
        ("Street surgeries", "changed", [(surgery.format("first"), surgery.format("second"))]),
        ("Online meetings", "unchanged", []),
        ("Cadets", "new", [(None, "Cadets of the harbour learn to listen.")]),
        ("Feedback", "gone", [(FEEDBACK.split("\n\n")[1].strip(), None)]),
    ]
    assert [(change.sentences_before, change.sentences_now) for change in changes] == [
        (0, 0), (4, 4), (2, 2), (0, 1), (1, 0),
    ]  # fmt: skip


def test_the_same_words_in_another_place_or_form_are_no_change(held: HeldPlan) -> None:
    old = plan()
    head, surgeries, online, feedback = old.split("\n## ")
    moved = "\n## ".join([head, feedback, "2. " + online, "3. " + surgeries])
    changes = changes_by_heading(held(old), canonical(moved.replace("- ", "* ").replace(",", " –")))
    assert {change.state for change in changes} == {"unchanged"}
    assert [change.heading[-1] for change in changes[1:]] == ["Feedback", "2. Online meetings", "3. Street surgeries"]


def test_a_section_under_another_heading_is_known_by_its_words(held: HeldPlan) -> None:
    changes = changes_by_heading(held(plan()), canonical(plan().replace("Online meetings", "On the screen")))
    [renamed] = [change for change in changes if change.was]
    assert (renamed.heading, renamed.was, renamed.state) == (
        (ROOT, "On the screen"),
        (ROOT, "Online meetings"),
        "unchanged",
    )


def test_a_version_is_the_same_as_itself(held: HeldPlan) -> None:
    version = held(plan())
    assert {change.state for change in changes_by_heading(version, version)} == {"unchanged"}
    assert all(not change.changes and change.was is None for change in changes_by_heading(version, version))
