import numpy as np
import pytest


@pytest.fixture
def make_cases(rng):
    """Return a function that makes X (5, 37, channels) with NaN where nothing was observed."""

    def make(n_channels, kind):
        X = rng.normal(size=(5, 37, n_channels)).astype(np.float32)
        if kind != "complete":
            for b, length in enumerate([37, 5, 1, 20, 9]):
                X[b, length:] = np.nan
        if kind == "gaps":
            X[0, 10:13] = np.nan
            X[0, 0] = np.nan
            X[3, 15] = np.nan
        return X

    return make
