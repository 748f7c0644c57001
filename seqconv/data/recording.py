"""A recording of electrical leads with its annotations."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seqconv.arguments import number


@dataclass(frozen=True, eq=False, repr=False)
class Recording:
    """Electrical leads sampled together, such as an ECG or EEG, with their annotations.

    Parameters
    ----------
    signal : array of shape (n_samples, n_leads)
        Values in millivolt, NaN where nothing was observed. Arrays of float32 and float64 are not copied.
    sampling_rate_hz : float
        Sampling rate in Hz, above 0.
    leads : sequence of str
        Names of the leads.
    samples : array of int, shape (n_annotations,)
        Sample number of each annotation, from 0.
    symbols : array of str, shape (n_annotations,)
        Symbol of each annotation, such as ``"N"`` and ``"V"``.
    limits_mv : array of shape (n_leads, 2), optional
        Lowest and highest value of the converter in millivolt, NaN where unknown.
        A lead that stays at one of them is saturated.
    name : str
        Name of the recording, for messages.
    durations : array of shape (n_annotations,), optional
        Seconds that each annotation lasts, NaN where unknown; None where no file has them.
    texts : array of str, shape (n_annotations,), optional
        Text beside the symbol, such as ``"(AFIB"``; empty if the annotation has no text.
    comments : sequence of str
        Lines of the header that describe the whole recording, such as ``"Dx: 164889003"``.

    Raises
    ------
    ValueError
        If the signal is not numbers of shape (n_samples, n_leads), or holds an infinite value.
        If the sampling rate is not above 0.
        If `leads` or `limits_mv` does not fit the number of leads.
        If `samples` are not whole numbers, or `symbols`, `durations` or `texts` are not as many.

    Notes
    -----
    A file of annotations alone, such as a hypnogram, is a recording of no leads, whose samples count its time.

    Examples
    --------
    >>> import numpy as np
    >>> Recording(np.zeros((720, 2)), 360, ["MLII", "V1"], [370], ["N"], name="100")
    Recording('100', 2.0 s of 2 leads at 360 Hz, 1 annotation)
    """

    signal: np.ndarray
    sampling_rate_hz: float
    leads: Sequence[str]
    samples: Sequence[int] | np.ndarray = ()
    symbols: Sequence[str] | np.ndarray = ()
    limits_mv: np.ndarray | None = None
    name: str = ""
    durations: Sequence[float] | np.ndarray | None = None
    texts: Sequence[str] | np.ndarray | None = None
    comments: Sequence[str] = ()

    def __post_init__(self) -> None:
        signal = _checked_signal(self.signal, self.name)
        rate = number(f"sampling_rate_hz of {self.name!r}", self.sampling_rate_hz, above=0)
        leads = tuple(self.leads)
        if len(leads) != signal.shape[1] or not all(isinstance(lead, str) for lead in leads):
            raise ValueError(f"{self.name!r} must have a name for each of {signal.shape[1]} leads, got {leads}.")
        limits = None if self.limits_mv is None else np.asarray(self.limits_mv, np.float64)
        if limits is not None and limits.shape != (len(leads), 2):
            raise ValueError(f"limits_mv of {self.name!r} must have shape {(len(leads), 2)}, got {limits.shape}.")
        samples, symbols = _checked_annotations(self.samples, self.symbols, self.name)
        fields = {"signal": signal, "sampling_rate_hz": rate, "leads": leads, "samples": samples, "symbols": symbols}
        fields |= {"limits_mv": limits, "comments": tuple(self.comments)}
        for name, dtype in (("durations", np.float64), ("texts", str)):
            values = getattr(self, name)
            fields[name] = values if values is None else np.asarray(values, dtype)
            if values is not None and fields[name].shape != samples.shape:
                raise ValueError(f"{name} of {self.name!r} must be one an annotation, {len(samples)} in all.")
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        seconds, n = len(self.signal) / self.sampling_rate_hz, len(self.samples)
        what = f"{seconds:.1f} s of {len(self.leads)} leads at {self.sampling_rate_hz:g} Hz"
        return f"Recording({self.name!r}, {what}, {n} annotation{'' if n == 1 else 's'})"


def _checked_signal(signal, name):
    signal = np.asarray(signal)
    if signal.ndim != 2 or len(signal) == 0 or signal.dtype.kind not in "fiu":
        raise ValueError(
            f"the signal of {name!r} must be numbers (samples, leads), at least one sample, got {signal.dtype} "
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
