"""CPU time of `SeqConvClassifier.fit` relative to a hand-written `keras.Model.fit` of the stock layers.

Data without NaN, architecture, batch size, steps and optimizer are the same. Both build, compile and train anew in turn, so
that a machine that becomes slower slows both. The stock network has no masks.

    python benchmarks/fit_overhead.py
"""

import argparse
import platform
import statistics
import time

import keras
import numpy as np
import sklearn
from keras import layers

from seqconv import SeqConvClassifier, encoders

BATCH_SIZE = 16
MOMENTUM = 0.9


def stock_fcn(x):
    for filters, kernel_size in ((128, 8), (256, 5), (128, 3)):
        x = layers.Conv1D(filters, kernel_size, padding="same")(x)
        x = layers.ReLU()(layers.BatchNormalization(momentum=MOMENTUM)(x))
    return x


def stock_inception_time(x):
    start = x
    for module in range(6):
        reduced = layers.Conv1D(32, 1, padding="same", use_bias=False)(x) if x.shape[-1] > 1 else x
        branches = [layers.Conv1D(32, size, padding="same", use_bias=False)(reduced) for size in (40, 20, 10)]
        pooled = layers.MaxPooling1D(3, strides=1, padding="same")(x)
        branches.append(layers.Conv1D(32, 1, padding="same", use_bias=False)(pooled))
        x = layers.ReLU()(layers.BatchNormalization(momentum=MOMENTUM)(layers.Concatenate()(branches)))
        if module % 3 == 2:
            shortcut = layers.Conv1D(128, 1, padding="same", use_bias=False)(start)
            x = layers.Add()([layers.BatchNormalization(momentum=MOMENTUM)(shortcut), x])
            start = x = layers.ReLU()(x)
    return x


STOCK = {"fcn": stock_fcn, "inception_time": stock_inception_time}


def fit_stock(name, X, y, epochs):
    inputs = keras.Input((None, X.shape[-1]))
    pooled = layers.GlobalAveragePooling1D()(STOCK[name](inputs))
    model = keras.Model(inputs, layers.Dense(int(y.max()) + 1, activation="softmax")(pooled))
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy")
    model.fit(X, y, batch_size=BATCH_SIZE, epochs=epochs, verbose=0)
    return model.count_params()


def fit_ours(name, X, y, epochs):
    classifier = SeqConvClassifier(
        encoders.get(name), epochs=epochs, batch_size=BATCH_SIZE, validation_fraction=0, scaling=None, patience=epochs
    )
    return classifier.fit(X, y).model_.count_params()


def seconds(function, *arguments):
    start = time.process_time()
    result = function(*arguments)
    return time.process_time() - start, result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, nargs="+", default=[150, 512], help="lengths of the series")
    parser.add_argument("--encoders", nargs="+", choices=sorted(STOCK), default=sorted(STOCK))
    parser.add_argument("--cases", type=int, default=160)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    print(f"keras {keras.__version__} on {keras.backend.backend()}, scikit-learn {sklearn.__version__},", end=" ")
    print(f"Python {platform.python_version()}, {platform.machine()}; seed 0; one warm-up, {options.repeats} pairs")
    rng = np.random.default_rng(0)
    print(f"{'network':<15}{'steps':>6}{'ours s':>9}{'stock s':>9}{'ratio':>8}   ratio min..max")
    for name in options.encoders:
        for n_steps in options.steps:
            X = rng.standard_normal((options.cases, n_steps, 1)).astype("float32")
            y = rng.integers(0, 2, options.cases)
            fit_ours(name, X, y, 1), fit_stock(name, X, y, 1)
            pairs = []
            for _ in range(options.repeats):
                ours, n_ours = seconds(fit_ours, name, X, y, options.epochs)
                stock, n_stock = seconds(fit_stock, name, X, y, options.epochs)
                assert n_ours == n_stock, f"not the same network: {n_ours} and {n_stock} parameters"
                pairs.append((ours, stock))
            ours, stock = (statistics.median(column) for column in zip(*pairs, strict=True))
            ratios = sorted(a / b for a, b in pairs)
            spread = f"{ratios[0]:.2f}..{ratios[-1]:.2f}"
            print(
                f"{name:<15}{n_steps:>6}{ours:>9.1f}{stock:>9.1f}{statistics.median(ratios):>8.2f}   {spread}",
                flush=True,
            )


if __name__ == "__main__":
    main()
