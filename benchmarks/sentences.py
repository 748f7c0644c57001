"""How well are sentences classified without any outside word vectors?

MR by 10-fold cross-validation, the others by their official test part, beside TF-IDF with a linear SVM on the same splits and
the published network of Kim (2014) from a random start.

    SEQCONV_DATA=... python benchmarks/sentences.py mr trec
"""

import argparse
import platform
import time

import keras
import numpy as np
import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

import seqconv
from seqconv.adapters import TextAdapter
from seqconv.datasets import load_sentences
from seqconv.encoders import KimCNN

# Kim (2014), table 2, CNN-rand, in per cent. R8 is not in the paper.
KIM = {"mr": 76.1, "sst1": 45.0, "sst2": 82.7, "trec": 91.2}


def splits(sentences, n_seeds):
    """(training cases, test cases, seed): ten folds, or the official parts once a seed."""
    if sentences.part is None:
        folds = StratifiedKFold(10, shuffle=True, random_state=0).split(sentences.X, sentences.y)
        yield from ((train, test, seed) for seed, (train, test) in enumerate(folds))
    else:
        test = sentences.part_is("test")
        yield from ((np.flatnonzero(~test), np.flatnonzero(test), seed) for seed in range(n_seeds))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="+", choices=["mr", "sst1", "sst2", "trec", "r8"])
    parser.add_argument("--members", type=int, default=3, help="networks whose probabilities are averaged")
    parser.add_argument("--dims", type=int, default=100, help="length of a token's vector")
    parser.add_argument("--piece-dropout", type=float, default=0.5, help="share of a word's pieces hidden in training")
    parser.add_argument("--pooling", default="mean_max", help="name of a pooling layer")
    parser.add_argument(
        "--kernel-sizes", type=int, nargs="+", default=[3, 4, 5], help="widths of the filters, in words"
    )
    parser.add_argument("--epochs", type=int, help="passes over the training part; as shipped if not given")
    parser.add_argument("--validation-fraction", type=float, help="as shipped if not given")
    parser.add_argument("--seeds", type=int, default=3, help="fits on sets with an official split")
    options = parser.parse_args()
    print(f"seqconv {seqconv.__version__}, keras {keras.__version__} on {keras.backend.backend()},", end=" ")
    print(f"scikit-learn {sklearn.__version__}, Python {platform.python_version()}")
    text = {"n_dims": options.dims, "piece_dropout": options.piece_dropout}
    fit = {"n_members": options.members, "pooling": options.pooling, "epochs": options.epochs}
    fit["validation_fraction"] = options.validation_fraction
    print(f"TextAdapter {text}, SeqConvClassifier {fit},")
    print(f"KimCNN kernel_sizes={options.kernel_sizes}; everything else as shipped; accuracy in %")
    print(f"{'set':<6}{'fits':>5}{'seqconv':>16}{'TF-IDF + SVM':>14}{'Kim, random start':>19}{'s a fit':>9}")
    for name in options.names:
        sentences = load_sentences(name)
        found, baseline, seconds = [], [], []
        for train, test, seed in splits(sentences, options.seeds):
            train, test = sentences[train], sentences[test]
            start = time.perf_counter()
            classifier = seqconv.SeqConvClassifier(
                KimCNN(kernel_sizes=options.kernel_sizes), adapter=TextAdapter(**text), random_state=seed, **fit
            )
            found.append(100 * classifier.fit(train.X, train.y).score(test.X, test.y))
            seconds.append(time.perf_counter() - start)
            svm = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LinearSVC())
            baseline.append(100 * svm.fit(train.X, train.y).score(test.X, test.y))
        print(f"{name:<6}{len(found):>5}{np.mean(found):>8.2f} +- {np.std(found):.2f}", end="")
        print(f"{np.mean(baseline):>14.2f}{KIM.get(name, np.nan):>19.1f}{np.mean(seconds):>9.0f}", flush=True)


if __name__ == "__main__":
    main()
