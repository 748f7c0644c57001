"""Export to LiteRT, formerly TensorFlow Lite."""

import os
from typing import Any

import numpy as np

from seqconv.export.parity import ExportReport, export


def to_litert(model: Any, path: str | os.PathLike, *, n_steps: int = 128, tolerance: float = 1e-5) -> ExportReport:
    """Write a model as a LiteRT file, and compare its answers by the plain interpreter at three lengths.

    Parameters
    ----------
    model : keras.Model or fitted estimator
        Its input is X as the network takes it: NaN or token 0 where nothing was observed. An adapter is not part of it.
    path : str or path
        File to write, such as ``model.tflite``. It is deleted if its answers differ or it needs TensorFlow's operations.
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
    >>> from seqconv.export import to_litert
    >>> from seqconv.models import build_classifier
    >>> report = to_litert(build_classifier("fcn", (None, 1), 2), tempfile.mkdtemp() + "/model.tflite")
    >>> report.largest_difference < 1e-5
    True
    """
    return export(model, path, "litert", _runner, n_steps, tolerance)


def _runner(path):
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError:
        import tensorflow as tf

        Interpreter = tf.lite.Interpreter
    interpreter = Interpreter(path)
    (given,), (answer,) = interpreter.get_input_details(), interpreter.get_output_details()

    def run(x: np.ndarray) -> np.ndarray:
        interpreter.resize_tensor_input(given["index"], x.shape)
        interpreter.allocate_tensors()
        interpreter.set_tensor(given["index"], x)
        interpreter.invoke()
        return interpreter.get_tensor(answer["index"])

    return run
