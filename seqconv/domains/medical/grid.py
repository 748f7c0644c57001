"""Steps that a fitted ECGAdapter makes of a recording, and what it requires of one."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from seqconv.data.case_errors import of_case
from seqconv.data.excerpt import Excerpt
from seqconv.data.recording import Recording
from seqconv.domains.medical.filtering import design_filter
from seqconv.domains.medical.parameters import MOST_LEADS
from seqconv.domains.medical.records import read_record
from seqconv.domains.medical.signals import SignalPath

if TYPE_CHECKING:
    from seqconv.domains.base import Adapter


@dataclass
class Pass:
    """What one pass over records keeps: recordings that excerpts share, and what to warn of at its end."""

    recordings: dict[int, Recording] = field(default_factory=dict)
    n_arrays: int = 0
    lacking: set[str] = field(default_factory=set)

    def warn(self, grid: "StepGrid", stacklevel: int) -> None:
        """Warn of arrays beside recordings, and of leads that are missing; `stacklevel` as of `warnings.warn`."""
        if self.n_arrays and grid.leads is not None:
            warnings.warn(
                "arrays are taken as they are, neither resampled nor filtered, but the adapter saw recordings in fit. "
                "Give Recording(signal_in_millivolt, sampling_rate_hz, leads) of seqconv.data.recording.",
                stacklevel=stacklevel + 1,
            )
        if self.lacking:
            names = ", ".join(sorted(self.lacking))
            warnings.warn(f"records lack leads, NaN takes their place: {names}.", stacklevel=stacklevel + 1)


@dataclass(frozen=True)
class StepGrid:
    """Parameters and learnt attributes of an ECGAdapter; `cases`, `fit` and `transform` judge recordings by it.

    Parameters
    ----------
    adapter : ECGAdapter
        Source of the parameters; it need not be fitted.
    rate_hz, leads, n_leads
        ``sampling_rate_hz_``, ``leads_`` and ``n_leads_`` of the fitted adapter.

    Raises
    ------
    ValueError
        If the rate cannot hold the band, or there are more leads than any recorder has.
    """

    adapter: "Adapter"
    rate_hz: float | None
    leads: tuple[str, ...] | None
    n_leads: int

    def __post_init__(self):
        if self.n_leads > MOST_LEADS:
            raise ValueError(f"a record must have at most {MOST_LEADS} leads, got {self.n_leads}; transpose it.")
        if self.rate_hz is not None:
            design_filter(self.rate_hz, self.adapter.band_hz, self.adapter.notch_hz)

    @classmethod
    def of(cls, adapter: "Adapter", recording: Recording, leads: Sequence[str]) -> "StepGrid":
        """Return what `fit` learns if this is the first recording and these are the leads."""
        rate = adapter.sampling_rate_hz or recording.sampling_rate_hz
        return cls(adapter, float(rate), tuple(leads), len(leads))

    @property
    def window_steps(self) -> tuple[int, int]:
        """Number of steps of an excerpt before its anchor and from it on, at least one in all."""
        n_before, n_after = (round(seconds * self.rate_hz) for seconds in self.adapter.window_seconds)
        return n_before, max(n_after, 1 - n_before)

    def path(self, rate_hz: float) -> SignalPath:
        """Return the way from signals of one rate to the steps."""
        adapter = self.adapter
        return SignalPath(rate_hz, self.rate_hz, adapter.band_hz, adapter.notch_hz, adapter.flat_seconds)

    def prepared(self, record: Any, case: int, seen: Pass) -> Recording | None:
        """Return the recording of a record with the leads of `fit` alone, None of an array.

        Parameters
        ----------
        record : item of `check_records`
        case : int
            Number of the case, for the message.
        seen : Pass
            Of all records of one call.

        Raises
        ------
        ValueError
            If the record does not fit the adapter.
        """
        with of_case(case):
            if self.adapter.rhythm and getattr(record, "rhythm", None) is None:
                raise ValueError("rhythm=True needs excerpts as `cases` cuts them around beats, got no rhythm.")
            if isinstance(record, np.ndarray):
                self._check_number(record.shape[1])
                seen.n_arrays += 1
                return None
            shared = record.recording if isinstance(record, Excerpt) else record
            if id(shared) in seen.recordings:
                return seen.recordings[id(shared)]
            recording = self.read(shared, seen)
            self.check(recording)
        if shared is not record:
            seen.recordings[id(shared)] = recording
        return recording

    def read(self, record: Any, seen: Pass, called: str = "") -> Recording:
        """Return the recording of a record with the leads of `fit`; those that it lacks are noted."""
        recording = read_record(record, self.leads, None, self.adapter.missing_leads, called)
        if self.adapter.missing_leads == "nan":
            unseen = np.isnan(recording.signal).all(axis=0)
            seen.lacking |= {name for name, lacks in zip(recording.leads, unseen, strict=True) if lacks}
        return recording

    def check(self, recording: Recording) -> None:
        """Raise if a recording has another rate or number of leads, or is too slow for the band."""
        rate = recording.sampling_rate_hz
        if self.rate_hz is None:
            raise ValueError(
                "the rate of the arrays seen by fit must be known, got a recording; give sampling_rate_hz."
            )
        if self.adapter.sampling_rate_hz is None and self.rate_hz != rate:
            raise ValueError(
                f"each recording must have the {self.rate_hz:g} Hz of the first, got {rate:g} Hz; give sampling_rate_hz to "
                "resample them all."
            )
        highest = self.adapter.band_hz[1] if self.adapter.band_hz is not None else None
        if highest is not None and highest >= rate / 2:
            raise ValueError(f"a recording must hold the band up to {highest:g} Hz, got {rate:g} Hz; lower band_hz.")
        # Raises if the rates are too far from each other.
        _ = self.path(rate).ratio
        self._check_number(len(recording.leads))

    def spans(self, record: Any, recording: Recording | None) -> np.ndarray:
        """Return start and stop in seconds of each step of a record; `recording` as `prepared` returns it."""
        start, n_steps = 0.0, len(record) if recording is None else None
        if isinstance(record, Excerpt):
            n_before, n_after = self.window_steps
            start = record.anchor / recording.sampling_rate_hz - n_before / self.rate_hz
            n_steps = n_before + n_after
        elif recording is not None:
            up, down = self.path(recording.sampling_rate_hz).ratio
            n_steps = -(-len(recording.signal) * up // down)
        edges = start + (np.arange(n_steps + 1) - 0.5) / self.rate_hz
        return np.stack([edges[:-1], edges[1:]], axis=1)

    def observed(self, recording: Recording, anchors: np.ndarray) -> np.ndarray:
        """Return which excerpts of a recording have an observed step, which `transform` requires."""
        return self.path(recording.sampling_rate_hz).observed(recording, anchors, *self.window_steps)

    def _check_number(self, n_leads):
        if n_leads != self.n_leads:
            raise ValueError(f"each record must have the {self.n_leads} leads of fit, got {n_leads}.")
