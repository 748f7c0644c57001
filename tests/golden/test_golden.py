"""Files that earlier versions saved give the answers that they gave then."""

import json
import pathlib

import numpy as np
import pytest

import seqconv

FOLDER = pathlib.Path(__file__).parent
FILES = sorted(FOLDER.glob("*/*.seqconv"))


def test_there_are_files():
    assert len(FILES) >= 4


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_file_of_an_earlier_version_gives_its_answers(path):
    known = json.loads((path.parent / "answers.json").read_text())[path.stem]
    estimator = seqconv.load(path)
    X = known["X"] if isinstance(known["X"][0], str) else [np.array(case) for case in known["X"]]
    predict = estimator.predict_proba if hasattr(estimator, "predict_proba") else estimator.predict
    np.testing.assert_allclose(predict(X), known["answers"], atol=1e-5)
