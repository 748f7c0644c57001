"""Counts of Hydra's competing kernels, and their scaling."""

from collections.abc import Sequence

import numpy as np

from seqconv.banks.hydra_counts import counts_of_cases
from seqconv.banks.plain import plain
from seqconv.banks.series import Series

N_KERNELS = 8
N_TAPS = 9


def draw_kernels(
    n_dilations: int, n_groups: int, n_channels: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw the kernels, and which channels each group adds up.

    Parameters
    ----------
    n_dilations, n_groups, n_channels : int
        Dilations, groups of 8 kernels at each, channels of a case.
    rng : numpy.random.Generator

    Returns
    -------
    kernels : array of float32, shape (n_dilations, n_groups, 8, 9)
        Each kernel has sum 0, and absolute values of sum 1.
    channels : array of float32, shape (n_dilations, n_groups, n_channels)
        1 where a channel belongs to the group, else 0: half of the channels, at least 2 and at most 8.

    Notes
    -----
    Differs: the channels of a group are different ones; the published code may draw one twice.

    References
    ----------
    Dempster, Schmidt and Webb (2023), "Hydra", section 3.

    Examples
    --------
    >>> kernels, channels = draw_kernels(2, 3, 6, np.random.default_rng(0))
    >>> kernels.shape, channels.sum(axis=2).tolist()
    ((2, 3, 8, 9), [[3.0, 3.0, 3.0], [3.0, 3.0, 3.0]])
    """
    kernels = rng.standard_normal((n_dilations, n_groups, N_KERNELS, N_TAPS))
    kernels -= kernels.mean(axis=-1, keepdims=True)
    kernels /= np.abs(kernels).sum(axis=-1, keepdims=True)
    n_drawn = min(max(2, min(n_channels // 2, 8)), n_channels)
    # Places of the channels in an order of its own for each group.
    places = rng.permuted(np.tile(np.arange(n_channels), (n_dilations, n_groups, 1)), axis=-1)
    return kernels.astype(np.float32), (places < n_drawn).astype(np.float32)


def hydra_counts(series: Series, dilations: Sequence[int], kernels: np.ndarray, channels: np.ndarray) -> np.ndarray:
    """Count how much the kernels of each group win at the real steps.

    Parameters
    ----------
    series : Series
    dilations : sequence of int
    kernels : array of shape (n_dilations, n_groups, 8, 9)
    channels : array of shape (n_dilations, n_groups, n_channels)
        What each channel is multiplied by before a group adds them up. Ignored for cases of one channel.

    Returns
    -------
    array of float32, shape (n_cases, n_dilations * 2 * n_groups * 8)
        For each dilation, first the sums of the largest responses, group by group. Then how often each kernel has the
        smallest response.

    Notes
    -----
    Mask: convolutions are padded with zeros; only real steps are counted. A case without one has counts of 0. Of equal
    responses the first kernel wins.

    References
    ----------
    Dempster, Schmidt and Webb (2023), "Hydra", section 3.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> series = Series.read(rng.normal(size=(5, 20, 1)))
    >>> counts = hydra_counts(series, [1], *draw_kernels(1, 2, 1, rng))
    >>> counts.shape, counts[:, 16:].sum(axis=1).tolist()
    ((5, 32), [40.0, 40.0, 40.0, 40.0, 40.0])
    """
    real = np.zeros((0, 0)) if series.real is None else series.real
    arrays = (plain(series.values, np.float32), plain(series.lengths, np.int64), plain(real, np.bool_))
    kernels = plain(kernels, np.float32)
    channels = plain(np.ones_like(channels) if series.values.shape[1] == 1 else channels, np.float32)
    n_dilations, n_groups = kernels.shape[:2]
    out = np.empty((len(series), n_dilations, 2, n_groups, N_KERNELS), np.float32)
    counts_of_cases(*arrays, plain(dilations, np.int64), kernels, channels, out)
    return out.reshape(len(series), n_dilations * 2 * n_groups * N_KERNELS)


def sparse_moments(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the centre and the scale of the roots of counts.

    Parameters
    ----------
    counts : array of shape (n_cases, n_features)
        Those of the training part. They stay as they are.

    Returns
    -------
    centre, scale : arrays of float32, shape (n_features,)
        The mean; the standard deviation plus the fourth power of the share of zeros.

    References
    ----------
    Dempster, Schmidt and Webb (2023), "Hydra", published code.

    Examples
    --------
    >>> centre, scale = sparse_moments(np.array([[0.0, 4.0], [1.0, 16.0]]))
    >>> centre, scale.round(2)
    (array([0.5, 3. ], dtype=float32), array([0.77, 1.41], dtype=float32))
    """
    roots = np.sqrt(np.maximum(counts, 0))
    centre = roots.mean(axis=0, dtype=np.float64)
    zeros = (roots == 0).mean(axis=0)
    roots -= centre.astype(roots.dtype)
    # One case has no deviation.
    variance = np.einsum("ij,ij->j", roots, roots, dtype=np.float64) / max(1, len(counts) - 1)
    deviation = np.sqrt(variance)
    # A count that is the same in all training cases has only rounding for a deviation; 1e-8 would make it explode elsewhere.
    is_constant = (zeros == 0) & (deviation <= 1e-6 * centre)
    scale = np.where(is_constant, 1, deviation + zeros**4 + 1e-8)
    return centre.astype(np.float32), scale.astype(np.float32)


def sparse_scaled(counts: np.ndarray, centre: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Return the scaled roots of counts in place of the counts; zeros stay zeros.

    Parameters
    ----------
    counts : array of float32, shape (n_cases, n_features)
        Overwritten by the result.
    centre, scale : arrays of float32, shape (n_features,)
        See `sparse_moments`.

    Examples
    --------
    >>> counts = np.array([[0, 4], [1, 16]], np.float32)
    >>> sparse_scaled(counts, *sparse_moments(counts)).round(2)
    array([[-0.  , -0.71],
           [ 0.65,  0.71]], dtype=float32)
    """
    np.sqrt(np.maximum(counts, 0, out=counts), out=counts)
    is_set = counts != 0
    counts -= centre
    counts *= is_set
    counts /= scale
    return counts
