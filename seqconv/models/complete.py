"""The same network for cases without padding or missing values."""

import keras

from seqconv.layers import MissingMasking


def complete_twin(model):
    """Model of the same layers and weights, without the mask, for X that has no NaN.

    On such X the answers are equal, and every layer costs what the stock Keras layer costs.

    Parameters
    ----------
    model : keras.Model
        What `build_classifier` or `build_regressor` made.

    Returns
    -------
    keras.Model
        The model itself where its mask does not come from NaN (tokens, or the indicator of missing values).

    Examples
    --------
    >>> from seqconv.models import build_classifier, complete_twin
    >>> model = build_classifier("fcn", (None, 1), 2)
    >>> complete_twin(model).get_layer("head") is model.get_layer("head")
    True
    """
    stem = model.get_layer("stem")
    if not isinstance(stem, MissingMasking) or stem.indicator:
        return model
    plain = keras.layers.Identity(name="stem")
    return keras.models.clone_model(model, clone_function=lambda layer: plain if layer is stem else layer)
