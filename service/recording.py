"""Answering of which a record is kept."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from ingest.library import Library
from service.answering import Answering, PointReady
from service.gathering import Gatherer
from service.llm import ChatModel, load_chat_model
from service.noting import Noting
from service.records import Records
from service.reranking import load_reranker
from service.settings import Settings
from service.vocabulary import Answer, Asker, Question

if TYPE_CHECKING:
    from service.composing.generative import GenerativeComposer


def build(library: Library, settings: Settings, records: Records) -> "Recording":
    """Answering from this library as the settings have it. Raises ModelUnusable, RerankerUnusable, InvalidPrompt."""
    model = load_chat_model(settings)
    reranker = load_reranker(settings)
    answering = Answering(library, records.new_reference, _composer(model, library), Gatherer(library, reranker))
    noting = Noting(library.register, library.glossary, records.gap_log)
    return Recording(answering, records, noting, [asked for asked in (model, reranker) if asked])


def _composer(model: ChatModel | None, library: Library) -> "GenerativeComposer | None":
    if model is None:
        return None
    from service.composing.generative import GenerativeComposer  # most services have no model, and start sooner

    return GenerativeComposer(model, library.register)


class Answers(Protocol):
    """What answers questions; `stream` ends with the whole answer."""

    def stream(self, question: Question, asker: Asker) -> Iterator[PointReady | Answer]: ...


class Closing(Protocol):
    """What holds a connection to a model."""

    def close(self) -> None: ...


class Recording:
    """Answers as the one inside it does, and keeps each answer before it is handed out."""

    def __init__(self, answering: Answers, records: Records, noting: Noting, models: Sequence[Closing] = ()) -> None:
        self._answering = answering
        self._records = records
        self._noting = noting
        self._models = models

    def close(self) -> None:
        """Let go of the models that are asked, where there are any."""
        for model in self._models:
            model.close()

    def answer(self, question: Question, asker: Asker) -> Answer:
        *_, answer = self.stream(question, asker)
        assert isinstance(answer, Answer)
        return answer

    def stream(self, question: Question, asker: Asker) -> Iterator[PointReady | Answer]:
        for event in self._answering.stream(question, asker):
            if isinstance(event, Answer):
                is_kept = event.question == question.question
                self._records.keep(event, self._noting.put(question, event.outcome) if is_kept else None)
            yield event
