"""A recorder that goes with the class is warned of, and nothing else is."""

import warnings

import numpy as np
import pytest
import soundfile
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from seqconv.adapters import AudioAdapter

Y = np.arange(60) % 2


def noises(rng, rates, n_channels=1):
    return [(0.1 * rng.standard_normal((int(rate) // 10, n_channels)), int(rate)) for rate in rates]


def told_by_fit(X, y=None, **parameters):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        AudioAdapter(**parameters).fit(X, y)
    return [str(warning.message) for warning in told if warning.filename == __file__]


def test_rates_that_go_with_the_class_are_told_with_what_to_do(rng):
    X = noises(rng, [8000, 48000] * 30)
    (told,) = told_by_fit(X, Y)
    assert told.startswith("the sampling rate goes with the class (8000: 0; 48000: 1), ")
    assert told.endswith("; set sampling_rate_hz=8000.")
    (told,) = told_by_fit(X, [*"ab"] * 30, sampling_rate_hz=8000)
    assert told.endswith("; record all with each device.")


def test_without_classes_rates_are_told_where_some_clips_lack_the_upper_bands(rng):
    X = noises(rng, [8000, 48000] * 30)
    (told,) = told_by_fit(X)
    assert told.startswith("clips have sampling rates from 8000 to 48000 Hz") and told.endswith(
        "set sampling_rate_hz=8000."
    )
    assert told_by_fit(X, sampling_rate_hz=8000) == []
    assert told_by_fit(noises(rng, [16000, 44100, 48000])) == []
    assert told_by_fit(noises(rng, [8000] * 9)) == []


def test_in_a_pipeline_the_classes_are_seen(rng):
    X = noises(rng, [8000, 48000] * 30)
    means = FunctionTransformer(lambda X: np.nanmean(X, axis=1))
    with pytest.warns(UserWarning, match="the sampling rate goes with the class"):
        make_pipeline(AudioAdapter(), means, LogisticRegression()).fit(X, Y)


def test_rates_mostly_of_one_class_of_three_are_told(rng):
    y = np.repeat([0, 1, 2], 40)
    rates = np.where(y == 2, 44100, 22050)
    rates[rng.choice(120, 6, replace=False)] = 22050
    (told,) = told_by_fit(noises(rng, rates), y)
    assert "22050: 0, 1" in told and "44100: 2" in told


def test_channels_that_go_with_the_class_are_told_also_of_files(rng, tmp_path):
    paths = []
    for number, label in enumerate(Y):
        paths.append(tmp_path / f"{number}.wav")
        soundfile.write(paths[-1], rng.uniform(-0.1, 0.1, (100, 1 + label)), 16000)
    (told,) = told_by_fit(paths, Y)
    assert told.startswith("the number of channels goes with the class (1: 0; 2: 1)")


@pytest.mark.parametrize(
    ("rates", "y"),
    [
        ([8000, 8000, 48000, 48000] * 15, Y),
        ([8000, 48000], [0, 1]),
        ([16000] * 60, Y),
        ([8000, 48000] * 30, np.linspace(0, 1, 60)),
        ([8000, 48000] * 30, np.zeros((60, 2), int)),
    ],
    ids=["each class at each rate", "too few to tell", "one rate", "a regression", "several labels"],
)
def test_rates_that_do_not_tell_the_class_are_not_told(rng, rates, y):
    assert told_by_fit(noises(rng, rates), y) == []


def test_by_chance_few_sets_are_told(rng):
    n_told = 0
    for _ in range(40):
        n_told += bool(told_by_fit(noises(rng, rng.choice([16000, 48000], 60)), rng.integers(0, 10, 60)))
    assert n_told == 0


def test_a_file_that_cannot_be_read_is_left_to_transform(tmp_path):
    (tmp_path / "a.wav").write_text("no sound")
    fitted = AudioAdapter().fit([tmp_path / "a.wav"], [1])
    with pytest.raises(ValueError, match="case 0: .*a.wav: the file is cut, damaged or no sound"):
        fitted.transform([tmp_path / "a.wav"])


# Channels that cancel


def steps(clip):
    return AudioAdapter().fit([clip]).transform([clip])[0]


@pytest.mark.parametrize("right", [-1.0, -0.9, -1.05])
def test_of_channels_that_cancel_the_loudest_is_taken_with_a_warning(rng, right):
    left = rng.uniform(-0.3, 0.3, 4000).astype(np.float32)
    both = np.stack([left, np.float32(right) * left], axis=1)
    with pytest.warns(UserWarning, match="cancel in their mean .left = -right., .*check the wires"):
        found = steps(both)
    np.testing.assert_allclose(found, steps(both[:, int(abs(right) > 1)]), atol=1e-5)


def test_a_file_whose_channels_cancel_is_heard(rng, tmp_path):
    left = rng.uniform(-0.3, 0.3, 4000)
    soundfile.write(tmp_path / "a.wav", np.stack([left, -left], axis=1), 16000, subtype="FLOAT")
    with pytest.warns(UserWarning, match="cancel"):
        found = steps(tmp_path / "a.wav")
    np.testing.assert_allclose(found, steps(left.astype(np.float32)), atol=1e-5)


@pytest.mark.parametrize("what", ["unlike", "the same", "one of 64", "silence", "half against"])
def test_other_channels_are_averaged_without_a_word(rng, what):
    left = rng.uniform(-0.3, 0.3, 4000)
    clip = {
        "unlike": rng.uniform(-0.3, 0.3, (4000, 2)),
        "the same": np.stack([left, left], axis=1),
        "one of 64": np.eye(64)[5] * left[:, None],
        "silence": np.zeros((4000, 2)),
        "half against": np.stack([left, -0.5 * left], axis=1),
    }[what]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_allclose(steps(clip), steps(clip.mean(axis=1)), atol=1e-4)


@pytest.mark.parametrize("y", [[{"dog"}, set()] * 10, [["dog"], []] * 10, np.eye(2)[np.arange(20) % 2]])
def test_several_labels_a_clip_are_no_class_that_a_recorder_tells(rng, y):
    clips = [rng.uniform(-0.3, 0.3, 4000) for _ in range(20)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        AudioAdapter(16000).fit(clips, y)
        cases = AudioAdapter(16000).cases(clips, y)
    assert len(cases.y) == 20 and [*map(list, cases.y)] == [*map(list, y)]
