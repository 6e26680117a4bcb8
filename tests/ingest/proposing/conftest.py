"""Short texts as a reader would hand them over."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from ingest import proposing, reading
from ingest.proposing import Proposal
from ingest.reading import markdown
from ingest.register import Register
from ingest.vocabulary import Block, BlockKind, Reading

SAMPLES = Path(__file__).parents[2] / "samples"
ReadText = Callable[..., Reading]
Propose = Callable[..., Proposal]

BODY = (
    "Officers meet residents in the village hall on the first Monday of each month, and what was said there is printed "
    "in the parish newsletter with the answers that were given to it."
)


@pytest.fixture(scope="session")
def register() -> Register:
    return Register.load()


@pytest.fixture
def read_text() -> ReadText:
    """Markdown, with text under it, and what stands in headers and footers."""

    def read(text: str, *furniture: str, title: str | None = None, body: str = BODY) -> Reading:
        made = markdown.read(f"{text}\n\n{body}\n".encode(), "text.md")
        return replace(made, furniture=tuple(Block(BlockKind.PARAGRAPH, line) for line in furniture), title=title)

    return read


@pytest.fixture
def propose(read_text: ReadText, register: Register) -> Propose:
    def run(text: str, *furniture: str, name: str = "text.md", **options: str) -> Proposal:
        return proposing.propose(read_text(text, *furniture, **options), name, register)

    return run


@pytest.fixture
def propose_sample(register: Register) -> Propose:
    def run(name: str) -> Proposal:
        return proposing.propose(reading.read(SAMPLES / name), name, register)

    return run


def told(proposal: Proposal) -> Mapping[str, object]:
    """Field by field; of organisations the slugs with their roles."""
    fields = proposal.card_fields()
    named = fields.pop("organisations", [])
    assert isinstance(named, list)
    return {**fields, **{one["slug"]: one["role"] for one in named}}  # type: ignore[index,call-overload]
