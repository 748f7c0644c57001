"""Load a fitted estimator without trusting whoever wrote the file.

The file holds parameters, fitted state and weights. The networks are drawn again from the parameters. So loading
constructs only objects of classes that this process already knows, and nothing in the file is executed.
"""

import os
from reprlib import repr as shown
from typing import Any

import keras

from seqconv.domains.base import Adapter
from seqconv.encoders import Encoder
from seqconv.estimators.classifier import SeqConvClassifier
from seqconv.estimators.parameters import check_parameters
from seqconv.estimators.randomness import random_state_kept
from seqconv.estimators.registry import make_object
from seqconv.estimators.regressor import SeqConvRegressor
from seqconv.estimators.saved_file_error import SavedFileError
from seqconv.estimators.writing import FORMAT, NOT_SAVED, VERSION
from seqconv.saving import container
from seqconv.saving.plain import from_plain

_KINDS = {
    "encoder": Encoder,
    "adapter": Adapter,
    "pooling": keras.layers.Layer,
    "optimizer": keras.optimizers.Optimizer,
}
_CLASSES = {made.__name__: made for made in (SeqConvClassifier, SeqConvRegressor)}


def load(path: Any) -> Any:
    """Load an estimator that `save` wrote.

    Nothing in the file is trusted. A file of which one byte differs from what `save` writes raises.

    Parameters
    ----------
    path : str or path
        The name may have any ending.

    Returns
    -------
    SeqConvClassifier or SeqConvRegressor
        Fitted, with the same predictions. `augment`, `callbacks` and `metrics` serve training only and are None; so is a
        `random_state` that was a generator. Requests for metadata routing are not saved.

    Raises
    ------
    SavedFileError
        If the file is cut, damaged, changed, of a later version or something else.
        If a class in it is not known to this process; the message names the class.
    OSError
        If there is no such file, or if it cannot be read.

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
            return _rebuild(*container.read(path))
    except (OSError, MemoryError):
        raise
    except Exception as error:  # whatever damage may cause
        raise SavedFileError(f"{os.fspath(path)} cannot be loaded: {str(error)[:500]}") from error


def _rebuild(described, arrays):
    """Make the estimator of an untrusted file."""
    if type(described) is not dict or described.get("format") != FORMAT:
        raise ValueError(f"it must say format {FORMAT!r}.")
    version = described.get("version")
    if type(version) is not int or version != VERSION:
        raise ValueError(
            f"it has format version {shown(version)}, this seqconv reads version {VERSION}; load it with the seqconv that "
            "wrote it or a later one."
        )
    if set(described) != {"format", "version", "written_by", "class", "parameters", "state"}:
        raise ValueError(f"it has other parts than seqconv.save writes: {shown(sorted(described))}.")
    libraries = described["written_by"]
    is_named = type(libraries) is dict and {"seqconv", "keras", "numpy"} < set(libraries)
    if not is_named or any(type(number) is not str for number in libraries.values()):
        raise ValueError(f"written_by must name the versions of the libraries, got {shown(libraries)}.")
    name, parameters, state = described["class"], described["parameters"], described["state"]
    made = _CLASSES.get(name) if type(name) is str else None
    # A parameter may be missing, as in the file of an earlier version: then it has its default.
    known = set() if made is None else set(made._get_param_names()) - set(NOT_SAVED)
    if made is None or type(parameters) is not dict or type(state) is not dict or set(parameters) - known:
        raise ValueError(f"the class must be {' or '.join(_CLASSES)} with its parameters, got {shown(name)}.")
    read = {name: from_plain(value, make_object) for name, value in parameters.items()}
    for key, value in read.items():
        is_plain = value is None or isinstance(value, bool | int | float | str | dict | list | tuple)
        if not isinstance(value, _KINDS[key]) if key in _KINDS and not isinstance(value, str | None) else not is_plain:
            raise ValueError(f"{key} cannot be {shown(value)}.")
    estimator = made(**read)
    check_parameters(estimator)
    return estimator.set_state({name: from_plain(value, make_object) for name, value in state.items()}, arrays)
