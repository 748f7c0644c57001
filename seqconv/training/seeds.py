"""Seeds of the members of an ensemble."""

import numpy as np


def member_seed(seed: int, number: int) -> int:
    """Return the seed of one member."""
    return int(np.random.SeedSequence((seed, number)).generate_state(1)[0])
