"""Export to TensorFlow's SavedModel."""

import os
from typing import Any

import numpy as np

from seqconv.export.parity import ExportReport, export


def to_savedmodel(model: Any, path: str | os.PathLike, *, n_steps: int = 128, tolerance: float = 1e-5) -> ExportReport:
    """Write a model as a SavedModel, and compare its answers by TensorFlow at three lengths.

    Parameters
    ----------
    model : keras.Model or fitted estimator
        Its input is X as the network takes it: NaN or token 0 where nothing was observed. An adapter is not part of it.
    path : str or path
        Folder to write. It is deleted if its answers differ.
    n_steps : int, default=128
        Shortest length that is compared, at least 1.
    tolerance : float, default=1e-5
        Largest difference of two probabilities.

    Returns
    -------
    ExportReport

    Raises
    ------
    ValueError
        If the model computes in half precision, or cannot be converted, or its file gives other answers.
    TypeError
        If `model` is neither a Keras model nor a fitted estimator.

    Examples
    --------
    >>> import tempfile
    >>> from seqconv.export import to_savedmodel
    >>> from seqconv.models import build_classifier
    >>> report = to_savedmodel(build_classifier("fcn", (None, 1), 2), tempfile.mkdtemp() + "/model")
    >>> report.format, report.largest_difference < 1e-5
    ('tf_saved_model', True)
    """
    return export(model, path, "tf_saved_model", _runner, n_steps, tolerance)


def _runner(path):
    import tensorflow as tf

    served = tf.saved_model.load(path)
    return lambda x: np.asarray(served.serve(x))
