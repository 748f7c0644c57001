"""Folders and archives of recordings give labels, groups and parts, by folder, table, pattern or known layout."""

import re
import warnings
import zipfile
from collections import Counter

import numpy as np
import pandas as pd
import pytest
import soundfile

from seqconv.adapters import AudioAdapter
from seqconv.datasets import list_audio
from seqconv.formats import read_audio


@pytest.fixture(params=["folder", "archive", "folder in an archive"])
def fill(request, tmp_path):
    """A folder, or an archive, with empty files of these names."""

    def fill(*names):
        if request.param == "folder":
            for name in names:
                (tmp_path / "clips" / name).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / "clips" / name).write_bytes(b"")
            return tmp_path / "clips"
        top = "" if request.param == "archive" else "all/animals/"
        with zipfile.ZipFile(tmp_path / "clips.zip", "w") as archive:
            for name in names:
                archive.writestr(top + name, "")
        return tmp_path / "clips.zip" / top

    return fill


HIDDEN = ("dog/._b.wav", "dog/.DS_Store", ".git/config", "__MACOSX/dog/._b.wav", ".hidden.wav")


def test_a_folder_of_folders_is_listed_without_what_is_hidden(fill):
    folder = fill("dog/b.wav", "dog/a.FLAC", "cat/1.wav", *HIDDEN)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = list_audio(str(folder))
    assert found.X == [f"{folder}/{name}" for name in ("cat/1.wav", "dog/a.FLAC", "dog/b.wav")]
    assert found.y.tolist() == ["cat", "dog", "dog"]
    assert AudioAdapter().check(found.X) == found.X


def test_what_is_passed_over_is_counted_by_ending_in_one_warning(fill):
    folder = fill(
        *("dog/1.wav", "cat/1.wav", "cat/2.M4A", "dog/2.m4a", "cat/1.txt", "cat/deep/2.wav", "cat/deep/3.wav"),
        *("top.wav", "readme", *HIDDEN),
    )
    with pytest.warns(UserWarning) as told:
        assert list_audio(folder).y.tolist() == ["cat", "dog"]
    (warning,) = told
    told = ".m4a (2), .txt (1), .wav (1), recordings in deeper folders (2), without an ending (1); convert or move"
    assert told in str(warning.message)
    assert warning.filename == __file__


def test_a_class_without_a_clip_is_refused_and_never_lost(fill):
    folder = fill("dog/1.wav", "dog/2.ogg", "rain/1.m4a", "sea/deep/1.wav")
    with pytest.raises(
        ValueError, match="files .wav, .flac, .mp3, .ogg or the like, rain, sea have none; convert other"
    ):
        list_audio(folder)


def test_a_flat_folder_is_refused_with_what_to_do(fill):
    with pytest.raises(ValueError, match="got clips without one; move those of each class into a folder"):
        list_audio(fill("1.wav", "2.wav"))


def test_a_folder_too_high_is_refused_with_what_to_do(fill):
    with pytest.raises(ValueError, match="animals has none; .* name the folder that holds the classes"):
        list_audio(fill("animals/dog/1.wav", "animals/cat/1.wav"))


def test_a_name_in_an_archive_leads_to_no_file_outside(tmp_path):
    with zipfile.ZipFile(tmp_path / "clips.zip", "w") as archive:
        for name in ("dog/1.wav", "/1.wav", "../1.wav"):
            archive.writestr(name, "")
    found = list_audio(tmp_path / "clips.zip").X
    assert all(path.startswith(f"{tmp_path}/clips.zip/") and ".." not in path for path in found)


def test_an_empty_folder_and_what_is_no_folder_are_refused(tmp_path):
    with pytest.raises(ValueError, match="must hold a folder a class with files .wav, .*, there are none"):
        list_audio(tmp_path)
    with pytest.raises(NotADirectoryError, match="one folder a class is required, got .*gone"):
        list_audio(tmp_path / "gone")
    (tmp_path / "x.zip").write_text("no archive")
    for path in (tmp_path / "x.zip", tmp_path / "x.zip" / "dogs"):
        with pytest.raises(ValueError, match="x.zip must be a zip archive"):
            list_audio(path)


@pytest.fixture
def silent():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


# Layouts of known data sets


@pytest.mark.parametrize("top", ["", "audio/", "UrbanSound8K/audio/"])
def test_urbansound8k_has_names_folds_and_sources(fill, silent, top):
    names = [f"{top}fold{i % 3 + 1}/{1000 + i}-{i % 4}-0-{i}.wav" for i in range(12)]
    found = list_audio(fill(*names, "metadata/UrbanSound8K.csv", "FREESOUNDCREDITS.txt"))
    assert Counter(found.y.tolist()) == dict.fromkeys(
        ["air_conditioner", "car_horn", "children_playing", "dog_bark"], 3
    )
    assert found.part.tolist() == [1] * 4 + [2] * 4 + [3] * 4
    assert found.groups.tolist() == [1000, 1003, 1006, 1009, 1001, 1004, 1007, 1010, 1002, 1005, 1008, 1011]


def test_ravdess_has_emotions_and_actors(fill, silent):
    found = list_audio(fill(*[f"Actor_{a:02}/03-01-0{e}-01-01-01-{a:02}.wav" for a in (1, 24) for e in (1, 5, 8)]))
    assert found.y.tolist() == ["neutral", "angry", "surprised"] * 2
    assert found.groups.tolist() == ["01"] * 3 + ["24"] * 3
    assert found.part is None


@pytest.mark.parametrize("has_lists", [True, False])
def test_speech_commands_have_speakers_lists_and_no_background_class(fill, tmp_path, has_lists):
    names = [f"{word}/{i:08x}_nohash_{i % 2}.wav" for word in ("yes", "no") for i in range(3)]
    folder = fill(*names, "_background_noise_/pink_noise.wav", "_background_noise_/README.md", "LICENSE")
    if has_lists:
        lists = {"validation_list.txt": "yes/00000001_nohash_1.wav\n", "testing_list.txt": "no/00000002_nohash_0.wav\n"}
        if folder.is_dir():
            for name, text in lists.items():
                (folder / name).write_text(text)
        else:
            inside = str(folder).partition("clips.zip")[2].strip("/")
            with zipfile.ZipFile(tmp_path / "clips.zip", "a") as archive:
                for name, text in lists.items():
                    archive.writestr(f"{inside}/{name}".strip("/"), text)
    with pytest.warns(UserWarning, match=r"background in _background_noise_ \(1\)"):
        found = list_audio(folder)
    assert found.y.tolist() == ["no"] * 3 + ["yes"] * 3
    assert found.groups.tolist() == ["00000000", "00000001", "00000002"] * 2
    assert (
        found.part is None
        if not has_lists
        else found.part.tolist() == ["train", "train", "test", "train", "dev", "train"]
    )


def test_esc50_has_names_folds_and_sources(tmp_path, silent):
    for name in ("1-100032-A-0.wav", "1-100032-B-0.wav", "5-9032-A-10.wav"):
        (tmp_path / "ESC-50" / "audio").mkdir(parents=True, exist_ok=True)
        (tmp_path / "ESC-50" / "audio" / name).write_bytes(b"")
    assert list_audio(tmp_path / "ESC-50").y.tolist() == [0, 0, 10]
    (tmp_path / "ESC-50" / "meta").mkdir()
    (tmp_path / "ESC-50" / "meta" / "esc50.csv").write_text(
        "filename,fold,target,category\n1-100032-A-0.wav,1,0,dog\n5-9032-A-10.wav,5,10,rain\n"
    )
    for folder in (tmp_path / "ESC-50", tmp_path / "ESC-50" / "audio"):
        found = list_audio(folder)
        assert found.y.tolist() == ["dog", "dog", "rain"] and found.part.tolist() == [1, 1, 5]
        assert found.groups.tolist() == [100032, 100032, 9032]


def test_gtzan_is_folders_of_classes_and_its_filtered_lists_are_parts(tmp_path):
    for name in ("blues/blues.00000.wav", "blues/blues.00001.au", "rock/rock.00000.wav", "rock/rock.00001.wav"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    assert list_audio(tmp_path).y.tolist() == ["blues", "blues", "rock", "rock"]
    (tmp_path / "train_filtered.txt").write_text("blues/blues.00000.wav\nrock/rock.00000.wav\n")
    (tmp_path / "test_filtered.txt").write_text("blues/blues.00001.au\n")
    with pytest.warns(UserWarning, match="left out"):
        found = list_audio(tmp_path)
    assert found.y.tolist() == ["blues", "blues", "rock"] and found.part.tolist() == ["train", "test", "train"]


@pytest.mark.parametrize(
    ("names", "part"),
    [
        (("train/dog/1.wav", "val/dog/2.wav", "Test/cat/3.wav"), ["test", "train", "dev"]),
        (("fold1/dog/1.wav", "fold2/dog/2.wav", "fold10/cat/3.wav"), [1, 10, 2]),
    ],
)
def test_folders_of_parts_hold_folders_of_classes(fill, silent, names, part):
    found = list_audio(fill(*names))
    assert sorted(found.y.tolist()) == ["cat", "dog", "dog"] and found.part.tolist() == part


def test_a_stray_file_is_left_out_of_a_layout_by_a_warning(fill):
    names = [f"fold1/{1000 + i}-3-0-{i}.wav" for i in range(20)]
    with pytest.warns(UserWarning, match=r"\.wav \(1\)"):
        assert len(list_audio(fill(*names, "fold1/mine.wav"))) == 20


@pytest.mark.parametrize(
    "folders",
    [("fold1", "fold2"), ("Actor_01", "Actor_02"), ("speaker 1", "speaker 2"), ("01", "02", "60"), ("train", "test")],
)
def test_folders_that_look_like_no_classes_are_warned_of(fill, folders):
    folder = fill(*[f"{folder}/a.wav" for folder in folders])
    with pytest.warns(UserWarning, match="look like folds, speakers or parts.*table=.*pattern=") as told:
        assert set(list_audio(folder).y) == set(folders)
    assert len(told) == 1 and told[0].filename == __file__


@pytest.mark.parametrize(
    "folders", [("0", "1", "9"), ("dog", "fold1"), ("train_horn", "parting"), ("background", "gun")]
)
def test_folders_that_may_be_classes_are_not(fill, silent, folders):
    assert set(list_audio(fill(*[f"{folder}/a.wav" for folder in folders])).y) == set(folders)


# Tables


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("filename,label\na.wav,dog\nb.wav,rain\n", {}),
        ("fname;class\nsub/a.wav;dog\nsub/b.wav;rain\n", {}),
        ("id\tspecies\na\tdog\nb\train\n", {}),
        ("\ufeffNr,Datei,Was\n1,C:\\\\x\\\\a.wav,dog\n2,C:\\\\x\\\\b.wav,rain\n", {"label": "Was", "file": "Datei"}),
    ],
)
def test_a_table_labels_recordings_by_path_name_or_stem(fill, tmp_path, silent, text, columns):
    folder = fill("sub/a.wav", "sub/b.wav")
    (tmp_path / "labels.csv").write_text(text, encoding="utf-8")
    found = list_audio(folder, table=tmp_path / "labels.csv", **columns)
    assert found.y.tolist() == ["dog", "rain"] and found.groups is None and found.part is None
    assert AudioAdapter().check(found.X) == found.X


def test_a_table_gives_groups_and_parts_and_may_be_a_frame(fill, silent):
    folder = fill("a.wav", "b.wav", "c.wav")
    table = pd.DataFrame(
        {"wav": ["c.wav", "a.wav", "b.wav"], "y": [3, 1, 2], "who": [*"xyz"], "split": ["test", "train", "val"]}
    )
    found = list_audio(folder, table=table, group="who", part="split")
    assert found.y.tolist() == [1, 2, 3] and found.y.dtype.kind == "i"
    assert found.groups.tolist() == [*"yzx"] and found.part.tolist() == ["train", "dev", "test"]


def test_a_table_and_a_pattern_complete_each_other(fill, silent):
    folder = fill("s1_a.wav", "s2_b.wav")
    table = pd.DataFrame({"name": ["s1_a", "s2_b"], "label": ["dog", "rain"]})
    found = list_audio(folder, table=table, pattern=r"(?P<group>s\d)_")
    assert found.y.tolist() == ["dog", "rain"] and found.groups.tolist() == ["s1", "s2"]


def test_rows_without_a_recording_and_recordings_without_a_row_are_each_one_warning(fill):
    folder = fill(*[f"{i}.wav" for i in range(5)])
    table = pd.DataFrame({"file": [f"{i}.wav" for i in range(3, 40)], "label": "x"})
    with pytest.warns(UserWarning) as told:
        assert len(list_audio(folder, table=table)) == 2
    messages = [str(warning.message) for warning in told]
    assert "35 of 37 rows have no recording: 5.wav, 6.wav, 7.wav, ...; they are left out" in messages[0]
    assert len(messages) == 2 and ".wav (3)" in messages[1]
    assert {warning.filename for warning in told} == {__file__}


@pytest.mark.parametrize(
    ("rows", "columns", "message"),
    [
        ({"f": ["a.wav"], "what": ["dog"]}, {}, "must have a column label, got .*'what'.*; name it with label="),
        ({"f": ["a.wav"], "label": ["dog"]}, {"label": "no"}, "must have the column 'no'"),
        ({"f": ["a.wav"], "label": ["dog"]}, {"group": "no"}, "must have the column 'no'"),
        ({"f": ["x.wav"], "label": ["dog"]}, {}, "must have a column that names files of the folder"),
        ({"f": ["x.wav"], "label": ["dog"]}, {"file": "f"}, "must name recordings of the folder in 'f', got"),
        ({"f": ["a.wav", "b.wav"], "label": ["dog", None]}, {}, r"row 1 \(b.wav\) must have its fields filled in"),
        ({"f": ["a.wav", "a.wav"], "label": ["dog", "cat"]}, {}, "a.wav must have one row, got .*dog.*cat"),
        (
            {"f": ["c.wav"], "label": ["dog"]},
            {},
            "must name one file, 'c.wav' may be d/c.wav or e/c.wav; give paths",
        ),
    ],
)
def test_tables_that_cannot_be_right_are_refused(fill, rows, columns, message):
    folder = fill("a.wav", "b.wav", "d/c.wav", "e/c.wav")
    with pytest.raises(ValueError, match=message):
        list_audio(folder, table=pd.DataFrame(rows), **columns)


def test_rows_of_a_table_may_be_excerpts_of_long_recordings(fill, silent):
    folder = fill("june/night.wav", "june/dawn.wav")
    rows = [
        ("night.wav", "2,5", 4, "owl"),
        ("dawn", 0, 1.5, "wren"),
        ("night.wav", 0, 2, "frog"),
        ("night", 8, 9, "owl"),
    ]
    table = pd.DataFrame(rows, columns=["file", "from", "to", "label"])
    found = list_audio(folder, table=table, start="from", stop="to")
    assert [(path.rsplit("/", 1)[-1], *seconds) for path, *seconds in found.X] == [
        *[("dawn.wav", 0, 1.5), ("night.wav", 0, 2), ("night.wav", 2.5, 4), ("night.wav", 8, 9)]
    ]
    assert found.y.tolist() == ["wren", "frog", "owl", "owl"]
    # A split by group keeps the excerpts of one recording together.
    assert found.groups.tolist() == ["june/dawn.wav", *["june/night.wav"] * 3]


def test_excerpts_are_read_as_they_were_cut(tmp_path):
    ramp = np.linspace(-0.5, 0.5, 16_000).astype(np.float32)
    soundfile.write(tmp_path / "long.wav", ramp, 8000, subtype="FLOAT")
    (tmp_path / "events.csv").write_text("file,onset,end,label\nlong.wav,0.5,1,a\nlong.wav,1,1.5,b\n")
    found = list_audio(tmp_path, table=tmp_path / "events.csv", start="onset", stop="end")
    cases = AudioAdapter(8000).cases(found)
    assert cases.y.tolist() == ["a", "b"] and cases.groups.tolist() == ["long.wav"] * 2
    np.testing.assert_array_equal(read_audio(cases.X[1][0], 1, 0.5)[0][:, 0], ramp[8000:12000])
    assert cases.X[1][1:] == (1.0, 1.5)


@pytest.mark.parametrize(
    ("rows", "columns", "message"),
    [
        (
            [("a", 2, 1, "x")],
            {"start": "s", "stop": "e"},
            r"row 0 \(a\): an excerpt must start at 0 s or later.* 2.0 to 1.0",
        ),
        (
            [("a", "soon", 1, "x")],
            {"start": "s", "stop": "e"},
            r"row 0 \(a\): start and stop must be seconds, got 'soon'",
        ),
        ([("a", 0, None, "x")], {"start": "s", "stop": "e"}, "must have its fields filled in"),
        ([("a", 0, 1, "x")], {"start": "s"}, "start and stop must be two columns or none, got 's' and None"),
        ([("a", 0, 1, "x")], {"start": "s", "stop": "to"}, "must have the column 'to'"),
        ([("a", 0, 1, "x"), ("a", 1, 2, "y")], {}, "a must have one row, .* excerpts with start= and stop="),
    ],
)
def test_excerpts_that_cannot_be_right_are_refused(fill, rows, columns, message):
    with pytest.raises(ValueError, match=message):
        list_audio(fill("a.wav"), table=pd.DataFrame(rows, columns=["file", "s", "e", "label"]), **columns)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_table_as_european_excel_writes_it_is_read(fill, silent, tmp_path, encoding):
    folder = fill("a.wav", "b.wav")
    (tmp_path / "labels.csv").write_text("Datei;class\na.wav;Käuzchen\nb.wav;Möwe\n", encoding=encoding)
    assert list_audio(folder, table=tmp_path / "labels.csv").y.tolist() == ["Käuzchen", "Möwe"]


def test_columns_without_a_table_are_refused(fill):
    with pytest.raises(ValueError, match="columns of a table, got none; give table="):
        list_audio(fill("dog/1.wav"), label="class")


# Patterns


@pytest.mark.parametrize(
    "pattern", [r"(?P<label>\d)_(?P<group>[a-z]+)_", re.compile(r"(?P<label>\d)_(?P<group>[a-z]+)_")]
)
def test_a_pattern_finds_labels_and_groups_in_flat_names(fill, silent, pattern):
    found = list_audio(fill("0_george_1.wav", "1_lucas_2.wav"), pattern=pattern)
    assert found.y.tolist() == [0, 1] and found.y.dtype == np.int64 and found.groups.tolist() == ["george", "lucas"]


def test_a_pattern_overrules_folders(fill):
    folder = fill("Actor_01/happy_1.wav", "Actor_02/sad_2.wav", "Actor_02/notes_.wav")
    with pytest.warns(UserWarning, match=r"\.wav \(1\)"):
        found = list_audio(folder, pattern=r"Actor_(?P<group>\d+)/(?P<label>[a-z]+)_\d")
    assert found.y.tolist() == ["happy", "sad"] and found.groups.tolist() == ["01", "02"]


def test_a_pattern_without_a_label_keeps_that_of_the_folder(fill, silent):
    found = list_audio(fill("dog/x_1.wav", "cat/y_1.wav"), pattern=r"(?P<group>[xy])_")
    assert found.y.tolist() == ["cat", "dog"] and found.groups.tolist() == [*"yx"]


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(", "must be a regular expression, got '\\('"),
        (r"\d", "must name its groups label, group or part"),
        (r"(?P<speaker>\d)", "must name its groups label, group or part"),
        (r"(?P<label>z)", "must match the paths of the recordings, such as '1.wav', got"),
        (r"1(?P<label>z)?", "1.wav: each group of the pattern must find a text"),
        (r"(?P<group>1)", "1.wav: a recording must have a label, got none; name a group of the pattern label"),
    ],
)
def test_patterns_that_cannot_be_right_are_refused(fill, pattern, message):
    with pytest.raises(ValueError, match=message):
        list_audio(fill("1.wav"), pattern=pattern)


def test_several_columns_of_a_table_are_labels(fill, tmp_path):
    folder = fill("1.wav", "2.wav", "3.wav")
    table = pd.DataFrame({"clip": ["2", "1", "3"], "dog": [1, 0, 1], "rain": [True, True, False], "who": list("xyz")})
    table.to_csv(tmp_path / "labels.csv", index=False)
    for given in (table, tmp_path / "labels.csv"):
        found = list_audio(folder, table=given, label=["rain", "dog"], group="who")
        assert list(found.y.columns) == ["rain", "dog"] and found.y.to_numpy().tolist() == [[1, 0], [1, 1], [0, 1]]
        assert found.groups.tolist() == ["y", "x", "z"]
    assert list_audio(folder, table=table, label=["dog"]).y.tolist() == [[0], [1], [1]]
    with pytest.raises(ValueError, match=r"the columns who, dog must be 0 or 1, got \['y', 0\]"):
        list_audio(folder, table=table, label=["who", "dog"])
    with pytest.raises(ValueError, match="must have the column 'cat'"):
        list_audio(folder, table=table, label=["dog", "cat"])
    with pytest.raises(ValueError, match="must have its fields filled in"):
        list_audio(folder, table=table.astype({"dog": float}).replace({0.0: np.nan}), label=["dog", "rain"])


def test_the_other_columns_of_a_table_are_about_each_clip(fill, tmp_path, silent):
    rows = ["file,label,device,bpm", "b.wav,dog,phone,7", "a.wav,rain,007,90"]
    (tmp_path / "labels.csv").write_text("\n".join(rows))
    there = fill("a.wav", "b.wav")
    about = list_audio(there, table=tmp_path / "labels.csv").about
    assert list(about) == ["file", "label", "device", "bpm"] and about["device"].tolist() == ["007", "phone"]
    frame = pd.DataFrame({"file": ["b.wav", "a.wav", "b.wav"], "label": list("xyz"), "s": [3, 0, 1], "e": [4, 1, 2]})
    cases = list_audio(there, table=frame.assign(stop=9, who=[2, 0, 1]), start="s", stop="e")
    assert [path[-5:] for path, _, _ in cases.X] == ["a.wav", "b.wav", "b.wav"] and cases.y.tolist() == list("yzx")
    assert list(cases.about) == ["file", "label", "who"] and cases.about["who"].tolist() == [0, 1, 2]
    assert list_audio(there, pattern=r"(?P<label>[ab])\.wav").about is None


def test_numbers_in_a_table_name_clips(fill, silent):
    table = pd.DataFrame({"label": [0, 1, 0], "id": [0, 1, 2]})
    assert list_audio(fill("000.wav", "001.wav", "002.wav"), table=table).y.tolist() == [0, 1, 0]
