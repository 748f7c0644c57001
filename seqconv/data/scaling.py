"""Centre and scale of channels, missing values left out."""

import warnings

import numpy as np

# Times the deviation that a level may be: float32 then still tells a thousand values within a deviation.
_HIGHEST_LEVEL = 2**14


def warn_of_level(name, level, deviation):
    """Warn where values differ so little from one another that float32, in which networks compute, rounds them alike.

    Parameters
    ----------
    name : str
        What the values are.
    level, deviation : float

    Warns
    -----
    UserWarning
        The message says what to subtract.
    """
    if abs(level) > _HIGHEST_LEVEL * deviation > 0:
        warnings.warn(
            f"{name} differs by {deviation:.3g} around {level:.6g}, too little for float32: subtract {level:.6g}.",
            stacklevel=2,
        )


def channel_statistics(X):
    """Mean and standard deviation of each channel over all observed values.

    Parameters
    ----------
    X : array of shape (n_cases, n_steps, n_channels)
        NaN is left out.

    Returns
    -------
    centre, scale : arrays of float64, shape (n_channels,)
        A channel without an observed value has centre 0; where nothing varies, the scale is 1.

    Examples
    --------
    >>> import numpy as np
    >>> channel_statistics(np.array([[[1.0], [3.0], [np.nan]]]))
    (array([2.]), array([1.]))
    """
    n_channels = X.shape[-1]
    centre, scale = np.zeros(n_channels), np.ones(n_channels)
    for channel in range(n_channels):  # one channel at a time: no float64 copy of the whole of X
        values = X[..., channel].astype(np.float64)
        values = values[~np.isnan(values)]
        if not len(values):
            continue
        centre[channel] = values.mean()
        deviation = values.std()
        # A constant leaves a deviation of rounding errors, which is not to be blown up to 1.
        if deviation > 1e-7 * np.abs(values).max():
            scale[channel] = deviation
            warn_of_level(f"channel {channel} of X", centre[channel], deviation)
    return centre, scale
