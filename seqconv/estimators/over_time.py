"""Answers over the time of a recording that is longer than a case."""

import warnings
from typing import Any

import numpy as np
import pandas as pd

from seqconv.data.stitched import step_times, stitch_windows
from seqconv.data.windows import windows


def answers_over_time(
    estimator: Any, recording: Any, n_steps: int, stride: int | None, sampling_rate_hz: float | None
) -> pd.DataFrame:
    """Answer windows over a recording, and average them at each of its steps; see `SequenceEstimator.predict_windows`.

    Raises
    ------
    ValueError
        If the estimator has an adapter, whose `cases` cut recordings.
        If several recordings are given.
    """
    if estimator.adapter is not None:
        name = type(estimator.adapter).__name__
        raise ValueError(f"recordings for a {name} are cut by its method cases; predict these cases.")
    stride = max(1, n_steps // 2) if stride is None else stride
    with warnings.catch_warnings():
        # Steps of a gap are NaN in the answer, which says so by itself.
        warnings.filterwarnings("ignore", "(?s).*without an observed step")
        cut = windows(recording, n_steps=n_steps, stride=stride, tail="keep")
    if cut.about["record"].nunique() > 1:
        raise ValueError(f"recording must be one, got {cut.about['record'].nunique()}; call this for each.")
    answers = (getattr(estimator, "predict_proba", None) or estimator.predict)(cut.X)
    index = step_times(recording, sampling_rate_hz)
    n_all = len(index)
    stitched = stitch_windows(answers, cut.about["start"], cut.about["stop"], n_all)
    return pd.DataFrame(np.asarray(stitched).reshape(n_all, -1), index=index, columns=vars(estimator).get("classes_"))
