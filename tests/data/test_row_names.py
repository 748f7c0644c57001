"""Labels whose rows are named after records."""

import pathlib

import numpy as np
import pandas as pd
import pytest

from seqconv import SeqConvClassifier, SequenceSet
from seqconv.adapters import AudioAdapter
from seqconv.data.row_names import check_row_names

PATHS = ["data/a.wav", "data/b.wav", "data/c.wav"]


@pytest.mark.parametrize(
    "names", [["b", "a", "c"], ["a.wav", "c.wav", "b.wav"], ["data/c.wav", "data/b.wav", "data/a.wav"]]
)
def test_rows_in_another_order_are_rejected(names):
    for y in (pd.Series([0, 1, 2], index=names), pd.DataFrame({"x": [0, 1, 1], "y": 1}, index=names)):
        with pytest.raises(ValueError, match="case . is data/.*wav, its row .*; give y.loc"):
            SequenceSet(PATHS, y)
        with pytest.raises(ValueError, match="give y.loc"):
            SeqConvClassifier(adapter=AudioAdapter()).fit(list(map(pathlib.Path, PATHS)), y)


@pytest.mark.parametrize(
    ("X", "names"),
    [
        (PATHS, ["a", "b", "c"]),
        (PATHS, [2, 0, 1]),
        (PATHS, ["x", "y", "z"]),
        ([np.ones(3)] * 3, ["b", "a", "c"]),
        (["free prize", "b", "see you"], ["q", "r", "s"]),
    ],
)
def test_other_rows_are_left_alone(X, names):
    check_row_names(X, pd.Series([0, 1, 2], index=names))
    check_row_names(X, [0, 1, 2])
