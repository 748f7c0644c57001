"""Comparison of an exported file with its model."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from seqconv.arguments import number, whole
from seqconv.layers.portable import portable_operations

# Cases of the comparison, and the share of them of which half is missing.
_N_CASES = 4


@dataclass(frozen=True)
class ExportReport:
    """What was written, and how far its answers are from the model's.

    Parameters
    ----------
    path : str
    format : str
        "onnx", "litert" or "tf_saved_model".
    n_bytes : int
        Size of the file, or of all files of the folder.
    n_steps : tuple of int
        Lengths of the cases that were compared.
    largest_difference : float
        Between two probabilities, over all cases.
    """

    path: str
    format: str
    n_bytes: int
    n_steps: tuple[int, ...]
    largest_difference: float


def export(
    model: Any,
    path: str | os.PathLike,
    format: str,
    runner: Callable[[str], Callable[[np.ndarray], np.ndarray]],
    n_steps: int,
    tolerance: float,
    **settings: Any,
) -> ExportReport:
    """Write a model for another runtime, compare answers at three lengths, and delete the file if they differ.

    Parameters
    ----------
    model : keras.Model or fitted estimator
    path : str or path
    format : str
        As of `keras.Model.export`.
    runner : callable
        Loads the file, and returns a function from X to answers.
    n_steps : int
        Shortest length that is compared.
    tolerance : float
        Largest difference of two answers.
    **settings
        Further arguments of `keras.Model.export`.

    Raises
    ------
    ValueError
        If the model computes in half precision, or cannot be converted, or its file gives other answers.
    TypeError
        If `model` is neither a Keras model nor a fitted estimator.
    """
    network = _network(model)
    path, n_steps = Path(path), whole("n_steps", n_steps, 1)
    tolerance = number("tolerance", tolerance, 0)
    lengths = (n_steps, n_steps + n_steps // 3 + 1, 2 * n_steps)
    inputs = [_example(network, length) for length in lengths]
    # The export of a model that was never called fails.
    expected = [keras.ops.convert_to_numpy(network(x, training=False)) for x in inputs]
    try:
        with portable_operations():
            network.export(str(path), format=format, verbose=False, **settings)
        run = runner(str(path))
        difference = max(
            float(np.abs(run(x) - answer).max()) if run(x).shape == answer.shape else np.inf
            for x, answer in zip(inputs, expected, strict=True)
        )
    except Exception as error:
        _delete(path)
        if isinstance(error, ImportError):
            raise
        reason = str(error).strip().split("\n")[0][:300]
        raise ValueError(
            f"{path}: {type(model).__name__} cannot be exported to {format}: {reason}. No file was left."
        ) from error
    if not difference <= tolerance:
        _delete(path)
        raise ValueError(
            f"{path}: the answers of the {format} file must be within {tolerance:g} of the model's, they differ by "
            f"{difference:.3g}. It was deleted; export another format, or give a larger tolerance."
        )
    files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    n_bytes = sum(one.stat().st_size for one in files)
    return ExportReport(str(path), format, n_bytes, lengths, difference)


def _network(model):
    network = model if isinstance(model, keras.Model) else getattr(model, "model_", None)
    if not isinstance(network, keras.Model):
        raise TypeError(f"model must be a Keras model or a fitted estimator, got {type(model).__name__}.")
    dtypes = {layer.compute_dtype for layer in network._flatten_layers()}
    if half := sorted(dtypes & {"float16", "bfloat16"}):
        raise ValueError(
            f"the model must compute in float32, it has layers in {', '.join(half)}; draw it again with the weights "
            "under keras.config.set_dtype_policy('float32')."
        )
    return network


def _example(network, n_steps):
    """Return cases with missing values at the end and inside, or token ids with padding."""
    tensor = network.inputs[0]
    draw = np.random.default_rng(n_steps)
    shape = (_N_CASES, n_steps, *tensor.shape[2:])
    stops = np.maximum(1, n_steps * np.array([4, 3, 2, 4]) // 4)
    is_hidden = np.arange(n_steps) >= stops[:, None]  # (cases, steps)
    if "int" in tensor.dtype:
        ids = draw.integers(1, _n_tokens(network), [2 if size is None else size for size in shape])
        ids[is_hidden] = 0
        return ids.astype(tensor.dtype)
    x = draw.normal(size=shape).astype("float32")
    x[is_hidden] = np.nan
    if n_steps > 2:
        x[-1, n_steps // 2] = np.nan
    return x


def _n_tokens(network):
    return min(layer.n_tokens for layer in network._flatten_layers() if hasattr(layer, "n_tokens"))


def _delete(path):
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
