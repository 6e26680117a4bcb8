"""script/eval: scores the product on public sets, on questions of ours, or on any library with a file of questions."""

import argparse
import hashlib
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bench.eval import card, features
from bench.eval.asking import Asking
from bench.eval.libraries import library_of
from bench.eval.scoring import Figures, score_documents, score_passages, score_questions
from bench.eval.sets import AnySet, BadInput, DocumentSet, PassageSet, question_set, sets_in
from ingest.errors import EngageError
from ingest.settings import PROJECT
from service.settings import Settings

DATA = (PROJECT.parent / "shared" / "bench", PROJECT.parent / "shared" / "data")
_CACHE = PROJECT / "bench" / "libraries"
_TOLD_EVERY_SECONDS = 5.0


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    try:
        return _run(options)
    except EngageError as error:
        print(f"script/eval: {error}", file=sys.stderr)
        return 2


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/eval", description=__doc__)
    parser.add_argument(
        "--data", action="append", type=Path, metavar="FOLDER", help="a folder of sets; may be repeated"
    )
    parser.add_argument("--split", default="dev", help="which questions of each set (default: %(default)s)")
    parser.add_argument("--set", action="append", metavar="NAME", dest="names", help="only this set; may be repeated")
    parser.add_argument("--library", type=Path, metavar="FOLDER", help="documents of your own; needs --questions")
    parser.add_argument("--questions", type=Path, metavar="FILE", help="questions about them, a JSON object a line")
    parser.add_argument("--json", action="store_true", dest="as_json", help="print everything as one JSON object")
    parser.add_argument("--cache", type=Path, default=_CACHE, metavar="FOLDER", help="where libraries are kept")
    parser.add_argument("--features", type=Path, metavar="FOLDER", help="also write what weights are fitted on")
    parser.add_argument("--results", type=Path, default=card.RESULTS, metavar="FOLDER", help="where runs are kept")
    return parser.parse_args(arguments)


def _run(options: argparse.Namespace) -> int:
    chosen = list(_sets(options))
    name = f"library-{options.library.resolve().name}" if options.library else options.split
    last = card.last_run(options.results, name)
    configured = card.configuration(Settings())
    scored = {given.name: _scored(given, options, configured) for given in chosen}
    card.keep(options.results, name, scored, configured)
    if options.as_json:
        before = {of: value.model_dump() for of, value in last.items() if of in scored}
        print(card.as_json(scored, configured, last_run=before), end="")
    else:
        print("\n".join(card.table(scored, last)))
    return 0


def _sets(options: argparse.Namespace) -> Iterator[AnySet]:
    if (options.library is None) != (options.questions is None):
        raise BadInput("--library and --questions belong together. Give both, or --data.")
    if options.library:
        if not options.library.exists():
            raise BadInput(f"{options.library} is not there. Name a folder of documents with --library.")
        yield question_set("library", f"library-{options.library.resolve().name}", options.questions, [options.library])
        return
    folders = options.data or [folder for folder in DATA if folder.is_dir()]
    found = [given for folder in folders for given in sets_in(folder, options.split, shipped())]
    if not found:
        where = ", ".join(map(str, folders)) or "the usual places"
        raise BadInput(f"No set with the split '{options.split}' is in {where}. Name its folder with --data.")
    names = [given.name for given in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise BadInput(f"More than one set is named {', '.join(twice)}. Score one folder at a time.")
    unknown = set(options.names or ()) - set(names)
    if unknown:
        raise BadInput(f"There is no set {', '.join(sorted(unknown))}. Choose from: {', '.join(names)}.")
    yield from (given for given in found if not options.names or given.name in options.names)


def shipped() -> list[Path]:
    """The documents that ship, but for our own retelling of the one that the questions are about."""
    corpus = sorted((PROJECT / "corpus").glob("*.md"))
    return [path for path in corpus if path.name != "README.md" and "digest" not in path.name]


def _scored(given: AnySet, options: argparse.Namespace, configured: dict[str, object]) -> card.Scored:
    with library_of(given, options.cache, _say) as library:
        asking, started = Asking(library), time.monotonic()
        figures = _figures(given, asking)
        seconds = time.monotonic() - started
        if options.features and isinstance(given, PassageSet):
            _write_features(given, asking, options.features)
    return card.Scored(
        figures=figures,
        seconds=seconds,
        data=_digest(given),
        run_at=str(configured["run_at"]),
        commit=str(configured["commit"]) if configured["commit"] else None,
    )


def _figures(given: AnySet, asking: Asking) -> Figures:
    report = _Telling(given.name)
    if isinstance(given, PassageSet):
        return score_passages(given, asking, report)
    if isinstance(given, DocumentSet):
        return score_documents(given, asking, report)
    return score_questions(given, asking, report)


def _write_features(given: PassageSet, asking: Asking, folder: Path) -> None:
    pairs = list(features.candidates(given, asking))
    for kind, found in (("passages", [p for p, _ in pairs]), ("sentences", [s for _, s in pairs])):
        features.save(found, folder / f"{given.name}.{kind}.npz")


class _Telling:
    """Says every few seconds how far a set has come."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._told = time.monotonic()

    def __call__(self, done: int, of: int) -> None:
        if time.monotonic() - self._told > _TOLD_EVERY_SECONDS:
            self._told = time.monotonic()
            _say(f"{self._name}: {done} of {of} questions asked")


def _digest(given: AnySet) -> str:
    """Of the questions and of what they are asked of."""
    asked: Iterable[object] = given.queries if isinstance(given, PassageSet | DocumentSet) else given.cases
    of = given.digest if isinstance(given, PassageSet | DocumentSet) else ""
    return hashlib.sha256("\n".join([of, *map(repr, asked)]).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
