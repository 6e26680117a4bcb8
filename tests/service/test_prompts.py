"""Prompts are files with declared variables, refused before they are used if anything does not fit."""

from pathlib import Path

import pytest

from ingest.settings import PROJECT
from service.prompts import InvalidPrompt, Prompt

GOOD = "---\npurpose: A greeting.\nversion: 2\nvariables:\n  name: whom to greet\n---\nDear $name,\n"


@pytest.fixture
def prompt_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """prompts/letter.md, where the prompts of this test are read from."""
    monkeypatch.setattr("service.prompts.files", lambda package: tmp_path)
    return tmp_path / "letter.md"


def test_every_prompt_that_ships_is_as_it_should_be() -> None:
    names = sorted(path.stem for path in (PROJECT / "prompts").glob("*.md"))
    assert [Prompt.load(name).name for name in names] == ["question", "rules"]


def test_a_prompt_says_what_it_is_for(prompt_file: Path) -> None:
    prompt_file.write_text(GOOD)
    prompt = Prompt.load("letter", {"name"})
    assert (prompt.purpose, prompt.version, prompt.variables) == ("A greeting.", 2, {"name"})
    assert prompt.render(name="Leeds") == "Dear Leeds,"


def test_what_is_filled_in_is_data(prompt_file: Path) -> None:
    prompt_file.write_text(GOOD)
    assert Prompt.load("letter").render(name="$name ${name} $$ $other") == "Dear $name ${name} $$ $other,"


@pytest.mark.parametrize("values", [{}, {"name": "a", "place": "b"}, {"place": "b"}])
def test_missing_and_unknown_variables_are_refused(prompt_file: Path, values: dict[str, str]) -> None:
    prompt_file.write_text(GOOD)
    with pytest.raises(InvalidPrompt, match=r"declares \$name and is given"):
        Prompt.load("letter").render(**values)
    with pytest.raises(InvalidPrompt, match=r"declares \$name and is given"):
        Prompt.load("letter", values.keys())


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (GOOD.replace("Dear $name", "Dear all"), r"declares \$name and uses no variables"),
        (GOOD.replace("Dear $name", "Dear $name of $place"), r"declares \$name and uses \$name, \$place"),
        (GOOD.replace("Dear $name", "Dear $name, £5 or $ 7"), r"lone \$"),
        (GOOD.replace("  name: whom to greet", "  name:"), "front matter that is not"),
        (GOOD.replace("version: 2\n", ""), "front matter that is not"),
        (GOOD.replace("purpose: A greeting.", "purpose: '"), "front matter that is not"),
        (GOOD.replace("version: 2", "version: 2\nmodel: any"), "front matter that is not"),
        ("Dear $name,", "does not begin with front matter"),
    ],
    ids=["unused", "undeclared", "lone dollar", "undocumented", "no version", "broken yaml", "unknown key", "no front"],
)
def test_a_prompt_that_does_not_fit_is_refused_when_loaded(prompt_file: Path, text: str, fault: str) -> None:
    prompt_file.write_text(text)
    with pytest.raises(InvalidPrompt, match=fault):
        Prompt.load("letter")
    with pytest.raises(InvalidPrompt, match=r"correct prompts/letter\.md\.$"):
        Prompt.load("letter")


def test_a_prompt_that_is_not_there_is_named(prompt_file: Path) -> None:
    with pytest.raises(InvalidPrompt, match=r"no prompt 'letter'; add prompts/letter\.md"):
        Prompt.load("letter")
