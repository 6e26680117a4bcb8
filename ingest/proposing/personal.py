"""Words by which one person can be told or reached: e-mail addresses, telephone numbers, officers' collar numbers.

An office's mailbox and a public service's number are no personal data. What cannot be told apart is pointed out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.proposing.proposal import PersonalDatum, PersonalKind
from ingest.vocabulary import CanonicalText

_EMAIL = re.compile(r"(?<![\w.+'-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_OFFICE_WORDS = """
101 admin administration advice alerts analysis appeals business cadets careers charities chief citizens collaboration
comments comms communications communities community complaints consultation consultations contact control corporate
correspondence cpt crimestoppers customer cyber data desk digital diversity dpo editor editors email engage engagement
enquiries enquiry equality events executive feedback foi force forms forum freedom governance hate hello help helpdesk
helpline hq hr iag ict info information innovation inquiries insight inspectorate involvement it liaison library
licensing listen listening local mail mailbox manager marketing media mopac neighbourhood neighbourhoods news newsdesk
newsletter noreply npt office officer ombudsman online opcc opfcc panel participation partnership partnerships pcc
people performance permissions planning police policing policy post press priorities privacy programme project psd
public publications qsd queries reception records recruitment reply research responses safeguarding safer schools
scrutiny secretariat secretary service services smt specials staff standards station strategy support survey surveys
switchboard team teams training unit victims volunteer volunteers watch web webmaster website welcome women young
youth
"""
_OFFICES = frozenset(_OFFICE_WORDS.split())
_PRIVATE_DOMAINS = re.compile(
    r"@(?:gmail|googlemail|hotmail|outlook|live|msn|yahoo|ymail|icloud|me|aol|btinternet|virginmedia|sky|ntlworld|"
    r"talktalk|protonmail|proton)\.",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(
    r"""(?<![\w.,/#-])
    (?: \(?\+44\)?\s?\(?0?\)?\s?\(?[127]\d{1,4}\)? | \(?0[127]\d{1,4}\)? )
    (?: [ -]?\d{3,8} ){1,3}
    (?![\w/]|[.,]\d)""",
    re.VERBOSE,
)
"""Landlines and mobiles. 03, 08 and 09 are the numbers of services, 101 and 999 are shorter."""
_SERVICE = re.compile(
    r"switchboard|reception|front (?:counter|desk|office)|helpline|help ?desk|hotline|enquir|non-emergency|textphone|"
    r"minicom|text ?relay|typetalk|customer|contact (?:centre|us)|call centre|control room|head ?quarters|"
    r"station|freephone|crimestoppers|press office|media office|\bfax\b|isbn|issn|reference",
    re.IGNORECASE,
)
_SERVICE_WITHIN = 50
"""Characters before a number in which its service is named."""
_COLLAR = re.compile(
    r"""(?<![\w-])(?<!Washington\ )(?<!Washington,\ )
    (?P<rank> (?=\S)
        (?: (?: Temporary|Temp|T/|A/|Acting|Detective|Det|Police|Special|Chief|Woman )\.?\s? ){0,4}
        \b(?: Constable|Con|Sergeant|Sgt|Serg|Inspector|Insp|Superintendent|Supt|WPC|PCSO|PC|PS|DCI|DC|DS|DI|SC )
        (?: \b\.? | (?=\d) )
    )
    (?P<before> (?: \s+ NAME ){0,3} ),?\s*
    (?P<open> [(\[]? )\s?
    (?P<number> (?: \#\s? | [Nn]o\.?\s? | [Cc]ollar\s+(?:[Nn]umber|[Nn]o\.?)\s?:?\s? )?
        (?P<digits> \d{2,6} ) [A-Z]{0,2} )\b
    (?! [.,/:-]?\d | \s?[%£°] )
    (?P<close> [)\]]? )
    (?P<after> (?: \s+ NAME ){0,2} )
    (?P<next> \s+\w+ )?""".replace("NAME", r"[A-Z](?: \. | [a-z]*['’]?[A-Z]?[a-z]+(?:-[A-Z][a-z]+)? )"),
    re.VERBOSE,
)
_DIGIT = re.compile(r"\d\d")
_COUNTED_THINGS = """
hours officers posts roles vacancies days staff people years months weeks minutes members visits residents homes
patrols times per percent areas forces wards calls crimes miles km pages students schools reports
"""
_COUNTED = frozenset(_COUNTED_THINGS.split())
_BARE_RANK = re.compile(r"(?:DC|SC|PS|DS|DI)\.?$")


@dataclass(frozen=True, slots=True)
class Found:
    kind: PersonalKind
    start: int
    end: int


def personal(canonical: CanonicalText) -> Iterator[PersonalDatum]:
    """In the order of the text."""
    for block in canonical.blocks:
        text = canonical.text[block.start : block.end]
        for found in personal_in(text):
            yield PersonalDatum(
                kind=found.kind,
                text=text[found.start : found.end],
                page=block.page,
                start=block.start + found.start,
                end=block.start + found.end,
            )


def personal_in(text: str) -> list[Found]:
    """Spans that do not overlap, in order."""
    found = [*_emails(text), *_telephones(text), *_collar_numbers(text)]
    return sorted(found, key=lambda one: one.start)


def _emails(text: str) -> Iterator[Found]:
    if "@" not in text:
        return
    for match in _EMAIL.finditer(text):
        if not _is_office(match.group()):
            yield Found("email", match.start(), match.end())


def _is_office(address: str) -> bool:
    """A mailbox of a team or a purpose. A name, initials or a collar number before the @ is a person's."""
    words = re.findall(r"[a-z]+|\d+", address.partition("@")[0].casefold())
    return not _PRIVATE_DOMAINS.search(address) and any(word in _OFFICES for word in words)


def _telephones(text: str) -> Iterator[Found]:
    for match in _TELEPHONE.finditer(text):
        digits = re.sub(r"\D", "", match.group().replace("(0)", ""))
        national = f"0{digits[2:]}" if digits.startswith("44") else digits
        before = text[max(0, match.start() - _SERVICE_WITHIN) : match.start()]
        if len(national) in (10, 11) and not _SERVICE.search(before):
            yield Found("telephone", match.start(), match.end())


def _collar_numbers(text: str) -> Iterator[Found]:
    if not _DIGIT.search(text):
        return
    for match in _COLLAR.finditer(text):
        if _is_collar_number(match):
            end = match.end("after") if match["after"] else match.end("close") if match["open"] else match.end("number")
            yield Found("collar_number", match.start(), end)


def _is_collar_number(match: re.Match[str]) -> bool:
    following = (match["next"] or match["after"] or "").strip().casefold()
    digits, sure = match["digits"], "#" in match["number"] or "ollar" in match["number"] or bool(match["open"])
    named = bool(match["before"] or match["after"])
    if following in _COUNTED:
        return False
    if sure:
        return True
    if len(digits) == 2 or re.fullmatch(r"(?:19|20)\d\d", digits):  # a count or a year, unless a name tells otherwise
        return bool(match["after"])
    return named or not _BARE_RANK.search(match["rank"]) or len(digits) >= 3
