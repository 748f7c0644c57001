import keras
import numpy as np
import pytest

from seqconv import augment


def mixed(layer, x, y, weight=None):
    weight = np.ones(len(x), "float32") if weight is None else weight
    return [keras.ops.convert_to_numpy(one) for one in layer((x, y, weight), training=True)]


MIXING = [augment.Mixup(1.0, seed=0), augment.CutMix(seed=0), augment.BetweenClassMixing(1000, seed=0)]


@pytest.mark.parametrize("layer", MIXING[:2], ids=lambda layer: type(layer).__name__)
def test_classes_balanced_by_weights_stay_balanced(layer, rng):
    n = 4000
    y = np.eye(2, dtype="float32")[(np.arange(n) % 20 == 0).astype(int)]  # 5 % of the second class
    weight = np.where(y[:, 1] == 1, 10, 1 / 1.9).astype("float32")
    new_y, new_weight = mixed(layer, rng.normal(size=(n, 60, 1)).astype("float32"), y, weight)[1:]
    assert (new_weight * new_y[:, 1]).sum() / new_weight.sum() == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("layer", MIXING, ids=lambda layer: type(layer).__name__)
def test_a_case_of_weight_0_tells_nothing_of_its_target(layer, rng):
    x, y, weight = rng.normal(size=(2, 60, 1)), np.eye(2, dtype="float32"), np.array([0, 2], "float32")
    new_y, new_weight = mixed(layer, x.astype("float32"), y, weight)[1:]
    np.testing.assert_allclose(new_y[new_weight > 0], [[0, 1]] * (new_weight > 0).sum(), atol=1e-6)
    new_y, new_weight = mixed(layer, x.astype("float32"), y, np.zeros(2, "float32"))[1:]
    np.testing.assert_allclose(new_y.sum(axis=1), 1, atol=1e-6)
    assert not new_weight.any()
