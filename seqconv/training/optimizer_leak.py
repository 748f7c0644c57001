"""Memory that an optimizer of Keras on TensorFlow never gives back."""

from typing import Any


def without_leak(optimizer: Any) -> Any:
    """Return the optimizer without the sum of gradients over devices, where there is one device.

    TensorFlow registers a gradient of that sum for each traced step and keeps the step's graph for ever: 4 MB a fit.
    """
    devices = getattr(optimizer, "_distribution_strategy", None)
    if devices is not None and devices.num_replicas_in_sync == 1 and hasattr(optimizer, "_all_reduce_sum_gradients"):
        # Keras itself returns the pairs as they are outside a replica.
        optimizer._all_reduce_sum_gradients = list
    return optimizer
