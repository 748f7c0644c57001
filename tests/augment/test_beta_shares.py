import keras
import numpy as np
import pytest
from scipy.stats import beta

from seqconv import augment


def mixed(layer, x, y, weight=None):
    weight = np.ones(len(x), "float32") if weight is None else weight
    return [keras.ops.convert_to_numpy(one) for one in layer((x, y, weight), training=True)]


def pairs(new_y, n):
    """Partner and its share of every case, from the mixed targets of cases of n classes of their own."""
    shares = new_y * (1 - np.eye(n))
    return shares.argmax(axis=1), shares.max(axis=1)


@pytest.mark.parametrize("alpha", [0.01, 0.2, 1.0, 8.0])
def test_shares_follow_the_beta_distribution(alpha):
    n = 1000
    y = np.eye(n, dtype="float32")
    _, of_mixup, _ = mixed(augment.Mixup(alpha, seed=0), np.zeros((n, 1, 1), "float32"), y)
    _, of_cutmix, _ = mixed(augment.CutMix(alpha, seed=0), np.zeros((n, 100, 1), "float32"), y)
    for shares in (pairs(of_mixup, n)[1], pairs(of_cutmix, n)[1]):
        low, high = np.quantile(np.minimum(shares, 1 - shares), [0.25, 0.75])
        assert beta(alpha, alpha).cdf(low) * 2 == pytest.approx(0.25, abs=0.06) or low < 0.01
        assert beta(alpha, alpha).cdf(high) * 2 == pytest.approx(0.75, abs=0.06) or high < 0.01
    assert pairs(of_cutmix, n)[1].mean() == pytest.approx(0.5, abs=0.05)
