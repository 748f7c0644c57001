"""Way from recordings and excerpts to clean signals at one rate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from seqconv.data.excerpt import Excerpt
from seqconv.data.recording import Recording
from seqconv.data.resampling import FILTER_REACH, missing_steps, rate_ratio, resample
from seqconv.domains.medical.filtering import apply_filter, design_filter, hide_lost_contact

# Number of values of the windows that are filtered, or searched, together.
_VALUES = 2**20


@dataclass(frozen=True)
class SignalPath:
    """Way from signals of one rate to steps of another: lost contact hidden, resampled, filtered.

    Parameters
    ----------
    rate_hz, step_rate_hz : float
        Rate of the recordings, and of the steps.
    band_hz, notch_hz, flat_seconds
        Parameters of `ECGAdapter`.
    """

    rate_hz: float
    step_rate_hz: float
    band_hz: tuple | None
    notch_hz: float | None
    flat_seconds: float | None

    @cached_property
    def ratio(self) -> tuple[int, int]:
        """Whole numbers (up, down) whose ratio is that of the rates."""
        return rate_ratio(self.rate_hz, self.step_rate_hz)

    @cached_property
    def taps(self) -> np.ndarray:
        """Taps of the filter."""
        return design_filter(self.step_rate_hz, self.band_hz, self.notch_hz)

    def whole(self, recording: Recording) -> np.ndarray:
        """Return all steps of a recording, float32 (n_steps, n_leads)."""
        up, down = self.ratio
        hidden = hide_lost_contact(recording.signal, self.rate_hz, self.flat_seconds, recording.limits_mv)
        n_blocks = -(-self._margin // up)
        held = np.pad(hidden, ((n_blocks * down, n_blocks * down), (0, 0)), mode="edge")
        return self._filtered(held[None], n_blocks * up, -(-len(hidden) * up // down))[0]

    def around(self, excerpts: Sequence[Excerpt], n_before: int, n_after: int) -> Iterator[np.ndarray]:
        """Yield the windows around the anchors, float32 (n_before + n_after, n_leads).

        Each equals the window of the whole recording, resampled with a step at the anchor. As much of the recording is
        taken as the filters see.
        """
        up, down = self.ratio
        # Whole blocks of `down` samples, so that a step is at the anchor.
        n_blocks = -(-(n_before + self._margin) // up), -(-(n_after + self._margin) // up)
        n_values = sum(n_blocks) * max(up, down) * excerpts[0].recording.signal.shape[1]
        n_at_once = max(1, _VALUES // n_values)
        for chunk in (excerpts[start : start + n_at_once] for start in range(0, len(excerpts), n_at_once)):
            raw = np.stack([self._cut(excerpt, n_blocks[0] * down, n_blocks[1] * down) for excerpt in chunk])
            windows = self._filtered(raw, n_blocks[0] * up - n_before, n_before + n_after)
            for window, excerpt in zip(windows, chunk, strict=True):
                window[self._beyond(excerpt.recording, excerpt.anchor, np.arange(-n_before, n_after))] = np.nan
                yield window

    def observed(self, recording: Recording, anchors: np.ndarray, n_before: int, n_after: int) -> np.ndarray:
        """Return which windows of `around` hold a value, bool (n_anchors,), found without resampling."""
        hidden = hide_lost_contact(recording.signal, self.rate_hz, self.flat_seconds, recording.limits_mv)
        missing, steps = np.isnan(hidden), np.arange(-n_before, n_after)
        anchors, found = np.asarray(anchors)[:, None], []
        n_at_once = max(1, _VALUES // (len(steps) * missing.shape[1]))
        for start in range(0, len(anchors), n_at_once):
            some = anchors[start : start + n_at_once]
            lost = missing_steps(missing, *self.ratio, steps, some).all(axis=2)
            found.append(~(lost | self._beyond(recording, some, steps)).all(axis=1))
        return np.concatenate(found)

    def _beyond(self, recording, anchor, steps):
        """Return which steps around an anchor are outside of the recording."""
        up, down = self.ratio
        # Whole numbers, so that nothing is rounded.
        places = anchor * up + steps * down
        return (places < 0) | (places >= len(recording.signal) * up)

    @property
    def _margin(self):
        """Number of steps to each side that the filters, and the search for flat lines, see."""
        up, down = self.ratio
        seen = FILTER_REACH * max(1, up / down) + (self.flat_seconds or 0) * self.step_rate_hz
        return len(self.taps) // 2 + int(np.ceil(seen)) + 2

    def _filtered(self, raw, start, n_steps):
        """Return the steps from `start` on, resampled and filtered."""
        reach = len(self.taps) // 2
        seen = resample(raw, *self.ratio)[:, start - reach : start + n_steps + reach]
        return apply_filter(seen, self.taps)[:, reach : reach + n_steps].astype(np.float32)

    def _cut(self, excerpt, n_before, n_after):
        """Return the samples around the anchor, lost contact hidden and the ends of the recording held beyond it."""
        recording, anchor = excerpt.recording, excerpt.anchor
        signal = recording.signal[max(0, anchor - n_before) : anchor + n_after]
        hidden = hide_lost_contact(signal, self.rate_hz, self.flat_seconds, recording.limits_mv)
        beyond = max(0, n_before - anchor), max(0, anchor + n_after - len(recording.signal))
        return np.pad(hidden, (beyond, (0, 0)), mode="edge")
