import numpy as np
import pytest

from seqconv.augment import TokenDropout


def dropped(layer, ids):
    y, weight = np.ones((len(ids), 2), "float32"), np.ones(len(ids), "float32")
    return np.asarray(layer((ids, y, weight), training=True)[0])


def test_the_share_of_tokens_is_hidden_and_no_padding_counts(rng):
    ids = rng.integers(1, 100, size=(200, 40)).astype("int32")
    ids[:, 25:] = 0
    new = dropped(TokenDropout(0.3, rate=1, seed=0), ids)
    hidden = new == 0
    assert hidden[:, :25].mean() == pytest.approx(0.3, abs=0.03) and hidden[:, 25:].all()
    np.testing.assert_array_equal(new[~hidden], ids[~hidden])


def test_all_pieces_of_a_token_are_hidden_together(rng):
    ids = rng.integers(0, 100, size=(50, 20, 3)).astype("int32")
    ids[..., 0] += 1
    new = dropped(TokenDropout(0.5, rate=1, seed=0), ids)
    hidden = (new == 0).all(axis=2)
    assert 0.4 < hidden.mean() < 0.6 and new.dtype == ids.dtype
    np.testing.assert_array_equal(new[~hidden], ids[~hidden])


def test_one_token_is_left():
    ids = np.array([[5, 0, 0], [5, 6, 7], [0, 0, 0]])
    new = dropped(TokenDropout(1.0, rate=1, seed=0), ids)
    assert (new != 0).sum(axis=1).tolist() == [1, 1, 0]
