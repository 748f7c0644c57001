"""Settings of a training where the user gives none."""

from typing import Any

import numpy as np

# Fits are measured in steps: a set of 60 cases needs many epochs for the steps that one of 6,000 has in a few.
_SERIES_STEPS = (1_500, 15_000)
_TOKEN_STEPS = (400, 15_000)
_SERIES_EPOCHS, _TOKEN_EPOCHS = 50, 6


def choose_batch_size(n_cases: int, batch_size: int | None) -> int:
    """Return the user's batch size, else a tenth of the cases within 16 to 64."""
    return min(max(n_cases // 10, 16), 64) if batch_size is None else batch_size


def choose_epochs(n_cases: int, batch_size: int, epochs: int | None, is_tokens: bool) -> int:
    """Return the user's epochs, else those that make the usual number of steps."""
    if epochs is not None:
        return epochs
    least, most = _TOKEN_STEPS if is_tokens else _SERIES_STEPS
    n_batches = -(-n_cases // batch_size)
    usual = (_TOKEN_EPOCHS if is_tokens else _SERIES_EPOCHS) * n_batches
    return max(1, round(min(max(usual, least), most) / n_batches))


def choose_patience(epochs: int, patience: int | None) -> int:
    """Return the user's patience, else a third of the epochs, at least 5."""
    return max(5, epochs // 3) if patience is None else patience


def choose_validation_fraction(
    n_cases: int, fraction: float | None, is_text: bool, classes: Any = None, groups: Any = None
) -> float:
    """Return the user's fraction, else 0.1 from 200 cases on.

    0 for texts without groups: training on every word helps more than choosing an epoch. Also 0 where a class has fewer
    than 10 cases, or where all cases are of one group.
    """
    if fraction is not None:
        return fraction
    is_rare = classes is not None and np.unique(classes, return_counts=True)[1].min() < 10
    is_one_group = groups is not None and len(np.unique(groups)) < 2
    is_text_alone = is_text and groups is None
    return 0 if is_text_alone or n_cases < 200 or is_rare or is_one_group else 0.1
