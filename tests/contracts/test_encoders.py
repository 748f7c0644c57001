"""The laws that every encoder keeps, and the models around it."""

import subprocess
import sys

import keras
import numpy as np
import pytest

from seqconv import encoders, geometry
from seqconv.models import TokenStem, build_classifier, build_regressor, complete_twin

SMALL = {
    "fcn": encoders.FCN(filters=(4, 6, 4)),
    "fcn_valid": encoders.FCN(filters=(4, 6, 4), padding="valid"),
    "fcn_full": encoders.FCN(filters=(4, 6, 4), padding="full"),
    "fcn_causal": encoders.FCN(filters=(4, 6, 4), padding="causal"),
    "inception_time": encoders.InceptionTime(filters=2, depth=4, kernel_size=12, bottleneck=3),
    "inception_plain": encoders.InceptionTime(filters=2, depth=2, kernel_size=5, bottleneck=None, residual=False),
    "kim_cnn": encoders.KimCNN(filters=5),
    "resnet": encoders.ResNet(filters=(3, 4, 4)),
    "mini_rocket": encoders.MiniRocket(n_features=168, n_steps=40),
    "multi_rocket": encoders.MultiRocket(n_features=84, n_steps=40),
    "hydra": encoders.Hydra(n_groups=4, n_steps=40),
    "interval_quantiles": encoders.IntervalQuantiles(depth=3, n_steps=40),
    "bank": encoders.Bank([encoders.MiniRocket(n_features=84), encoders.Hydra(n_groups=2)], n_steps=40),
}
BANKS = sorted(name for name, encoder in SMALL.items() if isinstance(encoder, encoders.FixedBank))
POOLINGS = ["mean", "max", "k_max", "k_mean", "chunk_max", "attention"]


@pytest.fixture(params=sorted(SMALL))
def encoder(request):
    return SMALL[request.param]


def shaken(model):
    """The model with weights and moving statistics that are not those of the start."""
    rng = np.random.default_rng(1)
    for weight in model.weights:
        if weight.dtype == "float32":
            weight.assign(rng.uniform(0.2, 0.6, weight.shape) * rng.choice([-1, 1], weight.shape))
        if "variance" in weight.name:
            weight.assign(np.abs(weight))
    return model


def padded(case, n_steps):
    return np.concatenate([case, np.full((n_steps - len(case), case.shape[1]), np.nan, np.float32)])


def answer(model, X):
    return keras.ops.convert_to_numpy(model(X, training=False))


def test_every_name_has_a_case_here():
    assert {type(encoder) for encoder in SMALL.values()} == {type(encoders.get(name)) for name in encoders.names()}


def test_a_case_alone_equals_the_case_in_a_padded_batch(encoder, rng):
    model = shaken(build_classifier(encoder, (None, 2), 3))
    cases = [rng.standard_normal((n, 2)).astype("float32") for n in (14, 20, 33, 50)]
    cases[1][5] = np.nan  # a hole inside
    cases[2][7, 0] = np.nan  # a value missing
    together = answer(model, np.stack([padded(case, 61) for case in cases]))
    for case, expected in zip(cases, together, strict=True):
        np.testing.assert_allclose(answer(model, case[None])[0], expected, atol=1e-5)


@pytest.mark.parametrize("pooling", POOLINGS)
def test_every_pooling_keeps_the_padding_law(pooling, rng):
    model = shaken(build_classifier(SMALL["fcn"], (None, 1), 2, pooling=pooling))
    case = rng.standard_normal((9, 1)).astype("float32")
    np.testing.assert_allclose(answer(model, padded(case, 32)[None]), answer(model, case[None]), atol=1e-5)


def test_the_gradient_of_the_loss_does_not_depend_on_padding(encoder, rng):
    cases = [rng.standard_normal((n, 1)).astype("float32") for n in (20, 26)]
    steps = []
    for width in (26, 47):
        model = shaken(build_regressor(encoder, (None, 1), seed=0))
        for layer in model.layers:
            if isinstance(layer, keras.layers.Dropout):
                layer.rate = 0.0
        model.compile(keras.optimizers.SGD(1e-3), "mse")
        before = model.get_weights()
        model.train_on_batch(np.stack([padded(case, width) for case in cases]), np.array([[1.0], [2.0]]))
        steps.append([after - old for after, old in zip(model.get_weights(), before, strict=True)])
    for one, other in zip(*steps, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5, rtol=1e-3)


def test_a_case_of_no_observed_step_gives_finite_answers(encoder):
    model = shaken(build_classifier(encoder, (None, 1), 2))
    assert np.isfinite(answer(model, np.full((2, 20, 1), np.nan, np.float32))).all()


@pytest.mark.parametrize("encoder", sorted(set(SMALL) - set(BANKS)), indirect=True)
def test_the_receptive_field_is_what_a_unit_pulse_moves(encoder):
    n_steps, at = 301, 150
    inputs = keras.Input((None, 1))
    model = shaken(keras.Model(inputs, encoder(inputs)))
    for weight in model.weights:
        weight.assign(np.abs(weight))  # so that no rectifier stands in the way
    silence, pulse = np.zeros((2, 1, n_steps, 1), np.float32)
    pulse[0, at] = 100.0
    moved = np.abs(answer(model, pulse) - answer(model, silence)).max(axis=(0, 2)) > 1e-4
    assert np.flatnonzero(moved)[-1] - np.flatnonzero(moved)[0] + 1 == encoder.receptive_field
    padding = getattr(encoder, "padding", "same")
    expected = n_steps
    for kernel_size, strides, dilation_rate in encoder.convolutions():
        expected = geometry.output_length(expected, kernel_size, strides, dilation_rate, padding)
    assert len(moved) == expected


@pytest.mark.parametrize(("name", "n_parameters"), [("fcn", 265_994), ("resnet", 505_290), ("inception_time", 421_482)])
def test_parameter_counts_equal_the_published_ones(name, n_parameters):
    model = build_classifier(name, (None, 1), 10)
    assert sum(int(np.prod(weight.shape)) for weight in model.trainable_weights) == n_parameters


def test_kim_cnn_has_the_published_number_of_parameters_beside_its_embedding():
    model = build_classifier("kim_cnn", (None,), 2, stem=TokenStem(n_tokens=7, n_dims=300))
    assert sum(int(np.prod(weight.shape)) for weight in model.trainable_weights) == 360_902 + 7 * 300


def test_inception_with_nine_channels_has_the_published_number_of_parameters():
    model = build_classifier("inception_time", (None, 9), 10)
    assert sum(int(np.prod(weight.shape)) for weight in model.trainable_weights) == 492_490


def test_the_complete_twin_answers_the_same(encoder, rng):
    model = shaken(build_classifier(encoder, (None, 2), 2))
    X = rng.standard_normal((3, 30, 2)).astype("float32")
    twin = complete_twin(model)
    np.testing.assert_allclose(answer(twin, X), answer(model, X), atol=1e-6)
    assert [operation.name for operation in twin.operations if not isinstance(operation, keras.layers.Layer)] == []


LOAD = """
import sys, keras, numpy as np, seqconv.layers
folder = sys.argv[1]
X = np.load(folder + "/X.npy")
for name in sys.argv[2:]:
    model = keras.saving.load_model(f"{folder}/{name}.keras", safe_mode=True)
    np.save(f"{folder}/{name}.npy", model.predict(X, verbose=0))
"""


def test_models_saved_and_loaded_in_a_fresh_process_answer_the_same(tmp_path, rng):
    X = rng.standard_normal((3, 30, 2)).astype("float32")
    X[0, 20:] = np.nan
    np.save(tmp_path / "X.npy", X)
    expected = {}
    for name, encoder in SMALL.items():
        model = shaken(build_classifier(encoder, (None, 2), 3))
        model.save(tmp_path / f"{name}.keras")
        expected[name] = model.predict(X, verbose=0)
    subprocess.run([sys.executable, "-c", LOAD, str(tmp_path), *SMALL], check=True, timeout=300)
    for name, probabilities in expected.items():
        np.testing.assert_allclose(np.load(tmp_path / f"{name}.npy"), probabilities, atol=1e-6)
