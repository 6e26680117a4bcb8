"""Two versions side by side, as the commands tell it."""

import json
from pathlib import Path

import pytest

from ingest.adding import add
from ingest.corpus import gather
from ingest.editions import as_text, text_changes, version_before
from ingest.errors import UnknownDocument
from ingest.library import Library
from ingest.settings import IngestSettings
from tests.ingest.conftest import Run
from tests.ingest.editions.test_editions import plan

NEW = plan("2024–2026", "second", "\n## Cadets\n\nCadets of the harbour learn to listen.\n").replace(
    "## Online meetings", "## On the screen"
)
TOLD = """\
'Harbour engagement plan 2024–2026' (plan), version 2 against 'Harbour engagement plan 2021–2023' (plan), version 1: \
1 heading changed, 1 new, 1 gone, 2 unchanged.

Changed: Harbour engagement plan 2024–2026 > Street surgeries
  - Officers hold a street surgery by the ferry landing on the first Monday of each month.
  + Officers hold a street surgery by the ferry landing on the second Monday of each month.

Renamed: Harbour engagement plan 2024–2026 > On the screen \
(was: Harbour engagement plan 2021–2023 > Online meetings)

New: Harbour engagement plan 2024–2026 > Cadets
  + Cadets of the harbour learn to listen.

Gone: Harbour engagement plan 2021–2023 > Feedback
  - What was said and what was done about it is printed in the harbour newsletter, which every home on the quay is \
sent."""


@pytest.fixture
def held(settings: IngestSettings, tmp_path: Path) -> None:
    """One document in two versions."""
    with Library.open(settings) as library:
        for text in (plan(), NEW):
            (tmp_path / "plan.md").write_text(text, encoding="utf-8")
            list(add(library, gather([tmp_path / "plan.md"])))
        library.settle()


@pytest.mark.usefixtures("held")
def test_the_command_tells_what_changed_since_the_version_before(engage: Run) -> None:
    ran = engage("changes", "plan")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.rstrip("\n") == TOLD


@pytest.mark.usefixtures("held")
def test_any_two_versions_can_be_compared_and_programs_get_json(engage: Run) -> None:
    back = json.loads(engage("changes", "plan", "--version", 1, "--since", 2, "--json").stdout)
    assert (back["new"]["version"], back["old"]["version"]) == (1, 2)
    assert back["summary"] == "1 heading changed, 1 new, 1 gone, 2 unchanged"
    assert [change["heading"][-1] for change in back["headings"] if change["state"] == "gone"] == ["Cadets"]


@pytest.mark.usefixtures("held")
def test_a_first_version_has_none_before_it(engage: Run, settings: IngestSettings) -> None:
    ran = engage("changes", "plan", "--version", 1)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("Version 1 of 'plan' is the first, so there is none to compare it with.")
    assert engage("changes", "no-such").returncode == 1
    with Library.open(settings) as library, pytest.raises(UnknownDocument):
        version_before(library.catalogue, library.catalogue.version_of("plan", 1))


def test_another_document_can_be_set_beside_it(settings: IngestSettings, tmp_path: Path) -> None:
    with Library.open(settings) as library:
        for name, text in (("old.md", plan()), ("new.md", NEW)):
            (tmp_path / name).write_text(text, encoding="utf-8")
        list(add(library, gather([tmp_path / "old.md", tmp_path / "new.md"])))
        found = text_changes(library.catalogue.version_of("old"), library.catalogue.version_of("new"))
    assert as_text(found).splitlines()[1:] == TOLD.splitlines()[1:]
    assert "(new), version 1 against" in as_text(found)
