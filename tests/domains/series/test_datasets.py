"""Promises of load_ucr and load_uea."""

import os
from pathlib import Path

import numpy as np
import pytest

from seqconv.datasets import load_ucr, load_uea
from seqconv.domains import home as cache

TRAIN_TS = b"@classLabel true 1.0 2.0\n@data\n1,2:3,4:1.0\n5,6:7,8:2.0\n"
TEST_TS = b"@classLabel true 1.0 2.0\n@data\n9,9:9,9:2.0\n"


def real(path):
    """The real file, or skip: these tests never download."""
    if not os.environ.get("SEQCONV_DATA") or cache.present(path) is None:
        pytest.skip(f"{path} does not lie in the data home (SEQCONV_DATA)")


def put(home, relative_path, data):
    path = home / relative_path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def test_a_missing_set_is_fetched_from_a_server_that_has_the_original_layout(home, offer):
    offer("uea/Toy/Toy_TRAIN.ts", TRAIN_TS)
    offer("uea/Toy/Toy_TEST.ts", TEST_TS)
    s = load_uea("Toy")
    assert s.X.shape == (3, 2, 2) and s.X[2].tolist() == [[9, 9], [9, 9]]
    assert s.y.tolist() == ["1.0", "2.0", "2.0"] and s.part.tolist() == ["train", "train", "test"]


def test_a_set_of_the_users_own_is_read_from_the_data_home(home):
    put(home, "ucr/Mine_2.b/Mine_2.b_TRAIN.tsv", b"-1\t1\t2\n")
    put(home, "ucr/Mine_2.b/Mine_2.b_TEST.tsv", b"1\t3\t4\n")
    s = load_ucr("Mine_2.b")
    assert s.X.dtype == np.float32 and s.X.shape == (2, 2, 1)
    assert s.y.tolist() == [-1, 1] and s.part.tolist() == ["train", "test"]


@pytest.mark.parametrize("test_rows", [b"1\t3\t4\t5\n", b"1\t3\tNaN\n2\t3\t4\n"])
def test_parts_of_unequal_lengths_make_one_list_of_cases(home, test_rows):
    put(home, "ucr/Toy/Toy_TRAIN.tsv", b"1\t1\t2\n2\t3\t4\n")
    put(home, "ucr/Toy/Toy_TEST.tsv", test_rows)
    s = load_ucr("Toy")
    assert isinstance(s.X, list) and all(case.ndim == 2 and case.shape[1] == 1 for case in s.X)
    assert not np.isnan(np.concatenate(s.X)).any() and len(s.part_is("test")) == len(s.X)


def test_labels_that_are_numbers_in_one_part_only_are_text_in_both(home):
    put(home, "ucr/Toy/Toy_TRAIN.tsv", b"1\t1\t2\n-20\t3\t4\n")
    put(home, "ucr/Toy/Toy_TEST.tsv", b"1.0\t1\t2\n")
    assert load_ucr("Toy").y.tolist() == ["1", "-20", "1.0"]


def test_parts_that_do_not_fit_together_are_refused(home):
    put(home, "uea/Toy/Toy_TRAIN.ts", TRAIN_TS)
    put(home, "uea/Toy/Toy_TEST.ts", b"@classLabel true 1.0\n@data\n1,2:1.0\n")
    with pytest.raises(ValueError, match="both parts of Toy must have the same channels, got 2 and 1"):
        load_uea("Toy")
    for rows, kind in ((b"@data\n1,2:3,4\n", "no"), (b"@targetLabel true\n@data\n1,2:3,4:1.5\n", "number")):
        put(home, "uea/Toy/Toy_TEST.ts", rows)
        with pytest.raises(ValueError, match=f"labels of one kind, got class and {kind} labels"):
            load_uea("Toy")


def test_sets_without_labels_and_regression_sets_load(home):
    put(home, "uea/Toy/Toy_TRAIN.ts", b"@data\n1,2:3,4\n")
    put(home, "uea/Toy/Toy_TEST.ts", b"@data\n1,2:3,4\n")
    assert load_uea("Toy").y is None
    put(home, "uea/Toy/Toy_TRAIN.ts", b"@targetLabel true\n@data\n1,2:3,4:1\n")
    put(home, "uea/Toy/Toy_TEST.ts", b"@targetLabel true\n@data\n1,2:3,4:1.5\n")
    assert load_uea("Toy").y.tolist() == [1.0, 1.5]


@pytest.mark.parametrize(
    "load, name, offered",
    [
        (load_ucr, "gunpoint", "did you mean 'GunPoint'"),
        (load_ucr, "ItalyPowerDemnad", "did you mean 'ItalyPowerDemand'"),
        (load_uea, "Japanese Vowels", "did you mean 'JapaneseVowels'"),
        (load_uea, "zzz", "it can fetch ArticularyWordRecognition, BasicMotions"),
        (load_ucr, "../../etc/GunPoint", "name must be a set of the ucr archive"),
        (load_ucr, "/etc/passwd", "name must be a set of the ucr archive"),
        (load_ucr, ".", "name must be a set of the ucr archive"),
        (load_ucr, "", "name must be a set of the ucr archive"),
        (load_ucr, None, "name must be a set of the ucr archive"),
        (load_ucr, "GunPoint\n", "name must be a set of the ucr archive"),
    ],
)
def test_an_unknown_name_is_refused_and_near_ones_are_offered(home, load, name, offered):
    with pytest.raises(ValueError, match=offered):
        load(name)


def test_a_broken_file_is_named_with_its_line(home):
    put(home, "ucr/Toy/Toy_TRAIN.tsv", b"1\t1\t2\n")
    put(home, "ucr/Toy/Toy_TEST.tsv", b"1\t1\t2\n2\t1\n")
    with pytest.raises(ValueError, match="Toy_TEST.tsv, line 2"):
        load_ucr("Toy")


def test_a_part_that_cannot_be_fetched_is_named(home):
    source = cache.registered()["ucr/ECG5000/ECG5000_TEST.tsv"]
    assert source.url is None
    put(home, "ucr/ECG5000/ECG5000_TRAIN.tsv", b"1\t1\t2\n")
    with pytest.raises(OSError, match="ECG5000_TEST.tsv must be in .* Get it by hand"):
        load_ucr("ECG5000")


@pytest.mark.parametrize(
    "name, n_train, n_test, n_classes, shape",
    [
        ("ACSF1", 100, 100, 10, (1460, 1)),
        ("GunPoint", 50, 150, 2, (150, 1)),
        ("ItalyPowerDemand", 67, 1029, 2, (24, 1)),
        ("ECG200", 100, 100, 2, (96, 1)),
        ("Coffee", 28, 28, 2, (286, 1)),
    ],
)
def test_real_ucr_sets_have_their_published_sizes(name, n_train, n_test, n_classes, shape):
    real(f"ucr/{name}/{name}_TRAIN.tsv")
    s = load_ucr(name)
    assert s.X.shape == (n_train + n_test, *shape) and s.X.dtype == np.float32 and np.isfinite(s.X).all()
    assert s.y.dtype == np.int64 and len(np.unique(s.y)) == n_classes
    assert s.part_is("train").sum() == n_train and s.part_is("test").sum() == n_test


def test_a_real_ucr_set_of_unequal_lengths_is_a_list_without_padding():
    real("ucr/PickupGestureWiimoteZ/PickupGestureWiimoteZ_TRAIN.tsv")
    s = load_ucr("PickupGestureWiimoteZ")
    lengths = [len(case) for case in s.X]
    assert isinstance(s.X, list) and (min(lengths), max(lengths)) == (29, 361) and len(set(lengths)) > 30
    assert not np.isnan(np.concatenate(s.X)).any() and np.bincount(s.y).tolist() == [0] + [10] * 10


def test_japanese_vowels_has_its_published_lengths():
    real("uea/JapaneseVowels/JapaneseVowels_TRAIN.ts")
    s = load_uea("JapaneseVowels")
    lengths = [len(case) for case in s.X]
    assert (min(lengths), max(lengths)) == (7, 29) and {case.shape[1] for case in s.X} == {12}
    assert s.part_is("train").sum() == 270 and s.part_is("test").sum() == 370
    assert (
        np.unique(s.y).tolist() == list(range(1, 10)) and np.bincount(s.y[s.part_is("train")]).tolist()[1:] == [30] * 9
    )


@pytest.mark.parametrize(
    "name, shape, labels",
    [
        ("BasicMotions", (80, 100, 6), {"Standing", "Running", "Walking", "Badminton"}),
        ("NATOPS", (360, 51, 24), {f"{n}.0" for n in range(1, 7)}),
        ("RacketSports", (303, 30, 6), {f"{a}_{b}" for a, b in [("Badminton", "Smash"), ("Badminton", "Clear"),
                                        ("Squash", "ForehandBoast"), ("Squash", "BackhandBoast")]}),
        ("Epilepsy", (275, 206, 3), {"EPILEPSY", "WALKING", "RUNNING", "SAWING"}),
    ],
)  # fmt: skip
def test_real_uea_sets_have_their_published_sizes_and_the_labels_of_the_file(name, shape, labels):
    real(f"uea/{name}/{name}_TRAIN.ts")
    s = load_uea(name)
    assert s.X.shape == shape and set(s.y.tolist()) == labels


def test_values_are_those_of_the_file():
    real("ucr/ItalyPowerDemand/ItalyPowerDemand_TRAIN.tsv")
    path = cache.present("ucr/ItalyPowerDemand/ItalyPowerDemand_TRAIN.tsv")
    rows = np.loadtxt(Path(path), delimiter="\t")
    s = load_ucr("ItalyPowerDemand")
    assert np.array_equal(s.X[: len(rows), :, 0], rows[:, 1:].astype(np.float32))
    assert np.array_equal(s.y[: len(rows)], rows[:, 0])


def test_a_set_without_a_source_says_where_its_files_belong(tmp_path, monkeypatch):
    monkeypatch.setenv("SEQCONV_DATA", str(tmp_path))
    with pytest.raises(ValueError, match=f"put ucr/FordA/FordA_TRAIN.tsv and .*FordA_TEST.tsv into {tmp_path}; "):
        load_ucr("FordA")
    (tmp_path / "ucr" / "Half").mkdir(parents=True)
    (tmp_path / "ucr" / "Half" / "Half_TRAIN.tsv").write_text("1\t0\n")
    with pytest.raises(ValueError, match=f"put ucr/Half/Half_TEST.tsv into {tmp_path}; "):
        load_ucr("Half")
