"""Load a fitted estimator without trusting whoever wrote the file.

The file holds parameters, fitted state and weights. The networks are drawn again from the parameters. So loading
constructs only objects of classes that this process already knows, and nothing in the file is executed.
"""

import os
from reprlib import repr as shown
from typing import Any

from seqconv.estimators.classifier import SeqConvClassifier
from seqconv.estimators.parameters import check_parameters
from seqconv.estimators.randomness import random_state_kept
from seqconv.estimators.registry import make_object
from seqconv.estimators.regressor import SeqConvRegressor
from seqconv.estimators.saved_file_error import SavedFileError
from seqconv.estimators.writing import FORMAT, NOT_SAVED, OBJECTS, VERSION
from seqconv.saving import container
from seqconv.saving.plain import from_plain, require_keys

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
        Fitted, with the same predictions. `augment` and `callbacks` serve training only and are None; so is a
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
    """Make the estimator of an untrusted file; every array must be used."""
    if type(described) is not dict or described.get("format") != FORMAT:
        raise ValueError(f"it must say format {FORMAT!r}.")
    if described.get("version") != VERSION or type(described["version"]) is not int:
        raise ValueError(
            f"it has format version {shown(described.get('version'))}, this seqconv reads version {VERSION}; load it "
            "with the seqconv that wrote it or a later one."
        )
    keys = {"format", "version", "written_by", "class", "parameters", "state", "adapter"}
    require_keys(described, keys, "estimator.json")
    if described["class"] not in list(_CLASSES):
        raise ValueError(f"the class must be {' or '.join(_CLASSES)}, got {shown(described['class'])}.")
    estimator = _CLASSES[described["class"]](**_read_parameters(described["parameters"], _CLASSES[described["class"]]))
    check_parameters(estimator)
    adapter = described["adapter"]
    own = {name.removeprefix("adapter/"): array for name, array in arrays.items() if name.startswith("adapter/")}
    if adapter is None and own:
        raise ValueError("it has arrays of an adapter, but no adapter.")
    estimator.adapter_ = None if adapter is None else _read_adapter(adapter, own)
    weights = {name: array for name, array in arrays.items() if not name.startswith("adapter/")}
    return estimator.set_state(from_plain(described["state"], "the fitted state"), weights)


def _read_parameters(plain, made):
    known = [name for name in made._get_param_names() if name not in NOT_SAVED]
    if type(plain) is not dict or set(plain) - set(known):
        odd = sorted(set(plain) - set(known)) if type(plain) is dict else plain
        raise ValueError(f"parameters must be out of {', '.join(known)}, got {shown(odd)}.")
    # A parameter may be missing, as in the file of an earlier version: then it has its default.
    return {
        name: make_object(value, name) if name in OBJECTS and type(value) is dict else from_plain(value, name)
        for name, value in plain.items()
    }


def _read_adapter(described, arrays):
    require_keys(described, {"class", "parameters", "state", "arrays"}, "adapter")
    if described["arrays"] != sorted(arrays):
        raise ValueError(
            f"the arrays of the adapter must be {shown(described['arrays'])}, got {shown(sorted(arrays))}."
        )
    adapter = make_object({key: described[key] for key in ("class", "parameters")}, "adapter")
    return adapter.set_state(described["state"], arrays)
