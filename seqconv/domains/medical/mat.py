"""Recordings in MATLAB files that have no header beside them."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from seqconv.arguments import number
from seqconv.data.recording import Recording

_LEADS = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")


def read_mat(
    path: str | os.PathLike,
    sampling_rate_hz: float,
    *,
    gain: float = 1000.0,
    leads: Sequence[str] | None = None,
    name: str | None = None,
) -> Recording:
    """Read the signal of a MATLAB file, as the PhysioNet challenges and CPSC 2018 have them, without its header.

    Parameters
    ----------
    path : str or path
        A ``.mat`` file up to version 7.2. With a header ``.hea`` beside it, `read_wfdb` knows rate, gain and leads.
    sampling_rate_hz : float
        Sampling rate, which such a file does not hold: 300 Hz in CinC 2017, 500 Hz in CPSC 2018 and CinC 2020.
    gain : float, default=1000.0
        Steps a millivolt, other than 0. Give 1 for values in millivolt, as those of CPSC 2018.
    leads : sequence of str, optional
        Names of the leads, in the order of the file. None is I to V6 for twelve leads, else their numbers.
    name : str, optional
        Variable that holds the signal. None takes ``val``, ``data`` in a structure ``ECG``, or the only table of numbers.

    Returns
    -------
    Recording
        In millivolt. The longer side of the table is time.

    Raises
    ------
    ValueError
        If the file cannot be decoded, or has no such variable.
    ValueError
        If an argument is out of its range, or there is not one name a lead.
    OSError
        If the file does not exist.

    Examples
    --------
    >>> import tempfile, scipy.io
    >>> path = Path(tempfile.mkdtemp(), "A00001.mat")
    >>> scipy.io.savemat(path, {"val": np.array([[-127, -162, -197]], np.int16)})
    >>> read_mat(path, 300).signal[:, 0]
    array([-0.127, -0.162, -0.197], dtype=float32)
    """
    from scipy.io import loadmat

    number("sampling_rate_hz", sampling_rate_hz, above=0)
    if not number("gain", gain):
        raise ValueError(f"gain must not be 0, got {gain}.")
    path = Path(os.fspath(path))
    data = path.read_bytes()
    try:
        found = loadmat(path, simplify_cells=True)
    # scipy meets nonsense with errors of many kinds.
    except Exception as error:
        what = "version 7.3 is HDF5; save it by -v7" if b"MATLAB 7.3" in data[:128] else error
        raise ValueError(f"{path}: the MATLAB file cannot be decoded ({what}).") from error
    found = {key: value for key, value in found.items() if not key.startswith("__")}
    if isinstance(found.get("ECG"), dict):
        found |= {f"ECG.{key}": value for key, value in found["ECG"].items()}
    tables = {key: np.atleast_2d(value) for key, value in found.items() if _is_table(value)}
    chosen = name or next((key for key in ("val", "ECG.data") if key in tables), next(iter(tables), None))
    if chosen not in tables or (name is None and chosen not in ("val", "ECG.data") and len(tables) > 1):
        raise ValueError(f"{path} must have one table of numbers, or name it; got {', '.join(tables) or 'none'}.")
    signal = tables[chosen] if len(tables[chosen]) > tables[chosen].shape[1] else tables[chosen].T
    leads = leads or (_LEADS if signal.shape[1] == len(_LEADS) else [f"lead {i}" for i in range(signal.shape[1])])
    return Recording((signal / gain).astype(np.float32), sampling_rate_hz, leads, name=path.stem)


def _is_table(value):
    return isinstance(value, np.ndarray) and value.dtype.kind in "fiu" and value.ndim in (1, 2) and value.size > 1
