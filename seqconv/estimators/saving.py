"""One file for a fitted estimator, which can be loaded without trusting whoever wrote it.

The file is a zip of open parts, its members stored without compression:

``manifest.json``
    Format, version, the versions of the libraries, and size and sha256 of every other member.
``estimator.json``
    Class, constructor parameters, and what `fit` learnt beside the networks: classes, names of features, history.
``members/<i>/config.json``, ``members/<i>/weights/<layer>/<weight>.npy``
    The graph of each network, and its weights.
``adapter.json``, ``adapter/<name>.npy``
    The fitted adapter, if there is one.

There is no pickle inside, no HDF5 and no ``.keras`` file: Keras's loader looks classes and functions up by the names in
a file and refuses a list of known bad ones, where this one accepts a list of known good ones (`allow_list`), and it
allocates whatever sizes the file claims.
"""

import os
import sys

import keras
from sklearn.utils.validation import check_is_fitted

from seqconv.estimators import container
from seqconv.estimators.estimator_parts import describe_estimator, rebuild_estimator
from seqconv.estimators.randomness import random_state_kept

__all__ = ["SavedFileError", "load", "save"]


class SavedFileError(ValueError):
    """A file is not, or not wholly, what `save` wrote. The message names the file, the place in it and the cause."""


def save(estimator, path):
    """Write a fitted estimator to one file, atomically.

    Two saves of one estimator give the same bytes.

    Parameters
    ----------
    estimator : SeqConvClassifier or SeqConvRegressor
    path : str or path
        An old file there stays whole until the new one is.

    Raises
    ------
    ValueError
        A part that is neither of seqconv nor a plain one of Keras, or weights that are not finite; nothing is written.
    OSError
        The disk is full or the folder closed; the old file is left as it was.
    """
    check_is_fitted(estimator)
    with random_state_kept():
        parts = describe_estimator(estimator)
    libraries = ("seqconv", "keras", "numpy", keras.backend.backend())
    container.write(path, parts, {name: sys.modules[name].__version__ for name in libraries})


def load(path):
    """Read an estimator that `save` wrote.

    Nothing in the file is trusted: it is refused unless every byte of it is what `save` could have written, and loading
    runs no code of it, writes nothing and changes no setting of the process.

    Parameters
    ----------
    path : str or path
        The name may end in anything.

    Returns
    -------
    SeqConvClassifier or SeqConvRegressor
        Fitted, with the same answers. `augment` and `callbacks`, which serve `fit` alone, are None, and so is a
        `random_state` that was a generator; metadata routing requests are forgotten.

    Raises
    ------
    SavedFileError
        The file is cut, damaged, changed, of a later version or something else; a ValueError.
    OSError
        There is no such file, or it may not be read.

    Examples
    --------
    >>> import numpy as np, os, seqconv, tempfile
    >>> from seqconv.encoders import FCN
    >>> X, y = np.random.default_rng(0).normal(size=(20, 30)), np.arange(20) % 2
    >>> classifier = seqconv.SeqConvClassifier(FCN(filters=(4, 4, 4)), epochs=1, random_state=0).fit(X, y)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     classifier.save(os.path.join(folder, "model.seqconv"))
    ...     loaded = seqconv.load(os.path.join(folder, "model.seqconv"))
    >>> bool((loaded.predict_proba(X) == classifier.predict_proba(X)).all())
    True
    """
    try:
        with random_state_kept():
            return rebuild_estimator(container.read(path))
    except (OSError, MemoryError):
        raise
    except Exception as error:
        raise SavedFileError(f"{os.fspath(path)} cannot be loaded: {str(error)[:500]}") from error
