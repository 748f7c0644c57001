import numpy as np
import pytest


def pytest_configure(config):
    config.addinivalue_line("filterwarnings", "error:(?s).*destroy the mask information:UserWarning")


@pytest.fixture
def rng():
    return np.random.default_rng(0)
