"""Memory that TensorFlow does not give back after a training."""

import sys
from typing import Any


def forget_kernels() -> None:
    """Free the kernels that TensorFlow keeps of every step that it ever traced: 1.6 MB a fit.

    Networks that are still in use make theirs again at their next batch.
    """
    context = sys.modules.get("tensorflow.python.eager.context")
    if context is not None and hasattr(context.context(), "clear_kernel_cache"):
        context.context().clear_kernel_cache()


def without_leak(optimizer: Any) -> Any:
    """Return the optimizer without the sum of gradients over devices, where there is one device.

    TensorFlow registers a gradient of that sum for each traced step and keeps the step's graph for ever: 4 MB a fit.
    """
    devices = getattr(optimizer, "_distribution_strategy", None)
    if devices is not None and devices.num_replicas_in_sync == 1 and hasattr(optimizer, "_all_reduce_sum_gradients"):
        # Keras itself returns the pairs as they are outside a replica.
        optimizer._all_reduce_sum_gradients = list
    return optimizer
