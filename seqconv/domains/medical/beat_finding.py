"""Search for the R peaks of an electrocardiogram without annotations."""

import warnings

import numpy as np

from seqconv.data.recording import Recording
from seqconv.data.resampling import bridge
from seqconv.domains.medical.leads import plain_name

_LEAST_HZ = 50.0
_USUAL_MILLIVOLT = 1.5


def find_beats(recording: Recording, lead: str | None = None) -> np.ndarray:
    """Find the R peaks of a recording by the GQRS detector of wfdb.

    Parameters
    ----------
    recording : Recording
        At least 50 Hz. The wfdb package is needed (``seqconv[medical]``).
    lead : str, optional
        Lead to search; None takes II if there is one, else the first.

    Returns
    -------
    array of int, shape (n_beats,)
        Sample numbers, moved to the largest deviation within 0.1 s.

    Raises
    ------
    ValueError
        If the rate is too low, or the lead is missing.

    Notes
    -----
    The signal is scaled first, so that it usually spans 1.5 mV within two seconds, as the detector expects millivolts
    of adults. It finds waves in ventricular flutter and in noise, too. Of the annotated beats of the MIT-BIH records
    119 and 207 it finds 100 and 99 %; 0 and 14 % of what it finds are no annotated beats, in 207 mostly flutter.

    Examples
    --------
    >>> from seqconv.datasets import make_heartbeats
    >>> recording = make_heartbeats(3, 30, 360, as_recordings=True).X[2]
    >>> len(recording.samples), len(find_beats(recording))
    (30, 30)
    """
    rate = recording.sampling_rate_hz
    if rate < _LEAST_HZ:
        raise ValueError(f"beats are found at {_LEAST_HZ:g} Hz or more, got {rate:g} Hz.")
    names = [plain_name(name) for name in recording.leads]
    wanted = plain_name(lead or "II")
    if lead is not None and wanted not in names:
        raise ValueError(f"lead must be one of {', '.join(recording.leads)}, got {lead!r}.")
    column = recording.signal[:, names.index(wanted) if wanted in names else 0]
    try:
        with warnings.catch_warnings():
            # wfdb uses a keyword that pandas will drop.
            warnings.simplefilter("ignore")
            from wfdb import processing
    except ImportError as error:
        raise ImportError("finding beats needs wfdb: pip install seqconv[medical]") from error
    signal, reach = bridge(column[:, None])[:, 0], max(1, round(0.1 * rate))
    parts = np.array_split(signal, max(1, len(signal) // round(2 * rate)))
    usual = float(np.median([np.ptp(part) for part in parts]))
    if len(signal) < 2 * rate or not usual:
        return np.zeros(0, np.int64)
    found = np.asarray(processing.gqrs_detect(sig=signal * (_USUAL_MILLIVOLT / usual), fs=rate), np.int64)
    if len(found):
        found = processing.correct_peaks(signal, found, reach, max(1, round(0.5 * rate)), peak_dir="both")
    found = np.unique(np.asarray(found, np.int64))
    found = found[(found >= 0) & (found < len(signal))]
    return found[~np.isnan(column[found])]
