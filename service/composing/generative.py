"""Composes an answer with a language model. The model handles tokens; the code writes the references.

The model sees sentences under ids made up for this one question, and proposes statements with the ids they rely on. A
statement leaves only if its ids are known and it says nothing that the sentences behind them do not say.
"""

import json
import logging
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pydantic import ValidationError

from ingest.catalogue import HeldVersion
from ingest.register import Register
from ingest.vocabulary import Card, Role
from service.budget import load_counter
from service.checking import Cited, refusal
from service.composing.merging import Merging, Saying, SpeaksFor
from service.composing.reply import Answered, Proposal, plain, read_reply
from service.llm import ChatModel
from service.locating import quotation_at
from service.prompts import Prompt
from service.vocabulary import CitedOrganisation, Evidence, EvidenceSentence, Question, Statement
from service.wording import speaking

MOST_STATEMENTS = 6
EVIDENCE_TOKENS = 3_000
"""With the rules, the question and a reply this stays within CONTEXT_TOKENS of service/llm.py."""
EARLIER_QUESTIONS = 3
EARLIER_CHARACTERS = 500
MOST_NAMES = 12
"""Organisations named to the model of one document."""

_LETTERS, _DIGITS = "bcdfghjkmnpqrstvwxyz", "23456789"
_log = logging.getLogger(__name__)

FindVersion = Callable[[int], HeldVersion]
Heading = Callable[[HeldVersion], str]


class Composition(NamedTuple):
    statements: list[Statement]
    dropped: int
    """Statements of the model that were left out because they failed a check."""
    answered: Answered
    """Whether the evidence answers the question, as the model sees it."""


@dataclass(frozen=True, slots=True)
class _Offered:
    """A sentence as it is offered to the model, with all that a reference to it needs."""

    sentence: EvidenceSentence
    evidence: Evidence
    version: HeldVersion

    @property
    def saying(self) -> Saying:
        before = (self.sentence.lead_in,) if self.sentence.lead_in else ()
        return Saying(self.version, self.sentence.span, (*before, self.sentence.span))

    @property
    def words(self) -> str:
        """The sentence, behind the lead-in of its list or the header of its table: as it is to be understood."""
        return " ".join(self.saying.text.split())


@dataclass(frozen=True, slots=True)
class _Offer:
    """What the model is given: sentences by their ids, and where else their words stand."""

    sentences: dict[str, _Offered]
    merging: Merging


class GenerativeComposer:
    """Built once at start. Raises InvalidPrompt where the prompts do not fit what is given to them here."""

    def __init__(self, model: ChatModel, register: Register) -> None:
        self.model = model.name
        """"provider:model", as in the settings."""
        self._model = model
        self._register = register
        self._counter = load_counter(model.name.partition(":")[2])
        self._rules = Prompt.load("rules", {"most_statements"}).render(most_statements=MOST_STATEMENTS)
        self._question = Prompt.load("question", {"boundary", "documents", "earlier", "question"})
        _log.info("asking %s; prompts are counted with %s", model.name, self._counter.name)

    def compose(
        self,
        question: Question,
        evidence: Sequence[Evidence],
        find_version: FindVersion,
        heading: Heading,
        *,
        compare: SpeaksFor | None = None,
    ) -> Composition:
        """At most six statements that passed every check; `heading` names what a version's statements stand under.

        With `compare`, which says whom a version speaks for, each of these is heard by itself. Raises ModelFailed where
        the model gives no answer that can be read.
        """
        offer = self._offer(evidence, find_version, compare)
        if not offer.sentences:
            return Composition([], 0, "no")
        reply = read_reply(self._model.ask(self._rules, self._message(question, offer.sentences)))
        checked = [self._checked(proposed, offer, heading) for proposed in reply.statements]
        statements = list({statement.text: statement for statement in checked if statement}.values())[:MOST_STATEMENTS]
        answered: Answered = "partly" if statements and reply.answered == "no" else reply.answered
        return Composition(statements, checked.count(None), answered)

    def _offer(self, evidence: Sequence[Evidence], find_version: FindVersion, compare: SpeaksFor | None) -> _Offer:
        """The best sentences that fit, whole, each under an id of its own; in the order in which they were found.

        What several documents say in nearly the same words is given once.
        """
        found = {
            (version.id, sentence.span): _Offered(sentence, e, version)
            for e in evidence
            for version in [find_version(e.version_id)]
            for sentence in e.sentences
            if not sentence.retells
        }
        texts = {place: one.sentence.text for place, one in found.items()}
        merging = Merging(texts, lambda place: found[place].saying, self._register, compare)
        ranked = sorted(found, key=lambda place: -found[place].sentence.score)
        told = list(dict.fromkeys(merging.told_once(ranked).values()))
        fitting = self._counter.fitting([_sentence_line("k3f7", found[place]) for place in told], EVIDENCE_TOKENS)
        kept = {told[index] for index in fitting}
        ids = _new_ids(len(kept), " ".join(one.words for one in found.values()))
        return _Offer(dict(zip(ids, (one for place, one in found.items() if place in kept), strict=True)), merging)

    def _message(self, question: Question, offered: Mapping[str, _Offered]) -> str:
        """The user message. What others wrote stands in it as JSON, between two lines that nobody can foresee."""
        asked_before = [turn.content[:EARLIER_CHARACTERS] for turn in question.history if turn.role == "user"]
        return self._question.render(
            boundary=f"=== {secrets.token_hex(8)} ===",
            documents="\n".join(self._lines(offered)),
            earlier=_json(asked_before[-EARLIER_QUESTIONS:]),
            question=_json(question.question),
        )

    def _lines(self, offered: Mapping[str, _Offered]) -> Iterator[str]:
        section: tuple[int, tuple[str, ...]] | None = None
        for name, one in offered.items():
            if section != (one.version.id, one.evidence.heading_path):
                section = (one.version.id, one.evidence.heading_path)
                yield self._section_line(one.version.card, one.evidence.heading_path)
            yield _sentence_line(name, one)

    def _section_line(self, card: Card, heading_path: tuple[str, ...]) -> str:
        """Where the next sentences are from, and who is speaking in them."""
        organisations = [
            CitedOrganisation(slug=o.slug, name=o.published_as or self._register.name(o.slug), role=o.role)
            for o in card.organisations
        ]
        authors = [o.name for o in organisations if o.role is Role.AUTHOR]
        section = {
            "document": card.title,
            "section": " > ".join(heading_path),
            "kind": card.kind,
            "date": card.newest_date or "not stated",
            "author": authors[:MOST_NAMES] or "not stated",
            "about": [o.name for o in organisations if o.role is not Role.AUTHOR][:MOST_NAMES],
            "speaker": speaking(card.kind, card.event_date, organisations, self._register) or "the author",
        }
        return _json(section)

    def _checked(self, proposed: object, offer: _Offer, heading: Heading) -> Statement | None:
        """The proposal as a statement with its references; None, with the reason in the log, where it fails a check."""
        try:
            proposal = Proposal.model_validate(proposed)
        except ValidationError:
            _log.info("a statement was left out: it is not in the form that was asked for")
            return None
        names = dict.fromkeys(re.sub(r"\W", "", name).lower() for name in proposal.evidence)
        cited = [offer.sentences[name] for name in names if name in offer.sentences]
        text = plain(proposal.text, offer.sentences)
        sources = [Cited(one.words, one.version.card) for one in cited]
        reason = refusal(text, sources, self._register) if text else "it is empty"
        if reason:
            _log.info("a statement was left out: %s", reason)
            return None
        quotations = dict.fromkeys(quotation_at(span, one.version) for one in cited for span in one.saying.spans)
        headings = {heading(one.version) for one in cited}
        elsewhere = tuple(offer.merging.elsewhere([one.saying.place for one in cited]))
        return Statement(text, tuple(quotations), headings.pop() if len(headings) == 1 else None, elsewhere)


def _new_ids(count: int, texts: str) -> list[str]:
    """Ids such as k3f7: new for each question, so that no document can name one, and in no text that is given."""
    ids: set[str] = set()
    while len(ids) < count:
        new = "".join(secrets.choice(kind) for kind in (_LETTERS, _DIGITS, _LETTERS, _DIGITS))
        if new not in texts:
            ids.add(new)
    return list(ids)


def _sentence_line(name: str, one: _Offered) -> str:
    return _json({"id": name, "text": one.words})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")
