"""A question, with the history it leans on → what is searched for: standing on its own, and free of instructions.

No model is asked: a follow-up is searched for twice, bare and behind the question before it, and the two are fused.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from ingest.register import Organisation, Register
from service.dating import Time, time_asked, without_time
from service.vocabulary import Question
from service.words import FRAMING_WORDS, stem, stems

_OVERRIDE = (
    r"(?:^|[.?!;,:]\s+|\bplease\s+)(?:ignore|disregard|forget|override|bypass)\b.{0,40}"
    r"\b(?:instruction|rule|prompt|previous|above|document|source)|"
    r"\b(?:print|show|reveal|repeat|give|tell)\b.{0,30}\b(?:system prompt|your (?:prompt|instructions|rules))\b"
)
_INSTRUCTION = re.compile(
    rf"{_OVERRIDE}|"
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
_WHICH_ONES = re.compile(r"\b(?:is|are|was|were) (?:it|they|those|these|that)\b", re.IGNORECASE)
"""Asks who was meant, which compares nobody: "which forces were they?"."""
_ASKS_MEANING = re.compile(
    r"\b(?:mean|means|meaning|meant by|stands? for|defin\w+|abbreviat\w+|acronym|terms?|terminology|wording)\b|"
    r"^(?:please |(?:can|could) you |so,? )*"
    r"(?:what(?:(?: exactly| actually| really)?(?: is| are)|['’]?s)|(?:explain|tell me|remind me)(?: what)?|describe)"
    r"(?: exactly| actually| really)? (?!how|why|when|where|which|who)(?:an? |the )?"
    r"(?:[\w'’/&+-]+ ?){1,4}(?:,? (?:exactly|please))*[?.]*$",
    re.IGNORECASE,
)
_ASKS_HOLDINGS = re.compile(
    r"\b(?:we|you|library|anything|documents?|papers?|sources?)\b.{0,30}\b(?:hold|held|have|got|there|know)\b|"
    r"\b(?:hold|held|holds|holdings)\b",
    re.IGNORECASE,
)
_GENERAL = frozenset(
    stem(word)
    for word in (
        *FRAMING_WORDS,
        *("force", "police", "constabulary", "organisation", "body", "office", "commissioner"),
        *("document", "source", "statement", "date", "agree", "disagree", "silent", "instead"),
    )
)
"""Of a follow-up: words that say nothing of what it is about."""
_HOLDING = _GENERAL | {stem(word) for word in ("hold", "held", "holdings", "library", "got", "paper")}
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SHORT = 5
_MOST_FOLLOW_UPS = 3
_MOST_CONTEXT = 1_000
"""Characters of a follow-up with the questions that it leans on."""
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
    region: tuple[Organisation, ...]
    """The forces of a region that it names, where it names no police body."""
    shape: Shape
    asks_meaning: bool
    """Whether it asks what a word means, which is what a glossary is for."""
    asks_holdings: bool
    """Whether it asks what is held of the bodies that it names, and nothing besides."""
    time: Time | None
    """The time that it asks about, or, where it leans on it and names none, the question before."""
    chain: tuple[str, ...]
    """The question that stood by itself, and the last of those that leaned on it, this one included."""
    mentioned: tuple[Organisation, ...]
    """Named anywhere in the chain: whom "how do they differ?" compares."""

    @property
    def context(self) -> str:
        """The fullest wording: with the earlier question, where this one leans on it."""
        return max((query.text for query in self.queries), key=len)


def understand(question: Question, register: Register) -> Understood:
    asked = (turn.content for turn in question.history if turn.role == "user" and _WORD.search(turn.content))
    return _understand(question.question, [text for text in asked if not _REFORMATS.search(text)], register)


def _understand(text: str, before: Sequence[str], register: Register) -> Understood:
    """`before` are the questions asked before it, without those that asked for another format only."""
    asked = without_instructions(text)
    alone = _standing_alone(asked, register)
    if not before or alone.asks_holdings or not leans(asked):
        return alone
    earlier, own = _understand(before[-1], before[:-1], register), _has_words_of_its_own(asked, register)
    if _REFORMATS.search(asked) or (alone.time and alone.time.newest and not own):
        return replace(earlier, asked=asked, time=alone.time or earlier.time)
    names = bool(_police(alone.organisations) or alone.region)
    leading = [without_bodies(q, register) for q in earlier.chain] if names else earlier.chain
    chain = (leading[0], *(*leading[1:], asked)[-_MOST_FOLLOW_UPS:])
    bare = BARE_WEIGHT if own else EMPTY_WEIGHT
    mentioned = tuple(dict.fromkeys((*earlier.mentioned, *alone.organisations)))
    compares = alone.shape is Shape.COMPARISON and not _WHICH_ONES.search(asked)
    organisations = mentioned if compares else earlier.organisations
    organisations = alone.organisations if alone.organisations or names else organisations
    return replace(
        alone,
        queries=(Query(asked, bare), Query(" ".join(chain)[-_MOST_CONTEXT:], 1 - bare)),
        organisations=organisations,
        region=alone.region if names else earlier.region,
        shape=Shape.COMPARISON if compares or len(_police(organisations)) > 1 else Shape.PLAIN,
        time=alone.time or earlier.time,
        chain=chain,
        mentioned=mentioned,
    )


def _standing_alone(asked: str, register: Register) -> Understood:
    organisations = tuple(register.named_in(asked, bare_places=True))
    police = _police(organisations)
    asks_holdings = bool(police) and _asks_holdings(asked, register)
    return Understood(
        asked=asked,
        queries=(Query(_engagement_of(police) if asks_holdings else asked, 1.0),),
        organisations=organisations,
        region=() if police else tuple(register.forces_of_region(asked)),
        shape=Shape.COMPARISON if _COMPARES.search(asked) or len(police) > 1 else Shape.PLAIN,
        asks_meaning=bool(_ASKS_MEANING.search(asked)),
        asks_holdings=asks_holdings,
        time=time_asked(asked),
        chain=(asked,),
        mentioned=organisations,
    )


def _asks_holdings(asked: str, register: Register) -> bool:
    """Whether it is "what do we hold on Durham?": nothing in it could be searched for but the body."""
    return bool(_ASKS_HOLDINGS.search(asked)) and _HOLDING.issuperset(stems(without_bodies(asked, register)))


def _engagement_of(bodies: Iterable[Organisation]) -> str:
    """What the assistant is for, asked of these bodies."""
    return f"How does {' and '.join(body.name for body in bodies)} engage with the public?"


def _has_words_of_its_own(asked: str, register: Register) -> bool:
    """Whether a follow-up says what it is about: more than "which forces were they?" or "and in Durham?"."""
    return not _GENERAL.issuperset(stems(without_time(without_bodies(asked, register))))


def without_instructions(text: str) -> str:
    """The text without sentences that give orders to the assistant; the text itself where nothing else would remain."""
    sentences = re.findall(r"""[^.?!]+(?:[.?!]+["'”’)]*|$)\s*""", text)
    kept = "".join(sentence for sentence in sentences if not _INSTRUCTION.search(sentence)).strip()
    return kept if _WORD.search(kept) else text


def overrides(text: str) -> bool:
    """Whether it tells the assistant to leave its rules, and asks nothing beside that."""
    return "?" not in text and re.search(_OVERRIDE, text, re.IGNORECASE) is not None


def leans(text: str) -> bool:
    """Whether the question is too short or points too much to be understood alone."""
    return bool(_LEANS.search(text) or _REFORMATS.search(text)) or len(_WORD.findall(text)) <= _SHORT


def _police(organisations: Iterable[Organisation]) -> list[Organisation]:
    return [organisation for organisation in organisations if organisation.is_police_body]


def without_bodies(text: str, register: Register, instead: str = "") -> str:
    """The text without the names of police bodies, or with other words in their place."""
    for mention in reversed(register.mentions(text, bare_places=True)):
        if mention.organisation.is_police_body:
            text = text[: mention.start] + instead + text[mention.end :]
    return " ".join(text.split())
