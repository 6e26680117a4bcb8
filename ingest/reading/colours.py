"""Colours as RRGGBB."""

import re

_INDISTINCT = 8
"""Of 255, in each of red, green and blue."""


def alike(one: str | None, other: str | None) -> bool:
    """Whether nobody can tell the two from each other. A colour that is not known is like no other."""
    if not one or not other:
        return False
    pairs = zip(_parts(one), _parts(other), strict=False)
    return bool(_parts(one)) and bool(_parts(other)) and all(abs(a - b) <= _INDISTINCT for a, b in pairs)


def _parts(colour: str) -> tuple[int, ...]:
    match = re.fullmatch(r"#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})", colour, re.IGNORECASE)
    return tuple(int(part, 16) for part in match.groups()) if match else ()
