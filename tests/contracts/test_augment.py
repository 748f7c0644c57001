"""One table of all exported augmentations; every promise is asked of each."""

import json
import random
from dataclasses import dataclass

import keras
import numpy as np
import pytest

from seqconv import SeqConvClassifier, augment
from seqconv.data.padding import lengths
from seqconv.encoders import FCN

N_CASES, N_STEPS, N_CHANNELS = 6, 24, 4
TORCH = keras.config.backend() == "torch"


@dataclass(frozen=True)
class Asked:
    """An augmentation with its arguments, and what it is fed."""

    name: str
    arguments: dict
    fed: str = "series"  # or "sound", "tokens"

    def __str__(self):
        return "-".join([self.name, *(f"{k}={v}" for k, v in self.arguments.items())])

    def make(self, seed=1, rate=1.0):
        return getattr(augment, self.name)(**self.arguments, rate=rate, seed=seed)


TABLE = [
    Asked("Jitter", {"std": 0.3}),
    Asked("AddNoise", {"snr_db": (0, 10)}),
    Asked("Scaling", {"std": 0.3}),
    Asked("Gain", {"gain_db": (-12, 12)}),
    Asked("Gain", {"in_decibels": True}),
    Asked("MagnitudeWarp", {"std": 0.3}),
    Asked("Drift", {"max_drift": 1}),
    Asked("RandomShift", {"max_share": 0.5}),
    Asked("RandomShift", {"max_share": 0.5, "fill": "wrap"}),
    Asked("WindowSlice", {"share": 0.6}),
    Asked("Permutation", {"n_segments": 3}),
    Asked("TimeWarp", {"std": 0.4}),
    Asked("SpeedChange", {"speed": (0.7, 1.5)}),
    Asked("HiddenSpans", {"n_spans": 2, "max_share": 0.4}),
    Asked("HiddenSpans", {"max_share": 0.9, "per_channel": True}),
    Asked("ChannelDropout", {"share": 0.5}),
    Asked("TimeMasking", {"max_share": 0.6}),
    Asked("TimeMasking", {"max_share": 0.6, "fill": "mean"}),
    Asked("FrequencyMasking", {"max_share": 0.6}),
    Asked("FrequencyMasking", {"max_share": 0.6, "fill": "mean"}),
    Asked("Equalizer", {"std": 0.5}),
    Asked("FrequencyShift", {"max_channels": 2}),
    Asked("FrequencyWarp", {"factor": (0.6, 1.7)}),
    Asked("TokenDropout", {"share": 0.4}, "tokens"),
    Asked("Mixup", {"alpha": 1}),
    Asked("CutMix", {}),
    Asked("BetweenClassMixing", {"sampling_rate_hz": 200}, "sound"),
]
# What takes away as much as its arguments allow.
GREEDY = [
    Asked("RandomShift", {"max_share": 0.99}),
    Asked("WindowSlice", {"share": 0.01}),
    Asked("TimeWarp", {"std": 3}),
    Asked("SpeedChange", {"speed": (5, 10)}),
    Asked("HiddenSpans", {"n_spans": 9, "max_share": 1}),
    Asked("HiddenSpans", {"n_spans": 9, "max_share": 1, "per_channel": True}),
    Asked("ChannelDropout", {"share": 1}),
    Asked("TimeMasking", {"n_masks": 9, "max_share": 1}),
    Asked("FrequencyMasking", {"n_masks": 9, "max_share": 1}),
    Asked("TokenDropout", {"share": 1}, "tokens"),
]


def ask(keep=lambda asked: True, table=TABLE):
    return pytest.mark.parametrize("asked", [asked for asked in table if keep(asked)], ids=str)


def is_mixing(asked):
    return getattr(augment, asked.name).mixes_cases


def feed(asked, rng, n_cases=N_CASES, n_steps=N_STEPS):
    """x with padding and gaps, y one-hot, weight."""
    own_lengths = np.maximum(n_steps - 4 * (np.arange(n_cases) % 4), 1)
    behind = np.arange(n_steps) >= own_lengths[:, None]
    y, weight = np.eye(3, dtype="float32")[np.arange(n_cases) % 3], np.linspace(0.5, 1.5, n_cases, dtype="float32")
    if asked.fed == "tokens":
        ids = rng.integers(1, 9, size=(n_cases, n_steps))
        ids[:, 3:5] = 0
        return np.where(behind, 0, ids).astype("int32"), y, weight
    x = (rng.normal(size=(n_cases, n_steps, N_CHANNELS)) + [0, 5, 0, -300]).astype("float32")
    x[rng.random(x.shape) < 0.05] = np.nan
    x[:, 3:5] = np.nan
    x[:, n_steps // 2, 0] = np.nan
    last = own_lengths - 1
    x[np.arange(n_cases), last] = 1  # so that the length is what it is meant to be
    x[behind] = np.nan
    return x[..., :1] if asked.fed == "sound" else x, y, weight


def call(layer, inputs, training=True):
    return [keras.ops.convert_to_numpy(one) for one in layer(inputs, training=training)]


def is_there(x):
    return x != 0 if x.dtype.kind == "i" else ~np.isnan(x)


def equal_three(left, right):
    return all(np.array_equal(one, other, equal_nan=True) for one, other in zip(left, right, strict=True))


def test_every_exported_augmentation_is_asked():
    assert {asked.name for asked in TABLE} == set(augment.__all__) - {"Augmentation", "names"}


@ask()
@pytest.mark.parametrize("training", [False, None])
def test_nothing_happens_outside_training(asked, rng, training):
    inputs = feed(asked, rng)
    for one, other in zip(call(asked.make(), inputs, training), inputs, strict=True):
        assert one.tobytes() == other.tobytes() and one.dtype == other.dtype


@ask()
def test_at_rate_0_nothing_is_changed(asked, rng):
    inputs = feed(asked, rng)
    x, y, weight = call(asked.make(rate=0), inputs)
    assert equal_three((x[:, :N_STEPS], y, weight), inputs) and not is_there(x[:, N_STEPS:]).any()


@ask()
def test_the_rate_is_the_share_of_cases_changed(asked, rng):
    inputs = feed(asked, rng, n_cases=400)
    x, _, _ = call(asked.make(rate=0.5), inputs)
    always, _, _ = call(asked.make(), inputs)
    possible = changed(always, inputs[0])
    assert possible.mean() > 0.5  # some draws leave a case as it is
    assert changed(x, inputs[0]).mean() == pytest.approx(possible.mean() / 2, abs=0.1)


def changed(new, old):
    return np.array([not np.array_equal(a[: len(b)], b, equal_nan=True) for a, b in zip(new, old, strict=True)])


@ask()
def test_the_same_seed_draws_the_same_and_another_seed_another(asked, rng):
    inputs = feed(asked, rng)
    layer, twin, other = asked.make(seed=1), asked.make(seed=1), asked.make(seed=2)
    first, second = call(layer, inputs), call(layer, inputs)
    assert equal_three(first, call(twin, inputs)) and equal_three(second, call(twin, inputs))
    assert not np.array_equal(first[0], second[0], equal_nan=True)
    assert not np.array_equal(first[0], call(other, inputs)[0], equal_nan=True)


@ask()
def test_a_seed_that_is_not_given_comes_from_keras_generator(asked, rng):
    inputs = feed(asked, rng)
    answers = []
    for _ in range(2):
        random.seed(7)
        layer = asked.make(seed=None)
        before = random.getstate()
        answers.append(call(layer, inputs))
        assert random.getstate() == before  # drawing leaves it as it is
    assert equal_three(*answers)


@ask()
def test_a_layer_made_from_its_configuration_draws_the_same(asked, rng):
    layer = asked.make(seed=5)
    again = type(layer).from_config(json.loads(json.dumps(layer.get_config())))
    assert again.get_config() == layer.get_config()
    restored = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    inputs = feed(asked, rng)
    first = call(layer, inputs)
    assert equal_three(first, call(again, inputs)) and equal_three(first, call(restored, inputs))
    assert {"rate", "seed", *asked.arguments} <= set(layer.get_config())


@ask(lambda asked: not (TORCH and asked.name in ("Jitter", "AddNoise", "TokenDropout")))
def test_more_padding_changes_nothing(asked, rng):
    x, y, weight = feed(asked, rng)
    behind = ((0, 0), (0, 13), (0, 0))[: x.ndim]
    longer = np.pad(x, behind, constant_values=0 if asked.fed == "tokens" else np.nan)
    short, long = call(asked.make(), (x, y, weight)), call(asked.make(), (longer, y, weight))
    assert not is_there(long[0][:, short[0].shape[1] :]).any()
    np.testing.assert_allclose(long[0][:, : short[0].shape[1]], short[0], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(long[1], short[1], atol=1e-5)
    np.testing.assert_allclose(long[2], short[2], atol=1e-5)


@ask(table=[*TABLE, *GREEDY])
def test_no_case_loses_all_and_nothing_is_put_behind_its_end(asked, rng):
    layer = asked.make()
    for _ in range(5):
        x, y, weight = feed(asked, rng)
        x[1, 1:] = 0 if asked.fed == "tokens" else np.nan
        x[2, :-1] = 0 if asked.fed == "tokens" else np.nan
        x[2, -1] = 3
        if x.ndim == 3:
            x[1:3, :, 1:] = np.nan
            x[1, 0, 0] = 3
        new, _, _ = call(layer, (x, y, weight))
        assert is_there(new).reshape(len(x), -1).any(axis=1).all()
        if asked.name == "SpeedChange":
            assert (lengths(new) <= lengths(x) * max(1, 1 / asked.arguments["speed"][0])).all()
        elif asked.name != "BetweenClassMixing":
            assert (lengths(new) <= lengths(x)).all()


@ask()
def test_what_is_complete_stays_so_unless_the_layer_says_otherwise(asked, rng):
    x, y, weight = feed(asked, rng)
    layer = asked.make()
    new, _, _ = call(layer, (np.where(is_there(x), x, 1), y, weight))
    assert np.isfinite(new).all() != layer.may_hide or asked.fed == "tokens"


POINTWISE = {"Jitter", "AddNoise", "Scaling", "Gain", "MagnitudeWarp", "Drift", "Mixup"}


@ask(lambda asked: asked.name in POINTWISE or asked.arguments.get("fill") == "mean")
def test_gaps_stay_where_they_are(asked, rng):
    inputs = feed(asked, rng)
    np.testing.assert_array_equal(is_there(call(asked.make(), inputs)[0]), is_there(inputs[0]))


@ask(lambda asked: asked.name in ("HiddenSpans", "ChannelDropout", "TimeMasking", "FrequencyMasking", "TokenDropout"))
def test_what_is_not_hidden_is_as_it_was(asked, rng):
    inputs = feed(asked, rng)
    new, _, _ = call(asked.make(), inputs)
    left = is_there(new)
    if asked.arguments.get("fill") == "mean":
        left &= new == inputs[0]
    assert left.any() and is_there(inputs[0])[left].all()
    np.testing.assert_array_equal(new[left], inputs[0][left])


@ask()
def test_a_case_without_a_step_passes(asked, rng):
    x, y, weight = feed(asked, rng)
    x[0] = 0 if asked.fed == "tokens" else np.nan
    new, new_y, _ = call(asked.make(), (x, y, weight))
    assert asked.name == "BetweenClassMixing" or not is_there(new[0]).any()
    assert is_there(new[1:]).any() and np.isfinite(new_y).all()


@ask()
def test_one_case_alone_passes(asked, rng):
    inputs = feed(asked, rng, n_cases=1)
    x, y, weight = call(asked.make(), inputs)
    assert y.shape == (1, 3) and is_there(x).any()
    if is_mixing(asked):  # there is nobody to mix with
        assert equal_three((x, y, weight), inputs)


@ask(lambda asked: not is_mixing(asked))
def test_targets_and_weights_are_left_alone(asked, rng):
    x, _, weight = feed(asked, rng)
    for y in (np.arange(N_CASES, dtype="int32"), rng.normal(size=(N_CASES, 2)).astype("float32")):
        _, new_y, new_weight = call(asked.make(), (x, y, weight))
        assert new_y.tobytes() == y.tobytes() and new_weight.tobytes() == weight.tobytes()


@ask(is_mixing)
def test_mixing_keeps_the_sum_of_targets(asked, rng):
    x, y, weight = feed(asked, rng)
    _, new_y, new_weight = call(asked.make(), (x, y, weight))
    np.testing.assert_allclose(new_y.sum(axis=1), 1, atol=1e-6)
    assert (new_y >= 0).all() and not np.array_equal(new_y, y)
    assert weight.min() <= new_weight.min() and new_weight.max() <= weight.max()
    with pytest.raises(ValueError, match=r"requires y of \(batch, outputs\), got shape \(6,\)"):
        asked.make()((x, np.arange(6), weight), training=True)


@ask()
def test_the_arrays_given_are_left_as_they_are(asked, rng):
    inputs = feed(asked, rng)
    before = [one.copy() for one in inputs]
    call(asked.make(), inputs)
    assert equal_three(before, inputs)


def has_a_unit_of_its_own(asked):
    return asked.fed == "tokens" or asked.name == "BetweenClassMixing" or "in_decibels" in asked.arguments


@ask(lambda asked: not has_a_unit_of_its_own(asked))
@pytest.mark.parametrize("scale", [1e-20, 1e20])
def test_any_unit_will_do(asked, rng, scale):
    x, y, weight = feed(asked, rng)
    plain, scaled = (call(asked.make(), (x * np.float32(s), y, weight))[0] for s in (1, scale))
    np.testing.assert_allclose(scaled / np.float32(scale), plain, rtol=1e-3, atol=1e-3)


# ---- what is rejected

NUMBERS = {  # argument: what is out of its range
    "std": [-0.1, "much", np.nan, True],
    "max_drift": [-1, np.inf],
    "snr_db": [20, (30, 10), (1, 2, 3), (0, 500), ("a", "b")],
    "gain_db": [6, (6, -6), (-500, 0)],
    "in_decibels": [1, "yes"],
    "n_knots": [0, 1.5, True],
    "max_share": [-0.1, 1.1, None],
    "share": [-0.1, 1.1],
    "n_segments": [0, 2.5],
    "speed": [1.1, (0, 1), (1.1, 0.9)],
    "n_spans": [0],
    "n_masks": [0],
    "per_channel": [None],
    "fill": ["zero", 0],
    "max_channels": [0, 0.5],
    "factor": [1.1, (0.1, 1)],
    "pair_piece": [-1, 1.5, True, "pair"],
    "alpha": [0, -1, "small"],
    "sampling_rate_hz": [0, None, 1e9],
}
ARGUMENTS = {
    (asked.name, argument)
    for asked in TABLE
    for argument in asked.make().get_config().keys() - {"name", "trainable", "dtype", "rate", "seed"}
}


@pytest.mark.parametrize("name, argument", sorted(ARGUMENTS), ids="-".join)
def test_arguments_out_of_range_are_refused_by_name(name, argument):
    needed = {"sampling_rate_hz": 8000} if name == "BetweenClassMixing" else {}
    for value in NUMBERS[argument]:
        with pytest.raises((ValueError, TypeError), match=f"{argument} must be"):
            getattr(augment, name)(**needed | {argument: value})


@ask()
def test_a_bad_rate_or_seed_is_refused(asked):
    for rate in (-0.1, 1.1, None, "often", True):
        with pytest.raises(ValueError, match=r"rate must be a number from 0 to 1, got"):
            asked.make(rate=rate)
    for seed in (-1, 1.5, "one", True, 2**40):
        with pytest.raises(ValueError, match=r"seed must be None or a whole number from 0 .* got"):
            asked.make(seed=seed)
    assert asked.make(seed=np.int64(3)).get_config()["seed"] == 3


@ask()
@pytest.mark.parametrize("training", [True, False])
def test_x_of_the_wrong_kind_is_refused(asked, rng, training):
    x, y, weight = feed(asked, rng)
    layer = asked.make()
    if asked.fed == "tokens":
        with pytest.raises(TypeError, match="works on token ids, got x of float32; leave it out"):
            layer((x.astype("float32"), y, weight), training=training)
    else:
        needed = (
            "^[A-Za-z]+ works on numbers with NaN where nothing was observed, got x of int32 .token ids.; [^;]*tokens.$"
        )
        for ids in (np.ones((2, 5), "int32"), np.ones((2, 5, 3), "int32")):
            with pytest.raises(TypeError, match=needed):  # one sentence: no dump of what Keras called
                layer((ids, y[:2], weight[:2]), training=training)
    with pytest.raises(ValueError, match=r"requires x of \(batch, steps.* got shape \(6,\)"):
        layer((x.reshape(6, -1)[:, 0], y, weight), training=training)
    with pytest.raises(ValueError, match=r"takes \(x, y, weight\), got one array of shape"):
        layer(x, training=training)
    with pytest.raises(ValueError, match=r"takes \(x, y, weight\), got 2 parts; give all three"):
        layer((x, y), training=training)


# ---- in a fit


def test_a_fit_with_augmentation_comes_from_its_seed(rng):
    layers = [asked.make(seed=None, rate=0.5) for asked in TABLE if asked.fed == "series" and asked.make().may_hide]
    x, y, _ = feed(TABLE[0], rng, n_cases=24)
    before = random.getstate()
    answers = [
        SeqConvClassifier(FCN(filters=(2,), kernel_sizes=(3,)), augment=layers, epochs=1, random_state=seed)
        .fit(x, y.argmax(axis=1))
        .predict_proba(x)
        for seed in (0, 0, 1)
    ]
    np.testing.assert_array_equal(answers[0], answers[1])
    assert not np.array_equal(answers[0], answers[2]) and random.getstate() == before
