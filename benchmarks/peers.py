"""Compare with aeon and with scikit-learn's text baselines: accuracy, log-loss, seconds and memory, in one run on one core.

    SEQCONV_DATA=... python benchmarks/peers.py series --csv series.csv --picture series.png
    SEQCONV_DATA=... python benchmarks/peers.py cold

The first run makes an environment for aeon in ``--environment``, a folder that is kept for later runs. The complete sets of
equal length in ``$SEQCONV_DATA/ucr`` are used with the archive's split. Seconds are CPU seconds of one core for `fit` and
`predict_proba` on the test part, after the compilation by a first small set. Differences are paired by set, with their
standard error: means alone cannot tell half a point.
"""

import argparse
import csv
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time
import venv

import numpy as np

PEERS = ("aeon==1.6.0", "torch==2.13.0")
ONE_CORE = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")}
# Method: how the estimator of a seed is made. Those of aeon run in the environment of the peers.
METHODS = {
    "seqconv default": "seqconv.SeqConvClassifier(random_state={seed})",
    "seqconv fast": "seqconv.SeqConvClassifier(Bank([MiniRocket(5_000), MiniRocket(5_000, True)]), random_state={seed})",
    "seqconv MiniRocket": "seqconv.SeqConvClassifier(MiniRocket(), random_state={seed})",
    "aeon MultiRocketHydra": "MultiRocketHydraClassifier(random_state={seed})",
    "aeon MiniRocket": "MiniRocketClassifier(random_state={seed})",
}
FIELDS = ("method", "set", "seed", "accuracy", "log_loss", "calibration", "cpu", "wall", "memory")


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
    if method.startswith("aeon"):
        from aeon.classification.convolution_based import MiniRocketClassifier, MultiRocketHydraClassifier

        names = {"MiniRocketClassifier": MiniRocketClassifier, "MultiRocketHydraClassifier": MultiRocketHydraClassifier}
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


def measure(method, name, seed):
    """One row of the table."""
    (X, y), (X_test, y_test) = read(name, "TRAIN"), read(name, "TEST")
    wall, cpu = time.perf_counter(), time.process_time()
    fitted = make(method, seed).fit(X, y)
    probabilities = np.asarray(fitted.predict_proba(X_test))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    true = np.searchsorted(fitted.classes_, y_test)
    hits = probabilities.argmax(axis=1) == true
    loss = -np.log(np.clip(probabilities[np.arange(len(true)), true], 1e-12, 1)).mean()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return method, name, seed, hits.mean(), loss, calibration_error(probabilities, hits), cpu, wall, memory


def work(method, names, seeds, path):
    """Measure a method on sets, in this process; the rows are appended to a file."""
    measure(method, "Coffee", 0)  # compiles
    with open(path, "a", newline="") as file:
        for seed in seeds:
            for name in names:
                csv.writer(file).writerow(measure(method, name, seed))
                file.flush()


def environment_of(method, folder):
    """Python of the environment in which a method runs; that of the peers is made where it is missing."""
    if method.startswith("seqconv"):
        return sys.executable
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=True)
    return python


def call(python, *arguments, **changes):
    """Run this script, or some code, in a process of one core."""
    core = str(min(os.sched_getaffinity(0)))
    variables = os.environ | ONE_CORE | {"PYTHONPATH": str(pathlib.Path(__file__).parents[1])} | changes
    subprocess.run(["taskset", "-c", core, str(python), *arguments], check=True, env=variables)


def compare(rows, anchor):
    """Print means, and differences to the anchor paired by set."""
    table = {}
    for method, name, _, *figures in rows:
        table.setdefault(method, {}).setdefault(name, []).append([float(figure) for figure in figures])
    means = {method: {name: np.mean(runs, axis=0) for name, runs in sets.items()} for method, sets in table.items()}
    print(
        f"{'method':24}{'sets':>5}{'accuracy':>10}{'difference to ' + anchor:>36}{'w/d/l':>12}{'log-loss':>10}{'ECE':>7}{'CPU s':>9}"
    )
    for method, sets in means.items():
        names = sorted(set(sets) & set(means.get(anchor, sets)))
        figures = np.array([sets[name] for name in names])
        line = f"{method:24}{len(names):5}{figures[:, 0].mean():10.4f}"
        if anchor in means:
            apart = 100 * (figures[:, 0] - [means[anchor][name][0] for name in names])
            error = apart.std(ddof=1) / np.sqrt(len(apart)) if len(apart) > 1 else 0.0
            signs = [int((apart > 1e-9).sum()), int((abs(apart) <= 1e-9).sum()), int((apart < -1e-9).sum())]
            line += f"{f'{apart.mean():+.2f} +- {error:.2f} points':>36}{'/'.join(map(str, signs)):>12}"
        print(f"{line}{figures[:, 1].mean():10.3f}{figures[:, 2].mean():7.3f}{figures[:, 3].sum():9.1f}")
    return means


def draw(means, path):
    """Draw accuracy against seconds."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4.2), layout="constrained")
    axes = figure.subplots()
    for method, sets in means.items():
        figures = np.array(list(sets.values()))
        seconds, accuracy = figures[:, 3].sum(), figures[:, 0].mean()
        colour = "tab:blue" if method.startswith("seqconv") else "tab:orange"
        axes.plot(seconds, 100 * accuracy, "o", color=colour)
        axes.annotate(method, (seconds, 100 * accuracy), xytext=(6, 4), textcoords="offset points", fontsize=9)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    n_sets = len(next(iter(means.values())))
    axes.set(xlabel="CPU seconds to fit and predict all sets, one core", ylabel="mean accuracy, %")
    axes.set_title(f"{n_sets} complete UCR sets, archive's split", fontsize=10)
    axes.margins(x=0.25, y=0.15)
    figure.savefig(path, dpi=150)


def series(options):
    """Accuracy and seconds on the UCR sets."""
    names = options.sets or complete_sets()
    path = pathlib.Path(options.csv or tempfile.mkstemp(suffix=".csv")[1])
    if options.fresh and path.exists():
        path.unlink()
    for method in options.methods:
        python = environment_of(method, options.environment)
        seeds = options.seeds if method.startswith("seqconv") else options.seeds[: options.peer_seeds]
        call(
            python,
            __file__,
            "work",
            "--methods",
            method,
            "--sets",
            *names,
            "--seeds",
            *map(str, seeds),
            "--csv",
            str(path),
        )
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
    imports = {
        "seqconv": "import seqconv; from seqconv.encoders import Bank, MiniRocket",
        "aeon": "from aeon.classification.convolution_based import MiniRocketClassifier, MultiRocketHydraClassifier",
    }
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
    parser.add_argument("--methods", nargs="+", default=list(METHODS), choices=list(METHODS), metavar="METHOD")
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
        work(options.methods[0], options.sets, options.seeds, options.csv)
    else:
        {"series": series, "cold": cold}[options.what](options)


if __name__ == "__main__":
    main()
