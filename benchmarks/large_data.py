"""Memory and speed of training on a memory map, relative to data in memory.

A made-up set is written to a memory map. One process makes a pass over it. Another makes a pass over as many of its cases
as easily fit in memory. Anonymous memory is what the process itself holds, without pages of the file that the system keeps.

    python benchmarks/large_data.py --gigabytes 6
"""

import argparse
import json
import pathlib
import platform
import subprocess
import sys
import tempfile
import threading
import time

import keras
import numpy as np

import seqconv
from seqconv.encoders import FCN

N_STEPS, N_CHANNELS = 512, 8
CASE_BYTES = 4 * N_STEPS * N_CHANNELS
FIRST_BATCH = 50  # everything is compiled before it


def write_set(path, n_cases, seed=0):
    """Write noise, in which cases of class 1 have a slow wave, a block at a time."""
    rng = np.random.default_rng(seed)
    X = np.lib.format.open_memmap(path, "w+", np.float32, (n_cases, N_STEPS, N_CHANNELS))
    wave = np.sin(np.linspace(0, 6 * np.pi, N_STEPS, dtype=np.float32))[:, None]
    for start in range(0, n_cases, 4096):
        block = X[start : start + 4096]
        rng.standard_normal(block.shape, np.float32, block)
        block[1::2] += wave
        print(f"\rwriting {min(start + 4096, n_cases):,} of {n_cases:,} cases", end="", flush=True)
    X.flush()
    print()


class CountedMap(np.memmap):
    """Memory map that counts the bytes of the cases taken from it."""

    n_bytes = 0

    def __getitem__(self, index):
        found = super().__getitem__(index)
        if isinstance(index, slice | np.ndarray):
            CountedMap.n_bytes += found.nbytes
        return found


class Watch(keras.callbacks.Callback):
    """Measure cases a second after everything is compiled, and the bytes read before the first step."""

    def on_train_begin(self, logs=None):
        self.read_before = CountedMap.n_bytes

    def on_train_batch_begin(self, batch, logs=None):
        if batch == FIRST_BATCH:
            self.start = time.perf_counter()

    def on_train_batch_end(self, batch, logs=None):
        if batch > FIRST_BATCH:
            self.rate = (batch - FIRST_BATCH) / (time.perf_counter() - self.start)


def anonymous_bytes():
    lines = pathlib.Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith("RssAnon"))


def one_pass(path, n_cases):
    """Fit for one epoch and print the figures as a line of JSON."""
    X = np.load(path, mmap_mode="r").view(CountedMap)
    if n_cases:
        X = np.array(X[:n_cases])
    CountedMap.n_bytes = 0
    peak, done = [0], threading.Event()

    def poll():
        while not done.wait(0.05):
            peak[0] = max(peak[0], anonymous_bytes())

    threading.Thread(target=poll, daemon=True).start()
    watch = Watch()
    classifier = seqconv.SeqConvClassifier(
        FCN(filters=(16, 16, 16)), epochs=1, batch_size=64, validation_fraction=0, callbacks=[watch], random_state=0
    )
    start = time.perf_counter()
    classifier.fit(seqconv.SequenceSet(X, np.arange(len(X)) % 2))
    seconds = time.perf_counter() - start
    done.set()
    print(
        json.dumps(
            {"n": len(X), "rate": 64 * watch.rate, "all": len(X) / seconds, "peak": peak[0]}
            | {"read": watch.read_before / X.nbytes}
        )
    )


def measured(path, n_cases):
    command = [sys.executable, __file__, "--path", str(path), "--cases", str(n_cases)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gigabytes", type=float, default=6.0, help="size of the file, in 1e9 bytes")
    parser.add_argument("--in-memory", type=float, default=0.5, help="size of the set in memory, in 1e9 bytes")
    parser.add_argument("--path", help=argparse.SUPPRESS)
    parser.add_argument("--cases", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.path:
        one_pass(options.path, options.cases)
        return
    print(f"seqconv {seqconv.__version__}, keras {keras.__version__} on {keras.backend.backend()},", end=" ")
    print(f"Python {platform.python_version()}; FCN of 16 filters, {N_STEPS} steps of {N_CHANNELS} channels, float32")
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "X.npy")
        write_set(path, int(options.gigabytes * 1e9 / CASE_BYTES))
        print(f"{'':<12}{'cases':>9}{'training, cases/s':>19}{'whole fit, cases/s':>20}{'peak RssAnon, GB':>18}")
        found = {}
        for name, n_cases in (("in memory", int(options.in_memory * 1e9 / CASE_BYTES)), ("mapped", 0)):
            found[name] = one = measured(path, n_cases)
            print(
                f"{name:<12}{one['n']:>9,}{one['rate']:>19,.0f}{one['all']:>20,.0f}{one['peak'] / 1e9:>18.2f}",
                flush=True,
            )
    print(f"mapped / in memory: {found['mapped']['rate'] / found['in memory']['rate']:.2f}", end=" while training, ")
    print(f"{found['mapped']['all'] / found['in memory']['all']:.2f} in all")
    print(f"read of the map before training: {found['mapped']['read']:.2f} times its size")


if __name__ == "__main__":
    main()
