"""Compare with aeon and tsai: accuracy, log-loss, seconds and memory, in one run on one core.

    SEQCONV_DATA=... python benchmarks/peers.py series --csv series.csv --picture series.png
    SEQCONV_DATA=... python benchmarks/peers.py series --methods "seqconv MiniRocket" "aeon MiniRocket" --anchor "aeon MiniRocket"
    SEQCONV_DATA=... python benchmarks/peers.py series --sets Coffee --methods "seqconv default" "tsai InceptionTimePlus"
    SEQCONV_DATA=... python benchmarks/peers.py cold

The first run makes an environment for each library beside ``--environment``, in folders that are kept for later runs. The
complete sets of equal length in ``$SEQCONV_DATA/ucr`` are used with the archive's split. Seconds are CPU seconds of one core for
`fit` and `predict_proba` on the test part, after the compilation by a first small set; those of `predict_proba` also stand
alone. ``x`` is how many times the anchor takes. Differences are paired by set, with their standard error: means alone cannot
tell half a point. The methods of tsai are slow, and run where they are named. `benchmarks/peers_text.py` has texts.

Columns of the CSV: method, set, seed, accuracy, log-loss, calibration error, CPU and wall seconds, peak MB, CPU seconds of
`predict_proba`; for texts F1 as well.
"""

import argparse
import csv
import importlib
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time
import venv

import numpy as np
from peers_table import compare, draw

# What the environment of each library installs, and the module that has its estimators.
PEERS = {"aeon": ("aeon==1.6.0", "torch==2.13.0"), "tsai": ("tsai==1.0.1", "torch==2.13.0")}
HOMES = {"aeon": "aeon.classification.convolution_based", "tsai": "peers_tsai"}
ONE_CORE = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")}
# Method: how the estimator of a seed is made, in the environment of the library that its first word names.
METHODS = {
    "seqconv default": "seqconv.SeqConvClassifier(random_state={seed})",
    "seqconv fast": "seqconv.SeqConvClassifier(Bank([MiniRocket(5_000), MiniRocket(5_000, True)]), random_state={seed})",
    "seqconv MiniRocket": "seqconv.SeqConvClassifier(MiniRocket(), random_state={seed})",
    "aeon MultiRocketHydra": "MultiRocketHydraClassifier(random_state={seed})",
    "aeon MiniRocket": "MiniRocketClassifier(random_state={seed})",
    "tsai MiniRocket": "TsaiMiniRocket(random_state={seed})",
    "tsai InceptionTimePlus": "TsaiInceptionTime(random_state={seed})",
}
USUAL = [method for method in METHODS if not method.startswith("tsai")]


def read(name, part):
    """Cases and labels of a set, as plain arrays."""
    folder = pathlib.Path(os.environ["SEQCONV_DATA"], "ucr", name)
    path = next(folder.glob(f"{name}_{part}.tsv*"))
    table = np.genfromtxt(path, delimiter="\t")
    return np.ascontiguousarray(table[:, 1:], np.float32), table[:, 0].astype(int)


def complete_sets():
    """Names of the sets whose series are complete and of one length."""
    folders = sorted(pathlib.Path(os.environ["SEQCONV_DATA"], "ucr").iterdir())
    names = [folder.name for folder in folders if list(folder.glob(f"{folder.name}_TEST.tsv*"))]
    return [name for name in names if not any(np.isnan(read(name, part)[0]).any() for part in ("TRAIN", "TEST"))]


def make(method, seed):
    """Import what a method needs, and make its estimator."""
    library = method.split()[0]
    if library in HOMES:
        names = vars(importlib.import_module(HOMES[library])).copy()
    else:
        import seqconv
        from seqconv import encoders

        names = {"seqconv": seqconv, "Bank": encoders.Bank, "MiniRocket": encoders.MiniRocket}
    return eval(METHODS[method].format(seed=seed), names)


def calibration_error(probabilities, hits, n_bins=10):
    """Expected calibration error of the largest probabilities, in bins of equal width."""
    confidence = probabilities.max(axis=1)
    bins = np.minimum((confidence * n_bins).astype(int), n_bins - 1)
    return sum(abs((confidence - hits)[bins == one].sum()) for one in range(n_bins)) / len(hits)


def scores(probabilities, true):
    """Accuracy, log-loss and calibration error of the answers to cases of known class numbers."""
    hits = probabilities.argmax(axis=1) == true
    loss = -np.log(np.clip(probabilities[np.arange(len(true)), true], 1e-12, 1)).mean()
    return hits.mean(), loss, calibration_error(probabilities, hits)


def peak_memory():
    """Peak of this process until now, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(method, name, seed):
    """One row of the table."""
    (X, y), (X_test, y_test) = read(name, "TRAIN"), read(name, "TEST")
    wall, cpu = time.perf_counter(), time.process_time()
    fitted = make(method, seed).fit(X, y)
    fit = time.process_time() - cpu
    probabilities = np.asarray(fitted.predict_proba(X_test))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    found = scores(probabilities, np.searchsorted(fitted.classes_, y_test))
    return method, name, seed, *found, cpu, wall, peak_memory(), cpu - fit


def work(measure, method, first, jobs, path):
    """Measure a method on sets and seeds, in this process; the rows are appended to a file."""
    measure(method, *first)  # compiles
    with open(path, "a", newline="") as file:
        for job in jobs:
            csv.writer(file).writerow(measure(method, *job))
            file.flush()


def environment_of(method, folder):
    """Python of the environment in which a method runs; that of another library is made where it is missing."""
    library = method.split()[0]
    if library == "seqconv":
        return sys.executable
    folder = folder if library == "aeon" else folder.with_name(f"{folder.name}-{library}")
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS[library]], check=True)
    return python


def call(python, *arguments, **changes):
    """Run this script, or some code, in a process of one core."""
    core = str(min(os.sched_getaffinity(0)))
    here = pathlib.Path(__file__).resolve().parent
    variables = os.environ | ONE_CORE | {"PYTHONPATH": f"{here.parent}{os.pathsep}{here}"} | changes
    subprocess.run(["taskset", "-c", core, str(python), *arguments], check=True, env=variables)


def series(options):
    """Accuracy and seconds on the UCR sets."""
    names = options.sets or complete_sets()
    path = pathlib.Path(options.csv or tempfile.mkstemp(suffix=".csv")[1])
    if options.fresh and path.exists():
        path.unlink()
    for method in options.methods:
        python = environment_of(method, options.environment)
        seeds = options.seeds if method.startswith("seqconv") else options.seeds[: options.peer_seeds]
        settings = "--methods", method, "--sets", *names, "--seeds", *map(str, seeds), "--csv", str(path)
        call(python, __file__, "work", *settings)
    with open(path, newline="") as file:
        means = compare(list(csv.reader(file)), options.anchor)
    if options.picture:
        draw(means, options.picture)


COLD = """
import os, sys, time
import numpy as np
{imports}
rng = np.random.default_rng(0)
X, y = rng.normal(size=(200, 150)).astype("float32"), np.arange(200) % 3
{made}.fit(X, y).predict(X[:1])
print("%-24s %-16s %.2f s to the first prediction%s" % (
    {method!r}, {run!r}, time.time() - float(os.environ["STARTED"]),
    ", Keras imported" if "keras" in sys.modules else ""), flush=True)
"""


def cold(options):
    """Seconds from the start of a process to its first prediction, 200 series of 150 steps, first and second process."""
    imports = {library: f"from {home} import *" for library, home in HOMES.items()}
    imports["seqconv"] = "import seqconv; from seqconv.encoders import Bank, MiniRocket"
    for method in options.methods:
        python = environment_of(method, options.environment)
        with tempfile.TemporaryDirectory() as cache:
            for run in ("first process", "second process", "third process"):
                made = METHODS[method].format(seed=0)
                code = COLD.format(imports=imports[method.split()[0]], made=made, method=method, run=run)
                call(python, "-c", code, NUMBA_CACHE_DIR=cache, STARTED=str(time.time()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("series", "cold", "work"))
    parser.add_argument("--methods", nargs="+", default=USUAL, choices=list(METHODS), metavar="METHOD")
    parser.add_argument("--sets", nargs="+", help="names of UCR sets; default: all complete ones")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--peer-seeds", type=int, default=3, help="number of seeds for other libraries")
    parser.add_argument("--anchor", default="aeon MultiRocketHydra", help="method to which the others are compared")
    parser.add_argument("--csv", help="file to which the rows are appended; rows of an earlier run count as well")
    parser.add_argument("--fresh", action="store_true", help="delete the file first")
    parser.add_argument("--picture", help="file for accuracy against seconds")
    parser.add_argument(
        "--environment", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir(), "seqconv-peers")
    )
    options = parser.parse_args()
    if options.what == "work":
        jobs = [(name, seed) for seed in options.seeds for name in options.sets]
        work(measure, options.methods[0], ("Coffee", 0), jobs, options.csv)
    else:
        {"series": series, "cold": cold}[options.what](options)


if __name__ == "__main__":
    main()
