"""Whether two questions ask the same, so that they are one gap.

Words decide, as for statements (see sameness): a cosine puts "rural" beside "urban" and sees no "not". What two
questions must share: the bodies they name, every figure and date, what is asked for (why, how often, who …), the words
that turn a meaning, and all words of content, in any of the forms that the glossary holds for one term. When in doubt
they are two.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.glossary import Glossary
from ingest.register import Register
from service.dating import time_asked
from service.figures import figures_in
from service.quoting import is_negation
from service.rephrasing import understand
from service.strength import strength_of
from service.vocabulary import Question
from service.words import FRAMING_WORDS, STOP_WORDS, stem

_ASPECTS = (
    ("how often", r"\bhow (?:often|frequently|regularly)\b"),
    ("how many", r"\bhow (?:many|much)\b|\bnumber of\b"),
    ("why", r"\bwhy\b|\breasons?\b"),
    ("when", r"\bwhen\b|\bwhat (?:date|day|year)\b"),
    ("where", r"\bwhere\b"),
    ("which forces", r"\b(?:which|what) (?:\w+ )?(?:forces|bodies|organisations|constabularies)\b"),
    ("who", r"\bwho(?:m|se)?\b"),
)
"""What is asked for, the first that is found; questions with what, which and how differ by their words of content."""
_TURNING_WORDS = """
    before after since until prior without except more less fewer most least only again still already yet
    give gives gave given giving get gets got getting receive receives received receiving
    should would could may might must will was were did had
    latest newest current currently former first last next never ever over under above below against
"""
_TURNING = frozenset(_TURNING_WORDS.split())
"""Of the words that carry no content, those that make another question of one."""
_SAME_TURN = {
    **dict.fromkeys(("gives", "gave", "given", "giving"), "give"),
    **dict.fromkeys(("get", "gets", "got", "getting", "receives", "received", "receiving"), "receive"),
    **dict.fromkeys(("was", "were", "did", "had"), "did"),
}
_LIGHT_WORDS = """
    force constabulary way method run hold held use make made part kind answer respond reply set
    local please say said list member frequently often regularly reason result come
"""
_LIGHT = frozenset(stem(word) for word in (*FRAMING_WORDS, *_LIGHT_WORDS.split()))
"""Words by which the same is asked in another way: "surveys run by" and "surveys of"."""
_DIRECTED = re.compile(
    r"\b(?:tell|told|ask|inform|trust|rate|say|help|want|think|thank|contact|approach|survey|support|pay|listen|know)"
    r"(?:s|d|ed|ing)?\b",
    re.IGNORECASE,
)
"""Who does this to whom makes the question: "what do residents tell Norfolk", or Norfolk them."""
_BODY = "somebody"
_POLICE_BODIES = re.compile(r"\bpolice (forces?|services?|bod(?:y|ies))\b", re.IGNORECASE)
_PASSIVE = re.compile(r"\bby\b|\b(?:is|are|was|were|be|been|being)\b.*?\b\w+ed\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is compared with others."""

    block: str
    """Digest of what two that ask the same share to the letter: bodies, filters, figures, dates, aspect, turns."""
    content: tuple[str, ...]
    """Its words of content in order, each as the first form of its term; none twice."""
    turned: bool
    """Whether it is put in the passive, so that its words may stand in another order."""
    directed: bool
    """Whether no words may stand in another order: who does it to whom is what is asked."""
    order: tuple[str, ...]
    """The same words with the places of the bodies that it names."""

    def is_same_as(self, other: "Asked") -> bool:
        if self.block != other.block or not self.content or set(self.content) != set(other.content):
            return False
        if self.directed:
            return self.order == other.order
        return self.content == other.content or self.turned != other.turned


class Paraphrasing:
    def __init__(self, register: Register, glossary: Glossary) -> None:
        self._register = register
        self._glossary = glossary

    def asked(self, question: Question) -> Asked:
        understood = understand(question, self._register)
        text = " ".join(understood.chain)
        bodies = sorted({self._root(o.slug) for o in self._register.named_in(text, bare_places=True)})
        filters = question.model_dump(mode="json", exclude={"question", "history", "organisations"})
        filters["organisations"] = sorted(map(self._root, question.organisations))
        regions = sorted(organisation.slug for organisation in understood.region)
        told = self._with_bodies_unnamed(text)
        shared = (bodies, filters, regions, _figures(told), _time(text), _aspect(told), sorted(_turns(told)))
        block = hashlib.sha256(json.dumps(shared).encode()).hexdigest()
        order = tuple(self._content(told))
        content = tuple(dict.fromkeys(word for word in order if word != stem(_BODY)))
        return Asked(block, content, bool(_PASSIVE.search(text)), bool(_DIRECTED.search(told)), order)

    def _root(self, slug: str) -> str:
        """One name for a body with its predecessors and successors."""
        return min(self._register.lineage(slug))

    def _with_bodies_unnamed(self, text: str) -> str:
        for mention in reversed(self._register.mentions(text, bare_places=True)):
            text = f"{text[: mention.start]} {_BODY} {text[mention.end :]}"
        return _POLICE_BODIES.sub(r"\1", re.sub(r"(?<=\s)['’]s\b", " ", text))

    def _content(self, text: str) -> Iterator[str]:
        """Each term of the glossary as one word, its first form; every other word of content as its stem."""
        forms = {_folded(written): family.term for family, written in self._glossary.families_in(text)}
        pattern = "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))
        parts = re.split(rf"(?<!\w)({pattern})(?!\w)", _folded(text)) if forms else [_folded(text)]
        for part in parts:
            if part in forms:
                yield forms[part]
            else:
                yield from _stems(part)


def _stems(text: str) -> Iterator[str]:
    for word in _WORD.findall(text):
        if word not in STOP_WORDS and not word[0].isdigit() and stem(word) not in _LIGHT:
            yield stem(word.removesuffix("'s").removesuffix("’s"))


def _folded(text: str) -> str:
    return re.sub(r"[\s-]+", " ", text).casefold()


def _figures(text: str) -> list[str]:
    return sorted(figure.value for figure in figures_in(text))


def _time(text: str) -> object:
    time = time_asked(text)
    return [[[p.start, p.end] for p in time.periods], time.newest] if time else None


def _aspect(text: str) -> str:
    return next((name for name, pattern in _ASPECTS if re.search(pattern, text, re.IGNORECASE)), "")


def _turns(text: str) -> set[str]:
    words = [word.casefold() for word in _WORD.findall(text)]
    turns = {_SAME_TURN.get(word, word) for word in words if word in _TURNING}
    operators = {name for name in strength_of(text).operators}
    return turns | operators | ({"not"} if any(map(is_negation, words)) else set())
