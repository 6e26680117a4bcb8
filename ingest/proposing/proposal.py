"""What a file says of itself, for its card: each field with the words that it was taken from."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue

_SOURCES = {"text": "In the text", "properties": "In the file’s properties", "file_name": "In the file’s name"}

PersonalKind = Literal["email", "telephone", "collar_number"]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Proposed(_Model):
    """A field of a card, or one entry of its organisations."""

    field: str
    """Of a card. "organisations" stands once for each organisation."""
    value: JsonValue
    """As the card takes it; of "organisations" one entry: {"slug": …, "role": …}."""
    quote: str
    """The very words, as they stand in the canonical text, a header or footer, a property or the file's name."""
    page: int | None = None
    source: Literal["text", "properties", "file_name"] = "text"

    @property
    def words(self) -> str:
        """In the text, page 1: “Engagement strategy 2024”."""
        page = f", page {self.page}" if self.page else ""
        return f"{_SOURCES[self.source]}{page}: “{' '.join(self.quote.split())}”"


class Conflict(_Model):
    """A field of which the file says more than one thing: nothing is proposed, somebody must choose."""

    field: str
    candidates: tuple[Proposed, ...]


class PersonalDatum(_Model):
    """Words by which one person can be told or reached."""

    kind: PersonalKind
    text: str
    page: int | None
    start: int
    """Span in the canonical text: Unicode code points, end-exclusive."""
    end: int


class Proposal(_Model):
    """All that a file says of itself, and what must be looked at before it is added."""

    fields: tuple[Proposed, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    personal: tuple[PersonalDatum, ...] = ()
    marking: str | None = None
    """The highest protective marking that the text bears, in its own words."""
    secret: bool = False
    """Whether that is SECRET or above, which this library does not hold."""
    restricted: bool = False
    """Whether somebody must say who may see it: OFFICIAL-SENSITIVE, or the older CONFIDENTIAL and RESTRICTED."""

    def card_fields(self) -> dict[str, JsonValue]:
        """The fields as a card takes them, its organisations in one list."""
        fields: dict[str, JsonValue] = {}
        for proposed in self.fields:
            if proposed.field == "organisations":
                named = fields.setdefault("organisations", [])
                assert isinstance(named, list)
                named.append(proposed.value)
            else:
                fields[proposed.field] = proposed.value
        return fields
