"""ECGAdapter: the beats of the recording, clean, at one rate, the same alone as among others, between patients."""

import os
import pathlib
import pickle
import warnings

import numpy as np
import pytest
from sklearn.base import clone

import seqconv
from seqconv import SeqConvClassifier
from seqconv.adapters import ECGAdapter
from seqconv.data import SequenceSet
from seqconv.data.excerpt import Excerpt
from seqconv.data.recording import Recording
from seqconv.datasets import make_heartbeats
from seqconv.domains.medical.beats import rhythm
from seqconv.encoders import FCN

PLAIN = {"band_hz": None, "flat_seconds": None}


@pytest.fixture(scope="module")
def recordings():
    return make_heartbeats(3, 30, 360, random_state=1, as_recordings=True)


def made(rng, n_samples=2000, rate=250.0, leads=("I", "II"), name="made", beats=(), **more):
    signal = rng.normal(size=(n_samples, len(leads))).astype(np.float32)
    return Recording(signal, rate, leads, list(beats), ["N"] * len(beats), name=name, **more)


# What a case is.


def test_without_filters_a_beat_is_the_samples_around_its_peak(recordings):
    adapter = ECGAdapter(window_seconds=(0.25, 0.5), **PLAIN)
    cases = adapter.cases(recordings)
    X = adapter.fit(cases.X).transform(cases.X)
    assert X.shape == (90, 270, 1) and X.dtype == np.float32
    expected = np.stack([one.signal[at - 90 : at + 180] for one in recordings.X for at in one.samples])
    np.testing.assert_array_equal(X, expected)
    assert cases.y.tolist() == np.concatenate([one.symbols for one in recordings.X]).tolist()
    assert cases.groups.tolist() == np.repeat([one.name for one in recordings.X], 30).tolist()


def test_each_step_stands_where_locate_says(rng):
    time = np.arange(3000) / 360
    recording = Recording(np.sin(2 * np.pi * 2 * time)[:, None], 360, ["I"], [1003], ["N"], name="sine")
    adapter = ECGAdapter(125, window_seconds=(0.4, 0.6), **PLAIN)
    cases = adapter.cases([recording])
    X, spans = adapter.fit(cases.X).transform(cases.X)[0, :, 0], adapter.locate(cases.X)[0]
    assert spans.shape == (125, 2) and spans[50].mean() == pytest.approx(1003 / 360)
    np.testing.assert_allclose(np.diff(spans, axis=1), 1 / 125)
    np.testing.assert_allclose(X, np.sin(2 * np.pi * 2 * spans.mean(axis=1)), atol=1e-3)
    whole, spans = adapter.transform([recording])[0, :, 0], adapter.locate([recording])[0]
    assert len(whole) == len(spans) == int(np.ceil(3000 * 125 / 360))
    np.testing.assert_allclose(whole[20:-20], np.sin(2 * np.pi * 2 * spans.mean(axis=1))[20:-20], atol=1e-3)


@pytest.mark.parametrize("rate", [None, 125.0, 500.0])
def test_an_excerpt_is_what_the_whole_recording_gives_there(rng, rate):
    recording = made(rng, 9000, 250.0)
    adapter = ECGAdapter(rate, window_seconds=(0.2, 0.4), band_hz=(0.5, 40), notch_hz=50).fit([recording])
    step_rate = adapter.sampling_rate_hz_
    whole = adapter.transform([recording])[0]
    for anchor in (0, 100, 4000, 4002, 8998):
        step = round(anchor * step_rate / 250)
        found = adapter.transform([Excerpt(recording, anchor)])[0]
        n_before = round(0.2 * step_rate)
        assert len(found) == round(0.2 * step_rate) + round(0.4 * step_rate)
        first, last = max(0, step - n_before), min(len(whole), step - n_before + len(found))
        np.testing.assert_allclose(
            found[first - step + n_before : last - step + n_before], whole[first:last], atol=2e-6
        )
        outside = np.ones(len(found), bool)
        outside[first - step + n_before : last - step + n_before] = False
        assert np.isnan(found[outside]).all()


def test_an_excerpt_alone_has_the_very_bits_that_it_has_among_others(recordings):
    adapter = ECGAdapter(125, notch_hz=50, rhythm=True)
    X = adapter.cases(recordings).X
    adapter.fit(X)
    together = adapter.transform(X)
    for case in (0, 17, 40, 89):
        np.testing.assert_array_equal(adapter.transform([X[case]])[0], together[case])
    np.testing.assert_array_equal(adapter.transform(X[::-1])[::-1], together)


def test_drift_and_hum_go_and_nothing_is_shifted(recordings):
    one = recordings.X[0]
    time = np.arange(len(one.signal)) / 360
    worse = one.signal[:, 0] + 2 + np.sin(2 * np.pi * 0.1 * time) + 0.3 * np.sin(2 * np.pi * 50 * time)
    worse = Recording(worse[:, None], 360, one.leads, one.samples, one.symbols, name=one.name)
    adapter = ECGAdapter(125, band_hz=(0.5, 40), notch_hz=50)
    found, clean = (adapter.fit_transform(adapter.cases([each]).X)[5:-5, :, 0] for each in (worse, one))
    assert np.abs(found - clean).max() < 0.1
    adapter = ECGAdapter(125, **PLAIN)
    plain = adapter.fit_transform(adapter.cases([one]).X)[5:-5, :, 0]
    slopes, filtered = np.diff(plain), np.diff(found)
    likeness = [np.sum(slopes[:, 5:-5] * filtered[:, 5 + lag : filtered.shape[1] - 5 + lag]) for lag in range(-5, 6)]
    assert np.argmax(likeness) == 5


def test_rhythm_is_that_of_the_annotations(recordings):
    adapter = ECGAdapter(125, rhythm=True)
    cases = adapter.cases(recordings)
    X = adapter.fit_transform(cases.X)
    assert X.shape == (90, 125, 9)
    expected = rhythm(np.append(np.diff(recordings.X[1].samples) / 360, np.nan))
    np.testing.assert_array_equal(X[30:60, 60, 1:], expected)
    np.testing.assert_array_equal(X[30:60, 0, 1:], X[30:60, -1, 1:])
    for record in (recordings.X[0], Excerpt(recordings.X[0], 500)):
        with pytest.raises(ValueError, match="case 1: rhythm=True needs excerpts as `cases` cuts them around beats"):
            adapter.transform([cases.X[0], record])
    with pytest.raises(ValueError, match="rhythm=True needs beats, got around='windows'"):
        adapter.cases(recordings, around="windows")


# Lost contact.


def test_lost_contact_and_saturation_are_hidden_before_the_filters(rng):
    signal = rng.normal(size=(5000, 2)).astype(np.float32) * 0.1
    signal[2000:2500, 0] = 5.115  # two seconds at the limit of the converter
    signal[3000:3400, 1] = -0.25  # a flat line
    recording = Recording(signal, 250, ["I", "II"], limits_mv=[(-5.12, 5.115), (np.nan, np.nan)], name="loose")
    adapter = ECGAdapter(band_hz=(0.5, 40)).fit([recording])
    found = adapter.transform([recording])[0]
    assert np.isnan(found[2000:2500, 0]).all() and np.isnan(found[3000:3400, 1]).all()
    assert np.isnan(found).sum() == 900 and np.nanmax(np.abs(found)) < 1
    raw = ECGAdapter(band_hz=(0.5, 40), flat_seconds=None).fit_transform([recording])[0]
    assert np.isnan(raw).sum() == 500  # limits are limits
    # A window within the gap sees no lead, one at its edge sees what is there.
    excerpt = adapter.transform([Excerpt(recording, 2450)])[0]
    assert np.isnan(excerpt[:150, 0]).all() and not np.isnan(excerpt[150:]).any()
    single = Recording(signal[:, :1], 250, ["I"], limits_mv=[(-5.12, 5.115)], name="loose")
    with pytest.raises(
        ValueError, match=r"case 1: a lead must be in contact, none is \(Excerpt\('loose', at 9.000 s\)\)"
    ):
        ECGAdapter().fit_transform([Excerpt(single, 700), Excerpt(single, 2250)])


def test_cases_without_contact_are_named_or_left_out(rng):
    signal = rng.normal(size=(5000, 1)).astype(np.float32)
    signal[2000:2600] = 0
    recording = Recording(signal, 250, ["I"], [500, 2300, 4000], list("NVN"), name="loose")
    adapter = ECGAdapter()
    with pytest.raises(
        ValueError, match="loose: 1 of 3 cases have no lead in contact, the first at 9.2 s; errors='skip'"
    ):
        adapter.cases([recording])
    with pytest.warns(
        UserWarning, match="1 of 1 recordings or parts of them were left out: loose: 1 of 3 cases"
    ) as caught:
        cases = adapter.cases([recording], errors="skip")
    assert len(caught) == 1 and caught[0].filename == __file__
    assert cases.y.tolist() == ["N", "N"]
    assert not np.isnan(adapter.fit_transform(cases.X)).any()


@pytest.mark.parametrize("rate, window", [(None, (0.1, 0.2)), (100, (0, 0.05)), (333, (0.1, 0)), (500, (0, 0.1))])
def test_cases_are_left_out_exactly_where_transform_would_refuse_them(rng, rate, window):
    signal = rng.normal(size=(3000, 2)).astype(np.float32)
    for start in range(0, 3000, 150):
        signal[start : start + rng.integers(20, 150), rng.integers(2)] = np.nan
        signal[start + 3 : start + rng.integers(4, 150)] = np.nan
    signal[1000:1400] = 1.0
    beats = np.sort(rng.choice(3000, 150, replace=False))
    recording = Recording(signal, 250, ["I", "II"], beats, ["N"] * 150, name="loose")
    for leads in (None, ["II"]):
        adapter = ECGAdapter(rate, leads=leads, window_seconds=window)
        with pytest.warns(UserWarning, match="of 150 cases have no lead in contact"):
            cases = adapter.cases([recording], errors="skip")
        kept = {excerpt.anchor for excerpt in cases.X}
        adapter.fit(cases.X).transform(cases.X)
        lost = [Excerpt(recording, int(at)) for at in beats if at not in kept]
        assert 10 < len(lost) < 140
        for excerpt in lost[::3]:
            with pytest.raises(ValueError, match="case 0: a lead must be in contact, none is"):
                adapter.transform([excerpt])


def test_what_transform_would_refuse_is_no_case(rng):
    recordings = [
        made(rng, beats=[900], leads=("V5", "I", "II"), name="silent", rate=500),
        made(rng, beats=[900], name="first"),
        made(rng, beats=[900], leads=("V5", "I", "II"), name="more"),
        made(rng, beats=[900], leads=("V5", "V2"), name="other"),
        made(rng, beats=[900], rate=360, name="quick"),
    ]
    recordings[0].signal[:] = 0  # no lead in contact: no case, so that nothing is learnt from it
    reasons = [
        "silent: 1 of 1 cases have no lead in contact",
        "other: a lead 'I' is required once, got no such lead",
        "quick: each recording must have the 250 Hz of the first, got 360 Hz",
    ]
    adapter = ECGAdapter()
    with pytest.warns(UserWarning, match="3 of 5 recordings or parts of them were left out") as caught:
        cases = adapter.cases(recordings, errors="skip")
    assert len(caught) == 1 and all(reason in str(caught[0].message) for reason in reasons)
    assert cases.groups.tolist() == ["first", "more"] and adapter.fit(cases.X[::-1]).leads_ == ("I", "II")
    assert adapter.transform(cases.X).shape == (2, 250, 2)
    for bad, reason in zip((recordings[3], recordings[4]), reasons[1:], strict=True):
        with pytest.raises(ValueError, match=reason):
            ECGAdapter().cases([recordings[1], bad])
    slow = made(rng, beats=[900], rate=60, name="slow")
    with pytest.raises(ValueError, match="slow: band_hz must be between 0 and half the sampling rate of 60 Hz"):
        ECGAdapter().cases([slow])
    with pytest.raises(ValueError, match="slow: a recording must hold the band up to 40 Hz, got 60 Hz; lower band_hz"):
        ECGAdapter(125).cases([recordings[1], slow])
    with pytest.raises(ValueError, match="slowest: the rates must have a ratio of whole numbers"):
        ECGAdapter(100_000, band_hz=None).cases([made(rng, beats=[900], rate=3.0, name="slowest")])


def test_a_fitted_adapter_cuts_what_it_takes(rng):
    adapter = ECGAdapter().fit([made(rng)])
    both = [made(rng, beats=[900], leads=("V1", "II", "I"), name="more"), made(rng, beats=[900], rate=200, name="slow")]
    with pytest.warns(UserWarning, match="slow: each recording must have the 250 Hz of the first, got 200 Hz"):
        cases = adapter.cases(both, errors="skip")
    assert len(cases) == 1 and cases.X[0].recording.leads == ("I", "II")
    assert adapter.transform(cases.X).shape == (1, 250, 2)
    with pytest.raises(ValueError, match="more: the rate of the arrays seen by fit must be known, got a recording"):
        ECGAdapter().fit([np.zeros((9, 2))]).cases(both[:1])


# Cutting.


def test_symbols_become_classes(rng):
    symbols = ["+", "N", "L", "A", "V", "~", "F", "/", "x"]
    recording = made(rng, 5000, beats=np.arange(9) * 400 + 300)
    recording = Recording(recording.signal, 250, recording.leads, recording.samples, symbols, name="made")
    adapter = ECGAdapter()
    assert adapter.cases([recording]).y.tolist() == ["N", "N", "S", "V", "F", "Q"]
    assert adapter.cases([recording], classes=None).y.tolist() == ["N", "L", "A", "V", "F", "/"]
    cases = adapter.cases([recording], classes={"V": 1, "N": 0, "x": 0})
    assert cases.y.tolist() == [0, 1, 0] and cases.about["symbol"].tolist() == ["N", "V", "x"]
    np.testing.assert_allclose(cases.about["start"], np.array([700, 1900, 3500]) / 250 - 0.4)
    np.testing.assert_allclose(cases.about["stop"], np.array([700, 1900, 3500]) / 250 + 0.6)
    # The rhythm is that of all beats, also of those without a label here.
    expected = rhythm(np.append(np.diff(recording.samples[[1, 2, 3, 4, 6, 7, 8]]), np.nan))
    np.testing.assert_array_equal([excerpt.rhythm for excerpt in cases.X], expected[[0, 3, 6]])


def test_windows_follow_one_another_with_the_label_of_their_recording(rng):
    recordings = [made(rng, 2600, name="a"), made(rng, 1000, name="b")]
    adapter = ECGAdapter(window_seconds=(0, 4), **PLAIN)
    cases = adapter.cases(recordings, y=["ill", "well"], groups=[7, 8], around="windows", stride_seconds=2)
    assert cases.y.tolist() == ["ill"] * 4 + ["well"] and cases.groups.tolist() == [7] * 4 + [8]
    assert cases.about["start"].tolist() == [0, 2, 4, 6, 0] and cases.about["stop"].tolist() == [4, 6, 8, 10, 4]
    X = adapter.fit_transform(cases.X)
    np.testing.assert_array_equal(X[1], recordings[0].signal[500:1500])
    assert adapter.cases(recordings, around="windows").y is None
    assert len(adapter.cases(SequenceSet(recordings, ["x", "y"]), around="windows")) == 3


def test_bad_recordings_are_named_or_left_out_with_one_warning(rng, tmp_path):
    good = made(rng, beats=[400, 900], name="good")
    bad = [
        made(rng, name="silent"),
        made(rng, beats=[400, 2300], name="beyond"),
        made(rng, beats=[900, 400], name="unsorted"),
        made(rng, leads=("V1",), beats=[400], name="other"),
        str(tmp_path / "gone.edf"),
    ]
    reasons = [
        "silent: a beat must be annotated, none is; give the annotator",
        "beyond: a beat is annotated at sample 2300 of a recording of 2000 samples; cut the annotations or fetch",
        "unsorted: the annotations must be in order of time",
        "other: a lead 'II' is required once, got no such lead among",
        "gone",
    ]
    adapter = ECGAdapter(leads=["II"])
    for record, reason in zip(bad, reasons, strict=True):
        with pytest.raises((ValueError, OSError), match=reason):
            adapter.cases([good, record])
    with pytest.warns(UserWarning, match="5 of 6 recordings or parts of them were left out: ") as caught:
        cases = adapter.cases([*bad, good], errors="skip")
    assert len(caught) == 1 and len(cases) == 2 and cases.groups.tolist() == ["good", "good"]
    assert all(reason in str(caught[0].message) for reason in reasons)
    skipped = dict(cases.about.attrs["skipped"])
    assert len(skipped) == 5 and all(any(reason in error for error in skipped.values()) for reason in reasons)
    with pytest.raises(
        ValueError, match="at least one of the 5 recordings or parts of them must be usable, got errors for all: "
    ):
        adapter.cases(bad, errors="skip")


@pytest.mark.parametrize(
    "options, message",
    [
        ({"around": "all"}, "around must be 'beats' or 'windows'"),
        ({"errors": "ignore"}, "errors must be 'raise' or 'skip'"),
        ({"classes": "mine"}, "classes must be 'aami', None or a dict"),
        ({"y": ["a"]}, "beats have the labels and places of their annotations"),
        ({"stride_seconds": 1}, "beats have the labels and places"),
        ({"around": "windows", "stride_seconds": 0}, "stride_seconds must be a number above 0"),
        ({"around": "windows", "y": ["a", "b"]}, "y must have one item a recording, 1 in all"),
        ({"groups": ["a", "b"]}, "groups must have one item a recording, 1 in all"),
    ],
)  # fmt: skip
def test_wrong_orders_are_refused(rng, options, message):
    with pytest.raises(ValueError, match=message):
        ECGAdapter().cases([made(rng, beats=[500])], **options)


def test_recordings_of_one_name_need_groups(rng):
    recordings = [made(rng, beats=[500], name=name) for name in ("a", "ecg", "ecg")]
    for errors in ("raise", "skip"):
        with pytest.raises(
            ValueError, match="must differ to stand for patients, recordings 1, 2 are 'ecg'; give groups="
        ):
            ECGAdapter().cases(recordings, errors=errors)
    assert ECGAdapter().cases(recordings, groups=[1, 2, 3]).groups.tolist() == [1, 2, 3]
    assert len(set(ECGAdapter().cases([made(rng, beats=[500], name="")] * 2).groups)) == 2


def test_the_recording_is_named_whatever_its_name(rng):
    recordings = [made(rng, beats=[500], name="1"), made(rng, n_samples=1000, beats=[1300], name="10")]
    with pytest.raises(ValueError, match="^10: a beat is annotated at sample 1300"):
        ECGAdapter().cases(recordings)
    with pytest.warns(UserWarning, match="1 of 2 recordings or parts of them were left out: 10: a beat is annotated"):
        ECGAdapter().cases(recordings, errors="skip")


def test_a_symbol_that_is_not_there_is_named(rng):
    with pytest.raises(ValueError, match=r"made: a beat of a symbol of classes \('X'\) is required, got 'N' alone"):
        ECGAdapter().cases([made(rng, beats=[500])], classes={"X": "a"})


def test_only_recordings_are_cut(rng):
    for record in (np.zeros((9, 1)), 3, None):
        with pytest.raises(TypeError, match="recording 1: a Recording or a path"):
            ECGAdapter().cases([made(rng, beats=[500]), record])
    with pytest.raises(TypeError, match="X must be a list"):
        ECGAdapter().cases("100.hea")


# Labels in time.


def stages(n_seconds=300, rate=100, **more):
    marks = ["Sleep stage W", "Sleep stage 2", "Sleep stage R"]
    signal = np.random.default_rng(0).normal(size=(n_seconds * rate, 1)).astype(np.float32)
    at = np.array([0, 120, 210]) * rate
    return Recording(signal, rate, ["EEG"], at, marks, name="night", durations=[120, 90, 90], **more)


def test_windows_have_the_labels_of_the_annotations_that_hold_for_them():
    adapter = ECGAdapter(window_seconds=(0, 30))
    classes = {"Sleep stage W": "W", "Sleep stage 2": "2", "Sleep stage R": "R"}
    cases = adapter.cases([stages()], around="windows", classes=classes)
    assert "".join(cases.y) == "WWWW222RRR"
    assert cases.about["symbol"][9] == "Sleep stage R" and adapter.fit_transform(cases.X).shape == (10, 3000, 1)
    assert cases.y.tolist() == adapter.cases([stages()], around="windows", classes=lambda text: text[-1]).y.tolist()
    assert set(adapter.cases([stages()], around="windows", classes=None).y) == set(classes)
    assert adapter.cases([stages()], around="windows").y is None


def test_windows_without_a_label_are_left_out_and_counted():
    with pytest.warns(UserWarning, match="^4 windows were left out, as no label of classes holds for half of them"):
        cases = ECGAdapter(window_seconds=(0, 30)).cases(
            [stages()], around="windows", classes={"Sleep stage 2": "2", "Sleep stage R": "R"}
        )
    assert "".join(cases.y) == "222RRR" and cases.about["start"][0] == 120
    wanted = r"night: an annotation of classes \('N3'\) is required, got 'Sleep stage 2', 'Sleep stage R', .*; give"
    with pytest.raises(ValueError, match=wanted):
        ECGAdapter(window_seconds=(0, 30)).cases([stages()], around="windows", classes={"N3": "3"})


def test_a_window_of_beats_has_the_label_of_most_of_them(rng):
    beats = Recording(rng.normal(size=(6000, 1)), 100, ["II"], np.arange(40, 5970, 80), ["V"] * 75, name="ectopic")
    adapter = ECGAdapter(window_seconds=(0, 10))
    assert adapter.cases([beats], around="windows", classes={"V": "ectopic"}).y.tolist() == ["ectopic"] * 6
    with pytest.raises(ValueError, match="windows have their labels from y or from classes, got both"):
        adapter.cases([beats], ["ill"], around="windows", classes={"V": "ectopic"})
    with pytest.raises(ValueError, match="classes must be 'aami', None or a dict"):
        adapter.cases([beats], around="windows", classes="mine")


def test_several_labels_a_recording_go_to_its_windows_with_their_names(rng):
    import pandas as pd

    y = pd.DataFrame({"AFIB": [1, 0], "CLBBB": [1, 1], "NORM": [0, 0]})
    recordings = [made(rng, 2600, name="a"), made(rng, 1000, name="b")]
    cases = ECGAdapter(window_seconds=(0, 4)).cases(recordings, y, around="windows")
    assert cases.y.to_numpy().tolist() == [[1, 1, 0]] * 2 + [[0, 1, 0]]
    assert list(cases.y.columns) == ["AFIB", "CLBBB", "NORM"] and list(cases.y.index) == [0, 1, 2]
    sets = [{"AFIB", "CLBBB"}, {"CLBBB"}]
    found = ECGAdapter(window_seconds=(0, 4)).cases(recordings, sets, around="windows").y
    assert found.tolist() == [sets[0], sets[0], sets[1]]
    lists = ECGAdapter(window_seconds=(0, 4)).cases(recordings, [["AFIB"], []], around="windows").y
    assert lists.tolist() == [["AFIB"], ["AFIB"], []]


def test_recordings_shorter_than_a_window_are_kept_and_filled_up(rng):
    recordings = [made(rng, 900, 100, name="a"), made(rng, 6000, 100, name="b"), made(rng, 50, 100, name="c")]
    adapter = ECGAdapter(window_seconds=(0, 30), **PLAIN)
    with pytest.warns(UserWarning, match="2 recordings are shorter than a window; NaN fills them up") as caught:
        cases = adapter.cases(recordings, ["x", "y", "z"], around="windows")
    assert len(caught) == 1 and caught[0].filename == __file__
    assert cases.y.tolist() == ["x", "y", "y", "z"] and cases.about["stop"].tolist() == [9, 30, 60, 0.5]
    X = adapter.fit_transform(cases.X)
    np.testing.assert_array_equal(X[0, :900], recordings[0].signal)
    assert np.isnan(X[0, 900:]).all() and not np.isnan(X[1:3]).any()
    with pytest.warns(UserWarning, match="1 recordings are shorter"):
        around = ECGAdapter(window_seconds=(20, 10), **PLAIN).cases(recordings[:1], around="windows")
    assert (~np.isnan(adapter.set_params(window_seconds=(20, 10)).fit_transform(around.X))).sum() == 1800


def test_annotations_at_the_end_lose_neither_the_recording_nor_its_beats(rng):
    ends = Recording(rng.normal(size=(2000, 1)), 250, ["I"], [400, 900, 2000], ["N", "V", "+"], name="ends")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ECGAdapter().cases([ends]).y.tolist() == ["N", "V"]
    late = Recording(ends.signal, 250, ["I"], [400, 900, 2003], ["N", "V", "N"], name="late")
    with pytest.warns(UserWarning, match="late: a beat is annotated at sample 2003 of a recording of 2000 .* left out"):
        assert ECGAdapter().cases([late]).y.tolist() == ["N", "V"]
    before = Recording(ends.signal, 250, ["I"], [-3, 900], ["N", "V"], name="before")
    with pytest.raises(ValueError, match="before: a beat is annotated at sample -3"):
        ECGAdapter().cases([before])


def test_beats_of_recordings_without_annotations_are_found(recordings):
    pytest.importorskip("wfdb", reason="wfdb is not installed: pip install seqconv[medical]")
    adapter = ECGAdapter(125, rhythm=True)
    trained = adapter.cases(recordings)
    adapter.fit(trained.X)
    one = recordings.X[2]
    new = Recording(one.signal, 360, ["MLII"], name="new")
    with pytest.warns(UserWarning, match="no recording has annotated beats; they are found by wfdb's GQRS") as caught:
        cases = adapter.cases([new])
    assert len(caught) == 1 and caught[0].filename == __file__
    anchors = np.array([excerpt.anchor for excerpt in cases.X])
    assert cases.y is None and adapter.transform(cases.X).shape[1:] == (125, 9)
    assert (np.abs(anchors[:, None] - one.samples).min(axis=0) < 18).mean() > 0.9
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        again = adapter.cases([one], annotator="gqrs")  # annotations do not count then
    assert again.y is None and [excerpt.anchor for excerpt in again.X] == anchors.tolist()
    silent = Recording(np.zeros((3600, 1)), 360, ["II"], name="silent")
    with pytest.raises(ValueError, match="silent: a beat must be found by wfdb's GQRS detector, none is"):
        adapter.cases([silent], annotator="gqrs")


# Leads.

LEADS = ["I", "II", "III", "AVR", "AVL", "AVF", "V1", "V2", "V3", "V4", "V5", "V6"]


def test_leads_are_the_same_in_any_spelling(rng):
    signal = rng.normal(size=(1000, 12))
    spelt = [name.replace("AV", "aV") for name in LEADS]
    adapter = ECGAdapter(100).fit([Recording(signal, 100, LEADS)])
    expected = adapter.transform([Recording(signal, 100, LEADS)])
    for names in (spelt, [f"ECG {name}" for name in spelt], ["MLI", "MLII", "DIII", *spelt[3:]]):
        np.testing.assert_array_equal(adapter.transform([Recording(signal, 100, names)]), expected)
        turned = Recording(signal[:, ::-1], 100, names[::-1])
        np.testing.assert_array_equal(adapter.transform([turned]), expected)
    twice = Recording(signal[:, :3], 100, ["MLII", "D2", "I"], name="twice")
    with pytest.raises(ValueError, match="case 0: twice: a lead 'II' is required once, got more than one"):
        ECGAdapter(leads=["II"]).fit([twice])


def test_leads_are_chosen_over_all_records_and_what_is_left_out_is_told(rng):
    signal = rng.normal(size=(1000, 12))
    few, all_of_them = Recording(signal[:, :2], 100, LEADS[:2]), Recording(signal, 100, LEADS)
    wanted = "leads that not all records have are left out: III, AVR, .*V6. Name leads=.* missing_leads='nan'"
    for records in ([few, *[all_of_them] * 3], [all_of_them, few]):
        adapter = ECGAdapter(100)
        with pytest.warns(UserWarning, match=wanted):
            assert adapter.fit_transform(records).shape[2] == 2
        assert adapter.leads_ == ("I", "II")
    beats = [
        Recording(one.signal, 100, one.leads, [500], ["N"], name=str(i)) for i, one in enumerate([all_of_them, few])
    ]
    with pytest.warns(UserWarning, match=wanted):
        assert ECGAdapter(100).cases(beats).X[0].recording.leads == ("I", "II")
    with pytest.raises(ValueError, match="case 1: .* a lead 'III' is required once"):
        ECGAdapter(100, leads=LEADS).fit([all_of_them, few])


def test_missing_leads_are_nan_on_request(rng, tmp_path):
    signal = rng.normal(size=(1000, 12))
    few, all_of_them = Recording(signal[:, [1, 0]], 100, ["II", "I"], name="few"), Recording(signal, 100, LEADS)
    adapter = ECGAdapter(100, missing_leads="nan").fit([all_of_them])
    with pytest.warns(UserWarning, match="records lack leads, NaN takes their place: AVF, .*, V6") as caught:
        found = adapter.transform([all_of_them, few])
    assert len(caught) == 1
    np.testing.assert_array_equal(found[1, :, :2], found[0, :, :2])
    assert np.isnan(found[1, :, 2:]).all() and not np.isnan(found[0]).any()
    with pytest.warns(UserWarning, match="NaN takes their place"):
        assert ECGAdapter(100, missing_leads="nan").fit([few, all_of_them]).n_leads_ == 12
    with pytest.raises(ValueError, match="case 0: other: a lead 'I' is required once"):
        adapter.transform([Recording(signal[:, :1], 100, ["EMG"], name="other")])
    with pytest.raises(ValueError, match="missing_leads must be 'raise' or 'nan'"):
        ECGAdapter(missing_leads="drop").fit([few])


def test_arrays_beside_recordings_are_warned_of(rng):
    recordings = [made(rng, name=str(i)) for i in range(3)]
    wanted = r"arrays are taken as they are, neither resampled nor filtered, .* Give Recording\("
    adapter = ECGAdapter(100).fit(recordings)
    with pytest.warns(UserWarning, match=wanted) as caught:
        adapter.transform([one.signal for one in recordings])
    assert len(caught) == 1
    with pytest.warns(UserWarning, match=wanted):
        ECGAdapter(100).fit([recordings[0], recordings[1].signal])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ECGAdapter(100).fit([one.signal for one in recordings]).transform([recordings[0].signal])
        adapter.transform(recordings)


def test_a_recording_of_annotations_alone_has_no_lead():
    alone = Recording(np.zeros((9, 0)), 1000, (), [3], ["Sleep stage W"], name="hypnogram")
    for ask in (ECGAdapter().fit, ECGAdapter(leads=["EEG"]).fit, ECGAdapter().cases):
        with pytest.raises(ValueError, match="hypnogram: a lead is required, got annotations alone|lead 'EEG'"):
            ask([alone])


# Against the training records.


def test_another_rate_lead_or_number_of_leads_is_named(rng):
    adapter = ECGAdapter(leads=["II", "I"]).fit([made(rng)])
    assert adapter.leads_ == ("II", "I") and adapter.sampling_rate_hz_ == 250 and adapter.n_leads_ == 2
    np.testing.assert_array_equal(
        adapter.transform([made(np.random.default_rng(0))]),
        ECGAdapter().fit_transform([made(np.random.default_rng(0))])[:, :, ::-1],
    )
    with pytest.raises(
        ValueError, match="case 1: each recording must have the 250 Hz of the first, got 200 Hz; give sampling_rate_hz"
    ):
        adapter.transform([made(rng), made(rng, rate=200, name="slow")])
    with pytest.raises(ValueError, match="case 1: other: a lead 'II' is required once, got no such lead"):
        adapter.transform([made(rng), made(rng, leads=("I", "V1"), name="other")])
    with pytest.raises(ValueError, match="case 0: each record must have the 2 leads of fit, got 3"):
        adapter.transform([np.zeros((9, 3))])
    with pytest.raises(
        ValueError, match="case 0: a recording must hold the band up to 40 Hz, got 80 Hz; lower band_hz"
    ):
        ECGAdapter(125).fit([made(rng, rate=80, name="slow")])
    with pytest.raises(ValueError, match="case 1"):
        ECGAdapter().fit([made(rng), made(rng, rate=200)])
    assert ECGAdapter(125).fit([made(rng)]).transform([made(rng), made(rng, rate=200)]).shape == (2, 1250, 2)


def test_arrays_are_taken_as_they_are(rng):
    beats = [rng.normal(size=(50, 1)), rng.normal(size=70), np.array([[1.0], [np.nan], [2.0]])]
    adapter = ECGAdapter().fit(beats)
    found = adapter.transform(beats)
    assert found.shape == (3, 70, 1) and adapter.leads_ is None and adapter.sampling_rate_hz_ is None
    np.testing.assert_array_equal(found[0, :50], beats[0].astype(np.float32))
    assert np.isnan(found[0, 50:]).all() and np.isnan(found[2, 1])
    with pytest.raises(ValueError, match="rate of arrays must be known to locate their steps; give sampling_rate_hz"):
        adapter.locate(beats)
    spans = ECGAdapter(100).fit(beats).locate(beats)
    np.testing.assert_allclose(spans[2], [[-0.005, 0.005], [0.005, 0.015], [0.015, 0.025]])
    with pytest.raises(ValueError, match="case 0: the rate of the arrays seen by fit must be known, got a recording"):
        adapter.transform([made(rng, leads=("I",))])


@pytest.mark.parametrize(
    "record, error, message",
    [
        (np.zeros((0, 1)), ValueError, "case 1: an array must be numbers .* got float64"),
        (np.zeros((2, 2, 2)), ValueError, "an array must be numbers"),
        (np.array(["a"]), ValueError, "an array must be numbers"),
        (np.zeros((12, 5000)), ValueError, r"case 1: .* at most 512 leads, got shape \(12, 5000\); transpose it"),
        (np.array([[np.inf]]), ValueError, "case 1: .* finite or NaN .* got an infinite"),
        (np.array([[1e300]]), ValueError, "case 1: .* fit float32, got an infinite or larger value"),
        (np.full((4, 1), np.nan), ValueError, "case 1: .* an observed value, got NaN alone"),
        (
            "nothing.hea",
            FileNotFoundError,
            "case 1: .* an .edf file or have a header .hea that exists, got nothing.hea",
        ),
        (b"x.hea", TypeError, "a record must be a Recording"),
        (None, TypeError, "case 1: .* got None"),
        ([1.0, 2.0], TypeError, r"case 1: .* got \[1.0, 2.0\]"),
    ],
)
def test_a_bad_record_is_named(record, error, message):
    good = np.zeros((9, 1))
    for ask in (ECGAdapter().fit([good]).transform, ECGAdapter().fit, ECGAdapter().check):
        with pytest.raises(error, match=message):
            ask([good, record])


def test_an_excerpt_must_lie_in_its_recording(rng):
    recording = made(rng)
    for anchor in (-1, 2000):
        with pytest.raises(ValueError, match="case 0: an excerpt must be in its recording of 2000 samples"):
            ECGAdapter().fit([Excerpt(recording, anchor)])


@pytest.mark.parametrize(
    "parameters, message",
    [
        ({"sampling_rate_hz": 0}, "sampling_rate_hz must be None or a number from 1"),
        ({"sampling_rate_hz": "125"}, "sampling_rate_hz"),
        ({"leads": "II"}, "leads must be None or a list of different strings"),
        ({"leads": []}, "leads must be"),
        ({"leads": ["I", "I"]}, "leads must be"),
        ({"window_seconds": 1.0}, "window_seconds must be the seconds before and from the beat on"),
        ({"window_seconds": (0, 0)}, "window_seconds"),
        ({"window_seconds": (-1, 2)}, "window_seconds"),
        ({"window_seconds": (0, 1e9)}, "window_seconds"),
        ({"band_hz": 40}, "band_hz must be None or the lowest and highest"),
        ({"band_hz": (40, 0.5), "sampling_rate_hz": 125}, "lowest frequency first"),
        ({"band_hz": (0.5, 70), "sampling_rate_hz": 125}, "half the sampling rate of 125 Hz, got 70"),
        ({"notch_hz": -50}, "notch_hz must be None or a number from 0.001"),
        ({"flat_seconds": 0}, "flat_seconds must be None or a number from 0.001"),
        ({"rhythm": "yes"}, "rhythm must be True or False"),
        ({"stream": None}, "stream must be True or False"),
    ],
)
def test_parameters_out_of_range_are_refused(parameters, message):
    with pytest.raises((ValueError, TypeError), match=message):
        ECGAdapter(**parameters).fit([np.zeros((9, 1))])


@pytest.mark.parametrize(
    "recording, message",
    [
        (lambda: Recording(np.zeros(9), 250, ["I"]), "must be numbers .samples, leads."),
        (lambda: Recording(np.zeros((0, 1)), 250, ["I"]), "at least one sample"),
        (lambda: Recording(np.full((9, 1), np.inf), 250, ["I"]), "finite or NaN"),
        (lambda: Recording(np.zeros((9, 1)), 0, ["I"]), "sampling_rate_hz .* above 0, got"),
        (lambda: Recording(np.zeros((9, 1)), np.nan, ["I"]), "sampling_rate_hz .* above 0, got"),
        (lambda: Recording(np.zeros((9, 1)), 250, ["I", "II"]), "a name for each of 1 leads"),
        (lambda: Recording(np.zeros((9, 1)), 250, ["I"], [1, 2], ["N"]), "a whole sample number and a symbol"),
        (lambda: Recording(np.zeros((9, 1)), 250, ["I"], [1.5], ["N"]), "a whole sample number and a symbol"),
        (lambda: Recording(np.zeros((9, 1)), 250, ["I"], limits_mv=[(1, 2), (3, 4)]), "limits_mv"),
    ],
)
def test_a_recording_that_cannot_be_is_refused(recording, message):
    with pytest.raises(ValueError, match=message):
        recording()


# State.


@pytest.mark.parametrize(
    "state, arrays",
    [
        ({"sampling_rate_hz": 125.0, "leads": ["I"], "n_leads": 2}, {}),
        ({"sampling_rate_hz": 125.0, "leads": ["I", 2], "n_leads": 2}, {}),
        ({"sampling_rate_hz": -1.0, "leads": ["I"], "n_leads": 1}, {}),
        ({"sampling_rate_hz": float("nan"), "leads": ["I"], "n_leads": 1}, {}),
        ({"sampling_rate_hz": 60.0, "leads": ["I"], "n_leads": 1}, {}),  # cannot hold the band
        ({"sampling_rate_hz": True, "leads": None, "n_leads": 1}, {}),
        ({"sampling_rate_hz": None, "leads": None, "n_leads": 10**9}, {}),
        ({"sampling_rate_hz": None, "leads": None, "n_leads": True}, {}),
        ({"sampling_rate_hz": None, "leads": None, "n_leads": 1}, {"x": np.zeros(1)}),
        ({"sampling_rate_hz": None, "leads": None, "n_leads": 1, "more": 1}, {}),
    ],
)
def test_a_state_that_no_fit_leaves_is_refused(state, arrays):
    with pytest.raises(ValueError):
        ECGAdapter().set_state(state, arrays)


def test_a_state_against_the_parameters_is_refused():
    state = {"sampling_rate_hz": 250.0, "leads": ["I"], "n_leads": 1}
    assert ECGAdapter().set_state(state, {}).leads_ == ("I",)
    for adapter in (ECGAdapter(125), ECGAdapter(leads=["II"])):
        with pytest.raises(ValueError, match="must be (None or those|that) of the parameters"):
            adapter.set_state(state, {})


def test_a_classifier_of_excerpts_is_saved_and_loaded(recordings, tmp_path):
    adapter = ECGAdapter(125, rhythm=True)
    cases = adapter.cases(recordings)
    classifier = SeqConvClassifier(FCN(filters=(4, 4, 4)), adapter=adapter, epochs=1, random_state=0)
    classifier.fit(cases)
    classifier.save(tmp_path / "beats.seqconv")
    loaded = seqconv.load(tmp_path / "beats.seqconv")
    np.testing.assert_allclose(loaded.predict_proba(cases.X), classifier.predict_proba(cases.X), atol=1e-6)
    assert loaded.adapter_.leads_ == ("II",)


def test_streamed_or_not_the_network_learns_the_same(recordings):
    cases = ECGAdapter(125).cases(recordings)
    weights = []
    for stream in (False, True):
        classifier = SeqConvClassifier(
            FCN(filters=(2,), kernel_sizes=(3,)), adapter=ECGAdapter(125, stream=stream), epochs=1
        )
        weights.append(classifier.set_params(random_state=0).fit(cases).model_.get_weights())
    for one, other in zip(*weights, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_excerpts_share_one_recording_when_they_are_pickled(recordings):
    cases = ECGAdapter(125).cases(recordings)
    n_bytes = sum(one.signal.nbytes for one in recordings.X)
    assert len(pickle.dumps(cases.X)) < 1.5 * n_bytes


def test_what_is_given_is_left_alone(recordings):
    before = pickle.dumps(recordings.X)
    adapter = clone(ECGAdapter(125, leads=["II"], notch_hz=50))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cases = adapter.cases(recordings)
        adapter.fit(cases.X).transform(cases.X)
        adapter.locate(cases.X)
    assert pickle.dumps(recordings.X) == before


# Files.


@pytest.fixture
def real():
    folder = pathlib.Path(os.environ.get("SEQCONV_DATA", ""), "medical", "mitbih_wfdb")
    if not os.environ.get("SEQCONV_DATA") or not folder.is_dir():
        pytest.skip("the records 119 and 207 are not in the data home SEQCONV_DATA")
    pytest.importorskip("wfdb", reason="wfdb is not installed: pip install seqconv[medical]")
    return folder


def test_beats_of_real_records_are_those_of_an_independent_reading(real):
    paths = [str(real / "119.hea"), real / "207"]
    adapter = ECGAdapter(window_seconds=(0.25, 0.5), **PLAIN)
    cases = adapter.cases(paths, classes=None)
    X = adapter.fit(cases.X).transform(cases.X)
    assert len(cases) == 1987 + 1860 and X.shape[1:] == (270, 2)
    for name in ("119", "207"):
        data = np.frombuffer((real / f"{name}.dat").read_bytes(), np.uint8).reshape(-1, 3).astype(np.int64)
        pairs = np.stack([data[:, 0] + 256 * (data[:, 1] % 16), data[:, 2] + 256 * (data[:, 1] // 16)], axis=1)
        millivolt = (np.where(pairs > 2047, pairs - 4096, pairs) - 1024) / 200
        of_record = cases.groups == name
        peaks = np.array([excerpt.anchor for excerpt in np.array(cases.X, object)[of_record]])
        rows = (peaks >= 90) & (peaks + 180 <= len(millivolt))
        expected = np.stack([millivolt[at - 90 : at + 180] for at in peaks[rows]]).astype(np.float32)
        np.testing.assert_array_equal(X[of_record][rows], expected)


@pytest.mark.parametrize(
    "file, message",
    [
        ("beats.csv", r"case 0: .* got .*beats.csv; read it .* and give Recording\(.*, not an array"),
        ("X.HEA", "case 0: .* got .*X.HEA; rename the files of the record to small letters"),
        ("x.doc", r"case 0: .* got .*x.doc; read it by its own library and give Recording\("),
        ("ward", "case 0: .* got the folder .*ward; list its headers, such as .*a.hea, 2 in all"),
        ("empty", "case 0: .* got the folder .*empty; list its headers, it has none"),
    ],
)
def test_a_path_of_another_kind_is_refused_with_what_to_do(tmp_path, file, message):
    for folder in ("ward", "empty"):
        (tmp_path / folder).mkdir()
    for name in ("beats.csv", "119.hea", "119.dat", "X.HEA", "x.doc", "ward/a.hea", "ward/b.hea"):
        (tmp_path / name).write_bytes(b"")
    path = tmp_path / file
    for ask in (ECGAdapter().fit, ECGAdapter().check):
        with pytest.raises((ValueError, OSError), match=message):
            ask([path])
    with pytest.raises((ValueError, OSError), match=message.removeprefix("case 0: ")):
        ECGAdapter().cases([path])


def test_a_signal_file_beside_its_header_stands_for_the_record(tmp_path):
    wfdb = pytest.importorskip("wfdb", reason="wfdb is not installed: pip install seqconv[medical]")
    wave = np.random.default_rng(0).normal(size=(1000, 1))
    wfdb.wrsamp("a", 100, ["mV"], ["II"], wave, fmt=["16"], write_dir=str(tmp_path))
    adapter = ECGAdapter().fit([tmp_path / "a.hea"])
    for path in (tmp_path / "a", tmp_path / "a.dat"):
        np.testing.assert_array_equal(adapter.transform([path]), adapter.transform([tmp_path / "a.hea"]))


def test_leads_of_several_rates_are_one_case_at_the_rate_of_the_adapter(tmp_path):
    edfio = pytest.importorskip("edfio", reason="edfio is not installed: pip install seqconv[medical]")
    draw = np.random.default_rng(0)
    made = [
        edfio.EdfSignal(draw.normal(size=60 * rate), rate, label=name, physical_dimension="uV", physical_range=(-9, 9))
        for name, rate in (("EEG", 200), ("EMG", 50), ("EOG", 100))
    ]
    edfio.Edf(made).write(tmp_path / "p.edf")
    found = ECGAdapter(100, leads=["EEG", "EMG"]).fit_transform([tmp_path / "p.edf"])
    assert found.shape == (1, 6000, 2) and not np.isnan(found).any()


def test_leads_of_one_name_are_taken_together_and_saved(tmp_path):
    edfio = pytest.importorskip("edfio", reason="edfio is not installed: pip install seqconv[medical]")
    signal = np.random.default_rng(0).normal(size=(2, 1280))
    leads = [edfio.EdfSignal(one, 128, label="EEG", physical_dimension="mV") for one in signal]
    edfio.Edf(leads).write(tmp_path / "night.edf")
    adapter = ECGAdapter(window_seconds=(0, 5))
    assert adapter.fit_transform([tmp_path / "night.edf"]).shape == (1, 1280, 2)
    assert adapter.fit_transform(adapter.cases([tmp_path / "night.edf"], around="windows").X).shape == (2, 640, 2)
    assert clone(adapter).set_state(*adapter.get_state()).leads_ == ("EEG", "EEG")
    with pytest.raises(ValueError, match="got more than one such lead"):
        ECGAdapter(leads=["EEG"]).fit([tmp_path / "night.edf"])


def test_whole_files_are_cases_too(real, tmp_path):
    edfio = pytest.importorskip("edfio", reason="edfio is not installed: pip install seqconv[medical]")
    signal = np.random.default_rng(0).normal(size=3600)
    made = edfio.EdfSignal(signal, 360, label="MLII", physical_dimension="mV", physical_range=(-5, 5))
    edfio.Edf([made]).write(tmp_path / "short.edf")
    adapter = ECGAdapter(90, leads=["MLII"], band_hz=None).fit([str(real / "119"), tmp_path / "short.edf"])
    X = adapter.transform([tmp_path / "short.edf"])
    assert X.shape == (1, 900, 1)
    (tmp_path / "short.edf").write_bytes(b"0       ")
    with pytest.raises(ValueError, match="case 1: .*short.edf: the file cannot be decoded"):
        adapter.transform([str(real / "119"), str(tmp_path / "short.edf")])
