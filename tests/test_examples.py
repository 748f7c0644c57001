"""Every example runs in its small setting, writes nothing unasked, draws when asked, and checks its options first."""

import importlib.util
import pathlib
import re
import sys

import numpy as np
import pytest

EXAMPLES = pathlib.Path(__file__).parents[1] / "examples"


@pytest.fixture
def example(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(EXAMPLES)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SEQCONV_DATA", raising=False)

    def example(name):
        spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, spec.name, module)
        spec.loader.exec_module(module)
        return module

    return example


@pytest.fixture
def run(example, capsys):
    def run(name, *arguments):
        example(name).main(list(arguments))
        return capsys.readouterr().out

    return run


@pytest.fixture
def refusal(example, capsys):
    """What is said of options that are refused, before anything is read or trained."""

    def refusal(name, *arguments):
        with pytest.raises(SystemExit) as end:
            example(name).main(list(arguments))
        printed = capsys.readouterr()
        assert end.value.code == 2 and printed.out == ""
        return printed.err

    return refusal


@pytest.fixture
def put(monkeypatch, tmp_path):
    """Put both parts of a set into a data home of its own."""

    def put(archive, name, suffix, train, test):
        monkeypatch.setenv("SEQCONV_DATA", str(tmp_path / "home"))
        folder = tmp_path / "home" / archive / name
        folder.mkdir(parents=True)
        for part, text in (("TRAIN", train), ("TEST", test)):
            (folder / f"{name}_{part}{suffix}").write_text(text)

    return put


def test_spam_trains_compares_explains_saves_and_classifies(run, tmp_path):
    printed = run("spam", "--epochs", "6", "--cases", "200", "--message", "WIN a free prize", "--message", "see you")
    assert "200 made-up messages" in printed and "--data real" in printed
    assert "convolutional network" in printed and "TF-IDF + linear SVM" in printed
    assert "loaded again" in printed and "see you" in printed
    assert list(tmp_path.iterdir()) == []


def test_spam_keeps_file_and_picture_where_asked(run, tmp_path):
    run("spam", "--epochs", "4", "--cases", "100", "--save", "spam.seqconv", "--picture", "spam.png")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["spam.png", "spam.seqconv"]
    assert (tmp_path / "spam.png").read_bytes().startswith(b"\x89PNG")


def test_tickets_trains_and_compares_queue_by_queue(run, tmp_path):
    printed = run("tickets", "--epochs", "8", "--cases", "100", "--max-steps", "30")
    assert "100 made-up tickets" in printed and "--data real" in printed
    for row in ("convolutional network", "TF-IDF + linear SVM", "macro_f1", "sensitivity", "What spoke loudest for"):
        assert row in printed
    for queue in ("access", "billing", "delivery", "fault", "returns", "security"):
        assert printed.count(f"\n{queue} ") == 2
    assert list(tmp_path.iterdir()) == []


def test_tickets_draws(run, tmp_path):
    run("tickets", "--epochs", "2", "--cases", "100", "--picture", "tickets.png")
    assert [path.name for path in tmp_path.iterdir()] == ["tickets.png"]


def test_audio_trains_compares_and_says_when_it_was_heard(run, tmp_path):
    printed = run("audio", "--epochs", "4", "--cases", "60")
    assert "60 made-up sounds" in printed and "--data real" in printed
    assert "convolutional network" in printed and "MFCC statistics + RBF SVM" in printed
    assert re.search(r"from \d\.\d\d s to \d\.\d\d s, for \w+", printed)
    assert list(tmp_path.iterdir()) == []


def test_audio_draws(run, tmp_path):
    run("audio", "--epochs", "1", "--cases", "60", "--members", "2", "--picture", "sounds.png")
    assert [path.name for path in tmp_path.iterdir()] == ["sounds.png"]


def test_finance_trains_compares_and_counts_the_costs(run, tmp_path):
    printed = run("finance", "--epochs", "1", "--tickers", "3", "--bars", "400", "--cost-bp", "7")
    assert "Made-up daily bars of 3 tickers" in printed and "--data real" in printed and "cost 7 bp" in printed
    for row in ("convolutional network", "logistic regression", "momentum", "majority"):
        assert re.search(rf"\n{row}.*\d +\( *-?\d+\.\d{{4}} to ", printed)
    assert list(tmp_path.iterdir()) == []


def test_finance_draws(run, tmp_path):
    run("finance", "--epochs", "1", "--tickers", "2", "--bars", "400", "--picture", "finance.png")
    assert [path.name for path in tmp_path.iterdir()] == ["finance.png"]


def test_time_series_trains_and_compares(run, tmp_path):
    printed = run("time_series", "--epochs", "1")
    assert "made-up series" in printed and "ridge on mean" in printed
    assert list(tmp_path.iterdir()) == []


def test_time_series_draws(run, tmp_path):
    run("time_series", "--epochs", "1", "--members", "2", "--picture", "series.png")
    assert [path.name for path in tmp_path.iterdir()] == ["series.png"]


def test_medical_trains_on_some_patients_and_tests_on_others(run, tmp_path):
    printed = run("medical", "--epochs", "1", "--patients", "4", "--beats", "16")
    assert "Made-up recordings" in printed and "--data real" in printed and "64 beats of 4 patients" in printed
    assert "Trained on 48 beats of 3 patients" in printed and "Tested on 16 beats of other patients: made" in printed
    for row in (
        "Convolutional network",
        "Balanced random forest",
        "positive_predictive_value",
        "macro_average_precision",
    ):
        assert row in printed
    assert list(tmp_path.iterdir()) == []


def test_medical_takes_records_of_the_user_and_draws(run, tmp_path):
    pytest.importorskip("wfdb", reason="wfdb is not installed: pip install seqconv[medical]")
    from seqconv.datasets import make_heartbeats

    for number, one in enumerate(make_heartbeats(2, 20, 360, as_recordings=True).X):
        digital = np.round(one.signal * 200).astype("<i2")
        (tmp_path / f"p{number}.dat").write_bytes(digital.tobytes())
        (tmp_path / f"p{number}.hea").write_text(f"p{number} 1 360 {len(digital)}\np{number}.dat 16 200(0)/mV\n")
        codes, intervals = {"N": 1, "S": 9, "V": 5, "F": 6}, np.diff(one.samples, prepend=0).tolist()
        words = [codes[symbol] << 10 | interval for symbol, interval in zip(one.symbols, intervals, strict=True)]
        (tmp_path / f"p{number}.atr").write_bytes(np.array([*words, 0], "<u2").tobytes())
    printed = run("medical", "--records", "p0.hea", "p1.hea", "--epochs", "1", "--picture", "beats.png")
    assert "40 beats of 2 patients" in printed and "Made-up" not in printed
    assert (tmp_path / "beats.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "options, message",
    [
        (["--records", "none.hea", "x.hea"], "argument --records: a header that is there is required, got 'none.hea'"),
        (["--records", __file__], "argument --records: the records of two patients or more are required, got one"),
        (["--patients", "3"], "argument --patients: a whole number from 4 to 100 is required, got '3'"),
        (["--beats", "15"], "argument --beats: a whole number from 16 to 5000"),
    ],
)
def test_medical_refuses_its_options_before_training(refusal, options, message):
    assert re.search(message, refusal("medical", *options))


@pytest.mark.parametrize(
    "options, message",
    [
        (["--message", ""], "each text must have a character that is no white space, case 0 is ''"),
        (["--message", "see you", "--message", " \n"], "case 1 is"),
        (["--message", "half \udcff"], "whole Unicode, case 0"),
        (["--save", "no/folder/x"], "argument --save: .*no/folder, which does not exist; make it first"),
        (["--save", ""], "argument --save: the name of a file is required, got ''"),
        (["--save", "."], "argument --save: the name of a file is required, got '.'"),
        (["--cases", "5"], "argument --cases: a whole number from 10 on is required, got '5'"),
        (["--cases", "many"], "argument --cases: a whole number from 10 on"),
    ],
)
def test_spam_refuses_its_options_before_training(refusal, options, message):
    assert re.search(message, refusal("spam", *options))


@pytest.mark.parametrize("name", ["audio", "finance", "medical", "spam", "tickets", "time_series"])
@pytest.mark.parametrize(
    "options, message",
    [
        (["--picture", "no/folder/x.png"], "argument --picture: .*no/folder, which does not exist; make it first"),
        (["--epochs", "0"], "argument --epochs: a whole number from 1 on is required, got '0'"),
        (["--epochs", "1.5"], "argument --epochs: a whole number from 1 on is required, got '1.5'"),
        (["--seed", "-1"], "argument --seed: a whole number from 0 to 4294967295 is required, got '-1'"),
        (["--seed", "4294967296"], "argument --seed"),
    ],
)
def test_all_refuse_their_options_before_training(refusal, name, options, message):
    assert re.search(message, refusal(name, *options))


def test_a_picture_without_matplotlib_is_refused_before_training(refusal, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "matplotlib" else find(name))
    assert "pip install matplotlib" in refusal("spam", "--picture", "x.png")


def test_members_are_at_least_one(refusal):
    assert "argument --members: a whole number from 1 on is required, got '0'" in refusal(
        "time_series", "--members", "0"
    )


def test_the_fewest_messages_suffice_and_a_picture_is_png_whatever_its_name(run, tmp_path):
    run("spam", "--epochs", "1", "--cases", "10", "--picture", "picture.of.it")
    assert (tmp_path / "picture.of.it").read_bytes().startswith(b"\x89PNG")


def test_an_unknown_set_is_refused_with_the_near_names_of_both_archives(refusal, put):
    assert "got 'GunPont'; did you mean 'GunPoint'" in refusal("time_series", "--data", "real", "--name", "GunPont")
    put("uea", "GunPomt", ".ts", "", "")
    offered = refusal("time_series", "--data", "real", "--name", "gunpont")
    assert "'GunPoint'" in offered and "'GunPomt'" in offered
    offered = refusal("time_series", "--data", "real", "--name", "japanesevowel")
    assert "a set of the UCR or UEA archive is required" in offered and "did you mean 'JapaneseVowels'" in offered
    offered = refusal("time_series", "--data", "real", "--name", "zzz")
    assert "BasicMotions" in offered and "GunPoint" in offered


def test_a_set_is_read_from_the_archive_that_has_it(example, put):
    put("uea", "Mine", ".ts", "@data\n1,2:3,4\n", "@data\n5,6:7,8\n9,9:9,9\n")
    put("ucr", "MineToo", ".tsv", "1\t2\t3\n", "1\t2\t4\n")
    for name, shape in (("Mine", (1, 2, 2)), ("MineToo", (1, 2, 1))):
        train, test = example("time_series").read_series("real", name)
        assert train.X.shape == shape and len(test) == (2 if name == "Mine" else 1)


@pytest.mark.parametrize("archive, suffix, train", [("ucr", ".tsv", "1\t2\n1\tx\n"), ("uea", ".ts", "@data\nx\n")])
def test_the_error_of_a_broken_set_is_its_own(run, put, archive, suffix, train):
    put(archive, "Toy", suffix, train, train)
    with pytest.raises(ValueError, match=f"Toy_TRAIN{suffix}, line 2: a value must be a number .* got 'x'"):
        run("time_series", "--data", "real", "--name", "Toy")
