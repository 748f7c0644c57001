"""A recording of electrical leads with its annotations, and an excerpt of it: what ECG and EEG adapters take."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False, repr=False)
class Recording:
    """Leads sampled together, in millivolt, and what was annotated at which sample.

    Parameters
    ----------
    signal : array of shape (n_samples, n_leads)
        Millivolt, float32 or float64; NaN where nothing was observed. Kept as it is, never copied.
    sampling_rate_hz : float
    leads : sequence of str
        Names of the leads.
    samples : array of int, shape (n_annotations,)
        Sample number of each annotation, from 0.
    symbols : array of str, shape (n_annotations,)
        What was annotated there, such as ``"N"`` and ``"V"``.
    limits_mv : array of shape (n_leads, 2), optional
        Least and largest value that the converter could give; NaN where unknown. A lead that stays there is saturated.
    name : str

    Raises
    ------
    ValueError, TypeError
        Shapes or names that do not fit, a rate that is not above 0, infinite values.

    Examples
    --------
    >>> import numpy as np
    >>> Recording(np.zeros((720, 2)), 360, ["MLII", "V1"], [370], ["N"], name="100")
    Recording('100', 2.0 s of 2 leads at 360 Hz, 1 annotation)
    """

    signal: np.ndarray
    sampling_rate_hz: float
    leads: tuple
    samples: object = ()
    symbols: object = ()
    limits_mv: object = None
    name: str = ""

    def __post_init__(self):
        signal, rate = _checked_signal(self.signal, self.name), float(self.sampling_rate_hz)
        if not 0 < rate < np.inf:
            raise ValueError(f"the sampling rate of {self.name!r} must be above 0 Hz, got {rate}.")
        leads = tuple(self.leads)
        if len(leads) != signal.shape[1] or not all(isinstance(lead, str) for lead in leads):
            raise ValueError(f"{self.name!r} must have a name for each of {signal.shape[1]} leads, got {leads}.")
        limits = None if self.limits_mv is None else np.asarray(self.limits_mv, np.float64)
        if limits is not None and limits.shape != (len(leads), 2):
            raise ValueError(f"limits_mv of {self.name!r} must have shape {(len(leads), 2)}, got {limits.shape}.")
        samples, symbols = _checked_annotations(self.samples, self.symbols, self.name)
        fields = {"signal": signal, "sampling_rate_hz": rate, "leads": leads, "samples": samples, "symbols": symbols}
        for name, value in (fields | {"limits_mv": limits}).items():
            object.__setattr__(self, name, value)

    def __repr__(self):
        seconds, n = len(self.signal) / self.sampling_rate_hz, len(self.samples)
        what = f"{seconds:.1f} s of {len(self.leads)} leads at {self.sampling_rate_hz:g} Hz"
        return f"Recording({self.name!r}, {what}, {n} annotation{'' if n == 1 else 's'})"


def _checked_signal(signal, name):
    signal = np.asarray(signal)
    if signal.ndim != 2 or 0 in signal.shape or signal.dtype.kind not in "fiu":
        raise ValueError(
            f"the signal of {name!r} must be numbers (samples, leads), at least one of each, got {signal.dtype} "
            f"{signal.shape}."
        )
    if signal.dtype not in (np.float32, np.float64):
        signal = signal.astype(np.float32)
    if np.isinf(signal).any():
        raise ValueError(f"the signal of {name!r} must be finite or NaN (missing), got an infinite value.")
    return signal


def _checked_annotations(samples, symbols, name):
    samples, symbols = np.asarray(samples), np.asarray(symbols, dtype=str)
    if samples.size == 0:
        samples = samples.astype(np.int64)
    if samples.ndim != 1 or samples.dtype.kind not in "iu" or samples.shape != symbols.shape:
        raise ValueError(
            f"each annotation of {name!r} must be a whole sample number and a symbol, got {samples.dtype} "
            f"{samples.shape} and {symbols.dtype} {symbols.shape}."
        )
    return samples, symbols


@dataclass(frozen=True, eq=False, repr=False)
class Excerpt:
    """A place in a recording, around which an adapter cuts its window; what lies around it is there for the filters.

    Parameters
    ----------
    recording : Recording
        Shared by all its excerpts.
    anchor : int
        Sample number that the window is cut around: an R peak, or where a window starts.
    rhythm : sequence of float, optional
        What `seqconv.domains.medical.beats.rhythm` says of the beat there.

    Examples
    --------
    >>> import numpy as np
    >>> Excerpt(Recording(np.zeros((720, 1)), 360, ["MLII"], name="100"), anchor=360)
    Excerpt('100', at 1.000 s)
    """

    recording: Recording
    anchor: int
    rhythm: object = None

    def __repr__(self):
        return f"Excerpt({self.recording.name!r}, at {self.anchor / self.recording.sampling_rate_hz:.3f} s)"
