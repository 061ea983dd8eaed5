"""The encoder as an OpenVINO graph: tokens in, one unit vector a text out.

BERT (Devlin et al. 2019) with mean pooling and L2 normalisation inside the graph. There is no mask: texts that go
together have the same length, or go alone, which is as fast. The word table stays in the 4-bit blocks it came in, and
only the rows asked for are unpacked. The other matrices are int8, one scale a row; the runtime quantises what is
multiplied with them as it goes, in groups of columns of each token, so there is nothing to calibrate and a text's
vector does not depend on the texts beside it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from corpus.embedding.runtime import openvino as ov
from corpus.embedding.runtime import opset13 as op
from corpus.embedding.weights import BLOCK, Blocks, Weights

TOKENS = "tokens"
"""Input: int32 ``(texts, length)``, special tokens included."""

VECTORS = "vectors"
"""Output: float32 ``(texts, hidden)``."""


def build_graph(weights: Weights, progress: Callable[[float], None] = lambda _: None) -> ov.Model:
    """The whole encoder. ``progress`` is told the fraction done."""
    layout, vectors = weights.layout, weights.vectors
    tokens = op.parameter(ov.PartialShape([-1, -1]), ov.Type.i32, name=TOKENS)
    positions = vectors["emb.pos"].reshape(layout.positions, layout.hidden) + vectors["emb.type"][: layout.hidden]
    length = op.gather(op.shape_of(tokens, "i32"), _int([1]), _int(0))
    x = op.add(
        op.gather(_word_table(weights.matrices["emb.word"]), tokens, _int(0)),
        op.unsqueeze(op.slice(_float(positions), _int([0]), length, _int([1]), _int([0])), _int(0)),
    )
    x = _layer_norm(x, weights, "emb.ln")
    for layer in range(layout.layers):
        prefix = f"l{layer}."
        x = _layer_norm(op.add(x, _attention(x, weights, prefix)), weights, prefix + "aln")
        inner = op.gelu(_linear(x, weights, prefix + "fi"), "erf")
        x = _layer_norm(op.add(x, _linear(inner, weights, prefix + "fo")), weights, prefix + "oln")
        progress((layer + 1) / layout.layers)
    mean = op.reduce_mean(x, _int([1]), False)
    result = op.result(op.normalize_l2(mean, _int([1]), 1e-12, "max"))
    model = ov.Model([result], [tokens], "encoder")
    _name_in_order(model)
    model.input(0).set_names({TOKENS})
    model.output(0).set_names({VECTORS})
    return model


def _attention(x: ov.Node, weights: Weights, prefix: str) -> ov.Node:
    layout = weights.layout

    def heads(part: str) -> ov.Node:
        apart = op.reshape(_linear(x, weights, prefix + part), _int([0, 0, layout.heads, -1]), True)
        return op.transpose(apart, _int([0, 2, 1, 3]))

    mixed = op.scaled_dot_product_attention(heads("q"), heads("k"), heads("v"), causal=False)
    together = op.reshape(op.transpose(mixed, _int([0, 2, 1, 3])), _int([0, 0, layout.hidden]), True)
    return _linear(together, weights, prefix + "ao")


def _linear(x: ov.Node, weights: Weights, name: str) -> ov.Node:
    matrix = weights.matrix(f"{name}.w")
    scales = np.maximum(np.abs(matrix).max(axis=1, keepdims=True), 1e-12) / 127
    rounded = np.rint(matrix / scales).astype(np.int8)
    unpacked = op.multiply(op.convert(op.constant(rounded), ov.Type.f32), _float(scales))
    return op.add(op.matmul(x, unpacked, False, True), _float(weights.vectors[f"{name}.b"].reshape(1, 1, -1)))


def _layer_norm(x: ov.Node, weights: Weights, name: str) -> ov.Node:
    normal = op.mvn(x, _int([-1]), True, weights.layout.norm_epsilon, "inside_sqrt")
    gain, shift = (weights.vectors[f"{name}.{part}"].reshape(1, 1, -1) for part in "wb")
    return op.add(op.multiply(normal, _float(gain)), _float(shift))


def _word_table(blocks: Blocks) -> ov.Node:
    nibbles = blocks.nibbles
    packed = np.ascontiguousarray(nibbles[:, :, 0::2] | (nibbles[:, :, 1::2] << 4))
    shape = [blocks.rows, blocks.columns // BLOCK, BLOCK]
    values = ov.op.Constant(ov.Tensor(packed, shape, ov.Type.u4), shared_memory=False)
    centred = op.subtract(op.convert(values, ov.Type.f16), op.constant(np.float16(8)))
    scaled = op.multiply(centred, op.constant(blocks.scales[:, :, None]))
    return op.convert(op.reshape(scaled, _int([blocks.rows, blocks.columns]), False), ov.Type.f32)


def _name_in_order(model: ov.Model) -> None:
    """OpenVINO numbers nodes across the process, so the same graph would be another file each time it is built."""
    for number, node in enumerate(model.get_ordered_ops()):
        node.set_friendly_name(f"{node.get_type_name()}_{number}")


def _float(values: object) -> ov.Node:
    return op.constant(np.array(values, np.float32, order="C"))


def _int(values: object) -> ov.Node:
    return op.constant(np.array(values, np.int32, order="C"))
