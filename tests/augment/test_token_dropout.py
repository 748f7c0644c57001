import keras
import numpy as np
import pytest

from seqconv.augment import TokenDropout


def dropped(layer, ids):
    y, weight = np.ones((len(ids), 2), "float32"), np.ones(len(ids), "float32")
    return keras.ops.convert_to_numpy(layer((ids, y, weight), training=True)[0])


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
    np.testing.assert_array_equal(new[..., :2][~hidden], ids[..., :2][~hidden])


def test_no_pair_names_a_hidden_token(rng):
    ids = rng.integers(1, 100, size=(50, 20, 5)).astype("int32")
    new = dropped(TokenDropout(0.4, rate=1, seed=0), ids)
    hidden = (new == 0).all(axis=2)
    behind = np.pad(hidden[:, :-1], ((0, 0), (1, 0)))
    expected = np.where(hidden[..., None] | (behind[..., None] & (np.arange(5) == 2)), 0, ids)
    assert (behind & ~hidden).any()
    np.testing.assert_array_equal(new, expected)
    kept = dropped(TokenDropout(0.4, rate=1, seed=0, pair_piece=None), ids)
    np.testing.assert_array_equal(kept, np.where(hidden[..., None], 0, ids))


@pytest.mark.parametrize("stop", [1, 2, 3])
def test_a_token_is_hidden_as_the_adapter_of_texts_hides_it(stop):
    from seqconv.adapters import TextAdapter

    adapter = TextAdapter().fit(["win a prize"])
    ids = adapter.transform(["win a prize", "win a prize now"])
    layer = TokenDropout(0.4, rate=1, seed=0)
    for _ in range(200):
        new = dropped(layer, ids)
        if np.flatnonzero((new == 0).all(axis=2)[1]).tolist() == list(range(stop - 1, stop)):
            np.testing.assert_array_equal(new[1], adapter.hide(ids, stop - 1, stop)[1])
            return
    raise AssertionError("no draw hid that token alone")


def test_one_token_is_left():
    ids = np.array([[5, 0, 0], [5, 6, 7], [0, 0, 0]])
    new = dropped(TokenDropout(1.0, rate=1, seed=0), ids)
    assert (new != 0).sum(axis=1).tolist() == [1, 1, 0]
