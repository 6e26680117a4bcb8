"""What is said while documents are added: a live line on a terminal, plain lines in a pipe, JSON for programs."""

import sys
from collections import Counter
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, SpinnerColumn, TaskID, TextColumn
from rich.progress import Progress as LiveProgress

from ingest.adding import Added, Outcome, Progress


class Telling:
    """Plain lines, one a document; failures on stderr. A context manager that ends in a line on all of them."""

    def __init__(self) -> None:
        self._outcomes: Counter[Outcome] = Counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None and self._outcomes.total() > 1:
            self._say(
                ", ".join(f"{number:,} {outcome.replace('_', ' ')}" for outcome, number in self._outcomes.items())
            )

    @property
    def told(self) -> int:
        """Of how many documents."""
        return self._outcomes.total()

    @property
    def failed(self) -> bool:
        return self._outcomes[Outcome.FAILED] > 0

    def progress(self, progress: Progress) -> None:
        """Where one document stands."""

    def added(self, added: Added) -> None:
        """What became of one document."""
        self._outcomes[added.outcome] += 1
        if added.outcome is Outcome.FAILED:
            self._complain(f"Not added: {added.path}: {added.message}")
        else:
            self._say(f"{added.path}: {added.message}")

    def _say(self, line: str) -> None:
        print(line, flush=True)

    def _complain(self, line: str) -> None:
        print(line, file=sys.stderr, flush=True)


class JsonTelling(Telling):
    """One JSON object for each document on stdout, and nothing else."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Programs count for themselves."""

    def added(self, added: Added) -> None:
        self._outcomes[added.outcome] += 1
        print(added.model_dump_json(), flush=True)


class LiveTelling(Telling):
    """On a terminal: the same lines, and below them the stage of the document under way."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=20)
        self._live = LiveProgress(*columns, console=console, transient=True)
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()
        super().__exit__(kind, error, trace)

    def progress(self, progress: Progress) -> None:
        if self._task is None:
            self._task = self._live.add_task("")
        count = f" {progress.done} of {progress.of}" if progress.of > 1 else ""
        description = f"{escape(progress.path.name)}: {progress.stage}{count}"
        self._live.update(self._task, description=description, completed=progress.done, total=progress.of)

    def added(self, added: Added) -> None:
        if self._task is not None:
            self._live.remove_task(self._task)
            self._task = None
        super().added(added)

    def _say(self, line: str) -> None:
        self._live.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def _complain(self, line: str) -> None:
        self._live.console.print(line, style="red", markup=False, highlight=False, soft_wrap=True)


def telling(as_json: bool) -> Telling:
    if as_json:
        return JsonTelling()
    console = Console()
    return LiveTelling(console) if console.is_terminal else Telling()
