"""A question, with the history it leans on → what is searched for: standing on its own, and free of instructions.

No model is asked: a follow-up is searched for twice, bare and behind the question before it, and the two are fused.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from ingest.register import Organisation, Register
from service.vocabulary import Question
from service.words import stems

_INSTRUCTION = re.compile(
    r"\b(?:system|assistant|developer)\s*:|\bignore\b.{0,40}\b(?:instruction|rule|prompt|previous|above)|"
    r"\b(?:cite|quote|credit|attribute)\b.{0,60}\b(?:every|all|each|any|always|regardless)\b|"
    r"\byou (?:must|are now|will)\b|\bfrom now on\b|\bdocument says\b",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"^(?:and|but|so|also|what about|how about|who else|what else|why|when|where|how so|anything else|any others?|"
    r"tell me more|more|go on|which of|which ones?)\b|"
    r"\b(?:it|its|that|this|these|those|they|them|their|ones?|there|he|she|former|latter|same|others?|else|above)\b",
    re.IGNORECASE,
)
_REFORMATS = re.compile(
    r"\b(?:put|turn|rewrite|reword|rephrase|summari[sz]e|shorten|condense|write|give|make|say)\b.{0,40}"
    r"\b(?:that|this|it|them|the above)\b|\bin (?:one|a single|two|three) (?:lines?|sentences?|bullets?)\b",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\b(?:compare|comparison|contrast|differ|differences?|versus|vs|similarit\w+)\b|"
    r"\b(?:which|what|how do|do) (?:other |northern |police |the )*"
    r"(?:forces|organisations|bodies|constabularies|pccs|opccs)\b|"
    r"\b(?:each|every|all|across|between)(?: of)? (?:the )?(?:\w+ )?(?:forces|organisations|bodies|constabularies)\b",
    re.IGNORECASE,
)
_ASKS_MEANING = re.compile(
    r"\b(?:mean|means|meaning|meant by|stands? for|defin\w+|abbreviat\w+|acronym|terms?|terminology|wording)\b|"
    r"^what(?:'s|’s| is| are) (?:an? |the )?(?:[\w'’/&+-]+ ?){1,4}\?*$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SHORT = 5
BARE_WEIGHT = 0.5
"""How much a follow-up counts by itself; the rest is the follow-up behind its question."""
EMPTY_WEIGHT = 0.1
"""The same, where the follow-up has no word of its own that could be searched for ("who else was there?")."""


class Shape(StrEnum):
    """What kind of answer the question asks for."""

    PLAIN = "plain"
    COMPARISON = "comparison"


@dataclass(frozen=True, slots=True)
class Query:
    """A text to search for, and how much its findings count."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as the service understood it."""

    asked: str
    """The question without instructions that were planted in it."""
    queries: tuple[Query, ...]
    """What is searched for; their weights add up to 1."""
    organisations: tuple[Organisation, ...]
    """Named in the question, or, where it leans on it and names none, in the question before."""
    shape: Shape

    asks_meaning: bool
    """Whether it asks what a word means, which is what a glossary is for."""

    @property
    def context(self) -> str:
        """The fullest wording: with the earlier question, where this one leans on it."""
        return max((query.text for query in self.queries), key=len)


def understand(question: Question, register: Register) -> Understood:
    asked = without_instructions(question.question)
    earlier = _earlier_question(question)
    organisations = register.named_in(asked, bare_places=True)
    if earlier is None or not leans(asked):
        queries: tuple[Query, ...] = (Query(asked, 1.0),)
    elif _REFORMATS.search(asked):
        queries = (Query(earlier, 1.0),)
        organisations = register.named_in(earlier, bare_places=True)
    else:
        bare = BARE_WEIGHT if stems(asked) else EMPTY_WEIGHT
        queries = (Query(asked, bare), Query(f"{earlier} {asked}", 1 - bare))
        organisations = organisations or register.named_in(earlier, bare_places=True)
    shape = Shape.COMPARISON if _COMPARES.search(asked) or len(_forces(organisations)) > 1 else Shape.PLAIN
    return Understood(asked, queries, tuple(organisations), shape, bool(_ASKS_MEANING.search(asked)))


def without_instructions(text: str) -> str:
    """The text without sentences that give orders to the assistant; the text itself where nothing else would remain."""
    sentences = re.findall(r"""[^.?!]+(?:[.?!]+["'”’)]*|$)\s*""", text)
    kept = "".join(sentence for sentence in sentences if not _INSTRUCTION.search(sentence)).strip()
    return kept if _WORD.search(kept) else text


def leans(text: str) -> bool:
    """Whether the question is too short or points too much to be understood alone."""
    return bool(_LEANS.search(text) or _REFORMATS.search(text)) or len(_WORD.findall(text)) <= _SHORT


def _earlier_question(question: Question) -> str | None:
    """The last earlier question that stood on its own, followed by those that leaned on it."""
    chain: list[str] = []
    for turn in reversed(question.history):
        if turn.role == "user" and not _REFORMATS.search(turn.content):
            chain.insert(0, without_instructions(turn.content))
            if not leans(turn.content):
                break
    return " ".join(chain[-3:])[-1000:] or None


def _forces(organisations: list[Organisation]) -> list[Organisation]:
    return [organisation for organisation in organisations if organisation.is_police_body]
