"""The packaged embedder's weights as whole numbers: of each a coarse one of eight bits, and the fine rest of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

import numpy as np

FULL = 127
"""The largest whole number; the smallest is as far from 0."""


class Held(TypedDict):
    """A tensor as the header of a safetensors file names it."""

    dtype: str
    shape: list[int]
    data_offsets: list[int]


def header(weights: Path) -> tuple[dict[str, Held], int]:
    """What a safetensors file holds, by name, and where its tensors begin."""
    with weights.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        return json.loads(file.read(length)), 8 + length


def parted(weights: Path) -> Iterator[tuple[str, np.ndarray]]:
    """The parts of each matrix of the encoder's layers, by their names in the graph of questions.

    Of a matrix (out, in): NAME/coarse and NAME/fine, int8 (in, out), with NAME/coarse/step and NAME/fine/step, float32
    (out,): coarse * step + fine * its step is the weight.
    """
    held, start = header(weights)
    numbers = np.memmap(weights, np.uint8, "r", start)
    for name, tensor in held.items():
        if name.startswith("encoder.layer") and len(tensor["shape"]) == 2:
            matrix = numbers[slice(*tensor["data_offsets"])].view(np.float32).reshape(tensor["shape"])
            step = np.abs(matrix).max(axis=1) / FULL
            steps = matrix / step[:, np.newaxis]
            coarse = np.rint(steps)
            fine = np.rint((steps - coarse) * (2 * FULL))
            for part, whole, of in (("coarse", coarse, step), ("fine", fine, step / (2 * FULL))):
                yield f"{name}/{part}", np.ascontiguousarray(whole.astype(np.int8).T)
                yield f"{name}/{part}/step", of
