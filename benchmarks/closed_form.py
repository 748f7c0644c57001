"""Compare the closed-form head with scikit-learn's linear models on the same features of MiniRocket.

    SEQCONV_DATA=... python benchmarks/closed_form.py --features 1000
    SEQCONV_DATA=... python benchmarks/closed_form.py --features 10000 --heads closed ridge

The sets are every second complete UCR set by name, the first 20 whose classes have three training cases each. Each has the
archive's split. The features are scaled once, for all heads. The logistic regression chooses C out of eight by the log-loss in
three folds. The ridge classifier answers without probabilities. Seconds are CPU seconds of `fit`, the least of three runs for
the two in closed form.
"""

import argparse
import time
import warnings

import numpy as np
from peers import complete_sets, read, scores
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, RidgeClassifierCV
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.preprocessing import StandardScaler

from seqconv.banks.series import Series
from seqconv.encoders import MiniRocket
from seqconv.training.bank_head import solve_head


def features_of(X, X_test, n_features):
    """Scaled features of training and test part."""
    X, X_test = X[:, :, None], X_test[:, :, None]
    centre, scale = X.mean(axis=(0, 1)), X.std(axis=(0, 1))
    bank = MiniRocket(n_features).fitted_to(X.shape[1])
    weights, (features,) = bank.learn(Series.read(X, centre, scale), np.random.default_rng(0))
    scaler = StandardScaler()
    features = scaler.fit_transform(features)
    return features, scaler.transform(bank.transform(Series.read(X_test, centre, scale), weights))


def closed(features, true):
    """Fit the closed-form head."""
    head, *_ = solve_head([features], [True], np.eye(true.max() + 1)[true], np.ones(len(true)), "softmax")
    return head.answer


def ridge(features, true):
    """Fit the classifier that the authors of MiniRocket use; its answers are 0 and 1."""
    model = RidgeClassifierCV(alphas=np.logspace(-3, 3, 10)).fit(features, true)
    return lambda features: np.eye(true.max() + 1)[model.predict(features)]


def logistic(features, true):
    """Fit a logistic regression with a chosen penalty."""
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    model = LogisticRegression(max_iter=300)
    penalties = {"C": np.logspace(-6, 1, 8)}
    return GridSearchCV(model, penalties, scoring="neg_log_loss", cv=folds).fit(features, true).predict_proba


HEADS = {"closed": closed, "ridge": ridge, "logistic": logistic}


def measure(head, features, true, test, true_test):
    """Log-loss, accuracy and seconds of a head."""
    seconds = []
    for _ in range(1 if head == "logistic" else 3):
        started = time.process_time()
        answer = HEADS[head](features, true)
        seconds.append(time.process_time() - started)
    accuracy, loss, _ = scores(np.asarray(answer(test)), true_test)
    return loss, accuracy, min(seconds)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", nargs="+", help="names of UCR sets; default: 20 of the complete ones")
    parser.add_argument("--features", type=int, default=1_000)
    parser.add_argument("--heads", nargs="+", choices=list(HEADS), default=list(HEADS), metavar="HEAD")
    options = parser.parse_args()
    names = options.sets or [
        name for name in complete_sets()[::2] if np.unique(read(name, "TRAIN")[1], return_counts=True)[1].min() >= 3
    ]
    # A fold's penalty far too small need not converge: the score rejects it.
    warnings.simplefilter("ignore", ConvergenceWarning)
    print(f"{'set':32}" + "".join(f"{head + ': log-loss':>19}{'accuracy':>10}{'s':>8}" for head in options.heads))
    table = []
    for name in names if options.sets else names[:20]:
        (X, y), (X_test, y_test) = read(name, "TRAIN"), read(name, "TEST")
        classes = np.unique(y)
        features, test = features_of(X, X_test, options.features)
        known = features, np.searchsorted(classes, y), test, np.searchsorted(classes, y_test)
        table.append([measure(head, *known) for head in options.heads])
        print(f"{name:32}" + "".join("{:19.4f}{:10.4f}{:8.3f}".format(*row) for row in table[-1]), flush=True)
    table = np.array(table)  # (sets, heads, figures)
    print(f"{'mean; total of seconds':32}", end="")
    for own in table.transpose(1, 0, 2):
        print(f"{own[:, 0].mean():19.4f}{own[:, 1].mean():10.4f}{own[:, 2].sum():8.2f}", end="")
    print()
    for i, head in enumerate(options.heads[1:], start=1):
        ours, theirs = table[:, 0], table[:, i]
        apart = ours[:, 0] - theirs[:, 0]
        error = apart.std(ddof=1) / np.sqrt(len(apart)) if len(apart) > 1 else 0.0
        print(
            f"{options.heads[0]} against {head}: mean log-loss {ours[:, 0].mean() / theirs[:, 0].mean():.3f} of its, "
            f"median of the ratios {np.median(ours[:, 0] / np.maximum(theirs[:, 0], 1e-12)):.3f}, "
            f"{apart.mean():+.4f} +- {error:.4f}, lower on {(apart < 0).sum()} of {len(apart)} sets; "
            f"accuracy {100 * (ours[:, 1] - theirs[:, 1]).mean():+.2f} points; "
            f"seconds {ours[:, 2].sum() / theirs[:, 2].sum():.3f} of its, median {np.median(ours[:, 2] / theirs[:, 2]):.3f}"
        )


if __name__ == "__main__":
    main()
