"""Prompts are Markdown files with declared variables, checked before first use."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Template
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from ingest.errors import EngageError

_FRONT_MATTER = re.compile(r"---\n(.*?)\n---\n(.*)", re.DOTALL)
_Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class InvalidPrompt(EngageError):
    """A prompt file that does not say what it is for, or whose variables are not those it declares or is given."""


class _FrontMatter(BaseModel):
    model_config = ConfigDict(extra="forbid")

    purpose: _Sentence
    version: Annotated[int, Field(ge=1)]
    variables: dict[str, _Sentence]
    """What each variable holds, by name."""


@dataclass(frozen=True, slots=True)
class Prompt:
    name: str
    purpose: str
    version: int
    variables: frozenset[str]
    _body: Template

    @classmethod
    def load(cls, name: str, gives: Collection[str] | None = None) -> Self:
        """The prompt prompts/NAME.md. `gives` names the variables that the code will fill, if it knows them.

        Raises InvalidPrompt where the file is malformed, or declares other variables than it uses or is given.
        """
        prompt = cls._parse(name, files("prompts").joinpath(f"{name}.md"))
        if gives is not None:
            prompt._match(frozenset(gives), "is given")
        return prompt

    def render(self, **values: object) -> str:
        """The text with its variables filled in. What is filled in is data: a "$name" inside it stays as it is."""
        self._match(frozenset(values), "is given")
        return self._body.substitute({name: str(value) for name, value in values.items()})

    @classmethod
    def _parse(cls, name: str, file: Traversable) -> Self:
        if not file.is_file():
            raise InvalidPrompt(f"There is no prompt '{name}'; add prompts/{name}.md.")
        match = _FRONT_MATTER.fullmatch(file.read_text(encoding="utf-8"))
        if not match:
            raise _faulty(name, "does not begin with front matter between two --- lines")
        try:
            front = _FrontMatter.model_validate(yaml.safe_load(match.group(1)))
        except (yaml.YAMLError, ValidationError) as error:
            raise _faulty(name, "has front matter that is not purpose, version and variables") from error
        body = Template(match.group(2).strip())
        if not body.is_valid():
            raise _faulty(name, "holds a lone $; write $$ for a dollar sign")
        prompt = cls(name, front.purpose, front.version, frozenset(front.variables), body)
        prompt._match(frozenset(body.get_identifiers()), "uses")
        return prompt

    def _match(self, found: frozenset[str], verb: str) -> None:
        if found != self.variables:
            raise _faulty(self.name, f"declares {_list(self.variables)} and {verb} {_list(found)}")


def _faulty(name: str, fault: str) -> InvalidPrompt:
    return InvalidPrompt(f"The prompt '{name}' {fault}; correct prompts/{name}.md.")


def _list(names: frozenset[str]) -> str:
    return ", ".join(f"${name}" for name in sorted(names)) or "no variables"
