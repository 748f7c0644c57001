"""Time of the k largest values in order of time, relative to the usual idiom and to a masked max.

The contenders take turns in one process, so that a machine that becomes slower slows all. Each is timed in its fastest
compiled mode: on TensorFlow `tf.function` with and without `jit_compile`, on JAX `jit`.

    KERAS_BACKEND=tensorflow python benchmarks/kmax.py
    KERAS_BACKEND=jax python benchmarks/kmax.py --k 4 8 --shape 64 512 128
"""

import argparse
import os
import platform
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import numpy as np
from keras import ops

from seqconv.layers.k_largest import k_largest
from seqconv.masks import masked_max

SEED = 0
BACKEND = keras.backend.backend()


def usual_idiom(x, mask, k):
    """Return the k largest as usually written, faster than `k_largest_by_top_k`; minus infinity counts as hidden."""
    n_steps = x.shape[1]
    hidden_low = ops.transpose(ops.where(mask[..., None], x, -float("inf")), (0, 2, 1))  # (batch, channels, steps)
    is_slot = ops.arange(k) < ops.sum(ops.cast(mask, "int32"), axis=1)[:, None, None]  # (batch, 1, k)
    steps = ops.where(is_slot, ops.top_k(hidden_low, k)[1], n_steps)
    steps = ops.minimum(ops.sort(steps, axis=-1), n_steps - 1)
    values = ops.where(is_slot, ops.take_along_axis(hidden_low, steps, axis=-1), 0)
    return ops.transpose(values, (0, 2, 1))


def max_alone(x, mask, k):
    return ops.expand_dims(masked_max(x, mask), 1)


CONTENDERS = {"ours": k_largest, "idiom": usual_idiom, "max": max_alone}


def compiled_modes(function, k, backward):
    """Return the compiled functions of (x, mask, upstream) by the name of their mode."""
    if BACKEND == "jax":
        import jax

        def total(x, mask, upstream):
            return (function(x, mask, k) * upstream).sum()

        return {"jit": jax.jit(jax.grad(total) if backward else lambda x, mask, upstream: function(x, mask, k))}
    import tensorflow as tf

    def forward_or_gradient(x, mask, upstream):
        if not backward:
            return function(x, mask, k)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = function(x, mask, k)
        return tf.convert_to_tensor(tape.gradient(y, x, output_gradients=upstream * tf.ones_like(y)))

    return {
        "jit": tf.function(forward_or_gradient, jit_compile=True),
        "graph": tf.function(forward_or_gradient, jit_compile=False),
    }


def milliseconds(function, arguments):
    start = time.perf_counter()
    answer = function(*arguments)
    if BACKEND == "jax":
        answer.block_until_ready()
    return 1000 * (time.perf_counter() - start)


def measure(k, backward, data, repeats):
    """Return {contender: (fastest mode, times in the order of the rounds)}."""
    runs, answers = {}, {}
    for contender, function in CONTENDERS.items():
        for mode, run in compiled_modes(function, k, backward).items():
            arguments = data if contender != "max" else (*data[:2], data[2][:, :1])
            answers[contender, mode] = np.asarray(run(*arguments))  # compiles
            runs[contender, mode] = (run, arguments, [])
    forms = [answer for (contender, _), answer in answers.items() if contender != "max"]
    if not all(np.array_equal(form, forms[0]) for form in forms):
        raise AssertionError(f"the two forms must agree in all modes, but differ at k = {k}.")
    for _ in range(repeats):
        for run, arguments, times in runs.values():
            times.append(milliseconds(run, arguments))
    best = {}
    for (contender, mode), (_, _, times) in runs.items():
        if contender not in best or np.median(times) < np.median(best[contender][1]):
            best[contender] = (mode, np.array(times))
    return best


def make_data(shape, k):
    """Draw a normal tensor, a right-padded mask of lengths from half to all steps, and an upstream gradient."""
    rng = np.random.default_rng(SEED)
    n_cases, n_steps, n_channels = shape
    lengths = rng.integers(n_steps // 2, n_steps + 1, n_cases)
    mask = np.arange(n_steps) < lengths[:, None]
    x = rng.normal(size=shape).astype("float32")
    upstream = rng.normal(size=(n_cases, k, n_channels)).astype("float32")
    return tuple(ops.convert_to_tensor(array) for array in (x, mask, upstream))


def cell(mode, times):
    return f"{np.median(times):6.1f} [{times.min():.1f}..{times.max():.1f}] {mode}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--k", type=int, nargs="+", default=[1, 2, 4, 8, 16, 32])
    parser.add_argument("--shape", type=int, nargs=3, default=[64, 512, 128], metavar=("CASES", "STEPS", "CHANNELS"))
    parser.add_argument("--repeats", type=int, default=15)
    arguments = parser.parse_args()
    if BACKEND not in ("tensorflow", "jax"):
        parser.error(f"the Keras backend must be tensorflow or jax, got {BACKEND}; set KERAS_BACKEND.")
    backend_version = __import__(BACKEND).__version__
    print(f"{BACKEND} {backend_version}, Keras {keras.__version__}, Python {platform.python_version()},", end=" ")
    print(f"{len(os.sched_getaffinity(0))} CPU threads, float32 {tuple(arguments.shape)}, seed {SEED},", end=" ")
    print(f"{arguments.repeats} rounds; ms: median [min..max] mode; ratios: median over the rounds")
    print(f"{'k':>3} {'pass':17} {'ours':>27} {'idiom':>27} {'masked max':>27} {'idiom/ours':>10} {'ours/max':>8}")
    for k in arguments.k:
        for backward in (False, True):
            best = measure(k, backward, make_data(arguments.shape, k), arguments.repeats)
            ours, idiom, largest = (best[name][1] for name in CONTENDERS)
            row = " ".join(f"{cell(*best[name]):>27}" for name in CONTENDERS)
            name = "forward+backward" if backward else "forward"
            print(f"{k:3} {name:17} {row} {np.median(idiom / ours):10.2f} {np.median(ours / largest):8.2f}", flush=True)


if __name__ == "__main__":
    main()
