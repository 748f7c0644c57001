"""Promises of the made-up series."""

import numpy as np
import pytest

from seqconv.datasets import make_series


def equal(a, b):
    return len(a.X) == len(b.X) and all(np.array_equal(x, z, equal_nan=True) for x, z in zip(a.X, b.X, strict=True))


def test_series_have_the_shape_and_the_balance_asked_for():
    s = make_series(n_cases=20, n_steps=40, n_channels=3, n_classes=3)
    assert s.X.shape == (20, 40, 3) and s.X.dtype == np.float32 and np.isfinite(s.X).all()
    assert s.y.dtype == np.int64 and sorted(np.bincount(s.y)) == [6, 7, 7]


def test_unequal_series_run_from_half_the_steps_to_all_of_them():
    s = make_series(n_cases=100, n_steps=41, unequal=True)
    lengths = {len(case) for case in s.X}
    assert isinstance(s.X, list) and min(lengths) == 21 and max(lengths) == 41


def test_missing_values_are_as_many_as_asked_for_and_every_case_keeps_its_first_step():
    X = make_series(n_cases=100, missing=0.3).X
    assert abs(np.isnan(X).mean() - 0.3) < 0.02 and not np.isnan(X[:, 0]).any()
    assert not np.isnan(make_series(n_cases=10).X).any()


@pytest.mark.parametrize("settings", [{}, {"unequal": True, "missing": 0.1}])
def test_the_same_seed_gives_the_same_series_whatever_the_global_state(settings):
    np.random.seed(1)
    first = make_series(20, random_state=5, **settings)
    np.random.seed(2)
    before = np.random.get_state()[1].copy()
    assert equal(first, make_series(20, random_state=5, **settings))
    assert np.array_equal(np.random.get_state()[1], before)
    assert not equal(first, make_series(20, random_state=6, **settings))


def test_the_class_is_told_by_the_shape_and_by_no_summary_of_the_case():
    s = make_series(400, n_classes=2)
    X = s.X[:, :, 0]
    for summary in (X.mean(axis=1), X.std(axis=1)):
        gap = summary[s.y == 0].mean() - summary[s.y == 1].mean()
        assert abs(gap) < 4 * summary.std() * np.sqrt(2 / 200)
    averages = [shape - shape.mean() for shape in (forward_wave(25), forward_wave(25)[::-1])]
    responses = np.stack([[np.correlate(row, w, "valid").max() for row in X] for w in averages])
    assert (responses.argmax(axis=0) == s.y).mean() > 0.95


def forward_wave(length):
    time = np.arange(length) / length
    return np.sin(2 * np.pi * time * (1 + time)) * np.sin(np.pi * time)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"n_cases": 2, "n_classes": 3}, "n_cases must be a whole number of at least 3, got 2"),
        ({"n_steps": 15}, "n_steps must be a whole number of at least 16, got 15"),
        ({"n_channels": 0}, "n_channels must be a whole number of at least 1, got 0"),
        ({"n_classes": 1}, "n_classes must be a whole number of at least 2, got 1"),
        ({"missing": 1.0}, "missing must be a number from 0 to below 1, got 1.0"),
        ({"missing": float("nan")}, "missing must be a number from 0 to below 1"),
    ],
)
def test_a_number_out_of_range_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        make_series(**arguments)


def test_half_a_case_is_rejected():
    with pytest.raises(ValueError, match="n_cases must be a whole number of at least 2.* got 2.5"):
        make_series(2.5)
