"""Classifier networks."""

import numbers

import keras

from seqconv.models.landmarks import draw_head, draw_pooled, seeded


def build_classifier(encoder, input_shape, n_classes, *, stem=None, pooling=None, multi_label=False, seed=None):
    """Keras model that gives the probability of each class.

    Parameters
    ----------
    encoder : str or Encoder
        A name of `seqconv.encoders.names` or a value object.
    input_shape : tuple
        ``(steps, channels)`` of a series, ``(steps,)`` or ``(steps, pieces)`` of tokens. Steps may be None and may differ
        between calls whatever stands here.
    n_classes : int
        Number of classes, 2 or more; of labels, 1 or more, where `multi_label`.
    stem : SeriesStem or TokenStem, optional
        None is ``SeriesStem()``.
    pooling : str or keras.layers.Layer, optional
        None is the pooling of the encoder's paper.
    multi_label : bool, default=False
        Whether a case may have any number of the labels: a sigmoid for each in place of one softmax.
    seed : int, optional
        Makes the starting weights repeatable. The global random state is left as found.

    Returns
    -------
    keras.Model
        Uncompiled, with the layers ``stem``, ``features``, ``pooling`` and ``head``; ``(batch, n_classes)``.

    Raises
    ------
    ValueError
        Fewer classes than that, an unknown name, a shape without its channels, or a pooling that keeps the steps.
    TypeError
        A seed that is not whole.

    Examples
    --------
    >>> from seqconv.models import build_classifier
    >>> model = build_classifier("fcn", (None, 1), 10)
    >>> sum(w.shape.num_elements() for w in model.trainable_weights)
    265994
    >>> model.get_layer("features").output.shape
    (None, None, 128)
    """
    if not (isinstance(n_classes, numbers.Integral) and n_classes >= (1 if multi_label else 2)):
        least = "1 label" if multi_label else "2 classes"
        raise ValueError(f"n_classes must be a whole number, at least {least}, got {n_classes!r}.")
    with seeded(seed):
        inputs, pooled, encoder = draw_pooled(encoder, input_shape, stem, pooling)
        probabilities = draw_head(pooled, encoder, int(n_classes), "sigmoid" if multi_label else "softmax")
        return keras.Model(inputs, probabilities, name="classifier")
