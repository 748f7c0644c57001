"""Tables of any form become cases with the right rows, channels and labels, or an error that names the case."""

import types
import warnings

import numpy as np
import pandas as pd
import pytest

from seqconv.domains.series.frames_to_cases import frames_to_cases


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def long(**columns):
    """Three cases of four steps, rows of a case in the order of times 2, 1, 4, 3; ax tells case and time."""
    ids, times = np.repeat([3, 1, 2], 4), np.tile([2, 1, 4, 3], 3)
    table = {"id": ids, "t": times, "ax": ids * 10 + times, "ay": ids * 0.5 + times, "who": np.repeat(list("xyx"), 4)}
    return pd.DataFrame(table | columns)


def frames():
    return [pd.DataFrame({"ax": [1.0, 2.0], "ay": [3.0, 4.0]}), pd.DataFrame({"ay": [7.0], "ax": [5.0]})]


AX = [[31, 32, 33, 34], [11, 12, 13, 14], [21, 22, 23, 24]]


def ax(cases):
    return [case["ax"].tolist() for case in cases.X]


# ---------------------------------------------------------------------------------------------------- forms


@pytest.mark.parametrize(
    "frame, names",
    [
        (long(), {"id": "id", "time": "t"}),
        (long().sample(frac=1, random_state=0).sort_values("who", kind="stable"), {"id": "id", "time": "t"}),
        (long().set_index(["id", "t"]), {}),
        (long().set_index("t"), {"id": "id", "time": "t"}),
        (long().set_index("id"), {"id": "id", "time": "t"}),
        (long().set_index(["id", "t"]).rename_axis([None, None]), {}),
        (dict(list(long().drop(columns="id").groupby(long()["id"], sort=False))), {"time": "t"}),
        ([part for _, part in long().groupby("id", sort=False)], {"id": "id", "time": "t"}),
        (long().groupby("id"), {"time": "t"}),
        (long().groupby(["id"]), {"time": "t"}),
        (types.SimpleNamespace(to_pandas=long), {"id": "id", "time": "t"}),
    ],
)
def test_every_form_of_a_table_gives_the_same_cases(frame, names):
    cases = frames_to_cases(frame, **names, label="who")
    by_name = dict(zip(cases.about["record"].tolist(), zip(ax(cases), cases.y.tolist(), strict=True), strict=True))
    assert by_name == dict(zip([3, 1, 2], zip(AX, "xyx", strict=True), strict=True))
    assert [case.columns.tolist() for case in cases.X] == [["ax", "ay"]] * 3
    assert cases.about["first"].tolist() == [1] * 3 and cases.about["last"].tolist() == [4] * 3


def test_cases_keep_the_order_of_their_first_row_and_missing_values():
    frame = long(ay=[np.nan, *range(11)]).drop(index=2)
    cases = frames_to_cases(frame, "id", "t", label="who", group="who")
    assert cases.about["record"].tolist() == [3, 1, 2] and cases.groups.tolist() == list("xyx")
    assert ax(cases)[0] == [31, 32, 33] and np.isnan(cases.X[0]["ay"].iloc[1])


def test_two_columns_name_a_case_together():
    frame = long(id=1, session=np.repeat([1, 2, 1], 4), who=np.repeat(list("aab"), 4))
    cases = frames_to_cases(frame, ["who", "session"], "t", group="who")
    assert cases.about["record"].tolist() == [("a", 1), ("a", 2), ("b", 1)] and cases.groups.tolist() == list("aab")


def test_channels_of_frames_are_matched_by_name():
    cases = frames_to_cases(frames(), label=[0, 1])
    assert ax(cases) == [[1, 2], [5]] and [case.columns.tolist() for case in cases.X] == [["ax", "ay"]] * 2
    chosen = frames_to_cases({"a": frames()[0], "b": frames()[1].assign(more=1)}, channels=["ay", "ax"])
    assert chosen.X[1].to_numpy().tolist() == [[7, 5]]
    # The names reach the estimator.
    assert all(isinstance(name, str) for name in chosen.X[0].columns)


def test_series_of_one_channel_are_cases():
    assert [len(case) for case in frames_to_cases([pd.Series([1, 2]), pd.Series([3])]).X] == [2, 1]
    column = long().set_index(["id", "t"])["ax"]
    assert ax(frames_to_cases(column)) == AX


def test_nested_frames_have_a_series_in_each_cell():
    nested = pd.DataFrame(
        {"u": [pd.Series([1.0, 2.0]), pd.Series([3.0])], "v": [np.array([4.0, 5.0]), np.array([6.0])], "y": [0, 1]},
        index=["a", "b"],
    )
    cases = frames_to_cases(nested, label="y")
    assert [case.to_numpy().tolist() for case in cases.X] == [[[1, 4], [2, 5]], [[3, 6]]]
    assert cases.y.tolist() == [0, 1] and cases.about["record"].tolist() == ["a", "b"]
    nested.at["b", "v"] = np.array([6.0, 7.0])
    with pytest.raises(ValueError, match="those of case 'b' have .*fill them with NaN"):
        frames_to_cases(nested)


class LabelledArray:
    """What an array of xarray shows of itself."""

    def __init__(self, values, dims, coords=(), name=None):
        self.values, self.dims, self.coords, self.name = np.asarray(values), tuple(dims), dict(coords), name
        self.sizes = dict(zip(self.dims, self.values.shape, strict=True))

    def __array__(self, dtype=None, copy=None):
        return self.values

    def transpose(self, *dims):
        return LabelledArray(self.values.transpose([self.dims.index(dim) for dim in dims]), dims, self.coords)


def labelled(**more):
    times = LabelledArray(pd.date_range("2024-01-01", periods=4), ["time"])
    coords = {"trial": LabelledArray(["p", "q", "r"], ["trial"]), "y": LabelledArray([0, 1, 0], ["trial"])}
    coords |= {"channel": LabelledArray(["ax", "ay"], ["channel"]), "time": times}
    return LabelledArray(np.arange(24).reshape(2, 3, 4), ["channel", "trial", "time"], coords | more)


def test_labelled_arrays_are_read_by_their_dimensions():
    cases = frames_to_cases(labelled(), id="trial", label="y")
    assert ax(cases) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]] and cases.y.tolist() == [0, 1, 0]
    assert cases.about["record"].tolist() == list("pqr") and cases.about["last"][0] == pd.Timestamp("2024-01-04")
    assert cases.X[0].columns.tolist() == ["ax", "ay"]
    univariate = LabelledArray(np.ones((3, 4)), ["case", "time"])
    assert [case.shape for case in frames_to_cases(univariate).X] == [(4, 1)] * 3
    with pytest.raises(ValueError, match=r"name two of the dimensions \['channel', 'trial', 'time'\]"):
        frames_to_cases(labelled())


def test_arrays_and_sets_of_xarray_are_read():
    xarray = pytest.importorskip("xarray")
    array = xarray.DataArray(np.arange(24).reshape(2, 3, 4), dims=["channel", "trial", "time"])
    array = array.assign_coords(channel=["ax", "ay"], y=("trial", [0, 1, 0]))
    for given in (array, array.to_dataset("channel")):
        cases = frames_to_cases(given, id="trial", label="y")
        assert ax(cases) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]] and cases.y.tolist() == [0, 1, 0]


class Ragged:
    """What an awkward array shows of itself."""

    def __init__(self, values, fields=()):
        self.values, self.fields = values, list(fields)

    def __getitem__(self, field):
        return Ragged([case[field] for case in self.values])

    def __len__(self):
        return len(self.values)

    def tolist(self):
        return self.values


Ragged.__module__ = "awkward.highlevel"


def test_awkward_arrays_are_cases():
    cases = frames_to_cases(Ragged([{"ax": [1, 2], "ay": [3, 4]}, {"ax": [5], "ay": [6]}], ["ax", "ay"]))
    assert ax(cases) == [[1, 2], [5]]
    assert [len(case) for case in frames_to_cases(Ragged([[1, 2], [3]]), label=[0, 1]).X] == [2, 1]


# ---------------------------------------------------------------------------------------------------- times


@pytest.mark.parametrize(
    "times",
    [
        [2.5, 1, 400, 3],
        ["9", "1", "100", "10"],
        ["2024-01-09", "2024-01-02", "2024-01-31", "2024-01-30"],
        ["2024-03-31T10:00+02:00", "2024-03-31T00:30+01:00", "2024-03-31T11:00+01:00", "2024-03-31T09:30Z"],
        ["3.1.2024", "2.1.2024", "1.2.2024", "31.1.2024"],
        ["3/1/2024", "2/1/2024", "1/2/2024", "31/1/2024"],
        ["1/3/2024", "1/2/2024", "2/1/2024", "1/31/2024"],
        ["9:59", "9:58", "10:02", "10:01"],
        pd.to_datetime(["2024-01-02", "2024-01-01", "2024-01-04", "2024-01-03"]),
        pd.period_range("2024-01", periods=4, freq="M")[[1, 0, 3, 2]],
    ],
)
def test_rows_are_sorted_by_times_of_every_kind(times):
    table = pd.concat([long().iloc[:4].assign(t=times), long().iloc[4:8].assign(t=times)])
    assert ax(frames_to_cases(table, "id", "t", label="who")) == AX[:2]
    by_index = table.set_index("t")
    if isinstance(times, pd.Index):
        assert ax(frames_to_cases(by_index, "id", label="who")) == AX[:2]


@pytest.mark.parametrize(
    "times, message",
    [
        ([1, np.nan, 2, 3], "each row must have a time, 1 have none"),
        (["1/2/2024", "2/2/2024", "3/2/2024", "4/2/2024"], "got '1/2/2024'; convert it"),
        (["soon", "later", "now", "then"], "got 'soon'; convert it"),
        (["23:59", "00:00", "00:01", "00:02"], "must not pass midnight, got '23:59' before '00:00'"),
    ],
)
def test_times_without_one_meaning_are_rejected_by_case(times, message):
    with pytest.raises(ValueError, match=f"case 3: .*{message}"):
        frames_to_cases(long().iloc[:4].assign(t=times), "id", "t", label="who")


def test_rows_of_one_time_keep_their_order_with_a_warning():
    with pytest.warns(UserWarning, match="case 1 has several rows of time 1.* 1 of 3 cases"):
        cases = frames_to_cases(long(t=[2, 1, 4, 3, 1, 1, 2, 3, 2, 1, 4, 3]), "id", "t", label="who")
    assert ax(cases)[1] == [12, 11, 14, 13]


def test_rows_out_of_the_order_of_their_index_are_warned_of():
    turned = long().drop(columns="t").iloc[::-1]
    with pytest.warns(UserWarning, match="case 2 has rows that are not in the order of the index"):
        cases = frames_to_cases(turned, "id", label="who")
    assert ax(cases)[0] == [23, 24, 21, 22]
    assert ax(frames_to_cases(long().drop(columns="t"), "id", label="who"))[0] == [32, 31, 34, 33]


# ---------------------------------------------------------------------------------------------------- cases


@pytest.mark.parametrize(
    "frame, names, message",
    [
        (long()[["ax"]], {}, r"id must name the column .*give \[frame\]"),
        (long(), {"id": "nr"}, "id must be one of the columns 'id', 't'.*, got 'nr'"),
        (long(), {"id": "id", "time": "seconds"}, "time must be one of .*got 'seconds'"),
        (long(id=[None, *[1] * 11]), {"id": "id"}, "each row must have an id, row 0 has none"),
        (long().iloc[:0], {"id": "id"}, "at least one row"),
        ([], {}, None),
        ({}, {}, "at least one case"),
        ({"a": long(), "b": long().iloc[:0]}, {}, "case 'b' has none; leave it out"),
        ([long(), long()], {"id": "id"}, "case 0: the frames of a list must hold one case each, got 3"),
        ([long().iloc[:4]] * 2, {"id": "id"}, "3 is there again"),
        (np.zeros((2, 3, 1)), {}, None),
        ([np.zeros((3, 1))], {}, None),
    ],
)
def test_what_does_not_tell_the_cases_apart_is_rejected(frame, names, message):
    with pytest.raises(
        ValueError if message else TypeError,
        match=message or "frame must be a data frame, a list or.* got (ndarray|list( of ndarray)?);",
    ):
        frames_to_cases(frame, **names)


def test_a_case_a_row_is_warned_of():
    with pytest.warns(UserWarning, match="12 cases has a single row"):
        frames_to_cases(long(id=range(12)), "id", "t", label="who")


def walks(**columns):
    """Forty walks of ten steps: five trials of each of eight persons, with a label a trial."""
    person, trial = np.repeat(list("abcdefgh"), 50), np.tile(np.repeat(range(1, 6), 10), 8)
    table = {"Subject": person, "Trial": trial, "ax": np.arange(400.0), "fit": np.where(trial < 3, "yes", "no")}
    return pd.DataFrame(table | columns)


@pytest.mark.parametrize("kind", [object, "string", "category"])
@pytest.mark.parametrize("channels", [["ax"], "ax"])
def test_a_column_that_belongs_to_the_name_of_the_case_is_warned_of(kind, channels):
    table = walks()
    table["Subject"] = table["Subject"].astype(kind)
    # Changes within the cases as well, yet less often.
    table.insert(0, "site", np.where(np.isin(walks()["Subject"], ["a", "b"]), "p", "q"))
    with pytest.warns(UserWarning, match=r"'Subject' changes within case 1 and 4 more; .* id=\['Subject', 'Trial'\]"):
        cases = frames_to_cases(table, id="Trial", label="fit", channels=channels)
    assert len(cases) == 5
    assert len(frames_to_cases(table, id=["Subject", "Trial"], label="fit", channels=channels)) == 40


@pytest.mark.parametrize(
    "text",
    [
        [f"{i}" for i in range(400)],
        np.tile(list("uv"), 200),
        # Values that come back.
        np.tile(np.repeat(["left", "right"], 5), 40),
        # Changes within few cases.
        np.repeat(list("abcd"), [175, 50, 50, 125]),
        np.repeat("a", 400),
    ],
)
def test_columns_of_text_that_name_no_case_are_left_out_in_silence(text):
    assert len(frames_to_cases(walks(text=text).drop(columns="fit"), id="Subject", channels=["ax"])) == 8


@pytest.mark.parametrize("steps", [8, 50])
def test_steps_in_columns_are_warned_of(steps):
    wide = pd.DataFrame({"id": range(6), **{f"t{i}": np.arange(6.0) for i in range(steps)}, "label": list("xyxyxy")})
    with pytest.warns(UserWarning, match=rf"one case a row: give frame\[columns\].to_numpy.* t0 to t{steps - 1}"):
        frames_to_cases(wide, id="id", label="label", channels=["t0"])
    with pytest.raises(ValueError, match=r"one case a row: give frame\[columns\].to_numpy\(\) to fit"):
        frames_to_cases(wide, label="label")


def test_pairs_of_a_grouping_are_cases():
    cases = frames_to_cases(list(long().groupby("id")), time="t", label="who")
    assert cases.about["record"].tolist() == [1, 2, 3] and list(cases.X[0]) == ["ax", "ay"]
    assert ax(cases) == [AX[1], AX[2], AX[0]] and cases.y.tolist() == ["y", "x", "x"]
    two = dict(list(walks().groupby(["Subject", "Trial"])))
    assert [list(case) for case in frames_to_cases(two, label="fit").X] == [["ax"]] * 40
    with pytest.raises(ValueError, match="a name of its own"):
        frames_to_cases([("a", long()), ("a", long())])


def test_a_dict_of_arrays_is_cases_by_name():
    cases = frames_to_cases({"a": np.array([1.0, 2.0]), "b": np.array([3.0])}, label={"b": 1, "a": 0})
    assert [case["value"].tolist() for case in cases.X] == [[1.0, 2.0], [3.0]] and cases.y.tolist() == [0, 1]
    cases = frames_to_cases({"a": np.ones((3, 2)), "b": np.zeros((2, 2))})
    assert [case.shape for case in cases.X] == [(3, 2), (2, 2)]
    with pytest.raises(ValueError, match="case 'b' differs"):
        frames_to_cases({"a": np.ones((3, 2)), "b": np.ones((3, 1))})
    with pytest.raises(TypeError, match="case 'a' must be a data frame, a series or an array"):
        frames_to_cases({"a": np.ones((3, 2, 1))})


# ---------------------------------------------------------------------------------------------------- labels


def test_a_label_that_changes_does_not_name_its_case():
    act = np.where(np.isin(walks()["Subject"], ["a", "b"]), "run", "walk")
    with pytest.raises(ValueError, match=r"'run' and 'walk'; give .*id=\['Subject', 'Trial'\], or correct") as caught:
        frames_to_cases(walks(act=act), id="Trial", label="act", channels=["ax"])
    assert "'Trial', 'act'" not in str(caught.value)
    alone = walks(act=np.tile(np.repeat(["run", "walk"], 5), 40))
    with pytest.raises(
        ValueError, match=r"case .*'act' must .*correct the rows that differ \(5, 6, 7, 8, 9, \.\.\.\)"
    ) as caught:
        frames_to_cases(alone, id=["Subject", "Trial"], label="act", channels=["ax"])
    assert "id=" not in str(caught.value) and "[[" not in str(caught.value)
    with pytest.raises(ValueError, match=r"id=\['Trial', 'Subject'\]"):
        frames_to_cases(walks(), id="Trial", group="Subject", channels=["ax"])


@pytest.mark.parametrize("kind", [object, "string", "category"])
def test_blanks_around_labels_are_left_out(kind):
    table = long(who=["x", "x ", *"xxyyyyxxxx"]).astype({"who": kind})
    with pytest.warns(UserWarning, match="label 'who' has blanks around 1 values, such as 'x '"):
        assert frames_to_cases(table, "id", "t", label="who").y.tolist() == ["x", "y", "x"]
    with pytest.warns(UserWarning, match="the label has blanks around 2 values, such as ' y'"):
        assert frames_to_cases(frames(), label=[" y", "n "]).y.tolist() == ["y", "n"]


def test_labels_come_by_the_name_of_the_case():
    for given in ({1: "p", 2: "q", 3: "r"}, pd.Series(["r", "q", "p"], index=[3, 2, 1])):
        assert frames_to_cases(long().drop(columns="who"), "id", "t", label=given).y.tolist() == ["r", "p", "q"]
    assert frames_to_cases(frames(), label=np.array([4, 5]), group=["a", "b"]).groups.tolist() == ["a", "b"]


def test_a_label_in_one_row_of_its_case_is_enough():
    who = [None, "x", None, None, *"yyyy", None, None, None, "z"]
    assert frames_to_cases(long(who=who), "id", "t", label="who").y.tolist() == ["x", "y", "z"]


@pytest.mark.parametrize(
    "given, message",
    [
        ("who", r"case 1: the label 'who' must be one value a case, got 'y' and 'x'; correct the rows .* \(7\)"),
        ({1: 0, 2: 1}, "each case must have a label, case 3 has none"),
        (pd.Series([1, 2, 3, 4], index=[1, 2, 3, 3]), "case 3 is several times in its index"),
        ([0, 1, 0], r"got 3 values; .*pandas.Series\(values"),
        ("what", "label must be one of the columns"),
    ],
)
def test_a_label_that_is_not_one_a_case_is_rejected(given, message):
    with pytest.raises(ValueError, match=message):
        frames_to_cases(long(who=list("xxxxyyyxxxxx")), "id", "t", channels=["ax"], label=given)


def test_a_group_that_changes_within_a_case_is_rejected():
    with pytest.raises(ValueError, match="case 3: the group 'who' must be one value a case"):
        frames_to_cases(long(who=list("abcdefghijkl")), "id", "t", group="who")


def test_labels_of_another_number_or_with_gaps_are_rejected():
    with pytest.raises(ValueError, match="one value a case, 2 in all, got 3"):
        frames_to_cases(frames(), label=[0, 1, 2])
    with pytest.raises(ValueError, match="case 2 has none .*drop its rows"):
        frames_to_cases(long(who=[*"xxxxyyyy", None, None, None, None]), "id", "t", label="who")


# ---------------------------------------------------------------------------------------------------- channels


@pytest.mark.parametrize(
    "second, channels, message",
    [
        ({"ax": [1], "gy": [1]}, None, "case 'b' differs: it lacks 'ay' and it has 'gy'"),
        ({"ax": [1]}, None, "case 'b' differs: it lacks 'ay'"),
        ({"ax": [1], "ay": [1], "az": [1]}, None, "case 'b' differs: it has 'az'"),
        ({"ax": [1], "gy": [1]}, ["ay"], "case 'b' differs: it lacks 'ay'"),
        ({"ax": [1], "ay": ["high"]}, None, "case 'b': channel 'ay' must be numbers, got 'high'"),
    ],
)
def test_frames_of_other_channels_are_rejected_by_case(second, channels, message):
    with pytest.raises(ValueError, match=message):
        frames_to_cases({"a": frames()[0], "b": pd.DataFrame(second)}, channels=channels)


def test_columns_without_a_role_are_warned_of():
    with pytest.warns(UserWarning, match="columns 'who' are left out"):
        assert frames_to_cases(long(), "id", "t").X[0].columns.tolist() == ["ax", "ay"]
    with pytest.warns(UserWarning, match="columns 'Unnamed: 0' are left out"):
        frames_to_cases(long(**{"Unnamed: 0": range(12)}), "id", "t", label="who")
    with pytest.warns(UserWarning, match="columns 't' are taken as channels, though they look like a time"):
        frames_to_cases(long(), "id", label="who")
    with pytest.warns(UserWarning, match="columns 'age' are taken as channels.* one value a case"):
        frames_to_cases(long(age=np.repeat([30, 40, 50], 4)), "id", "t", label="who")
    assert frames_to_cases(long(age=np.repeat([30, 40, 50], 4)), "id", "t", ["ax", "age"]).X[0].shape == (4, 2)


@pytest.mark.parametrize(
    "values",
    [[1, None, 3] * 4, ["1", "2.5", None] * 4, pd.array([1, None, 3] * 4, "Int64"), [True, False, None] * 4],
)
def test_numbers_in_other_dtypes_are_numbers(values):
    case = frames_to_cases(long(ay=values), "id", "t", channels=["ay"]).X[0]
    assert case["ay"].dtype == float and case["ay"].isna().sum() == 1


@pytest.mark.parametrize(
    "values, message",
    [
        (pd.date_range("2024", periods=12), "must be numbers, got datetime64"),
        (np.full(12, 1j), "must be real numbers"),
        ([1, "ERR", *range(10)], "case 3: channel 'ay' must be numbers, got 'ERR' and 0 more"),
        (["1,5"] * 12, "case 3: channel 'ay' must be numbers, got '1,5' and 11 more"),
    ],
)
def test_channels_that_are_not_numbers_are_rejected(values, message):
    with pytest.raises(ValueError, match=message):
        frames_to_cases(long(ay=values), "id", "t", channels=["ax", "ay"])


def test_channels_must_be_there_once():
    for channels in (["az"], [], ["ax", "ax"]):
        with pytest.raises(ValueError, match="channels must be different columns"):
            frames_to_cases(long(), "id", "t", channels)
    with pytest.raises(ValueError, match="each column must have a name of its own, got 'ax'"):
        frames_to_cases(long().rename(columns={"ay": "ax"}), "id", "t")
    with pytest.raises(ValueError, match="a channel must be a numeric column"):
        frames_to_cases(long()[["id", "t", "who"]], "id", "t")


# ------------------------------------------------------------------------------------------ several labels a case


def test_several_columns_of_labels_are_a_frame():
    table = long(AFIB=np.repeat([1, 0, 1], 4), NORM=np.repeat([0, 1, 0], 4))
    for frame in (table, table.set_index(["id", "AFIB", "t"])):
        cases = frames_to_cases(frame.drop(columns="who"), "id", "t", label=["NORM", "AFIB"])
        assert list(cases.y.columns) == ["NORM", "AFIB"] and cases.y.to_numpy().tolist() == [[0, 1], [1, 0], [0, 1]]
        assert list(cases.X[0].columns) == ["ax", "ay"]
    parts = [part.drop(columns=["id", "who"]) for _, part in table.groupby("id", sort=False)]
    assert frames_to_cases(parts, time="t", label=["AFIB", "NORM"]).y["AFIB"].tolist() == [1, 0, 1]
    # One value a case, in the order of the frames, is no list of columns.
    assert frames_to_cases(frames(), label=["ill", "well"]).y.tolist() == ["ill", "well"]


def test_a_frame_of_labels_is_matched_by_the_name_of_the_case():
    labels = pd.DataFrame({"AFIB": [0, 1, 1], "NORM": [1, 0, 0]}, index=[1, 2, 3])
    cases = frames_to_cases(long(), "id", "t", ["ax"], label=labels)
    assert cases.about["record"].tolist() == [3, 1, 2] and cases.y.to_numpy().tolist() == [[1, 0], [0, 1], [1, 0]]
    with pytest.raises(ValueError, match="each case must have a label, case 3 has none"):
        frames_to_cases(long(), "id", "t", ["ax"], label=labels.loc[:2])


@pytest.mark.parametrize("kind", [list, tuple, set])
def test_a_column_of_lists_is_a_set_of_labels_a_case(kind):
    lists = [kind(labels) for labels in (["AFIB", "NORM"], ["NORM"], []) for _ in range(4)]
    cases = frames_to_cases(long(dx=lists), "id", "t", ["ax"], label="dx")
    assert cases.y.tolist() == [("AFIB", "NORM"), ("NORM",), ()]
    by_name = frames_to_cases(
        long(), "id", "t", ["ax"], label={3: kind(["AFIB"]), 1: kind(["NORM"]), 2: kind(["AFIB"])}
    )
    assert [set(labels) for labels in by_name.y] == [{"AFIB"}, {"NORM"}, {"AFIB"}]
    lists[1] = kind(["AFIB"])
    with pytest.raises(ValueError, match="case 3: the label 'dx' must be one value a case"):
        frames_to_cases(long(dx=lists), "id", "t", ["ax"], label="dx")


def test_labels_in_one_text_are_not_guessed():
    texts = np.repeat(["AFIB;NORM", "NORM", "AFIB"], 4)
    assert frames_to_cases(long(dx=texts), "id", "t", ["ax"], label="dx").y.tolist() == ["AFIB;NORM", "NORM", "AFIB"]


def test_a_label_column_that_changes_or_is_not_there_is_named():
    table = long(AFIB=np.repeat([1, 0, 1], 4), NORM=[1] + [0] * 11)
    with pytest.raises(ValueError, match="case 3: the label 'NORM' must be one value a case"):
        frames_to_cases(table, "id", "t", ["ax"], label=["AFIB", "NORM"])
    with pytest.raises(ValueError, match="label must be one of the columns .*'NORM', got 'WPW'"):
        frames_to_cases(table, "id", "t", ["ax"], label=["AFIB", "WPW"])
    with pytest.raises(ValueError, match="label must be a column, or a dict"):
        frames_to_cases(table, "id", "t", ["ax"], label=["ill", "well", "ill"])
