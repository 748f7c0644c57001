"""Checks of the constructor parameters of an estimator."""

from typing import Any


def check_parameters(estimator: Any) -> None:
    """Raise if a constructor parameter is of a wrong kind or out of range.

    Encoder and pooling are checked where they are drawn.

    Raises
    ------
    ValueError
        If a number is out of range, or if an optimizer cannot be copied.
        If parameters do not go together.
    TypeError
        If an object is of a wrong kind.
    """
    for name, rule in estimator.rules.items():
        rule(name, getattr(estimator, name))
    _check_adapter(estimator.adapter)
    _check_optimizer(estimator.optimizer)
    _check_callbacks(estimator.callbacks, estimator.optimizer)
    _check_augment(estimator.augment)
    _check_metrics(estimator.metrics)
    if estimator.preset == "paper" and (estimator.encoder is None or estimator.head is not None):
        raise ValueError("preset='paper' needs an encoder, and head=None; give encoder='kim_cnn' or another name.")
    if estimator.head == "ridge":
        unused = [name for name in ("augment", "callbacks", "metrics") if getattr(estimator, name)]
        if unused:
            raise ValueError(f"head='ridge' is solved without training steps; leave {unused[0]} out.")


def _check_adapter(adapter):
    if adapter is None:
        return
    # It loads rich and the preprocessing of scikit-learn, which a fit without adapter does not need.
    from sklearn.pipeline import Pipeline

    if isinstance(adapter, str | type) or not hasattr(adapter, "transform"):
        raise TypeError(f"adapter must be None or a transformer such as TextAdapter(), got {adapter!r}.")
    # A pipeline does not say that it makes tokens: their ids would be taken for measurements.
    if isinstance(adapter, Pipeline) and makes_tokens(adapter[-1]):
        name = type(adapter[-1]).__name__
        raise TypeError(
            f"adapter must be the {name} itself, got a Pipeline that ends in one; change the records before fit."
        )


def makes_tokens(adapter: Any) -> bool:
    """Return whether an adapter makes token ids, not series."""
    return getattr(adapter, "makes", "series") == "tokens"


def _check_optimizer(optimizer):
    if isinstance(optimizer, str):
        return
    import keras

    if not isinstance(optimizer, keras.optimizers.Optimizer):
        raise TypeError(f"optimizer must be a name or an optimizer of Keras, got {optimizer!r}.")
    try:  # each member needs one of its own
        keras.optimizers.get(keras.optimizers.serialize(optimizer))
    except Exception as error:
        raise ValueError(
            f"optimizer must be one that Keras can make again from its get_config, got {type(optimizer).__name__}: "
            f"{str(error)[:200]}; decorate its class with keras.saving.register_keras_serializable(package=...)."
        ) from error


def _check_callbacks(callbacks, optimizer):
    if callbacks is None or (isinstance(callbacks, list | tuple) and not callbacks):
        return
    import keras

    if not _all_are(callbacks, keras.callbacks.Callback):
        raise TypeError(f"callbacks must be a list of Keras callbacks, got {callbacks!r}; put it in a list.")
    # The schedule of fit would overwrite what these set.
    setters = (keras.callbacks.ReduceLROnPlateau, keras.callbacks.LearningRateScheduler)
    setter = next((type(one).__name__ for one in callbacks if isinstance(one, setters)), None)
    if setter and isinstance(optimizer, str):
        raise ValueError(
            f"{setter} needs an optimizer object, whose learning rate it may set, got optimizer={optimizer!r}, "
            "which follows the schedule of fit."
        )
    if setter and isinstance(optimizer.get_config().get("learning_rate"), dict):
        raise ValueError(f"{setter} needs an optimizer with a number for its learning rate, got one with a schedule.")


def _check_metrics(metrics):
    if metrics is None or (isinstance(metrics, list | tuple) and not metrics):
        return
    import keras

    from seqconv.training.running_metrics import copied_metric

    if not _all_are(metrics, str | keras.metrics.Metric):
        raise TypeError(f"metrics must be a list of names or of metrics of Keras, got {metrics!r:.200}.")
    others = [metric for metric in metrics if metric != "accuracy"]
    names = ["loss", "accuracy", "learning_rate", *(copied_metric(metric).name for metric in others)]
    twice = next((name for i, name in enumerate(names) if name in names[:i]), None)
    if twice:
        raise ValueError(f"metrics must have names of their own, got {twice} twice; history_ has loss and accuracy.")


def _check_augment(augment):
    layers = [] if augment is None else augment if isinstance(augment, list | tuple) else [augment]
    if not layers:
        return
    import keras

    if not _all_are(layers, keras.layers.Layer):
        raise TypeError(f"augment must be a Keras layer or a list of them, got {augment!r}.")
    of_keras = [type(one).__name__ for one in layers if type(one).__module__.startswith("keras.")]
    if of_keras:
        raise TypeError(
            f"a layer of augment takes (x, y, weight), {of_keras[0]} of Keras takes x alone; see seqconv.augment."
        )


def _all_are(values, kind):
    return isinstance(values, list | tuple) and all(isinstance(value, kind) for value in values)
