"""What an estimator accepts as X, and what it says where X cannot be meant so."""

import multiprocessing
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import GroupKFold, cross_val_score, train_test_split

from seqconv import SeqConvClassifier, SequenceSet, load
from seqconv.encoders import FCN, MiniRocket

NAMES = ["ax", "ay", "az"]


@pytest.fixture
def toy(rng):
    y = np.arange(60) % 2
    X = rng.normal(size=(60, 40, 3)).astype(np.float32)
    X[y == 1, 10:20, 0] += 2
    return X, y


def small(**parameters):
    return SeqConvClassifier(MiniRocket(84), **{"random_state": 0} | parameters)


def frames_of(X, names=NAMES):
    return [pd.DataFrame(case, columns=names) for case in X]


# ---- data frames: channels by name


@pytest.mark.parametrize("order", [["az", "ax", "ay"], ["ay", "az", "ax"]])
def test_columns_in_another_order_give_the_same_answers(toy, order):
    X, y = toy
    classifier = small().fit(frames_of(X), y)
    turned = [frame[order] for frame in frames_of(X)]
    np.testing.assert_array_equal(classifier.predict_proba(turned), classifier.predict_proba(X))
    assert classifier.feature_names_in_.tolist() == NAMES


def test_frames_of_one_fit_are_put_into_one_order(toy):
    X, y = toy
    mixed = [frame[["az", "ay", "ax"]] if i % 2 else frame for i, frame in enumerate(frames_of(X))]
    np.testing.assert_array_equal(small().fit(mixed, y).predict_proba(X), small().fit(X, y).predict_proba(X))


def test_warnings_name_the_columns_of_frames(toy):
    X, y = toy
    X[:, :, 1] = 5
    X[:, :3, 2] = -9999
    with pytest.warns(UserWarning) as told:
        small().fit(frames_of(X), y)
    told = [str(one.message) for one in told]
    assert any(one.startswith("channel 1 ('ay') is constant (5) in the training part") for one in told)
    assert any(one.startswith("channel 2 ('az') of X has 180 value(s) of -9999") for one in told)
    wide = [frame.astype(float).assign(ax=1e9 + frame["ay"] + np.arange(40) * 1e-3) for frame in frames_of(X)]
    with pytest.warns(UserWarning, match=r"channel 0 \('ax'\) of X differs by"):
        small().fit(wide, y)


@pytest.mark.parametrize("other", [["gx", "gy", "gz"], ["ax", "ay", "gz"]])
def test_frames_of_other_columns_are_named(toy, other):
    X, y = toy
    frames = frames_of(X)
    frames[7] = frames[7].set_axis(other, axis=1)
    with pytest.raises(ValueError, match="case 7 must have the columns ax, ay, az, it has"):
        small().fit(frames, y)
    classifier = small().fit(frames_of(X), y)
    with pytest.raises(ValueError, match="case 7 must have the columns ax, ay, az, it has"):
        classifier.predict(frames)


def test_a_frame_with_one_more_column_is_named(toy):
    X, y = toy
    classifier = small().fit(frames_of(X), y)
    with pytest.raises(ValueError, match="case 0 must have the columns"):
        classifier.predict([frames_of(X)[0].assign(time=0.0)])


def odd(name):
    """A column that holds no numbers."""
    days = pd.date_range("2020-01-01", periods=40)
    return {
        "text": ["u", "v"] * 20,
        "category": pd.Categorical(["u", "v"] * 20),
        "text with a hole": [None, "v"] * 20,
        "numbers as text": [str(i / 2) for i in range(40)],
        "dates": days,
        "dates with a zone": days.tz_localize("UTC"),
        "spans": days - days[0],
    }[name]


@pytest.mark.parametrize(
    ("kind", "way"),
    [
        ("text", "got 'u'; leave it out, or give numbers"),
        ("category", "got 'u'; leave it out, or give numbers"),
        ("text with a hole", "got 'v'; leave it out, or give numbers"),
        ("numbers as text", "got '0.0'; convert it by pandas.to_numeric"),
        ("dates", "leave it out, as steps are in order, or give seconds"),
        ("dates with a zone", "leave it out, as steps are in order, or give seconds"),
        ("spans", "leave it out, as steps are in order, or give seconds"),
    ],
)
def test_a_column_that_is_no_channel_is_named(toy, kind, way):
    X, y = toy
    frames = frames_of(X)
    frames[4] = frames[4].assign(ay=odd(kind))
    with pytest.raises(TypeError, match=f"case 4: column 'ay' must be numbers, .*{way}"):
        small().fit(frames, y)
    with pytest.raises(TypeError, match=f"case 4: column 'ay' must be numbers, .*{way}"):
        small().fit(X, y).predict(frames)
    table = pd.DataFrame(X[:40, :, 0]).rename(columns=str).assign(note=odd(kind))
    with pytest.raises(TypeError, match=f"^column 'note' must be numbers, .*{way}"):
        small().fit(table, y[:40])


def test_columns_of_flags_nullable_numbers_and_objects_of_numbers_are_channels(toy):
    X, y = toy
    frames = [
        frame.assign(flag=frame["ax"] > 0, count=pd.array([1, None] * 20, "Int64"), odd=frame["ay"].astype(object))
        for frame in frames_of(X)
    ]
    assert small().fit(frames, y).n_features_in_ == 6


@pytest.mark.parametrize(
    ("make", "way"),
    [
        (lambda frame, X: frame.groupby("id"), r"frames_to_cases\(X, label=...\)"),
        (lambda frame, X: frame.groupby("id")[["ax", "ay"]], r"frames_to_cases\(X, label=...\)"),
        (lambda frame, X: frame.groupby("id")["ax"], r"frames_to_cases\(X, label=...\)"),
        (lambda frame, X: dict(enumerate(X)), r"give list\(X.values\(\)\), with y in the same order"),
        (lambda frame, X: dict(enumerate(X)).values(), r"of type dict_values; give list\(X\)"),
        (lambda frame, X: dict(enumerate(X)).items(), r"of type dict_items; give list\(X\)"),
        (lambda frame, X: (case for case in X), r"of type generator; give list\(X\)"),
        (lambda frame, X: map(np.asarray, X), r"of type map; give list\(X\)"),
        (lambda frame, X: "data.csv", "of type str; give the cases themselves"),
        (lambda frame, X: None, "of type NoneType; give the cases themselves"),
        (lambda frame, X: 3.0, "of type float; give one array a case"),
    ],
)
def test_what_is_no_list_of_cases_is_told_how_to_become_one(toy, make, way):
    X, y = toy
    long = pd.concat([frame.assign(id=case) for case, frame in enumerate(frames_of(X))])
    classifier = small().fit(X, y)
    for call in (lambda given: small().fit(given, y), classifier.predict):
        with pytest.raises(TypeError, match=f"(?s)X must be an array or a list of arrays, got .*{way}"):
            call(make(long, X))


def test_groups_of_a_set_are_given_to_the_splitter_by_the_user(toy):
    X, y = toy
    cases = SequenceSet(X, y, groups=np.arange(60) // 6)
    with pytest.raises(ValueError, match="The 'groups' parameter should not be None"):
        cross_val_score(small(), cases, cases.y, cv=GroupKFold(2))
    scores = cross_val_score(small(), cases, cases.y, groups=cases.groups, cv=GroupKFold(2), error_score="raise")
    assert len(scores) == 2


def test_names_of_channels_are_saved(toy, tmp_path):
    X, y = toy
    small().fit(frames_of(X), y).save(tmp_path / "c.seqconv")
    loaded = load(tmp_path / "c.seqconv")
    assert loaded.feature_names_in_.tolist() == NAMES
    turned = [frame[["az", "ax", "ay"]] for frame in frames_of(X)]
    np.testing.assert_array_equal(loaded.predict(turned), loaded.predict(X))


def test_columns_without_names_go_by_position(toy):
    X, y = toy
    numbered = [pd.DataFrame(case) for case in X]
    np.testing.assert_array_equal(small().fit(numbered, y).predict_proba(X), small().fit(X, y).predict_proba(X))


# ---- one case in place of several


@pytest.mark.parametrize("n_channels", [1, 3])
def test_one_recording_in_place_of_cases_is_named(toy, n_channels):
    X, y = toy
    X = X[:, :, :n_channels]
    classifier = small().fit(X, y)
    with pytest.raises(ValueError, match=r"one case of \(steps, channels\); give \[X\]"):
        classifier.predict(X[0])
    assert len(classifier.predict([X[0]])) == 1


def test_one_data_frame_in_place_of_cases_is_named(toy):
    X, y = toy
    classifier = small().fit(frames_of(X), y)
    with pytest.raises(ValueError, match="got a data frame, which is one case"):
        classifier.predict(frames_of(X)[0])


def test_a_table_of_cases_after_cases_of_one_channel_is_no_recording(toy):
    X, y = toy
    classifier = small().fit(X[:, :, :1], y)
    np.testing.assert_array_equal(classifier.predict(X[:, :, 0]), classifier.predict(X[:, :, :1]))


# ---- channels of which nothing was learnt


@pytest.mark.parametrize("encoder", [MiniRocket(84), FCN(filters=(4,), kernel_sizes=(3,))])
@pytest.mark.parametrize(("then", "now"), [(np.nan, 295.0), (295.0, 305.0), (0.0, 1e6)])
def test_a_channel_that_taught_nothing_decides_nothing(toy, encoder, then, now):
    X, y = toy
    train = np.concatenate([X, np.full((60, 40, 1), then, np.float32)], axis=2)
    later = train.copy()
    later[..., 3] = now
    epochs = {} if isinstance(encoder, MiniRocket) else {"epochs": 2}
    with pytest.warns(UserWarning, match="channel 3 .* nothing can be learnt of it"):
        classifier = SeqConvClassifier(encoder, random_state=0, **epochs).fit(train, y)
    np.testing.assert_allclose(classifier.predict_proba(later), classifier.predict_proba(train), atol=1e-5)


# ---- numbers that stand for something else


@pytest.mark.parametrize("sentinel", [-9999, -999, 99999])
def test_a_number_for_missing_values_is_named(toy, sentinel):
    X, y = toy
    X[3:9, 5, 1] = sentinel
    with pytest.warns(UserWarning, match=f"channel 1 of X has 6 value.s. of {sentinel:g}.*write NaN"):
        small().fit(X, y)


def test_the_same_number_among_others_is_not(toy):
    X, y = toy
    X[..., 1] = 999 + 300 * X[..., 1]
    X[..., 1] = np.minimum(X[..., 1], 999)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        small().fit(X, y)


def test_robust_scaling_is_not_moved_by_wild_values(toy):
    X, y = toy
    wild = X.copy()
    wild[0, 3, 1] = 1e6
    with pytest.warns(UserWarning, match="robust"):
        standard = small().fit(wild, y)
    with pytest.warns(UserWarning):
        robust = small(scaling="robust").fit(wild, y)
    clean = small(scaling="robust").fit(X, y)
    assert float(standard.model_.get_layer("scaling").scale[1]) > 1000
    np.testing.assert_allclose(
        robust.model_.get_layer("scaling").scale, clean.model_.get_layer("scaling").scale, rtol=0.1
    )


def test_token_ids_in_place_of_series_are_named():
    ids = np.array([[350, 7, 9, 0, 0], [12, 4, 0, 0, 0], [8, 3, 2, 1, 0], [700, 0, 0, 0, 0]] * 5, np.int32)
    with pytest.warns(UserWarning, match="looks like token ids.*adapter=TextAdapter"):
        small().fit(ids, np.arange(20) % 2)


def test_counts_are_no_token_ids(rng):
    counts = rng.poisson(100, (20, 12)) * (rng.random((20, 12)) > 0.3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        small().fit(counts, np.arange(20) % 2)


def test_channels_before_steps_are_named(rng):
    X = rng.normal(size=(20, 3, 120))
    with pytest.warns(UserWarning, match="channels"):
        small().fit(X, np.arange(20) % 2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        small().fit(X.transpose(0, 2, 1), np.arange(20) % 2)


# ---- sets of cases in scikit-learn


def test_splitters_of_sklearn_keep_a_set_a_set(toy):
    X, y = toy
    cases = SequenceSet(X, y, groups=np.arange(60) // 6)
    train, test = train_test_split(cases, random_state=0)
    assert isinstance(train, SequenceSet) and len(train) + len(test) == 60
    small().fit(train).score(test.X, test.y)


@pytest.mark.parametrize("cv", [2, GroupKFold(3)])
@pytest.mark.parametrize("as_list", [True, False])
def test_cross_validation_takes_a_set(toy, cv, as_list):
    X, y = toy
    cases = SequenceSet(list(X) if as_list else X, y, groups=np.arange(60) // 6)
    scores = cross_val_score(small(), cases, cases.y, groups=cases.groups, cv=cv)
    plain = cross_val_score(small(), X, y, groups=cases.groups, cv=cv)
    assert not np.isnan(scores).any()
    # Without groups the leave-one-out penalty may be another.
    np.testing.assert_allclose(scores, plain, atol=0.2)


def test_other_labels_beside_a_set_are_rejected(toy):
    X, y = toy
    with pytest.raises(ValueError, match="brings its own y, got other y"):
        small().fit(SequenceSet(X, y), 1 - y)


# ---- groups, and other processes


def test_with_groups_nothing_is_left_unlearnt_unless_asked(rng):
    X = rng.normal(size=(400, 20, 1)).astype(np.float32)
    y, groups = np.arange(400) % 2, np.arange(400) // 100
    one = SeqConvClassifier(FCN(filters=(4,), kernel_sizes=(3,)), epochs=1, random_state=0)
    assert "val_loss" not in one.fit(X, y, groups=groups).history_
    assert "val_loss" in one.set_params(validation_fraction=0.25).fit(X, y, groups=groups).history_


SERVED = []


def _answer(_):
    classifier, X = SERVED
    try:
        return len(classifier.predict(X))
    except RuntimeError as error:
        return str(error)


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="no fork on this system")
@pytest.mark.parametrize("encoder", ["fcn", "mini_rocket"])
def test_a_forked_process_answers_or_raises(toy, encoder):
    X, y = toy
    epochs = {"epochs": 1} if encoder == "fcn" else {}
    classifier = SeqConvClassifier(encoder, random_state=0, **epochs).fit(X, y)
    classifier.predict(X)
    SERVED[:] = classifier, X  # not pickled: as a server has its model before it forks
    with multiprocessing.get_context("fork").Pool(1) as pool:
        answer = pool.apply_async(_answer, (0,)).get(120)
    assert answer == 60 if encoder == "mini_rocket" else answer == 60 or "spawn" in answer


def test_the_accuracy_on_the_training_part_is_in_the_history(toy):
    X, y = toy
    history = SeqConvClassifier(FCN(filters=(4,), kernel_sizes=(3,)), epochs=3, random_state=0).fit(X, y).history_
    assert len(history["accuracy"]) == 3 and all(0 <= value <= 1 for value in history["accuracy"])


# ---- one long case among short ones


@pytest.mark.parametrize("encoder", [MiniRocket(84), FCN(filters=(4,), kernel_sizes=(3,))])
def test_a_long_case_does_not_lengthen_the_others(encoder):
    import tracemalloc

    rng = np.random.default_rng(0)
    X = [rng.normal(size=(100, 3)).astype(np.float32) for _ in range(600)]
    X.append(rng.normal(size=(50_000, 3)).astype(np.float32))
    y = np.arange(601) % 2
    for case, label in zip(X, y, strict=True):
        case[20:30] += 2 * label
    n_padded = 601 * 50_000 * 3 * 4
    epochs = {} if isinstance(encoder, MiniRocket) else {"epochs": 1, "batch_size": 64}
    tracemalloc.start()
    classifier = SeqConvClassifier(encoder, random_state=0, **epochs).fit(X, y)
    score = classifier.score(X, y)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < n_padded / 4
    if not epochs:
        assert score > 0.9
    np.testing.assert_allclose(classifier.predict_proba(X[:2]), classifier.predict_proba(X)[:2], atol=1e-5)


# ---- one long recording


@pytest.fixture
def phases(rng):
    """A recording that rests, walks and rests; cases of 40 steps of both kinds."""

    def made(kind, n_steps):
        signal = rng.normal(size=(n_steps, 1))
        return signal + (3 * np.sin(np.arange(n_steps))[:, None] if kind == "walk" else 0)

    y = np.array(["rest", "walk"] * 20)
    return np.stack([made(kind, 40) for kind in y]), y, np.concatenate([made(k, 200) for k in ("rest", "walk", "rest")])


@pytest.mark.parametrize("stride", [None, 10, 40])
def test_a_recording_is_answered_over_time(phases, stride):
    X, y, recording = phases
    over_time = small().fit(X, y).predict_windows(recording, 40, stride, sampling_rate_hz=20)
    assert over_time.columns.tolist() == ["rest", "walk"] and len(over_time) == 600
    np.testing.assert_allclose(over_time.sum(axis=1), 1)
    assert over_time.index[-1] == pytest.approx(599 / 20)
    assert over_time.idxmax(axis=1)[[5.0, 15.0, 25.0]].tolist() == ["rest", "walk", "rest"]


def test_a_dated_recording_keeps_its_dates(phases):
    X, y, recording = phases
    dates = pd.date_range("2024-01-01", periods=600, freq="min", tz="Europe/Berlin")
    frame = pd.DataFrame(recording, columns=["ax"], index=dates)
    over_time = small().fit([pd.DataFrame(case, columns=["ax"]) for case in X], y).predict_windows(frame, 40)
    assert over_time.index.equals(dates)


def test_several_recordings_at_once_are_named(phases):
    X, y, recording = phases
    with pytest.raises(ValueError, match="recording must be one, got 2"):
        small().fit(X, y).predict_windows([recording, recording], 40)
