"""The linear model of a text: what scikit-learn decides on the same counts, scale, weights and pairs."""

import keras
import numpy as np
import pytest
from sklearn.svm import LinearSVC

from seqconv.adapters import TextAdapter
from seqconv.data.cases import DecodedCases, StoredCases
from seqconv.data.survey import survey
from seqconv.datasets import make_messages, make_tickets
from seqconv.layers import WideLogits
from seqconv.training.part import Part
from seqconv.training.weighing import USUAL, set_apart, weigh
from seqconv.training.wide import bags_of, fit_wide, spread


def part_of(texts, labels, unit="subword", weight=None, in_blocks=False):
    adapter = TextAdapter(unit, n_buckets=2048).fit(texts)
    ids = adapter.transform(texts)
    y = np.eye(len(set(labels)), dtype=np.float32)[np.unique(labels, return_inverse=True)[1]]
    cases = StoredCases(ids, is_ids=True)
    if in_blocks:
        cases = DecodedCases(len(ids), lambda chosen: adapter.transform([texts[i] for i in chosen]), is_ids=True)
    weight = np.ones(len(texts), np.float32) if weight is None else weight
    return Part(cases, survey([ids], is_ids=True), y, weight), ids, adapter.n_tokens_


def logits_of(weights, ids):
    layer = WideLogits(*weights["table"].shape, len(weights["pair_codes"]))
    layer.build(ids.shape)
    for variable in layer.weights:
        variable.assign(weights[variable.name])
    return keras.ops.convert_to_numpy(layer(ids))


def log_loss(logits, y):
    return float(np.mean(np.logaddexp.reduce(logits, axis=1) - (y * logits).sum(axis=1)))


@pytest.fixture(scope="module")
def messages():
    return make_messages(300, random_state=0)


@pytest.mark.parametrize("unit", ["word", "subword"])
@pytest.mark.parametrize("make", [make_messages, make_tickets], ids=["two classes", "eight classes"])
def test_the_layer_decides_as_scikit_learn_on_the_same_counts(unit, make):
    texts = make(200, random_state=1)
    part, ids, n_tokens = part_of(texts.X, texts.y, unit)
    weights, _ = fit_wide(part, n_tokens)
    bags, _ = bags_of(part, n_tokens)
    columns = []
    for counts, share in zip(bags, (1.0, 0.5, 1.0), strict=False):
        counts = counts.toarray().astype(float)
        seen = (counts > 0).sum(axis=0)
        idf = np.where(seen > 0, np.log((1 + len(counts)) / (1 + seen)) + 1, 0)
        norms = np.sqrt(np.maximum((counts * idf**2).sum(axis=1), 1e-6))
        columns.append(share * counts * idf / norms[:, None])
    columns = np.concatenate(columns, axis=1)
    settings = {"C": 0.5, "class_weight": "balanced"} if len(set(texts.y)) > 2 else {}
    machine = LinearSVC(**settings, random_state=0)
    margins = machine.fit(columns, texts.y).decision_function(columns)
    margins = np.stack([-margins, margins], axis=1) if margins.ndim == 1 else margins
    logits = logits_of(weights, ids)
    scale = (logits * margins).sum() / (margins**2).sum()
    assert scale > 0
    np.testing.assert_allclose(logits, scale * margins, atol=2e-2 * scale)


def test_cases_decoded_in_blocks_give_the_same_weights(messages):
    whole, _, n_tokens = part_of(messages.X, messages.y)
    blocks, _, _ = part_of(messages.X, messages.y, in_blocks=True)
    for name, array in fit_wide(whole, n_tokens)[0].items():
        np.testing.assert_array_equal(fit_wide(blocks, n_tokens)[0][name], array)


def test_no_other_scale_has_a_lower_log_loss_on_left_out_cases(messages):
    part, _, n_tokens = part_of(messages.X, messages.y)
    _, left_out = fit_wide(part, n_tokens)
    best = log_loss(left_out, part.y)
    assert best < log_loss(0.7 * left_out, part.y)
    assert best < log_loss(1.4 * left_out, part.y)
    assert best < 0.6 * np.log(2)


def test_heavier_cases_draw_the_answers_to_their_class(messages):
    texts, labels = messages.X[:60], np.array(messages.y[:60])
    shares = []
    for heavy in ("ham", "spam"):
        part, ids, n_tokens = part_of(texts, labels, weight=np.where(labels == heavy, 10, 1).astype(np.float32))
        logits = logits_of(fit_wide(part, n_tokens)[0], ids)
        shares.append(logits[:, 1].mean() / np.abs(logits).mean())
    assert shares[1] > shares[0] + 0.02


@pytest.mark.parametrize("is_split", [True, False])
def test_several_classes_count_alike_unless_cases_have_weights(is_split):
    rng = np.random.default_rng(0)
    labels = np.repeat(["often", "rare"], [180, 20])
    if is_split:
        labels = np.repeat(["often 1", "rare", "often 2"], [90, 20, 90])
    texts = [" ".join(rng.choice(list("abcdefgh"), 4)) + (" x" if rng.random() < 0.3 else "") for _ in labels]
    n_rare = []
    # Weights that differ by next to nothing are weights all the same.
    for weight in (np.ones(200, np.float32), np.linspace(1, 1.001, 200, dtype=np.float32)):
        part, ids, n_tokens = part_of(texts, labels, weight=weight)
        predicted = np.unique(labels)[logits_of(fit_wide(part, n_tokens)[0], ids).argmax(axis=1)]
        n_rare.append((predicted == "rare").sum())
    assert n_rare[0] > n_rare[1] if is_split else n_rare[0] == n_rare[1]


def test_a_class_of_one_case_leaves_all_numbers_finite():
    texts, labels = ["a b c", "a b d", "b a c", "x y z", "q r s"], ["1", "1", "1", "2", "3"]
    part, ids, n_tokens = part_of(texts, labels)
    weights, left_out = fit_wide(part, n_tokens)
    assert np.isfinite(left_out).all()
    assert all(np.isfinite(array).all() for array in weights.values())
    assert logits_of(weights, ids).argmax(axis=1).tolist() == [0, 0, 0, 1, 2]


def test_texts_of_one_word_have_no_pairs():
    part, ids, n_tokens = part_of(["yes", "no"] * 10, ["a", "b"] * 10, "word")
    weights, _ = fit_wide(part, n_tokens)
    assert weights["pair_codes"].tolist() == [0]
    assert (logits_of(weights, ids).argmax(axis=1) == [0, 1] * 10).all()


def test_folds_spread_each_class():
    labels = np.repeat([0, 1, 2], [30, 9, 3])
    folds = spread(labels, 3, seed=0)
    for label, n in ((0, 10), (1, 3), (2, 1)):
        assert np.bincount(folds[labels == label], minlength=3).tolist() == [n] * 3


def test_a_tenth_of_each_class_is_set_apart_and_each_class_is_left():
    labels = np.repeat(["a", "b", "c"], [200, 100, 1]).tolist()
    part, _, _ = part_of([f"w{i % 7} {label}" for i, label in enumerate(labels)], labels)
    rows, watched = set_apart(part, seed=0)
    assert sorted([*rows, *watched]) == list(range(301))
    found = part.y[watched].sum(axis=0)
    assert abs(found[0] - 20) <= 1 and abs(found[1] - 10) <= 1 and found[2] == 0
    few, none = set_apart(part.of(np.arange(199)), seed=0)
    assert len(few) == 199 and len(none) == 0


def weighed(rng, good, n=2_000):
    """Weights where the linear model knows a half of the truth, and the network the other half or nothing."""
    y = rng.integers(0, 2, n)
    part = Part(None, None, np.eye(2, dtype=np.float32)[y], np.ones(n, np.float32))
    signs = 2.0 * y - 1
    margins = signs + rng.normal(size=n)  # its log-odds are twice this
    other = 2 * (signs + rng.normal(size=n)) if good else rng.normal(size=n)
    logits = np.stack([-margins, margins], axis=1)
    probabilities = 1 / (1 + np.exp(-np.stack([-other, other], axis=1)))
    return weigh(logits, probabilities, part)


def test_a_network_that_knows_nothing_has_no_share():
    factor, share = weighed(np.random.default_rng(0), good=False)
    assert abs(factor - 1) <= 0.15 and share <= 0.05


def test_a_network_that_knows_more_has_a_share():
    factor, share = weighed(np.random.default_rng(0), good=True)
    assert abs(factor - 1) <= 0.2 and share >= 0.8


def test_few_cases_leave_the_usual_weights_nearly_as_they_are():
    factor, share = weighed(np.random.default_rng(0), good=False, n=4)
    assert abs(factor - USUAL[0]) <= 0.15 and abs(share - USUAL[1]) <= 0.15
