"""The card at the top of a text: YAML between two lines of three hyphens."""

import re

import yaml

from ingest.errors import UnreadableDocument

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


def parted(text: str, name: str) -> tuple[dict[str, object], str]:
    """The card's fields, unchecked, and the text below them. Raises UnreadableDocument ("damaged") for broken YAML."""
    match = _FRONT_MATTER.match(text)
    if not match:
        return {}, text
    try:
        fields = card_fields(match.group(1))
    except yaml.YAMLError as error:
        raise UnreadableDocument(
            "damaged",
            f"The card at the top of {name} is not valid YAML{_place(error)}. Correct it and add the file again.",
        ) from error
    return ({}, text) if fields is None else (fields, text[match.end() :])


def card_fields(text: str) -> dict[str, object] | None:
    """The fields of a card; None where the YAML is not a mapping. Raises yaml.YAMLError.

    Every value stays the string that was written: the loader that knows no types makes no date of "2016-13-01" (an
    error without a field's name), no number of edition "1.10" and no object of anything.
    """
    try:
        loaded = yaml.load(text, Loader=yaml.BaseLoader)
    except RecursionError as error:
        raise yaml.YAMLError("lists within lists without end") from error
    if loaded is None or loaded == "":
        return {}
    return loaded if isinstance(loaded, dict) else None


def _place(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None)
    return f" (line {mark.line + 2}: {problem})" if mark and problem else ""
