"""Forms in which users of scikit-learn give records."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from seqconv.adapters import AudioAdapter, ECGAdapter, OrderBookAdapter, PriceAdapter, TextAdapter
from seqconv.data.case_errors import CaseError
from seqconv.domains.forms import as_records

TABLE = np.arange(12.0).reshape(3, 4) / 12


class ArrayLike:
    def __array__(self, dtype=None, copy=None):
        return TABLE


@pytest.mark.parametrize(
    "X",
    [
        TABLE.tolist(),
        TABLE.astype(object),
        pd.DataFrame(TABLE),
        pd.DataFrame(TABLE).convert_dtypes(),
        ArrayLike(),
        [pd.Series(row) for row in TABLE],
        [TABLE[0], TABLE[1], pd.Series(TABLE[2])],
    ],
    ids=["lists", "objects", "frame", "nullable frame", "array-like", "Series", "mixed"],
)
@pytest.mark.parametrize("adapter", [AudioAdapter(features="waveform", normalize=None), ECGAdapter()], ids=repr)
def test_a_table_of_numbers_is_a_record_a_row(adapter, X):
    np.testing.assert_array_equal(adapter.fit(X).transform(X), adapter.fit(TABLE).transform(TABLE))


def test_lists_may_differ_in_length_and_have_leads():
    assert [record.shape for record in as_records([[1.0, 2.0, 3.0], [4.0]], are_arrays=True)] == [(3,), (1,)]
    assert ECGAdapter().fit_transform([[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0]]]).shape == (2, 2, 2)


def test_missing_values_of_a_frame_are_nan():
    frame = pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": [2.0, 3.0]})
    assert np.isnan(ECGAdapter().fit_transform(frame)).sum() == 1


@pytest.mark.parametrize("X", [["a.wav"], ("a.wav",), pd.Series(["a.wav"]), np.array(["a.wav"]), np.array([None])])
def test_other_lists_stay_as_they_are(X):
    found = as_records(X, are_arrays=True)
    assert found == X if isinstance(X, list) else found is X


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        (TABLE[0], ValueError, "one record a row, got one array of shape .4,.*Reshape your data"),
        (TABLE * 1j, ValueError, "Complex data not supported"),
        (TABLE[:, :0], ValueError, r"0 feature\(s\) \(shape=\(3, 0\)\)"),
        (np.array([["1", "2"]], object), TypeError, "got the string '1'"),
        (sparse.csr_array(TABLE), TypeError, "sparse input is not supported"),
    ],
    ids=["one", "complex", "no column", "texts", "sparse"],
)
@pytest.mark.parametrize("adapter", [AudioAdapter(), ECGAdapter()], ids=repr)
def test_what_is_no_table_of_records_is_rejected(adapter, X, error, message):
    for method in (adapter.fit, adapter.check, adapter.fit(TABLE).transform):
        with pytest.raises(error, match=message):
            method(X)


@pytest.mark.parametrize("adapter", [AudioAdapter(), ECGAdapter()], ids=repr)
@pytest.mark.parametrize("bad", [[0.0, 1.0], [np.zeros(4), 8000], []], ids=repr)
def test_one_list_among_arrays_is_no_record(adapter, bad):
    with pytest.raises((TypeError, ValueError), match="case 1"):
        adapter.fit([TABLE[0], bad])


@pytest.mark.parametrize("adapter", [AudioAdapter(), ECGAdapter()], ids=repr)
@pytest.mark.parametrize("bad", [[[1.0, 2.0], [3.0]], ["1.0", "2.0"], [1.0, None], []], ids=repr)
def test_a_bad_list_is_named_by_its_number(adapter, bad):
    with pytest.raises((TypeError, ValueError)) as found:
        adapter.fit([TABLE[0].tolist(), bad])
    assert isinstance(found.value, CaseError) and found.value.case == 1


@pytest.mark.parametrize("adapter", [TextAdapter(), PriceAdapter(), OrderBookAdapter()], ids=repr)
def test_sparse_tables_are_rejected_by_all(adapter):
    with pytest.raises(TypeError, match="sparse input is not supported"):
        adapter.fit(sparse.csr_array(TABLE))


def test_a_frame_of_paths_is_not_taken_for_numbers():
    with pytest.raises((TypeError, ValueError, OSError)):
        AudioAdapter().fit(pd.DataFrame({"path": ["a.wav", "b.wav"]}))


def test_tensors_of_pytorch_are_tables_and_records():
    torch = pytest.importorskip("torch")
    expected = ECGAdapter().fit_transform(TABLE)
    for X in (torch.from_numpy(TABLE), list(torch.from_numpy(TABLE))):
        np.testing.assert_array_equal(ECGAdapter().fit_transform(X), expected)
