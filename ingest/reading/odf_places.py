"""How the text at a place of an OpenDocument file looks, and whether anybody can see it."""

from dataclasses import dataclass

from lxml.etree import _Element  # type: ignore[import-untyped]

from ingest.reading.colours import alike
from ingest.reading.leaving_out import TINY_POINTS
from ingest.reading.odf_styles import DRAW, FO, PRESENTATION, TABLE, TEXT, Styles, length

_FAMILIES = {
    f"{TEXT}p": "paragraph",
    f"{TEXT}h": "paragraph",
    f"{TEXT}span": "text",
    f"{TEXT}a": "text",
    f"{TEXT}section": "section",
    f"{TABLE}table": "table",
    f"{TABLE}table-row": "table-row",
    f"{TABLE}table-cell": "table-cell",
}


@dataclass(frozen=True, slots=True)
class Place:
    """What stands around a piece of text."""

    behind: str | None
    """The colour of what is behind it; None where that is not known."""
    colour: str | None = None
    points: float | None = None
    bold: bool = False
    hidden: bool = False

    @property
    def is_unseen(self) -> bool:
        is_tiny = self.points is not None and self.points <= TINY_POINTS
        return self.hidden or is_tiny or alike(self.colour, self.behind)


class Places:
    """By the styles of one document."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles

    def within(self, node: _Element, place: Place) -> Place:
        """The place of what stands in the node."""
        family, name = _style_of(node)
        look = self._styles.value
        hidden = node.get(f"{TEXT}display") == "none" or self._styles.hides(family, name) or _says_hidden(node)
        weight = look(family, name, f"{FO}font-weight")
        return Place(
            behind=self._behind(node, family, name, place.behind),
            colour=look(family, name, f"{FO}color") or place.colour,
            points=length(look(family, name, f"{FO}font-size")) or place.points,
            bold=place.bold if weight is None else weight == "bold",
            hidden=place.hidden or hidden,
        )

    def _behind(self, node: _Element, family: str, name: str | None, around: str | None) -> str | None:
        if node.tag.startswith(DRAW) and node.tag != f"{DRAW}text-box":
            solid = self._styles.value(family, name, f"{DRAW}fill") == "solid"
            colour = self._styles.value(family, name, f"{DRAW}fill-color" if solid else f"{FO}background-color")
            return None if colour == "transparent" else colour
        colour = self._styles.value(family, name, f"{FO}background-color")
        if node.tag == f"{TABLE}table-cell" and self._styles.value(family, name, f"{DRAW}fill-color"):
            return None  # a cell on a slide
        return around if colour in (None, "transparent") else colour


def _style_of(node: _Element) -> tuple[str, str | None]:
    """Family and name of the style that the node is in."""
    if node.tag in _FAMILIES:
        kind = TABLE if node.tag.startswith(TABLE) else TEXT
        return _FAMILIES[node.tag], node.get(f"{kind}style-name")
    if (name := node.get(f"{PRESENTATION}style-name")) is not None:
        return "presentation", name
    return "graphic", node.get(f"{DRAW}style-name")


def _says_hidden(node: _Element) -> bool:
    mark = node.find(f".//{TEXT}hidden-paragraph") if node.tag == f"{TEXT}p" else None
    return mark is not None and mark.get(f"{TEXT}is-hidden") == "true"
