"""Part of a network that keeps the steps, drawn for blocks of steps and the memory of each layer."""

from dataclasses import dataclass, field
from typing import Any

import keras
from keras import ops

from seqconv.layers import MissingMasking
from seqconv.models.stream_roles import Window, cannot, fed, role


@dataclass(eq=False)
class Node:
    """Layer at one place in the graph.

    Parameters
    ----------
    place : int
        Number of the node in the order of computation.
    layer : keras.layers.Layer
        Copy that adds no zeros.
    role : Window or str
        What the layer needs of the past.
    parents : list of Node or None
        Where its inputs come from; None is the input of the network.
    """

    place: int
    layer: keras.layers.Layer
    role: Window | str
    parents: list["Node | None"]

    @property
    def strides(self) -> int:
        """Steps of input from one step of output to the next."""
        return self.role.strides if isinstance(self.role, Window) else 1

    def n_outputs(self, n_steps: int) -> int:
        """Return the steps of output after so many steps of every input."""
        return self.role.n_outputs(n_steps) if isinstance(self.role, Window) else n_steps

    def n_needed(self, n_outputs: int) -> int:
        """Return the steps of input for so many steps of output."""
        return self.role.n_needed(n_outputs) if isinstance(self.role, Window) else n_outputs


@dataclass
class Block:
    """Network for a block of so many steps, with the memory as further inputs and outputs.

    Parameters
    ----------
    model : keras.Model or None
        Inputs: the block, then the memory. Outputs: features, their mask if it has one, then the memory.
    kept : dict
        Shape (steps, channels) and type of each memory that comes in, in the order of inputs.
    left : list of tuple
        Keys of the memory that goes out. A key is the place of a node, the number of its input, and 1 for the mask.
    has_mask : bool
        Whether the second output is a mask.
    """

    model: keras.Model | None = None
    kept: dict[tuple, tuple] = field(default_factory=dict)
    left: list[tuple] = field(default_factory=list)
    has_mask: bool = False


class StreamGraph:
    """Nodes from the input to a tensor (batch, steps, features), in the order of computation.

    Parameters
    ----------
    first, features : KerasTensor
        Input of the network, and output of the part that is fed step by step.

    Attributes
    ----------
    strides : int
        Steps of input from one feature step to the next.
    n_first : int
        Steps of input for the first feature step.

    Raises
    ------
    ValueError
        If a layer cannot stream, or branches of unequal strides are joined.
    """

    def __init__(self, first: Any, features: Any) -> None:
        self.first = first
        self.nodes: list[Node] = []
        self._copies: dict[keras.layers.Layer, keras.layers.Layer] = {}
        self.last = self._node(features, {})
        strides: dict[Node | None, int] = {None: 1}
        for node in self.nodes:
            found = {strides[parent] for parent in node.parents}
            if len(found) > 1:
                raise cannot(node.layer, f"joins branches of strides {sorted(found)}", "equal strides")
            strides[node] = found.pop() * node.strides
        self.strides = strides[self.last]
        needed: dict[Node | None, int] = {self.last: 1}
        for node in reversed(self.nodes):
            for parent in node.parents:
                needed[parent] = max(node.n_needed(needed[node]), needed.get(parent, 1))
        self.n_first = needed[None]
        self.first_block = self.block(0, self.n_first, masked=False)
        for source, copy in self._copies.items():
            copy.set_weights(source.get_weights())

    def _node(self, tensor, found):
        layer, place, _ = tensor._keras_history
        if isinstance(layer, keras.layers.InputLayer):
            return None
        if (layer, place) not in found:
            if not isinstance(layer, keras.layers.Layer):
                raise cannot(layer, "is an operation without a layer", "a layer in its place")
            if isinstance(layer, keras.Model):
                raise cannot(layer, "is a model within the model", "each of them by itself, as members_ holds them")
            kind = role(layer)
            if layer not in self._copies:
                self._copies[layer] = fed(layer)
            given = layer._inbound_nodes[place].arguments.args[0]
            parents = [self._node(one, found) for one in (given if isinstance(given, list | tuple) else [given])]
            found[layer, place] = Node(len(self.nodes), self._copies[layer], kind, parents)
            self.nodes.append(found[layer, place])
        return found[layer, place]

    def counts(self, n_steps: int) -> dict[Node | None, int]:
        """Return the steps of output of every node after so many steps of input."""
        counts: dict[Node | None, int] = {None: n_steps}
        for node in self.nodes:
            counts[node] = node.n_outputs(min(counts[parent] for parent in node.parents))
        return counts

    def block(self, start: int, n_steps: int, masked: bool) -> Block:
        """Draw the network for `n_steps` steps of input that follow after `start` steps.

        With `masked` the mask of hidden steps travels along; without it all steps must be observed.
        """
        before, after = self.counts(start), self.counts(start + n_steps)
        x = keras.Input((n_steps, *self.first.shape[2:]), dtype=self.first.dtype, name="X")
        block, inputs, memory = Block(), [x], []
        drawn: dict[Node | None, tuple] = {None: (x, None)}
        for node in self.nodes:
            n_new, pairs = after[node] - before[node], []
            for i, parent in enumerate(node.parents):
                pair = drawn[parent]
                if node.role != "stepwise":
                    # Steps that came before and are still needed; if negative, steps to come that are skipped.
                    zeros = node.role.zeros if isinstance(node.role, Window) else 0
                    n_kept = before[parent] + zeros - before[node] * node.strides
                    pair = _with_memory(pair, n_kept, (node.place, i), block, inputs)
                    memory += _what_stays(pair, n_new * node.strides, (node.place, i), block)
                pairs.append(pair)
            drawn[node] = _outputs(node, pairs, n_new, masked)
        features, mask = drawn[self.last]
        block.has_mask = mask is not None
        block.model = keras.Model(
            inputs if len(inputs) > 1 else x, [features, *([mask] if block.has_mask else []), *memory]
        )
        # Blocks are short: what XLA saves is less than what it costs.
        block.model.compile(jit_compile=False)
        return block


def _with_memory(pair, n_kept, key, block, inputs):
    """Return values and mask with the kept steps before them, or without the steps to skip."""
    if n_kept <= 0:
        return [None if tensor is None else tensor[:, -n_kept:] for tensor in pair]
    joined = []
    for part, tensor in enumerate(pair):
        if tensor is not None:
            inputs.append(keras.Input((n_kept, *tensor.shape[2:]), dtype=tensor.dtype))
            block.kept[*key, part] = (n_kept, *tensor.shape[2:]), tensor.dtype
            tensor = ops.concatenate([inputs[-1], tensor], axis=1)
        joined.append(tensor)
    return joined


def _what_stays(pair, n_done, key, block):
    """Return the steps after the first `n_done`, values and mask, where there are any."""
    stays = [part for part, tensor in enumerate(pair) if tensor is not None and tensor.shape[1] > n_done]
    block.left += [(*key, part) for part in stays]
    return [pair[part][:, n_done:] for part in stays]


def _outputs(node, pairs, n_new, masked):
    """Return the new output steps of a node and their mask."""
    layer, kind = node.layer, node.role
    n_used = kind.size + (n_new - 1) * kind.strides if isinstance(kind, Window) else n_new
    xs, masks = zip(
        *([None if tensor is None else tensor[:, :n_used] for tensor in pair] for pair in pairs), strict=True
    )
    xs, masks = (list(xs), list(masks)) if kind == "join" else (xs[0], masks[0])
    if isinstance(layer, MissingMasking):
        if not masked and not layer.indicator:
            return xs, None
        return layer(xs), layer.compute_mask(xs, masks) if masked else None
    has_mask = any(mask is not None for mask in masks) if kind == "join" else masks is not None
    y = layer(xs, **({"mask": masks} if has_mask and layer._call_has_mask_arg else {}))
    if not has_mask or not layer.supports_masking:
        return y, None
    if isinstance(kind, Window) and kind.zeros:  # an output step is real as the last step of its window is
        return y, masks[:, kind.zeros :: kind.strides]
    return y, layer.compute_mask(xs, masks)
