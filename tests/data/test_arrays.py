import warnings

import numpy as np
import pytest

from seqconv.data.arrays import as_series
from seqconv.data.moments import Moments
from seqconv.data.padding import lengths, observed_steps, pad_sequences
from seqconv.data.splits import validation_split


def test_padding_keeps_every_value_and_adds_only_nan(rng):
    cases = [rng.normal(size=(n, 2)) for n in (3, 1, 5)]
    X = pad_sequences(cases)
    assert X.shape == (3, 5, 2) and X.dtype == np.float32
    for padded, case in zip(X, cases, strict=True):
        np.testing.assert_allclose(padded[: len(case)], case, rtol=1e-6)
        assert np.isnan(padded[len(case) :]).all()
    np.testing.assert_array_equal(lengths(X), [3, 1, 5])


def test_a_step_is_observed_if_any_channel_or_piece_is():
    X = np.array([[[1, np.nan], [np.nan, np.nan], [np.nan, 2]]])
    np.testing.assert_array_equal(observed_steps(X), [[True, False, True]])
    np.testing.assert_array_equal(observed_steps(np.array([[[0, 4], [0, 0]]])), [[True, False]])


def test_lengths_count_up_to_the_last_observed_step():
    np.testing.assert_array_equal(lengths(np.array([[np.nan, 1, np.nan], [np.nan] * 3])[:, :, None]), [2, 0])


@pytest.mark.parametrize(
    ("X", "shape"),
    [
        ([[1, 2, 3], [4, 5, 6]], (2, 3, 1)),
        (np.zeros((2, 3), bool), (2, 3, 1)),
        ([np.zeros(3), np.zeros(5)], (2, 5, 1)),
        ([np.zeros((3, 2)), np.zeros((3, 2))], (2, 3, 2)),
        ([[[1, 2]], [[1, 2], [3, 4]]], (2, 2, 2)),
        (np.array([[1, 2], [3, None]], dtype=object), (2, 2, 1)),
    ],
)
def test_every_form_of_cases_becomes_one_array(X, shape):
    assert as_series(X).shape == shape


def test_a_case_in_a_list_may_be_padded_or_not(rng):
    cases = [rng.normal(size=(n, 2)) for n in (3, 5)]
    padded = [np.concatenate([case, np.full((9 - len(case), 2), np.nan)]) for case in cases]
    np.testing.assert_array_equal(as_series(padded)[:, :5], as_series(cases))


def test_statistics_leave_missing_values_out(rng):
    X = rng.normal(3, 2, (50, 20, 2))
    X[:, 15:, 0] = np.nan
    centre, scale = Moments.measure(X).centre_and_scale()
    np.testing.assert_allclose(centre, np.nanmean(X, axis=(0, 1)))
    np.testing.assert_allclose(scale, np.nanstd(X, axis=(0, 1)))


@pytest.mark.parametrize("level", [0.0, 1e8 + 0.1, -3e-9])
def test_what_does_not_vary_is_silenced(level):
    with pytest.warns(UserWarning, match="channel 0 is constant .* nothing can be learnt"):
        centre, scale = Moments.measure(np.full((3, 7, 1), level)).centre_and_scale()
    np.testing.assert_allclose(centre, level)
    assert abs(305 / scale) < 1e-20


def test_warnings_of_channels_name_them_where_names_are_known():
    X = np.zeros((3, 7, 2))
    with pytest.warns(UserWarning, match=r"channel 0 \('speed'\) is constant \(0\)"):
        Moments.measure(X).centre_and_scale(["speed", "elapsed"])
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        Moments.measure(X).centre_and_scale(["speed", "elapsed"], ["elapsed"])
        Moments.measure(np.full((2, 3, 1), np.nan)).centre_and_scale(["elapsed"], ["elapsed"])
    assert [str(one.message).split(") ")[0] for one in told] == ["channel 0 ('speed'", "channel 0 ('elapsed'"]


def test_a_channel_never_observed_is_silenced():
    with pytest.warns(UserWarning, match="channel 0 has no observed value"):
        centre, scale = Moments.measure(np.full((2, 3, 1), np.nan)).centre_and_scale()
    assert centre == 0 and abs(305 / scale) < 1e-20


def test_one_wild_value_is_named_and_many_are_not(rng):
    X = rng.normal(size=(50, 20, 2))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Moments.measure(X).centre_and_scale()
    X[3, 4, 1] = -1e6
    with pytest.warns(UserWarning, match="channel 1 of X has a value of magnitude 1e.06.*robust"):
        Moments.measure(X).centre_and_scale()


def test_a_stratified_part_has_each_class_in_proportion():
    classes = np.repeat([0, 1, 2], [60, 30, 10])
    train, watched = validation_split(100, 0.1, 0, classes)
    np.testing.assert_array_equal(np.bincount(classes[watched]), [6, 3, 1])
    assert sorted([*train, *watched]) == list(range(100))


def test_no_group_is_in_both_parts():
    groups = np.arange(100) % 7
    train, watched = validation_split(100, 0.2, 0, groups=groups)
    assert not set(groups[train]) & set(groups[watched]) and len(watched) > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_cases": 1, "fraction": 0.5}, "1 cases are too few"),
        ({"n_cases": 9, "fraction": 0.5, "groups": np.zeros(9)}, "at least 2 groups.*got 1"),
        ({"n_cases": 4, "fraction": 0.5, "classes": [0, 0, 0, 1]}, "has 1"),
        ({"n_cases": 6, "fraction": 0.2, "classes": [0, 0, 1, 1, 2, 2]}, "too few"),
    ],
)
def test_too_few_for_two_parts_is_said(arguments, message):
    with pytest.raises(ValueError, match=message):
        validation_split(random_state=0, **arguments)
