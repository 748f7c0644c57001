import numpy as np
import pytest
from scipy.signal import stft
from scipy.stats import beta

from seqconv import augment
from seqconv.augment.between_class import _a_weight


def mixed(layer, x, y, weight=None):
    weight = np.ones(len(x), "float32") if weight is None else weight
    return [np.asarray(one) for one in layer((x, y, weight), training=True)]


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
            np.testing.assert_array_equal(new[i], x[i])
            continue
        assert share[i] == pytest.approx(theirs.sum() / (theirs.sum() + ours.sum()), abs=1e-6)
        stretch = np.arange(theirs.argmax(), 30 - theirs[::-1].argmax())
        np.testing.assert_array_equal(new[i, stretch], x[partner[i], stretch])
        rest = np.setdiff1d(np.arange(30), stretch)
        inside_gap = np.isnan(new[i, rest]) & ~np.isnan(x[i, rest])  # a gap at an end of the stretch
        np.testing.assert_array_equal(new[i, rest][~inside_gap], x[i, rest][~inside_gap])
        assert not inside_gap.any() or np.isnan(x[partner[i], rest][inside_gap]).all()


# ---- between classes

RATE_HZ = 8000


def loudness(sound):
    """A-weighted amplitude of the loudest frame, by another library."""
    sound = np.nan_to_num(sound.astype(float))
    frequencies, _, values = stft(
        np.append(sound, np.zeros(512)), RATE_HZ, "hann", 512, 256, boundary=None, padded=False
    )
    f = frequencies[:, None] ** 2
    ear = 12194**2 * f**2 / ((f + 20.6**2) * np.sqrt((f + 107.7**2) * (f + 737.9**2)) * (f + 12194**2)) * 10**0.1
    return np.sqrt((np.abs(values * ear) ** 2).sum(axis=0).max())


def sounds(rng):
    t = np.arange(3000) / RATE_HZ
    pitch, level = rng.uniform(100, 3000, size=(16, 1)), 10 ** rng.uniform(-2, 0, size=(16, 1))
    x = (level * np.sin(2 * np.pi * pitch * t)).astype("float32")[..., None]
    x[::4, 2000:] = np.nan
    return x


def test_between_classes_is_the_formula_of_the_paper(rng):
    x, n = sounds(rng), 16
    new, new_y, new_weight = mixed(augment.BetweenClassMixing(RATE_HZ, seed=0), x, np.eye(n, dtype="float32"))
    partner, share = pairs(new_y, n)
    for i, (j, r) in enumerate(zip(partner, 1 - share, strict=True)):
        gap_db = 20 * np.log10(loudness(x[i, :, 0]) / loudness(x[j, :, 0]))
        p = 1 / (1 + 10 ** (gap_db / 20) * (1 - r) / r)
        expected = (p * np.nan_to_num(x[i]) + (1 - p) * np.nan_to_num(x[j])) / np.sqrt(p**2 + (1 - p) ** 2)
        expected[np.isnan(x[i]) & np.isnan(x[j])] = np.nan
        np.testing.assert_allclose(new[i], expected, atol=1e-3)
    np.testing.assert_allclose(new_weight, 1, atol=1e-6)


def test_the_frequency_weights_are_those_of_the_standard():
    # Table of IEC 61672-1, in decibels, at tenth powers of ten.
    table = {15: -39.4, 18: -26.2, 21: -16.1, 24: -8.6, 27: -3.2, 30: 0.0, 33: 1.2, 36: 1.0, 39: -1.1}
    for tenths, expected_db in table.items():
        assert 20 * np.log10(_a_weight(10 ** (tenths / 10))) == pytest.approx(expected_db, abs=0.06)


def test_partners_are_of_another_class(rng):
    x = sounds(rng)
    classes = np.arange(16) % 2
    _, y, _ = mixed(augment.BetweenClassMixing(RATE_HZ, seed=0), x, np.eye(2, dtype="float32")[classes])
    assert ((y > 0).sum(axis=1) == 2).all()
    assert 0.05 < y.std() and y.min() < 0.15
    _, same, _ = mixed(augment.BetweenClassMixing(RATE_HZ, seed=0), x, np.ones((16, 1), "float32"))
    np.testing.assert_allclose(same, 1)


def test_channels_that_are_no_waveform_are_refused(rng):
    x, y = rng.normal(size=(4, 60, 3)).astype("float32"), np.eye(4, dtype="float32")
    with pytest.raises(ValueError, match="waveforms, .* got 3 channels; .*features='waveform'"):
        mixed(augment.BetweenClassMixing(RATE_HZ), x, y)


def test_silence_stays_finite(rng):
    x = sounds(rng)
    x[:5] = 0
    x[5] = np.nan
    new, _, _ = mixed(augment.BetweenClassMixing(RATE_HZ, seed=0), x, np.eye(16, dtype="float32"))
    assert np.isfinite(new[:5, :2000]).all()
