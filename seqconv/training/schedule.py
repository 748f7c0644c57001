"""Learning-rate schedule of the gradient recipe."""

from typing import Any

import keras


def warmup_cosine(learning_rate: float, n_steps: int) -> Any:
    """Return a schedule that rises linearly over the first tenth of the steps, then falls to 0 as half a cosine.

    Parameters
    ----------
    learning_rate : float
        Highest rate; the schedule starts at 1/25 of it.
    n_steps : int
        Number of training steps.

    Returns
    -------
    keras.optimizers.schedules.LearningRateSchedule

    References
    ----------
    Loshchilov and Hutter (2017), "SGDR: stochastic gradient descent with warm restarts", equation 5, without restarts.

    Examples
    --------
    >>> schedule = warmup_cosine(0.1, 100)
    >>> [round(float(schedule(step)), 3) for step in (0, 10, 55, 100)]
    [0.004, 0.1, 0.05, 0.0]
    """
    n_steps = max(1, n_steps)
    rise = max(1, n_steps // 10)
    return keras.optimizers.schedules.CosineDecay(
        learning_rate / 25, max(1, n_steps - rise), warmup_target=learning_rate, warmup_steps=rise
    )
