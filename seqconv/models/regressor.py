"""Regressor networks."""

from typing import Any

import keras

from seqconv.arguments import whole
from seqconv.layers import Unscaling
from seqconv.models.landmarks import draw_head, draw_pooled, seeded


def build_regressor(
    encoder: Any,
    input_shape: tuple,
    n_outputs: int = 1,
    *,
    stem: Any = None,
    pooling: Any = None,
    centre: Any = None,
    scale: Any = None,
    seed: int | None = None,
) -> keras.Model:
    """Build a Keras model that computes one or more numbers for each case.

    Parameters
    ----------
    encoder, input_shape, stem, pooling, seed
        As of `build_classifier`.
    n_outputs : int, default=1
        Number of outputs for each case, at least 1.
    centre, scale : array of shape (n_outputs,), optional
        The last layer multiplies by `scale` and adds `centre`. So the network learns targets of mean 0 and deviation 1,
        and answers in the units of the user. None means 0, or 1.

    Returns
    -------
    keras.Model
        Uncompiled, with the layers ``stem``, ``features``, ``pooling`` and ``head``. Its output is (batch, n_outputs).

    Raises
    ------
    ValueError
        If `n_outputs` or `seed` is not an integer in its range.
    ValueError
        If the encoder, the pooling or the shape is unknown, or the pooling keeps the steps.

    Examples
    --------
    >>> from seqconv.models import build_regressor
    >>> build_regressor("resnet", (None, 3), 2).output_shape
    (None, 2)
    """
    n_outputs = whole("n_outputs", n_outputs, 1)
    with seeded(seed):
        inputs, pooled, encoder, _ = draw_pooled(encoder, input_shape, stem, pooling)
        scaled = draw_head(pooled, encoder, n_outputs, None, name="scaled_head")
        layer = Unscaling(name="head")
        outputs = layer(scaled)
        if centre is not None or scale is not None:
            layer.set_statistics(
                [0.0] * n_outputs if centre is None else centre, [1.0] * n_outputs if scale is None else scale
            )
        return keras.Model(inputs, outputs, name="regressor")
