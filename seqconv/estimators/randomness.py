"""Python's random generator, from which Keras draws the default seed of each layer."""

import contextlib
import random
from collections.abc import Iterator

from seqconv.models.landmarks import GENERATOR_LOCK


@contextlib.contextmanager
def random_state_kept() -> Iterator[None]:
    """Restore the generator after the block."""
    with GENERATOR_LOCK:
        state = random.getstate()
        try:
            yield
        finally:
            random.setstate(state)
