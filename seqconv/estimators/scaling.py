"""Centre and scale of the channels, from the training part."""

from typing import Any

import numpy as np

from seqconv.data.robust import robust_statistics
from seqconv.data.sentinels import warn_of_sentinels
from seqconv.domains.base import Adapter
from seqconv.training.part import Part


def statistics(estimator: Any, training: Part) -> tuple[np.ndarray, np.ndarray] | None:
    """Return what the stem subtracts from each channel and divides it by; None if it scales by the case or not at all.

    Warns
    -----
    UserWarning
        If a channel varies too little for float32, or not at all.
        If a value looks as if it stood for a missing one.
    """
    names, may_be_constant = _named(estimator)
    centre, scale = training.survey.moments.centre_and_scale(names, may_be_constant)
    warn_of_sentinels(training.cases.in_blocks, training.survey.moments, names)
    if estimator.scaling == "robust":
        n_steps = int(training.survey.lengths.sum())
        centre, scale = robust_statistics(training.cases.in_blocks(), n_steps, centre, scale)
    is_learnt = estimator.scaling in ("standard", "robust")
    return (centre.astype(np.float32), scale.astype(np.float32)) if is_learnt else None


def _named(estimator):
    """Return the names of the channels or None, and those of them that may be constant."""
    adapter = estimator.adapter_
    if isinstance(adapter, Adapter):
        return adapter.channel_names(), adapter.may_be_constant
    # The columns of a table are steps.
    is_frame = adapter is None and not estimator._is_table
    return vars(estimator).get("feature_names_in_") if is_frame else None, ()
