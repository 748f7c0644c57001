"""A device whose sampling rate goes with the class is warned of, and nothing else is."""

import warnings

import numpy as np
import pytest

from seqconv import SeqConvClassifier
from seqconv.adapters import ECGAdapter
from seqconv.data.recording import Recording
from seqconv.encoders import MiniRocket

Y = np.array(["ill", "well"] * 15)
TOLD = "the sampling rate goes with the class (500: ill; 250: well), so that the device may be learnt"


def recordings(rng, rates):
    return [
        Recording(rng.normal(size=(int(2 * rate), 1)).astype(np.float32), float(rate), ("I",), name=f"r{number}")
        for number, rate in enumerate(rates)
    ]


def told_by_fit(X, y, rate=250):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        ECGAdapter(rate, flat_seconds=None).fit(X, y)
    return [str(one.message) for one in told if one.filename == __file__]


def test_rates_that_go_with_the_class_are_told_with_what_to_do(rng):
    X = recordings(rng, [500, 250] * 15)
    (told,) = told_by_fit(X, Y)
    assert told.startswith(TOLD) and told.endswith("; record all with each device.")
    (told,) = told_by_fit(X, Y, rate=500)
    assert told.endswith("; set sampling_rate_hz=250.")


def test_an_estimator_and_windows_of_recordings_are_warned_of(rng):
    adapter = ECGAdapter(250, window_seconds=(0, 1), flat_seconds=None)
    cases = adapter.cases(recordings(rng, [500, 250] * 15), Y, around="windows")
    assert len(cases) == 60
    with pytest.warns(UserWarning, match="the sampling rate goes with the class"):
        model = SeqConvClassifier(MiniRocket(84), adapter=adapter).fit(cases)
    assert model.adapter_.channel_names() == ["I"]


def test_paths_are_told_by_their_headers(rng, tmp_path):
    for number, rate in enumerate([500, 250] * 15):
        samples = rng.integers(-200, 200, 1000).astype("<i2")
        samples.tofile(tmp_path / f"r{number}.dat")
        lead = f"r{number}.dat 16 200 16 0 {samples[0]} {samples.sum(dtype='i2')} 0 I"
        (tmp_path / f"r{number}.hea").write_text(f"r{number} 1 {rate} 1000\n{lead}\n")
    paths = [tmp_path / f"r{number}.hea" for number in range(30)]
    (told,) = told_by_fit(paths, Y)
    assert told.startswith(TOLD)


@pytest.mark.parametrize(
    ("rates", "y"),
    [
        ([500, 500, 250, 250] * 8, np.array(["ill", "well"] * 16)),
        ([500, 250], ["ill", "well"]),
        ([250] * 30, Y),
        ([500, 250] * 15, np.linspace(0, 1, 30)),
        ([500, 250] * 15, [{"AF"}, {"AF", "LBBB"}] * 15),
        ([500, 250] * 15, None),
    ],
    ids=["each class at each rate", "too few to tell", "one rate", "a regression", "several labels", "no classes"],
)
def test_rates_that_do_not_tell_the_class_are_not_told(rng, rates, y):
    assert told_by_fit(recordings(rng, rates), y) == []


def test_many_windows_of_two_recordings_are_no_proof(rng):
    adapter = ECGAdapter(250, window_seconds=(0, 0.1), flat_seconds=None)
    cases = adapter.cases(recordings(rng, [500, 250]), ["ill", "well"], around="windows")
    assert len(cases) == 40 and told_by_fit(cases.X, cases.y) == []


def test_leads_and_values_of_the_rhythm_have_names(rng):
    assert ECGAdapter(250).fit([np.zeros((9, 2))]).channel_names() is None
    adapter = ECGAdapter(250, flat_seconds=None).fit(recordings(rng, [250]))
    assert adapter.channel_names() == ["I"]
    assert adapter.set_params(rhythm=True).channel_names()[-1] == "rhythm 8"
