"""The field's terms: families of forms that mean the same, for finding, never for rewriting what a source says."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Self


@dataclass(frozen=True, slots=True)
class Family:
    """A term with the forms that mean the same."""

    term: str
    forms: tuple[str, ...]
    matches_case: bool = False
    """The term is an abbreviation that would be an ordinary word in lower case (KIN, SARA)."""

    @property
    def all_forms(self) -> tuple[str, ...]:
        return (self.term, *self.forms)


class Glossary:
    def __init__(self, families: Iterable[Family]) -> None:
        self.families = tuple(families)

    @classmethod
    def load(cls) -> Self:
        """The glossary that ships with the project."""
        text = files("ingest").joinpath("glossary.csv").read_text(encoding="utf-8")
        return cls([_family(row) for row in csv.DictReader(text.splitlines())])

    def families_in(self, text: str) -> list[tuple[Family, str]]:
        """The families of which the text holds a form, each with that form as written, longest forms first."""
        found: dict[Family, str] = {}
        for match in self._pattern.finditer(text):
            for family in self._by_form.get(_folded(match.group()), ()):
                if (
                    not family.matches_case
                    or match.group() in family.all_forms
                    or match.group() != match.group().lower()
                ):
                    found.setdefault(family, match.group())
        return list(found.items())

    @cached_property
    def _by_form(self) -> dict[str, list[Family]]:
        table: dict[str, list[Family]] = {}
        for family in self.families:
            for form in family.all_forms:
                table.setdefault(_folded(form), []).append(family)
        return table

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        forms = sorted(self._by_form, key=len, reverse=True)
        alternatives = (re.escape(form).replace(r"\ ", r"[\s-]+") for form in forms)
        return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)", re.IGNORECASE)


def _family(row: dict[str, str]) -> Family:
    forms = tuple(filter(None, row["expansions"].split(";")))
    return Family(row["term"], forms, matches_case="must match case" in row["note"])


def _folded(form: str) -> str:
    return re.sub(r"[\s-]+", " ", form).casefold()
