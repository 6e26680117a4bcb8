"""Answering of which a record is kept."""

from collections.abc import Iterator
from typing import Protocol

from ingest.library import Library
from service.answering import Answering, PointReady
from service.composing.generative import GenerativeComposer
from service.llm import ChatModel, load_chat_model
from service.records import Records
from service.settings import Settings
from service.vocabulary import Answer, Asker, Question


def build(library: Library, settings: Settings, records: Records) -> "Recording":
    """Answering from this library as the settings have it. Raises ModelUnusable and InvalidPrompt."""
    model = load_chat_model(settings)
    composer = GenerativeComposer(model, library.register) if model else None
    return Recording(Answering(library, records.new_reference, composer), records, model)


class Answers(Protocol):
    """What answers questions; `stream` ends with the whole answer."""

    def stream(self, question: Question, asker: Asker) -> Iterator[PointReady | Answer]: ...


class Recording:
    """Answers as the one inside it does, and keeps each answer before it is handed out."""

    def __init__(self, answering: Answers, records: Records, model: ChatModel | None = None) -> None:
        self._answering = answering
        self._records = records
        self._model = model

    def close(self) -> None:
        """Let go of the language model, where one is asked."""
        if self._model:
            self._model.close()

    def answer(self, question: Question, asker: Asker) -> Answer:
        *_, answer = self.stream(question, asker)
        assert isinstance(answer, Answer)
        return answer

    def stream(self, question: Question, asker: Asker) -> Iterator[PointReady | Answer]:
        for event in self._answering.stream(question, asker):
            if isinstance(event, Answer):
                self._records.keep(event)
            yield event
