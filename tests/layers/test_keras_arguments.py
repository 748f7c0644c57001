"""Every argument of the Keras counterpart: accepted with Keras's answer, or rejected by name."""

import inspect
import re

import keras
import numpy as np
import pytest

from seqconv import layers

X = np.random.default_rng(0).normal(size=(2, 9, 4)).astype("float32")
CONVOLUTION = {"filters": 6, "kernel_size": 3}
# Layer: its counterpart, what both need, and for each further argument values that give Keras's answer.
SAME = {
    "MaskedConv1D": (
        keras.layers.Conv1D,
        CONVOLUTION,
        {
            "filters": [1],
            "kernel_size": [(2,), 4],
            "strides": [(2,), 1],
            "padding": ["valid", "same", "causal", "SAME"],
            "data_format": [None, "channels_last"],
            "dilation_rate": [2, (3,)],
            "groups": [2],
            "activation": ["relu", keras.activations.tanh],
            "use_bias": [False],
            "kernel_initializer": ["ones", keras.initializers.Constant(0.5)],
            "bias_initializer": ["ones"],
            "kernel_regularizer": ["l2"],
            "bias_regularizer": [keras.regularizers.L1(0.1)],
            "activity_regularizer": ["l2"],
            "kernel_constraint": ["non_neg"],
            "bias_constraint": ["non_neg"],
        },
    ),
    "MaskedSeparableConv1D": (
        keras.layers.SeparableConv1D,
        CONVOLUTION,
        {
            "filters": [1],
            "kernel_size": [(2,), 4],
            "strides": [(2,), 1],
            "padding": ["valid", "same", "SAME"],
            "data_format": [None, "channels_last"],
            "dilation_rate": [2, (3,)],
            "depth_multiplier": [2],
            "activation": ["relu", keras.activations.tanh],
            "use_bias": [False],
            "depthwise_initializer": ["ones"],
            "pointwise_initializer": ["ones"],
            "bias_initializer": ["ones"],
            "depthwise_regularizer": ["l2"],
            "pointwise_regularizer": ["l2"],
            "bias_regularizer": ["l2"],
            "activity_regularizer": ["l2"],
            "depthwise_constraint": ["non_neg"],
            "pointwise_constraint": ["non_neg"],
            "bias_constraint": ["non_neg"],
        },
    ),
    "MaskedMaxPooling1D": (
        keras.layers.MaxPooling1D,
        {},
        {
            "pool_size": [3, (2,)],
            "strides": [1, (3,)],
            "padding": ["valid", "VALID"],
            "data_format": [None, "channels_last"],
            "name": ["pool"],
        },
    ),
    "MaskedAveragePooling1D": (
        keras.layers.AveragePooling1D,
        {"pool_size": 2},
        {
            "pool_size": [3, (2,)],
            "strides": [1, (3,)],
            "padding": ["valid", "VALID"],
            "data_format": [None, "channels_last"],
            "name": ["pool"],
        },
    ),
    "GlobalMeanPooling1D": (
        keras.layers.GlobalAveragePooling1D,
        {},
        {"data_format": [None, "channels_last"], "keepdims": [True, False]},
    ),
    "GlobalMaxPooling1D": (
        keras.layers.GlobalMaxPooling1D,
        {},
        {"data_format": [None, "channels_last"], "keepdims": [True, False]},
    ),
    "MaskedBatchNormalization": (
        keras.layers.BatchNormalization,
        {},
        {
            "axis": [-1, 2],
            "momentum": [0.5],
            "epsilon": [0.1],
            "center": [False],
            "scale": [False],
            "beta_initializer": ["ones"],
            "gamma_initializer": [keras.initializers.Constant(2.0)],
            "moving_mean_initializer": ["ones"],
            "moving_variance_initializer": [keras.initializers.Constant(2.0)],
            "beta_regularizer": ["l2"],
            "gamma_regularizer": ["l2"],
            "beta_constraint": ["non_neg"],
            "gamma_constraint": ["non_neg"],
            "renorm": [False, True],
            "renorm_clipping": [{"rmax": 2.0}],
            "renorm_momentum": [0.5],
            "synchronized": [False],
        },
    ),
    "MaskedAdd": (keras.layers.Add, {}, {}),
    "MaskedConcatenate": (keras.layers.Concatenate, {}, {"axis": [-1, 2]}),
}
REJECTED = [
    ("MaskedConv1D", {"data_format": "channels_first"}),
    ("MaskedSeparableConv1D", {"data_format": "channels_first"}),
    ("MaskedMaxPooling1D", {"data_format": "channels_first"}),
    ("MaskedAveragePooling1D", {"data_format": "channels_first"}),
    ("GlobalMeanPooling1D", {"data_format": "channels_first"}),
    ("GlobalMaxPooling1D", {"data_format": "channels_first"}),
    ("MaskedBatchNormalization", {"axis": 1}),
    ("MaskedConcatenate", {"axis": 1}),
]
ROWS = [
    (name, {argument: value})
    for name, (_, _, values) in SAME.items()
    for argument in values
    for value in values[argument]
]


def answer(layer, *, training=False):
    """Output, weights and losses of a new layer."""
    inputs = [X, X[:, ::-1].copy()] if isinstance(layer, keras.layers.Add | keras.layers.Concatenate) else X
    layer.build([one.shape for one in inputs] if isinstance(inputs, list) else inputs.shape)
    kwargs = {"training": True} if training else {}
    outputs = layer(inputs, **kwargs)
    return [keras.ops.convert_to_numpy(one) for one in [outputs, *layer.weights, *layer.losses]]


@pytest.mark.parametrize("name, arguments", ROWS, ids=lambda one: re.sub(r" at 0x\w+", "", str(one))[:60])
def test_an_argument_of_keras_gives_the_answer_of_keras(name, arguments):
    stock, needed, _ = SAME[name]
    training = name == "MaskedBatchNormalization"
    keras.utils.set_random_seed(0)
    expected = answer(stock(**needed | arguments), training=training)
    keras.utils.set_random_seed(0)
    ours = getattr(layers, name)(**needed | arguments)
    for one, other in zip(answer(ours, training=training), expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
    again = type(ours).from_config(ours.get_config())
    assert again.get_config() == ours.get_config()


@pytest.mark.parametrize("name, arguments", REJECTED, ids=lambda one: re.sub(r" at 0x\w+", "", str(one)))
def test_an_argument_that_the_mask_cannot_follow_is_rejected_by_name(name, arguments):
    (argument,) = arguments
    with pytest.raises(ValueError, match=f"{argument} must be"):
        answer(getattr(layers, name)(**SAME[name][1] | arguments))


@pytest.mark.parametrize("name", SAME)
def test_every_argument_of_the_counterpart_has_a_row(name):
    stock, _, values = SAME[name]
    parameters = inspect.signature(stock.__init__).parameters.values()
    assert {p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD} - {"self"} <= set(values)
