import keras
import numpy as np
import pytest

from seqconv import SeqConvClassifier, layers
from seqconv.adapters import AudioAdapter
from seqconv.datasets import make_audio, make_heartbeats
from seqconv.encoders import FCN, TCN, LeNet, TimeCNN
from seqconv.models import SeriesStem, TokenStem, build_average, build_classifier, streaming

K = keras.layers


def randomized(model, rng):
    """Draw all weights, so that no bias and no moving statistic is at its start."""
    for weight in model.weights:
        drawn = rng.normal(size=weight.shape).astype("float32")
        weight.assign(1 + abs(drawn) if "variance" in weight.path else weight + 0.3 * drawn)
    return model


def features_of(model):
    return keras.Model(model.input, model.get_layer("features").output)


def encoded(encoder, rng, **arguments):
    return randomized(build_classifier(encoder, (None, 2), 3, **arguments), rng)


def drawn(layers_of, masked=True):
    """Make a model of features from a function that draws layers on a series of two channels."""
    x = keras.Input((None, 2))
    y = K.Identity(name="features")(layers_of(layers.MissingMasking()(x) if masked else x))
    return keras.Model(x, y)


def raw_audio(padding):
    def draw(x):
        for filters, kernel_size, strides in ((6, 20, 4), (5, 3, 1)):
            x = layers.MaskedConv1D(filters, kernel_size, strides, padding)(x)
            x = K.ReLU()(layers.MaskedBatchNormalization()(x))
            x = layers.MaskedMaxPooling1D(2)(x)
        return x

    return draw


def unequal_branches(x):
    """Branches of unequal delay: pools of valid windows beside causal convolutions, and a cropped shortcut."""
    long = layers.MaskedConv1D(3, 5)(x)
    cropped = K.Cropping1D((0, 4))(layers.MaskedConv1D(3, 1)(x))
    early = K.Cropping1D((4, 0))(layers.MaskedConv1D(3, 1)(x))
    joined = layers.MaskedConcatenate()([layers.MaskedAdd()([long, cropped]), early])
    causal = layers.MaskedConv1D(4, 3, padding="causal")(joined)
    padded = layers.MaskedConv1D(4, 3)(K.ZeroPadding1D((2, 0))(joined))
    return K.Multiply()([causal, padded])


def stepwise(x):
    x = layers.Highway()(layers.GatedLinearUnit()(layers.MaskedConv1D(8, 3, padding="causal")(x)))
    x = layers.LayerScale(0.5)(layers.MaskedLayerNormalization()(layers.ChannelShuffle(2)(x)))
    return layers.Maxout(3)(K.Dropout(0.5)(x))


def many_convolutions(x):
    x = layers.MaskedSeparableConv1D(4, 4, strides=2, padding="causal")(x)
    x = layers.MaxoutConv1D(3, 3, padding="causal", dilation_rate=3)(x)
    x = layers.MaskedDepthwiseConv1D(3, padding="causal", depth_multiplier=2)(x)
    return layers.WeightNormConv1D(4, 2, strides=3)(x)  # it skips steps


NETS = {
    "tcn": lambda rng: features_of(encoded(TCN(filters=3, depth=2, kernel_size=3), rng)),
    "fcn causal": lambda rng: features_of(encoded(FCN((3, 4, 3), padding="causal"), rng)),
    "fcn valid": lambda rng: features_of(encoded(FCN((3, 4, 3), padding="valid"), rng)),
    "le_net": lambda rng: features_of(encoded(LeNet(), rng)),
    "time_cnn": lambda rng: features_of(encoded(TimeCNN(), rng)),
    "raw audio valid": lambda rng: randomized(drawn(raw_audio("valid")), rng),
    "raw audio causal": lambda rng: randomized(drawn(raw_audio("causal")), rng),
    "branches": lambda rng: randomized(drawn(unequal_branches, masked=False), rng),
    "stepwise": lambda rng: randomized(drawn(stepwise), rng),
    "convolutions": lambda rng: randomized(drawn(many_convolutions), rng),
    "each group": lambda rng: randomized(
        drawn(layers.EachGroup(2, [layers.MaskedConv1D(3, 4, 2), layers.MaskedMaxPooling1D(2)])), rng
    ),
}
CHUNKS = {"1": [1], "7": [7], "64": [64], "random": [3, 1, 6, 2, 5]}


def fed(stream, x, sizes):
    """Feed chunks of these sizes, again and again, and join the answers."""
    stream.reset()
    answers, start, turn = [], 0, 0
    while start < len(x):
        answers.append(stream.feed(x[start : start + sizes[turn % len(sizes)]]))
        start, turn = start + sizes[turn % len(sizes)], turn + 1
    return np.concatenate(answers)


def whole(model, x):
    """Return the features of a case in one piece and which of them are real."""
    y = model.output
    mask = getattr(y, "_keras_mask", None)
    values = keras.ops.convert_to_numpy(model(x[None]))[0]
    if mask is None:
        return values, slice(None)
    return values, keras.ops.convert_to_numpy(keras.Model(model.input, mask)(x[None]))[0]


@pytest.mark.parametrize("name", NETS)
def test_streamed_features_equal_those_in_one_piece(name, rng):
    model = NETS[name](rng)
    x = rng.normal(size=(130, 2)).astype("float32")
    hidden = x.copy()
    hidden[2], hidden[100:103] = np.nan, np.nan
    hidden[80, 0] = np.nan  # one of two channels: observed
    # Keras's own padding and cropping lose the mask.
    case = x if name == "branches" else hidden
    expected, real = whole(model, case)
    stream = streaming(model)
    for sizes in CHUNKS.values():
        found = fed(stream, case, sizes)
        assert found.shape == expected.shape
        np.testing.assert_allclose(found[real], expected[real], atol=1e-5)


@pytest.mark.parametrize("padding", ["causal", "valid"])
@pytest.mark.parametrize("pooling", ["last", "mean", "max", "mean_max"])
def test_running_answers_equal_those_of_the_model_so_far(pooling, padding, rng):
    model = encoded(FCN((3, 4, 3), padding=padding), rng, pooling=pooling)
    x = rng.normal(size=(60, 2)).astype("float32")
    x[30:32] = np.nan
    stream = streaming(model)
    found = fed(stream, x, [7])
    for i in (0, 16, 30, len(found) - 1):
        expected = keras.ops.convert_to_numpy(model(x[None, : stream.first_step + i + 1]))[0]
        np.testing.assert_allclose(found[i], expected, atol=1e-5)


@pytest.mark.parametrize(
    ("encoder", "pooling"),
    [(LeNet(n_bins=5), None), (TimeCNN(n_bins=2), None), (FCN((3, 4, 3), padding="valid"), "k_max")],
)
def test_with_a_window_answers_equal_those_of_the_model_for_the_last_steps(encoder, pooling, rng):
    model = encoded(encoder, rng, pooling=pooling)
    x = rng.normal(size=(100, 2)).astype("float32")
    x[60] = np.nan
    stream = streaming(model, window=40)
    n = stream.strides
    first = stream.first_step + (40 - stream.first_step - 1) // n * n + 1
    found = fed(stream, x, [7])
    assert len(found) == (100 - first) // n + 1
    for i in {0, len(found) // 2, len(found) - 1}:
        expected = keras.ops.convert_to_numpy(model(x[None, i * n : i * n + first]))[0]
        np.testing.assert_allclose(found[i], expected, atol=1e-5)


def spoken():
    """Clips as mel bands."""
    data = make_audio(n_cases=12, max_seconds=0.6)
    return AudioAdapter(8000, max_seconds=0.6, n_mels=8).fit_transform(data.X), data.y


def beats():
    data = make_heartbeats(n_patients=2, n_beats=10)
    return data.X, data.y


@pytest.mark.slow
@pytest.mark.parametrize("make", [spoken, beats])
@pytest.mark.parametrize(
    ("encoder", "pooling"), [(FCN((4, 4, 4), padding="causal"), "mean"), (TCN(4, 2, 3), "last")], ids=["fcn", "tcn"]
)
def test_a_trained_network_streams_as_in_one_piece(make, encoder, pooling, rng):
    X, y = make()
    classifier = SeqConvClassifier(encoder, pooling=pooling, epochs=1, random_state=0).fit(X, y)
    stream = streaming(classifier.model_)
    for case, expected in zip(X[:2], classifier.predict_proba(X[:2]), strict=True):
        np.testing.assert_allclose(fed(stream, case, [7])[-1], expected, atol=1e-5)
    recording = np.concatenate(list(X[:3]))  # with hidden steps where a case ended
    features = features_of(classifier.model_)
    expected, real = whole(features, recording)
    np.testing.assert_allclose(fed(streaming(features), recording, [7])[real], expected[real], atol=1e-5)


def test_streams_side_by_side_answer_as_alone(rng):
    model = encoded(TCN(filters=3, depth=1), rng)
    x = rng.normal(size=(2, 20, 2)).astype("float32")
    x[1, 4] = np.nan
    stream = streaming(model)
    found = np.concatenate([stream.feed(x[:, :9]), stream.feed(x[:, 9:])], axis=1)
    for one, alone in zip(found, x, strict=True):
        np.testing.assert_allclose(one, fed(stream, alone, [20]), atol=1e-5)
    stream.reset()
    stream.feed(x)
    with pytest.raises(ValueError, match="2 streams as before, got 1"):
        stream.feed(x[0])


def test_a_hidden_beginning_answers_as_the_model(rng):
    model = encoded(FCN((3, 4, 3), padding="causal"), rng, stem=SeriesStem(indicator=True))
    x = np.full((12, 2), np.nan, "float32")
    x[8:] = 1.0
    found = fed(streaming(model), x, [5])
    np.testing.assert_allclose(found[-1], keras.ops.convert_to_numpy(model(x[None]))[0], atol=1e-5)


def test_weights_are_those_at_the_time_of_the_call(rng):
    model = encoded(FCN((3, 4, 3), padding="causal"), rng)
    x = rng.normal(size=(10, 2)).astype("float32")
    before = keras.ops.convert_to_numpy(model(x[None]))[0]
    stream = streaming(model)
    randomized(model, rng)
    np.testing.assert_allclose(stream.feed(x)[-1], before, atol=1e-5)


def test_no_steps_give_no_answers(rng):
    stream = streaming(encoded(FCN((3, 4, 3), padding="valid"), rng))
    assert stream.feed(np.zeros((0, 2))).shape == stream.feed(np.zeros((13, 2))).shape == (0, 3)
    assert stream.feed(np.zeros((1, 2))).shape == (1, 3)


def test_answers_belong_to_the_steps_that_are_stated(rng):
    stream = streaming(randomized(drawn(raw_audio("valid")), rng))
    found = [len(stream.feed(np.ones((1, 2)))) for _ in range(100)]
    assert np.flatnonzero(found).tolist() == list(range(stream.first_step, 100, stream.strides))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: build_classifier(FCN((2, 2, 2)), (None, 1), 2), "padding='same'. Use padding=\"causal\""),
        (lambda: drawn(layers.MaskedGroupNormalization(1)), "whole case"),
        (lambda: drawn(layers.SqueezeExcitation1D()), "whole case"),
        (lambda: drawn(layers.MaskedMaxPooling1D(2, padding="same")), "looks ahead"),
        (lambda: drawn(K.Bidirectional(K.LSTM(2, return_sequences=True))), "whole case"),
        (lambda: drawn(layers.MaskedConv1D(2, 3, padding="full")), "looks ahead"),
        (lambda: drawn(layers.EachGroup(2, [layers.MaskedConv1D(2, 3, padding="causal")])), "holds a causal"),
        (lambda: drawn(lambda x: keras.ops.square(x)), "operation without a layer"),
        (lambda: build_classifier(FCN(padding="causal"), (None, 1), 2, stem=SeriesStem("case")), "whole case"),
        (lambda: build_classifier(FCN(padding="causal"), (None, 1), 2, pooling="k_max"), "Give window="),
        (lambda: build_classifier("kim_cnn", (None,), 2, stem=TokenStem(5, 4)), "one input"),
        (
            lambda: build_average([build_classifier(TCN(2, 1), (None, 1), 2, seed=i) for i in (0, 1)]),
            "one global pooling",
        ),
    ],
)
def test_what_cannot_stream_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        streaming(make())


def test_wrong_arguments_are_rejected(rng):
    model = encoded(FCN((3, 4, 3), padding="valid"), rng)
    with pytest.raises(ValueError, match="at least 14 steps, got 13"):
        streaming(model, window=13)
    with pytest.raises(ValueError, match="window requires a network with a global pooling"):
        streaming(features_of(model), window=20)
    with pytest.raises(ValueError, match=r"chunk must be \(steps, 2\)"):
        streaming(model).feed(np.zeros((5, 3)))
    with pytest.raises(TypeError, match="Keras model"):
        streaming("fcn")
