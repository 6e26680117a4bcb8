"""The product as it is measured: its own library, adding and answering, set up as the command line does."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.speed.texts import Document
from ingest.catalogue import Scope
from ingest.library import Library
from service import recording
from service.gathering import Gatherer
from service.records import Records
from service.rephrasing import understand
from service.settings import Settings
from service.vocabulary import Asker, Outcome, Question

_WITH_POINTS = (Outcome.ANSWERED, Outcome.PARTLY_ANSWERED)


def settings_for(folder: Path) -> Settings:
    return Settings(data_dir=folder, _env_file=None)  # type: ignore[call-arg]


class Ours:
    """A library open in a data folder. Made anew where there is none."""

    def __init__(self, folder: Path) -> None:
        settings = settings_for(folder)
        self._library = Library.open(settings)
        self._answering = recording.build(self._library, settings, Records(self._library.catalogue.engine))
        self._gatherer = Gatherer(self._library)

    def close(self) -> None:
        self._answering.close()
        self._library.close()

    def add(self, documents: Sequence[Document], files: Path) -> Iterator[int]:
        """Yields, after the first document and at the end, how many texts have been added until then."""
        from ingest import adding  # here, since who only asks needs none of it
        from ingest.corpus import Found

        files.mkdir(parents=True)
        found = []
        for number, document in enumerate(documents):
            path = files / f"plan-{number}.md"
            path.write_text(document.markdown, encoding="utf-8")
            found.append(Found(path))
        texts = 0
        for number, (document, added) in enumerate(zip(documents, adding.add(self._library, found), strict=True)):
            if added.outcome is not adding.Outcome.ADDED:
                raise RuntimeError(added.message)
            texts += len(document.sections)
            if number == 0:
                yield texts
        self._library.settle()
        yield texts

    def settle(self) -> None:
        self._library.settle()

    def find(self, question: str) -> int:
        """Number of passages found: the question's part up to its evidence, with sentences weighed."""
        understood = understand(Question(question=question), self._library.register)
        return len(self._gatherer.gather(understood, self._library.now.documents(Scope()), None).closest)

    def answer(self, question: str, organisation: str | None = None) -> int:
        """The whole answer, kept as the service keeps it. Returns the number of points."""
        organisations = (organisation,) if organisation else ()
        answer = self._answering.answer(Question(question=question, organisations=organisations), Asker())
        return len(answer.points) if answer.outcome in _WITH_POINTS else 0
