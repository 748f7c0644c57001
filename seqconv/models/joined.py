"""Network and linear model of one text as one graph."""

from collections.abc import Mapping
from typing import Any

import keras
from keras import ops

from seqconv.layers import WideLogits

# A probability of the network below it says no more than this one.
_LEAST = 1e-4


def build_joined(network: keras.Model, wide: Mapping[str, Any], share: float) -> keras.Model:
    """Build a Keras model whose logits are those of a linear model and a share of a network's log-probabilities.

    Parameters
    ----------
    network : keras.Model
        Classifier of token ids with a softmax. Its weights are shared, not copied.
    wide : dict of str to array
        Weights of `seqconv.layers.WideLogits` by name.
    share : float
        Factor of the log-probabilities, 0 or more.

    Returns
    -------
    keras.Model
        With the layers ``wide`` and ``network``. Its output is (batch, n_classes), rows summing to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.models import TokenStem, build_classifier, build_joined
    >>> network = build_classifier("kim_cnn", (None,), 2, stem=TokenStem(n_tokens=9, n_dims=4))
    >>> zeros = {"table": np.zeros((9, 2)), "squares": np.zeros(9), "bias": np.zeros(2)}
    >>> zeros |= {"pair_table": np.zeros((1, 2)), "pair_squares": np.zeros(1), "pair_codes": np.zeros(1, "int32")}
    >>> model = build_joined(network, zeros, share=1.0)
    >>> ids = np.array([[2, 3]], dtype="int32")
    >>> bool(np.allclose(np.asarray(model(ids)), np.asarray(network(ids)), atol=1e-6))
    True
    """
    first = network.inputs[0]
    ids = keras.Input(first.shape[1:], dtype=first.dtype, name="X")
    (n_tokens, n_classes), n_pairs = wide["table"].shape, len(wide["pair_codes"])
    layer = WideLogits(n_tokens, n_classes, n_pairs, dtype="float32", name="wide")
    logits = layer(ids)  # (batch, n_classes)
    for variable in layer.weights:
        variable.assign(wide[variable.name])
    named: Any = keras.Model(network.input, network.output, name="network")
    # The heads are float32; a sum of float32 needs no other policy.
    logits = logits + share * ops.log(ops.maximum(named(ids), _LEAST))
    return keras.Model(ids, keras.layers.Softmax(dtype="float32", name="head")(logits), name="joined")
