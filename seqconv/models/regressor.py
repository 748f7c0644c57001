"""Regressor networks."""

import keras

from seqconv.arguments import whole
from seqconv.layers import Unscaling
from seqconv.models.landmarks import draw_head, draw_pooled, seeded


def build_regressor(encoder, input_shape, n_outputs=1, *, stem=None, pooling=None, centre=None, scale=None, seed=None):
    """Keras model that gives one or more numbers a case.

    Parameters
    ----------
    encoder, input_shape, stem, pooling, seed
        As for `build_classifier`.
    n_outputs : int, default=1
        Numbers a case.
    centre, scale : array of shape (n_outputs,), optional
        The head's last step multiplies by `scale` and adds `centre`, so that the network learns targets of mean 0 and
        deviation 1 and answers in the user's units. None is 0, or 1.

    Returns
    -------
    keras.Model
        Uncompiled, with the layers ``stem``, ``features``, ``pooling`` and ``head``; ``(batch, n_outputs)``.

    Raises
    ------
    ValueError
        `n_outputs` below 1, an unknown name, a shape without its channels, or a pooling that keeps the steps.
    TypeError
        A seed that is not whole.

    Examples
    --------
    >>> from seqconv.models import build_regressor
    >>> build_regressor("resnet", (None, 3), 2).output_shape
    (None, 2)
    """
    n_outputs = whole("n_outputs", n_outputs, 1)
    with seeded(seed):
        inputs, pooled, encoder = draw_pooled(encoder, input_shape, stem, pooling)
        scaled = draw_head(pooled, encoder, n_outputs, None, name="scaled_head")
        layer = Unscaling(name="head")
        numbers = layer(scaled)
        if centre is not None or scale is not None:
            layer.set_statistics(
                [0.0] * n_outputs if centre is None else centre, [1.0] * n_outputs if scale is None else scale
            )
        return keras.Model(inputs, numbers, name="regressor")
