"""Python's random generator, from which Keras draws a seed for each layer that it makes."""

import contextlib
import random

from seqconv.models.landmarks import GENERATOR_LOCK


@contextlib.contextmanager
def random_state_kept():
    """After the block the generator is as it was before."""
    with GENERATOR_LOCK:
        state = random.getstate()
        try:
            yield
        finally:
            random.setstate(state)
