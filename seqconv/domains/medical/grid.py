"""What a fitted ECGAdapter asks of a recording, and the steps that it makes of it."""

from dataclasses import dataclass

import numpy as np

from seqconv.data.excerpt import Excerpt
from seqconv.domains.medical.filtering import design_filter
from seqconv.domains.medical.parameters import MOST_LEADS
from seqconv.domains.medical.records import name_of, read_record
from seqconv.domains.medical.signals import SignalPath
from seqconv.domains.naming import naming


@dataclass(frozen=True)
class StepGrid:
    """An ECGAdapter's parameters and what it learnt: the one judge of recordings for `cases`, `fit` and `transform`.

    Parameters
    ----------
    adapter : ECGAdapter
        For its parameters alone; it need not be fitted.
    rate_hz, leads, n_leads
        As `sampling_rate_hz_`, `leads_` and `n_leads_` of the fitted adapter.

    Raises
    ------
    ValueError
        A band that the rate cannot hold; more leads than any recorder has.
    """

    adapter: object
    rate_hz: float | None
    leads: tuple | None
    n_leads: int

    def __post_init__(self):
        if self.n_leads > MOST_LEADS:
            raise ValueError(f"a record must have at most {MOST_LEADS} leads, got {self.n_leads}; transpose it.")
        if self.rate_hz is not None:
            design_filter(self.rate_hz, self.adapter.band_hz, self.adapter.notch_hz)

    @classmethod
    def of_first(cls, adapter, recording):
        """What `fit` learns where this is the first recording."""
        rate = adapter.sampling_rate_hz or recording.sampling_rate_hz
        return cls(adapter, float(rate), recording.leads, len(recording.leads))

    @property
    def window_steps(self):
        """Steps of an excerpt before its anchor and from it on; one at least."""
        n_before, n_after = (round(seconds * self.rate_hz) for seconds in self.adapter.window_seconds)
        return n_before, max(n_after, 1 - n_before)

    def path(self, rate_hz):
        """The way of signals of one rate to the steps."""
        adapter = self.adapter
        return SignalPath(rate_hz, self.rate_hz, adapter.band_hz, adapter.notch_hz, adapter.flat_seconds)

    def prepared(self, record, case, seen):
        """The recording of a record with the leads of the fit alone, None of an array; refused by case if it does not fit.

        `seen` keeps those of excerpts, of which many share a recording.
        """
        if self.adapter.rhythm and getattr(record, "rhythm", None) is None:
            raise ValueError(
                f"rhythm=True needs excerpts as `cases` cuts them around beats, case {case} knows no rhythm."
            )
        if isinstance(record, np.ndarray):
            self._check_number(record.shape[1], f"case {case}")
            return None
        shared = record.recording if isinstance(record, Excerpt) else record
        if id(shared) not in seen:
            with naming(f"case {case}"):
                recording = read_record(shared, name_of(shared, case), self.leads)
            self.check(recording, f"case {case} ({recording.name})")
            if shared is record:
                return recording
            seen[id(shared)] = recording
        return seen[id(shared)]

    def check(self, recording, name):
        """Refuse a recording of another rate or number of leads, or too slow for the band."""
        rate = recording.sampling_rate_hz
        if self.rate_hz is None:
            raise ValueError(
                f"the rate of the arrays seen by fit must be known, {name} has one; give sampling_rate_hz."
            )
        if self.adapter.sampling_rate_hz is None and self.rate_hz != rate:
            raise ValueError(
                f"each recording must have the {self.rate_hz:g} Hz of the first, {name} has {rate:g} Hz; give "
                "sampling_rate_hz to resample them all."
            )
        highest = self.adapter.band_hz[1] if self.adapter.band_hz is not None else None
        if highest is not None and highest >= rate / 2:
            raise ValueError(
                f"a recording must hold the band up to {highest:g} Hz, {name} has {rate:g} Hz; lower band_hz."
            )
        with naming(name):
            _ = self.path(rate).ratio  # refuses rates that are too far from each other
        self._check_number(len(recording.leads), name)

    def observed(self, recording, anchors):
        """Which excerpts of a recording have an observed step: those that `transform` does not refuse."""
        return self.path(recording.sampling_rate_hz).observed(recording, anchors, *self.window_steps)

    def _check_number(self, n_leads, name):
        if n_leads != self.n_leads:
            raise ValueError(f"each record must have the {self.n_leads} leads of fit, {name} has {n_leads}.")
