"""Clips of any form give the steps of an independent computation, each alone as among others; bad ones are named."""

import io
import json
import os
import pickle
import re
import struct
import tracemalloc
import warnings
import zipfile
from pathlib import Path

import librosa
import numpy as np
import pytest
import soundfile
import soxr
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

import seqconv
from seqconv import SequenceSet
from seqconv.adapters import AudioAdapter
from seqconv.data import ragged_rows
from seqconv.datasets import list_audio, load_esc10, load_spoken_digits, make_audio
from seqconv.encoders import FCN

FEATURES = ("log_mel", "mfcc", "waveform")
NORMALIZE = ("clip", "channel", "learnt", None)


def tone(seconds=0.5, rate_hz=8000, hz=440.0):
    return (0.5 * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate_hz)) / rate_hz)).astype(np.float32)


@pytest.fixture
def clips(rng):
    """Three clips in noise, of three lengths, at 8 kHz."""
    return [tone(n / 8000) + rng.normal(0, 0.1, n).astype(np.float32) for n in (4000, 2500, 3210)]


@pytest.fixture
def write(tmp_path):
    def write(samples, rate_hz=8000, name="clip.wav", **how):
        soundfile.write(tmp_path / name, samples, rate_hz, **how)
        return tmp_path / name

    return write


def adapter(**parameters):
    return AudioAdapter(8000, **{"n_mels": 30} | parameters)


def made(clips, **parameters):
    return adapter(**parameters).fit(clips).transform(clips)


# What comes out


@pytest.mark.parametrize("features", FEATURES)
@pytest.mark.parametrize("normalize", NORMALIZE)
def test_cases_keep_number_and_order_and_one_alone_is_as_among_others(clips, features, normalize):
    fitted = adapter(features=features, normalize=normalize).fit(clips)
    X = fitted.transform(clips)
    assert X.dtype == np.float32 and X.shape[0] == 3 and X.shape[2] == fitted.n_channels_
    for clip, case in zip(clips, X, strict=True):
        alone = fitted.transform([clip])[0]
        np.testing.assert_array_equal(case[: len(alone)], alone)
        assert np.isnan(case[len(alone) :]).all() and np.isfinite(alone).all()
    np.testing.assert_array_equal(fitted.transform(clips[::-1])[::-1], X)


def test_log_mel_is_that_of_librosa(clips):
    for clip, case in zip(clips, made(clips, normalize=None), strict=True):
        power = librosa.feature.melspectrogram(
            y=clip.astype(float), sr=8000, n_fft=256, win_length=200, hop_length=80, n_mels=30
        )
        expected = librosa.power_to_db(power, amin=1e-30, top_db=80).T
        np.testing.assert_allclose(case[: len(expected)], expected, atol=2e-2)
        assert np.isnan(case[len(expected) :]).all()


def test_mfcc_is_that_of_librosa(clips):
    clip = clips[0].astype(float)
    expected = librosa.feature.mfcc(y=clip, sr=8000, n_mfcc=13, n_fft=256, win_length=200, hop_length=80, n_mels=30).T
    found = made(clips, features="mfcc", n_mfcc=13, normalize=None)[0]
    np.testing.assert_allclose(found, expected, atol=0.1)


def test_a_waveform_is_itself(clips):
    X = made(clips, features="waveform", normalize=None)
    assert X.shape == (3, 4000, 1)
    np.testing.assert_array_equal(X[1, :2500, 0], clips[1])


@pytest.mark.parametrize("features", FEATURES)
def test_normalising_by_clip_or_channel_gives_mean_0_and_deviation_1(rng, features):
    clips = [rng.normal(size=n) for n in (4000, 2500)]
    if features != "mfcc":  # cepstra are taken of the normalised bands
        for case in made(clips, features=features, normalize="clip"):
            assert np.nanmean(case) == pytest.approx(0, abs=1e-5) and np.nanstd(case) == pytest.approx(1, abs=1e-5)
    for case in made(clips, features=features, normalize="channel"):
        np.testing.assert_allclose(np.nanmean(case, axis=0), 0, atol=1e-5)
        np.testing.assert_allclose(np.nanstd(case, axis=0), 1, atol=1e-4)


def test_loudness_goes_by_clip_and_stays_without(clips):
    quiet = [np.float32(1e-4) * clip for clip in clips]
    for normalize in ("clip", "channel"):
        for factor in (1e-30, 1e-4, 1e4, 1e18):
            scaled = [(clip.astype(float) * factor).astype(np.float32) for clip in clips]
            np.testing.assert_allclose(made(scaled, normalize=normalize), made(clips, normalize=normalize), atol=1e-2)
    difference = made(clips, normalize=None) - made([np.float32(0.1) * clip for clip in clips], normalize=None)
    np.testing.assert_allclose(difference[~np.isnan(difference)], 20, atol=1e-3)
    assert np.nanmin(made(quiet, normalize=None)) == -100


def test_a_channel_learnt_is_centred_over_the_training_clips(clips):
    fitted = adapter(normalize="learnt").fit(clips[:2])
    X = fitted.transform(clips[:2]).reshape(-1, 30)
    np.testing.assert_allclose(np.nanmean(X, axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(np.nanstd(X, axis=0), 1, atol=1e-4)
    plain = made(clips, normalize=None)
    np.testing.assert_allclose(fitted.transform(clips), (plain - fitted.centre_) / fitted.scale_, atol=1e-5)


# What goes in


def test_every_form_of_a_clip_gives_the_same_steps(clips, write, tmp_path):
    samples = (clips[0] * 2**14).astype(np.int16)
    path = write(samples)
    with zipfile.ZipFile(tmp_path / "clips.zip", "w") as archive:
        archive.write(path, "a/clip.wav")
        archive.write(write(samples, name="clip.flac"), "clip.flac")
    member = zipfile.Path(tmp_path / "clips.zip", "a/clip.wav")
    floats = samples / 2**15
    forms = [path, str(path), member, f"{tmp_path}/clips.zip/clip.flac", (path, 0, 0.5), (str(path), 0.0, 9)]
    forms += [samples, floats, floats[:, None], np.stack([floats, floats], 1), (floats, 8000), (samples, 8000.0)]
    forms += [np.stack([floats + 0.1, floats - 0.1], 1), (samples.astype(np.int32) << 16, 8000)]
    X = made(forms)
    for case, form in zip(X, forms, strict=True):
        np.testing.assert_allclose(case, X[0], atol=1e-3, err_msg=str(form)[:80])
    for form in (*forms[:6], *forms[10:12]):
        np.testing.assert_array_equal(made([form])[0], X[0])
    eight_bits = (samples // 256 + 128).astype(np.uint8), 8000
    assert np.corrcoef(made([eight_bits])[0].ravel(), X[0].ravel())[0, 1] > 0.9


def test_sets_of_arrays_are_taken_as_lists(clips):
    X = np.stack([clip[:2000] for clip in clips])
    np.testing.assert_array_equal(made(X), made(list(X)))
    np.testing.assert_array_equal(made(X[:, :, None]), made(list(X)))
    objects = np.empty(3, object)
    objects[:] = clips
    np.testing.assert_array_equal(made(objects), made(clips))


def test_paths_in_an_array_or_series_are_read(clips, write):
    import pandas as pd

    path = str(write(clips[0]))
    for paths in (np.array([path, path]), pd.Series([path, path]), (path, path)):
        assert made(paths).shape == (2, 51, 30)


@pytest.mark.parametrize("rate_hz", [11_025, 16_000, 44_100, 48_000.0])
def test_any_rate_becomes_the_adapters(rate_hz):
    steps, own = made([(tone(rate_hz=rate_hz), rate_hz), tone()])
    inner = slice(3, -3)  # the ends of a tone ring
    assert np.abs(steps[inner, 4:10] - own[inner, 4:10]).max() < 0.05
    wave = made([(tone(rate_hz=rate_hz), rate_hz)], features="waveform", normalize=None)[0, :, 0]
    np.testing.assert_allclose(wave[100:-100], tone()[100 : len(wave) - 100], atol=2e-3)
    np.testing.assert_allclose(wave, soxr.resample(tone(rate_hz=rate_hz), rate_hz, 8000, "HQ")[: len(wave)], atol=1e-6)


def test_a_part_of_a_file_is_that_part(clips, write):
    path = write(clips[0], subtype="FLOAT")
    np.testing.assert_array_equal(made([(path, 0.1, 0.3)])[0], made([clips[0][800:2400]])[0])


def test_longer_clips_are_cut_and_no_more_of_a_file_is_read(clips, write, monkeypatch):
    from seqconv.domains.audio import records as audio_records

    asked = []
    real = audio_records.read_audio
    monkeypatch.setattr(audio_records, "read_audio", lambda *args: asked.append(args[1:]) or real(*args))
    path = write(clips[0], subtype="FLOAT")
    expected = made([clips[0][:1600]])
    np.testing.assert_array_equal(made([path], max_seconds=0.2), expected)
    np.testing.assert_array_equal(made([clips[0]], max_seconds=0.2), expected)
    made([(path, 0.1, 0.25)], max_seconds=0.2)
    assert asked == [(0.0, 0.2), (0.1, 0.15)]


def test_what_is_far_quieter_than_the_loudest_band_is_as_quiet_as_the_range(clips):
    for range_db in (20, 40.5):
        plain, cut = made(clips, normalize=None), made(clips, normalize=None, range_db=range_db)
        for whole, case in zip(plain, cut, strict=True):
            np.testing.assert_allclose(case, np.maximum(whole, np.nanmax(whole) - range_db), atol=1e-4)


@pytest.mark.parametrize("features", FEATURES)
@pytest.mark.parametrize("normalize", NORMALIZE)
@pytest.mark.parametrize("trim_db", [None, 30])
def test_silence_and_the_shortest_clips_give_finite_steps_without_a_warning(features, normalize, trim_db):
    silence, one, short = np.zeros(1000), np.array([0.3]), tone()[:50]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        X = made([silence, one, short, (one, 192_000)], features=features, normalize=normalize, trim_db=trim_db)
    steps = (~np.isnan(X[:, :, 0])).sum(axis=1).tolist()
    assert steps == ([1000, 1, 50, 1] if features == "waveform" else [13, 1, 1, 1])
    assert np.isfinite(X[0, : steps[0]]).all() and len(np.unique(X[0, : steps[0]], axis=0)) == 1


def test_silence_at_the_ends_is_trimmed(rng):
    clip = np.concatenate([np.zeros(2000), tone(), np.zeros(3000)]) + rng.normal(0, 1e-4, 9000)
    whole, cut = adapter().fit([clip]), adapter(trim_db=30).fit([clip])
    assert len(whole.transform([clip])[0]) == 113 and abs(len(cut.transform([clip])[0]) - 51) <= 8
    (spans,) = cut.locate([clip])
    assert spans[0, 0] == pytest.approx(0.25, abs=0.05) and spans[-1, 1] == pytest.approx(0.75, abs=0.05)


# Where the steps are


@pytest.mark.parametrize("features", FEATURES)
@pytest.mark.parametrize("trim_db", [None, 30])
@pytest.mark.parametrize("rate_hz", [8000, 22_050])
def test_locate_finds_a_click_where_it_was_put(rng, write, features, trim_db, rate_hz):
    samples = rng.normal(0, 0.02, rate_hz)
    samples[int(0.2 * rate_hz) : int(0.9 * rate_hz)] *= 5
    samples[int(0.613 * rate_hz)] = 1
    path = write(samples, rate_hz, subtype="FLOAT")
    fitted = adapter(features=features, trim_db=trim_db, normalize=None).fit([path])
    for record, shift in ((path, 0), ((samples, rate_hz), 0), ((path, 0.1, 1.0), 0.1)):
        X, (spans,) = fitted.transform([record])[0], fitted.locate([record])
        assert spans.shape == (len(X), 2) and spans.dtype == float
        np.testing.assert_array_equal(spans[1:, 0], spans[:-1, 1])
        assert spans[0, 0] >= shift and spans[-1, 1] <= 1.0001 and (np.diff(spans, axis=1) >= 0).all()
        loudest = np.abs(X).argmax() if features == "waveform" else X[:, 0 if features == "mfcc" else slice(None)]
        loudest = loudest if features == "waveform" else loudest.reshape(len(X), -1).mean(axis=1).argmax()
        start, stop = spans[loudest]
        assert start - 0.011 <= 0.613 <= stop + 0.011


def test_locate_of_unequal_clips_counts_their_own_steps(clips):
    fitted = adapter().fit(clips)
    X = fitted.transform(clips)
    assert [len(spans) for spans in fitted.locate(clips)] == (~np.isnan(X[:, :, 0])).sum(axis=1).tolist()


# Long recordings


@pytest.fixture
def two_hours(tmp_path):
    """A file of two hours at 8 kHz that takes no room on the disk."""
    path, n_bytes = tmp_path / "long.wav", 7200 * 16_000
    with open(path, "wb") as file:
        file.write(
            b"RIFF"
            + struct.pack("<I", 36 + n_bytes)
            + b"WAVEfmt "
            + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16_000, 2, 16)
        )
        file.write(b"data" + struct.pack("<I", n_bytes))
        file.truncate(44 + n_bytes)
    return path


def test_two_hours_are_refused_with_advice_or_cut_in_little_memory(two_hours):
    with pytest.raises(
        ValueError, match=r"case 0: .*long.wav lasts 7200 s; set max_seconds, .* or cut it with cases\(\)"
    ):
        made([two_hours])
    with pytest.raises(ValueError, match=r"lasts 7200 s"):
        made([(np.broadcast_to(np.float32(0), 7200 * 8000), 8000)])
    tracemalloc.start()
    assert made([two_hours], max_seconds=2).shape == (1, 201, 30)
    cut = adapter(max_seconds=600).cases([two_hours], y=["hum"])
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 2**27 and len(cut) == 12 and cut.X[11] == (str(two_hours), 6600.0, 7200.0)


def test_recordings_are_cut_into_labelled_cases(clips, write):
    path = write(clips[0])
    records = [path, clips[1], (clips[2], 8000), (path, 0.1, 0.45)]  # 0.5, 0.3125, 0.40125 and 0.35 s
    cut = adapter(max_seconds=0.2).cases(records, y=["a", "b", "c", "d"])
    assert isinstance(cut, SequenceSet) and cut.y.tolist() == [*"aaabbccdd"]
    assert cut.groups.tolist() == cut.about["record"].tolist() == [0, 0, 0, 1, 1, 2, 2, 3, 3]
    rows = cut.about.to_numpy().round(4).tolist()
    assert rows == [
        *[[0, 0, 0.2], [0, 0.2, 0.4], [0, 0.4, 0.5]],
        *[[1, 0, 0.2], [1, 0.2, 0.3125]],
        *[[2, 0, 0.2], [2, 0.2, 0.4]],
        *[[3, 0, 0.2], [3, 0.2, 0.35]],
    ]
    X = made(cut.X)
    np.testing.assert_array_equal(X[1], made([clips_part(path, 0.2, 0.4)])[0])
    np.testing.assert_array_equal(X[3], made([clips[1][:1600]])[0])
    assert cut.X[-1] == (str(path), pytest.approx(0.3), pytest.approx(0.45))


def clips_part(path, start, stop):
    samples, rate_hz = soundfile.read(path)
    return samples[round(start * rate_hz) : round(stop * rate_hz)]


def test_cases_may_overlap_and_keep_their_groups(clips):
    cut = adapter(max_seconds=0.2).cases(clips[:1], stride_seconds=0.1, groups=["rex"])
    assert cut.about[["start", "stop"]].round(4).to_numpy().tolist() == [
        [0, 0.2],
        [0.1, 0.3],
        [0.2, 0.4],
        [0.3, 0.5],
        [0.4, 0.5],
    ]
    assert cut.y is None and set(cut.groups) == {"rex"}


def test_a_set_is_cut_with_its_labels_groups_and_parts(clips, write, tmp_path):
    for name in ("dog", "rain"):
        (tmp_path / name).mkdir()
        write(clips[0], name=f"{name}/1.wav")
    cut = adapter(max_seconds=0.3).cases(list_audio(tmp_path))
    assert cut.y.tolist() == ["dog", "dog", "rain", "rain"] and cut.groups.tolist() == [0, 0, 1, 1]
    assert cut.part is None
    some = SequenceSet(clips, y=[1, 2, 3], groups=["a", "b", "b"], part=["train", "test", "test"])
    cut = adapter(max_seconds=0.3).cases(some)
    assert cut.y.tolist() == [1, 1, 2, 3] and cut.groups.tolist() == [*"aabb"]
    assert cut.part.tolist() == ["train", "train", "test", "test"]
    assert adapter().cases(some, y=[*"xyz"], groups=[7, 8, 9]).y.tolist() == [*"xyz"]
    assert adapter().cases(some, groups=[7, 8, 9]).groups.tolist() == [7, 8, 9]


def test_windows_of_a_recording_in_an_archive_are_those_of_the_file(clips, write, tmp_path):
    path = write(clips[0], subtype="FLOAT")
    with zipfile.ZipFile(tmp_path / "long.zip", "w") as archive:
        archive.write(path, "clip.wav")
    records = [path, tmp_path / "long.zip" / "clip.wav"]
    cut = adapter(max_seconds=0.2).cases(records)
    X = made(cut.X)
    np.testing.assert_array_equal(X[:3], X[3:])


def test_without_max_seconds_each_recording_is_a_case(clips, write):
    path = write(clips[0])
    cut = adapter().cases([path, clips[1]], y=[1, 2])
    assert cut.X[0] == str(path) and cut.X[1] is clips[1] and cut.groups.tolist() == [0, 1]


def test_bad_recordings_are_listed_and_left_out_where_that_was_asked_for(clips, write, tmp_path):
    good, cut = write(clips[0]), write(clips[1], name="cut.flac")
    cut.write_bytes(cut.read_bytes()[:-200])
    (tmp_path / "note.wav").write_text("no sound")
    nan = np.array([0, np.nan])
    records = [good, cut, tmp_path / "note.wav", clips[2], nan, tmp_path / "gone.wav", 5]
    with pytest.warns(UserWarning) as told:
        kept = adapter(max_seconds=0.3).cases(records, y=[*"abcdefg"], errors="skip")
    assert len(told) == 1 and str(told[0].message).startswith("5 of 7 recordings were left out: recording 1: ")
    for part in ("cut.flac", "note.wav", "recording 4", "gone.wav", "recording 6"):
        assert part in str(told[0].message)
    assert kept.y.tolist() == ["a", "a", "d"] and kept.about["record"].tolist() == kept.groups.tolist() == [0, 0, 3]
    assert len(made(kept.X)) == 3
    for number, error in ((1, ValueError), (4, ValueError), (5, FileNotFoundError), (6, TypeError)):
        with pytest.raises(error, match="recording 1"):
            adapter().cases([good, records[number]])
    with pytest.raises(
        ValueError, match="at least one of the 2 recordings must be usable, got errors for all: recording 0"
    ):
        adapter().cases([cut, nan], errors="skip")


def test_many_bad_recordings_are_one_short_warning_and_a_list(clips, write, tmp_path):
    good = write(clips[0])
    for number in range(300):
        (tmp_path / f"{number}.wav").write_text("no sound")
    records = [good, *[tmp_path / f"{number}.wav" for number in range(300)]]
    with pytest.warns(UserWarning) as told:
        kept = adapter().cases(records, y=["a"] * 301, errors="skip")
    (warning,) = told
    message = str(warning.message)
    assert message.startswith("300 of 301 recordings were left out: recording 1: ") and len(message) < 2000
    assert message.endswith('; and 295 more, all in about.attrs["skipped"].')
    assert [number for number, _ in kept.about.attrs["skipped"]] == [*range(1, 301)]
    assert kept.about.attrs["skipped"][299][1].startswith(f"recording 300: {tmp_path / '299.wav'}: the file is cut")
    with pytest.raises(ValueError, match="at least one of the 300 .*; and 295 more") as error:
        adapter().cases(records[1:], errors="skip")
    assert len(str(error.value)) < 2000
    assert adapter().cases(clips, errors="skip").about.attrs["skipped"] == []


def test_a_long_clip_among_short_ones_is_warned_of_where_one_array_is_asked_for(monkeypatch):
    monkeypatch.setattr(ragged_rows, "_LARGE_BYTES", 1e5)
    clips = [np.ones(800, np.float32)] * 30 + [np.ones(80_000, np.float32)]
    fitted = adapter().fit(clips)
    with pytest.warns(UserWarning, match="are padding: case 30 has .* which pads batch by batch") as told:
        fitted.transform(clips)
    assert told[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(fitted.pack(clips)) == 31


def test_nothing_is_warned_of_where_all_is_well(clips):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(adapter().cases(clips, errors="skip")) == 3


def test_wrong_ways_to_cut_are_refused(clips):
    with pytest.raises(ValueError, match="errors must be 'raise' or 'skip', got 'ignore'"):
        adapter().cases(clips, errors="ignore")
    with pytest.raises(ValueError, match="y must have one item a recording, 3 in all, got shape \\(2,\\)"):
        adapter().cases(clips, y=[0, 1])
    with pytest.raises(ValueError, match="groups must have one item"):
        adapter().cases(clips, groups=[0])
    for stride in (0, -1, "1"):
        with pytest.raises(ValueError, match="stride_seconds must be None or a number above 0"):
            adapter(max_seconds=1).cases(clips, stride_seconds=stride)
    with pytest.raises(ValueError, match="stride_seconds needs max_seconds"):
        adapter().cases(clips, stride_seconds=1)


# Threads, bar and cache


def test_threads_change_no_bit_and_errors_keep_their_name(clips):
    np.testing.assert_array_equal(made(clips * 5, n_jobs=3), made(clips * 5))
    long = np.broadcast_to(np.float32(0), 601 * 8000)
    with pytest.raises(ValueError, match="case 7: a clip must last at most 600 s"):
        made([*clips, *clips, clips[0], long], n_jobs=3)


def test_a_bar_is_shown_where_it_was_asked_for(clips, capfd):
    many = [np.ones(1)] * 257
    made(many)
    made(clips, verbose=1)  # too few, as in a batch
    assert capfd.readouterr() == ("", "")
    made(many, verbose=1)
    out, err = capfd.readouterr()
    assert out == "" and "clips" in err and "257/257" in err


@pytest.fixture
def computed(monkeypatch):
    """How many clips were computed."""
    from seqconv.domains.audio import audio_adapter as audio

    calls = []
    real = audio.features_of
    monkeypatch.setattr(audio, "features_of", lambda *args: calls.append(1) or real(*args))
    return calls


def test_the_cache_gives_the_same_and_is_found_by_content_and_settings(clips, write, tmp_path, computed):
    folder = tmp_path / "new" / "cache"
    path, again = write(clips[0]), write(clips[0], name="copy.wav")
    records = [path, clips[1], (clips[2], 16_000), (path, 0.1, 0.3)]
    plain = made(records, max_seconds=1)
    assert not folder.exists() and len(computed) == 4
    np.testing.assert_array_equal(made(records, cache=folder, max_seconds=1), plain)
    assert len(computed) == 8 and len(list(folder.rglob("*.npz"))) == 4
    np.testing.assert_array_equal(made(records, cache=str(folder), max_seconds=np.float64(1), n_jobs=2), plain)
    made([again], cache=folder, max_seconds=1)  # the same bytes elsewhere
    assert len(computed) == 8
    write(clips[0][::-1].copy())  # the same name and size
    expected = made(records, max_seconds=1)
    del computed[:]
    np.testing.assert_array_equal(made(records, cache=folder, max_seconds=1), expected)
    assert len(computed) == 2
    for other in (
        {"n_mels": 31},
        {"hop_seconds": 0.02},
        {"normalize": None},
        {"trim_db": 20},
        {"range_db": 30},
        {"features": "mfcc"},
    ):
        np.testing.assert_array_equal(
            made(records, cache=folder, **{"max_seconds": 1} | other), made(records, **{"max_seconds": 1} | other)
        )


def test_a_damaged_entry_of_the_cache_is_computed_anew(clips, tmp_path, computed, rng):
    plain = made(clips[:1], cache=tmp_path)
    (entry,) = tmp_path.rglob("*.npz")
    data = entry.read_bytes()
    damages = [b"", b"text", data[: len(data) // 2], data[:-1], data[:100] + b"\0" + data[101:]]
    for place in rng.integers(len(data), size=40):
        damages.append(data[:place] + bytes([data[place] ^ 1 << rng.integers(8)]) + data[place + 1 :])
    for array in (plain[0].astype(float), plain[0][:, :5], plain[0][:0], np.full_like(plain[0], np.nan), plain):
        file = io.BytesIO()
        np.savez(file, steps=array)
        damages.append(file.getvalue())
    file = io.BytesIO()
    np.savez(file, steps=np.array([{"an": "object"}], object))
    damages.append(file.getvalue())
    for damage in damages:
        entry.write_bytes(damage)
        np.testing.assert_array_equal(made(clips[:1], cache=tmp_path), plain)
    assert [path.name for path in tmp_path.rglob("*.*")] == [entry.name]  # nothing half written is left
    del computed[:]
    made(clips[:1], cache=tmp_path)
    assert not computed


def test_a_cache_that_cannot_be_written_is_an_error_of_the_disk(clips, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError):
        made(clips, cache=tmp_path / "file" / "cache")


# scikit-learn and the estimator


def test_clone_and_pickle_keep_everything(clips):
    fitted = adapter(normalize="learnt", max_seconds=0.4, trim_db=40, stream=True).fit(clips)
    copy = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(copy.transform(clips), fitted.transform(clips))
    again = clone(fitted)
    assert again.get_params() == fitted.get_params() and again.stream is True
    for call in (again.transform, again.locate, lambda _: again.get_state()):
        with pytest.raises(NotFittedError):
            call(clips)


def test_records_of_a_loader_can_be_pickled(write, clips):
    fitted = adapter().fit(clips)
    records = fitted.check([write(clips[0]), (clips[1], 8000)])
    np.testing.assert_array_equal(fitted.transform(pickle.loads(pickle.dumps(records))), fitted.transform(records))


@pytest.mark.parametrize("normalize", ["clip", "learnt"])
def test_a_saved_classifier_answers_as_before_and_writes_no_cache(tmp_path, normalize):
    clips = make_audio(12, n_classes=2)
    classifier = seqconv.SeqConvClassifier(
        FCN(filters=(4, 4, 4)),
        adapter=AudioAdapter(8000, n_mels=20, normalize=normalize, trim_db=40, cache=str(tmp_path / "cache")),
        epochs=1,
        random_state=0,
    ).fit(clips.X, clips.y)
    classifier.save(tmp_path / "clips.seqconv")
    loaded = seqconv.load(tmp_path / "clips.seqconv")
    assert loaded.adapter_.cache is None and not hasattr(loaded.adapter_, "n_tokens_")
    np.testing.assert_array_equal(loaded.predict_proba(clips.X), classifier.predict_proba(clips.X))


def test_a_fit_that_decodes_batch_by_batch_is_the_fit_in_memory():
    clips = make_audio(12, n_classes=2)

    def fitted(stream):
        return seqconv.SeqConvClassifier(
            FCN(filters=(4, 4, 4)), adapter=AudioAdapter(8000, n_mels=20, stream=stream), epochs=2, random_state=0
        ).fit(clips.X, clips.y)

    np.testing.assert_allclose(fitted(True).predict_proba(clips.X), fitted(False).predict_proba(clips.X), atol=1e-5)


@pytest.mark.parametrize("normalize", NORMALIZE)
def test_state_through_json_gives_the_same_adapter(clips, normalize):
    fitted = adapter(normalize=normalize, max_seconds=0.4).fit(clips)
    state, arrays = fitted.get_state()
    parameters = json.loads(json.dumps(fitted.get_params()))
    copy = AudioAdapter(**parameters).set_state(json.loads(json.dumps(state)), arrays)
    np.testing.assert_array_equal(copy.transform(clips), fitted.transform(clips))


GOOD = {"centre": np.zeros(30), "scale": np.ones(30)}
FORGED = {
    "no dict": ([], GOOD),
    "no channels": ({}, GOOD),
    "another key": ({"n_channels": 30, "other": 1}, GOOD),
    "other channels": ({"n_channels": 31}, GOOD),
    "a float": ({"n_channels": 30.0}, GOOD),
    "arrays no dict": ({"n_channels": 30}, [GOOD]),
    "no arrays": ({"n_channels": 30}, {}),
    "another array": ({"n_channels": 30}, GOOD | {"more": np.zeros(30)}),
    "float32": ({"n_channels": 30}, GOOD | {"centre": np.zeros(30, np.float32)}),
    "too long": ({"n_channels": 30}, GOOD | {"centre": np.zeros(31)}),
    "a list": ({"n_channels": 30}, GOOD | {"centre": [0.0] * 30}),
    "not finite": ({"n_channels": 30}, GOOD | {"centre": np.full(30, np.nan)}),
    "scale 0": ({"n_channels": 30}, GOOD | {"scale": np.zeros(30)}),
}


@pytest.mark.parametrize(("state", "arrays"), FORGED.values(), ids=FORGED)
def test_a_forged_state_is_refused_and_leaves_the_adapter_unfitted(clips, state, arrays):
    forged = adapter(normalize="learnt")
    with pytest.raises(ValueError):
        forged.set_state(state, arrays)
    with pytest.raises(NotFittedError):
        forged.transform(clips)
    assert adapter(normalize="learnt").set_state({"n_channels": 30}, GOOD).n_channels_ == 30
    with pytest.raises(ValueError, match="must be none"):
        adapter().set_state({"n_channels": 30}, GOOD)


# Bad input


@pytest.mark.parametrize(
    "parameters",
    [
        *[{"sampling_rate_hz": 0}, {"sampling_rate_hz": 8000.5}, {"sampling_rate_hz": True}, {"features": "mel"}],
        *[{"n_mels": 0}, {"n_mels": 10**9}, {"n_mfcc": 0}, {"window_seconds": 0}, {"hop_seconds": "10 ms"}],
        *[
            {"hop_seconds": float("nan")},
            {"max_seconds": 0},
            {"max_seconds": 601},
            {"trim_db": 0},
            {"trim_db": "loud"},
            {"range_db": 0},
        ],
        *[{"normalize": "each"}, {"n_jobs": 0}, {"n_jobs": 1.5}, {"n_jobs": 10**6}, {"cache": 3}, {"stream": "yes"}],
        {"verbose": 2},
    ],
    ids=str,
)
def test_parameters_out_of_range_are_refused_by_name(clips, parameters):
    (name,) = parameters
    wrong = AudioAdapter(**{"sampling_rate_hz": 8000, "n_mels": 30} | parameters)
    for call in (wrong.fit, wrong.cases):
        with pytest.raises((ValueError, TypeError), match=f"^{name} must be"):
            call(clips)


def test_bands_that_hold_no_frequency_or_fewer_than_the_cepstra_are_refused(clips):
    with pytest.raises(ValueError, match="hold none with windows of 0.025 s; lower n_mels or raise window_seconds"):
        adapter(n_mels=200).fit(clips)
    with pytest.raises(ValueError, match="n_mfcc must be at most n_mels=10, got 20"):
        adapter(n_mels=10, features="mfcc").fit(clips)
    adapter(n_mels=200, features="waveform").fit(clips)


OK = np.zeros(9)


@pytest.mark.parametrize("call", ["fit", "transform", "check", "locate"])
@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        ([], ValueError, "X must be a list of clips, at least one, got none"),
        ("clip.wav", TypeError, "got one str; put it into a list"),
        (Path("clip.wav"), TypeError, "got one PosixPath|got one WindowsPath"),
        (None, TypeError, "got one NoneType"),
        (OK, ValueError, r"got one array of shape \(9,\). Reshape your data"),
        ((OK, 8000), TypeError, "one pair of samples and rate|got one tuple"),
        ([OK, None], TypeError, "case 1: .* got None"),
        ([OK, 5], TypeError, "case 1: .* got 5"),
        ([OK, [0.0, 1.0]], TypeError, r"case 1: .* got \[0.0, 1.0\]"),
        ([OK, "gone.wav"], FileNotFoundError, "case 1: .* that exists, got gone.wav"),
        ([OK, "http://a.org/clip.wav"], ValueError, "case 1: .* got 'http://a.org/clip.wav'; download it first"),
        ([OK, OK[:0]], ValueError, "case 1: .* got none; leave it out"),
        ([OK, np.array([0, np.inf])], ValueError, "case 1: .* sample 1 is inf; cut it out"),
        ([OK, (np.array([[0, 0], [0, np.nan]]), 8000)], ValueError, "case 1: .* sample 1 is nan"),
        ([OK, np.array([1e300])], ValueError, "case 1: .* fit float32, sample 0 is 1e.300"),
        ([OK, np.zeros((2, 9000))], ValueError, r"case 1: .* got shape \(2, 9000\); transpose it"),
        ([OK, np.zeros((2, 2, 2))], ValueError, r"case 1: .* got shape \(2, 2, 2\)"),
        ([OK, np.ma.zeros(9)], ValueError, "case 1: .* got a masked array"),
        ([OK, np.zeros(9, np.int64)], TypeError, "case 1: .* got int64"),
        ([OK, np.zeros(9, complex)], TypeError, "case 1: .* got complex128"),
        ([OK, (OK, 0)], ValueError, "case 1: .* got 0"),
        ([OK, (OK, "8000")], ValueError, "case 1: .* got '8000'"),
        ([OK, (OK, float("nan"))], ValueError, "case 1: .* got nan"),
        ([OK, ("clip.wav", 2, 1)], ValueError, r"case 1: .* got \(2, 1\)"),
        ([OK, ("clip.wav", -1, 1)], ValueError, r"case 1: .* got \(-1, 1\)"),
        ([OK, ("clip.wav", 0, float("inf"))], ValueError, r"case 1: .* got \(0, inf\)"),
        ([OK, ("gone.wav", 0, 1)], FileNotFoundError, "case 1: .* that exists, got gone.wav"),
    ],
)
def test_what_is_no_clip_is_refused_by_case(call, X, error, message):
    with pytest.raises(error, match=message):
        getattr(adapter().fit([OK]), call)(X)


def test_a_file_that_cannot_be_read_is_named_with_its_case(clips, write, tmp_path):
    path = write(clips[0])
    (tmp_path / "bad.wav").write_bytes(b"RIFF")
    fitted = adapter().fit(clips)
    for call in (fitted.transform, fitted.locate):
        with pytest.raises(
            ValueError, match=re.escape(f"case 1: {tmp_path / 'bad.wav'}: the file is cut, damaged or no sound")
        ):
            call([path, tmp_path / "bad.wav"])
        with pytest.raises(
            ValueError, match="case 0: .*clip.wav: a part must start within the 0.5 s of the file, got 3 s|case 0: .*3"
        ):
            call([(path, 3, 4)])


def test_a_damaged_archive_or_a_file_taken_for_one_is_named_with_its_case(clips, write, tmp_path):
    good, broken = write(clips[0]), tmp_path / "broken.zip"
    with zipfile.ZipFile(broken, "w") as archive:
        archive.write(good, "a.wav")
    data = bytearray(broken.read_bytes())
    data[1000] ^= 255
    broken.write_bytes(data)
    fitted = adapter().fit(clips)
    with pytest.raises(ValueError, match="case 1: .*broken.zip: a.wav cannot be unpacked"):
        fitted.transform([good, broken / "a.wav"])
    with pytest.raises(ValueError, match="recording 1: .*broken.zip: a.wav cannot be unpacked"):
        fitted.cases([good, broken / "a.wav"])
    broken.write_text("no archive")
    for X in ([good, broken / "a.wav"], [good, good / "x.wav"]):
        for call in (fitted.fit, fitted.transform, fitted.check, fitted.locate):
            with pytest.raises(ValueError, match="case 1: .* must be a zip archive that can be read"):
                call(X)
        with pytest.raises(ValueError, match="recording 1: .* must be a zip archive that can be read"):
            fitted.cases(X)


@pytest.mark.parametrize("kind", [FileNotFoundError, PermissionError, OSError, TypeError, ValueError])
def test_errors_while_reading_keep_their_kind_and_are_named_in_full(clips, write, monkeypatch, kind):
    from seqconv.domains.audio import records as audio_records

    (write(clips[0]).parent / "case 1").mkdir()
    paths = [write(clips[0], name="case 1/recording 1.wav")] * 2

    def failing(path, *_):
        raise kind(f"{path} is bad")

    fitted = adapter().fit(clips)
    monkeypatch.setattr(audio_records, "read_audio", failing)
    with pytest.raises(kind, match="^case 0: .*case 1/recording 1.wav is bad") as error:
        fitted.transform(paths)
    assert error.type.kind is kind and error.value.case == 0
    with pytest.raises(kind, match="^recording 0: .*is bad"):
        fitted.cases(paths)
    with pytest.warns(UserWarning, match=r"1 of 2 recordings were left out: recording 0: .*is bad"):
        fitted.cases([paths[0], clips[0]], errors="skip")


def test_a_set_of_clips_is_no_list_and_the_error_says_what_to_do(clips):
    with pytest.raises(TypeError, match="must be a list of clips, got a SequenceSet; give its X"):
        adapter().fit(SequenceSet(clips))


def test_an_archive_in_memory_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.wav", b"")
    with pytest.raises(TypeError, match="case 0: .* got one in memory; write it to a file"):
        adapter().check([zipfile.Path(zipfile.ZipFile(file), "a.wav")])


# Real data


def test_real_digits_are_read_from_their_archive():
    _skip_without("fsdd/fsdd_recordings.zip")
    digits = load_spoken_digits()[::100]
    X = AudioAdapter(8000, n_mels=40).fit(digits.X).transform(digits.X)
    assert len(X) == 20 and X.shape[2] == 40 and np.isfinite(X[:, 0]).all()


def test_real_sounds_are_read_from_their_archive():
    _skip_without("esc10/esc10_audio.zip")
    sounds = load_esc10()[::40]
    assert AudioAdapter(hop_seconds=0.02).fit(sounds.X).transform(sounds.X).shape == (8, 251, 64)


def _skip_without(name):
    path = Path(os.environ.get("SEQCONV_DATA", ""), "audio", name)
    if "SEQCONV_DATA" not in os.environ or not path.exists():
        pytest.skip(f"SEQCONV_DATA has no audio/{name}")
