"""What a language model sent back: the one JSON object asked for, and the plain words of its statements."""

import json
import logging
import re
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from service.llm import ModelFailed

_MOST_BRACES = 200
_log = logging.getLogger(__name__)


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


Answered = Annotated[Literal["yes", "partly", "no"], BeforeValidator(_lower)]


class Proposal(BaseModel):
    """A statement as the model proposes it, with the ids of the sentences that it relies on."""

    model_config = ConfigDict(extra="ignore")

    text: Annotated[str, Field(max_length=2_000)]
    evidence: list[str]


class Reply(BaseModel):
    model_config = ConfigDict(extra="ignore")

    statements: list[object] = Field(max_length=100)
    """Proposals, not yet looked at: one that is malformed does not cost the others."""
    answered: Answered


def read_reply(answer: str) -> Reply:
    """The last object of that form in the answer: bare, fenced as code or with prose around it. Raises ModelFailed."""
    decoder, at, reply = json.JSONDecoder(), answer.find("{"), None
    for _ in range(_MOST_BRACES):
        if at < 0:
            break
        try:
            value, end = decoder.raw_decode(answer, at)
            reply = Reply.model_validate(value)
            at = answer.find("{", end)
        except (ValueError, RecursionError):
            at = answer.find("{", at + 1)
    if reply is None:
        _log.warning("the model's answer holds no JSON object of the form asked for")
        raise ModelFailed("The language model's answer could not be read; ask again later.")
    return reply


def plain(text: str, ids: Iterable[str]) -> str:
    """The statement's words alone: ids, brackets, links, references and formatting of the model's own are taken out."""
    text = re.sub(r"\[([^\[\]]*)\]\(\S*?\)", r"\1", text)
    text = re.sub(r"\[[^\[\]]*\]|【[^】]*】|<[^<>]*>", "", text)
    text = re.sub(r"(?:https?://|www\.)\S+", "", text)
    text = re.sub(rf"\b(?:{'|'.join(ids)})\b", "", text, flags=re.IGNORECASE)
    text = re.sub(r"\(\s*(?:evidence|ids?|sources?|see)?[\s:,;]*\)", "", text, flags=re.IGNORECASE)
    text = re.sub(r"^\s*(?:[-*•#>]+|\d{1,2}[.)])\s+|\*\*|__|`", "", text)
    text = "".join(character if character.isprintable() else " " for character in text)
    return re.sub(r"\s+([,.;:!?])", r"\1", " ".join(text.split()))
