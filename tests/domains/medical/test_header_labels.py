"""Labels of records from the comments of their headers."""

import numpy as np
import pytest

from seqconv.adapters import ECGAdapter
from seqconv.data.recording import Recording
from seqconv.formats import read_header_labels

wfdb = pytest.importorskip("wfdb", reason="wfdb is not installed: pip install seqconv[medical]")


@pytest.fixture
def folder(tmp_path):
    comments = {"A1": ["Age: 60", "Dx: 164889003,426783006"], "A2": ["age: 5", "#Dx: 426783006 , 1"], "A3": ["dx:1"]}
    for name, lines in comments.items():
        wave = np.random.default_rng(0).normal(size=(1000, 2))
        wfdb.wrsamp(name, 100, ["mV"] * 2, ["I", "II"], wave, fmt=["16"] * 2, comments=lines, write_dir=str(tmp_path))
    return tmp_path


def test_each_label_is_a_column(folder):
    paths = sorted(folder.glob("*.hea"))
    found = read_header_labels(paths)
    assert found.columns.tolist() == ["1", "164889003", "426783006"] and found.index.tolist() == ["A1", "A2", "A3"]
    assert found.to_numpy().tolist() == [[0, 1, 1], [1, 0, 1], [1, 0, 0]]
    assert read_header_labels(paths[:2], "age").columns.tolist() == ["5", "60"]


def test_labels_of_headers_go_to_the_windows_of_their_records(folder):
    paths = sorted(folder.glob("*.hea"))
    cases = ECGAdapter(window_seconds=(0, 5)).cases(paths, read_header_labels(paths), around="windows")
    assert cases.y.to_numpy().tolist() == [[0, 1, 1]] * 2 + [[1, 0, 1]] * 2 + [[1, 0, 0]] * 2
    assert list(cases.y.columns) == ["1", "164889003", "426783006"]


def test_a_record_without_the_field_is_named(folder):
    with pytest.raises(ValueError, match="A3: a comment 'Age' of the header is required, got dx"):
        read_header_labels(sorted(folder.glob("*.hea")), "Age")
    with pytest.raises(ValueError, match="b: a comment 'Dx' of the header is required, got none"):
        read_header_labels([Recording(np.zeros((9, 1)), 100, ["I"], name="b")])
    with pytest.raises(FileNotFoundError, match="none.hea"):
        read_header_labels([folder / "none.hea"])
