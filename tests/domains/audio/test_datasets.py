"""Loaders of sound give paths, labels, groups and the official split; made-up sounds keep their promises."""

import zipfile

import librosa
import numpy as np
import pytest
import soundfile
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from seqconv.adapters import AudioAdapter
from seqconv.datasets import load_esc10, load_spoken_digits, make_audio
from seqconv.domains import home as cache
from seqconv.domains.audio.reading import measure_audio

HEADER = "filename,fold,target,category,esc10,src_file,take\n"


@pytest.fixture
def put(home):
    """Put a zip archive with empty members, or text, into the data home."""

    def put(relative_path, content):
        path = home / relative_path
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            path.write_text(content)
        else:
            with zipfile.ZipFile(path, "w") as archive:
                for name in content:
                    archive.writestr(name, "")
        return path

    return put


# Spoken digits


def test_digits_have_speaker_and_official_split(put):
    names = ["0_george_0.wav", "9_george_4.wav", "3_nicolas_5.wav", "3_nicolas_49.wav"]
    path = put("audio/fsdd/fsdd_recordings.zip", ["readme.md", *[f"recordings/{name}" for name in names]])
    digits = load_spoken_digits()
    assert digits.X == [f"{path}/recordings/{name}" for name in names]
    assert digits.y.tolist() == [0, 9, 3, 3] and digits.y.dtype == np.int64
    assert digits.groups.tolist() == ["george", "george", "nicolas", "nicolas"]
    assert digits.part.tolist() == ["test", "test", "train", "train"]


def test_the_archive_of_the_repository_will_do(put):
    inside = "free-spoken-digit-dataset-master"
    put("audio/fsdd/fsdd_recordings.zip", [f"{inside}/recordings/1_theo_7.wav", f"{inside}/recordings/._1_theo_8.wav"])
    digits = load_spoken_digits()
    assert len(digits) == 1 and digits.groups.tolist() == ["theo"]
    assert AudioAdapter(8000).check(digits.X) == digits.X


def test_archives_without_digits_or_that_are_none_are_refused(put, home):
    path = put("audio/fsdd/fsdd_recordings.zip", ["recordings/hello.wav"])
    with pytest.raises(ValueError, match="fsdd_recordings.zip must hold recordings/{digit}_{speaker}_{index}.wav"):
        load_spoken_digits()
    path.write_text("no archive")
    with pytest.raises(ValueError, match="fsdd_recordings.zip must be a zip archive"):
        load_spoken_digits()


def test_what_is_missing_is_asked_for_by_path(home):
    for load, name in ((load_spoken_digits, "fsdd_recordings.zip"), (load_esc10, "esc10.csv")):
        with pytest.raises(OSError, match=rf"{name} must be in .*\. Get it by hand and put it at"):
            load()


# ESC-10


def test_sounds_have_category_source_and_fold(put):
    put("audio/esc10/esc10.csv", HEADER + "1-17-A-0.flac,1,0,dog,True,17,A\n3-9-B-10.flac,3,10,rain,True,9,B\n")
    path = put("audio/esc10/esc10_audio.zip", ["audio/3-9-B-10.flac", "audio/1-17-A-0.flac", "audio/other.flac"])
    sounds = load_esc10()
    assert sounds.X == [f"{path}/audio/1-17-A-0.flac", f"{path}/audio/3-9-B-10.flac"]
    assert sounds.y.tolist() == ["dog", "rain"] and sounds.y.dtype.kind == "U"
    assert sounds.groups.tolist() == [17, 9] and sounds.part.tolist() == [1, 3]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("filename,fold,category\na.flac,1,dog\n", "must have the columns .*, got src_file missing"),
        (HEADER + "1-17-A-0.flac,,0,dog,True,17,A\n", "got empty fields"),
        (HEADER + "lost.flac,1,0,dog,True,17,A\n", "must hold the 1 clips of esc10.csv, 1 are not there: lost.flac"),
    ],
)
def test_tables_that_do_not_fit_are_refused(put, table, message):
    put("audio/esc10/esc10.csv", table)
    put("audio/esc10/esc10_audio.zip", ["audio/1-17-A-0.flac"])
    with pytest.raises(ValueError, match=message):
        load_esc10()


# Made-up sounds


def test_the_same_seed_gives_the_same_sounds_whatever_the_global_state():
    np.random.seed(1)
    before = np.random.get_state()[1].copy()
    first, second, other = make_audio(12), make_audio(12), make_audio(12, random_state=1)
    assert np.array_equal(np.random.get_state()[1], before)
    assert all(np.array_equal(a, b) for (a, _), (b, _) in zip(first.X, second.X, strict=True))
    assert first.y.tolist() == second.y.tolist() and first.groups.tolist() == second.groups.tolist()
    assert not np.array_equal(first.X[0][0], other.X[0][0])


def test_classes_are_equally_many_and_clips_as_long_as_promised():
    sounds = make_audio(40, n_classes=4, max_seconds=0.6, sampling_rate_hz=16_000)
    assert np.unique(sounds.y, return_counts=True)[1].tolist() == [10] * 4
    for samples, rate_hz in sounds.X:
        assert rate_hz == 16_000 and samples.dtype == np.float32 and 0.3 <= len(samples) / rate_hz <= 0.6
        assert 0.01 < np.abs(samples).max() <= 1


def test_summaries_over_time_do_not_tell_a_rise_from_a_fall():
    sounds = make_audio(240)
    sweeps = np.isin(sounds.y, ["rising", "falling"])
    X, y = [clip for clip, is_sweep in zip(sounds.X, sweeps, strict=True) if is_sweep], sounds.y[sweeps]
    summaries = []
    for samples, rate_hz in X:
        mfcc = librosa.feature.mfcc(y=samples, sr=rate_hz, n_mfcc=20)
        summaries.append(np.concatenate([mfcc.mean(axis=1), mfcc.std(axis=1)]))
    svm = make_pipeline(StandardScaler(), SVC(C=10))
    assert cross_val_score(svm, np.array(summaries), y, cv=5).mean() < 0.7


@pytest.mark.parametrize(
    "arguments",
    [{"n_cases": 3}, {"n_classes": 1}, {"n_classes": 7}, {"max_seconds": 0.3}, {"sampling_rate_hz": 100}],
    ids=str,
)
def test_numbers_out_of_range_are_refused(arguments):
    (name,) = arguments
    with pytest.raises(ValueError, match=f"{name} must be a"):
        make_audio(**arguments)


# Real data


@pytest.fixture
def real():
    def real(load, relative_path):
        if cache.present(relative_path) is None:
            pytest.skip(f"the data home (SEQCONV_DATA) has no {relative_path}")
        return load()

    return real


def test_the_real_digits_are_whole(real):
    digits = real(load_spoken_digits, "audio/fsdd/fsdd_recordings.zip")
    assert len(digits) == 2000 and digits.part_is("test").sum() == 200
    assert np.unique(digits.y, return_counts=True)[1].tolist() == [200] * 10
    assert sorted(set(digits.groups)) == ["george", "jackson", "lucas", "nicolas"]
    lengths = {measure_audio(path).n_samples for path in digits.X}
    assert (min(lengths), max(lengths)) == (1149, 10_504)


def test_the_real_sounds_are_whole_and_no_source_is_in_two_folds(real):
    sounds = real(load_esc10, "audio/esc10/esc10_audio.zip")
    assert len(sounds) == 320 and np.unique(sounds.part, return_counts=True)[1].tolist() == [80] * 4
    assert len(set(sounds.y)) == 10 and measure_audio(sounds.X[0]) == (80_000, 16_000, 1)
    for source in set(sounds.groups):
        assert len(set(sounds.part[sounds.groups == source])) == 1


def test_real_silence_behind_short_sounds_is_read(real):
    sounds = real(load_esc10, "audio/esc10/esc10_audio.zip")
    (path,) = [path for path in sounds.X if path.endswith("/1-110389-A-0.flac")]
    samples, rate_hz = soundfile.read(
        zipfile.Path(path.split(".zip/")[0] + ".zip", "audio/1-110389-A-0.flac").open("rb")
    )
    assert len(AudioAdapter().fit([path]).locate([path])[0]) == 501 and not samples[rate_hz * 4 :].any()
