"""Turn an exported embedding model into one that multiplies whole numbers of eight bits.

Owns: the graph of such a model. Knows nothing about where exports lie, or whether the result is near enough to the
original (``onnx_export``).

Each product of activations with weights, ``x @ w``, becomes ``(round(x / r) @ round(w / c)) * r * c``, with a scale
``r`` for each row of ``x``, which is a token, and a scale ``c`` for each column of ``w``. The quantizer of ONNX Runtime
takes one scale for all activations instead, so that the vector of a text depends on the texts that it is computed
with; here it does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

# A weight is -63…63, which is seven bits. A processor with AVX2 and without VNNI adds two products in sixteen bits:
# 2 * 255 * 63 has room there, 2 * 255 * 127 has not. So the sums are the same whatever the processor.
_MOST_WEIGHT = 63
# An activation is -127…127, kept as 1…255.
_MOST_ACTIVATION, _ZERO_POINT = 127, 128
# From this version on, the axes of ReduceMax are an input.
_OPSET_LIMIT = 18


def quantize(source: Path, target: Path) -> None:
    """Write an exported model anew with its matrix products in eight bits.

    Args:
        source: The model, in one ``.onnx`` file.
        target: The file that is written.

    Raises:
        ValueError: The model is of another version of ONNX, or has no product with weights.
        OSError: A file cannot be read or written.
    """
    import onnx

    model = onnx.load(source)
    if any(entry.domain in ("", "ai.onnx") and entry.version >= _OPSET_LIMIT for entry in model.opset_import):
        raise ValueError("the model is of another version of ONNX than those that are exported here")
    graph = model.graph
    products = _Products({tensor.name: tensor for tensor in graph.initializer})
    nodes = [part for node in graph.node for part in products.in_eight_bits(node)]
    if not products.replaced:
        raise ValueError("the model multiplies nothing by weights")
    _replace(graph.node, nodes)
    used = {name for node in nodes for name in node.input}
    _replace(graph.initializer, [one for one in (*graph.initializer, *products.constants.values()) if one.name in used])
    onnx.save(model, target)


class _Products:
    """The matrix products of a graph in eight bits; activations that are multiplied several times are rounded once.

    Attributes:
        constants: What is to stand beside the weights of the graph, by name.
        replaced: How many products were replaced.
    """

    def __init__(self, weights: dict[str, Any]) -> None:
        self.constants: dict[str, Any] = {}
        self.replaced = 0
        self._weights = weights
        self._rounded: set[str] = set()

    def in_eight_bits(self, node: Any) -> list[Any]:
        """Return the nodes that take the place of a node; another than a product with weights stays."""
        from onnx import numpy_helper
        from onnx.helper import make_node

        weights = self._weights.get(node.input[1]) if node.op_type == "MatMul" else None
        if weights is None or len(weights.dims) != 2:
            return [node]
        self.replaced += 1
        activations, name, product = node.input[0], node.input[1], node.output[0]
        whole, scales = _rounded_columns(numpy_helper.to_array(weights))
        made = [] if activations in self._rounded else self._rounded_rows(activations)
        return [
            *made,
            make_node(
                "MatMulInteger",
                [f"{activations}/whole", self._constant(f"{name}/whole", whole), self._zero_point()],
                [f"{product}/whole"],
            ),
            make_node("Cast", [f"{product}/whole"], [f"{product}/sums"], to=_type("FLOAT")),
            make_node("Mul", [f"{product}/sums", f"{activations}/scale"], [f"{product}/rows"]),
            make_node("Mul", [f"{product}/rows", self._constant(f"{name}/scale", scales)], [product]),
        ]

    def _rounded_rows(self, name: str) -> list[Any]:
        """Return the nodes that round activations, each row by a scale of its own."""
        from onnx.helper import make_node

        self._rounded.add(name)
        most = self._constant("int8/most", np.float32(_MOST_ACTIVATION))
        zero = self._constant("int8/zero", np.float32(_ZERO_POINT))
        # A row of zeros has a scale, too.
        tiny = self._constant("int8/tiny", np.float32(1e-20))
        return [
            make_node("Abs", [name], [f"{name}/absolute"]),
            make_node("ReduceMax", [f"{name}/absolute"], [f"{name}/largest"], axes=[-1], keepdims=1),
            make_node("Max", [f"{name}/largest", tiny], [f"{name}/most"]),
            make_node("Div", [most, f"{name}/most"], [f"{name}/factor"]),
            make_node("Mul", [name, f"{name}/factor"], [f"{name}/scaled"]),
            make_node("Add", [f"{name}/scaled", zero], [f"{name}/shifted"]),
            make_node("Round", [f"{name}/shifted"], [f"{name}/rounded"]),
            make_node("Cast", [f"{name}/rounded"], [f"{name}/whole"], to=_type("UINT8")),
            make_node("Reciprocal", [f"{name}/factor"], [f"{name}/scale"]),
        ]

    def _zero_point(self) -> str:
        return self._constant("int8/zero_point", np.uint8(_ZERO_POINT))

    def _constant(self, name: str, value: Any) -> str:
        from onnx import numpy_helper

        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.asarray(value), name)
        return name


def _rounded_columns(weights: Any) -> tuple[Any, Any]:
    """Return weights as whole numbers of the same shape, and the scale of each column."""
    scales = np.abs(weights).max(axis=0) / _MOST_WEIGHT
    scales[scales == 0] = 1
    return np.rint(weights / scales).astype(np.int8), scales.astype(np.float32)


def _type(name: str) -> int:
    from onnx import TensorProto

    return int(getattr(TensorProto, name))


def _replace(field: Any, values: Iterable[Any]) -> None:
    values = list(values)
    del field[:]
    field.extend(values)
