"""Cases of (channels, steps) are converted, and seen by their shapes."""

import warnings

import numpy as np
import pandas as pd
import pytest

from seqconv.data.channels_first import from_channels_first, warn_if_channels_first


class Tensor:
    """What a tensor of PyTorch shows of itself."""

    def __init__(self, values):
        self.values, self.dtype = values, "torch.float32"

    def __len__(self):
        return len(self.values)

    def detach(self):
        return self

    cpu = detach

    def numpy(self):
        return self.values


def test_channels_go_last():
    X = np.arange(24).reshape(2, 3, 4)
    for given in (X, Tensor(X), list(X), tuple(X)):
        found = from_channels_first(given)
        assert np.array_equal(np.stack(list(found)), X.transpose(0, 2, 1))
    assert np.shares_memory(from_channels_first(X), X)
    ragged = from_channels_first([np.zeros((3, 5)), np.zeros((3, 7))])
    assert [case.shape for case in ragged] == [(5, 3), (7, 3)]


@pytest.mark.parametrize(
    "X, message",
    [
        (np.zeros((4, 5)), r"must be \(cases, channels, steps\), got shape \(4, 5\)"),
        ([np.zeros((3, 5)), np.zeros(5)], r"got shape \(5,\) for case 1"),
        (np.zeros((1, 2, 3, 4)), "must be"),
    ],
)
def test_other_shapes_are_rejected(X, message):
    with pytest.raises(ValueError, match=message):
        from_channels_first(X)


def test_what_is_no_array_is_rejected():
    with pytest.raises(TypeError, match="X must be an array"):
        from_channels_first("abc")


@pytest.mark.parametrize(
    "X",
    [
        np.zeros((10, 3, 500)),
        np.zeros((10, 1, 51)),
        np.zeros((10, 32, 129)),
        [np.zeros((3, 60)), np.zeros((3, 90))],
        np.array([np.zeros((3, 60)), np.zeros((3, 90)), None], object)[:2],
    ],
)
def test_few_steps_of_many_channels_are_warned_of(X):
    with pytest.warns(UserWarning, match=r"looks like \(channels, steps\). .*from_channels_first\(X\)") as caught:
        assert warn_if_channels_first(X)
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    "X",
    [
        *(np.zeros((2, n, n_channels)) for n_channels in (1, 3, 60, 200) for n in (n_channels, n_channels + 1, 1000)),
        np.zeros((10, 8, 50)),
        np.zeros((10, 33, 500)),
        np.zeros((10, 20, 80)),
        np.zeros((10, 500)),
        np.zeros(5),
        [np.zeros((60, 3)), np.zeros((90, 3))],
        [np.zeros((3, 60)), np.zeros((4, 90))],
        [np.zeros(60), np.zeros((3, 90))],
        [pd.DataFrame(np.zeros((3, 60)))] * 2,
        ["some", "texts"],
        [[1, 2], [3, 4]],
        [],
        None,
    ],
)
def test_other_shapes_are_not_warned_of(X):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not warn_if_channels_first(X)
