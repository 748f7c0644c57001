"""Parameters of an estimator as the paper of its encoder had them."""

from typing import Any

from seqconv import encoders
from seqconv.estimators.choices import given_for_training

# Who chooses one of these has a schedule of his own.
_OF_THE_RATE = {"optimizer", "learning_rate"}


def fill(estimator: Any, encoder: encoders.Encoder, n_cases: int) -> None:
    """Set the parameters that were left at their defaults as the paper had them, where `preset` asks for it.

    An optimizer or a learning rate of the user replaces optimizer and callbacks of the paper. The caller restores the
    parameters when the fit has ended.

    Raises
    ------
    ValueError
        If the training of the paper is not known.
    """
    if estimator.preset is None:
        return
    given = set(given_for_training(estimator))
    if given & _OF_THE_RATE:
        given |= {"optimizer", "callbacks"}
    for name, value in encoder.paper_training(n_cases).items():
        if name not in given:
            setattr(estimator, name, value)
