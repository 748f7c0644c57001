"""Milliseconds that each augmentation takes for one batch; a quarter of its steps is not observed.

python benchmarks/augmentation.py
"""

import argparse
import platform
import time

import keras
import numpy as np

import seqconv
from seqconv import augment

NEEDED = {"BetweenClassMixing": {"sampling_rate_hz": 8000}}


def seconds(layer, inputs, n_runs):
    """Return wall and processor time of each run, (n_runs, 2), without the first three."""
    found = []
    for _ in range(n_runs + 3):
        wall, processor = time.perf_counter(), time.process_time()
        keras.ops.convert_to_numpy(layer(inputs, training=True)[0])
        found.append((time.perf_counter() - wall, time.process_time() - processor))
    return np.array(found[3:])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shape", type=int, nargs=3, default=(64, 512, 8), metavar=("CASES", "STEPS", "CHANNELS"))
    parser.add_argument("--runs", type=int, default=50)
    options = parser.parse_args()
    n_cases, n_steps, n_channels = options.shape
    rng = np.random.default_rng(0)
    x = rng.normal(size=options.shape).astype("float32")
    x[::2, n_steps // 2 :] = np.nan
    ids = rng.integers(1, 1000, size=(n_cases, n_steps)).astype("int32")
    y, weight = np.eye(4, dtype="float32")[np.arange(n_cases) % 4], np.ones(n_cases, "float32")
    print(f"seqconv {seqconv.__version__}, keras {keras.__version__} on {keras.backend.backend()},", end=" ")
    print(f"Python {platform.python_version()}; {n_cases} cases, {n_steps} steps, {n_channels} channels")
    print(f"{'milliseconds a batch':<22}{'median':>8}{'least':>8}{'processor':>11}")
    for name in augment.__all__:
        if name == "Augmentation":
            continue
        layer = getattr(augment, name)(**NEEDED.get(name, {}), seed=0)
        given = ids if layer.takes_tokens else x[..., :1] if name in NEEDED else x  # a waveform has one channel
        found = 1000 * seconds(layer, (given, y, weight), options.runs)
        print(f"{name:<22}{np.median(found[:, 0]):>8.1f}{found[:, 0].min():>8.1f}{np.median(found[:, 1]):>11.1f}")


if __name__ == "__main__":
    main()
