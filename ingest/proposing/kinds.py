"""The kind of document that a title says it is."""

import re

from ingest.vocabulary import Kind

_ENGAGING = r"\b(?:engagement|consultation|involvement|participation)"
_KINDS: tuple[tuple[Kind, str], ...] = (
    (Kind.POLICE_AND_CRIME_PLAN, r"police(?:,? fire)? (?:and|&) crime plan"),
    (Kind.ENGAGEMENT_STRATEGY, rf"{_ENGAGING}(?: \w+| &){{0,3}} (?:strategy|framework)\b"),
    (Kind.ACTIVITY_PLAN, rf"(?:{_ENGAGING}|\bneighbourhood|\bactivity)(?: \w+| &){{0,2}} plan\b"),
    (Kind.SEMINAR_OUTPUT, r"(?:seminar|workshop|conference|symposium|round ?table)\b"),
    (Kind.INSPECTION, r"\binspection\b|(?-i:\bPEEL\b)"),
    (Kind.EVALUATION, r"\bevaluation\b(?! (?:framework|toolkit|strategy|plan|form|questionnaire))"),
    (Kind.POLICY, r"\bpolicy\b(?! (?:brief|paper|research|review|maker|exchange|institute|options|and crime))"),
    (Kind.GUIDANCE, r"\bguidance\b|\bguidelines?\b|\bguide\b|\btoolkit\b|\bhandbook\b|\bcode of practice\b"),
)
_ABOUT = re.compile(
    r"^\W*(?:re\b|response|submission|letter|reply|consultation on|minutes|agenda|summary|digest|profile|engagement "
    r"profile|press|launch|questions|feedback|comments|documents|an? (?:introduction|overview)|development "
    r"of|developing|writing|how to)\b",
    re.IGNORECASE,
)
"""A title that opens so names another document: what kind that is, is not said of this one."""
_LEADS_ON = re.compile(r"\s*(?:of|on|for|to|into|about|:)\b", re.IGNORECASE)
_OUTPUT = re.compile(
    r"notes?|report|summary|update|outputs?|proceedings|findings|write-up|feedback|digest|record", re.IGNORECASE
)


def kind_called(title: str) -> tuple[Kind, str] | None:
    """The kind that the title calls the document, with its words for it. None where two are named side by side."""
    if _ABOUT.match(title):
        return None
    found = [(match, kind) for kind, words in _KINDS for match in re.finditer(words, title, re.IGNORECASE)]
    found = [(match, kind) for match, kind in found if kind is not Kind.SEMINAR_OUTPUT or _OUTPUT.search(title)]
    if not found:
        return None
    found.sort(key=lambda one: one[0].start())
    first, last = found[0], found[-1]
    if first[1] == last[1] or _LEADS_ON.match(title, first[0].end()):
        return first[1], first[0].group()
    if not title[first[0].end() : last[0].start()].strip():
        return last[1], last[0].group()
    return None
