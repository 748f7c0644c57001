"""One table of all exported layers; every promise is asked of each."""

import json
import subprocess
import sys
from dataclasses import dataclass

import keras
import numpy as np
import oracles
import pytest
from keras.src.testing import TestCase

from seqconv import geometry, layers

N_STEPS, N_CHANNELS = 11, 4
LENGTHS = (11, 7, 5)


@dataclass(frozen=True)
class Asked:
    """A layer with its arguments, what it is fed, and the slow loop that knows its answer."""

    layer: str
    arguments: dict
    oracle: object
    fed: str = "features"  # or "raw", "tokens", "pair", "sentence", "vector"
    training: bool = False

    def __str__(self):
        return "-".join([self.layer, *(f"{k}={v}" for k, v in self.arguments.items())] + ["training"] * self.training)

    def make(self, **more):
        keras.utils.set_random_seed(0)
        return getattr(layers, self.layer)(**self.arguments, **more)


def _array(tensor):
    return keras.ops.convert_to_numpy(tensor)


def _convolved(layer, x, mask):
    return oracles.convolution(
        x, mask, _array(layer.kernel), _array(layer.bias), layer.strides[0], layer.dilation_rate[0], layer.groups,
        layer.padding,
    )  # fmt: skip


def _separated(layer, x, mask):
    geometry_ = {"strides": layer.strides[0], "dilation_rate": layer.dilation_rate[0], "padding": layer.padding}
    depthwise, pointwise = _array(layer.depthwise_kernel), _array(layer.pointwise_kernel)
    return oracles.separable_convolution(x, mask, depthwise, pointwise, _array(layer.bias), **geometry_)


def _pooled(reduce):
    return lambda layer, x, mask: oracles.local_pool(
        x, mask, reduce, layer.pool_size[0], layer.strides[0], layer.padding
    )


def _both_pooled(layer, x, mask):
    return np.concatenate([oracles.global_pool(x, mask, reduce)[0] for reduce in (np.mean, np.max)], axis=-1), None


def _attended(layer, x, mask):
    gate = _array(layer.gate_kernel) if layer.gated else None
    return oracles.attention(x, mask, _array(layer.value_kernel), _array(layer.score_kernel), gate)


def _joined(join):
    return lambda layer, x, mask: (join(x), mask[0] & mask[1])


def _scaled(layer, x, mask):
    return oracles.scaling_per_case(x, mask) if layer.per_case else (x, mask)


def _mixed(layer, x, mask):
    """Probabilities of each head, from its features one by one, then their mean by share."""
    kernel, bias, share = (_array(weight) for weight in (layer.kernel, layer.bias, layer.share))
    units, answers, start = layer.units, [], 0
    for head, size in enumerate([x.shape[1], *layer.sizes]):
        first = 0 if head == 0 else start
        rows = kernel[:, :units] if head == 0 else kernel[:, units:]
        scores = sum(x[:, [i]] * rows[i] for i in range(first, first + size)) + bias[head]
        powers = np.exp(scores)
        answers.append(
            powers / powers.sum(axis=1, keepdims=True) if layer.activation == "softmax" else powers / (1 + powers)
        )
        start += size if head else 0
    return sum(part * answer for part, answer in zip(share, answers, strict=True)), None


def _wide(layer, x, mask):
    return oracles.wide_logits(x, {weight.name: _array(weight) for weight in layer.weights}), None


def _by_case(reduce, parameter):
    """A pool of all values of a case by one function, with a parameter of the layer."""
    return lambda layer, x, mask: oracles.global_pool(x, mask, lambda values: reduce(values, getattr(layer, parameter)))


def _dense(x, kernel, bias=0.0):
    return x @ _array(kernel) + _array(bias)


def _highway(layer, x, mask):
    gate = 1 / (1 + np.exp(-_dense(x, layer.gate_kernel, layer.gate_bias_weight)))
    return gate * np.maximum(_dense(x, layer.kernel, layer.bias), 0) + (1 - gate) * x, mask


def _gated(layer, x, mask):
    value, gate = x[..., : x.shape[-1] // 2], x[..., x.shape[-1] // 2 :]
    return (np.tanh(value) if layer.activation is keras.activations.tanh else value) / (1 + np.exp(-gate)), mask


def _squeezed(layer, x, mask):
    means = oracles.global_pool(x, mask, np.mean)[0]
    hidden = np.maximum(_dense(means, layer.squeeze_kernel, layer.squeeze_bias), 0)
    return x / (1 + np.exp(-_dense(hidden, layer.excite_kernel, layer.excite_bias)))[:, None], mask


def _maxout(layer, x, mask):
    pieces = _dense(x, layer.kernel, layer.bias)
    return pieces.reshape(*pieces.shape[:2], layer.units, layer.pieces).max(axis=-1), mask


def _maxout_convolved(layer, x, mask):
    y, real = _convolved(layer, x, mask)
    return y.reshape(*y.shape[:2], -1, layer.pieces).max(axis=-1), real


def _normalized_steps(layer, x, mask):
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + layer.epsilon), mask


def _depthwise_convolved(layer, x, mask):
    kernel = _array(layer.kernel)
    grouped = kernel.reshape(len(kernel), 1, -1)
    geometry_ = {"strides": layer.strides[0], "dilation_rate": layer.dilation_rate[0], "padding": layer.padding}
    return oracles.convolution(x, mask, grouped, _array(layer.bias), groups=x.shape[2], **geometry_)


def _reparameterized(layer, x, mask):
    """Each branch by itself, normalized by the statistics of the start: mean 0 and variance 1."""
    groups = x.shape[2] if layer.filters is None else 1
    total = x / np.sqrt(1 + 1e-3) if layer.shortcut else 0
    for convolution in layer.convolutions:
        kernel = _array(convolution.kernel)
        kernel = kernel.reshape(len(kernel), 1, -1) if groups > 1 else kernel
        total = total + oracles.convolution(x, mask, kernel, groups=groups, padding="same")[0] / np.sqrt(1 + 1e-3)
    return total, mask


def _sinc(layer, x, mask):
    edges = (_array(layer.low_hz), _array(layer.band_hz))
    kernel = oracles.sinc_filters(
        *edges, layer.kernel_size[0], layer.sampling_rate_hz, layer.min_low_hz, layer.min_band_hz
    )
    return oracles.convolution(x, mask, kernel, strides=layer.strides[0], padding=layer.padding)


def _grouped(layer, x, mask):
    size = x.shape[2] // layer.groups
    parts = [_convolved(layer.layers[0], x[..., g * size : (g + 1) * size], mask) for g in range(layer.groups)]
    return np.concatenate([y for y, _ in parts], axis=-1), parts[0][1]


def convolution_of(padding, **more):
    keras.utils.set_random_seed(0)
    made = layers.MaskedConv1D(N_CHANNELS, 3, padding=padding, name=padding, **more)
    made.build((None, None, 2))
    return made


CONVOLUTIONS = [
    {"kernel_size": 3, "padding": "valid"},
    {"kernel_size": 3, "padding": "valid", "strides": 2},
    {"kernel_size": 3, "padding": "valid", "dilation_rate": 2},
    {"kernel_size": 4, "padding": "same"},
    {"kernel_size": 4, "padding": "same", "strides": 2},
    {"kernel_size": 3, "padding": "same", "strides": 3},
    {"kernel_size": 4, "padding": "same", "dilation_rate": 2},
    {"kernel_size": 3, "padding": "causal", "dilation_rate": 2},
    {"kernel_size": 3, "padding": "causal", "strides": 2},
    {"kernel_size": 3, "padding": "full", "dilation_rate": 2},
    {"kernel_size": 3, "padding": "full", "strides": 2},
]
POOLS = [
    {"pool_size": 2},
    {"pool_size": 3, "strides": 2},
    {"pool_size": 3, "strides": 1, "padding": "same"},
    {"pool_size": 3, "padding": "same"},
    {"pool_size": 2, "strides": 3, "padding": "same"},
    {"pool_size": 5, "strides": 2, "padding": "same"},
]
TABLE = [
    *(Asked("MaskedConv1D", {"filters": 6, **one}, _convolved) for one in CONVOLUTIONS),
    Asked("MaskedConv1D", {"filters": 6, "kernel_size": 3, "padding": "same", "groups": 2}, _convolved),
    *(Asked("MaskedSeparableConv1D", {"filters": 6, **one}, _separated) for one in CONVOLUTIONS[1::3]),
    Asked("MaskedSeparableConv1D", {"filters": 6, "kernel_size": 3, "depth_multiplier": 2}, _separated),
    *(Asked("MaskedMaxPooling1D", one, _pooled(np.max)) for one in POOLS),
    *(Asked("MaskedAveragePooling1D", one, _pooled(np.mean)) for one in POOLS),
    Asked("GlobalMeanPooling1D", {}, lambda layer, x, mask: oracles.global_pool(x, mask, np.mean)),
    Asked("GlobalMaxPooling1D", {}, lambda layer, x, mask: oracles.global_pool(x, mask, np.max)),
    Asked("GlobalMeanMaxPooling1D", {}, _both_pooled),
    *(
        Asked("KMaxPooling1D", one, lambda layer, x, mask: oracles.k_max(x, mask, layer.k, layer.flatten))
        for one in [{"k": 1}, {"k": 3}, {"k": 8}, {"k": 20}, {"k": 3, "flatten": True}]
    ),
    *(
        Asked("KMeanPooling1D", one, lambda layer, x, mask: oracles.k_mean(x, mask, layer.k))
        for one in [{"k": 1}, {"k": 3}, {"k": 20}]
    ),
    *(
        Asked("DynamicKMaxPooling1D", one, lambda layer, x, mask: oracles.dynamic_k_max(x, mask, **one_of(layer)))
        for one in [{"k_top": 2, "layer": 1, "n_layers": 3}, {"k_top": 13, "layer": 2, "n_layers": 2}]
    ),
    Asked(
        "DynamicKMaxPooling1D",
        {"k_top": 2, "layer": 1, "n_layers": 2},
        lambda layer, x, mask: oracles.dynamic_k_max(x[0], mask[0], sentence_mask=mask[1], **one_of(layer)),
        fed="sentence",
    ),
    *(
        Asked("ChunkMaxPooling1D", one, lambda layer, x, mask: oracles.chunk_max(x, mask, layer.chunks, layer.flatten))
        for one in [{"chunks": 1}, {"chunks": 3}, {"chunks": 13}, {"chunks": 4, "flatten": True}]
    ),
    *(
        Asked("AttentionPooling1D", {"units": 5, **one}, _attended)
        for one in [{}, {"gated": True}, {"heads": 3, "gated": True}]
    ),
    Asked("MaskedConcatenate", {}, _joined(lambda x: np.concatenate(x, -1)), fed="pair"),
    Asked("MaskedAdd", {}, _joined(sum), fed="pair"),
    Asked("MaskedBatchNormalization", {}, lambda layer, x, mask: (x / np.sqrt(1 + layer.epsilon), mask)),
    Asked(
        "MaskedBatchNormalization",
        {},
        lambda layer, x, mask: oracles.batch_normalization(x, mask, layer.epsilon),
        training=True,
    ),
    Asked("ChannelScaling", {"per_case": True}, _scaled),
    Asked("ChannelScaling", {}, _scaled, fed="raw"),
    Asked("ChannelScaling", {"per_case": True}, _scaled, fed="raw"),
    *(
        Asked("MissingMasking", one, lambda layer, x, mask: oracles.missing_masking(x, mask, layer.indicator), "raw")
        for one in [{}, {"indicator": True}]
    ),
    *(
        Asked(
            "TokenEmbedding",
            {"n_tokens": 9, "n_dims": 4, "mode": mode},
            lambda layer, x, mask: oracles.embedding(x, [_array(table) for table in layer.tables]),
            fed="tokens",
        )
        for mode in ["trained", "static", "both"]
    ),
    *(
        Asked("RocketFeatures1D", {"dilations": [1, 2], "counts": [2, 1], **one}, oracles.layer_rocket_features)
        for one in [{}, {"difference": True}, {"pools": ["longest", "mean"]}]
    ),
    *(
        Asked("HydraFeatures1D", {"dilations": [1, 2], "n_groups": 3, **one}, oracles.layer_hydra_features)
        for one in [{}, {"difference": True}]
    ),
    *(
        Asked("QuantileFeatures1D", {"n_steps": 11, "depth": 2, **one}, oracles.layer_quantile_features)
        for one in [{}, {"spectrum": False}]
    ),
    Asked("FeatureScaling", {}, lambda layer, x, mask: (x, None), fed="vector"),
    Asked("SoftmaxMixture", {"units": 3, "sizes": (1, 3)}, _mixed, fed="vector"),
    Asked("SoftmaxMixture", {"units": 2, "sizes": (4,), "activation": "sigmoid"}, _mixed, fed="vector"),
    *(Asked("WideLogits", {"n_tokens": 9, "n_classes": 3, **one}, _wide, fed="tokens") for one in [{}, {"n_pairs": 7}]),
    *(
        Asked(
            "ChunkMeanPooling1D", one, lambda layer, x, mask: oracles.chunk_mean(x, mask, layer.chunks, layer.flatten)
        )
        for one in [{"chunks": 3}, {"chunks": 13}, {"chunks": 4, "flatten": True}]
    ),
    *(
        Asked("GeneralizedMeanPooling1D", one, _by_case(lambda values, p: oracles.generalized_mean(values, p), "p"))
        for one in [{}, {"p": 1}, {"p": 2.5, "trained": True}]
    ),
    Asked("LogSumExpPooling1D", {"r": 2.0}, _by_case(oracles.log_sum_exp, "r")),
    Asked("GlobalStdPooling1D", {}, lambda layer, x, mask: oracles.global_pool(x, mask, np.std)),
    *(
        Asked(name, one, lambda layer, x, mask, pool=pool: oracles.positive_pool(x, mask, pool, layer.temperature))
        for name, pool in [
            ("PositiveProportionPooling1D", "share"),
            ("PositiveMeanPooling1D", "mean"),
            ("PositiveIndexPooling1D", "index"),
            ("LongestPositivePooling1D", "longest"),
        ]
        for one in [{}, {"temperature": 0.5}]
    ),
    *(
        Asked(
            "FractionalMaxPooling1D",
            one,
            lambda layer, x, mask: oracles.fractional_max(x, mask, layer.ratio, layer.overlapping),
        )
        for one in [{}, {"ratio": 1.4, "overlapping": False}, {"ratio": 3.7}, {"ratio": 1}, {"ratio": 50}]
    ),
    *(
        Asked(
            "MaxPoolingWithSwitches1D",
            {"pool_size": size},
            lambda layer, x, mask: oracles.max_with_switches(x, mask, layer.pool_size),
        )
        for size in [2, 3, 20]
    ),
    Asked(
        "MaxUnpooling1D",
        {"pool_size": 3},
        lambda layer, x, mask: oracles.max_unpooling(x[0], x[1].astype(int), mask[0], layer.pool_size),
        fed="switched",
    ),
    *(
        Asked(
            "Unpooling1D",
            {"pool_size": 3, "method": method},
            lambda layer, x, mask: oracles.unpooling(x, mask, layer.pool_size, layer.method),
        )
        for method in ["repeat", "first", "linear"]
    ),
    *(
        Asked(
            "MaskedConv1DTranspose",
            {"filters": 6, **one},
            lambda layer, x, mask: oracles.transposed_convolution(
                x, mask, _array(layer.kernel), _array(layer.bias), layer.strides[0], layer.padding
            ),
        )
        for one in [
            {"kernel_size": 3},
            {"kernel_size": 4, "strides": 2, "padding": "same"},
            {"kernel_size": 5, "strides": 2},
            {"kernel_size": 2, "strides": 3},
            {"kernel_size": 2, "strides": 3, "padding": "same"},
            {"kernel_size": 4, "padding": "same"},
        ]
    ),
    *(
        Asked(
            "TransposedFilters1D",
            {"convolution": convolution_of(padding)},
            lambda layer, x, mask: oracles.transposed_filters(
                x, mask, _array(layer.convolution.kernel), layer.convolution.padding
            ),
        )
        for padding in ["valid", "same", "causal", "full"]
    ),
    Asked("Maxout", {"units": 3, "pieces": 4}, _maxout),
    *(Asked("MaxoutConv1D", {"filters": 3, "pieces": 2, **one}, _maxout_convolved) for one in CONVOLUTIONS[1::4]),
    Asked(
        "Folding1D",
        {"rows": 2},
        lambda layer, x, mask: (x[..., :2] + x[..., 2:], mask),
    ),
    Asked("Folding1D", {"rows": 4}, lambda layer, x, mask: (x[..., ::2] + x[..., 1::2], mask)),
    Asked("Highway", {"gate_bias": 0.5}, _highway),
    *(Asked("GatedLinearUnit", one, _gated) for one in [{}, {"activation": "tanh"}]),
    Asked("SqueezeExcitation1D", {"reduction": 2}, _squeezed),
    Asked("MaskedLayerNormalization", {}, _normalized_steps),
    *(
        Asked(
            "MaskedGroupNormalization",
            {"groups": groups},
            lambda layer, x, mask: oracles.group_normalization(
                x, mask, x.shape[2] if layer.groups == -1 else layer.groups, layer.epsilon
            ),
        )
        for groups in [1, 2, -1]
    ),
    Asked("BilinearNormalization", {}, lambda layer, x, mask: oracles.bilinear_normalization(x, mask, layer.epsilon)),
    *(
        Asked("SincConv1D", {"filters": 3, "kernel_size": 5, "sampling_rate_hz": 1000, **one}, _sinc, fed="mono")
        for one in [{}, {"padding": "same", "strides": 2}]
    ),
    *(
        Asked(
            "HandCraftedFilters1D",
            one,
            lambda layer, x, mask: oracles.hand_crafted(x, mask, layer.kernel_sizes, layer.depthwise),
        )
        for one in [{"kernel_sizes": (2, 4, 8)}, {"kernel_sizes": (4, 6), "depthwise": True}]
    ),
    *(Asked("MaskedDepthwiseConv1D", one, _depthwise_convolved) for one in CONVOLUTIONS[::3]),
    Asked("MaskedDepthwiseConv1D", {"kernel_size": 3, "depth_multiplier": 2}, _depthwise_convolved),
    *(
        Asked("ReparameterizedConv1D", one, _reparameterized)
        for one in [
            {"filters": 6, "kernel_sizes": (5, 3, 1)},
            {"filters": None, "kernel_sizes": (7, 3)},
            {"filters": 4, "kernel_sizes": (3,), "shortcut": True},
            {"filters": None, "kernel_sizes": (3,), "shortcut": True},
        ]
    ),
    Asked("ChannelShuffle", {"groups": 2}, lambda layer, x, mask: (x[..., [0, 2, 1, 3]], mask)),
    Asked("LayerScale", {"start": 0.3}, lambda layer, x, mask: (0.3 * x, mask)),
    Asked("LastPooling1D", {}, lambda layer, x, mask: oracles.global_pool(x, mask, lambda values: values[-1])),
    *(Asked("WeightNormConv1D", {"filters": 6, **one}, _convolved) for one in CONVOLUTIONS[::4]),
    Asked("EachGroup", {"groups": 2, "layers": [convolution_of("same")]}, _grouped),
    Asked("EachGroup", {"groups": 2, "layers": [convolution_of("valid")]}, _grouped),
    Asked("Unscaling", {}, lambda layer, x, mask: (x, None), fed="vector"),
]


def one_of(layer):
    return {"k_top": layer.k_top, "layer": layer.layer, "n_layers": layer.n_layers}


def ask(keep=lambda asked: True):
    return pytest.mark.parametrize("asked", [asked for asked in TABLE if keep(asked)], ids=str)


def takes_mask(asked):
    return asked.fed in ("features", "pair", "sentence", "switched", "mono")


def padded(lengths, n_steps):
    return np.arange(n_steps) < np.array(lengths)[:, None]


def feed(asked, rng, mask):
    """The layer's input where `mask` says what is real, and the mask it is given: None if the input tells it."""
    x = np.round(rng.normal(size=(*mask.shape, N_CHANNELS)) * 2).astype("float32") / 2  # coarse, so that ties occur
    if asked.fed == "raw":
        x[rng.random(x.shape) < 0.2] = np.nan
        return np.where(mask[..., None], x, np.nan).astype("float32"), None
    if asked.fed == "tokens":
        ids = rng.integers(1, 9, size=(*mask.shape, 2)) * (rng.random((*mask.shape, 2)) < 0.8)
        ids[..., 0] = np.maximum(ids[..., 0], 1)
        return (ids * mask[..., None]).astype("int32"), None
    if asked.fed == "vector":
        return x[:, 0], None
    if asked.fed == "mono":
        return x[..., :1], mask
    if asked.fed == "switched":
        return [x, rng.integers(0, 3, x.shape).astype("float32")], [mask, mask]
    if asked.fed == "pair":
        return [x, x[:, :, ::-1].copy()], [mask, mask]
    if asked.fed == "sentence":
        return [np.repeat(x, 2, axis=1)[:, : mask.shape[1] + 2], x], [wider(mask), mask]
    return x, mask


def wider(mask):
    """As of a wide convolution of three taps."""
    return np.pad(mask, ((0, 0), (2, 0))) | np.pad(mask, ((0, 0), (0, 2)))


def each(function, *structures):
    """`function` of every input of a layer that takes several, else of the one."""
    if isinstance(structures[0], list):
        return [function(*parts) for parts in zip(*structures, strict=True)]
    return function(*structures)


def call(asked, layer, inputs, mask):
    """What the layer answers, and its mask."""
    kwargs = {"training": True} if asked.training else {}
    if mask is not None:
        kwargs["mask"] = mask
    y = layer(inputs, **kwargs)
    y_mask = layer.compute_mask(inputs, mask)
    if isinstance(y, tuple):  # several outputs, side by side
        y, y_mask = joined(y), y_mask[0]
    return _array(y), None if y_mask is None else _array(y_mask).astype(bool)


def joined(outputs):
    return keras.ops.concatenate([keras.ops.cast(one, "float32") for one in outputs], axis=-1)


def real_part(y, y_mask):
    """The real steps of every case, or all of its vector."""
    return list(y) if y_mask is None else [one[real] for one, real in zip(y, y_mask, strict=True)]


def assert_same(left, right, **tolerance):
    for b, (one, other) in enumerate(zip(left, right, strict=True)):
        np.testing.assert_allclose(one, other, err_msg=f"case {b}", **(tolerance or {"rtol": 1e-5, "atol": 1e-5}))


def test_every_exported_layer_is_asked():
    assert {asked.layer for asked in TABLE} == set(layers.__all__) - {"get", "pooling_names"}


@ask()
def test_a_layer_equals_its_slow_loop_under_any_mask(asked, rng):
    mask = rng.random((5, N_STEPS)) < 0.7
    mask[0], mask[1] = True, False
    inputs, given = feed(asked, rng, mask)
    if asked.fed == "pair":
        given = [mask, rng.random(mask.shape) < 0.7]
    layer = asked.make()
    y, y_mask = call(asked, layer, inputs, given)
    expected, expected_mask = asked.oracle(layer, inputs, mask if given is None else given)
    if asked.fed in ("raw", "vector") and asked.layer != "MissingMasking":
        assert y_mask is None  # these take no mask and give none
        np.testing.assert_allclose(y, expected, rtol=1e-5, atol=1e-5)
        return
    assert (y_mask is None) == (expected_mask is None)
    if y_mask is not None:
        np.testing.assert_array_equal(y_mask, expected_mask)
    assert_same(real_part(y, y_mask), real_part(expected, expected_mask))


@ask(lambda asked: not asked.training and asked.fed != "vector")
def test_a_case_alone_equals_the_case_in_a_padded_batch(asked, rng):
    inputs, mask = feed(asked, rng, padded(LENGTHS, N_STEPS))
    layer = asked.make()
    together = real_part(*call(asked, layer, inputs, mask))
    for b, length in enumerate(LENGTHS):
        surplus = N_STEPS - length
        alone = each(lambda x, b=b, surplus=surplus: x[b : b + 1, : x.shape[1] - surplus], inputs)
        (expected,) = real_part(*call(asked, layer, alone, None))
        if asked.layer == "ChannelScaling" and asked.fed == "raw":
            together[b] = together[b][:length]  # without a mask: the steps that are NaN altogether
        assert_same([together[b]], [expected])


@ask(takes_mask)
def test_what_stands_under_the_mask_changes_nothing(asked, rng):
    mask = rng.random((4, N_STEPS)) < 0.7
    mask[0], mask[1] = True, False
    inputs, given = feed(asked, rng, mask)
    garbage = rng.choice(np.array([np.nan, np.inf, -np.inf, 1e30], "float32"), size=(4, 2 * N_STEPS, N_CHANNELS))
    spoilt = each(lambda x, m: np.where(m[..., None], x, garbage[:, : x.shape[1], : x.shape[2]]), inputs, given)
    layer = asked.make()
    assert_same(
        real_part(*call(asked, layer, inputs, given)),
        real_part(*call(asked, layer, spoilt, given)),
        rtol=0,
        atol=0,
    )
    for one, other in zip(gradients(asked, layer, inputs, given), gradients(asked, layer, spoilt, given), strict=True):
        np.testing.assert_array_equal(one, other)


@ask(lambda asked: asked.fed != "vector")
def test_a_case_without_a_real_step_stays_finite(asked, rng):
    mask = padded((N_STEPS, 0), N_STEPS)
    inputs, given = feed(asked, rng, mask)
    layer = asked.make()
    y, y_mask = call(asked, layer, inputs, given)
    if asked.layer == "ChannelScaling" and asked.fed == "raw":
        assert np.isnan(y[1]).all()
        return
    assert np.isfinite(y[1]).all()
    if y_mask is None:
        assert not y[1].any()
    else:
        assert not y_mask[1].any()
    assert all(np.isfinite(one).all() for one in gradients(asked, layer, inputs, given))


@ask(lambda asked: asked.fed not in ("vector", "raw"))
def test_the_gradient_of_a_loss_does_not_depend_on_the_padding(asked, rng):
    if asked.layer == "QuantileFeatures1D" and keras.backend.backend() == "torch":
        pytest.skip("on PyTorch the gradient of quantiles depends on the padding; no estimator trains through them")
    inputs, given = feed(asked, rng, padded(LENGTHS, N_STEPS))
    more = [(0, 0), (0, 6)]
    longer = each(lambda x: np.pad(x, [*more, (0, 0)]), inputs)
    longer_mask = None if given is None else each(lambda m: np.pad(m, more), given)
    layer = asked.make()
    short, long = gradients(asked, layer, inputs, given), gradients(asked, layer, longer, longer_mask)
    n_inputs = len(inputs) if isinstance(inputs, list) else 1
    for i, (one, other) in enumerate(zip(short, long, strict=True)):
        if i < n_inputs and asked.fed != "tokens":
            assert not other[:, one.shape[1] :].any()
            other = other[:, : one.shape[1]]
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def loss(asked, layer, y, y_mask):
    """Every real number of the answer with a weight of its own."""
    y = joined(y) if isinstance(y, tuple) else y
    weights = keras.ops.convert_to_tensor(np.cos(np.arange(80 * 512).reshape(80, 512)).astype("float32"))
    if y_mask is None:
        return keras.ops.sum(y * weights[: y.shape[0], : y.shape[1]]) if len(y.shape) == 2 else keras.ops.sum(y)
    weighted = y * weights[: y.shape[1], : y.shape[2]]
    return keras.ops.sum(keras.ops.where(y_mask[..., None], weighted, 0))


def gradients(asked, layer, inputs, mask):
    """Of the loss by the inputs (if these are no tokens) and by the layer's weights, as arrays."""
    if not layer.built:
        call(asked, layer, inputs, mask)
    if asked.fed != "tokens":
        inputs = each(keras.ops.convert_to_tensor, inputs)
    kwargs = ({} if mask is None else {"mask": mask}) | ({"training": True} if asked.training else {})
    y_mask = layer.compute_mask(inputs, mask)
    y_mask = y_mask[0] if isinstance(y_mask, list) else y_mask
    found = {"tensorflow": _tensorflow_gradients, "jax": _jax_gradients, "torch": _torch_gradients}[
        keras.config.backend()
    ](asked, layer, inputs, kwargs, y_mask)
    return [_array(one) for one in found]


def _tensorflow_gradients(asked, layer, inputs, kwargs, y_mask):
    import tensorflow as tf

    sources = keras.tree.flatten(inputs if asked.fed != "tokens" else []) + [w.value for w in layer.trainable_weights]
    with tf.GradientTape() as tape:
        tape.watch(sources)
        value = loss(asked, layer, layer(inputs, **kwargs), y_mask)
    found = tape.gradient(value, sources, unconnected_gradients="zero")
    return [tf.convert_to_tensor(one) for one in found]


def _jax_gradients(asked, layer, inputs, kwargs, y_mask):
    import jax

    fixed = [w.value for w in layer.non_trainable_variables]

    def value(weights, inputs):
        y, _ = layer.stateless_call(weights, fixed, inputs, **kwargs)
        return loss(asked, layer, y, y_mask)

    weights = [w.value for w in layer.trainable_variables]
    by_weights = jax.grad(value)(weights, inputs)
    by_inputs = [] if asked.fed == "tokens" else keras.tree.flatten(jax.grad(value, argnums=1)(weights, inputs))
    return [*by_inputs, *by_weights]


def _torch_gradients(asked, layer, inputs, kwargs, y_mask):
    import torch

    sources = keras.tree.flatten(inputs if asked.fed != "tokens" else [])
    for source in sources:
        source.requires_grad_(True)
    sources += [w.value for w in layer.trainable_weights]
    value = loss(asked, layer, layer(inputs, **kwargs), y_mask)
    if not value.requires_grad:  # counts above thresholds have no gradient
        return [torch.zeros_like(source) for source in sources]
    return torch.autograd.grad(value, sources, materialize_grads=True) if sources else []


WINDOWED = (
    "MaskedConv1D",
    "MaskedSeparableConv1D",
    "MaskedDepthwiseConv1D",
    "MaskedMaxPooling1D",
    "MaskedAveragePooling1D",
)


@ask(lambda asked: asked.layer in WINDOWED)
def test_output_length_and_steps_seen_are_as_geometry_says(asked):
    layer = asked.make()
    pulses = np.repeat(np.eye(N_STEPS, dtype="float32")[..., None], N_CHANNELS, axis=-1)  # (pulse at, steps, channels)
    layer.build(pulses.shape)
    answered = np.abs(_array(layer(pulses)) - _array(layer(0 * pulses))).sum(-1) > 1e-6  # (pulse at, output steps)
    kernel_size = (getattr(layer, "kernel_size", None) or layer.pool_size)[0]
    dilation_rate = getattr(layer, "dilation_rate", (1,))[0]
    shape = (kernel_size, layer.strides[0], dilation_rate)
    assert answered.shape[1] == geometry.output_length(N_STEPS, *shape, padding=layer.padding)
    assert layer.compute_output_shape((None, N_STEPS, N_CHANNELS))[1] == answered.shape[1]
    for i in range(answered.shape[1]):
        unclipped = geometry.steps_seen(i, [shape], padding=layer.padding)
        taps = [t for t in unclipped[::dilation_rate] if 0 <= t < N_STEPS]
        assert np.flatnonzero(answered[:, i]).tolist() == taps


ONE_OF_EACH = list({asked.layer: asked for asked in TABLE}.values())
TWO = ("pair", "sentence", "switched")
SHAPES = {
    "switched": ((2, 8, 4), (2, 8, 4)),
    "mono": (2, 8, 1),
    "pair": ((2, 8, 3), (2, 8, 3)),
    "sentence": ((2, 8, 3), (2, 6, 3)),
    "tokens": (2, 8),
    "vector": (2, 4),
}


@pytest.mark.parametrize("asked", ONE_OF_EACH, ids=lambda asked: asked.layer)
def test_keras_own_layer_test_passes(asked):
    harness = TestCase()
    harness.setUp()
    harness.run_layer_test(
        getattr(layers, asked.layer),
        asked.arguments,
        input_shape=SHAPES.get(asked.fed, (2, 8, 4)),
        input_dtype={"tokens": "int32"}.get(asked.fed, ("float32",) * 2 if asked.fed in TWO else None),
        supports_masking=asked.fed != "vector",
        run_training_check=asked.layer != "TransposedFilters1D",  # which gives its filters no gradient
    )


@ask()
def test_a_layer_made_from_its_configuration_is_equal(asked, rng):
    layer = asked.make()
    again = type(layer).from_config(json.loads(json.dumps(layer.get_config())))
    assert again.get_config() == layer.get_config()
    inputs, given = feed(asked, rng, padded(LENGTHS, N_STEPS))
    call(asked, layer, inputs, given)
    call(asked, again, inputs, given)
    again.set_weights(layer.get_weights())
    np.testing.assert_array_equal(call(asked, again, inputs, given)[0], call(asked, layer, inputs, given)[0])


@ask()
def test_half_precision_answers_stay_close_and_finite(asked, rng):
    inputs, given = feed(asked, rng, padded((*LENGTHS, 0), N_STEPS))
    single, half = asked.make(), asked.make(dtype="mixed_float16")
    expected = real_part(*call(asked, single, inputs, given))
    call(asked, half, inputs, given)
    half.set_weights(single.get_weights())
    assert_same(real_part(*call(asked, half, inputs, given)), expected, rtol=1e-2, atol=1e-2)


def raw_and_tokens(rng):
    mask = padded(LENGTHS, N_STEPS)
    return feed(Asked("", {}, None, "raw"), rng, mask)[0], feed(Asked("", {}, None, "tokens"), rng, mask)[0]


def drawn(table):
    """Inputs and one output `(batch, features)` of every layer, from NaN or tokens to a pool: a model's ends."""
    x, ids = keras.Input((None, N_CHANNELS)), keras.Input((None, None), dtype="int32")
    stem = layers.MissingMasking()(x)
    wide = layers.MaskedConv1D(N_CHANNELS, 3, padding="full")(stem)
    fed = {"features": stem, "raw": x, "tokens": ids, "pair": [stem, stem], "sentence": [wide, stem]}
    fed["vector"] = layers.GlobalMeanPooling1D()(stem)
    fed["mono"] = layers.MaskedConv1D(1, 1)(stem)
    fed["switched"] = layers.MaxPoolingWithSwitches1D(3)(stem)
    outputs = []
    for asked in table:
        y = asked.make()(fed[asked.fed])
        y = y[0] if isinstance(y, tuple) else y
        if asked.layer == "ChannelScaling":
            y = layers.MissingMasking()(y)
        outputs.append(y if len(y.shape) == 2 else layers.GlobalMeanPooling1D()(y))
    return [x, ids], outputs


LOAD = """
import sys, keras, numpy as np, seqconv.layers
path, data, answers = sys.argv[1:]
model = keras.saving.load_model(path, safe_mode=True)
given = np.load(data)
found = model([given["x"], given["ids"]], training=False)
np.savez(answers, *(keras.ops.convert_to_numpy(one) for one in found))
"""


@pytest.fixture(scope="module")
def model():
    """Of every layer under every padding, its lengths unknown, its weights at random."""
    distinct = {(asked.layer, asked.fed, asked.arguments.get("padding")): asked for asked in TABLE}
    model = keras.Model(*drawn(distinct.values()))
    for i, weight in enumerate(model.weights):
        weight.assign(np.random.default_rng(i).uniform(0.5, 1.5, weight.shape))
    return model


def test_lengths_unknown_when_a_model_is_built_change_no_answer(model, rng):
    x, ids = raw_and_tokens(rng)
    together = model.predict([x, ids], verbose=0)
    for b, length in enumerate(LENGTHS):
        # Not traced again for each length, which costs seconds.
        alone = model([x[b : b + 1, :length], ids[b : b + 1, :length]], training=False)
        assert_same([y[b : b + 1] for y in together], [_array(y) for y in alone])


def test_layers_saved_and_loaded_in_a_fresh_process_answer_the_same(model, tmp_path, rng):
    x, ids = raw_and_tokens(rng)
    expected = [_array(y) for y in model([x, ids], training=False)]
    model.save(tmp_path / "model.keras")
    np.savez(tmp_path / "data.npz", x=x, ids=ids)
    paths = [str(tmp_path / name) for name in ("model.keras", "data.npz", "answers.npz")]
    subprocess.run([sys.executable, "-c", LOAD, *paths], check=True, timeout=300)
    answers = np.load(tmp_path / "answers.npz")
    assert_same([answers[name] for name in answers.files], expected, rtol=1e-6, atol=1e-6)


# ---- what is given and what comes out


@pytest.mark.parametrize("asked", ONE_OF_EACH, ids=lambda asked: asked.layer)
def test_every_exported_layer_is_registered_under_its_name(asked):
    made_of = getattr(layers, asked.layer)
    assert keras.saving.get_registered_name(made_of) == f"seqconv>{asked.layer}"
    assert keras.saving.get_registered_object(f"seqconv>{asked.layer}") is made_of


@pytest.mark.parametrize("asked", ONE_OF_EACH, ids=lambda asked: asked.layer)
def test_a_model_of_one_layer_is_saved_and_loaded(asked, rng, tmp_path):
    inputs, _ = feed(asked, rng, padded(LENGTHS, N_STEPS))
    dtype = "int32" if asked.fed == "tokens" else "float32"
    drawn_from = each(lambda x: keras.Input((None, *x.shape[2:]) if x.ndim == 3 else x.shape[1:], dtype=dtype), inputs)
    model = keras.Model(drawn_from, asked.make()(drawn_from))
    model.save(tmp_path / "one.keras")
    again = keras.saving.load_model(tmp_path / "one.keras", safe_mode=True)
    for one, other in zip(keras.tree.flatten(again(inputs)), keras.tree.flatten(model(inputs)), strict=True):
        np.testing.assert_array_equal(_array(one), _array(other))


@pytest.mark.parametrize("asked", [one for one in ONE_OF_EACH if takes_mask(one)], ids=lambda asked: asked.layer)
@pytest.mark.parametrize("dtype", ["int32", "float32"])
def test_a_mask_of_numbers_is_a_mask(asked, dtype, rng):
    inputs, given = feed(asked, rng, rng.random((4, N_STEPS)) < 0.7)
    layer = asked.make()
    expected = real_part(*call(asked, layer, inputs, given))
    numbers = each(lambda mask: mask.astype(dtype) * 3, given)
    assert_same(real_part(*call(asked, layer, inputs, numbers)), expected, rtol=0, atol=0)


@pytest.mark.parametrize("asked", [one for one in ONE_OF_EACH if takes_mask(one)], ids=lambda asked: asked.layer)
def test_a_mask_of_another_length_is_rejected(asked, rng):
    inputs, given = feed(asked, rng, padded(LENGTHS, N_STEPS))
    for spoil in (lambda mask: mask[:, :-1], lambda mask: mask[..., None], lambda mask: mask[:1]):
        with pytest.raises(ValueError, match=r"mask must (have|be)"):
            asked.make()(inputs, mask=[spoil(given[0]), given[1]] if isinstance(given, list) else spoil(given))


WORKS_ON_SERIES = [one for one in ONE_OF_EACH if one.fed not in ("pair", "vector", "tokens", "switched", "mono")]
WORKS_ON_SERIES = [one for one in WORKS_ON_SERIES if one.layer != "MaskedBatchNormalization"]


@pytest.mark.parametrize("asked", WORKS_ON_SERIES, ids=lambda asked: asked.layer)
@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 3, 4, 5)])
def test_an_input_of_another_rank_is_rejected(asked, shape):
    wrap = (lambda x: [x, x]) if asked.fed == "sentence" else (lambda x: x)
    with pytest.raises(ValueError, match="ndim=3|3 dimensions"):
        asked.make()(wrap(np.ones(shape, "float32")))
    if len(shape) > 1:
        with pytest.raises(ValueError, match="ndim=3|3 dimensions"):
            asked.make()(wrap(keras.Input(shape[1:])))


def test_tokens_of_another_rank_are_rejected():
    for shape in [(3,), (2, 3, 4, 5)]:
        with pytest.raises(ValueError, match="ndim"):
            layers.TokenEmbedding(9, 4)(np.ones(shape, "int32"))


@pytest.mark.parametrize("asked", WORKS_ON_SERIES, ids=lambda asked: asked.layer)
def test_integers_are_answered_as_floats(asked, rng):
    whole = rng.integers(-9, 9, size=(3, N_STEPS, N_CHANNELS))
    if asked.fed == "sentence":
        whole = [whole, whole]
    layer = asked.make()
    expected = layer(each(lambda x: x.astype("float32"), whole))
    expected = _array(joined(expected) if isinstance(expected, tuple) else expected)
    for dtype in ("int32", "int64"):
        y = layer(each(lambda x, dtype=dtype: x.astype(dtype), whole))
        y = joined(y) if isinstance(y, tuple) else y
        assert keras.backend.is_float_dtype(y.dtype)
        np.testing.assert_allclose(_array(y), expected, rtol=1e-6)


@ask(lambda asked: not asked.training)
def test_an_empty_batch_is_rejected_or_gives_an_empty_answer(asked, rng):
    inputs, given = feed(asked, rng, padded(LENGTHS, N_STEPS))
    layer = asked.make()
    y, _ = call(asked, layer, inputs, given)
    for mask in (given, None):
        mask = None if mask is None else each(lambda m: m[:0], mask)
        try:
            empty, _ = call(asked, layer, each(lambda x: x[:0], inputs), mask)
        except ValueError as error:
            assert "at least 1 case" in str(error)
        else:
            assert empty.shape == (0, *y.shape[1:])


@ask(lambda asked: not asked.training and asked.fed != "vector")
def test_cases_of_no_steps_are_rejected_or_give_zeros(asked, rng):
    inputs, given = feed(asked, rng, padded(LENGTHS, N_STEPS))
    layer = asked.make()
    call(asked, layer, inputs, given)
    for mask in (given, None):
        mask = None if mask is None else each(lambda m: m[:, :0], mask)
        try:
            y, y_mask = call(asked, layer, each(lambda x: x[:, :0], inputs), mask)
        except ValueError as error:
            assert "steps" in str(error)
        else:
            assert len(y) == len(LENGTHS) and not y.any()
            assert y_mask is None or not y_mask.any()
