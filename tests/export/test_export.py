"""Files for other runtimes: equal answers, or an error and no file."""

import warnings

import keras
import numpy as np
import pytest

from seqconv import SeqConvClassifier, encoders, export
from seqconv.export import parity, to_litert, to_onnx, to_savedmodel
from seqconv.layers import pooling_names
from seqconv.models import TokenStem, build_classifier

pytestmark = pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="Keras exports from TensorFlow")
WRITERS = {"model.onnx": to_onnx, "model.tflite": to_litert, "model": to_savedmodel}
EACH = pytest.mark.parametrize("name", list(WRITERS))
NETWORKS = {
    "inception": encoders.InceptionTime(filters=2, depth=1, kernel_size=8),
    "valid": encoders.FCN((4, 4), (5, 3), padding="valid"),
    "grouped": encoders.DCNN(filters=(2, 2), kernel_sizes=(3, 2), k_top=2, fold=False),
    "gelu": encoders.ModernTCN(filters=(3,), depths=(1,), kernel_size=9, small_kernel_size=3, patch_size=4),
}


def write(model, path, **settings):
    """Export, quietly; skip where the libraries of a format are not installed."""
    if path.suffix == ".onnx":
        pytest.importorskip("tf2onnx", reason="ONNX needs pip install seqconv[export]")
        pytest.importorskip("onnxruntime", reason="ONNX needs pip install seqconv[export]")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return WRITERS[path.name](model, path, **({"n_steps": 24} | settings))


def small(encoder=None, **settings):
    keras.utils.set_random_seed(0)
    return build_classifier(encoder or encoders.FCN((4, 4), (5, 3)), (None, 2), 3, **settings)


def assert_equal(model, path):
    report = write(model, path)
    assert report.largest_difference < 1e-5 and report.n_steps == (24, 33, 48)
    assert path.exists() and report.n_bytes > 1000 and report.path == str(path)


@EACH
@pytest.mark.parametrize(
    "pooling", [pytest.param(one, marks=[pytest.mark.slow] * (one != "k_max")) for one in pooling_names()]
)
def test_a_file_answers_as_the_model_with_every_pooling(pooling, name, tmp_path):
    assert_equal(small(pooling=pooling), tmp_path / name)


@pytest.mark.parametrize("name", ["model.onnx", "model.tflite"])
@pytest.mark.parametrize("network", NETWORKS)
def test_a_file_answers_as_the_model_with_operations_that_converters_lack(network, name, tmp_path):
    assert_equal(small(NETWORKS[network]), tmp_path / name)


@EACH
def test_a_network_of_tokens_is_exported(name, tmp_path):
    keras.utils.set_random_seed(0)
    stem = TokenStem(n_tokens=30, n_dims=4)
    assert_equal(build_classifier(encoders.KimCNN(4), (None, 2), 3, stem=stem), tmp_path / name)


def test_a_fitted_estimator_of_scaled_series_is_exported(tmp_path, rng):
    X = rng.normal(5, 3, size=(24, 30, 2)).astype("float32")
    classifier = SeqConvClassifier(encoders.FCN((4, 4), (5, 3)), epochs=1, random_state=0).fit(X, np.arange(24) % 2)
    assert_equal(classifier, tmp_path / "model.tflite")


def test_what_a_format_cannot_express_raises_and_leaves_no_file(tmp_path):
    bank = encoders.IntervalQuantiles(depth=2, n_steps=24)  # its spectrum is a Fourier transform
    for name in ("model.onnx", "model.tflite"):
        with pytest.raises(ValueError, match="cannot be exported to .* No file was left"):
            write(small(bank), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@EACH
def test_a_file_with_other_answers_is_deleted(name, tmp_path, monkeypatch):
    model = small()
    real = parity._example
    # The file is compared with the model at another input than the one that it is run with.
    answers = iter([keras.ops.convert_to_numpy(model(real(model, n) * 2)) for n in (24, 33, 48)])
    monkeypatch.setattr(keras.ops, "convert_to_numpy", lambda x: next(answers))
    with pytest.raises(ValueError, match="must be within 1e-05 of the model's, they differ by .* It was deleted"):
        write(model, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@EACH
def test_half_precision_is_rejected(name, tmp_path):
    policy = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = small()
    finally:
        keras.config.set_dtype_policy(policy)
    with pytest.raises(ValueError, match="must compute in float32, it has layers in bfloat16"):
        write(model, tmp_path / name)


def test_something_else_than_a_model_is_rejected(tmp_path):
    for write_to in (export.to_litert, export.to_savedmodel):
        with pytest.raises(TypeError, match="must be a Keras model or a fitted estimator, got dict"):
            write_to({}, tmp_path / "model")
