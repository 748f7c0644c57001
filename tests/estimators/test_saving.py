"""What a saved estimator keeps, what is refused, and what a full disk or a kill leaves behind."""

import copy
import io
import json
import os
import pathlib
import pickle
import random
import subprocess
import sys
import time
import zipfile

import joblib
import keras
import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.preprocessing import FunctionTransformer

import seqconv
from seqconv import SeqConvClassifier, SeqConvRegressor, encoders, layers
from seqconv.adapters import TextAdapter
from seqconv.augment import Jitter
from seqconv.encoders import FCN, InceptionTime, KimCNN, ResNet
from seqconv.estimators import allow_list, container, sequence_estimator
from seqconv.estimators.saving import SavedFileError
from seqconv.estimators.training import Outcome
from seqconv.layers import ChunkMaxPooling1D, KMaxPooling1D, KMeanPooling1D, pooling_names
from seqconv.models import SeriesStem, TokenStem, build_average, build_classifier

ROOT = pathlib.Path(__file__).parents[2]
SMALL = FCN(filters=(4, 4, 4))
TEXTS = ["win a free prize now !!!", "see you at lunch", "call now to win", "are you home ?"] * 6
RNG = np.random.default_rng(0)
FLAT, CUBE = RNG.normal(size=(24, 16)).astype("float32"), RNG.normal(size=(24, 16, 2)).astype("float32")
CUBE[0, 3, 1] = np.nan
CUBE[1, 9:] = np.nan
UNEQUAL = [case[: 8 + i % 8] for i, case in enumerate(CUBE[2:].repeat(2, axis=0)[:24])]
HALVES = np.arange(24) % 2
SETTINGS = {"epochs": 1, "random_state": 0}

CASES = {
    "strings": lambda: (SeqConvClassifier(SMALL, **SETTINGS), FLAT, np.array(["ham", "spam"])[HALVES]),
    "integers, 3-D with NaN": lambda: (SeqConvClassifier(ResNet(filters=(4, 8)), **SETTINGS), CUBE, 7 * HALVES),
    "booleans, list": lambda: (
        SeqConvClassifier(InceptionTime(2, depth=3, kernel_size=8, bottleneck=2), **SETTINGS),
        UNEQUAL,
        HALVES > 0,
    ),
    "multi-label": lambda: (SeqConvClassifier(SMALL, **SETTINGS), FLAT, (FLAT[:, :3] > 0).astype(int)),
    "three members": lambda: (SeqConvClassifier(SMALL, n_members=3, pooling="max", **SETTINGS), FLAT, HALVES),
    "feature names": lambda: (
        SeqConvClassifier(SMALL, scaling="case", **SETTINGS),
        pd.DataFrame(FLAT, columns=[f"day {i}" for i in range(16)]),
        HALVES.astype(object).astype(str).astype(object),
    ),
    "texts": lambda: (SeqConvClassifier(KimCNN(4), adapter=TextAdapter("word", n_dims=8), **SETTINGS), TEXTS, HALVES),
    "pieces with vectors": lambda: (
        SeqConvClassifier(
            KimCNN(4), adapter=TextAdapter("subword", n_dims=8, n_buckets=50, vectors="train"), **SETTINGS
        ),
        TEXTS,
        HALVES,
    ),
    "regressor": lambda: (SeqConvRegressor(SMALL, **SETTINGS), FLAT, 100 + FLAT.sum(axis=1)),
    "regressor of two": lambda: (SeqConvRegressor(SMALL, pooling="k_max", **SETTINGS), CUBE, FLAT[:, :2]),
}


TRAINED = ("strings", "texts", "regressor of two")


@pytest.fixture(scope="module")
def fitted():
    """Each fitted estimator and its X, made when first asked for; where training adds nothing it is left out."""
    made = {}

    def get(case):
        if case not in made:
            estimator, X, y = CASES[case]()
            with pytest.MonkeyPatch.context() as patch:
                if case not in TRAINED:
                    untrained = Outcome({"loss": [0.5, 0.1], "val_loss": [float("nan"), np.inf]}, 0)
                    patch.setattr(sequence_estimator, "train", lambda *args, **settings: untrained)
                made[case] = estimator.fit(X, y), X
        return made[case]

    return get


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.seqconv"


def answers(estimator, X):
    return estimator.predict_proba(X) if isinstance(estimator, SeqConvClassifier) else estimator.predict(X)


def outputs(estimator, X):
    """What the network gives, without compiling it."""
    return np.asarray(estimator.model_(estimator.as_arrays(X)))


def plain(value):
    """Attributes as something that compares by type and value."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.tolist()
    return type(value), repr(value)


def with_network(estimator, network):
    """A fitted estimator with another network in place of its own."""
    other = copy.copy(estimator)
    other.members_, other.model_ = [network], network
    return other


@pytest.mark.parametrize("case", CASES)
def test_a_loaded_estimator_is_the_saved_one(case, fitted, path):
    estimator, X = fitted(case)
    estimator.save(path)
    loaded = seqconv.load(path)
    assert type(loaded) is type(estimator)
    assert np.array_equal(answers(loaded, X), answers(estimator, X))
    assert loaded.predict(X).dtype == estimator.predict(X).dtype
    learnt = {name for name in vars(estimator) if name not in ("members_", "model_", "adapter_", "adapter", "encoder")}
    assert set(vars(loaded)) == set(vars(estimator))
    assert {name: plain(vars(loaded)[name]) for name in learnt} == {n: plain(vars(estimator)[n]) for n in learnt}
    assert repr(loaded.get_params()) == repr(estimator.get_params())
    assert repr(loaded.adapter_) == repr(estimator.adapter_)
    for ours, theirs in zip(loaded.members_, estimator.members_, strict=True):
        assert [layer.get_config() for layer in ours.layers] == [layer.get_config() for layer in theirs.layers]


@pytest.mark.parametrize(
    "pooling",
    [
        *pooling_names(),
        *(KMaxPooling1D(2, flatten=True), KMeanPooling1D(3), ChunkMaxPooling1D(2, flatten=True)),
        keras.layers.GlobalAveragePooling1D(),
    ],
    ids=lambda pooling: pooling if isinstance(pooling, str) else type(pooling).__name__,
)
@pytest.mark.parametrize("stem", [SeriesStem(scaling=None, indicator=True), TokenStem(30, 4, mode="both", dropout=0.1)])
def test_every_pooling_and_stem_comes_back(pooling, stem, fitted, path):
    case = "texts" if isinstance(stem, TokenStem) else "strings"
    estimator = clone(fitted(case)[0]).set_params(pooling=pooling)
    vars(estimator).update({name: value for name, value in vars(fitted(case)[0]).items() if "_" in (name[0], name[-1])})
    X = np.arange(36).reshape(3, 12) % 30 if case == "texts" else FLAT[:3, :, None]
    if case == "texts":
        stem = TokenStem(estimator.adapter_.n_tokens_, 4, mode="both", dropout=0.1)
        X = X % stem.n_tokens
    network = build_classifier(SMALL, X.shape[1:], 2, stem=stem, pooling=pooling, seed=1)
    with_network(estimator, network).save(path)
    loaded = seqconv.load(path)
    assert np.array_equal(loaded.model_(X), network(X))
    assert type(loaded.pooling) is type(pooling)
    if not isinstance(pooling, str):
        assert loaded.pooling.get_config() == pooling.get_config() and loaded.pooling.built == pooling.built


@pytest.mark.parametrize("name", encoders.names())
def test_every_encoder_comes_back(name, fitted, path):
    network = build_classifier(name, (None, 1), 2, seed=1)
    other = with_network(fitted("strings")[0], network).set_params(encoder=encoders.get(name))
    other.save(path)
    loaded = seqconv.load(path)
    assert np.array_equal(loaded.model_(FLAT[:3, :, None]), network(FLAT[:3, :, None]))
    assert repr(loaded.encoder) == repr(encoders.get(name)) and type(loaded.encoder) is type(encoders.get(name))


def test_every_layer_of_ours_can_be_saved_or_is_in_no_network():
    # A new layer belongs in the table of `allow_list` as soon as an encoder, a stem or a pooling draws it.
    in_no_network = {"DynamicKMaxPooling1D", "MaskedAveragePooling1D", "MaskedSeparableConv1D"}
    ours = {name for name in layers.__all__ if isinstance(getattr(layers, name), type)} | {"Unscaling"}
    assert ours - in_no_network == {name for module, name in allow_list.LAYERS if module == "seqconv.layers"}


def test_parameters_come_back(fitted, path):
    estimator, _ = fitted("integers, 3-D with NaN")
    schedule = keras.optimizers.schedules.CosineDecay(0.01, 100, warmup_steps=10)
    optimizer = keras.optimizers.AdamW(schedule, weight_decay=0.02, clipnorm=1.0)
    weights = {np.int64(0): 1.5, 7: np.float32(0.5)}
    other = copy.copy(estimator).set_params(
        optimizer=optimizer, class_weight=weights, encoder__filters=[4, np.int64(8)]
    )
    other.set_params(random_state=np.random.RandomState(0), callbacks=[keras.callbacks.Callback()], verbose=True)
    other.set_params(augment=Jitter(0.1))
    other.save(path)
    loaded = seqconv.load(path)
    assert loaded.optimizer.get_config() == optimizer.get_config()
    assert loaded.class_weight == {0: 1.5, 7: 0.5} and loaded.encoder.filters == [4, 8]
    assert loaded.random_state is None and loaded.callbacks is None and loaded.augment is None
    assert loaded.verbose is True
    assert isinstance(other.random_state, np.random.RandomState)  # the saved estimator is as it was


def test_the_path_of_word_vectors_is_not_kept(fitted, path):
    estimator, _ = fitted("texts")
    other = copy.copy(estimator).set_params(adapter=TextAdapter(n_dims=8, vectors="/home/me/vectors.txt"))
    other.save(path)
    assert seqconv.load(path).adapter.vectors is None
    assert b"/home/me" not in path.read_bytes()


def test_a_loaded_estimator_can_be_fitted_again(fitted, path):
    estimator, X = fitted("strings")
    estimator.save(path)
    again = seqconv.load(path).fit(FLAT, np.array(["ham", "spam"])[HALVES])
    assert np.array_equal(again.predict_proba(X), estimator.predict_proba(X))


def test_two_saves_give_the_same_bytes(fitted, path, tmp_path):
    estimator, _ = fitted("texts")
    estimator.save(path)
    seqconv.load(path).save(tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == path.read_bytes()


def test_the_file_is_open_to_other_tools(fitted, path):
    estimator, _ = fitted("strings")
    estimator.save(path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert {name.rsplit(".")[-1] for name in archive.namelist()} == {"json", "npy"}
        config = json.loads(archive.read("members/0/config.json"))
        kernel = np.load(io.BytesIO(archive.read("members/0/weights/head/kernel.npy")))
    assert np.array_equal(kernel, estimator.model_.get_layer("head").kernel)
    network = keras.saving.deserialize_keras_object(config)  # Keras itself reads the graph
    network.set_weights(estimator.model_.get_weights())
    assert np.array_equal(network(FLAT[:, :, None]), estimator.model_(FLAT[:, :, None]))


class Foreign(FCN):
    pass


class ForeignEstimator(SeqConvClassifier):
    pass


@keras.saving.register_keras_serializable(package="tests")
class ForeignPooling(keras.layers.GlobalAveragePooling1D):
    pass


class ForeignAdam(keras.optimizers.Adam):
    pass


@pytest.mark.parametrize(
    "named, change",
    {
        "Foreign": lambda e: e.set_params(encoder=Foreign(filters=(4, 4, 4))),
        "FunctionTransformer": lambda e: e.set_params(adapter=FunctionTransformer()),
        "_FunctionTransformer": lambda e: vars(e).update(adapter_=FunctionTransformer()),
        "ForeignPooling": lambda e: e.set_params(pooling=ForeignPooling()),
        "ForeignAdam": lambda e: e.set_params(optimizer=ForeignAdam()),
        "LossScaleOptimizer": lambda e: e.set_params(
            optimizer=keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam())
        ),
        "function": lambda e: e.set_params(encoder=KimCNN(activation=keras.activations.relu)),
        "n_members": lambda e: e.set_params(n_members=0),
        "datetime": lambda e: vars(e).update(classes_=np.array(["2020-01-01", "2020-01-02"], "datetime64[D]")),
        "not finite": lambda e: e.members_[0].get_layer("head").bias.assign([np.nan, 0.0]),
    }.items(),
)
def test_a_foreign_part_is_refused_by_name_before_anything_is_written(named, change, fitted, path):
    path.write_bytes(b"old")
    estimator = copy.deepcopy(fitted("strings")[0])
    change(estimator)
    with pytest.raises(ValueError, match=named.strip("_")):
        estimator.save(path)
    assert path.read_bytes() == b"old"
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "layer", [ForeignPooling(name="pooling"), keras.layers.Lambda(lambda x: x[:, 0], (4,), name="pooling")]
)
def test_a_network_with_a_foreign_layer_is_refused_by_name(layer, fitted, path):
    x = keras.Input((None, 1), name="X")
    features = keras.layers.Identity(name="features")(keras.layers.Identity(name="stem")(x))
    network = keras.Model(x, keras.layers.Dense(2, name="head")(layer(features)), name="classifier")
    with pytest.raises(ValueError, match=type(layer).__name__):
        with_network(fitted("strings")[0], network).save(path)
    assert not path.exists()


def test_an_estimator_of_another_class_is_refused_by_name(fitted, path):
    estimator = ForeignEstimator(SMALL)
    vars(estimator).update(vars(fitted("strings")[0]))
    with pytest.raises(ValueError, match="ForeignEstimator"):
        estimator.save(path)
    with pytest.raises(NotFittedError):
        SeqConvClassifier().save(path)
    assert not path.exists()


def test_a_layer_setting_that_the_file_cannot_hold_is_refused(fitted, path):
    x = keras.Input((None, 1), name="X")
    features = keras.layers.Identity(name="features")(keras.layers.Identity(name="stem")(x))
    pooled = keras.layers.GlobalAveragePooling1D(name="pooling")(features)
    head = keras.layers.Dense(2, kernel_regularizer="l2", name="head")
    with pytest.raises(ValueError, match="'head'.*kernel_regularizer"):
        with_network(fitted("strings")[0], keras.Model(x, head(pooled), name="classifier")).save(path)


def test_a_missing_file_or_folder_says_so(fitted, tmp_path):
    with pytest.raises(FileNotFoundError):
        seqconv.load(tmp_path / "none")
    with pytest.raises(SavedFileError, match="folder"):
        seqconv.load(tmp_path)
    with pytest.raises(FileNotFoundError, match="none.model"):
        fitted("strings")[0].save(tmp_path / "none" / "model")
    with pytest.raises(OSError, match="old file"):
        fitted("strings")[0].save(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="links and modes of POSIX")
def test_the_file_behind_a_link_is_replaced_and_keeps_its_mode(fitted, tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "real").chmod(0o600)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    fitted("strings")[0].save(tmp_path / "link")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "real").stat().st_mode & 0o777 == 0o600
    assert np.array_equal(seqconv.load(tmp_path / "link").classes_, ["ham", "spam"])


def test_saving_and_loading_leave_the_random_state(fitted, path):
    random.seed(3)
    before = random.getstate(), repr(np.random.get_state())
    fitted("texts")[0].save(path)
    seqconv.load(path)
    pickle.loads(pickle.dumps(fitted("texts")[0]))
    copy.deepcopy(fitted("three members")[0])
    assert (random.getstate(), repr(np.random.get_state())) == before


@pytest.mark.parametrize("case", ["strings", "three members", "regressor of two"])
def test_pickle_joblib_and_deepcopy_come_back_whole(case, fitted, path):
    estimator, X = fitted(case)
    estimator.save(path)
    for source in (estimator, seqconv.load(path)):
        joblib.dump(source, path.with_suffix(".joblib"))
        for copied in (
            pickle.loads(pickle.dumps(source)),
            joblib.load(path.with_suffix(".joblib")),
            copy.deepcopy(source),
        ):
            assert np.array_equal(outputs(copied, X), outputs(estimator, X))
        assert repr(clone(source)) == repr(clone(estimator)) and not hasattr(clone(source), "members_")


CHILD = """
import json, os, resource, sys
import numpy as np
import seqconv
folder = sys.argv[1]
texts = json.loads(sys.argv[2])
spam, series = seqconv.load(f"{folder}/texts"), seqconv.load(f"{folder}/strings")
np.save(f"{folder}/of_texts.npy", spam.predict_proba(texts))
np.save(f"{folder}/of_series.npy", series.predict_proba(np.load(f"{folder}/X.npy")))
errors = []
size = os.path.getsize(f"{folder}/texts")
for limit in [0, 1, 29, 30, 31, *np.linspace(100, size - 1, 16).astype(int).tolist()]:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        spam.save(f"{folder}/strings")
    except OSError as error:
        errors.append(str(error))
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    errors[-1] += "" if sorted(os.listdir(folder)) == json.loads(sys.argv[3]) else "; rubbish left"
print(json.dumps(errors))
"""


def test_a_fresh_process_answers_the_same_and_a_full_disk_leaves_the_old_file(fitted, tmp_path):
    pytest.importorskip("resource")
    for case in ("texts", "strings"):
        fitted(case)[0].save(tmp_path / case)
    old = (tmp_path / "strings").read_bytes()
    np.save(tmp_path / "X.npy", FLAT)
    files = sorted(["texts", "strings", "X.npy", "of_texts.npy", "of_series.npy"])
    script = [sys.executable, "-c", CHILD, str(tmp_path), json.dumps(TEXTS), json.dumps(files)]
    errors = json.loads(
        subprocess.run(script, capture_output=True, text=True, check=True, cwd=ROOT).stdout.splitlines()[-1]
    )
    assert np.abs(np.load(tmp_path / "of_texts.npy") - fitted("texts")[0].predict_proba(TEXTS)).max() < 1e-6
    assert np.abs(np.load(tmp_path / "of_series.npy") - fitted("strings")[0].predict_proba(FLAT)).max() < 1e-6
    assert len(errors) > 10, errors
    assert all(str(tmp_path / "strings") in error and "rubbish" not in error for error in errors)
    assert (tmp_path / "strings").read_bytes() == old


# The package's own __init__ would load Keras, which a process that only writes files does not need.
WRITER = """
import pathlib, sys, types
import seqconv
room = types.ModuleType("seqconv.estimators")
room.__path__ = [str(pathlib.Path(seqconv.__file__).parent / "estimators")]
sys.modules["seqconv.estimators"] = room
from seqconv.estimators import container
folder = pathlib.Path(sys.argv[1])
parts = [container.read(folder / name) for name in ("one", "other")]
print("ready", flush=True)
while True:
    for each in parts:
        container.write(folder / "model", each, {})
"""


def test_a_kill_at_any_moment_leaves_the_old_or_the_new_file(fitted, tmp_path):
    network = build_classifier(FCN(), (None, 1), 2, seed=0)  # large enough to be killed while it is written
    with_network(fitted("strings")[0], network).save(tmp_path / "one")
    fitted("strings")[0].save(tmp_path / "other")
    for name in ("one", "other"):
        container.write(tmp_path / name, container.read(tmp_path / name), {})
    whole = {(tmp_path / name).read_bytes() for name in ("one", "other")}
    (tmp_path / "model").write_bytes((tmp_path / "one").read_bytes())
    unfinished = 0
    for moment in range(12):
        child = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT)
        with child:
            assert child.stdout.readline() == b"ready\n"
            time.sleep(0.003 * moment)
            child.kill()
        assert (tmp_path / "model").read_bytes() in whole
        unfinished += len(list(tmp_path.glob(".*.unfinished")))
    seqconv.load(tmp_path / "model")
    assert unfinished, "no kill fell into a save"


def test_the_average_of_loaded_members_is_one_graph(fitted, path):
    estimator, _ = fitted("three members")
    estimator.save(path)
    loaded = seqconv.load(path)
    assert len(loaded.members_) == 3
    assert np.allclose(build_average(loaded.members_)(FLAT[:, :, None]), loaded.model_(FLAT[:, :, None]))
    for member in loaded.members_:
        assert all(member.get_layer(name) for name in ("stem", "features", "pooling", "head"))


def test_a_refit_with_an_adapter_can_be_saved(path):
    classifier = SeqConvClassifier(FCN(filters=(4,), kernel_sizes=(3,)), epochs=1, random_state=0)
    classifier.fit(np.arange(80.0).reshape(8, 10), [0, 1] * 4)
    classifier.set_params(encoder=KimCNN(filters=2), adapter=TextAdapter("word", n_dims=4))
    texts = ["good day", "bad day"] * 4
    classifier.fit(texts, [1, 0] * 4).save(path)
    np.testing.assert_array_equal(seqconv.load(path).predict_proba(texts), classifier.predict_proba(texts))


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_a_pipe_is_not_replaced(fitted, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="device or pipe .*pipe"):
        fitted("strings")[0].save(tmp_path / "pipe")
    assert (tmp_path / "pipe").is_fifo() and len(list(tmp_path.iterdir())) == 1


LEARNT = [
    ("strings", "classes_", {"array": "<U4", "values": ["spam", "ham"]}, "ascending order"),
    ("strings", "classes_", {"array": "<U4", "values": ["ham", "ham"]}, "different"),
    ("integers, 3-D with NaN", "classes_", {"array": "<f8", "values": [0, {"float": "nan"}]}, "different"),
    ("multi-label", "classes_", {"array": "<i8", "values": [0, 2, 1]}, "ascending order"),
    ("strings", "_multi_label", True, "ascending order"),
    ("multi-label", "_multi_label", False, "must end in softmax, got sigmoid"),
    ("strings", "_min_steps", -5, "_min_steps must be at least 1"),
    ("integers, 3-D with NaN", "n_features_in_", 99, "must agree, got 99 and 2"),
    ("integers, 3-D with NaN", "_is_table", True, "must agree"),
    ("booleans, list", "feature_names_in_", {"array": "|O", "values": ["a", "b"]}, "must name the 2 steps of a table"),
    ("feature names", "feature_names_in_", {"array": "|O", "values": ["day 0"]}, "must name the 16 steps"),
    ("strings", "history_", {"dict": [["loss", "x"]]}, "loss of history_ must be a list of numbers"),
    ("strings", "history_", {"dict": [["members", [1]]]}, "history_ must be a dict of lists"),
    ("regressor", "_target_scale", {"array": "<U1", "values": ["a"]}, "_target_scale must be finite float64"),
    ("regressor", "_target_scale", {"array": "<f8", "values": [0.0]}, "a scale above 0"),
    ("regressor of two", "_target_centre", {"array": "<f8", "values": [1.0, 2.0, 3.0]}, "a centre and a scale"),
    ("regressor of two", "_single_output", True, "a single output must have one scale, got 2"),
]


@pytest.mark.parametrize(("case", "name", "value", "message"), LEARNT, ids=[f"{c}, {n}" for c, n, _, _ in LEARNT])
def test_what_no_fit_could_have_learnt_is_refused(case, name, value, message, fitted, path):
    fitted(case)[0].save(path)
    parts = container.read(path)
    described = json.loads(parts["estimator.json"])
    described["learnt"][name] = value
    container.write(path, parts | {"estimator.json": json.dumps(described).encode()}, {})
    with pytest.raises(SavedFileError, match=message):
        seqconv.load(path)
