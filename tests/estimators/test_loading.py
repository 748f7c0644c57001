"""What a saved estimator keeps, what is rejected, and what a full disk or a kill leaves."""

import copy
import json
import os
import pathlib
import pickle
import random
import subprocess
import sys
import time
import warnings
import zipfile

import joblib
import keras
import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import load as load_arrays
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.preprocessing import FunctionTransformer

import seqconv
from seqconv import SeqConvClassifier, SeqConvRegressor, encoders
from seqconv.adapters import TextAdapter
from seqconv.augment import Jitter
from seqconv.domains.base import Adapter
from seqconv.encoders import FCN, Encoder, InceptionTime, KimCNN, ResNet
from seqconv.estimators import SavedFileError
from seqconv.estimators.blueprint import Blueprint
from seqconv.layers import (
    ChunkMaxPooling1D,
    DynamicKMaxPooling1D,
    KMaxPooling1D,
    KMeanPooling1D,
    MaskedAveragePooling1D,
    MaskedSeparableConv1D,
    pooling_names,
)
from seqconv.models import SeriesStem, TokenStem, build_average
from seqconv.saving import container
from seqconv.training.gradient import GradientRecipe
from seqconv.training.recipe import Outcome

ROOT = pathlib.Path(__file__).parents[2]
SMALL = FCN(filters=(4, 4, 4))
TEXTS = ["win a free prize now !!!", "see you at lunch", "call now to win", "are you home ?"] * 6
RNG = np.random.default_rng(0)
# Compared by themselves; the largest values of training, by which `predict` warns, are not saved.
NOT_PLAIN = ("members_", "model_", "adapter_", "adapter", "encoder", "_largest")
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
    "named labels": lambda: (
        SeqConvClassifier(SMALL, **SETTINGS),
        FLAT,
        pd.DataFrame(FLAT[:, :3] > 0, columns=["NORM", "AFIB", "CLBBB"]),
    ),
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
    "two tables of vectors": lambda: (
        SeqConvClassifier(
            KimCNN(4), adapter=TextAdapter("word", n_dims=8, vectors="train", vectors_mode="both"), **SETTINGS
        ),
        TEXTS,
        HALVES,
    ),
    "unscaled": lambda: (SeqConvClassifier(SMALL, scaling=None, **SETTINGS), FLAT, HALVES),
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
                    patch.setattr(GradientRecipe, "fit", lambda *args, **settings: untrained)
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
    if hasattr(value, "get_state"):
        return type(value), repr(value.get_state())
    return type(value), repr(value)


def with_network(estimator, blueprint):
    """Copy a fitted estimator and give the copy a network of another blueprint."""
    other = copy.copy(estimator)
    network = blueprint.draw(seed=1)
    other.members_, other.model_, other._blueprint = [network], network, blueprint
    return other, network


@pytest.mark.parametrize("case", CASES)
def test_a_loaded_estimator_is_the_saved_one(case, fitted, path):
    estimator, X = fitted(case)
    estimator.save(path)
    loaded = seqconv.load(path)
    assert type(loaded) is type(estimator)
    assert np.array_equal(answers(loaded, X), answers(estimator, X))
    assert loaded.predict(X).dtype == estimator.predict(X).dtype
    learnt = {name for name in vars(estimator) if name not in NOT_PLAIN}
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
@pytest.mark.parametrize("stem", [SeriesStem(scaling=None), TokenStem(30, 8)])
def test_every_pooling_and_stem_comes_back(pooling, stem, fitted, path):
    case = "texts" if isinstance(stem, TokenStem) else "strings"
    estimator = clone(fitted(case)[0]).set_params(pooling=pooling)
    vars(estimator).update({name: value for name, value in vars(fitted(case)[0]).items() if "_" in (name[0], name[-1])})
    X = np.arange(36).reshape(3, 12) % 30 if case == "texts" else FLAT[:3, :, None]
    if case == "texts":
        stem = TokenStem(estimator.adapter_.n_tokens_, 8)
        X = X % stem.n_tokens
    shape = (None,) if case == "texts" else (None, 1)
    other, network = with_network(estimator, Blueprint(SMALL, shape, 2, "softmax", stem, pooling))
    other.save(path)
    loaded = seqconv.load(path)
    assert np.array_equal(loaded.model_(X), network(X))
    assert type(loaded.pooling) is type(pooling)
    if not isinstance(pooling, str):
        assert loaded.pooling.get_config() == pooling.get_config() and loaded.pooling.built == pooling.built


# DeepLOB joins channels in pairs twice.
@pytest.mark.parametrize("name", sorted(set(encoders.names()) - {"deep_lob"}))
def test_every_encoder_comes_back(name, fitted, path):
    encoder = encoders.get(name)
    if isinstance(encoder, encoders.FixedBank):
        encoder = encoder.fitted_to(FLAT.shape[1])
    if name == "dcnn":  # which folds channels in pairs, one here
        encoder = encoders.DCNN(fold=False)
    fit, X = "strings", FLAT[:, :, None]
    X = np.tile(X[:3], (1, 3, 1))  # as long as the longest window that has no padding
    blueprint = Blueprint(encoder, (None, X.shape[2]), 2, "softmax", SeriesStem())
    other, network = with_network(fitted(fit)[0], blueprint)
    other.set_params(encoder=encoder).save(path)
    loaded = seqconv.load(path)
    assert np.array_equal(loaded.model_(X), network(X))
    assert repr(loaded.encoder) == repr(encoder) and type(loaded.encoder) is type(encoder)


@keras.saving.register_keras_serializable(package="seqconv_tests")
class Own(Encoder):
    """A user's encoder, of layers of ours that no encoder of ours has, and of a layer that is not registered."""

    pooling = "max"

    def __init__(self, filters=3, note=("a", None)):
        self.filters = filters
        self.note = note

    def __call__(self, x):
        x = MaskedSeparableConv1D(self.filters, 3, padding="same")(x)
        x = MaskedAveragePooling1D(2)(x)
        x = Doubling()(x)
        return DynamicKMaxPooling1D(2, 1, 2)(x)

    def convolutions(self):
        return [(3, 1, 1), (2, 2, 1)]


class Doubling(keras.layers.Layer):
    def __init__(self, **settings):
        super().__init__(**settings)
        self.supports_masking = True

    def call(self, x):
        return 2 * x


@keras.saving.register_keras_serializable(package="seqconv_tests")
class OwnPooling(keras.layers.Layer):
    def __init__(self, power=2.0, **settings):
        super().__init__(**settings)
        self.power = power
        self.supports_masking = True

    def call(self, x, mask=None):
        return keras.ops.mean(x, axis=1) ** self.power

    def compute_mask(self, inputs, mask=None):
        return None

    def get_config(self):
        return super().get_config() | {"power": self.power}


@keras.saving.register_keras_serializable(package="seqconv_tests")
class OwnAdapter(Adapter):
    def __init__(self, factor=1.0):
        self.factor = factor

    def _check_parameters(self):
        if not self.factor > 0:
            raise ValueError("factor must be above 0.")

    def _check_records(self, X):
        return list(X)

    def _fit(self, records):
        self.n_seen_ = len(records)

    def _transform(self, records):
        return self.factor * np.array([[float(part) for part in record.split()] for record in records])[:, :, None]

    def _state(self):
        return {"n_seen": self.n_seen_}, {}

    def _restore(self, state, arrays):
        self.n_seen_ = state["n_seen"]


def test_a_users_registered_classes_are_saved(path):
    records = [" ".join(str(value) for value in case) for case in FLAT]
    parts = {"encoder": Own(filters=2, note=("b", 1.5)), "adapter": OwnAdapter(2.0), "pooling": OwnPooling(3.0)}
    estimator = SeqConvClassifier(**parts, **SETTINGS).fit(records, HALVES)
    estimator.save(path)
    loaded = seqconv.load(path)
    np.testing.assert_array_equal(loaded.predict_proba(records), estimator.predict_proba(records))
    assert (loaded.encoder.note, loaded.adapter_.n_seen_, loaded.pooling.power) == (("b", 1.5), 24, 3.0)


MINE = """
import keras
from seqconv.encoders import FCN

@keras.saving.register_keras_serializable(package="mine")
class MyEncoder(FCN):
    pass
"""
FIT = """
import numpy as np
from mine import MyEncoder
from seqconv import SeqConvClassifier
X, y = np.random.default_rng(0).normal(size=(20, 16)), np.arange(20) % 2
classifier = SeqConvClassifier(MyEncoder(filters=(4, 4, 4)), epochs=1, random_state=0).fit(X, y)
classifier.save("model")
print(classifier.predict_proba(X).tolist())
"""
LOAD = """
import numpy as np, seqconv
X = np.random.default_rng(0).normal(size=(20, 16))
print(seqconv.load("model").predict_proba(X).tolist())
"""


def test_a_registered_class_loads_where_it_is_imported_and_is_named_where_not(tmp_path):
    (tmp_path / "mine.py").write_text(MINE)

    def printed(script):
        environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"}
        return subprocess.run(
            [sys.executable, "-c", script], check=False, capture_output=True, text=True, cwd=tmp_path, env=environment
        )

    fitted, loaded, strange = printed(FIT), printed("import mine\n" + LOAD), printed(LOAD)
    assert json.loads(fitted.stdout) == json.loads(loaded.stdout)
    assert strange.returncode and "SavedFileError" in strange.stderr
    assert "'mine>MyEncoder' is a class that is not known here; import the module" in strange.stderr


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


def test_a_second_fit_without_the_word_vectors_of_the_first_is_warned_of(path):
    texts, y = ["win a prize", "see you at lunch"] * 10, ["spam", "ham"] * 10
    vectors = TextAdapter("word", vectors="train", n_dims=4).fit(texts)
    from gensim.models import KeyedVectors

    known = KeyedVectors(4)
    known.add_vectors(list(vectors.vocabulary_), vectors.vectors_[2:])
    adapter = TextAdapter("word", vectors=known)
    fitted = seqconv.SeqConvClassifier(KimCNN(filters=2), adapter=adapter, epochs=1, random_state=0).fit(texts, y)
    fitted.save(path)
    loaded = seqconv.load(path)
    with pytest.warns(UserWarning, match="the loaded model was fitted with word vectors, .*adapter__vectors=") as told:
        loaded.fit(texts, y)
    assert [one.filename for one in told if "word vectors" in str(one.message)] == [__file__]
    with warnings.catch_warnings():
        warnings.filterwarnings("error", ".*word vectors")
        loaded.fit(texts, y)
        again = seqconv.load(path).set_params(adapter__vectors=known).fit(texts, y)
        fitted.set_params(adapter__vectors=None).fit(texts, y)
    assert again.adapter_.vectors_.shape == vectors.vectors_.shape
    assert fitted.adapter_.vectors_ is None


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
        assert archive.namelist() == ["estimator.json", "weights.safetensors"]
        described = json.loads(archive.read("estimator.json"))
        arrays = load_arrays(archive.read("weights.safetensors"))
    assert described["class"] == "SeqConvClassifier" and described["version"] == 2
    assert np.array_equal(arrays["members/0/head/0/kernel"], estimator.model_.get_layer("head").kernel)


class Foreign(FCN):
    pass


class ForeignEstimator(SeqConvClassifier):
    pass


class ForeignPooling(keras.layers.GlobalAveragePooling1D):
    pass


@keras.saving.register_keras_serializable(package="seqconv_tests")
class Nested(keras.layers.GlobalAveragePooling1D):
    def get_config(self):
        return super().get_config() | {"nested": {"class_name": "function", "module": "os", "config": "getcwd"}}


class ForeignAdam(keras.optimizers.Adam):
    pass


@pytest.mark.parametrize(
    "named, change",
    {
        "Foreign": lambda e: e.set_params(encoder=Foreign(filters=(4, 4, 4))),
        "FunctionTransformer": lambda e: e.set_params(adapter=FunctionTransformer()),
        "_FunctionTransformer": lambda e: vars(e).update(adapter_=FunctionTransformer()),
        "ForeignPooling": lambda e: e.set_params(pooling=ForeignPooling()),
        "Nested, has a setting|rejects the parameters": lambda e: e.set_params(pooling=Nested()),
        "ForeignAdam": lambda e: e.set_params(optimizer=ForeignAdam()),
        "LossScaleOptimizer": lambda e: e.set_params(
            optimizer=keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam())
        ),
        "function": lambda e: e.set_params(encoder=KimCNN(activation=keras.activations.relu)),
        "n_members": lambda e: e.set_params(n_members=0),
        "datetime": lambda e: vars(e._targets).update(classes=np.array(["2020-01-01", "2020-01-02"], "datetime64[D]")),
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


def test_an_estimator_of_another_class_is_refused_by_name(fitted, path):
    estimator = ForeignEstimator(SMALL)
    vars(estimator).update(vars(fitted("strings")[0]))
    with pytest.raises(ValueError, match="ForeignEstimator"):
        estimator.save(path)
    with pytest.raises(NotFittedError):
        SeqConvClassifier().save(path)
    assert not path.exists()


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


WRITER = """
import pathlib, sys
from seqconv.saving import container
folder = pathlib.Path(sys.argv[1])
parts = [container.read(folder / name) for name in ("one", "other")]
print("ready", flush=True)
while True:
    for each in parts:
        container.write(folder / "model", *each)
"""


def test_a_kill_at_any_moment_leaves_the_old_or_the_new_file(fitted, tmp_path):
    # Large enough to be killed while it is written.
    blueprint = Blueprint(FCN(), (None, 1), 2, "softmax", SeriesStem())
    with_network(fitted("strings")[0], blueprint)[0].save(tmp_path / "one")
    fitted("strings")[0].save(tmp_path / "other")
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
    seqconv.load(tmp_path / "other").save(tmp_path / "model")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["model", "one", "other"]


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


def array(dtype, values):
    return {"array": dtype, "values": values}


LEARNT = [
    ("strings", "targets", "classes", array("<U4", ["spam", "ham"]), "ascending order"),
    ("strings", "targets", "classes", array("<U4", ["ham", "ham"]), "different"),
    ("strings", "targets", "classes", array("<U4", ["ham"]), "different"),
    ("strings", "targets", "classes", array("<U4", ["eggs", "ham", "spam"]), "members/0/head/0/kernel must be float32"),
    ("integers, 3-D with NaN", "targets", "classes", array("<f8", [0, {"float": "nan"}]), "different"),
    ("multi-label", "targets", "classes", array("<i8", [0, 2, 1]), "ascending order"),
    ("strings", "targets", "is_multi_label", True, "ascending order"),
    ("named labels", "targets", "names", array("<U1", ["a", "b"]), "names must be 3 different labels"),
    ("named labels", "targets", "names", array("<U1", ["a", "b", "a"]), "names must be 3 different labels"),
    ("named labels", "targets", "is_multi_label", False, "names must be 0 different labels"),
    ("strings", "targets", "names", array("<U1", ["a", "b"]), "classes and is_multi_label|names must be 0"),
    ("integers, 3-D with NaN", "form", "n_features_in_", 99, "must agree, got 99, 2"),
    ("integers, 3-D with NaN", "form", "_is_table", True, "must agree"),
    ("booleans, list", "form", "feature_names_in_", array("|O", ["a", "b", "c"]), "must name 2 steps or channels"),
    ("feature names", "form", "feature_names_in_", array("|O", ["day 0"]), "must name 16 steps or channels"),
    ("texts", "form", "n_features_in_", 1, "X no form of its own"),
    ("strings", "history", "loss", "x", "loss of history must be a list of numbers"),
    ("strings", None, "history", {"dict": [["members", [1]]]}, "history must be a dict of lists"),
    ("regressor", "targets", "scale", array("<U1", ["a"]), "scale of the targets must be finite float64"),
    ("regressor", "targets", "scale", array("<f8", [0.0]), "a scale above 0"),
    ("regressor of two", "targets", "centre", array("<f8", [1.0, 2.0, 3.0]), "a centre and a scale"),
    ("regressor of two", "targets", "is_single", True, "a single output must have one scale, got 2"),
    ("strings", None, "shape", [2], "must agree"),
    ("strings", None, "shape", [], "must agree"),
    ("texts", None, "shape", [0.5, 2], "input_shape of tokens"),
    ("strings", None, "scaling", "minmax", "'minmax'"),
    ("strings", None, "scaling", None, "needed|must be"),
    ("strings", None, "pooling", "zzz", "zzz"),
    ("strings", None, "encoder", {"class": "KMaxPooling1D", "parameters": {"k": 2}}, "Encoder such as FCN"),
    ("strings", None, "adapter", {"class": "FCN", "parameters": {}}, "an adapter must have a state"),
    ("texts", None, "adapter", None, "an adapter must have a state"),
]


@pytest.mark.parametrize(
    ("case", "part", "name", "value", "message"),
    LEARNT,
    ids=[f"{row[0]}, {row[2]}, {i}" for i, row in enumerate(LEARNT)],
)
def test_what_no_fit_could_have_learnt_is_rejected(case, part, name, value, message, fitted, path):
    fitted(case)[0].save(path)
    described, arrays = container.read(path)

    state = described["state"]
    if part is None:
        state[name] = value
    else:
        state[part] = {"dict": [list(pair) for pair in (dict(state[part]["dict"]) | {name: value}).items()]}
    container.write(path, described, arrays)
    with pytest.raises(SavedFileError, match=message):
        seqconv.load(path)
