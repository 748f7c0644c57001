"""Networks that slide over longer recordings in one pass."""

from typing import Any

import keras

from seqconv import layers
from seqconv.arguments import whole
from seqconv.layers import MissingMasking
from seqconv.models.stream_graph import StreamGraph
from seqconv.models.stream_pools import pooled_parts

_K = keras.layers


def to_fully_convolutional(model: keras.Model, n_steps: int) -> keras.Model:
    """Build a network that answers every window of a longer recording in one pass.

    The pooling becomes a local pool, and the first dense layer a convolution over what the chunks of a window hold.

    Parameters
    ----------
    model : keras.Model
        Network of `build_classifier`, `build_regressor` or your own layers, without zeros at the edges: its convolutions
        and local pools have padding "valid". Weights are copied.
    n_steps : int
        Steps of a window, such as the length of the cases in training.

    Returns
    -------
    keras.Model
        From (batch, steps, channels) to (batch, shifts, outputs). Answer i is that for the `n_steps` steps from
        ``i * strides`` on, with the product of all strides, `StreamingModel.strides`.

    Raises
    ------
    ValueError
        If a layer adds zeros at the edges, or looks at the whole case. The message names it.
    ValueError
        If the pooling cannot become a local pool, or its chunks do not divide the feature steps of a window.
    ValueError
        If `n_steps` is too small for one feature step.

    Notes
    -----
    The recording must be complete: the network has no mask, and NaN makes the answers NaN that see it.

    References
    ----------
    Long, Shelhamer and Darrell (2015), "Fully convolutional networks for semantic segmentation", section 3.1.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.encoders import LeNet
    >>> from seqconv.models import build_classifier, to_fully_convolutional
    >>> model = build_classifier(LeNet(n_bins=5), (None, 1), 3, seed=0)
    >>> recording = np.random.default_rng(0).normal(size=(1, 100, 1)).astype("float32")
    >>> scores = to_fully_convolutional(model, n_steps=32)(recording)
    >>> tuple(scores.shape), bool(np.allclose(scores[0, 2], model(recording[:, 8:40])[0], atol=1e-5))
    ((1, 18, 3), True)
    """
    pooling, features = pooled_parts(model)
    if pooling is None:
        raise ValueError("model must have a global pooling, got one that answers at each step already.")
    graph = StreamGraph(model.inputs[0], features)
    _check_edges(graph)
    n_features = graph.counts(whole("n_steps", n_steps, 1))[graph.last]
    if n_features == 0:
        raise ValueError(f"n_steps must hold a feature step, at least {graph.n_first} steps, got {n_steps}.")
    x = keras.Input((None, model.inputs[0].shape[-1]), dtype=model.inputs[0].dtype, name="X")
    drawn: dict = {None: x}
    for node in graph.nodes:
        given = [drawn[parent] for parent in node.parents]
        # Without its mask all layers cost what Keras's own cost.
        is_stem = isinstance(node.layer, MissingMasking)
        drawn[node] = given[0] if is_stem else node.layer(given if node.role == "join" else given[0])
    y, n_chunks, apart = _pooled(drawn[graph.last], pooling, n_features)
    for layer in _head(pooling, model.outputs[0]):
        y = _slid(layer, y, n_chunks, apart)
        n_chunks = 1 if isinstance(layer, _K.Dense) else n_chunks
    if n_chunks > 1:
        raise ValueError(f"{pooling.name} must be followed by a dense layer, which becomes a convolution.")
    return keras.Model(x, y, name="fully_convolutional")


def _check_edges(graph):
    for node in graph.nodes:
        if node.role not in ("stepwise", "join") and node.role.zeros:
            raise ValueError(
                f"{node.layer.name} ({type(node.layer).__name__}) adds zeros before each window, so that one pass gives "
                'other answers. Use padding="valid", or predict the windows one by one.'
            )
        if isinstance(node.layer, MissingMasking) and node.layer.indicator:
            raise ValueError(f"{node.layer.name} must have indicator=False: the network has no mask.")


def _pooled(x, pooling, n_steps):
    """Return the local pool of every window, the number of its chunks and their distance in feature steps."""
    mean, largest = _K.AveragePooling1D, _K.MaxPooling1D
    kind = type(pooling)
    if kind in (layers.GlobalMeanPooling1D, _K.GlobalAveragePooling1D):
        return mean(n_steps, 1)(x), 1, 1
    if kind in (layers.GlobalMaxPooling1D, _K.GlobalMaxPooling1D):
        return largest(n_steps, 1)(x), 1, 1
    if kind is layers.GlobalMeanMaxPooling1D:
        return _K.Concatenate()([mean(n_steps, 1)(x), largest(n_steps, 1)(x)]), 1, 1
    if kind is layers.LastPooling1D:
        return _K.Cropping1D((n_steps - 1, 0))(x), 1, 1
    if kind is _K.Flatten:
        return x, n_steps, 1
    if kind in (layers.ChunkMeanPooling1D, layers.ChunkMaxPooling1D):
        apart, rest = divmod(n_steps, pooling.chunks)
        if rest or apart == 0:
            raise ValueError(
                f"{pooling.name} cuts {n_steps} feature steps into {pooling.chunks} chunks of unequal length. "
                f"Give n_steps with a multiple of {pooling.chunks} feature steps."
            )
        pool = mean if kind is layers.ChunkMeanPooling1D else largest
        return (x if apart == 1 else pool(apart, 1)(x)), pooling.chunks, apart
    raise ValueError(
        f"{pooling.name} ({kind.__name__}) cannot become a local pool. Use mean, maximum, last step or chunks of these."
    )


def _head(pooling, output):
    """Return the layers after the pooling, which must be one after the other."""
    found: list[Any] = []
    while (history := output._keras_history).operation is not pooling:
        given = history.operation._inbound_nodes[history.node_index].input_tensors
        is_known = isinstance(history.operation, _K.Dense | _K.Dropout | _K.Activation | _K.BatchNormalization)
        if len(given) != 1 or not (is_known or isinstance(history.operation, layers.Unscaling | _K.ReLU | _K.Softmax)):
            raise ValueError(
                f"{history.operation.name} after the pooling must be a dense layer, dropout or activation."
            )
        found.append(history.operation)
        output = given[0]
    return found[::-1]


def _slid(layer, y, n_chunks, apart):
    """Apply a layer of the head at every shift; a dense layer on chunks is a convolution."""
    config = layer.get_config()
    if not isinstance(layer, _K.Dense):
        copy = type(layer).from_config(config)
        y = copy(y)
        copy.set_weights(layer.get_weights())
        return y
    kept = {name: config[name] for name in ("name", "units", "activation", "use_bias", "dtype")}
    kernel, *bias = layer.get_weights()  # (chunks * features, units)
    copy = _K.Conv1D(kept.pop("units"), n_chunks, dilation_rate=apart if n_chunks > 1 else 1, **kept)
    y = copy(y)  # (batch, shifts, units)
    copy.set_weights([kernel.reshape(n_chunks, -1, kernel.shape[-1]), *bias])
    return y
