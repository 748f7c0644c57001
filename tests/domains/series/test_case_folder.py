"""A folder of tables becomes one set of cases, with labels from where people keep them."""

import gzip
import re
import sys
import warnings

import numpy as np
import pandas as pd
import pytest

from seqconv.domains.series.case_folder import read_case_folder


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.fixture
def folder(tmp_path):
    """A function that writes files below a folder and returns the folder."""

    def write(files):
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path

    return write


CSV = "t,ax,ay\n2,0.5,1\n1,0.25,2\n"
THREE = {"walk/s1_a.csv": CSV, "walk/s2_b.csv": CSV, "run/s1_c.csv": CSV}


# ---------------------------------------------------------------------------------------------------- labels


def test_labels_from_folders_and_groups_from_names(folder):
    cases = read_case_folder(folder(THREE), label="folder", group=r"^(s\d)_", time="t")
    assert cases.about["record"].tolist() == ["run/s1_c.csv", "walk/s1_a.csv", "walk/s2_b.csv"]
    assert cases.y.tolist() == ["run", "walk", "walk"] and cases.groups.tolist() == ["s1", "s1", "s2"]
    assert [case["ax"].tolist() for case in cases.X] == [[0.25, 0.5]] * 3 and cases.part is None


@pytest.mark.parametrize(
    "label, y",
    [
        (r"_(\w)\.csv$", ["c", "a", "b"]),
        (re.compile(r"_(\w)"), ["c", "a", "b"]),
        (r"^(\w+)/", ["run", "walk", "walk"]),
        ({"s1_a": 0, "s2_b.csv": 1, "run/s1_c.csv": 2}, [2, 0, 1]),
        (pd.Series([0, 1, 2], index=["./walk/s1_a", r"walk\s2_b.csv", "s1_c"]), [2, 0, 1]),
    ],
)
def test_labels_from_patterns_and_by_file(folder, label, y):
    assert read_case_folder(folder(THREE), label, time="t").y.tolist() == y


def test_labels_from_a_table_in_the_folder_itself(folder):
    path = folder(
        THREE | {"labels.csv": "nr;file;activity;who\n1;s1_a.csv;w;anna\n2;s2_b.csv;w;bo\n3;s1_c.csv;r;anna\n"}
    )
    cases = read_case_folder(path, "activity", "who", table=path / "labels.csv", time="t")
    assert cases.y.tolist() == ["r", "w", "w"] and cases.groups.tolist() == ["anna", "anna", "bo"]
    table = pd.DataFrame({"id": ["s1_a", "s1_c"], "activity": [1, 0]})
    with pytest.warns(
        UserWarning, match=r"2 of 4 files of .* were left out: labels.csv: it has no label; walk/s2_b.csv"
    ):
        cases = read_case_folder(path, "activity", table=table, time="t")
    assert cases.y.tolist() == [0, 1] and set(cases.about.attrs["left_out"]) == {"labels.csv", "walk/s2_b.csv"}


def test_labels_from_a_column_of_the_files(folder):
    path = folder({"a.csv": "ax,kind\n1,x\n2,x\n", "b.csv": "ax,kind\n1,y\n"})
    assert read_case_folder(path, "kind").y.tolist() == ["x", "y"]
    folder({"b.csv": "ax,kind\n1,y\n2,x\n"})
    with pytest.raises(ValueError, match="case 'b.csv': the label 'kind' must be one value a case"):
        read_case_folder(path, "kind")


def test_folders_of_parts_become_the_part(folder):
    names = ("train/a/1.csv", "TRAIN/b/2.csv", "val/a/1.csv", "test/b/1.csv")
    cases = read_case_folder(folder(dict.fromkeys(names, CSV)), "folder", time="t")
    assert dict(zip(cases.about["record"], cases.part.tolist(), strict=True)) == dict(
        zip(names, ["train", "train", "dev", "test"], strict=True)
    )
    assert cases[cases.part_is("test")].y.tolist() == ["b"]


@pytest.mark.parametrize(
    "names", [("fold1/a", "fold2/b"), ("Actor_01/a", "Actor_02/b"), ("s1/a", "s2/a"), ("train/a", "test/a")]
)
def test_folders_that_are_no_classes_are_warned_of(folder, names):
    with pytest.warns(UserWarning, match='look like folds, persons or parts; give them as group="folder"'):
        read_case_folder(folder({f"{name}.csv": CSV for name in names}), "folder", time="t")
    assert read_case_folder(folder({}), None, "folder", time="t").groups is not None


@pytest.mark.parametrize(
    "label, message",
    [
        (r"_(q)", r"'_\(q\)' does not match run/s1_c.csv"),
        (r"(_)(\w)", "one group in brackets, got 2"),
        (r"(_", "must be a regular expression"),
        ({"zz": 1}, "label must have a value for run/s1_c.csv"),
        ("what", "label must be one of the columns 't', 'ax', 'ay', got 'what'"),
    ],
)
def test_labels_that_do_not_fit_the_files_are_rejected(folder, label, message):
    with pytest.raises(ValueError, match=message):
        read_case_folder(folder(THREE), label, time="t")


def test_names_that_do_not_tell_files_apart_are_rejected(folder):
    path = folder({"walk/1.csv": CSV, "run/1.csv": CSV})
    with pytest.raises(
        ValueError, match="a row must name one file, '1.csv' may be run/1.csv or walk/1.csv; give paths"
    ):
        read_case_folder(path, {"1.csv": 0})
    with pytest.raises(ValueError, match="one row a file, 'run/1.csv' is there twice"):
        read_case_folder(path, "y", table=pd.DataFrame({"f": ["run/1.csv"] * 2, "y": [0, 1]}))
    with pytest.raises(ValueError, match="table must have a column that names files of the folder, got"):
        read_case_folder(path, "y", table=pd.DataFrame({"f": ["p", "q"], "y": [0, 1]}))
    with pytest.raises(ValueError, match="1.csv is in none; move the files into folders"):
        read_case_folder(path / "run", "folder")


# ---------------------------------------------------------------------------------------------------- files


@pytest.mark.parametrize(
    "name, data",
    [
        ("a.csv", b"ax,ay\n1.5,2\n3,4.25\n"),
        ("a.csv", b"ax;ay\r\n1,5;2\r\n3;4,25"),
        ("a.csv", b'"ax"; "ay"\n"1,5"; "2"\n"3"; "4,25"\n'),
        ("a.tsv", b"ax\tay\n1.5\t2\n3\t4.25\n"),
        ("a.tsv", b"ax\tay\n1,5\t2\n3\t4,25\n"),
        ("a.txt", b"ax ay\n1.5  2\n3 4.25\n"),
        ("a.csv", b"ax, ay\n1.5, 2\n3, 4.25\n"),
        ("a.csv", b"ax,ay\n1.5,2,\n3,4.25,\n"),
        ("a.csv", b"ax,ay,\n1.5,2,\n3,4.25,\n"),
        ("a.csv", b",ax,ay\n0,1.5,2\n1,3,4.25\n"),
        ("a.csv", b'"ax","ay"\n"1",1.5,2\n"2",3,4.25\n'),
        ("a.csv", b"\xef\xbb\xbfax,ay\n1.5,2\n3,4.25\n"),
        ("a.csv", "ax,ay\n1.5,2\n3,4.25\n".encode("utf-16")),
        ("a.csv.gz", gzip.compress(b"ax,ay\n1.5,2\n3,4.25\n", mtime=0)),
    ],
)
def test_dialects_of_csv_are_read(folder, name, data):
    cases = read_case_folder(folder({name: data}))
    assert cases.X[0].columns.tolist() == ["ax", "ay"] and cases.X[0].to_numpy().tolist() == [[1.5, 2], [3, 4.25]]


def test_names_in_the_code_page_of_windows_are_read(folder):
    cases = read_case_folder(folder({"a.csv": "T °C;U µV\n1;2\n".encode("cp1252")}))
    assert cases.X[0].columns.tolist() == ["T °C", "U µV"]


def test_without_a_line_of_names_the_first_row_is_kept(folder):
    path = folder({"a.csv": "1.5,2\n3,4\n", "b.csv": "5,6\n"})
    cases = read_case_folder(path)
    assert [case.to_numpy().tolist() for case in cases.X] == [[[1.5, 2], [3, 4]], [[5, 6]]]
    # Arrays that pandas wrote have the numbers of their columns as names.
    pd.DataFrame(np.ones((3, 2))).to_csv(path / "a.csv", index=False)
    pd.DataFrame(np.ones((4, 2))).to_csv(path / "b.csv")
    assert [case.shape for case in read_case_folder(path).X] == [(3, 2), (4, 2)]


def test_options_go_to_pandas(folder):
    path = folder({"a.csv": "# 50 Hz\nax|ay\n1|2\n"})
    assert read_case_folder(path, options={"skiprows": 1, "sep": "|"}).X[0].columns.tolist() == ["ax", "ay"]


def test_parquet_without_its_library_says_what_to_install(folder, monkeypatch):
    path = folder({"x/a.parquet": "nothing"})
    for library in ("pyarrow", "fastparquet"):
        monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ImportError, match=r"a.parquet: Parquet needs pyarrow: pip install seqconv\[parquet\]"):
        read_case_folder(path, label="folder")


def test_parquet_is_read(folder):
    pytest.importorskip("pyarrow")
    path = folder({"x/a.csv": CSV, "y/b.csv": CSV})
    for name in ("x/a", "y/b"):
        pd.read_csv(path / f"{name}.csv").to_parquet(path / f"{name}.parquet")
        (path / f"{name}.csv").unlink()
    cases = read_case_folder(path, "folder", time="t")
    assert cases.y.tolist() == ["x", "y"] and cases.X[0]["ax"].tolist() == [0.25, 0.5]
    (path / "x/bad.parquet").write_bytes(b"nothing")
    with pytest.warns(UserWarning, match="1 of 3 files of .* were left out: x/bad.parquet"):
        assert len(read_case_folder(path, "folder", time="t")) == 2


def test_bad_files_give_one_short_warning_and_a_list(folder):
    bad = {
        f"x/bad{i}.csv": data for i, data in enumerate([b"", b"ax,ay\n", b"a,b\n1,2\n1,2,3,4\n", b"\x81\x8d", b"\n\n"])
    }
    bad["x/cut.csv.gz"] = gzip.compress(CSV.encode() * 50)[:-12]
    bad["x/no.csv.zip"] = b"nothing"
    path = folder({"x/a.csv": CSV, "x/.hidden.csv": "", "__MACOSX/a.csv": ""} | bad)
    with pytest.warns(UserWarning) as caught:
        cases = read_case_folder(path, "folder", time="t")
    assert len(caught) == 1 and len(str(caught[0].message)) < 500
    message = str(caught[0].message)
    assert message.startswith(f"7 of 8 files of {path} were left out: x/bad0.csv: ")
    assert message.endswith('; and 2 more, all in about.attrs["skipped"].')
    assert [name for name, _ in cases.about.attrs["skipped"]] == list(cases.about.attrs["left_out"])
    assert cases.about["record"].tolist() == ["x/a.csv"] and set(cases.about.attrs["left_out"]) == set(bad)
    with pytest.raises(ValueError, match="bad0.csv: "):
        read_case_folder(path, "folder", time="t", errors="raise")
    (path / "x/a.csv").unlink()
    with pytest.raises(
        ValueError, match="at least one of the 7 files of .* must be usable, got errors for all: x/bad0.csv"
    ):
        read_case_folder(path, "folder", time="t")


def test_files_of_other_columns_are_named(folder):
    path = folder({"a.csv": CSV, "b.csv": "t,ay,ax\n1,2,3\n", "c.csv": "t,ax,az\n1,2,3\n"})
    with pytest.raises(ValueError, match="case 'c.csv' differs: it lacks 'ay' and it has 'az'"):
        read_case_folder(path, time="t")
    cases = read_case_folder(path, time="t", channels=["ax"])
    assert [case["ax"].tolist() for case in cases.X] == [[0.25, 0.5], [3], [2]]


def test_a_folder_without_files_is_rejected(folder, tmp_path):
    with pytest.raises(ValueError, match="must hold files .*csv"):
        read_case_folder(folder({"notes.md": ""}))
    with pytest.raises(NotADirectoryError, match="a folder with one file a case is required"):
        read_case_folder(tmp_path / "nowhere")
    with pytest.raises(ValueError, match='errors must be "skip" or "raise"'):
        read_case_folder(tmp_path, errors="ignore")


def test_several_columns_of_a_table_are_labels(folder):
    path, files = folder(THREE), sorted(THREE)
    table = pd.DataFrame({"file": files, "dog": [0, 1, 0], "cat": 1})
    cases = read_case_folder(path, ["cat", "dog"], table=table, time="t")
    assert list(cases.y.columns) == ["cat", "dog"] and cases.y["dog"].tolist() == table["dog"].tolist()
    table = table.astype({"dog": float})
    table.loc[0, "dog"] = np.nan
    with pytest.warns(UserWarning, match="1 of 3 files .* left out: run/s1_c.csv: it has no label"):
        assert len(read_case_folder(path, ["cat", "dog"], table=table, time="t")) == 2


# ---------------------------------------------------------------------------------------------------- names of files


@pytest.mark.parametrize("name", ["{:03d}.csv", "{}.csv", "s/{:04d}.csv"])
@pytest.mark.parametrize("written", ["{:03d}", "{}", "{:05d}"])
def test_numbers_in_a_table_name_files(folder, name, written):
    there = {name.format(i): f"ax\n{i}\n" for i in range(4)}
    rows = "".join(f"{kind},{written.format(i)}\n" for i, kind in enumerate("abba"))
    path = folder(there | {"labels.csv": f"label,id\n{rows}"})
    cases = read_case_folder(path, label="label", table=path / "labels.csv")
    assert cases.y.tolist() == list("abba") and [case["ax"].tolist() for case in cases.X] == [[0], [1], [2], [3]]


def test_labels_of_numbers_stay_numbers_beside_names_of_numbers(folder):
    path = folder({f"{i:03d}.csv": "ax\n1\n" for i in range(3)} | {"labels.csv": "level,id\n1,000\n0,001\n1,002\n"})
    assert read_case_folder(path, label="level", table=path / "labels.csv").y.tolist() == [1, 0, 1]
    frame = pd.DataFrame({"level": [1, 0, 1], "id": [0, 1, 2]})
    (path / "labels.csv").unlink()
    assert read_case_folder(path, label="level", table=frame).y.tolist() == [1, 0, 1]
    assert read_case_folder(path, label={0: "p", 1: "q", 2: "r"}).y.tolist() == ["p", "q", "r"]


def test_a_number_that_may_be_two_files_is_rejected(folder):
    path = folder({"00.csv": CSV, "000.csv": CSV})
    with pytest.raises(ValueError, match="may be 00.csv or 000.csv"):
        read_case_folder(path, label={0: "p"})


# ---------------------------------------------------------------------------------------------------- lines that are not data


@pytest.mark.parametrize(
    "text",
    [
        "# Device: X\nt,ax\n1,0.5\n2,0.25\n",
        "# Device: X, 2\n\n#no. 7\nt;ax\n1;0,5\n2;0,25\n",
        "# t,ax\n1,0.5\n2,0.25\n",
        "# Device: X\n# t ax\n1 0.5\n2 0.25\n",
        "#" * 60 + "\n" + "# a, b\n" * 60 + "t\tax\n1\t0.5\n2\t0.25\n",
    ],
)
def test_comments_above_the_names_are_skipped(folder, text):
    case = read_case_folder(folder({"a.csv": text}), time="t").X[0]
    assert list(case) == ["ax"] and case["ax"].tolist() == [0.5, 0.25] and list(case.index) == [1, 2]


def test_a_name_of_a_column_that_begins_like_a_comment_is_kept(folder):
    path = folder({"a.csv": "#,ax,who\n1,0.5,x\n2,0.25,x\n", "b.csv": "#,ax,who\n4,1,#y\n3,2,#y\n"})
    cases = read_case_folder(path, label="who", time="#")
    assert cases.y.tolist() == ["x", "#y"] and cases.X[1]["ax"].tolist() == [2, 1]


@pytest.mark.parametrize(
    "above, units, missing, options",
    [
        ("", "s,m/s2\n", "3", {"skiprows": [1]}),
        ("", "", "-", {"na_values": ["-"]}),
        ("", "", "?", {"na_values": ["?"]}),
        ("", "s,g\n", "?", {"skiprows": [1], "na_values": ["?"]}),
        ("# X\n# Y\n", "s,g\n", "3", {"skiprows": [0, 1, 3]}),
    ],
)
def test_the_options_for_units_and_marks_of_missing_values_are_named(folder, above, units, missing, options):
    path = folder({f"{i}.csv": f"{above}t,ax\n{units}1,0.5\n2,1\n3,{missing}\n4,2\n" for i in range(2)})
    with pytest.raises(ValueError, match=r"must be.* Give options=" + re.escape(str(options))):
        read_case_folder(path, time="t")
    value = read_case_folder(path, time="t", options=options).X[1]["ax"].tolist()
    np.testing.assert_equal(value, [0.5, 1, np.nan if missing in "-?" else 3, 2])


def test_text_that_is_no_mark_names_no_options(folder):
    path = folder({"a.csv": "t,word\n1,hello\n2,you\n3,there\n"})
    with pytest.raises(ValueError, match="channel 'word' must be numbers") as caught:
        read_case_folder(path, channels=["word"])
    assert "options" not in str(caught.value)
