"""Further forms of a question's terms, for finding only: those that the index holds, where its own form hardly occurs.

Adding every synonym to every question made ordinary questions worse; this lifts the ones worded unlike the sources.
"""

from collections.abc import Callable

from ingest.glossary import Glossary

RARE = 2
"""A form that at most this many passages hold is as good as missing."""
MOST = 12


def expansions(text: str, glossary: Glossary, frequency: Callable[[str], int]) -> tuple[str, ...]:
    """Forms to search for beside the text's own, each found in at least one passage."""
    found: dict[str, None] = {}
    for family, written in glossary.families_in(text):
        if frequency(written) > RARE:
            continue
        for form in family.all_forms:
            if form.casefold() != written.casefold() and frequency(form) > 0:
                found.setdefault(form)
    return tuple(found)[:MOST]
