"""Numbers of steps, and sizes of batches, where the user gives none."""

import pytest

from seqconv.encoders import FCN, InceptionTime
from seqconv.training.defaults import choose_batch_size, choose_epochs, series_steps


@pytest.mark.parametrize(("n_cases", "steps"), [(20, 150), (64, 150), (65, 300), (400, 1050), (5000, 1500)])
def test_a_set_of_series_gets_a_tenth_of_the_steps_of_the_paper(n_cases, steps):
    assert series_steps(n_cases, InceptionTime().paper_epochs, InceptionTime().paper_batch_size) == steps
    assert series_steps(n_cases, FCN().paper_epochs, FCN().paper_batch_size) >= steps


@pytest.mark.parametrize("n_cases", [20, 67, 200])
def test_epochs_make_the_steps_whatever_the_batch_size(n_cases):
    for batch_size in (8, 16, 40):
        n_batches = -(-n_cases // batch_size)
        epochs = choose_epochs(n_cases, batch_size, None, is_tokens=False, least=1050)
        assert abs(epochs * n_batches - 1050) <= n_batches / 2


def test_a_large_set_has_fifty_epochs_but_no_more_than_15_000_steps():
    assert choose_epochs(12_800, 64, None, is_tokens=False, least=1500) == 50
    assert choose_epochs(128_000, 64, None, is_tokens=False, least=1500) * 2000 <= 15_000 + 1000
    assert choose_epochs(100, 16, 7, is_tokens=False) == 7


@pytest.mark.parametrize(("n_steps", "size"), [(24, 64), (512, 64), (1024, 32), (8192, 4), (10**6, 1)])
def test_a_batch_of_long_series_has_no_more_steps_than_one_of_short_ones(n_steps, size):
    assert choose_batch_size(5000, None, n_steps) == size
    assert choose_batch_size(5000, 50, n_steps) == 50
