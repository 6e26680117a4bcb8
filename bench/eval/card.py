"""The score card: a run's figures beside the last run's, and what it was run with; both are kept for the next run."""

import importlib.metadata
import json
import platform
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from pydantic import BaseModel, ConfigDict, ValidationError

from bench.eval.sets import BadInput
from ingest import lexical, splitting
from ingest.settings import PROJECT
from service import comparing, gathering, preferring, retrieving, sufficiency, weighing
from service.composing import extractive, grouping
from service.settings import Settings

RESULTS = Path(__file__).parents[1] / "results"
_FITTED = PROJECT / "service"
_PACKAGES = ("chromadb", "numpy", "onnxruntime", "tantivy", "tokenizers")
_TUNED: tuple[ModuleType, ...] = (
    *(splitting, lexical, retrieving, weighing, gathering, comparing, preferring, sufficiency),
    *(extractive, grouping),
)
_COUNTS = ("questions", "characters cited")


class Scored(BaseModel):
    """One set's figures in one run, and what they were run with."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    figures: dict[str, float | None]
    seconds: float
    data: str
    """Digest of what was asked and of what: figures of other data are not set beside these."""
    run_at: str
    commit: str | None


def configuration(settings: Settings) -> dict[str, object]:
    """What figures depend on: commit, versions of packages, embedder, reranker, and every number that may be tuned."""
    return {
        "run_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _git("rev-parse", "HEAD"),
        "changed": sorted(line[3:] for line in (_git("status", "--porcelain") or "").splitlines()),
        "python": platform.python_version(),
        "processor": platform.machine(),
        "packages": {name: importlib.metadata.version(name) for name in _PACKAGES},
        "embedder": settings.embedder_name,
        "reranker": settings.reranker,
        "constants": {module.__name__: dict(_constants(module)) for module in _TUNED},
        "fitted": {path.name: json.loads(path.read_text("utf-8")) for path in sorted(_FITTED.glob("*.json"))},
    }


def last_run(results: Path, name: str) -> dict[str, Scored]:
    """By set; empty where there was none. Raises BadInput if what was kept cannot be read."""
    file = results / f"{name}.json"
    if not file.exists():
        return {}
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))["sets"]
        return {of: Scored.model_validate(scored) for of, scored in kept.items()}
    except (ValueError, KeyError, ValidationError) as error:
        raise BadInput(f"{file} is no score card. Delete it and run this again.") from error


def keep(results: Path, name: str, scored: Mapping[str, Scored], configured: Mapping[str, object]) -> None:
    """In place of the last run; sets that were not run this time keep their figures."""
    kept = {**last_run(results, name), **scored}
    results.mkdir(parents=True, exist_ok=True)
    (results / f"{name}.json").write_text(as_json(kept, configured), encoding="utf-8")


def as_json(scored: Mapping[str, Scored], configured: Mapping[str, object], **more: object) -> str:
    sets = {name: of.model_dump() for name, of in scored.items()}
    return json.dumps({"sets": sets, "configuration": configured, **more}, indent=1, ensure_ascii=False) + "\n"


def table(scored: Mapping[str, Scored], last: Mapping[str, Scored]) -> Iterator[str]:
    """A line for each figure: this run, the last run on the same data, and the difference."""
    yield f"{'':34}{'this run':>10}{'last run':>10}{'change':>10}"
    for name, now in scored.items():
        before = last.get(name)
        comparable = before.figures if before and before.data == now.data else {}
        yield f"{name} ({now.seconds:.0f} s)"
        for figure, value in now.figures.items():
            yield _line(figure, value, comparable.get(figure))


def _line(name: str, now: float | None, before: float | None) -> str:
    digits = 0 if name in _COUNTS else 3
    cells: Sequence[str] = (
        _number(now, f".{digits}f"),
        _number(before, f".{digits}f"),
        _number(None if now is None or before is None else now - before, f"+.{digits}f"),
    )
    return f"  {name:32}" + "".join(f"{cell:>10}" for cell in cells)


def _number(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)


def _constants(module: ModuleType) -> Iterator[tuple[str, object]]:
    for name, value in vars(module).items():
        if name.isupper() and not name.startswith("_") and isinstance(value, int | float):
            yield name, value


def _git(*arguments: str) -> str | None:
    """None outside a checkout."""
    try:
        run = subprocess.run(["git", *arguments], cwd=PROJECT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return run.stdout.strip("\n")
