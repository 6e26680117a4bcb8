"""How an unanswered question is noted: what of it may be kept, and which gap asks the same already."""

from ingest.glossary import Glossary
from ingest.register import Register
from service.gaps import GAPS, GapLog, Put, digest_of
from service.paraphrasing import Paraphrasing
from service.rephrasing import understand
from service.scoping import refusal
from service.vocabulary import Outcome, Question, Turn


class Noting:
    def __init__(self, register: Register, glossary: Glossary, log: GapLog) -> None:
        self._register = register
        self._glossary = glossary
        self._log = log
        self._paraphrasing = Paraphrasing(register, glossary)

    def put(self, question: Question, outcome: Outcome) -> Put:
        """Of what it leans on, the questions are kept that may be; the answers to them are kept elsewhere.

        Which gap asks the same is looked for only where the outcome makes one of it.
        """
        before = understand(question, self._register).chain[:-1]
        kept = tuple(Turn(role="user", content=text) for text in before if self._may_be_kept(text))
        asked = question.model_copy(update={"history": kept})
        context = asked.model_dump(mode="json", exclude={"question"}, exclude_defaults=True)
        digest = digest_of(asked.question, sorted(context.items()))
        if outcome not in GAPS:
            return Put(digest, asked, alike="")
        compared = self._paraphrasing.asked(asked)
        others = [] if self._log.known(digest) else self._log.compared_with(compared.block)
        gap = next((gap for gap, other in others if compared.is_same_as(self._paraphrasing.asked(other))), None)
        return Put(digest, asked, compared.block, gap)

    def _may_be_kept(self, text: str) -> bool:
        refused = refusal(text, self._register, self._glossary)
        return refused is None or refused.keep_question
