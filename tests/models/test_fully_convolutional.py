import keras
import numpy as np
import pytest

from seqconv import layers
from seqconv.encoders import FCN, TCN, LeNet, TimeCNN
from seqconv.models import SeriesStem, build_classifier, build_regressor, streaming, to_fully_convolutional


def randomized(model, rng):
    """Draw all weights, so that no bias and no moving statistic is at its start."""
    for weight in model.weights:
        drawn = rng.normal(size=weight.shape).astype("float32")
        weight.assign(1 + abs(drawn) if "variance" in weight.path else weight + 0.3 * drawn)
    return model


def encoded(encoder, rng, **arguments):
    return randomized(build_classifier(encoder, (None, 2), 3, **arguments), rng)


def of_keras():
    """LeNet on 40 steps of Keras's own layers, with the steps flattened."""
    K = keras.layers
    stack = [K.Conv1D(4, 5, activation="relu"), K.MaxPooling1D(2), K.Conv1D(3, 3), K.Flatten(), K.Dense(6, "relu")]
    return keras.Sequential([keras.Input((40, 2)), *stack, K.Dropout(0.5), K.Dense(3, activation="softmax")])


NETS = {
    "le_net": lambda rng: encoded(LeNet(n_bins=7), rng),  # one feature step a chunk
    "le_net max": lambda rng: encoded(LeNet(), rng, pooling=layers.ChunkMaxPooling1D(1, flatten=True)),
    "time_cnn": lambda rng: encoded(TimeCNN(n_bins=1), rng),
    "fcn": lambda rng: encoded(FCN((3, 4, 3), padding="valid"), rng),
    "fcn chunks": lambda rng: encoded(FCN((3, 4, 3), padding="valid"), rng, pooling="chunk_mean"),
    "fcn last": lambda rng: encoded(FCN((3, 4, 3), padding="valid"), rng, pooling="last"),
    "fcn mean_max": lambda rng: encoded(FCN((3, 4, 3), padding="valid"), rng, pooling="mean_max"),
    "regressor": lambda rng: randomized(build_regressor(FCN((3, 4, 3), padding="valid"), (None, 2), 2), rng),
    "keras": lambda rng: randomized(of_keras(), rng),
}
STEPS = {"fcn chunks": 41, "keras": 40}


@pytest.mark.parametrize("name", NETS)
def test_one_pass_equals_explicit_windows(name, rng):
    model, n_steps = NETS[name](rng), STEPS.get(name, 40)
    strides = {"le_net": 4, "le_net max": 4, "time_cnn": 9, "keras": 2}.get(name, 1)
    recording = rng.normal(size=(90, 2)).astype("float32")
    scores = keras.ops.convert_to_numpy(to_fully_convolutional(model, n_steps)(recording[None]))[0]
    starts = range(0, 90 - n_steps + 1, strides)
    # The last windows end within the recording, also where the strides leave steps over.
    assert len(starts) <= len(scores) <= len(starts) + 1
    windows = np.stack([recording[start : start + n_steps] for start in starts])
    np.testing.assert_allclose(scores[: len(starts)], keras.ops.convert_to_numpy(model(windows)), atol=1e-5)


def test_the_distance_of_answers_is_that_of_the_stream(rng):
    model = encoded(LeNet(n_bins=7), rng)
    assert streaming(model, window=40).strides == 4


@pytest.mark.parametrize(
    ("make", "n_steps", "message"),
    [
        (lambda: build_classifier(FCN((2, 2, 2)), (None, 1), 2), 40, "looks ahead"),
        (lambda: build_classifier(TCN(2, 1), (None, 1), 2), 40, "adds zeros before each window"),
        (lambda: build_classifier(LeNet(n_bins=6), (None, 1), 2), 40, "7 feature steps into 6 chunks.*multiple of 6"),
        (lambda: build_classifier(LeNet(), (None, 1), 2), 15, "at least 16 steps, got 15"),
        (lambda: build_classifier(FCN(padding="valid"), (None, 1), 2, pooling="k_max"), 40, "cannot become a local"),
        (lambda: build_classifier(LeNet(), (None, 1), 2, stem=SeriesStem(indicator=True)), 512, "indicator=False"),
        (lambda: keras.Sequential([keras.Input((None, 1)), layers.MaskedConv1D(2, 3)]), 40, "global pooling"),
    ],
)
def test_what_cannot_slide_is_named(make, n_steps, message):
    with pytest.raises(ValueError, match=message):
        to_fully_convolutional(make(), n_steps)
