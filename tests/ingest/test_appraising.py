"""A card is proposed for a file that is not added: to be looked through, put beside the file, and added with it."""

import json
from pathlib import Path

import pytest

from ingest.adding import add
from ingest.carding import commented_card
from ingest.corpus import gather
from ingest.library import Library
from ingest.settings import IngestSettings
from ingest.suggesting import Suggestion
from tests.ingest.conftest import PROJECT, Run
from tests.ingest.editions.test_editions import plan

SAMPLES = PROJECT / "tests" / "samples"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The samples whose cards can be told from what they say."""
    made = tmp_path / "incoming"
    made.mkdir()
    for name in ("draft-plan.docx", "marked-strategy.pdf"):
        (made / name).write_bytes((SAMPLES / name).read_bytes())
    return made


def test_a_card_is_printed_with_the_words_that_it_was_taken_from(engage: Run, folder: Path, data_dir: Path) -> None:
    ran = engage("propose", folder / "marked-strategy.pdf")

    assert (ran.returncode, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    assert lines[:3] == [
        f"--- # {folder / 'marked-strategy.pdf'}",
        "# Look at this first: It says 2016 and 2015 for 'covers from'. Choose the right one.",
        "id: marked-strategy",
    ]
    published = lines.index("published: 2016-04")
    assert lines[published - 1] == "# In the text, page 3: “Published | April 2016”"
    organisations = lines.index("organisations:")
    assert lines[organisations + 1 : organisations + 3] == [
        "  # In the text, page 1: “Cheshire Constabulary”",
        "  - {slug: cheshire, role: author}",
    ]
    assert lines[-2:] == [
        "# covers_from: '2016' # In the text, page 1: “2016–2018”",
        "# covers_from: '2015' # In the text, page 1: “2015–2018”",
    ]
    assert not data_dir.exists()


def test_cards_written_beside_their_files_are_added_with_them(
    engage: Run, folder: Path, settings: IngestSettings
) -> None:
    ran = engage("propose", folder, "--write")
    assert ran.returncode == 0, ran.stderr
    card = folder / "marked-strategy.pdf.card.yaml"
    assert f"Wrote {card}. Look first at what stands at its top." in ran.stdout
    again = engage("propose", folder, "--write")
    assert f"{card} is there already and stays as it is." in again.stdout

    added = engage("add", folder)
    assert "draft-plan.docx is marked OFFICIAL-SENSITIVE, and its card does not say who may see it." in added.stderr
    draft = folder / "draft-plan.docx.card.yaml"
    decided = draft.read_text("utf-8").replace("# marking:", "marking:").replace("# audience: []", "audience: [chiefs]")
    draft.write_text(decided, encoding="utf-8")
    assert engage("add", folder).returncode == 0
    with Library.open(settings) as library:
        cards = {document.id: document.card for document in library.catalogue.documents(None)}
    assert (cards["draft-plan"].marking, cards["draft-plan"].audience) == ("OFFICIAL-SENSITIVE", ("chiefs",))
    assert (cards["marked-strategy"].published, cards["marked-strategy"].covers_from) == ("2016-04", None)


def test_a_newer_edition_is_told_and_what_cannot_be_read_does_not_keep_out_the_rest(
    engage: Run, settings: IngestSettings, tmp_path: Path
) -> None:
    (tmp_path / "plan.md").write_text(
        f"---\norganisations: [{{slug: durham, role: author}}]\ncovers_from: 2021\n---\n{plan()}", "utf-8"
    )
    with Library.open(settings) as library:
        list(add(library, gather([tmp_path / "plan.md"])))
        library.settle()
    new = tmp_path / "new"
    new.mkdir()
    (new / "renewed.md").write_text(plan("2024–2026", "second"), encoding="utf-8")
    (new / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing more")
    (new / "secret.txt").write_text("TOP SECRET\n\nThe plan of the harbour.\n", encoding="utf-8")

    ran = engage("propose", new, "--json")
    assert ran.returncode == 1
    told = {Path(one["path"]).name: one for one in map(json.loads, ran.stdout.splitlines())}
    assert {name: one["reason"] for name, one in told.items()} == {
        "broken.pdf": "damaged",
        "secret.txt": "secret_marking",
        "renewed.md": None,
    }
    suggestion = Suggestion.model_validate(told["renewed.md"]["suggestion"])
    assert [near.document for near in suggestion.alike] == ["plan"]
    assert suggestion.card["id"] == "plan"
    assert "# Look at this first: " in commented_card(suggestion)
