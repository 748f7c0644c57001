"""Are these the settings of an estimator?"""

import numbers

import keras
from sklearn.pipeline import Pipeline

from seqconv.adapters import TextAdapter

# Callbacks that a schedule of the learning rate leaves nothing to do.
_RATE_SETTERS = (keras.callbacks.ReduceLROnPlateau, keras.callbacks.LearningRateScheduler)


def check_settings(estimator):
    """Refuse constructor parameters of a wrong kind or out of range; encoder and pooling are checked where they are drawn."""
    whole = {"batch_size": 1, "epochs": 1, "patience": 1, "n_members": 1}
    for name, least in whole.items():
        value = getattr(estimator, name)
        is_whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
        if value is not None and not (is_whole and value >= least):
            raise ValueError(f"{name} must be a whole number of at least {least}, got {value!r}.")
    rate = estimator.learning_rate
    if not isinstance(rate, numbers.Real) or isinstance(rate, bool) or not 0 < rate < float("inf"):
        raise ValueError(f"learning_rate must be a number above 0, got {rate!r}.")
    fraction = estimator.validation_fraction
    if fraction is not None and not (isinstance(fraction, numbers.Real) and 0 <= fraction < 1):
        raise ValueError(f"validation_fraction must be None or from 0 to below 1, got {fraction!r}.")
    if estimator.verbose not in (0, 1):
        raise ValueError(f"verbose must be 0 or 1, got {estimator.verbose!r}.")
    if not isinstance(estimator.optimizer, str | keras.optimizers.Optimizer):
        raise TypeError(f"optimizer must be a name or an optimizer of Keras, got {estimator.optimizer!r}.")
    _check_copies(estimator.optimizer)
    callbacks = () if estimator.callbacks is None else estimator.callbacks
    if not _all_are(callbacks, keras.callbacks.Callback):
        raise TypeError(f"callbacks must be a list of Keras callbacks, got {estimator.callbacks!r}; put it in a list.")
    setter = next((type(one).__name__ for one in callbacks if isinstance(one, _RATE_SETTERS)), None)
    if setter and isinstance(estimator.optimizer, str):
        raise ValueError(
            f"{setter} needs an optimizer object, whose learning rate it may set, got optimizer={estimator.optimizer!r}, "
            "which follows the schedule of fit."
        )
    if setter and isinstance(estimator.optimizer.get_config().get("learning_rate"), dict):
        raise ValueError(f"{setter} needs an optimizer with a number for its learning rate, got one with a schedule.")
    if isinstance(estimator.adapter, str | type) or not (
        estimator.adapter is None or hasattr(estimator.adapter, "transform")
    ):
        raise TypeError(f"adapter must be None or a transformer such as TextAdapter(), got {estimator.adapter!r}.")
    # Its ids would be taken for measurements.
    if isinstance(estimator.adapter, Pipeline) and isinstance(estimator.adapter[-1], TextAdapter):
        raise TypeError(
            "adapter must be the TextAdapter itself, got a Pipeline that ends in one; change the texts before they are given."
        )
    if not _all_are(listed(estimator.augment), keras.layers.Layer):
        raise TypeError(f"augment must be a Keras layer or a list of them, got {estimator.augment!r}.")
    of_keras = [type(one).__name__ for one in listed(estimator.augment) if type(one).__module__.startswith("keras.")]
    if of_keras:
        raise TypeError(
            f"a layer of augment takes (x, y, weight), {of_keras[0]} of Keras takes x alone; see seqconv.augment."
        )


def _check_copies(optimizer):
    """Refuse an optimizer, or its schedule, of which Keras could make no other: fit needs one a member."""
    try:
        if not isinstance(optimizer, str):
            keras.optimizers.get(keras.optimizers.serialize(optimizer))
    except Exception as error:
        raise ValueError(
            f"optimizer must be one that Keras can make again from its get_config, got {type(optimizer).__name__}: "
            f"{str(error)[:200]}; decorate classes of yours with keras.saving.register_keras_serializable(package=...)."
        ) from error


def listed(layers):
    """None, one layer or several as a list."""
    return [] if layers is None else layers if isinstance(layers, list | tuple) else [layers]


def _all_are(values, kind):
    return isinstance(values, list | tuple) and all(isinstance(value, kind) for value in values)
