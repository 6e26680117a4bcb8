"""Submissions at the command line: handed in, listed, confirmed, cancelled, with or without a running service."""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from service.__main__ import main

MARSH = "# Marsh plan\n\n## Boats\n\nOfficers meet eel fishers of the marsh at the slipway each spring tide."


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Engage = Callable[..., Ran]


@pytest.fixture
def engage(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> Engage:
    monkeypatch.setenv("ENGAGE_DATA_DIR", str(data_dir))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["engage", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return Ran(int(ended.value.code or 0), told.out, told.err)

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "handed-in"
    made.mkdir()
    (made / "marsh.md").write_text(MARSH)
    (made / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    (made / "carded.txt").write_text("Eel wardens meet at dusk.")
    (made / "carded.txt.card.yaml").write_text("{id: eels, title: Eel wardens}")
    return made


def listed(engage: Engage) -> dict[str, str]:
    found = map(json.loads, engage("submissions", "--json").out.splitlines())
    return {one["place"]: one["state"] for one in found}


def wait_for(engage: Engage, state: str) -> None:
    deadline = time.monotonic() + 60
    while listed(engage) != {"marsh.md": state}:
        assert time.monotonic() < deadline, listed(engage)


def test_a_folder_is_handed_in_checked_and_added(engage: Engage, folder: Path) -> None:
    handed_in = engage("submit", folder)
    assert handed_in.code == 0
    assert listed(engage) == {"broken.pdf": "failed", "carded.txt": "added", "marsh.md": "to_confirm"}
    assert "3  to_confirm  marsh.md: Read; waits for its card to be confirmed" in engage("submissions").out

    added = engage("confirm", 3)
    assert (added.code, added.out) == (0, "3  added  marsh.md: Added 'Marsh plan' (marsh): 1 passage.\n")
    receipt = engage("receipt", 3)
    assert receipt.out.startswith("Marsh plan (marsh, version 1), from marsh.md\n")
    assert "What is said about Boats? (answered)\n  Officers meet eel fishers" in receipt.out
    assert json.loads(engage("receipt", 3, "--json").out)["passages"] == 1

    assert engage("retry", 1).out.startswith("1  failed  broken.pdf: ")
    assert engage("cancel", 1).out == "1  cancelled  broken.pdf: Cancelled\n"
    assert list(folder.parent.glob("data/submissions/*")) == []


def test_a_card_can_be_given_with_the_confirmation(engage: Engage, folder: Path) -> None:
    engage("submit", folder / "marsh.md")
    card = folder / "card.yaml"
    card.write_text("{id: marsh-2025, title: Marsh plan, organisations: [{slug: durhum, role: author}]}")
    assert "(the nearest known is 'durham')" in engage("confirm", 1, "--card", card).err
    card.write_text("{id: marsh-2025, title: Marsh plan, organisations: [{slug: durham, role: author}]}")
    assert engage("confirm", 1, "--card", card).out.endswith("Added 'Marsh plan' (marsh-2025): 1 passage.\n")


def test_with_a_running_service_it_goes_through_that(
    engage: Engage, folder: Path, serve_documents, tmp_path: Path, monkeypatch
) -> None:
    with serve_documents(tmp_path / "served") as service:
        service.library.announce(service.url, service.token)
        monkeypatch.setenv("ENGAGE_DATA_DIR", str(service.library.settings.data_dir))
        handed_in = engage("submit", folder / "marsh.md")
        assert (handed_in.code, handed_in.err) == (0, "")
        assert handed_in.out.startswith("1  ")
        wait_for(engage, "to_confirm")
        assert engage("confirm", 1).code == 0
        wait_for(engage, "added")
        assert engage("receipt", 1).code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("confirm", 7), "No submission 7 is known"),
        (("cancel", 7), "No submission 7 is known"),
        (("receipt", 7), "No submission 7 is known"),
        (("submissions", "--state", "lost"), "'lost' is no state of a submission"),
        (("submit", "nowhere.md"), "nowhere.md is not there"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    engage: Engage, folder: Path, arguments: tuple[object, ...], said: str
) -> None:
    engage("submit", folder / "marsh.md")
    ran = engage(*arguments)
    assert ran.code == 1
    assert ran.err.startswith(f"engage: {said}")
    assert ran.err.count("\n") == 1
