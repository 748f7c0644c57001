"""Comparison with the baselines in words, and the case to show in a picture."""

import numpy as np


def print_verdict(figure, ours, baselines, advice):
    """Print whether seqconv is better than the best baseline, and what to use where it is not."""
    name = max(baselines, key=baselines.get)
    best = baselines[name]
    if ours > best:
        print(f"\nseqconv is best here: {figure} {ours:.3f}, against {best:.3f} of {name}.")
    else:
        word = "level with seqconv" if ours == best else "better than seqconv"
        print(f"\n{name} is {word} here: {figure} {best:.3f} against {ours:.3f}.\n{advice}")


def most_telling(classifier, X, window, target=None):
    """Return the index of the case with the largest drop of probability, and its attributions.

    A network that is certain of a case for several reasons loses little with each of them. The picture of such a case
    would be empty.
    """
    from seqconv.explain import occlusion

    found = occlusion(classifier, X, window=window, target=target)
    case = int(np.nan_to_num(found.drops).max(axis=1).argmax())
    return case, found.attributions[case]


def first_hits(y, predicted, n_cases=12):
    """Return the positions of the first cases that were predicted correctly; of the first case if no case was."""
    hits = np.flatnonzero(np.asarray(predicted) == y)[:n_cases]
    return hits if len(hits) else np.array([0])
