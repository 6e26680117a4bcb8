"""May this be answered? Decided from the question alone, before anything is searched.

A look-up of a person, operational intelligence, legal advice and a request to make something up are refused however
well the library matches them.
"""

import re
from dataclasses import dataclass

from ingest.glossary import Glossary
from ingest.register import Register
from service.rephrasing import overrides

PURPOSE = (
    "This assistant answers questions about how police forces and their partners engage with the public, "
    "from the documents held."
)


def _phrases(lines: str) -> re.Pattern[str]:
    """Any of the alternatives, one or more a line, as whole words in any case."""
    return re.compile(rf"\b(?:{'|'.join(line.strip() for line in lines.strip().splitlines())})\b", re.IGNORECASE)


_PERSON = r"(?:[A-Z][a-z]+ (?:[A-Z]\.? )?[A-Z][a-z'-]+|(?:Mr|Mrs|Ms|Miss|Dr|PC|DC|Sgt|Insp)\.? [A-Z][a-z]+)"
_PERSONAL_DETAIL = (
    r"(?i:\b(?:(?:home|e-?mail) address|(?:phone|telephone|mobile) number|date of birth|dob|criminal record|"
    r"convict\w*|arrested|whereabouts|police record|previous (?:for|of|on)|(?:intel|trace|record|history) (?:on|of|for)"
    r")\b)"
)
_LOOK_UP = re.compile(
    rf"{_PERSONAL_DETAIL}.{{0,60}}{_PERSON}|{_PERSON}.{{0,60}}{_PERSONAL_DETAIL}|"
    # Forces address things, and people live in places: these words ask for a person only right beside a name.
    rf"(?i:\b(?:man|woman|person|male|female|lad|boy|girl|someone|somebody) (?:called|named|by the name of)) {_PERSON}|"
    rf"(?i:\baddress(?:es)? (?:of|for)) {_PERSON}|(?i:\b(?:do|does|did)) {_PERSON} live\b|"
    rf"(?i:\b(?:is|was)) {_PERSON} (?:born|living)\b|{_PERSON}(?:['’]s? (?:\w+ )?address| (?:lives|lived|was born))\b"
)
_OFFICE_HOLDER = re.compile(
    r"\b(?:what(?:['’]s| is)|give|tell|find)\b.{0,20}\b(?:(?:phone|telephone|mobile) number|e-?mail address)"
    r" (?:of|for) (?:the|a|an|my) (?:[\w-]+ ){0,4}(?:officer|sergeant|inspector|superintendent|constable|pcso|lead)\b",
    re.IGNORECASE,
)
"""Asks how to reach the one person who holds a post."""
_LOOK_UP_WORDS = _phrases(r"""
    (?:born|dob)\D{0,15}\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}
    number ?plates?|registration (?:number|mark)|vehicle keeper|whose car|who owns the (?:car|vehicle)
    pnc|pnd|look up (?:a|this|the) (?:person|vehicle|nominal|suspect)
""")
_OPERATIONAL = _phrases(r"""
    informants?|chis|covert|undercover|surveillance (?:target|operation)s?
    (?:ongoing|live|current) (?:investigation|operation)s?|crime reference|case number
    suspects? (?:in|for)|who (?:killed|murdered|stabbed|shot|robbed|burgled)
    warrants? (?:tonight|today|tomorrow|this|next|on) |(?:tonight|today|tomorrow)['’]s (?:\w+ ){0,2}warrants?
    (?:where|when|who|which \w+(?: in \w+)?) (?:should|shall|do|can) (?:we|i|officers) (?:hit|raid|arrest|patrol|deploy)
    arrest (?:warrant|plan)s?|firearms deployment|patrol (?:route|roster)s?|shift pattern of
""")
_LEGAL = _phrases(r"""
    (?:can|should|could) (?:i|we) sue|am i liable|legal advice|is it (?:legal|illegal|lawful) (?:for me|to)
    my (?:solicitor|court case|legal rights)|do i have grounds|appeal (?:my|a) (?:fine|conviction|sentence)
    (?:am|are|is|will|would) (?:i|we|the force|our force)(?: be)? liable|our defen[cs]e
    (?:sue|suing) (?:us|me|the force)
    (?:defend|settle|contest) (?:a|the|this|his|her|their) claim|claim against (?:us|me|the force)
    (?:could|will|can|would) (?:i|we|he|she|they) be (?:prosecuted|sued|charged|arrested)
""")
_FABRICATION = re.compile(
    r"(?:^|\bplease |\byou |[.;,:] (?:and |then )?)"
    r"(?:pretend|make (?:it |one |something |some |a \w+ )?up|invent|imagine (?:that )?you|fabricate|role ?-?play|"
    r"act as if)\b|"
    r"\bas if you (?:had|have)\b",
    re.IGNORECASE,
)
_WRITING = re.compile(
    r"(?:^|\bplease |\byou )(?:write|compose|draft) (?:me |us )?an? (?:\w+ )?"
    r"(?:poem|story|song|joke|speech|tweet|letter|press release|essay|limerick)\b",
    re.IGNORECASE,
)
_SPEAKING_AS = re.compile(
    r"^(?:as|speaking as|in the name of|on behalf of) .{3,60}, (?:say|state|write|confirm|tell)\b", re.IGNORECASE
)
_OTHER_BUSINESS = _phrases(r"""
    salar(?:y|ies)|wages?|pensions?|budgets?|headcount|how many officers|vetting|overtime
    report (?:a|the|my) (?:crime|theft|accident|incident)|lost property|(?:call|dial|phone|ring) 999
    burglar(?:y|ies)|murders?|thefts?|arrests?|detection rate|clear-?up rate|crime (?:rate|figures|statistics)
    who is the (?:chief constable|commissioner|mayor)
""")
_ENGAGEMENT = _phrases(r"""
    engag\w*|consult\w*|public|communit\w*|residents?|neighbourhoods?|surveys?|meetings?|seminar|views?|citizens?|strateg\w*
    young people|youth|groups?|panels?|trust|confidence|messag\w*|volunteers?|participants?|update
""")
_FIELD = _phrases(r"""
    polic\w*|forces?|constabular\w*|officers?|pcsos?|communit\w*|public|engag\w*|consult\w*|neighbourhoods?
    crimes?|victims?|briefings?|strateg\w*|seminars?|participants?|discussants?|strand|catalyst|trust|confidence
    residents?|citizens?|young people|youth|groups?|forums?|meetings?|surveys?|inspect\w*|commissioners?
    o?pccs?|partners?|partnerships?
""")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a question is outside what the assistant is for, told to the asker."""

    message: str
    keep_question: bool = True
    """Whether its words may be recorded; a look-up of a person is not kept."""


def refusal(asked: str, register: Register, glossary: Glossary) -> Refusal | None:
    """The refusal that the question itself calls for, whatever is held."""
    asks_for_person = _LOOK_UP.search(_without_known_names(asked, register, glossary)) or _OFFICE_HOLDER.search(asked)
    if asks_for_person or _LOOK_UP_WORDS.search(asked):
        return Refusal(
            "Details of people are never looked up here, and this question was not kept. "
            f"{PURPOSE} Use your force's own systems for enquiries about a person.",
            keep_question=False,
        )
    if _OPERATIONAL.search(asked):
        return Refusal(f"Operational matters and intelligence are outside what is held. {PURPOSE}")
    if _LEGAL.search(asked):
        return Refusal(f"Legal advice cannot be given here; ask your force's legal services. {PURPOSE}")
    if _FABRICATION.search(asked) or overrides(asked):
        return Refusal(
            "Nothing is made up here: only what a document held says can be quoted. "
            "Ask about the documents held, or ask the strand lead to add the one that is missing."
        )
    if _WRITING.search(asked) or _SPEAKING_AS.search(asked):
        return Refusal(f"Nothing is written here beyond what a document held says, and nobody is spoken for. {PURPOSE}")
    if _OTHER_BUSINESS.search(asked) and not _ENGAGEMENT.search(asked):
        return Refusal(f"This is police business, but not how the police and the public engage. {PURPOSE}")
    return None


def _without_known_names(asked: str, register: Register, glossary: Glossary) -> str:
    """The question with organisations and terms in lower case: "Greater Manchester" is nobody's name."""
    names = [asked[m.start : m.end] for m in register.mentions(asked, bare_places=True)]
    names += [form for _, form in glossary.families_in(asked)]
    for name in names:
        asked = asked.replace(name, name.lower())
    return asked


def in_the_field(asked: str, register: Register, glossary: Glossary) -> bool:
    """Whether the question uses any word of the field: an organisation, a term of the glossary, police or public."""
    return bool(_FIELD.search(asked) or register.named_in(asked, bare_places=True) or glossary.families_in(asked))
