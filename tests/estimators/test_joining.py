"""The default for texts: a linear model beside the network, in one graph, one pickle and one file."""

import pickle
import re
import subprocess
import sys

import keras
import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline

import seqconv
from seqconv import SeqConvClassifier
from seqconv.adapters import TextAdapter
from seqconv.datasets import make_messages, make_tickets
from seqconv.encoders import KimCNN
from seqconv.explain import occlusion

SMALL = {"n_dims": 4, "n_buckets": 256}
LOAD = """
import sys, numpy as np, seqconv
path, answers = sys.argv[1:]
np.save(answers, seqconv.load(path).predict_proba(["win a cash prize now", "see you at lunch"]))
"""
ASKED = ["win a cash prize now", "see you at lunch"]


def default(**more):
    unit = more.pop("unit", "subword")
    return SeqConvClassifier(adapter=TextAdapter(unit, **SMALL), random_state=0, **({"epochs": 1} | more))


@pytest.fixture(scope="module")
def messages():
    return make_messages(260, random_state=0)


@pytest.fixture(scope="module")
def fitted(messages):
    return default().fit(messages.X, messages.y)


def has_wide(classifier):
    return "wide" in [layer.name for layer in classifier.model_.layers]


def test_the_answer_is_the_softmax_of_both(fitted, messages):
    ids = fitted.as_arrays(messages.X[:9])
    logits = keras.Model(fitted.model_.input, fitted.model_.get_layer("wide").output)(ids)
    logs = np.log(np.maximum(keras.ops.convert_to_numpy(fitted.members_[0](ids)), 1e-4))
    scores = keras.ops.convert_to_numpy(logits) + float(fitted._wide["share"][0]) * logs
    expected = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(fitted.predict_proba(messages.X[:9]), expected, atol=1e-5)


def test_one_epoch_is_enough_where_the_linear_model_knows(fitted):
    test = make_messages(400, random_state=1)
    alone = fitted.members_[0].predict(fitted.as_arrays(test.X), verbose=0).argmax(axis=1)
    assert fitted.score(test.X, test.y) > np.mean(fitted.classes_[alone] == test.y) + 0.05
    assert fitted.score(test.X, test.y) > 0.9


def test_members_keep_their_landmarks(fitted):
    names = [layer.name for layer in fitted.members_[0].layers]
    assert {"stem", "features", "pooling", "head"} <= set(names)
    assert has_wide(fitted)


@pytest.mark.parametrize(
    ("settings", "what"),
    [
        ({"encoder": KimCNN(filters=2)}, "an encoder that the user chose"),
        ({"head": "ridge"}, "a head that the user chose"),
        ({"unit": "char"}, "characters"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_network_is_alone_beside(settings, what, messages):
    classifier = default(**settings).fit(messages.X[:60], messages.y[:60])
    assert classifier._wide is None and not has_wide(classifier)


def test_multi_label_targets_have_the_network_alone(messages):
    y = np.stack([np.array(messages.y[:60]) == "spam", np.arange(60) % 2], axis=1).astype(int)
    classifier = default().fit(messages.X[:60], y)
    assert classifier._wide is None and classifier.predict_proba(messages.X[:3]).shape == (3, 2)


@pytest.mark.parametrize(
    "given",
    [{}, {"n_members": 2}, {"validation_fraction": 0.2}, {"validation_fraction": 0}, {"unit": "word"}],
    ids=str,
)
def test_it_is_saved_and_loaded(given, messages, tmp_path):
    classifier = default(**given).fit(messages.X, messages.y)
    classifier.save(tmp_path / "one.seqconv")
    loaded = seqconv.load(tmp_path / "one.seqconv")
    np.testing.assert_array_equal(loaded.predict_proba(ASKED), classifier.predict_proba(ASKED))
    loaded.save(tmp_path / "two.seqconv")
    assert (tmp_path / "one.seqconv").read_bytes() == (tmp_path / "two.seqconv").read_bytes()


def test_it_answers_in_a_fresh_process(fitted, tmp_path):
    fitted.save(tmp_path / "one.seqconv")
    paths = [str(tmp_path / "one.seqconv"), str(tmp_path / "answers.npy")]
    subprocess.run([sys.executable, "-c", LOAD, *paths], check=True, timeout=300)
    np.testing.assert_allclose(np.load(paths[1]), fitted.predict_proba(ASKED), atol=1e-6)


def test_it_is_pickled(fitted):
    again = pickle.loads(pickle.dumps(fitted))
    for name, array in fitted._wide.items():
        np.testing.assert_array_equal(again._wide[name], array)
    # TensorFlow traces a graph of open shape after some batches of different shapes; its last bit may be another.
    np.testing.assert_allclose(again.predict_proba(ASKED), fitted.predict_proba(ASKED), atol=1e-6)


def test_validation_data_weigh_both(messages):
    classifier = default().fit(messages.X[:200], messages.y[:200], validation_data=(messages.X[200:], messages.y[200:]))
    assert has_wide(classifier) and "val_loss" in classifier.history_


def test_texts_are_explained_by_both(fitted):
    found = occlusion(fitted, ["see you at lunch, then win a cash prize"], target="spam")
    whole = fitted.predict_proba(["see you at lunch, then win a cash prize"])[0, 1]
    step = int(np.nanargmax(found.drops[0]))
    ids = fitted.adapter_.hide(fitted.as_arrays(["see you at lunch, then win a cash prize"]), step, step + 1)
    hidden = keras.ops.convert_to_numpy(fitted.model_(ids))[0, 1]
    np.testing.assert_allclose(found.drops[0, step], whole - hidden, atol=1e-5)


@pytest.mark.parametrize("stream", [False, True])
def test_cases_decoded_when_they_are_taken_give_the_same(stream, messages):
    tickets = make_tickets(220, random_state=0)
    adapter = TextAdapter(stream=stream, **SMALL)
    classifier = SeqConvClassifier(adapter=adapter, epochs=1, random_state=0).fit(tickets.X, tickets.y)
    again = SeqConvClassifier(adapter=TextAdapter(**SMALL), epochs=1, random_state=0).fit(tickets.X, tickets.y)
    np.testing.assert_allclose(classifier.predict_proba(tickets.X), again.predict_proba(tickets.X), atol=1e-4)


@pytest.mark.parametrize(
    ("name", "spoil", "message"),
    [
        ("wide/table", lambda array: array[:, :1], "wide/table must be float32"),
        ("wide/table", None, "wide/table must be float32 .* the file has none"),
        ("wide/pair_table", lambda array: array[:-1], "wide/pair_table must be"),
        ("wide/pair_codes", lambda array: array - 0.5, "pair_codes must be whole numbers"),
        ("wide/pair_codes", lambda array: array + 2.0**31, "pair_codes must be whole numbers"),
        ("wide/share", lambda array: -array - 1, "share must be 0 to"),
        ("wide/share", lambda array: array.astype("float64"), "wide/share must be float32"),
        ("wide/more", lambda array: np.zeros(2, "float32"), "wide/more must be"),
    ],
)
def test_a_linear_model_that_no_fit_leaves_is_rejected(name, spoil, message, fitted):
    described, arrays = fitted.get_state()
    arrays = dict(arrays)
    if spoil is None:
        del arrays[name]
    else:
        arrays[name] = spoil(arrays.get(name))
    with pytest.raises(ValueError, match=message):
        default().set_state(described, arrays)


@pytest.mark.parametrize("n_groups", [1, 2])
def test_few_groups_leave_the_network_its_cases(messages, n_groups, capsys):
    groups = np.arange(260) * n_groups // 260
    classifier = default(verbose=1).fit(messages.X, messages.y, groups=groups)
    n_apart = int(re.search(r"; (\d+) weigh the network", capsys.readouterr().out)[1])
    assert n_apart <= 52 and classifier._wide["share"] > 0


def _flipped(messages):
    """Return messages of which a tenth have the other label."""
    y = messages.y.copy()
    y[::10] = np.where(y[::10] == "ham", "spam", "ham")
    return messages.X, y


@pytest.mark.parametrize(
    "made",
    [
        lambda: make_messages(400, random_state=0),
        lambda: _flipped(make_messages(400, random_state=0)),
        lambda: make_tickets(400, random_state=0),
    ],
    ids=["messages", "one label in ten wrong", "tickets"],
)
def test_probabilities_are_as_honest_as_those_of_logistic_regression(made):
    cases = made()
    X, y = cases if isinstance(cases, tuple) else (cases.X, cases.y)
    train, test = train_test_split(np.arange(400), test_size=0.4, stratify=y, random_state=0)
    X = np.array(X, object)
    vectors = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    plain = make_pipeline(vectors, LogisticRegression(C=10)).fit(X[train], y[train])
    ours = SeqConvClassifier(adapter=TextAdapter(max_pieces=16, max_steps=60), epochs=2, random_state=0).fit(
        X[train], y[train]
    )
    losses = [log_loss(y[test], one.predict_proba(X[test]), labels=one.classes_) for one in (ours, plain)]
    assert losses[0] <= 1.3 * losses[1]
