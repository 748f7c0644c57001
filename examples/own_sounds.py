"""Recordings of the user, split into a training and a test part."""

import sys

import numpy as np

import seqconv


def read_folder(own, adapter):
    """Return training and test part of the user's recordings; all pieces of a long recording are in one part."""
    try:
        sounds = adapter.cases(own, errors="skip")
    except (OSError, ValueError) as error:
        sys.exit(f"--folder: {error}")
    names = np.unique(sounds.y)
    if len(names) < 2:
        sys.exit(f"--folder: two classes or more with clips that can be read are required, got {str(names[0])!r}.")
    is_test = np.isin(sounds.groups, choose_recordings(sounds))
    train, test = sounds[~is_test], sounds[is_test]
    print(f"{len(own)} recordings of yours, {len(np.unique(test.groups))} of them set apart for the test.")
    if lacking := sorted({*names} - {*test.y}):
        print(f"The test part lacks {', '.join(lacking)}: the figures say nothing about them; add recordings.")
    return train, test


def choose_recordings(sounds):
    """Choose a quarter of the recordings for the test, or more so that each class can have one."""
    from seqconv.data.splits import split_cases

    numbers, first = np.unique(sounds.groups, return_index=True)
    labels = sounds.y[first]
    names, counts = np.unique(labels, return_counts=True)
    if counts.max() < 2:
        sys.exit("--folder: a class of two recordings or more that can be read is required, each has one.")
    # The only recording of a class belongs to the training part.
    is_several = np.isin(labels, names[counts > 1])
    several = seqconv.SequenceSet(numbers[is_several], labels[is_several])
    return split_cases(several, max(0.25, (counts > 1).sum() / len(several)), random_state=0)[1].X
