"""Fits the few numbers of service/sufficiency.json: python -m bench.training [--check]

Asked are the development questions of every public set at hand, each once as it is and once with the documents that
hold its answer kept back, and the questions of bench/field-questions.jsonl about the shipped documents. A set counts as
much as any other, and in it what can be answered as much as what cannot. How the numbers carry over is told by fitting
them without a set and ranking that set's questions with them.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from bench.eval.__main__ import DATA, shipped
from bench.eval.asking import Asking, Heard
from bench.eval.covering import Ground
from bench.eval.figures import auroc
from bench.eval.libraries import library_of
from bench.eval.sets import AnySet, PassageSet, QuestionSet, question_set, sets_in
from ingest.settings import PROJECT
from service.sufficiency import THRESHOLD

FIELD = PROJECT / "bench" / "field-questions.jsonl"
COEFFICIENTS = PROJECT / "service" / "sufficiency.json"
LIBRARIES = PROJECT / "bench" / "libraries"
MOST_QUERIES = 260
"""Of a set: more change nothing that can be seen."""
RIDGE = 0.003
STEPS = 5_000


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of one set: features, shape (n, features), and whether the library can answer, shape (n,)."""

    name: str
    features: np.ndarray
    answerable: np.ndarray


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.training", description=__doc__)
    parser.add_argument("--check", action="store_true", help="fit and tell, but change nothing")
    options = parser.parse_args(arguments)
    names, sets = _ask_all()
    for left_out in sets:
        rest = [asked for asked in sets if asked is not left_out]
        print(f"{left_out.name}, fitted without it: {_told(left_out, fit(rest))}")
    fitted = fit(sets)
    for asked in sets:
        print(f"{asked.name}, fitted on all: {_told(asked, fitted)}")
    if not options.check:
        numbers = dict(zip(["intercept", *names], (round(float(value), 3) for value in fitted), strict=True))
        COEFFICIENTS.write_text(json.dumps(numbers, indent=2) + "\n", encoding="utf-8")
    return 0


def fit(sets: Sequence[Asked]) -> np.ndarray:
    """Intercept and coefficients, shape (1 + features,): a logistic by gradient descent, lightly held back."""
    features = np.vstack([asked.features for asked in sets])
    answerable = np.concatenate([asked.answerable for asked in sets]).astype(float)
    weights = np.concatenate([_evenly(asked.answerable) for asked in sets]) / len(sets)
    centre, scale = features.mean(axis=0), features.std(axis=0) + 1e-9
    standard = np.column_stack([np.ones(len(features)), (features - centre) / scale])
    found = np.zeros(standard.shape[1])
    for _ in range(STEPS):
        error = _logistic(standard @ found) - answerable
        found -= 2 * (standard.T @ (error * weights) + RIDGE * np.append(0.0, found[1:]))
    coefficients = found[1:] / scale
    return np.append(found[0] - coefficients @ centre, coefficients)


def _evenly(answerable: np.ndarray) -> np.ndarray:
    """Weights that add up to 1: half for what can be answered, half for what cannot."""
    yes = max(1, int(answerable.sum()))
    return np.where(answerable, 0.5 / yes, 0.5 / max(1, len(answerable) - yes))


def _logistic(values: np.ndarray) -> np.ndarray:
    found: np.ndarray = 1 / (1 + np.exp(-values))
    return found


def _auroc(asked: Asked, fitted: np.ndarray) -> float:
    scores = fitted[0] + asked.features @ fitted[1:]
    return auroc(list(scores[asked.answerable]), list(scores[~asked.answerable])) or 0.0


def _told(asked: Asked, fitted: np.ndarray) -> str:
    """How well the numbers rank these questions, and what they do at the threshold in use."""
    answers = _logistic(fitted[0] + asked.features @ fitted[1:]) >= THRESHOLD
    refused, wrongly = 1 - answers[asked.answerable].mean(), answers[~asked.answerable].mean()
    return f"AUROC {_auroc(asked, fitted):.3f}, false refusals {refused:.2f}, false answers {wrongly:.2f}"


def _ask_all() -> tuple[list[str], list[Asked]]:
    seeds = [path for path in (PROJECT.parent / "shared" / "seed").glob("*.txt")]
    sets: list[AnySet] = [question_set("field", "shipped", FIELD, [*shipped(), *seeds])]
    public = (given for folder in DATA if folder.is_dir() for given in sets_in(folder, "dev", shipped()))
    # The questions about the seminar update are reported on, so nothing is fitted to them.
    sets += [given for given in public if isinstance(given, PassageSet)]
    names: list[str] = []
    asked = []
    for given in sets:
        found = list(_heard(given))
        if not found:
            continue
        names = list(found[0][0])
        features = np.array([list(one.values()) for one, _ in found])
        asked.append(Asked(given.name, features, np.array([can for _, can in found])))
        print(f"{given.name}: {len(found)} questions", file=sys.stderr)
    return names, asked


def _heard(given: AnySet) -> Iterator[tuple[dict[str, float], bool]]:
    """Features of each question of the set, and whether the library can answer it."""
    with library_of(given, LIBRARIES, lambda message: print(message, file=sys.stderr)) as library:
        asking = Asking(library)
        if isinstance(given, PassageSet):
            yield from _with_and_without(given, asking)
        elif isinstance(given, QuestionSet):
            for case in given.cases:
                heard = asking.ask(case.question, case.history)
                yield from _features(heard, case.expects != "refuse")


def _with_and_without(given: PassageSet, asking: Asking) -> Iterator[tuple[dict[str, float], bool]]:
    ground = Ground(given.passages, asking)
    for query in given.queries[:MOST_QUERIES]:
        yield from _features(asking.ask(query.question), query.answerable)
        if query.answerable and query.gold:
            kept_back = ground.versions(query.gold)
            yield from _features(asking.ask(query.question, without=kept_back), False)


def _features(heard: Heard, answerable: bool) -> Iterator[tuple[dict[str, float], bool]]:
    if heard.gathered is not None:
        yield asdict(heard.gathered.sufficiency), answerable


if __name__ == "__main__":
    sys.exit(main())
