"""What the trainings of several papers share, as parameters of the estimators."""

from typing import Any

import keras


def paper_settings(
    epochs: int,
    batch_size: int,
    optimizer: keras.optimizers.Optimizer,
    callbacks: tuple[keras.callbacks.Callback, ...] = (),
    validation_fraction: float = 0.0,
    patience: int | None = None,
) -> dict[str, Any]:
    """Return parameters of an estimator; without `patience` all epochs are trained."""
    return {
        "epochs": epochs,
        "batch_size": batch_size,
        "optimizer": optimizer,
        "callbacks": list(callbacks),
        "validation_fraction": validation_fraction,
        "patience": epochs if patience is None else patience,
    }


def archive_settings(epochs: int, batch_size: int) -> dict[str, Any]:
    """Return those of the networks for the UCR archive: Adam, and half the rate after 50 epochs without a lower loss."""
    return paper_settings(epochs, batch_size, keras.optimizers.Adam(1e-3), (plateau(50),))


def plateau(
    patience: int, factor: float = 0.5, lowest: float = 1e-4, monitor: str = "loss"
) -> keras.callbacks.Callback:
    """Return a callback that multiplies the learning rate where the loss has not fallen for some epochs."""
    return keras.callbacks.ReduceLROnPlateau(monitor, factor, patience, min_lr=lowest)


def n_batches(n_cases: int, batch_size: int) -> int:
    """Return the number of batches of an epoch."""
    return -(-n_cases // batch_size)


def steps_down(rates: tuple[float, ...], each: int) -> keras.optimizers.schedules.LearningRateSchedule:
    """Return a schedule that keeps each rate for so many batches, and the last one until the end."""
    places = [each * (i + 1) for i in range(len(rates) - 1)]
    return keras.optimizers.schedules.PiecewiseConstantDecay(places, list(rates))
