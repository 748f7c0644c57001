"""Export to ONNX."""

import os
from typing import Any

import numpy as np

from seqconv.export.parity import ExportReport, export


def to_onnx(model: Any, path: str | os.PathLike, *, n_steps: int = 128, tolerance: float = 1e-5) -> ExportReport:
    """Write a model as an ONNX file, and compare its answers by onnxruntime at three lengths.

    Parameters
    ----------
    model : keras.Model or fitted estimator
        Its input is X as the network takes it: NaN or token 0 where nothing was observed. An adapter is not part of it.
    path : str or path
        File to write, such as ``model.onnx``. It is deleted if its answers differ.
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
    ImportError
        If a library is not installed: ``pip install seqconv[export]``.

    Examples
    --------
    >>> import tempfile
    >>> from seqconv.export import to_onnx
    >>> from seqconv.models import build_classifier
    >>> report = to_onnx(build_classifier("fcn", (None, 1), 2), tempfile.mkdtemp() + "/model.onnx")
    >>> report.largest_difference < 1e-5
    True
    """
    try:
        import onnx
        import onnxruntime
        import tf2onnx  # noqa: F401 - Keras imports it
    except ImportError as error:
        raise ImportError("ONNX files need tf2onnx, onnx and onnxruntime: pip install seqconv[export]") from error

    def runner(path):
        onnx.checker.check_model(path, full_check=True)
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        name = session.get_inputs()[0].name
        return lambda x: np.asarray(session.run(None, {name: x})[0])

    return export(model, path, "onnx", runner, n_steps, tolerance)
