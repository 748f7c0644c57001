import keras
import numpy as np
import pytest

from seqconv import augment


def mixed(layer, x, y, weight=None):
    weight = np.ones(len(x), "float32") if weight is None else weight
    return [keras.ops.convert_to_numpy(one) for one in layer((x, y, weight), training=True)]


def pairs(new_y, n):
    """Partner and its share of every case, from the mixed targets of cases of n classes of their own."""
    shares = new_y * (1 - np.eye(n))
    return shares.argmax(axis=1), shares.max(axis=1)


def test_cutmix_shares_are_the_steps_that_each_gave(rng):
    n = 40
    own = np.arange(n, dtype="float32")
    x = np.broadcast_to(own[:, None, None], (n, 30, 2)).copy()
    x[::2, 20:] = np.nan
    x[1::3, 5:8] = np.nan
    new, new_y, _ = mixed(augment.CutMix(seed=0), x, np.eye(n, dtype="float32"))
    partner, share = pairs(new_y, n)
    assert share.max() > 0.8 and (share > 0).mean() > 0.8
    for i in range(n):
        theirs, ours = (new[i, :, 0] == partner[i]), (new[i, :, 0] == i)
        if share[i] == 0:
            # The stretch may be empty, or a gap of the partner.
            left = ~np.isnan(new[i])
            np.testing.assert_array_equal(new[i][left], x[i][left])
            continue
        assert share[i] == pytest.approx(theirs.sum() / (theirs.sum() + ours.sum()), abs=1e-6)
        stretch = np.arange(theirs.argmax(), 30 - theirs[::-1].argmax())
        np.testing.assert_array_equal(new[i, stretch], x[partner[i], stretch])
        rest = np.setdiff1d(np.arange(30), stretch)
        inside_gap = np.isnan(new[i, rest]) & ~np.isnan(x[i, rest])  # a gap at an end of the stretch
        np.testing.assert_array_equal(new[i, rest][~inside_gap], x[i, rest][~inside_gap])
        assert not inside_gap.any() or np.isnan(x[partner[i], rest][inside_gap]).all()


def test_every_step_of_a_case_may_be_replaced_the_first_and_the_last_included():
    n = 400
    x = np.broadcast_to(np.arange(n, dtype="float32")[:, None, None], (n, 8, 1)).copy()
    new, _, _ = mixed(augment.CutMix(seed=0), x, np.eye(n, dtype="float32"))
    replaced = (new != x)[..., 0].mean(axis=0)  # (steps,)
    assert replaced.min() > 0.2 and abs(replaced[0] - replaced[-1]) < 0.1
    x[:, 5:] = np.nan
    new, _, _ = mixed(augment.CutMix(seed=0), x, np.eye(n, dtype="float32"))
    assert (new != x)[:, 4, 0].mean() > 0.2
