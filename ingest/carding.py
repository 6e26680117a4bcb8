"""A suggested card as a file to lie beside its document: YAML, the words that each field was taken from as comments."""

from collections.abc import Iterator
from pathlib import Path

import yaml
from pydantic import JsonValue

from ingest.corpus import CARD_SUFFIX
from ingest.errors import EngageError
from ingest.proposing import Proposed
from ingest.suggesting import Suggestion


def commented_card(suggestion: Suggestion) -> str:
    """As `NAME.EXT.card.yaml` takes it, once what is commented out has been decided."""
    return "\n".join(_lines(suggestion)) + "\n"


def write_beside(document: Path, suggestion: Suggestion) -> str:
    """Write the card beside its document if none is there, and tell. Raises EngageError if it cannot be written."""
    path = document.with_name(document.name + CARD_SUFFIX)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(commented_card(suggestion))
    except FileExistsError:
        return f"{path} is there already and stays as it is."
    except OSError as error:
        raise EngageError(f"{path} could not be written ({error.strerror}). See who may write there.") from error
    return f"Wrote {path}. {'Look first at what stands at its top.' if suggestion.notices else 'Look through it.'}"


def _lines(suggestion: Suggestion) -> Iterator[str]:
    for notice in suggestion.notices:
        yield _comment(f"Look at this first: {notice}")
    undecided = suggestion.proposal.restricted and "audience" not in suggestion.card
    for field, value in suggestion.card.items():
        if field != "organisations" and not (undecided and field == "marking"):
            yield from _field(field, value, suggestion.evidence(field, value))
    yield from _organisations(suggestion)
    for conflict in suggestion.proposal.conflicts:
        yield _comment(f"It says more than one thing of {conflict.field}; keep one of these lines:")
        for candidate in conflict.candidates:
            yield _comment(f"{_yaml({conflict.field: candidate.value})} # {candidate.words}")
    if undecided:
        yield _comment("Say who may see it, such as [everyone], then take these lines in:")
        yield _comment(_yaml({"marking": suggestion.proposal.marking}))
        yield _comment("audience: []")


def _field(field: str, value: JsonValue, taken_from: Proposed | None) -> Iterator[str]:
    if taken_from is not None:
        yield _comment(taken_from.words)
    yield _yaml({field: value})


def _organisations(suggestion: Suggestion) -> Iterator[str]:
    named = suggestion.card.get("organisations", ())
    if named:
        yield "organisations:"
    for organisation in named:
        if taken_from := suggestion.evidence("organisations", organisation):
            yield f"  {_comment(taken_from.words)}"
        yield f"  - {_yaml(organisation, flow=True)}"


def _comment(words: str) -> str:
    return f"# {' '.join(words.split())}"


def _yaml(value: JsonValue, flow: bool = False) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=10_000, default_flow_style=flow).strip()
