"""Centre and scale of channels, missing values left out."""

import numpy as np


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
    return centre, scale
