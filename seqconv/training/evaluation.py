"""Loss and accuracy of a compiled network on a part of the data."""

from typing import Any

import keras

from seqconv.training.batches import most_steps_of, sorted_batches
from seqconv.training.part import Part
from seqconv.training.running_metrics import RunningMetrics

# Since version 3.15 Keras itself forgets the batches before. To do it twice costs a millisecond a step.
_FORGETS = tuple(int(part) for part in keras.__version__.split(".")[:2]) >= (3, 15)


def forget_batches(network: Any) -> None:
    """Let the next batch return its own loss, not the mean over the batches so far."""
    if not _FORGETS:
        network.reset_metrics()


def evaluate(network: Any, part: Part, batch_size: int, running: RunningMetrics) -> dict[str, float]:
    """Return the mean loss over a part, the weighted accuracy if the network counts it, and the running metrics."""
    running.restart()
    case_lengths, totals = part.survey.lengths, {}
    plan = sorted_batches(case_lengths, batch_size, most_steps_of(case_lengths, batch_size))
    for x, y, weight in part.batches(plan):
        forget_batches(network)
        found = network.test_on_batch(x, y, weight, return_dict=True)
        for name, value in found.items():
            # Keras divides a loss by the cases of the batch, an accuracy by their weight.
            share = len(x) if name == "loss" else weight.sum()
            totals[name] = totals.get(name, 0.0) + float(value) * share
    return running.mean_or_last(totals, found, len(part))
