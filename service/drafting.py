"""What a request says before anybody has read it over: whom to ask, for what, and the letter."""

import re
from collections.abc import Iterable, Sequence
from string import Template

from ingest.glossary import Glossary
from ingest.register import Organisation, Register
from service.missing import Draft
from service.rephrasing import understand
from service.vocabulary import Gap, NamedOrganisation, Question
from service.words import FRAMING_WORDS, STOP_WORDS

_KINDS = (
    (r"\bevaluat\w*|\bmeasur\w*|\bsuccess\w*|\boutcomes?\b", "evaluation of its public engagement"),
    (r"\bstrateg\w*", "engagement strategy"),
    (r"\bpolice and crime plan\b", "police and crime plan"),
    (r"\bplans?\b", "engagement plan"),
    (r"\bpolic(?:y|ies)\b", "engagement policy"),
    (r"\bsurvey\w*|\bconsultation\b", "reports on its surveys and consultations"),
)
_USUAL = "engagement strategy or plan"
_MOST_TOPIC_WORDS = 4
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_GENERAL = frozenset(
    """
    engage engages engaged engaging engagement public police policing force forces constabulary community communities
    strategy strategies plan plans evaluate evaluated evaluation measured success policy document documents people
    consult consults consulted consultation survey surveys way ways use uses hold held
    """.split()  # noqa: SIM905
)
"""Said of every engagement document, so that they say nothing of what this one is to cover."""
_LETTER = Template(
    """Subject: Request for your $wanted

Dear colleague,

We keep a library of documents on how the police engage with the public, for force engagement leads and \
researchers. Questions are answered from it in the documents' own words, and every statement cites the document, the \
body that wrote it and the page, so that readers can check it at the source.

$because

Could you please send us your $wanted, or tell us where it is published? We would add it to the library, quote from \
it with its title and your organisation's name beside each quotation, and show its date. It would not be altered. We \
would replace it when you send a newer edition, and take it out if you ask us to.

With it, please tell us:
- when it was published, and the period that it covers
- when it is due for review
- its protective marking, if it has one
- under which licence or conditions it may be quoted

Please leave out, or point out to us, anything in it that should not be quoted, such as personal data.

With thanks and kind regards,
the library of police public engagement
"""
)


def draft(
    organisation: Organisation | None, question: str, register: Register, glossary: Glossary, wanted: str | None = None
) -> Draft:
    """For the organisation, or for whichever will be chosen; `question` is what is not answered, or empty."""
    wanted = wanted or _wanted(question, register, glossary)
    name = organisation.name if organisation else "your organisation"
    because = f"What we hold does not yet answer this question about {name}:\n{question}"
    if not question:
        because = f"We do not yet hold this for {name}."
    return Draft(
        organisation=NamedOrganisation(slug=organisation.slug, name=organisation.name) if organisation else None,
        wanted=wanted,
        letter=_LETTER.substitute(wanted=wanted, because=because).strip(),
    )


def suggested(gap: Gap, register: Register) -> list[Organisation]:
    """Whom to ask: the bodies asked about that are silent or not held, else all that the question names."""
    missing = [register.get(organisation.slug) for organisation in gap.organisations]
    named = understand(Question(question=gap.question), register).organisations if not missing else ()
    return list(_in_being(filter(None, [*missing, *named]), register))


def _in_being(bodies: Iterable[Organisation], register: Register) -> Iterable[Organisation]:
    """A body that has a successor is asked at its successor."""
    for body in bodies:
        while body.successor and (successor := register.get(body.successor)):
            body = successor
        yield body


def _wanted(question: str, register: Register, glossary: Glossary) -> str:
    kind = next((kind for pattern, kind in _KINDS if re.search(pattern, question, re.IGNORECASE)), _USUAL)
    topic = _topic(question, register, glossary)
    return f"{kind} covering {topic}" if topic else kind


def _topic(question: str, register: Register, glossary: Glossary) -> str:
    """A term of the field that the question uses, else its longest run of words of content."""
    for mention in reversed(register.mentions(question, bare_places=True)):
        question = f"{question[: mention.start]}. {question[mention.end :]}"
    terms = [written for _, written in glossary.families_in(question) if _content([written])]
    runs: list[list[str]] = [[]]
    for word in re.findall(rf"{_WORD.pattern}|[.,;:?!]", question):
        runs[-1].append(word) if _content([word]) else runs.append([])
    longest = max(runs, key=len)[:_MOST_TOPIC_WORDS]
    return max(terms, key=len, default=" ".join(longest))


def _content(phrases: Sequence[str]) -> bool:
    words = [word.casefold() for phrase in phrases for word in _WORD.findall(phrase)]
    return any(word not in STOP_WORDS | FRAMING_WORDS | _GENERAL for word in words)
