"""Metrics of the user that count over a whole part, not over one batch."""

from collections.abc import Sequence
from typing import Any

import keras


def copied_metric(metric: Any) -> Any:
    """Return a new metric of Keras, from a name or a template.

    Raises
    ------
    ValueError
        If Keras does not know the name, or cannot make the metric again.
        If the metric takes class numbers, where labels are one-hot.

    Examples
    --------
    >>> copied_metric("auc").name, copied_metric(keras.metrics.Recall(class_id=1, name="ill")).name
    ('auc', 'ill')
    """
    try:
        if not isinstance(metric, str):
            made = type(metric).from_config(metric.get_config())
        else:
            made = keras.metrics.get(metric)
            if not isinstance(made, keras.metrics.Metric):  # a function such as that of "mse"
                made = keras.metrics.MeanMetricWrapper(made)
            made.name = metric
    except Exception as error:
        raise ValueError(
            f"metrics must be names or metrics of Keras, got {metric!r:.100}: {str(error)[:200]}"
        ) from error
    if made.name.startswith("sparse_") or type(made).__name__.startswith("Sparse"):
        raise ValueError(f"metrics must take one-hot labels, got {made.name}; give the one without sparse in its name.")
    return made


class RunningMetrics:
    """Copies of metrics that only `restart` resets, because Keras resets all metrics before each batch.

    Parameters
    ----------
    templates : sequence of str or keras.metrics.Metric
    """

    def __init__(self, templates: Sequence[Any]):
        self.metrics = [copied_metric(metric) for metric in templates]
        self.names = {metric.name for metric in self.metrics}
        self._resets = [metric.reset_state for metric in self.metrics]
        for metric in self.metrics:
            metric.reset_state = _nothing

    def restart(self) -> None:
        """Forget all batches."""
        for reset in self._resets:
            reset()

    def mean_or_last(self, totals: dict[str, float], last: dict[str, float], n: float) -> dict[str, float]:
        """Return sums over `n` parts as means, and what these metrics said after the last batch."""
        return {name: float(last[name] if name in self.names else total / n) for name, total in totals.items()}


def _nothing():
    """Reset nothing."""
