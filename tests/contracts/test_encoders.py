"""The laws that every encoder keeps, and the models around it."""

import itertools
import math
import subprocess
import sys

import keras
import numpy as np
import pytest

import seqconv
from seqconv import SeqConvClassifier, encoders, geometry
from seqconv.encoders.costs import without_memory
from seqconv.models import build_classifier, build_regressor, complete_twin

SMALL = {
    "fcn": encoders.FCN(filters=(4, 6, 4)),
    "fcn_valid": encoders.FCN(filters=(4, 6, 4), padding="valid"),
    "fcn_full": encoders.FCN(filters=(4, 6, 4), padding="full"),
    "fcn_causal": encoders.FCN(filters=(4, 6, 4), padding="causal"),
    "inception_time": encoders.InceptionTime(filters=2, depth=4, kernel_size=12, bottleneck=3),
    "inception_plain": encoders.InceptionTime(filters=2, depth=2, kernel_size=5, bottleneck=None, residual=False),
    "kim_cnn": encoders.KimCNN(filters=5),
    "resnet": encoders.ResNet(filters=(3, 4, 4)),
    "time_cnn": encoders.TimeCNN(filters=(3, 4), kernel_size=3, pool_size=2, n_bins=3),
    "time_cnn_same": encoders.TimeCNN(filters=(3, 4), kernel_size=3, pool_size=2, n_bins=3, padding="same"),
    "lite": encoders.LITE(filters=3, kernel_size=12),
    "lite_multivariate": encoders.LITE(filters=3, kernel_size=12, multivariate=True),
    "h_inception_time": encoders.HInceptionTime(filters=2, depth=3, kernel_size=8, bottleneck=3),
    "omni_scale_cnn": encoders.OmniScaleCNN(max_kernel_size=7, budgets=(40, 200)),
    "disjoint_cnn": encoders.DisjointCNN(filters=4, kernel_sizes=(4, 3), pool_size=3),
    "tcn": encoders.TCN(filters=8, depth=3, kernel_size=3),
    "tcn_dropout": encoders.TCN(filters=4, depth=2, kernel_size=3, dropout_rate=0.2),
    "conv_next1d": encoders.ConvNeXt1D(filters=(4, 6), depths=(1, 2)),
    "modern_tcn": encoders.ModernTCN(filters=(3, 4), depths=(1, 1), kernel_size=9, small_kernel_size=3, patch_size=4),
    "le_net": encoders.LeNet(filters=(3, 4), kernel_size=3, dense=(5,), n_bins=3),
    "le_net_same": encoders.LeNet(filters=(3, 4), kernel_size=3, dense=(), padding="same"),
    "alex_net": encoders.AlexNet(filters=(3, 4, 4, 4, 3), dense=(5, 5), n_bins=2),
    "vgg": encoders.VGG(11, filters=(2, 3, 3, 4, 4), dense=(5,), n_bins=2),
    "goog_le_net": encoders.GoogLeNet(),
    "deep_res_net": encoders.DeepResNet(18, filters=2),
    "deep_res_net_bottleneck": encoders.DeepResNet(50, filters=2),
    "dcnn": encoders.DCNN(filters=(2, 3), kernel_sizes=(3, 2), k_top=2, fold=False),
    "char_cnn": encoders.CharCNN(filters=4, dense=(5,), n_bins=2),
    "vdcnn": encoders.VDCNN(9, k=2, dense=(5,)),
    "vdcnn_shortcut": encoders.VDCNN(9, k=2, dense=(), shortcut=True),
    "dpcnn": encoders.DPCNN(filters=4, n_blocks=2),
    "raw_audio_cnn": encoders.RawAudioCNN(3),
    "raw_audio_cnn_residual": encoders.RawAudioCNN(34),
    "tc_res_net": encoders.TCResNet(14, width=0.2),
    "sinc_net": encoders.SincNet(1000, filters=(4, 3, 3), kernel_sizes=(9, 3, 3), dense=(5,), n_bins=2),
    "hannun_ecg": encoders.HannunECG(filters=3, n_blocks=5, kernel_size=4),
    "ribeiro_ecg": encoders.RibeiroECG(filters=(3, 4, 4), kernel_size=4, strides=2, n_bins=2),
    "kachuee_ecg": encoders.KachueeECG(filters=3, n_blocks=2, dense=(4,)),
    "x_res_net1d": encoders.XResNet1D(18, dense=(5,)),
    "deep_lob": encoders.DeepLOB(filters=8),
    "deep_lob_plain": encoders.DeepLOB(filters=3, recurrent=False),
    "mini_rocket": encoders.MiniRocket(n_features=168, n_steps=40),
    "multi_rocket": encoders.MultiRocket(n_features=84, n_steps=40),
    "hydra": encoders.Hydra(n_groups=4, n_steps=40),
    "interval_quantiles": encoders.IntervalQuantiles(depth=3, n_steps=40),
    "bank": encoders.Bank([encoders.MiniRocket(n_features=84), encoders.Hydra(n_groups=2)], n_steps=40),
}
# Channels that an encoder needs: pairs of price and size on two sides, one microphone.
CHANNELS = {"deep_lob": 4, "deep_lob_plain": 4, "sinc_net": 1}
# One step of these depends on the whole case: an LSTM, a normalization over all steps, the choice of the k largest.
NOT_LOCAL = ("deep_lob", "sinc_net", "dcnn")
# Their many layers cost seconds; the laws of padding and answers are asked of all.
DEEP = ("goog_le_net", "x_res_net1d", "raw_audio_cnn_residual", "deep_res_net_bottleneck")
# The other forms of a class are the same code.
ONE_OF_EACH = sorted({type(SMALL[name]): name for name in sorted(SMALL, reverse=True)}.values())
BANKS = sorted(name for name, encoder in SMALL.items() if isinstance(encoder, encoders.FixedBank))
POOLINGS = ["mean", "max", "k_max", "k_mean", "chunk_max", "attention"]


@pytest.fixture(params=[pytest.param(name, marks=[pytest.mark.slow] * (name in DEEP)) for name in sorted(SMALL)])
def name(request):
    return request.param


@pytest.fixture
def encoder(name):
    return SMALL[name]


@pytest.fixture
def n_channels(name):
    return CHANNELS.get(name, 2)


@pytest.fixture
def double():
    """Draw models in float64."""
    if keras.backend.backend() != "tensorflow":
        pytest.skip("JAX computes in float32, and rounding on PyTorch hides what the outermost steps bring")
    policy, floatx = keras.config.dtype_policy(), keras.config.floatx()
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_floatx(floatx)
    keras.config.set_dtype_policy(policy)


def shaken(model):
    """The model with weights and moving statistics that are not those of the start."""
    rng = np.random.default_rng(1)
    for weight in model.weights:
        if weight.dtype.startswith("float"):
            weight.assign(rng.uniform(0.2, 0.6, weight.shape) * rng.choice([-1, 1], weight.shape))
        if "variance" in weight.name:
            weight.assign(np.abs(weight))
    return model


def padded(case, n_steps):
    return np.concatenate([case, np.full((n_steps - len(case), case.shape[1]), np.nan, case.dtype)])


def answer(model, X):
    return keras.ops.convert_to_numpy(model(X, training=False))


def test_every_name_has_a_case_here():
    assert {type(encoder) for encoder in SMALL.values()} == {type(encoders.get(name)) for name in encoders.names()}


@pytest.mark.parametrize("name", sorted(SMALL))
def test_a_case_alone_equals_the_case_in_a_padded_batch(name, rng):
    n_channels = CHANNELS.get(name, 2)
    model = shaken(build_classifier(SMALL[name], (None, n_channels), 3))
    cases = [rng.standard_normal((n, n_channels)).astype("float32") for n in (14, 20, 33, 50)]
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


def test_the_gradient_of_the_loss_does_not_depend_on_padding(name, encoder, n_channels, rng, request):
    if name in DEEP:  # batches of a few steps amplify the rounding of float32 through tens of normalizations
        request.getfixturevalue("double")
    cases = [rng.standard_normal((n, n_channels)).astype(keras.config.floatx()) for n in (20, 26)]
    steps = []
    for width in (26, 47):
        model = shaken(build_regressor(encoder, (None, n_channels), seed=0))
        for layer in model.layers:
            if isinstance(layer, keras.layers.Dropout):
                layer.rate = 0.0
        # A graph costs seconds, and is used once.
        model.compile(keras.optimizers.SGD(1e-3), "mse", run_eagerly=keras.backend.backend() == "tensorflow")
        before = model.get_weights()
        model.train_on_batch(np.stack([padded(case, width) for case in cases]), np.array([[1.0], [2.0]]))
        steps.append([after - old for after, old in zip(model.get_weights(), before, strict=True)])
    for one, other in zip(*steps, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5, rtol=1e-3)


def test_a_case_of_no_observed_step_gives_finite_answers(encoder, n_channels):
    model = shaken(build_classifier(encoder, (None, n_channels), 2))
    assert np.isfinite(answer(model, np.full((2, 20, n_channels), np.nan, np.float32))).all()


@pytest.mark.parametrize("name", sorted(set(SMALL) - set(BANKS) - set(NOT_LOCAL)))
def test_a_feature_step_sees_the_receptive_field_and_no_more(name, double):
    encoder, n_channels = SMALL[name], CHANNELS.get(name, 1)
    layers, padding = encoder.convolutions(), getattr(encoder, "padding", "same")
    n_steps = 3 * encoder.receptive_field + 20
    n_out = n_steps
    for kernel_size, strides, dilation_rate in layers:
        n_out = geometry.output_length(n_out, kernel_size, strides, dilation_rate, padding)
    seen = geometry.steps_seen(n_out // 2, layers, padding=padding)
    first, last = seen[0], seen[-1]
    assert last - first + 1 == encoder.receptive_field
    inputs = keras.Input((None, n_channels))
    model = shaken(keras.Model(inputs, encoder(inputs)))
    for weight in model.weights:
        weight.assign(np.abs(weight))  # so that no rectifier stands in the way
    pulses = np.zeros((9, n_steps, n_channels))
    for row, (at, height) in enumerate(itertools.product((first - 1, first, last, last + 1), (100, -100))):
        pulses[row, at] = height  # fixed filters answer to one of the two
    features = answer(model, pulses)[:, n_out // 2]
    moved = (features[:8] != features[8]).any(axis=1)
    assert moved.reshape(4, 2).any(axis=1).tolist() == [False, True, True, False]
    assert model.output.shape[1] is None and answer(model, pulses[:1]).shape[1] == n_out


# What the papers or their authors' codes have: encoder, channels, classes, trainable weights beside an embedding.
COUNTS = [
    (encoders.FCN(), 1, 10, 265_994),
    (encoders.ResNet(), 1, 10, 505_290),
    (encoders.InceptionTime(), 1, 10, 421_482),
    (encoders.InceptionTime(), 9, 10, 492_490),
    (encoders.KimCNN(), 300, 2, 360_902),
    (encoders.TimeCNN(), 1, 10, 7_054),
    (encoders.LITE(), 1, 10, 10_144),
    (encoders.OmniScaleCNN(), 1, 10, 236_149),
    (encoders.DisjointCNN(), 9, 10, 826_826),
    (encoders.TCN(), 1, 10, 66_910),
    (encoders.TCN(filters=64, depth=6), 1, 10, 318_154),
    (encoders.LeNet(), 1, 10, 251_666),
    (encoders.AlexNet(), 1, 10, 33_712_522),
    (encoders.AlexNet(dense=()), 1, 10, 1_160_074),
    (encoders.VGG(11, dense=()), 1, 10, 3_085_578),
    (encoders.VGG(16, dense=()), 1, 10, 4_920_906),
    (encoders.VGG(16), 1, 10, 55_296_586),
    (encoders.CharCNN(), 70, 4, 11_339_780),
    (encoders.CharCNN(filters=1024, dense=(2048, 2048)), 70, 4, 95_940_612),
    (encoders.VDCNN(9), 16, 4, 14_176_964),
    (encoders.VDCNN(17), 16, 4, 16_271_684),
    (encoders.VDCNN(29), 16, 4, 16_643_780),
    (encoders.VDCNN(49), 16, 4, 19_776_068),
    (encoders.RawAudioCNN(3), 1, 10, 221_194),
    (encoders.RawAudioCNN(5), 1, 10, 559_114),
    (encoders.RawAudioCNN(11), 1, 10, 1_786_442),
    (encoders.RawAudioCNN(18), 1, 10, 3_683_786),
    (encoders.RawAudioCNN(34), 1, 10, 3_984_154),
    (encoders.TCResNet(), 40, 12, 65_148),
    (encoders.TCResNet(14, 1.5), 40, 12, 302_964),
    (encoders.HannunECG(), 1, 14, 10_468_718),
    (encoders.RibeiroECG(), 12, 6, 6_421_910),
    (encoders.KachueeECG(), 1, 5, 55_013),
    (encoders.XResNet1D(18), 12, 71, 372_935),
    (encoders.XResNet1D(), 12, 71, 1_879_495),
    (encoders.DeepLOB(), 40, 3, 142_435),
]


@pytest.mark.parametrize(("encoder", "n_channels", "n_classes", "n_weights"), COUNTS, ids=lambda one: repr(one))
def test_parameter_counts_equal_the_published_ones(encoder, n_channels, n_classes, n_weights):
    with without_memory():  # of up to 96 million weights
        model = build_classifier(encoder, (None, n_channels), n_classes)
    assert sum(math.prod(weight.shape) for weight in model.trainable_weights) == n_weights


def test_the_complete_twin_answers_the_same(name, encoder, n_channels, rng):
    model = shaken(build_classifier(encoder, (None, n_channels), 2))
    X = rng.standard_normal((3, 30, n_channels)).astype("float32")
    twin = complete_twin(model)
    np.testing.assert_allclose(answer(twin, X), answer(model, X), atol=1e-6)
    if name != "dcnn":  # whose k largest of a short case have a mask of their own
        assert [one.name for one in twin.operations if not isinstance(one, keras.layers.Layer)] == []


LOAD = """
import sys, keras, numpy as np, seqconv.layers
folder = sys.argv[1]
X = np.load(folder + "/X.npy")
for name in sys.argv[2:]:
    model = keras.saving.load_model(f"{folder}/{name}.keras", safe_mode=True)
    answer = model(X[..., : model.input.shape[-1]], training=False)
    np.save(f"{folder}/{name}.npy", keras.ops.convert_to_numpy(answer))
"""


def test_models_saved_and_loaded_in_a_fresh_process_answer_the_same(tmp_path, rng):
    X = rng.standard_normal((3, 30, 4)).astype("float32")
    X[0, 20:] = np.nan
    np.save(tmp_path / "X.npy", X)
    expected = {}
    for name in sorted(set(ONE_OF_EACH) - set(DEEP)):
        model = shaken(build_classifier(SMALL[name], (None, CHANNELS.get(name, 2)), 3))
        model.save(tmp_path / f"{name}.keras")
        expected[name] = answer(model, X[..., : CHANNELS.get(name, 2)])
    subprocess.run([sys.executable, "-c", LOAD, str(tmp_path), *expected], check=True, timeout=300)
    for name, probabilities in expected.items():
        np.testing.assert_allclose(np.load(tmp_path / f"{name}.npy"), probabilities, atol=1e-6)


def noise(name, rng, n_cases=32, n_steps=24):
    """Cases of noise and labels at random: nothing but memory can tell the labels."""
    X = rng.standard_normal((n_cases, n_steps, CHANNELS.get(name, 2))).astype("float32")
    return X, rng.permutation(np.arange(n_cases) % 2)


@pytest.fixture(params=["float32", "mixed_bfloat16"])
def policy(request):
    own = keras.config.dtype_policy()
    keras.config.set_dtype_policy(request.param)
    yield request.param
    keras.config.set_dtype_policy(own)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(ONE_OF_EACH) - set(BANKS)))
def test_an_encoder_learns_random_labels_by_heart(name, policy, rng):
    X, y = noise(name, rng)
    model = build_classifier(SMALL[name], (None, X.shape[2]), 2, seed=0)
    for layer in model.layers:
        if isinstance(layer, keras.layers.Dropout):
            layer.rate = 0.0
    # Many steps in one call of the graph, or it would spend its time between them.
    n_together = 1 if keras.backend.backend() == "torch" else 25
    model.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy", steps_per_execution=n_together)
    for _ in range(60):
        model.fit(np.tile(X, (25, 1, 1)), np.tile(y, 25), batch_size=len(X), shuffle=False, verbose=0)
        accuracy = (answer(model, X).argmax(axis=1) == y).mean()
        if accuracy == 1:
            break
    assert accuracy == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(ONE_OF_EACH)))
def test_an_encoder_is_fitted_saved_loaded_and_explained(name, tmp_path, rng):
    X, y = noise(name, rng)
    training = {} if name in BANKS else {"epochs": 1}
    estimator = SeqConvClassifier(SMALL[name], **training, random_state=0).fit(X, y)
    expected = estimator.predict_proba(X[:4])
    estimator.save(tmp_path / "model.seqconv")
    again = seqconv.load(tmp_path / "model.seqconv")
    np.testing.assert_allclose(again.predict_proba(X[:4]), expected, atol=1e-6)
    found = seqconv.explain.occlusion(again, X[:1], window=6)
    assert np.isfinite(found.drops).all() and found.observed.shape == (1, X.shape[1])
    assert np.abs(found.drops).max() > 0
