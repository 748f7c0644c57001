"""Classifier networks."""

from typing import Any

import keras

from seqconv.arguments import flag, whole
from seqconv.models.landmarks import draw_head, draw_pooled, seeded


def build_classifier(
    encoder: Any,
    input_shape: tuple,
    n_classes: int,
    *,
    stem: Any = None,
    pooling: Any = None,
    multi_label: bool = False,
    seed: int | None = None,
) -> keras.Model:
    """Build a Keras model that computes the probability of each class.

    Parameters
    ----------
    encoder : str or Encoder
        A name of `seqconv.encoders.names` or a value object.
    input_shape : tuple
        ``(steps, channels)`` of a series, ``(steps,)`` or ``(steps, pieces)`` of tokens. The number of steps is
        ignored: it may differ between calls.
    n_classes : int
        Number of classes, at least 2. With `multi_label`, number of labels, at least 1.
    stem : SeriesStem or TokenStem, optional
        None means ``SeriesStem()``.
    pooling : str or keras.layers.Layer, optional
        None means the pooling of the encoder's paper.
    multi_label : bool, default=False
        Whether a case may have any number of labels. True draws a sigmoid for each instead of one softmax.
    seed : int, optional
        Seed of the initial weights. The global random state is left as found.

    Returns
    -------
    keras.Model
        Uncompiled, with the layers ``stem``, ``features``, ``pooling`` and ``head``. Its output is (batch, n_classes).

    Raises
    ------
    ValueError
        If `n_classes` or `seed` is not an integer in its range.
    ValueError
        If the encoder, the pooling or the shape is unknown, or the pooling keeps the steps.
    TypeError
        If `multi_label` is not True or False.

    Examples
    --------
    >>> import math
    >>> from seqconv.models import build_classifier
    >>> model = build_classifier("fcn", (None, 1), 10)
    >>> sum(math.prod(weight.shape) for weight in model.trainable_weights)
    265994
    >>> model.get_layer("features").output.shape
    (None, None, 128)
    """
    multi_label = flag("multi_label", multi_label)
    n_classes = whole("n_classes", n_classes, 1 if multi_label else 2)
    with seeded(seed):
        inputs, pooled, encoder, sizes = draw_pooled(encoder, input_shape, stem, pooling)
        probabilities = draw_head(pooled, encoder, n_classes, "sigmoid" if multi_label else "softmax", sizes=sizes)
        return keras.Model(inputs, probabilities, name="classifier")
