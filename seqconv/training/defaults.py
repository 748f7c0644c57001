"""Settings of a training where the user gives none."""

from typing import Any

import numpy as np

from seqconv.training.batches import BATCH_STEPS

# Fits are measured in steps: a set of 60 cases needs many epochs for the steps that one of 6,000 has in a few.
_SERIES_STEPS = (1_500, 15_000)
_TOKEN_STEPS = (400, 15_000)
_SERIES_EPOCHS, _TOKEN_EPOCHS = 50, 6
# A network beside a linear model needs to learn only what that cannot: fewer steps at a higher rate.
_BESIDE_STEPS, _BESIDE_EPOCHS = (100, 15_000), 3
_RATE, _BESIDE_RATE = 1e-3, 3e-3


def choose_batch_size(n_cases: int, batch_size: int | None, n_steps: int = 1) -> int:
    """Return the user's batch size, else a tenth of the cases within 16 to 64.

    Fewer where a case has more than 512 steps, so that a batch has at most 32,768.
    """
    if batch_size is not None:
        return batch_size
    return max(1, min(max(n_cases // 10, 16), 64, BATCH_STEPS // max(1, n_steps)))


def choose_learning_rate(learning_rate: float | None, is_beside: bool = False) -> float:
    """Return the user's rate, else the usual one; a network next to a linear model has a higher one."""
    return (_BESIDE_RATE if is_beside else _RATE) if learning_rate is None else learning_rate


def series_steps(n_cases: int, paper_epochs: int, paper_batch_size: int) -> int:
    """Return how many steps a set of series is trained for at least: a tenth of the paper's, at most 1,500.

    The learning rate falls to 0 within them, which the schedules of the papers do not reach.
    """
    return min(paper_epochs * -(-n_cases // paper_batch_size) // 10, _SERIES_STEPS[0])


def choose_epochs(
    n_cases: int,
    batch_size: int,
    epochs: int | None,
    is_tokens: bool,
    least: int | None = None,
    is_beside: bool = False,
) -> int:
    """Return the user's epochs, else those that make the usual number of steps; of a small set, `least` steps."""
    if epochs is not None:
        return epochs
    kinds = [(_SERIES_STEPS, _SERIES_EPOCHS), (_TOKEN_STEPS, _TOKEN_EPOCHS), (_BESIDE_STEPS, _BESIDE_EPOCHS)]
    (fewest, most), usual_epochs = kinds[is_tokens + is_beside]
    n_batches = -(-n_cases // batch_size)
    usual = usual_epochs * n_batches
    if usual <= fewest:
        usual = fewest if least is None else least
    return max(1, round(min(usual, most) / n_batches))


def choose_patience(epochs: int, patience: int | None) -> int:
    """Return the user's patience, else a third of the epochs, at least 5."""
    return max(5, epochs // 3) if patience is None else patience


def choose_validation_fraction(
    n_cases: int, fraction: float | None, is_text: bool, classes: Any = None, groups: Any = None
) -> float:
    """Return the user's fraction, else 0.1 from 200 cases on.

    0 for texts: training on every word helps more than choosing an epoch. Also 0 with groups, of which one is much to
    lose, and where a class has fewer than 10 cases.
    """
    if fraction is not None:
        return fraction
    # Of many labels some are always rare, and a table of them is no class.
    is_rare = np.ndim(classes) == 1 and np.unique(classes, return_counts=True)[1].min() < 10
    return 0 if is_text or groups is not None or n_cases < 200 or is_rare else 0.1
