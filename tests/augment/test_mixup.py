import keras
import numpy as np

from seqconv import augment


def mixed(layer, x, y, weight=None):
    weight = np.ones(len(x), "float32") if weight is None else weight
    return [keras.ops.convert_to_numpy(one) for one in layer((x, y, weight), training=True)]


def pairs(new_y, n):
    """Partner and its share of every case, from the mixed targets of cases of n classes of their own."""
    shares = new_y * (1 - np.eye(n))
    return shares.argmax(axis=1), shares.max(axis=1)


def test_mixup_is_a_convex_combination_of_all_three(rng):
    n = 50
    x, y = rng.normal(size=(n, 20, 3)).astype("float32"), np.eye(n, dtype="float32")
    weight = rng.uniform(0.5, 2, size=n).astype("float32")
    new, new_y, new_weight = mixed(augment.Mixup(1.0, seed=0), x, y, weight)
    _, plain_y, _ = mixed(augment.Mixup(1.0, seed=0), x, y)
    partner, share = pairs(plain_y, n)
    assert sorted(partner) == list(range(n)) and (partner != np.arange(n)).all()
    assert share.max() <= 0.5 and share.max() > 0.4 and share.min() < 0.1
    wide = share[:, None, None]
    np.testing.assert_allclose(new, (1 - wide) * x + wide * x[partner], atol=1e-5)
    np.testing.assert_allclose(new_weight, (1 - share) * weight + share * weight[partner], atol=1e-5)
    np.testing.assert_allclose(plain_y, (1 - share)[:, None] * y + share[:, None] * y[partner], atol=1e-6)
    told = (1 - share)[:, None] * weight[:, None] * y + (share * weight[partner])[:, None] * y[partner]
    np.testing.assert_allclose(new_y * new_weight[:, None], told, atol=1e-6)


def test_mixup_of_unequal_lengths_keeps_the_length_and_the_gaps_of_each(rng):
    n = 20
    x, y = rng.normal(size=(n, 12, 2)).astype("float32"), np.eye(n, dtype="float32")
    for i in range(n):
        x[i, 3 + i % 9 :] = np.nan
    x[::3, 1, 0] = np.nan
    new, new_y, _ = mixed(augment.Mixup(1.0, seed=0), x, y)
    np.testing.assert_array_equal(np.isnan(new), np.isnan(x))
    _, whole_y, _ = mixed(augment.Mixup(1.0, seed=0), np.zeros_like(x), y)
    partner, share = pairs(whole_y, n)
    both = ~np.isnan(x[partner]) & ~np.isnan(x)
    expected = np.where(both, x + share[:, None, None] * (x[partner] - x), x)
    np.testing.assert_allclose(new, expected, atol=1e-5)
    really = share * both.sum(axis=(1, 2)) / (~np.isnan(x)).sum(axis=(1, 2))
    np.testing.assert_allclose(pairs(new_y, n)[1], really, atol=1e-6)


def test_a_partner_of_one_step_has_hardly_a_share_in_the_target_of_mixup(rng):
    x = rng.normal(size=(2, 100, 1)).astype("float32")
    x[1, 1:] = np.nan
    layer, shares = augment.Mixup(1.0, seed=0), []
    for _ in range(30):
        _, y, _ = mixed(layer, x, np.eye(2, dtype="float32"))
        shares.append([y[0, 1], y[1, 0]])
    of_the_long, of_the_short = np.max(shares, axis=0)
    assert 0.003 < of_the_long <= 0.005 and of_the_short > 0.4


def test_mixup_of_regression_targets_is_their_mean():
    x = np.array([0, 10], "float32").reshape(2, 1, 1)
    new, y, _ = mixed(augment.Mixup(1.0, seed=0), x, np.array([[0], [100]], "float32"))
    np.testing.assert_allclose(y.ravel(), 10 * new.ravel(), rtol=1e-5)
    new, y, _ = mixed(augment.Mixup(1.0, seed=0), x, np.array([[0], [100]]))  # whole numbers, too
    np.testing.assert_allclose(y.ravel(), 10 * new.ravel(), rtol=1e-5)


def test_a_tiny_alpha_mixes_nothing_and_stays_finite(rng):
    x, y = rng.normal(size=(200, 3, 1)).astype("float32"), np.eye(200, dtype="float32")
    new, new_y, _ = mixed(augment.Mixup(1e-4, seed=0), x, y)
    assert np.isfinite(new).all() and (np.abs(new - x).max(axis=(1, 2)) < 1e-6).mean() > 0.98
    np.testing.assert_allclose(new_y.sum(axis=1), 1, atol=1e-6)
