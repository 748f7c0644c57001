"""Words, pairs and n-grams that speak most for each class in the linear model of a text classifier."""

from collections import Counter
from typing import Any

import keras
import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted

from seqconv.arguments import whole
from seqconv.estimators.intake import check_records
from seqconv.estimators.reading import read_for_prediction
from seqconv.layers.wide_logits import pair_codes

# Ids below it name no token.
_FIRST = 2
# Kind of the ids of a piece, by its place. The pair has its own ids.
_KINDS = {"word": slice(0, 1), "shape": slice(1, 2), "n-gram": slice(3, None)}
_MOST_NAMES = 3
# Of so many texts on, a piece must be in three.
_MANY_TEXTS, _FEWEST_OF_MANY = 100, 3


def ngrams(estimator: Any, X: Any, n: int = 10, min_texts: int | None = None) -> pd.DataFrame:
    """Return the pieces of texts that speak most for each class in the linear model of a text classifier.

    Parameters
    ----------
    estimator : SeqConvClassifier
        Fitted, with a linear model beside the network: the default for texts.
    X : list of str
        Texts whose pieces are looked up. N-grams are hashed, so that only those of known texts have names.
    n : int, default=10
        Most pieces of a class.
    min_texts : int, optional
        Least number of texts of X that hold a piece listed. None is 3 for 100 texts or more, else 1: a piece of one text
        speaks for its class by chance.

    Returns
    -------
    pandas.DataFrame
        One row a class and piece, the strongest first, with these columns.

        - ``class``: label.
        - ``kind``: ``"word"``, ``"pair"`` of neighbouring words, ``"shape"`` or ``"n-gram"`` of a word.
        - ``feature``: the piece. Pieces of X that share one weight are joined by ``|``, the frequent first, at most 3.
        - ``weight``: what one occurrence adds to the logit, above the mean of all classes. Only weights above 0 are
          listed.
        - ``n_names``: number of pieces of X that share the weight.
        - ``n_texts``: number of texts of X that hold the piece, or the most frequent one of those that share the weight.

    Raises
    ------
    TypeError
        If `estimator` is not a classifier of seqconv.
    ValueError
        If the estimator has no linear model.
        If `n` or `min_texts` is below 1, or a text is invalid.

    Notes
    -----
    The logits of a text are divided by a norm for each kind, as `seqconv.layers.WideLogits` describes. The network
    beside the linear model has a say of its own; `occlusion` explains both.

    Examples
    --------
    >>> from seqconv import SeqConvClassifier
    >>> from seqconv.adapters import TextAdapter
    >>> texts = ["win a prize", "win cash now", "lunch at home", "lunch is soon"] * 3
    >>> classifier = SeqConvClassifier(adapter=TextAdapter("word"), epochs=1, random_state=0)
    >>> found = ngrams(classifier.fit(texts, ["spam", "spam", "ham", "ham"] * 3), texts, n=1)
    >>> found[["class", "kind", "feature"]].values.tolist()
    [['ham', 'word', 'lunch'], ['spam', 'word', 'win']]
    """
    if not hasattr(estimator, "predict_proba") or not hasattr(estimator, "as_arrays"):
        raise TypeError(f"estimator must be a SeqConvClassifier, got {type(estimator).__name__}.")
    check_is_fitted(estimator)
    n = whole("n", n, 1)
    min_texts = whole("min_texts", min_texts, 1, optional=True)
    wide = {layer.name: layer for layer in estimator.model_.layers}.get("wide")
    if wide is None:
        raise ValueError(
            "the classifier must have a linear model, this one has none; fit texts with the default encoder and head."
        )
    X = check_records(X, estimator.adapter_)
    names = estimator.adapter_.names(X)
    least = min_texts or (_FEWEST_OF_MANY if len(X) >= _MANY_TEXTS else 1)
    ids, held_pairs = _found(estimator, X)
    table, pair_table = (_centred(weights) for weights in (wide.table, wide.pair_table))
    held = keras.ops.convert_to_numpy(wide.pair_codes)
    rows = [
        (kind, names[i], table[i], n_texts)
        for kind, found in ids.items()
        for i, n_texts in found.items()
        if i >= _FIRST and n_texts >= least
    ]
    pairs: dict[int, list[tuple[str, int]]] = {}
    # The frequent first.
    for (before, after), n_texts in held_pairs.most_common():
        code = int(pair_codes(before, after))
        if n_texts >= least and held[code % len(held)] == code:
            pairs.setdefault(code, []).append((f"{names[before][0]} {names[after][0]}", n_texts))
    rows += [("pair", [one for one, _ in f], pair_table[code % len(held)], f[0][1]) for code, f in pairs.items()]
    return _strongest(rows, estimator.classes_, n)


def _centred(weights):
    weights = keras.ops.convert_to_numpy(weights)
    return weights - weights.mean(axis=1, keepdims=True)


def _found(estimator, X):
    """Number of texts that hold each id of each kind, and each pair of ids."""
    ids: dict[str, Counter[int]] = {kind: Counter() for kind in _KINDS}
    pairs: Counter[tuple[int, int]] = Counter()
    for block in read_for_prediction(estimator, X)[0].in_blocks():
        pieces = block if block.ndim == 3 else block[..., None]  # (n_cases, n_steps, n_pieces)
        for kind, places in _KINDS.items():
            of_case = np.sort(pieces[:, :, places].reshape(len(pieces), -1), axis=1)
            ids[kind].update(of_case[np.diff(of_case, axis=1, prepend=-1) > 0].tolist())
        before, after = pieces[:, :-1, 0], pieces[:, 1:, 0]
        is_pair = (before >= _FIRST) & (after >= _FIRST)
        if pieces.shape[2] > 2:
            is_pair &= pieces[:, 1:, 2] > 0
        found = np.unique(np.stack([is_pair.nonzero()[0], before[is_pair], after[is_pair]]), axis=1)
        pairs.update(zip(found[1].tolist(), found[2].tolist(), strict=True))
    return ids, pairs


def _strongest(rows, classes, n):
    weights = np.array([weight for _, _, weight, _ in rows]).reshape(len(rows), len(classes))
    tables = []
    for number, label in enumerate(classes.tolist()):
        order = np.argsort(-weights[:, number], kind="stable")[:n]
        for place in order[weights[order, number] > 0]:
            kind, names, weight, n_texts = rows[place]
            feature = " | ".join(names[:_MOST_NAMES]) + (" | ..." if len(names) > _MOST_NAMES else "")
            tables.append((label, kind, feature, float(weight[number]), len(names), n_texts))
    return pd.DataFrame(tables, columns=["class", "kind", "feature", "weight", "n_names", "n_texts"])
