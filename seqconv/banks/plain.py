"""Arrays as the compiled functions take them: of one type, whole and writeable, so that each compiles once."""

import numpy as np

from seqconv.banks.series import Series


def plain(array: np.ndarray, dtype: type) -> np.ndarray:
    """Return the array, or a copy in order of rows where it is of another type, strided or read-only."""
    return np.require(array, dtype, ["C", "A", "W"])


def real_rows(series: Series) -> np.ndarray:
    """Return which steps are real, (n_cases, n_steps)."""
    if series.real is not None:
        return series.real
    return np.arange(series.values.shape[2]) < series.lengths[:, None]
