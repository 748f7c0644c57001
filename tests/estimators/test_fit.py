"""What `fit` promises: repeatable, quiet, nothing lost, and clear words where it cannot go on."""

import contextlib
import os
import pickle
import random
import re
import subprocess
import sys
import warnings
from typing import ClassVar

import keras
import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from seqconv import SeqConvClassifier, SeqConvRegressor, SequenceSet
from seqconv.adapters import TextAdapter
from seqconv.datasets import make_messages, make_series
from seqconv.encoders import FCN, InceptionTime, KimCNN
from seqconv.layers import DynamicKMaxPooling1D, KMaxPooling1D
from seqconv.training import gradient, progress

TINY = FCN(filters=(4,), kernel_sizes=(5,))


def tiny(**parameters):
    return SeqConvClassifier(**{"encoder": TINY, "epochs": 2, "random_state": 0} | parameters)


@pytest.fixture(scope="module")
def series():
    return make_series(n_cases=40, n_steps=24, random_state=0)


def weights(estimator):
    return [weight for member in estimator.members_ for weight in member.get_weights()]


def assert_equal_weights(one, other):
    for a, b in zip(weights(one), weights(other), strict=True):
        np.testing.assert_array_equal(a, b)


# ---- repeatable, and nothing else touched


@pytest.mark.parametrize("encoder", [TINY, KimCNN(filters=3, dropout=0.5)])
def test_two_fits_with_one_seed_agree_bit_for_bit(series, encoder):
    assert_equal_weights(*(tiny(encoder=encoder, n_members=2).fit(series.X, series.y) for _ in range(2)))


def test_another_seed_gives_other_weights(series):
    one, other = (tiny(random_state=seed).fit(series.X, series.y) for seed in (0, 1))
    assert not all(np.array_equal(a, b) for a, b in zip(weights(one), weights(other), strict=True))


FINGERPRINT = """
import hashlib, sys
from seqconv import SeqConvClassifier
from seqconv.adapters import TextAdapter
from seqconv.datasets import make_messages
from seqconv.encoders import KimCNN
m = make_messages(60)
adapter = TextAdapter(n_dims=8, n_buckets=100)
c = SeqConvClassifier(KimCNN(filters=4), adapter=adapter, epochs=2, random_state=3).fit(m.X, m.y)
print(hashlib.sha256(b"".join(w.tobytes() for w in c.model_.get_weights())).hexdigest())
"""


def test_fresh_processes_agree_bit_for_bit():
    printed = [
        subprocess.run(
            [sys.executable, "-c", FINGERPRINT],
            env=os.environ | {"PYTHONHASHSEED": seed, "TF_CPP_MIN_LOG_LEVEL": "3"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert printed[0] == printed[1] != ""


def test_global_random_state_and_settings_are_left_as_found(series):
    def state():
        return random.getstate(), str(np.random.get_state()), keras.config.floatx(), keras.config.epsilon()

    random.seed(1)
    np.random.seed(1)
    before = state(), list(warnings.filters)
    tiny().fit(series.X, series.y).predict(series.X)
    assert (state(), list(warnings.filters)) == before


def test_nothing_is_written_and_nothing_is_printed(series, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    tiny().fit(series.X, series.y).predict(series.X)
    assert list(tmp_path.iterdir()) == []
    assert "".join(capsys.readouterr()) == ""


def test_verbose_shows_steps_and_the_time_left(series, capsys):
    tiny(verbose=1, epochs=4).fit(series.X, series.y)
    assert re.search(r"fit: epoch 4/4 - loss 0\.\d{4} - took 0:\d\d\n$", capsys.readouterr().out)


def test_verbose_names_the_validation_accuracy_and_the_member(series, capsys):
    tiny(verbose=1, n_members=2, validation_fraction=0.2).fit(series.X, series.y)
    printed = capsys.readouterr().out
    assert re.search(r"fit of member 2 of 2: epoch 2/2 - loss 0\.\d+ - validation accuracy [01]\.\d{4} - ", printed)
    assert "\r" not in printed  # plain lines where the output is no terminal


def test_a_long_silent_fit_says_once_that_it_can_show_its_progress(series, monkeypatch, caplog):
    monkeypatch.setattr(progress, "_SILENT_SECONDS", -1.0)
    monkeypatch.setattr(progress, "_said", [])
    tiny(epochs=3, n_members=2).fit(series.X, series.y)
    assert [record.message for record in caplog.records] == ["fit has run for a minute; verbose=1 shows its progress."]


# ---- what is learnt from which part


def test_history_is_plain_and_has_one_value_an_epoch():
    series = make_series(n_cases=240, n_steps=24, random_state=0)
    history = tiny(epochs=3).fit(series.X, series.y).history_
    assert {name: len(values) for name, values in history.items()} == dict.fromkeys(
        ("loss", "accuracy", "learning_rate", "val_loss", "val_accuracy"), 3
    )
    assert all(type(value) is float for values in history.values() for value in values)


def test_small_sets_have_no_validation_part(series):
    assert "val_loss" not in tiny().fit(series.X, series.y).history_
    assert "val_loss" in tiny(validation_fraction=0.2).fit(series.X, series.y).history_


def test_texts_have_no_validation_part_where_series_have_one():
    messages, series = make_messages(200, random_state=0), make_series(n_cases=200, n_steps=24, random_state=0)
    settings = {"adapter": TextAdapter("word", n_dims=4), "random_state": 0, "epochs": 1}
    texts = SeqConvClassifier(KimCNN(filters=2), **settings)
    assert "val_loss" not in texts.fit(messages.X, messages.y).history_
    assert "val_loss" in texts.set_params(validation_fraction=0.1).fit(messages.X, messages.y).history_
    assert "val_loss" in tiny(epochs=1).fit(series.X, series.y).history_


def test_with_groups_no_case_is_left_unlearnt_unless_asked():
    series, groups = make_series(n_cases=200, n_steps=24, random_state=0), np.arange(200) % 7
    assert "val_loss" not in tiny(epochs=1).fit(series.X, series.y, groups=groups).history_
    watched = tiny(epochs=1, validation_fraction=0.3).fit(series.X, series.y, groups=groups)
    assert "val_loss" in watched.history_


def test_texts_shorter_than_the_filters_are_named():
    texts = ["one two three four five six seven eight", "hi", *["a b c d e f g h"] * 8]
    settings = {"adapter": TextAdapter("word", n_dims=4), "epochs": 1, "random_state": 0}
    classifier = SeqConvClassifier(FCN(filters=(4,), kernel_sizes=(5,), padding="valid"), **settings)
    with pytest.raises(ValueError, match="5 observed steps in a row .* case 1 has 1"):
        classifier.fit(texts, ["a", "b"] * 5)
    texts[1] = "one two three four five"
    with pytest.raises(ValueError, match="case 0 has 1"):
        classifier.fit(texts, ["a", "b"] * 5).predict(["hi", texts[0]])


def test_a_pipeline_that_ends_in_token_ids_is_refused():
    adapter = make_pipeline(FunctionTransformer(), TextAdapter("word"))
    with pytest.raises(TypeError, match="adapter must be the TextAdapter itself"):
        SeqConvClassifier(KimCNN(filters=2), adapter=adapter, epochs=1).fit(["a", "b"] * 4, ["x", "y"] * 4)


def test_scaling_is_learnt_from_the_training_part(series):
    X = series.X.copy()
    classifier = tiny(validation_fraction=0.25, epochs=1).fit(X, series.y)
    centre = float(np.asarray(classifier.model_.get_layer("scaling").centre)[0])
    assert centre != pytest.approx(X.mean(), abs=1e-7)
    whole = tiny(validation_fraction=0, epochs=1).fit(X, series.y)
    assert float(np.asarray(whole.model_.get_layer("scaling").centre)[0]) == pytest.approx(X.mean(), abs=1e-6)


def test_the_vocabulary_is_learnt_from_the_training_part():
    texts = [f"word{i}" for i in range(20)]
    adapter = TextAdapter("word", n_dims=4)
    classifier = SeqConvClassifier(
        KimCNN(filters=2), adapter=adapter, epochs=1, validation_fraction=0.5, random_state=0
    )
    classifier.fit(texts, ["a", "b"] * 10)
    assert len(classifier.adapter_.vocabulary_) == 10
    assert not hasattr(adapter, "vocabulary_")


def test_the_best_epoch_is_kept(series):
    class Spoil(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 3:
                *others, bias = self.model.get_weights()
                self.model.set_weights([*others, np.array([50, -50], bias.dtype)])

    classifier = tiny(epochs=4, callbacks=[Spoil()]).fit(series.X, series.y)
    losses = classifier.history_["loss"]
    assert losses[3] > 10 > max(losses[:3])
    assert np.abs(weights(classifier)[-1]).max() < 1


def test_an_epoch_within_a_standard_error_of_the_most_accurate_is_as_good(series, monkeypatch):
    class Remember(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            biases.append(self.model.get_weights()[-1])

    # Of 10 cases the standard error of 0.9 is 0.095.
    biases, accuracies = [], iter([0.5, 0.9, 0.85, 0.7])
    monkeypatch.setattr(gradient, "evaluate", lambda *_: {"loss": 1.0, "accuracy": next(accuracies)})
    watched = series.X[30:], series.y[30:]
    classifier = tiny(epochs=4, callbacks=[Remember()]).fit(series.X[:30], series.y[:30], validation_data=watched)
    np.testing.assert_array_equal(weights(classifier)[-1], biases[2])


def test_patience_ends_the_fit():
    series = make_series(n_cases=40, n_steps=24, random_state=0)
    y = np.random.default_rng(0).permutation(series.y)  # nothing to learn
    classifier = tiny(epochs=200, patience=2, validation_fraction=0.3, learning_rate=0.05).fit(series.X, y)
    assert len(classifier.history_["loss"]) < 200


def test_validation_data_is_watched_in_place_of_a_part(series):
    classifier = tiny().fit(series.X[:30], series.y[:30], validation_data=(series.X[30:], series.y[30:]))
    assert len(classifier.history_["val_loss"]) == 2


def test_a_sequence_set_brings_y_and_groups(series):
    given = SequenceSet(series.X, series.y, groups=np.arange(40) // 5)
    assert tiny(validation_fraction=0.3).fit(given).score(given.X, given.y) >= 0
    assert_equal_weights(tiny().fit(given, series.y), tiny().fit(given))
    with pytest.raises(ValueError, match="SequenceSet brings its own y, got other y"):
        tiny().fit(given, series.y[::-1])


def test_weight_zero_is_as_if_left_out(series):
    weight = np.ones(40)
    weight[::4] = 0
    kept = weight > 0
    one = tiny().fit(series.X, series.y, sample_weight=weight)
    assert_equal_weights(one, tiny().fit(series.X[kept], series.y[kept]))
    weight = np.where(series.y == series.y[0], weight, 1.0)
    kept, balanced = weight > 0, {"class_weight": "balanced"}
    one = tiny(**balanced).fit(series.X, series.y, sample_weight=weight)
    assert_equal_weights(one, tiny(**balanced).fit(series.X[kept], series.y[kept]))
    third = np.where(np.arange(40) % 5, series.y, "third")
    assert len(tiny(**balanced).fit(series.X, third, sample_weight=third != "third").classes_) == 3


def test_class_weights_move_the_answer():
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((60, 10)), np.repeat([0, 1], [50, 10])
    plain, even = (
        tiny(class_weight=w, epochs=20, learning_rate=0.01).fit(X, y).predict_proba(X)[:, 1].mean()
        for w in (None, "balanced")
    )
    assert even > plain + 0.1
    by_hand = (
        tiny(class_weight={0: 60 / 100, 1: 60 / 20}, epochs=20, learning_rate=0.01)
        .fit(X, y)
        .predict_proba(X)[:, 1]
        .mean()
    )
    assert by_hand == pytest.approx(even, abs=1e-6)


def test_multi_label_targets(series):
    y = np.stack([series.y, np.ones(40, int), 1 - series.y], axis=1)
    classifier = tiny(epochs=30, learning_rate=0.05).fit(series.X, y)
    probabilities = classifier.predict_proba(series.X)
    assert probabilities.shape == (40, 3) and probabilities.sum(axis=1).min() > 1
    np.testing.assert_array_equal(classifier.predict(series.X)[:, 1], 1)


def test_templates_are_not_built_and_callbacks_are_let_go(series):
    pooling, optimizer = KMaxPooling1D(2, flatten=True), keras.optimizers.SGD(0.01)
    callback = keras.callbacks.History()
    tiny(pooling=pooling, optimizer=optimizer, callbacks=[callback]).fit(series.X, series.y)
    assert not pooling.built and not optimizer.built and callback.model is None


def test_callbacks_are_told_of_epochs_and_steps(series):
    average = keras.callbacks.SwapEMAWeights(swap_on_epoch=True)  # reads both
    tiny(optimizer=keras.optimizers.Adam(use_ema=True), callbacks=[average], batch_size=8).fit(series.X, series.y)
    assert average.params == {"epochs": 2, "steps": 5, "verbose": 0}


def test_an_optimizer_object_keeps_its_learning_rate(series):
    history = tiny(optimizer=keras.optimizers.SGD(0.125)).fit(series.X, series.y).history_
    assert history["learning_rate"] == [0.125, 0.125]


def test_augmentation_is_called_on_training_batches_only(series):
    augmentation = Counting(factor=2.0)
    classifier = tiny(augment=augmentation, epochs=1, batch_size=20).fit(series.X, series.y)
    assert Counting.calls == [(20, True), (20, True)]
    classifier.predict(series.X)
    assert len(Counting.calls) == 2


@keras.saving.register_keras_serializable(package="seqconv_tests")
class Noise(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.noise = keras.layers.GaussianNoise(0.5)

    def call(self, inputs, training=None):
        x, y, weight = inputs
        return self.noise(x, training=training), y, weight


@keras.saving.register_keras_serializable(package="seqconv_tests")
class Counting(keras.layers.Layer):
    calls: ClassVar = []

    def __init__(self, factor, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, inputs, training=None):
        x, y, weight = inputs
        self.calls.append((len(x), training))
        return x * self.factor, y, weight

    def get_config(self):
        return super().get_config() | {"factor": self.factor}


@pytest.mark.parametrize("scale", [1e30, 1e-30])
def test_scale_does_not_decide(series, scale):
    plain, scaled = (tiny(epochs=10).fit(series.X.astype(float) * s, series.y) for s in (1.0, scale))
    expected = plain.predict_proba(series.X)
    np.testing.assert_allclose(scaled.predict_proba(series.X.astype(float) * scale), expected, atol=0.02)


# ---- what goes wrong


def test_a_loss_that_is_no_number_ends_the_fit_and_leaves_finite_weights(series):
    with pytest.warns(ConvergenceWarning, match=r"epoch \d+, batch \d+, at learning rate .*e\+"):
        classifier = tiny(learning_rate=1e30, epochs=8).fit(series.X, series.y)
    assert all(np.isfinite(weight).all() for weight in weights(classifier))
    assert np.isfinite(classifier.predict_proba(series.X)).all()


class InterruptAt(keras.callbacks.Callback):
    def __init__(self, epoch):
        super().__init__()
        self.epoch = epoch

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == self.epoch:
            raise KeyboardInterrupt


@pytest.mark.filterwarnings("ignore:overflow|invalid value:RuntimeWarning")
@pytest.mark.parametrize("watched", [True, False])
@pytest.mark.parametrize("epochs", [1, 4])
def test_a_last_step_that_breaks_the_network_is_not_kept(series, watched, epochs):
    optimizer = keras.optimizers.SGD(1e20)
    classifier = tiny(epochs=epochs, optimizer=optimizer, batch_size=40)
    with pytest.warns(ConvergenceWarning, match="the weights kept are the initial ones"):
        classifier.fit(series.X, series.y, validation_data=(series.X, series.y) if watched else None)
    assert np.isfinite(classifier.predict_proba(series.X)).all()


def test_ctrl_c_leaves_the_best_weights_so_far(series):
    classifier = tiny(epochs=9, callbacks=[InterruptAt(2)])
    with pytest.raises(KeyboardInterrupt, match="holds 1 member"):
        classifier.fit(series.X, series.y)
    assert len(classifier.history_["loss"]) == 2
    assert classifier.predict(series.X).shape == (40,)


def test_ctrl_c_when_all_epochs_are_done_loses_none(series):
    class Interrupt(keras.callbacks.Callback):
        def on_train_end(self, logs=None):
            raise KeyboardInterrupt

    classifier = tiny(epochs=2, callbacks=[Interrupt()])
    with pytest.raises(KeyboardInterrupt, match="holds 1 member"):
        classifier.fit(series.X, series.y)
    assert_equal_weights(classifier, tiny(epochs=2).fit(series.X, series.y))


def test_ctrl_c_before_the_first_epoch_leaves_the_previous_state(series):
    classifier = tiny(epochs=2).fit(series.X, series.y)
    before = classifier.predict_proba(series.X)
    classifier.set_params(callbacks=[InterruptAt(0)])
    with pytest.raises(KeyboardInterrupt, match="the estimator is unchanged"):
        classifier.fit(series.X[:, :9], series.y)
    np.testing.assert_array_equal(classifier.predict_proba(series.X), before)


def test_an_error_in_fit_leaves_the_previous_state(series):
    classifier = tiny().fit(series.X, series.y)
    before = classifier.predict_proba(series.X)
    with pytest.raises(ValueError):
        classifier.fit(series.X[:, :9, 0], np.zeros(40))
    np.testing.assert_array_equal(classifier.predict_proba(series.X), before)


def with_value(X, case, value):
    X = X.copy()
    X[case] = value
    return X


BAD_X = [
    (lambda X: X[:0], ValueError, "0 sample"),
    (lambda X: with_value(X, 7, np.nan), ValueError, "all of case 7 is NaN"),
    (lambda X: with_value(X, 7, np.inf), ValueError, "inf or a larger number in case 7"),
    (lambda X: with_value(X.astype(np.float16), 7, np.inf), ValueError, "inf or a larger number in case 7"),
    (lambda X: with_value(X.astype(float), 3, 1e300), ValueError, "case 3"),
    (lambda X: X.astype(complex), ValueError, "Complex"),
    (lambda X: X.astype(str), TypeError, "real numbers"),
    (lambda X: [x.astype(str) for x in X], TypeError, "case 0"),
    (lambda X: [*X[:5], np.zeros((9, 2)), *X[6:]], ValueError, "case 5 has 2"),
    (lambda X: [*X[:5], np.zeros((0, 1)), *X[6:]], ValueError, "case 5 has no step"),
    (lambda X: [*X[:5], np.full((9, 1), np.inf), *X[6:]], ValueError, "case 5"),
    (lambda X: X[None], ValueError, "got shape"),
    (lambda X: [], ValueError, "at least one case, got none"),
    (lambda X: ["not a number"] * len(X), TypeError, "give adapter="),
    (lambda X: {"X": X}, TypeError, "type dict"),
    (lambda X: [1, [2, 3], *X[2:].tolist()], ValueError, "case 0"),
    (lambda X: [*X[:5].tolist(), [[1.0], [2.0, 3.0]], *X[6:].tolist()], ValueError, "case 5 have unequal"),
]


@pytest.mark.parametrize(("spoil", "error", "message"), BAD_X)
def test_bad_x_is_refused_in_fit_and_predict(series, spoil, error, message):
    X = spoil(series.X)
    with pytest.raises(error, match=message):
        tiny().fit(X, series.y[: len(X)] if len(X) == 40 else series.y)
    with pytest.raises(error, match=message):
        tiny(epochs=1).fit(series.X, series.y).predict(X)


BAD_Y = [
    (lambda y: np.zeros(40), "only one class: .*0"),
    (lambda y: None, "requires y"),
    (lambda y: y[:-1], "inconsistent numbers"),
    (lambda y: np.where(np.arange(40) == 3, np.nan, y), "NaN"),
    (lambda y: np.random.default_rng(0).normal(size=40), "continuous"),
    (lambda y: np.stack([y, 2 * y, y + 3], axis=1), "multiclass-multioutput|0/1 table"),
]


@pytest.mark.parametrize(("spoil", "message"), BAD_Y)
def test_bad_y_is_refused(series, spoil, message):
    with pytest.raises(ValueError, match=message):
        tiny().fit(series.X, spoil(series.y))


BAD_PARAMETERS = [
    ({"epochs": -1}, "epochs .* got -1"),
    ({"epochs": 1.5}, "epochs .* got 1.5"),
    ({"batch_size": 0}, "batch_size .* got 0"),
    ({"n_members": 0}, "n_members .* got 0"),
    ({"patience": 0}, "patience .* got 0"),
    ({"learning_rate": 0}, "learning_rate .* got 0"),
    ({"validation_fraction": 1.0}, "validation_fraction .* got 1.0"),
    ({"validation_fraction": 0.01}, "too few"),
    ({"encoder": "inceptiontime"}, "did you mean inception_time"),
    ({"pooling": "kmax"}, "did you mean k_max"),
    ({"scaling": "minmax"}, "'minmax'"),
    ({"optimizer": "adamm"}, "adamm"),
    ({"epochs": True}, "epochs must be None or a whole number of at least 1, got True"),
    ({"learning_rate": True}, "learning_rate .* got True"),
    ({"learning_rate": np.inf}, "learning_rate .* got inf"),
    ({"optimizer": None}, "optimizer .* got None"),
    ({"augment": 3}, "augment .* got 3"),
    ({"callbacks": [3]}, r"callbacks .* got \[3\]"),
    ({"encoder": FCN(filters=4)}, "filters of FCN .* got 4"),
    ({"encoder": KimCNN(kernel_sizes=3)}, "kernel_sizes of KimCNN .* got 3"),
    ({"encoder": InceptionTime(depth=0)}, "depth .* got 0"),
    ({"encoder": InceptionTime(depth="3")}, "depth .* got '3'"),
    ({"encoder": InceptionTime(kernel_size=-5)}, "kernel_size .* got -5"),
    ({"adapter": TextAdapter}, "adapter must be None or a transformer"),
    ({"adapter": "text"}, "adapter .* got 'text'"),
    ({"verbose": "x"}, "verbose .* got 'x'"),
    ({"pooling": DynamicKMaxPooling1D(2, 1, 2)}, "Give a global pool"),
]


@pytest.mark.parametrize(("parameters", "message"), BAD_PARAMETERS)
def test_bad_parameters_are_refused(series, parameters, message):
    with pytest.raises((ValueError, TypeError), match=message):
        tiny(**parameters).fit(series.X, series.y)


class Unregistered(keras.layers.Layer):
    pass


def test_an_unregistered_pooling_layer_is_refused(series):
    with pytest.raises(ValueError, match="Unregistered"):
        tiny(pooling=Unregistered()).fit(series.X, series.y)


@pytest.mark.parametrize(
    ("weight", "message"),
    [
        (np.ones(39), "sample_weight"),
        (np.zeros(40), "zero"),
        (-np.ones(40), "[Nn]egative"),
        (np.where(np.arange(40) < 20, np.nan, 1), "NaN"),
    ],
)
def test_bad_weights_are_refused(series, weight, message):
    with pytest.raises(ValueError, match=message):
        tiny().fit(series.X, series.y, sample_weight=weight)


def test_weights_that_leave_one_class_are_refused(series):
    with pytest.raises(ValueError, match="2 classes"):
        tiny().fit(series.X, series.y, sample_weight=(series.y == 1).astype(float))


def test_a_rare_class_cannot_be_in_both_parts(series):
    y = np.where(np.arange(40) == 0, 9, series.y)
    with pytest.raises(ValueError, match=r"class .*2.* has 1|9.* has 1"):
        tiny(validation_fraction=0.2).fit(series.X, y)


def test_a_label_that_training_does_not_know_is_refused_in_validation(series):
    with pytest.raises(ValueError, match="got 7 in case 2"):
        tiny().fit(series.X, series.y, validation_data=(series.X[:3], [0, 1, 7]))


def test_a_class_only_in_the_watched_groups_is_refused(series):
    y = np.where(np.arange(40) < 4, 5, series.y)
    groups = np.arange(40) // 4
    messages = []
    for seed in range(12):
        try:
            tiny(validation_fraction=0.3, epochs=1, random_state=seed).fit(series.X, y, groups=groups)
        except ValueError as error:
            messages.append(str(error))
    assert messages and all("class 5 is not" in message for message in messages)


def test_cases_shorter_than_the_receptive_field_are_refused_under_valid_padding(series):
    encoder = FCN(filters=(4, 4), kernel_sizes=(20, 20), padding="valid")
    with pytest.raises(ValueError, match="39 observed steps in a row .* case 0 has 24"):
        tiny(encoder=encoder).fit(series.X, series.y)


def test_the_first_short_case_is_named_in_predict(series):
    classifier = tiny(encoder=FCN(filters=(4,), kernel_sizes=(20,), padding="valid")).fit(series.X, series.y)
    with pytest.raises(ValueError, match="20 observed steps in a row .* case 1 has 19"):
        classifier.predict([series.X[0], series.X[1, :19]])


def test_multi_label_targets_are_zero_or_one(series):
    table = np.stack([series.y, 1 - series.y], axis=1)
    with pytest.raises(ValueError, match="0 or 1 for each label, got .* in case"):
        tiny().fit(series.X, 2 * table - 1)
    with pytest.raises(ValueError, match="validation_data must be 0 or 1"):
        tiny().fit(series.X, table, validation_data=(series.X, 7 * table))


def test_missing_and_mixed_labels_are_refused_by_case(series):
    with pytest.raises(ValueError, match="None in case 3"):
        tiny().fit(series.X, ["a", "b", "a", None, *["b"] * 36])
    with pytest.raises(ValueError, match="mix of both"):
        tiny().fit(series.X, [0, "1"] * 20)


@pytest.mark.parametrize("class_weight", [{0: 0, 1: 0}, {0: -1, 1: 1}, {0: np.nan, 1: 1}])
def test_bad_class_weights_are_refused(series, class_weight):
    with pytest.raises(ValueError, match="class_weight must be finite"):
        tiny(class_weight=class_weight).fit(series.X, series.y)


@pytest.mark.parametrize("scale", [1e-300, 1e300])
def test_the_unit_of_weights_does_not_matter(series, scale):
    assert_equal_weights(
        tiny().fit(series.X, series.y), tiny().fit(series.X, series.y, sample_weight=np.full(40, scale))
    )


class Halving(TransformerMixin, BaseEstimator):
    def __init__(self, spoil=None):
        self.spoil = spoil

    def fit(self, X, y=None):
        self.fitted_ = True
        return self

    def transform(self, X):
        X = np.asarray(X) / 2
        return {None: X, "drop": X[:-1], "inf": X / 0, "hide": X * np.nan}[self.spoil]


@pytest.mark.filterwarnings("ignore:divide by zero|invalid value:RuntimeWarning")
@pytest.mark.parametrize(("spoil", "message"), [("drop", "39 of 40"), ("inf", "inf"), ("hide", "all of case 0")])
def test_what_an_adapter_makes_is_checked(series, spoil, message):
    assert tiny(adapter=Halving()).fit(series.X, series.y).predict(series.X).shape == (40,)
    with pytest.raises(ValueError, match=message):
        tiny(adapter=Halving(spoil)).fit(series.X, series.y)


class Letters(TransformerMixin, BaseEstimator):
    """A user's own adapter to tokens: no more than what the estimator needs."""

    makes = "tokens"

    def fit(self, X, y=None):
        self.n_tokens_, self.vectors_ = 28, np.eye(28, 5, dtype="float32")
        return self

    def transform(self, X):
        ids = np.zeros((len(X), max(map(len, X))), "int32")
        for row, text in zip(ids, X, strict=True):
            row[: len(text)] = [ord(letter) - 95 for letter in text]
        return ids


def test_an_adapter_with_tokens_and_vectors_is_enough():
    classifier = SeqConvClassifier(adapter=Letters(), epochs=1).fit(["abc", "de"] * 10, [0, 1] * 10)
    assert classifier.model_.get_layer("stem").n_dims == 5
    assert classifier.predict(["bad", "c"]).shape == (2,)


def test_an_adapter_must_give_as_many_channels_as_in_fit(series):
    two = np.concatenate([series.X, series.X], axis=2)
    classifier = tiny(adapter=Halving()).fit(two, series.y)
    with pytest.raises(ValueError, match="2 channels .* got 1"):
        classifier.predict(series.X)
    with pytest.raises(ValueError, match="2 channels .* got 1"):
        tiny(adapter=Halving()).fit(two, series.y, validation_data=(series.X, series.y))


def test_a_bad_text_has_the_users_number_also_behind_a_split():
    messages = make_messages(240)
    texts = [*messages.X[:230], None, *messages.X[231:]]
    with pytest.raises(TypeError, match="case 230"):
        SeqConvClassifier(KimCNN(filters=2), adapter=TextAdapter(n_dims=4), epochs=1).fit(texts, messages.y)


@pytest.mark.parametrize("n_rare", [1, 2, 3])
def test_a_rare_class_of_texts_stops_no_fit(n_rare):
    texts = [f"invoice {i} is wrong" for i in range(20)] + [f"cannot log in, code {i}" for i in range(20)]
    texts += ["parcel lost", "parcel torn", "parcel late"][:n_rare]
    y = ["billing"] * 20 + ["access"] * 20 + ["delivery"] * n_rare
    classifier = SeqConvClassifier(adapter=TextAdapter(n_dims=4), epochs=1, random_state=0).fit(texts, y)
    assert classifier.classes_.tolist() == ["access", "billing", "delivery"]
    assert np.isfinite(classifier.predict_proba(["parcel lost", ""])).all()


@pytest.mark.parametrize("other", ["Ham", "ham ", "ＨＡＭ"])
def test_labels_that_differ_only_in_their_spelling_are_warned_of(series, other):
    labels = np.array(["ham", "spam", other], object)[np.arange(40) % 3]
    with pytest.warns(UserWarning, match=f"labels differ only in case, blanks .*'ham' 14, '{other}' 13. Each is a cl"):
        tiny(epochs=1).fit(series.X, labels)


def test_a_callback_that_sets_the_rate_needs_an_optimizer_object(series):
    callback = keras.callbacks.ReduceLROnPlateau(monitor="loss", patience=1, min_delta=10)
    with pytest.raises(ValueError, match="ReduceLROnPlateau needs an optimizer object"):
        tiny(callbacks=[callback]).fit(series.X, series.y)
    falling = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(1e-2, 100))
    with pytest.raises(ValueError, match="a number for its learning rate, got one with a schedule"):
        tiny(optimizer=falling, callbacks=[callback]).fit(series.X, series.y)
    classifier = tiny(epochs=4, optimizer=keras.optimizers.Adam(1e-2), callbacks=[callback]).fit(series.X, series.y)
    assert classifier.history_["learning_rate"][-1] < 1e-2


def test_a_bad_case_behind_an_adapter_has_the_users_number(series):
    X = series.X.copy()
    X[37] = np.nan
    with pytest.raises(ValueError, match="all of case 37 is NaN"):
        tiny(adapter=Halving(), validation_fraction=0.5).fit(X, series.y)


def test_parameters_set_after_fit_do_not_reach_predict(series):
    classifier = tiny().fit(series.X, series.y)
    before = classifier.predict_proba(series.X)
    classifier.set_params(encoder=FCN(filters=(2,), kernel_sizes=(99,), padding="valid"))
    np.testing.assert_array_equal(classifier.predict_proba(series.X), before)


def test_a_refit_forgets_what_the_first_learnt_of_its_columns(series):
    table = pd.DataFrame(series.X[:, :, 0], columns=[f"s{i}" for i in range(24)])
    classifier = tiny(epochs=1).fit(table, series.y).fit(series.X, series.y)
    assert not hasattr(classifier, "feature_names_in_") and classifier.n_features_in_ == 1


def test_validation_data_is_named_in_its_errors(series):
    with pytest.raises(ValueError, match="in validation_data: .*case 3"):
        tiny().fit(series.X, series.y, validation_data=(with_value(series.X, 3, np.inf), series.y))
    with pytest.raises(ValueError, match="got 1 parts"):
        tiny().fit(series.X, series.y, validation_data=(series.X,))


def test_a_sequence_set_is_watched_and_scored(series):
    classifier = tiny(epochs=1).fit(series, validation_data=series)
    assert "val_loss" in classifier.history_
    assert classifier.score(series) == classifier.score(series.X, series.y)


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ([None, *range(39)], "case 0 has none"),
        (np.zeros((40, 2)), "shape"),
        ([1, "1"] * 20, "strings only or numbers only"),
        (np.array([1, "p2"] * 20, object), "strings only or numbers only"),
    ],
    ids=["none", "2-D", "mixed", "mixed objects"],
)
def test_bad_groups_are_refused(series, groups, message):
    with pytest.raises((ValueError, TypeError), match=message):
        tiny(validation_fraction=0.3).fit(series.X, series.y, groups=groups)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (lambda y: [], "got no label"),
        (lambda y: pd.Series([None, *"ab" * 19, "a"]), "case 0"),
        (lambda y: pd.Series([*"ab" * 19, "a", pd.NA], dtype="string"), "case 39"),
        (lambda y: [*"ab" * 19, "a", pd.NA], "case 39"),
        (lambda y: pd.Series([1, "a"] * 20), "mix of both"),
        (lambda y: np.where(np.arange(40) == 7, np.nan, y), "case 7"),
        (lambda y: np.stack([y, np.where(np.arange(40) == 7, np.nan, y)], axis=1), "case 7"),
    ],
)
def test_bad_labels_are_refused_by_case(series, y, message):
    with pytest.raises(ValueError, match=message):
        tiny().fit(series.X, y(series.y))


def test_labels_of_an_object_array_are_labels(series):
    assert tiny(epochs=1).fit(series.X, series.y.astype(object)).classes_.dtype.kind == "i"


def test_a_regressor_names_the_case_without_a_target(series):
    with pytest.raises(ValueError, match="case 7"):
        SeqConvRegressor(TINY).fit(series.X, np.where(np.arange(40) == 7, np.nan, 1.0))


def test_a_level_that_float32_rounds_away_is_warned_of(series):
    y = series.X.max(axis=(1, 2)).astype(float)
    with pytest.warns(UserWarning, match="output 0 of y differs .* subtract"):
        SeqConvRegressor(TINY, epochs=1).fit(series.X, y + 1e8)
    with pytest.warns(UserWarning, match="channel 0 of X differs"):
        tiny(epochs=1).fit(series.X.astype(float) + 1e6, series.y)
    far = series.X.astype(float) + 1e9
    for X in (far, list(far), (100 * series.X).astype(np.int64) + 2**40):  # all one as float32
        with pytest.warns(UserWarning, match="channel 0 of X differs .* subtract"):
            tiny(epochs=1).fit(X, series.y)


def test_what_is_no_array_is_refused(series):
    with pytest.raises(TypeError, match="got None"):
        tiny().fit(None, series.y)


def test_one_filter_needs_that_many_observed_steps_in_a_row(series):
    X = series.X.copy()
    X[5, ::4] = np.nan
    with pytest.raises(ValueError, match="5 observed steps in a row .* case 5 has 3"):
        tiny(encoder=FCN(filters=(2,), kernel_sizes=(5,), padding="valid")).fit(X, series.y)


def test_what_an_augmentation_draws_comes_from_the_seed(series):
    first, second = tiny(augment=Noise()), tiny(augment=Noise())
    random.seed(1)
    before = random.getstate()
    one, other = first.fit(series.X, series.y), second.fit(series.X, series.y)
    assert_equal_weights(one, other)
    assert random.getstate() == before


def test_callbacks_are_a_list(series):
    with pytest.raises(TypeError, match="put it in a list"):
        tiny(callbacks=keras.callbacks.History()).fit(series.X, series.y)


def test_searching_inside_a_name_says_what_to_give():
    with pytest.raises(ValueError, match=r"encoder__filters needs an encoder object.*FCN\(\)"):
        tiny(encoder="fcn").set_params(encoder__filters=3)


def test_searching_inside_no_adapter_says_what_to_give():
    with pytest.raises(ValueError, match=r"adapter__max_tokens needs an adapter object.*TextAdapter\(\)"):
        tiny().set_params(adapter__max_tokens=3)


def test_unfitted_use_says_so(series):
    for use in (lambda e: e.predict(series.X), lambda e: e.save("x")):
        with pytest.raises(NotFittedError):
            use(tiny())


@pytest.mark.parametrize("text", [float("nan"), b"x", None, 3])
def test_messages_that_are_none_are_refused_by_number(text):
    messages = make_messages(20)
    classifier = SeqConvClassifier(KimCNN(filters=2), adapter=TextAdapter(n_dims=4, n_buckets=50), epochs=1)
    with pytest.raises((ValueError, TypeError), match="case 4"):
        classifier.fit([*messages.X[:4], text, *messages.X[5:]], messages.y)


def test_a_regressor_refuses_targets_that_are_no_numbers(series):
    with pytest.raises(ValueError, match="NaN"):
        SeqConvRegressor(TINY, epochs=1).fit(series.X, np.where(np.arange(40) == 3, np.nan, 1.0))


def test_a_regressor_answers_in_the_units_of_y(series):
    y = 1e6 + 1e3 * series.X.mean(axis=(1, 2))
    regressor = SeqConvRegressor(TINY, epochs=30, learning_rate=0.02, random_state=0).fit(series.X, y)
    assert abs(regressor.predict(series.X).mean() - y.mean()) < y.std()


@pytest.mark.parametrize("level", [0.0, 1.7e9, 1e10])
def test_the_level_of_y_does_not_matter(series, level):
    y = series.X.max(axis=(1, 2)).astype(float)
    found = SeqConvRegressor(TINY, epochs=20, learning_rate=0.02, random_state=0).fit(series.X, y + level)
    expected = SeqConvRegressor(TINY, epochs=20, learning_rate=0.02, random_state=0).fit(series.X, y)
    np.testing.assert_allclose(found.history_["loss"], expected.history_["loss"], rtol=1e-2)


def test_a_regressor_refuses_what_float32_cannot_hold(series):
    with pytest.raises(ValueError, match="case 39"):
        SeqConvRegressor(TINY, epochs=1).fit(series.X, np.append(np.zeros(39), 1e300))


# ---- shapes in which the network runs


@pytest.mark.parametrize("pooling", ["mean", "max", "mean_max", "k_max", "k_mean", "chunk_max", "attention"])
def test_every_pooling_fits_and_predicts_cases_of_any_length(pooling):
    series = make_series(n_cases=40, n_steps=40, unequal=True, random_state=0)
    classifier = tiny(pooling=pooling, batch_size=8).fit(series.X, series.y)
    together = classifier.predict_proba(series.X)
    for case in (0, 7, 11):
        np.testing.assert_allclose(classifier.predict_proba([series.X[case]])[0], together[case], atol=1e-5)


def test_a_list_of_flat_cases_stays_a_list_of_cases_when_their_lengths_agree():
    rng = np.random.default_rng(0)
    cases = [rng.normal(size=n) for n in rng.integers(10, 20, 30)]
    objects = np.empty(30, object)
    objects[:] = cases
    for given in (cases, objects, pd.Series(cases)):
        classifier = tiny().fit(given, np.arange(30) % 2)
        np.testing.assert_allclose(classifier.predict_proba(given[:1]), classifier.predict_proba(cases)[:1], atol=1e-6)
    of_one_length = tiny().fit([case[:10] for case in cases], np.arange(30) % 2)
    assert of_one_length.n_features_in_ == 1 and len(of_one_length.predict(cases)) == 30


def test_an_answer_that_is_no_number_is_refused_by_case(series):
    X = series.X.copy()
    X[3] = 3e38
    with pytest.raises(ValueError, match="^case 3: the answer is not a number"):
        tiny().fit(series.X, series.y).predict(X)


def test_a_case_alone_gives_the_same_bits_as_among_others(series):
    classifier = tiny().fit(series.X, series.y)
    together = classifier.predict_proba(series.X)
    np.testing.assert_array_equal(
        np.concatenate([classifier.predict_proba(x[None]) for x in series.X[:6]]), together[:6]
    )


@pytest.mark.skipif(keras.backend.backend() == "torch", reason="PyTorch compiles nothing")
@pytest.mark.parametrize("has_gap", [False, True])
def test_predicting_similar_lengths_compiles_few_times(series, has_gap, monkeypatch):
    def counted(layer, x):
        compiled.append(x.shape)
        return rectify(layer, x)

    compiled, rectify = [], keras.layers.ReLU.call
    classifier = tiny().fit(series.X, series.y)
    monkeypatch.setattr(keras.layers.ReLU, "call", counted)
    for n_steps in range(65, 129):
        X = np.zeros((3, n_steps, 1))
        X[:, 5] = np.nan if has_gap else 0
        classifier.predict(X)
    # Eight buckets of lengths; JAX also compiles the network without its mask, for lengths that are buckets.
    assert 1 <= len(compiled) <= 8 * (2 if keras.backend.backend() == "jax" else 1)


class Bare(keras.layers.Layer):
    def __init__(self, **settings):
        super().__init__(**settings)
        self.supports_masking = True

    def call(self, x):
        return 2 * x


class Doubled(FCN):
    def __call__(self, x):
        return Bare()(super().__call__(x))


class DoubledInside(FCN):
    def __call__(self, x):
        inside = keras.Sequential([Bare()])
        inside.supports_masking = True
        return inside(super().__call__(x))


@pytest.mark.parametrize("encoder", [Doubled, DoubledInside])
def test_layers_of_an_encoder_need_no_registration_to_be_pickled(series, encoder):
    classifier = tiny(encoder=encoder(filters=(4,), kernel_sizes=(5,))).fit(series.X, series.y)
    again = pickle.loads(pickle.dumps(classifier))
    np.testing.assert_array_equal(again.predict_proba(series.X), classifier.predict_proba(series.X))


class UnregisteredAdam(keras.optimizers.Adam):
    pass


class UnregisteredSchedule(keras.optimizers.schedules.LearningRateSchedule):
    def __call__(self, step):
        return 1e-3

    def get_config(self):
        return {}


@pytest.mark.parametrize("optimizer", [UnregisteredAdam(), keras.optimizers.Adam(UnregisteredSchedule())])
def test_an_optimizer_that_keras_could_not_make_again_is_refused(series, optimizer):
    with pytest.raises(ValueError, match=f"optimizer must be one .* got {type(optimizer).__name__}: "):
        tiny(optimizer=optimizer).fit(series.X, series.y)


def test_the_unit_of_class_weights_does_not_matter(series):
    fits = (tiny(class_weight={0: unit, 1: 3 * unit}).fit(series.X, series.y) for unit in (1.0, 2.0**1020))
    assert_equal_weights(*fits)


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (lambda X: X.astype(str).astype(object), "X must be numbers, got the string .* in case 0"),
        (lambda X: [case.astype(str).astype(object) for case in X], "case 0 must be numbers, .* in step 0"),
        (
            lambda X: pd.DataFrame(X[:, :, 0].astype(str)).astype(object),
            "column 0 must be numbers, got '.*'; convert it",
        ),
        (lambda X: _with_text(X[:, :, 0]), "X must be numbers, got the string '7' in case 3"),
    ],
)
def test_numbers_written_as_strings_are_refused(series, X, message):
    with pytest.raises(TypeError, match=message):
        tiny().fit(X(series.X), series.y)


def _with_text(X):
    X = X.astype(object)
    X[3, 5] = "7"
    return X


@pytest.mark.parametrize("kind", [list, np.array, lambda y: np.array(y, object), lambda y: np.array(y, "S")])
def test_a_regressors_targets_written_as_strings_are_refused(series, kind):
    with pytest.raises(TypeError, match="y must be numbers, got the string .*'0' in case 0"):
        SeqConvRegressor(TINY, epochs=1).fit(series.X, kind([str(i) for i in range(40)]))


@pytest.mark.parametrize("interrupted", [False, True])
def test_a_callback_that_held_a_file_leaves_the_estimator_fit_to_be_copied(series, tmp_path, interrupted):
    callbacks = [keras.callbacks.CSVLogger(tmp_path / "log.csv")]
    classifier = tiny(callbacks=[*callbacks, InterruptAt(1)] if interrupted else callbacks)
    with pytest.raises(KeyboardInterrupt) if interrupted else contextlib.nullcontext():
        classifier.fit(series.X, series.y)
    assert (tmp_path / "log.csv").read_text().startswith("epoch,")
    again = pickle.loads(pickle.dumps(classifier))
    np.testing.assert_array_equal(again.predict_proba(series.X), classifier.predict_proba(series.X))
    clone(classifier)
