"""Accuracy of the encoders on sets of the UCR and UEA archives compared with published figures, with steps and seconds.

SEQCONV_DATA=... python benchmarks/archives.py --published ucr_default_split.csv uea_default_split.csv
"""

import argparse
import platform
import time

import keras
import numpy as np
import pandas as pd
import sklearn

import seqconv
from seqconv.datasets import load_ucr, load_uea
from seqconv.domains import home as cache

ENCODERS = ["fcn", "resnet", "inception_time"]


class CountSteps(keras.callbacks.Callback):
    n_steps = 0

    def on_train_batch_end(self, batch, logs=None):
        self.n_steps += 1


def read_set(name):
    """Read the set from the archive that has it."""
    archives = {path.split("/")[0] for path in cache.registered() if path.split("/")[1] == name}
    is_uea = "uea" in archives or (cache.data_home() / "uea" / name).is_dir()
    return (load_uea if is_uea else load_ucr)(name)


def published(tables, name, encoder):
    """Return the accuracy in per cent from the first table that has the set, else NaN."""
    start = encoder.replace("_", "")
    for table in tables:
        columns = [column for column in table.columns if column.lower().startswith(start)]
        if name in table.index and columns:
            return 100 * float(table.loc[name, columns[0]])
    return np.nan


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    sets = ["ItalyPowerDemand", "GunPoint", "ECG200", "Coffee", "JapaneseVowels"]
    parser.add_argument("--sets", nargs="+", default=sets)
    parser.add_argument("--encoders", nargs="+", choices=seqconv.encoders.names(), default=ENCODERS)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument(
        "--published", nargs="*", default=[], metavar="CSV", help="tables by set of published accuracies"
    )
    options = parser.parse_args()
    tables = [pd.read_csv(path, index_col=0) for path in options.published]
    print(f"seqconv {seqconv.__version__}, keras {keras.__version__} on {keras.backend.backend()},", end=" ")
    print(f"scikit-learn {sklearn.__version__}, Python {platform.python_version()}; seeds {options.seeds}")
    print("Accuracy in % on the archive's split, one network. Share: of the steps that the encoder's paper takes.")
    print(
        f"{'encoder':<16}{'set':<28}{'ours':>16}{'published':>11}{'difference':>11}{'steps':>7}{'share':>7}{'s a fit':>9}"
    )
    for encoder in options.encoders:
        differences, shares = [], []
        paper = seqconv.encoders.get(encoder)
        for name in options.sets:
            series = read_set(name)
            train, test = series[series.part_is("train")], series[series.part_is("test")]
            found, seconds = [], []
            for seed in options.seeds:
                steps = CountSteps()
                classifier = seqconv.SeqConvClassifier(encoder, callbacks=[steps], random_state=seed)
                start = time.perf_counter()
                classifier.fit(train.X, train.y)
                seconds.append(time.perf_counter() - start)
                found.append(100 * classifier.score(test.X, test.y))
            theirs = published(tables, name, encoder)
            differences.append(np.mean(found) - theirs)
            shares.append(steps.n_steps / (paper.paper_epochs * -(-len(train) // paper.paper_batch_size)))
            print(f"{encoder:<16}{name:<28}{np.mean(found):>8.2f} +- {np.std(found):.2f}{theirs:>11.2f}", end="")
            print(f"{differences[-1]:>11.2f}{steps.n_steps:>7}{shares[-1]:>7.3f}{np.mean(seconds):>9.1f}", flush=True)
        error = np.std(differences, ddof=1) / np.sqrt(len(differences)) if len(differences) > 1 else np.nan
        print(f"{encoder:<16}mean of {len(differences)} paired differences: {np.mean(differences):.2f}", end="")
        print(f" +- {error:.2f} (standard error over the sets); mean share {np.mean(shares):.3f}", flush=True)


if __name__ == "__main__":
    main()
