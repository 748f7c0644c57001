"""The linear model of bags of pieces, with weights at random."""

import keras
import numpy as np
import oracles
import pytest

from seqconv.layers import WideLogits
from seqconv.layers.wide_logits import pair_codes

N_TOKENS, N_CLASSES, N_PAIRS = 12, 3, 40
PLACES = {"one piece": None, "token and shape": 2, "token, shape and pair": 3, "with n-grams": 6}


def filled(rng, n_pairs=N_PAIRS):
    """A layer whose pairs of ids below 7 have rows of their own, as far as there are rows."""
    layer = WideLogits(N_TOKENS, N_CLASSES, n_pairs)
    layer.build((None, None, None))
    for weight in layer.weights:
        weight.assign(rng.normal(size=weight.shape) if weight.name != "pair_codes" else np.zeros(weight.shape))
    for weight in (layer.squares, layer.pair_squares):
        weight.assign(rng.uniform(0.5, 2, size=weight.shape))
    codes = np.array([pair_codes(before, after) for before in range(2, 7) for after in range(2, 7)])
    held = np.zeros(n_pairs, int)
    held[codes % n_pairs] = codes
    layer.pair_codes.assign(held)
    return layer


def drawn(rng, n_pieces, lengths=(9, 4, 1)):
    ids = rng.integers(0, N_TOKENS, size=(len(lengths), max(lengths), n_pieces or 1))
    ids[..., 0] = np.maximum(ids[..., 0], 1)
    ids *= (np.arange(max(lengths)) < np.array(lengths)[:, None])[..., None]
    return ids.astype("int32") if n_pieces else ids[..., 0].astype("int32")


def answers(layer, ids):
    return keras.ops.convert_to_numpy(layer(ids))


def by_loop(layer, ids):
    weights = {weight.name: keras.ops.convert_to_numpy(weight) for weight in layer.weights}
    return oracles.wide_logits(ids if ids.ndim == 3 else ids[..., None], weights)


@pytest.mark.parametrize("n_pieces", PLACES.values(), ids=PLACES)
def test_it_equals_the_slow_loop(n_pieces):
    rng = np.random.default_rng(0)
    layer, ids = filled(rng), drawn(rng, n_pieces)
    np.testing.assert_allclose(answers(layer, ids), by_loop(layer, ids), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("n_pieces", PLACES.values(), ids=PLACES)
def test_a_text_alone_equals_the_text_in_a_padded_batch(n_pieces):
    rng = np.random.default_rng(1)
    layer, ids = filled(rng), drawn(rng, n_pieces)
    together = answers(layer, ids)
    for case, length in enumerate((9, 4, 1)):
        np.testing.assert_allclose(answers(layer, ids[case : case + 1, :length])[0], together[case], rtol=1e-5)


def test_rows_of_padding_and_of_the_unknown_token_do_not_count():
    rng = np.random.default_rng(2)
    layer, ids = filled(rng), drawn(rng, 6)
    expected = answers(layer, ids)
    table = keras.ops.convert_to_numpy(layer.table).copy()
    table[:2] = 1e6
    layer.table.assign(table)
    np.testing.assert_array_equal(answers(layer, ids), expected)


def test_a_pair_counts_only_where_its_row_holds_it():
    rng = np.random.default_rng(3)
    layer = filled(rng, n_pairs=1)  # the last pair, 6 after 6, has the one row
    known, other = np.array([[6, 6]], "int32"), np.array([[6, 5]], "int32")
    before = answers(layer, known), answers(layer, other)
    layer.pair_table.assign(layer.pair_table + 1)
    assert np.abs(answers(layer, known) - before[0]).min() > 0.1
    np.testing.assert_array_equal(answers(layer, other), before[1])


def test_a_hidden_step_has_no_pair_with_its_neighbours():
    layer = filled(np.random.default_rng(4))
    gap, apart = np.array([[3, 0, 4]], "int32"), np.array([[3, 1, 4]], "int32")
    np.testing.assert_allclose(answers(layer, gap), answers(layer, apart), rtol=1e-6)
    assert np.abs(answers(layer, gap) - answers(layer, np.array([[3, 4, 0]], "int32"))).max() > 1e-3


def test_codes_of_pairs_fit_int32_and_differ():
    ids = np.arange(2, 300)
    codes = pair_codes(*np.meshgrid(ids, ids))
    assert len(np.unique(codes)) == codes.size
    assert pair_codes(np.int32((1 << 24) - 1), np.int32((1 << 24) - 1)) < 2**31 - 1 + 1


def test_no_weight_learns():
    layer = filled(np.random.default_rng(5))
    assert layer.trainable_weights == []
