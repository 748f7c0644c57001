"""Python's random generator, from which Keras draws a seed for each layer that it makes."""

import contextlib
import random


@contextlib.contextmanager
def random_state_kept():
    """After the block the generator is as it was before."""
    state = random.getstate()
    try:
        yield
    finally:
        random.setstate(state)
