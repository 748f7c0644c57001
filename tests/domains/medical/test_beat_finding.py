"""Beats are found where they are, whatever the size of the signal."""

import numpy as np
import pytest

from seqconv.data.recording import Recording
from seqconv.domains.medical.beat_finding import find_beats

pytest.importorskip("wfdb", reason="wfdb is not installed: pip install seqconv[medical]")


def heart(rate, seconds=30, bpm=70, height=1.0, seed=0):
    """A crude electrocardiogram and its peaks."""
    draw, time = np.random.default_rng(seed), np.arange(seconds * rate) / rate
    at = 0.5 + np.cumsum(60 / bpm * (1 + 0.03 * draw.normal(size=int(seconds * bpm / 60 * 0.9))))
    signal = height * sum(np.exp(-0.5 * ((time - t) / 0.012) ** 2) for t in at)
    signal += 0.2 * height * sum(np.exp(-0.5 * ((time - t - 0.28) / 0.05) ** 2) for t in at)
    return signal + 0.01 * draw.normal(size=len(time)), np.round(at * rate).astype(int)


@pytest.mark.parametrize("rate", [100, 250, 500])
@pytest.mark.parametrize(("bpm", "height"), [(70, 1.0), (50, 0.3), (120, 3.0), (70, -1.0), (70, 1000.0)])
def test_each_beat_is_found_at_its_peak(rate, bpm, height):
    signal, peaks = heart(rate, bpm=bpm, height=height)
    found = find_beats(Recording(signal[:, None], rate, ["II"]))
    assert len(found) == len(peaks) and np.abs(found - peaks).max() <= 0.02 * rate


def test_lead_ii_is_searched_under_any_of_its_names():
    signal, peaks = heart(250)
    recording = Recording(np.stack([np.zeros(len(signal)), signal], axis=1), 250, ["V1", "MLII"])
    assert len(find_beats(recording)) == len(find_beats(recording, "II")) == len(peaks)
    assert len(find_beats(recording, "V1")) == 0
    with pytest.raises(ValueError, match="lead must be one of V1, MLII, got 'V9'"):
        find_beats(recording, "V9")


def test_no_beat_is_found_where_nothing_was_observed():
    signal, peaks = heart(250)
    signal[2500:5000] = np.nan
    found = find_beats(Recording(signal[:, None], 250, ["II"]))
    assert not ((found >= 2500) & (found < 5000)).any()
    assert np.abs(found[:, None] - peaks[(peaks < 2450) | (peaks > 5050)]).min(axis=0).max() <= 5


def test_what_is_too_short_or_too_slow_is_named_or_has_none():
    assert len(find_beats(Recording(np.ones((200, 1)), 250, ["II"]))) == 0
    with pytest.raises(ValueError, match="beats are found at 50 Hz or more, got 25 Hz"):
        find_beats(Recording(np.ones((200, 1)), 25, ["II"]))
