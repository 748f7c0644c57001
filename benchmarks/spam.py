"""Spam F1 and seconds of the default for text on the SMS Spam Collection.

Baselines on the same splits are a linear SVM on TF-IDF of words, of characters and of both. Another is a plain Keras network
with one word and one character branch like Kim's. The table is printed twice: without exact duplicates, and without messages
that differ only in case and spaces.

    SEQCONV_DATA=... python benchmarks/spam.py
"""

import argparse
import platform
import time

import keras
import numpy as np
import sklearn
from keras import layers
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

import seqconv
from seqconv.adapters import TextAdapter
from seqconv.datasets import load_sms_spam


def ours(X, y, X_test, seed):
    return seqconv.SeqConvClassifier(adapter=TextAdapter(), random_state=seed).fit(X, y).predict(X_test)


def with_validation(X, y, X_test, seed):
    """Set a tenth of the messages apart to choose the epoch; the default trains on all, as the baselines do."""
    classifier = seqconv.SeqConvClassifier(adapter=TextAdapter(), validation_fraction=0.1, random_state=seed)
    return classifier.fit(X, y).predict(X_test)


def words_svm(X, y, X_test, seed):
    return make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LinearSVC()).fit(X, y).predict(X_test)


def characters_svm(X, y, X_test, seed):
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    return make_pipeline(vectorizer, LinearSVC()).fit(X, y).predict(X_test)


def words_and_characters_svm(X, y, X_test, seed):
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    return make_pipeline(make_union(words, characters), LinearSVC()).fit(X, y).predict(X_test)


def two_branches(X, y, X_test, seed):
    """Fit plain Keras: words and characters each embedded, convolved and max-pooled, with their padding."""
    keras.utils.set_random_seed(seed)
    ids, pooled, branches = [], [], []
    for unit, n_dims, widths, length in (("words", 100, (3, 4, 5), 60), ("chars", 32, (3, 5, 7), 200)):
        units = [text.lower().split() if unit == "words" else list(text.lower()) for text in X + X_test]
        names = {name: i for i, name in enumerate(sorted({name for text in units[: len(X)] for name in text}), start=2)}
        table = np.zeros((len(units), length), "int32")
        for row, text in zip(table, units, strict=True):
            row[: len(text)] = [names.get(name, 1) for name in text[:length]]
        branches.append(table)
        inputs = keras.Input((length,), dtype="int32")
        x = layers.Embedding(len(names) + 2, n_dims)(inputs)
        pooled += [
            layers.GlobalMaxPooling1D()(layers.Conv1D(100, width, activation="relu", padding="same")(x))
            for width in widths
        ]
        ids.append(inputs)
    outputs = layers.Dense(1, activation="sigmoid")(layers.Dropout(0.5)(layers.Concatenate()(pooled)))
    model = keras.Model(ids, outputs)
    model.compile(keras.optimizers.Adam(1e-3), "binary_crossentropy")
    train, test = [table[: len(X)] for table in branches], [table[len(X) :] for table in branches]
    model.fit(train, (y == "spam").astype(float), batch_size=50, epochs=10, verbose=0)
    return np.where(model.predict(test, verbose=0)[:, 0] > 0.5, "spam", "ham")


METHODS = {
    "seqconv, as shipped": ours,
    "seqconv, a tenth set apart": with_validation,
    "TF-IDF of both + SVM": words_and_characters_svm,
    "TF-IDF of characters + SVM": characters_svm,
    "TF-IDF of words + SVM": words_svm,
    "plain Keras, two branches": two_branches,
}


def without_near_duplicates(messages):
    """Keep the first of the messages that are equal when case and spaces are folded."""
    first = {}
    for i, text in enumerate(messages.X):
        first.setdefault(" ".join(text.casefold().split()), i)
    return messages[np.array(sorted(first.values()))]


def scores(y, predicted):
    spam = {"pos_label": "spam"}
    return [
        accuracy_score(y, predicted),
        precision_score(y, predicted, **spam),
        recall_score(y, predicted, **spam),
        f1_score(y, predicted, **spam),
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    parser.add_argument("--methods", nargs="+", choices=list(METHODS), default=list(METHODS))
    options = parser.parse_args()
    print(f"seqconv {seqconv.__version__}, keras {keras.__version__} on {keras.backend.backend()},", end=" ")
    print(f"scikit-learn {sklearn.__version__}, Python {platform.python_version()}; seeds {options.seeds}, 30 % tested")
    distinct = load_sms_spam(distinct=True)
    sets = {"exact duplicates dropped": distinct, "near duplicates dropped": without_near_duplicates(distinct)}
    for name, messages in sets.items():
        print(
            f"\n{name}: {len(messages):,} messages, {(messages.y == 'spam').sum()} spam; mean +- deviation over seeds"
        )
        print(f"{'':<28}{'accuracy':>17}{'precision':>10}{'recall':>8}{'spam F1':>17}{'fit+predict s':>15}")
        for method in options.methods:
            rows = []
            for seed in options.seeds:
                X, X_test, y, y_test = train_test_split(
                    messages.X, messages.y, test_size=0.3, stratify=messages.y, random_state=seed
                )
                start = time.perf_counter()
                predicted = METHODS[method](X, y, X_test, seed)
                rows.append([*scores(y_test, predicted), time.perf_counter() - start])
            accuracy, precision, recall, f1, seconds = np.mean(rows, axis=0)
            spread = np.std(rows, axis=0)
            print(f"{method:<28}{accuracy:>8.4f} +- {spread[0]:.4f}{precision:>10.4f}{recall:>8.4f}", end="")
            print(f"{f1:>8.4f} +- {spread[3]:.4f}{seconds:>15.1f}", flush=True)


if __name__ == "__main__":
    main()
