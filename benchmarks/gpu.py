"""Train networks and compute bank features with the backend that KERAS_BACKEND names, on a GPU where there is one.

    SEQCONV_DATA=... KERAS_BACKEND=jax python benchmarks/gpu.py
    KERAS_BACKEND=torch python benchmarks/gpu.py --small      (made-up series, a minute on a CPU)

The table has accuracy on the archive's split, seconds of `fit` and `predict_proba`, and series per second of a fixed bank:
drawn as a network on the device, and computed by the CPU without Keras. Everything is timed after a first call that compiles.
"""

import argparse
import time

import keras
import numpy as np

import seqconv
from seqconv.datasets import load_ucr, make_series
from seqconv.encoders import FCN, Bank, Hydra, InceptionTime, MiniRocket

SETS = ("ECG5000", "SwedishLeaf", "Strawberry", "PhalangesOutlinesCorrect")


def device():
    """Name the backend and what it computes on."""
    backend = keras.backend.backend()
    if backend == "jax":
        import jax

        return f"jax on {jax.devices()[0].device_kind}"
    if backend == "torch":
        import torch

        return f"torch on {torch.cuda.get_device_name(0) if torch.cuda.is_available() else 'the CPU'}"
    import tensorflow

    return f"tensorflow on {len(tensorflow.config.list_physical_devices('GPU')) or 'no'} GPU"


def split(name, is_small):
    """Training and test cases of a set."""
    series = make_series(n_cases=240, n_steps=64, random_state=0) if is_small else load_ucr(name)
    if is_small:
        return series[np.arange(160)], series[np.arange(160, 240)]
    return series[series.part_is("train")], series[series.part_is("test")]


def train(name, encoder, epochs, batch_size, is_small):
    """Print a line of the table for one network on one set."""
    part, test = split(name, is_small)

    def make(epochs):
        return seqconv.SeqConvClassifier(encoder, epochs=epochs, batch_size=batch_size, random_state=0)

    make(1).fit(part.X, part.y).predict_proba(test.X)  # compiles
    started = time.perf_counter()
    classifier = make(epochs).fit(part.X, part.y)
    fitted = time.perf_counter()
    accuracy = classifier.score(test.X, test.y)
    ended = time.perf_counter()
    print(
        f"{name:26}{type(encoder).__name__:16}{accuracy:10.4f}{fitted - started:10.1f}{ended - fitted:10.2f}",
        flush=True,
    )


def features(bank, n_cases, n_steps):
    """Print series per second of a bank on the device and on the CPU."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n_cases, n_steps)).astype("float32")
    classifier = seqconv.SeqConvClassifier(bank, random_state=0).fit(X[:64], np.arange(64) % 2)
    model = keras.Model(classifier.model_.input, classifier.model_.get_layer("pooling").output)
    figures = []
    for call in (lambda: model.predict(X[:, :, None], batch_size=64, verbose=0), lambda: classifier.predict_proba(X)):
        call()
        started = time.perf_counter()
        call()
        figures.append(n_cases / (time.perf_counter() - started))
    print(f"{type(bank).__name__:26}{n_steps:6} steps{figures[0]:14.0f}{figures[1]:14.0f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", nargs="+", default=list(SETS))
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument(
        "--small", action="store_true", help="made-up series and few epochs, for a machine without a GPU"
    )
    options = parser.parse_args()
    print(f"seqconv {seqconv.__version__}, keras {keras.__version__}, {device()}")
    print(f"{'set':26}{'encoder':16}{'accuracy':>10}{'fit s':>10}{'predict s':>10}")
    small = FCN(filters=(16, 16, 16)), InceptionTime(filters=4, depth=3)
    for name in ["made-up"] if options.small else options.sets:
        for encoder in small if options.small else (FCN(), InceptionTime()):
            train(name, encoder, 3 if options.small else options.epochs, options.batch_size, options.small)
    print(f"{'bank':26}{'length':>11}{'device, 1/s':>14}{'CPU, 1/s':>14}")
    n_cases = 64 if options.small else 1_024
    for bank in (MiniRocket(n_features=840), Hydra(n_groups=8)) if options.small else (MiniRocket(), Hydra(), Bank()):
        for n_steps in (64,) if options.small else (150, 512):
            features(bank, n_cases, n_steps)


if __name__ == "__main__":
    main()
