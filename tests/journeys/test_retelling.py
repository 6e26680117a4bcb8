"""A digest is found by its plain words; what it retells is quoted from the document itself, once."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.adding import add
from ingest.corpus import gather
from ingest.library import Library
from ingest.settings import IngestSettings
from service.answering import Answering
from service.vocabulary import Answer, Asker, Outcome, Question

Ask = Callable[[str], Answer]

NOTES = """---
id: notes
title: Fellside workshop notes of spring
organisations: [{slug: cumbria, role: author}]
kind: seminar-output
---
# Fellside workshop notes of spring

## Aims

Attendees identified three aims for consultation exercises:

- ascertaining the concerns of households
- communicating financial constraints candidly
- recruiting individuals to voluntary roles

## Venues

Attendees favoured agricultural shows over police premises as venues for consultation.
"""
DIGEST = """---
id: digest
title: Digest of the spring workshop
organisations: [{slug: cumbria, role: reported_on}]
kind: digest
---
# Digest of the spring workshop

This digest has one source, the Fellside workshop notes of spring.

## What consultation is for

Those who came named three aims of consultation exercises:

- finding out the concerns of households
- being candid about the limits on money
- getting individuals to take on voluntary roles

## Where to consult

Those who came favoured farm shows over police premises as venues for consultation.

The notes do not say who came to the workshop.
"""


@pytest.fixture
def hold(settings: IngestSettings, tmp_path: Path) -> Iterator[Callable[..., Ask]]:
    with Library.open(settings) as library:

        def of(**documents: str) -> Ask:
            for name, text in documents.items():
                (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
            paths = [tmp_path / f"{name}.md" for name in documents]
            assert {added.outcome for added in add(library, gather(paths), lambda progress: None)} == {"added"}
            answering = Answering(library, lambda: "7F3A-21")
            return lambda question: answering.answer(Question(question=question), Asker())

        yield of


def sources(answer: Answer) -> set[str]:
    return {citation.source.document_id for citation in answer.citations}


def test_a_list_is_quoted_from_the_document_and_not_from_its_digest(hold: Callable[..., Ask]) -> None:
    answer = hold(notes=NOTES, digest=DIGEST)("What are the aims of consultation exercises?")
    assert sources(answer) == {"notes"}
    assert "communicating financial constraints candidly" in answer.points[0].text


def test_the_digest_lends_its_plainer_words_to_the_search(hold: Callable[..., Ask]) -> None:
    answer = hold(notes=NOTES, digest=DIGEST)("Should we consult at farm shows?")
    assert answer.points[0].text == NOTES.splitlines()[-1]
    assert sources(answer) == {"notes"}


def test_what_the_digest_alone_tells_is_quoted_from_it(hold: Callable[..., Ask]) -> None:
    answer = hold(notes=NOTES, digest=DIGEST)("Who came to the workshop?")
    assert "The notes do not say who came to the workshop." in {point.text for point in answer.points}


def test_the_digest_speaks_where_the_document_is_not_held(hold: Callable[..., Ask]) -> None:
    answer = hold(digest=DIGEST)("Should we consult at farm shows?")
    assert answer.outcome is Outcome.ANSWERED
    assert sources(answer) == {"digest"}


def test_another_digest_that_does_not_name_the_document_speaks_for_itself(hold: Callable[..., Ask]) -> None:
    unnamed = DIGEST.replace("This digest has one source, the Fellside workshop notes of spring.", "A digest.")
    answer = hold(notes=NOTES, digest=unnamed)("What are the aims of consultation exercises?")
    assert sources(answer) == {"notes", "digest"}


def test_a_body_of_which_only_the_digest_is_held_is_not_called_silent(hold: Callable[..., Ask]) -> None:
    unattributed = NOTES.replace("organisations: [{slug: cumbria, role: author}]\n", "")
    reported = DIGEST.replace("slug: cumbria", "slug: n8prp")
    ask = hold(notes=unattributed, digest=reported)
    answer = ask("What aims did the N8 Policing Research Partnership's workshop name for consultation exercises?")
    assert answer.outcome is Outcome.ANSWERED
    assert sources(answer) == {"notes"}
    assert answer.coverage.silent == ()
    assert [body.slug for body in answer.coverage.unshown] == ["n8prp"]
