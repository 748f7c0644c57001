"""Which encoder, pooling and head an estimator means where it says None."""

from typing import Any

from seqconv import encoders
from seqconv.estimators.parameters import makes_tokens

# What only a network trained by gradient descent uses, with the defaults.
_OF_TRAINING = {
    "pooling": None,
    "augment": None,
    "epochs": None,
    "batch_size": None,
    "learning_rate": None,
    "optimizer": "adam",
    "validation_fraction": None,
    "validation_by": None,
    "patience": None,
    "callbacks": None,
    "metrics": None,
}
# With more cases than this the default has fewer features: the time of a closed form grows with the cube of the smaller.
_MANY_CASES = 4_000


def choose_encoder(estimator: Any, n_cases: int) -> tuple[encoders.Encoder, Any]:
    """Return the encoder and the pooling that are meant.

    Parameters
    ----------
    estimator : SequenceEstimator
    n_cases : int
        Number of cases to train on.
    """
    encoder, pooling, adapter = estimator.encoder, estimator.pooling, estimator.adapter
    if encoder is not None:
        return encoders.get(encoder), pooling
    if makes_tokens(adapter):
        # Mean and maximum are better than the maximum of the paper.
        return encoders.get("kim_cnn"), "mean_max" if pooling is None else pooling
    given = given_for_training(estimator)
    if given and (estimator.head is None or pooling is not None):
        return encoders.get("inception_time"), pooling
    if n_cases <= _MANY_CASES:
        return encoders.Bank(), None
    fewer = encoders.MiniRocket(2_000), encoders.MiniRocket(1_000, difference=True), encoders.Hydra(8)
    return encoders.Bank(fewer), None


def given_for_training(estimator: Any) -> list[str]:
    """Return the names of the parameters that only gradient descent uses, and that are not as by default."""
    return [name for name, default in _OF_TRAINING.items() if _is_given(getattr(estimator, name), default)]


def is_closed_form(estimator: Any, encoder: encoders.Encoder) -> bool:
    """Return whether the head is solved in closed form, so that no case needs to be set apart."""
    return estimator.head == "ridge" or isinstance(encoder, encoders.FixedBank)


def _is_given(value, default):
    if default is None:
        return value is not None and (not hasattr(value, "__len__") or len(value) > 0)
    return not (isinstance(value, int | float | str) and value == default)
