"""The post that owns a document: a rank or an office, never a person's name."""

import re

_RANKS = (
    r"(?:(?:Temporary|T/|Acting|A/|Deputy|Assistant|Detective)\s?)*(?:Chief\s+Constable|(?:Chief\s+)?Superintendent|Chief\s+Supt|Supt|"
    r"(?:Chief\s+)?Inspector|Chief\s+Insp|Insp|Sergeant|Commander|(?:Police\s+and\s+Crime\s+)?Commissioner|DCC|ACC)"
)
_RANK = re.compile(rf"(?P<post>{_RANKS})\b\.?(?P<rest>.*)")
_HEAD = re.compile(
    r"(?:Deputy\s+|Assistant\s+|Interim\s+)?(?:Head|Director|Chief\s+Officer)\s+(?:of|for)\s+[A-Z][\w&'’-]+(?:\s+(?:and|of|in|the|for|&|"
    r"[A-Z][\w&'’-]+)){0,5}|(?:Deputy\s+)?Chief\s+(?:Executive|Finance\s+Officer|Officer)"
)
_WORD = (
    r"(?:Engagement|Community|Communities|Neighbourhoods?|Policing|Communications?|Corporate|Public|Partnerships?|Policy|Strategy|Strategic|"
    r"Operations|Operational|Governance|Performance|Diversity|Equality|Inclusion|Services?|Citizens|Volunteers?|Youth|Safeguarding|"
    r"Crime|Prevention|Protection|HR|People|Media|Digital|Information|Data|Planning|Research|Business|Project|Programme|Local|"
    r"Area|District|Force|Senior|Principal|Deputy|Assistant|Criminal|Justice|Professional|Standards|Harm|Reduction|Response|and|of|in|the|&)"
)
_OFFICE = re.compile(
    rf"{_WORD}(?:\s+{_WORD}){{0,6}}\s+(?:Manager|Lead|Officer|Co-?ordinator|Department|Unit|Team|Directorate|Branch|Command)"
)


def post(owner: str) -> str | None:
    """The first part of "Chief Inspector A. Name, Harbour" or "A. Name, Head of Engagement" that is a post."""
    parts = [part.strip(" .") for part in re.split(r"[,;|()]|\s[-–]\s", owner)]
    for part in parts:
        if match := _RANK.fullmatch(part):
            return _with_area(match)
        if _HEAD.fullmatch(part) or _OFFICE.fullmatch(part):
            return part
    return None


def _with_area(match: re.Match[str]) -> str:
    """Chief Superintendent Neighbourhood Policing stays whole; of Chief Superintendent and a name, the rank."""
    rest = match["rest"].strip()
    if rest and re.fullmatch(rf"(?:for\s+|of\s+|[-–]\s*)?{_WORD}(?:\s+{_WORD}){{0,5}}", rest):
        return f"{match['post']}{match['rest']}"
    return match["post"]
