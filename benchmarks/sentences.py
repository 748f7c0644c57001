"""Accuracy on sentences and news without outside word vectors.

MR has no official split and is tested in ten folds. The others train on all but their official test part, SST also on its
dev part. The baselines are TF-IDF with a linear SVM on the same splits, and the published network of Kim (2014) from a
random start. The settings in the table below were chosen without the test part, as ``--dev`` does: on the official dev part
of SST, else on a fifth of the training part.

    SEQCONV_DATA=... python benchmarks/sentences.py mr sst2 trec r8
    SEQCONV_DATA=... python benchmarks/sentences.py mr sst2 trec r8 --baselines --seeds 1
    SEQCONV_DATA=... python benchmarks/sentences.py sst2 r8 --dev --seeds 1
    SEQCONV_DATA=... python benchmarks/sentences.py trec --unit char
"""

import argparse
import copy
import platform
import time

import keras
import numpy as np
import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold, train_test_split
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

import seqconv
from seqconv.adapters import TextAdapter
from seqconv.datasets import load_sentences
from seqconv.encoders import KimCNN
from seqconv.layers import KMeanPooling1D

# Kim (2014), table 2, CNN-rand, in per cent. R8 is not in the paper.
KIM = {"mr": 76.1, "sst1": 45.0, "sst2": 82.7, "trec": 91.2}
# Parameters of TextAdapter, KimCNN and SeqConvClassifier; the others have their defaults.
# Chosen on the dev part of SST-2. MR and SST-1 are reviews of films as well and use the same.
SENTIMENT = {
    "text": {"n_dims": 100, "piece_dropout": 0.6},
    "encoder": {"kernel_sizes": [1, 3, 5]},
    "fit": {"pooling": "mean_max", "n_members": 5, "epochs": 6},
}
SETTINGS = {
    "mr": SENTIMENT,
    "sst1": SENTIMENT,
    "sst2": SENTIMENT,
    "trec": {
        "text": {"n_dims": 128, "piece_dropout": 0.0},
        "encoder": {"kernel_sizes": [3, 5, 7]},
        "fit": {"pooling": "max", "n_members": 5, "epochs": 10},
    },
    # Long documents: cut, fewer pieces a word, and the mean of the strongest places, because several name the topic.
    "r8": {
        "text": {"n_dims": 100, "max_steps": 250, "max_pieces": 16, "n_grams": [3, 5], "piece_dropout": 0.5},
        "encoder": {"kernel_sizes": [1, 3]},
        "fit": {
            "pooling": "k_mean:10",
            "n_members": 3,
            "epochs": 6,
            "batch_size": 32,
            "learning_rate": 2e-3,
        },
    },
}
# Settings for characters, on any set.
CHARACTERS = {
    "text": {"unit": "char", "n_dims": 32, "max_steps": 600},
    "encoder": {"kernel_sizes": [3, 5, 7], "filters": 200},
    "fit": {"pooling": "max", "epochs": 20, "batch_size": 32, "learning_rate": 4e-3},
}
# Part and parameter of each option of the command line.
PLACES = {
    "members": ("fit", "n_members"),
    "epochs": ("fit", "epochs"),
    "pooling": ("fit", "pooling"),
    "validation_fraction": ("fit", "validation_fraction"),
    "batch_size": ("fit", "batch_size"),
    "learning_rate": ("fit", "learning_rate"),
    "kernel_sizes": ("encoder", "kernel_sizes"),
    "filters": ("encoder", "filters"),
    "dims": ("text", "n_dims"),
    "max_steps": ("text", "max_steps"),
    "max_pieces": ("text", "max_pieces"),
    "piece_dropout": ("text", "piece_dropout"),
    "unit": ("text", "unit"),
}


# The whole vocabulary, as it was when the settings were chosen.
WHOLE = {"min_count": 1, "max_tokens": None, "n_buckets": 32_768}


def settings_of(name, options):
    """Return the settings of a set, changed by the options given; None for the defaults."""
    if options.default:
        return None
    settings = copy.deepcopy(CHARACTERS if options.unit == "char" else SETTINGS[name])
    for option, (part, parameter) in PLACES.items():
        value = getattr(options, option)
        if value is not None:
            settings[part][parameter] = value
    return settings


def classifier_of(settings, seed):
    """Return the estimator; ``"k_mean:10"`` is the mean of the ten largest values of a feature."""
    if settings is None:
        return seqconv.SeqConvClassifier(adapter=TextAdapter(), random_state=seed)
    fit = dict(settings["fit"])
    name, _, k = fit["pooling"].partition(":")
    fit["pooling"] = KMeanPooling1D(int(k)) if k else name
    encoder, adapter = KimCNN(**settings["encoder"]), TextAdapter(**WHOLE | settings["text"])
    return seqconv.SeqConvClassifier(encoder, adapter=adapter, random_state=seed, **fit)


def splits(sentences, n_seeds, dev):
    """Yield (training cases, test cases, seed) for each fit: ten folds where there is no official split."""
    for seed in range(n_seeds):
        if sentences.part is None:
            folds = list(StratifiedKFold(10, shuffle=True, random_state=seed).split(sentences.X, sentences.y))
        else:
            test = sentences.part_is("test")
            folds = [(np.flatnonzero(~test), np.flatnonzero(test))]
        if dev:  # without the test cases
            folds = [dev_split(sentences, folds[0][0])]
        yield from ((train, test, seed) for train, test in folds)


def dev_split(sentences, train):
    """Set the official dev part apart, else a stratified fifth."""
    if sentences.part is not None and "dev" in sentences.part:
        dev = sentences.part_is("dev")
        return np.flatnonzero(sentences.part_is("train")), np.flatnonzero(dev)
    return train_test_split(train, test_size=0.2, stratify=sentences.y[train], random_state=0)


def one_row(name, settings, options):
    """Fit and test on every split; print the row of the table."""
    sentences = load_sentences(name)
    found, baseline, seconds = [], [], []
    for train, test, seed in splits(sentences, options.seeds, options.dev):
        train, test = sentences[train], sentences[test]
        start = time.perf_counter()
        classifier = classifier_of(settings, seed)
        found.append(100 * classifier.fit(train.X, train.y).score(test.X, test.y))
        seconds.append(time.perf_counter() - start)
        svm = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LinearSVC())
        baseline.append(100 * svm.fit(train.X, train.y).score(test.X, test.y))
    by_seed = np.reshape(found, (options.seeds, -1)).mean(axis=1)
    print(f"{name:<6}{len(found):>5}{by_seed.mean():>8.2f} +- {by_seed.std():.2f}", end="")
    print(
        f"{np.mean(baseline):>14.2f}{np.nan if options.dev else KIM.get(name, np.nan):>19.1f}{np.mean(seconds):>9.0f}  {settings}",
        flush=True,
    )


def print_baselines(name, options):
    """Print the mean accuracy of linear models on the same splits, without any network."""
    sentences = load_sentences(name)
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    signs = TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"\w+|[^\w\s]+", sublinear_tf=True)
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    found = []
    for train, test, _ in splits(sentences, options.seeds, options.dev):
        train, test = sentences[train], sentences[test]
        models = [make_pipeline(words, LinearSVC()), make_pipeline(make_union(signs, characters), LinearSVC())]
        found.append([100 * model.fit(train.X, train.y).score(test.X, test.y) for model in models])
    print(f"{name:<6}{len(found):>5}" + "".join(f"{mean:>24.2f}" for mean in np.mean(found, axis=0)), flush=True)


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="+", choices=list(SETTINGS))
    parser.add_argument("--seeds", type=int, default=3, help="fits, or of MR ten folds each")
    parser.add_argument("--dev", action="store_true", help="test on a part apart from training and test part")
    parser.add_argument("--default", action="store_true", help="fit the default: nothing chosen for the set")
    parser.add_argument("--baselines", action="store_true", help="fit the linear models alone, one more than else")
    parser.add_argument("--unit", choices=["subword", "word", "char"], help="char has settings of its own")
    parser.add_argument("--members", type=int, help="networks whose probabilities are averaged")
    parser.add_argument("--dims", type=int, help="length of a token's vector")
    parser.add_argument("--max-steps", type=int, help="longest text, in words or characters")
    parser.add_argument("--max-pieces", type=int, help="most pieces of a word")
    parser.add_argument("--piece-dropout", type=float, help="share of a word's pieces hidden in training")
    parser.add_argument("--pooling", help="name of a pooling layer; k_mean:10 for its k")
    parser.add_argument("--kernel-sizes", type=int, nargs="+", help="widths of the filters, in words or characters")
    parser.add_argument("--filters", type=int, help="filters of each width")
    parser.add_argument("--batch-size", type=int)
    parser.add_argument("--learning-rate", type=float)
    parser.add_argument("--epochs", type=int, help="passes over the training part")
    parser.add_argument("--validation-fraction", type=float)
    return parser.parse_args()


def main():
    options = read_options()
    print(f"seqconv {seqconv.__version__}, keras {keras.__version__} on {keras.backend.backend()},", end=" ")
    print(f"scikit-learn {sklearn.__version__}, Python {platform.python_version()}")
    part = "dev" if options.dev else "test"
    print(f"Accuracy in % on the {part} part, mean +- deviation over {options.seeds} seed(s)")
    if options.baselines:
        print(f"{'set':<6}{'fits':>5}{'words + SVM':>24}{'words, characters + SVM':>24}")
        for name in options.names:
            print_baselines(name, options)
        return
    print(f"{'set':<6}{'fits':>5}{'seqconv':>16}{'TF-IDF + SVM':>14}{'Kim, random start':>19}{'s a fit':>9}  settings")
    for name in options.names:
        one_row(name, settings_of(name, options), options)


if __name__ == "__main__":
    main()
