"""Each example runs in its small setting, writes nothing unasked, draws when asked, and checks its options first."""

import importlib.util
import itertools
import os
import pathlib
import re
import subprocess
import sys
import types

import numpy as np
import pytest

from seqconv import datasets

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


def test_one_path_for_file_and_picture_is_refused(refusal):
    assert "--save and --picture must name different files" in refusal("spam", "--save", "one", "--picture", "./one")


def test_texts_of_signs_and_money_are_compared_and_drawn(run, tmp_path):
    rows = [f"{sign * n},{label}" for sign, label in (("!", "ham"), ("$", "spam")) for n in range(2, 12)]
    (tmp_path / "own.csv").write_text("text,label\n" + "\n".join(rows) + "\n")
    run("spam", "--csv", "own.csv", "--epochs", "1", "--picture", "money.png")
    assert (tmp_path / "money.png").read_bytes().startswith(b"\x89PNG")


def test_tickets_trains_and_compares_queue_by_queue(run, tmp_path):
    printed = run("tickets", "--epochs", "8", "--cases", "100", "--max-steps", "30")
    assert "100 made-up tickets" in printed and "--data real" in printed
    for row in ("convolutional network", "TF-IDF + linear SVM", "macro_f1", "sensitivity", "What spoke loudest for"):
        assert row in printed
    for queue in ("access", "billing", "delivery", "fault", "returns", "security"):
        assert printed.count(f"\n{queue} ") == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("loudest", [3, 50, 97])
def test_of_a_long_text_the_tokens_around_the_loudest_are_drawn(example, loudest):
    plots = example("plots")
    text = " ".join(f"w{i:02}" for i in range(100))
    spans = [(4 * i, 4 * i + 3) for i in range(100)]
    _, axes = plots.page(1)
    plots.explained_text(axes, text, spans, np.eye(110)[loudest], "spam")
    tokens = [label.get_text() for label in axes.get_xticklabels()]
    heights = [bar.get_height() for bar in axes.patches]
    assert len(tokens) == len(heights) == 40 and tokens[int(np.argmax(heights))] == f"w{loudest:02}"
    assert tokens[0].startswith("...") == (loudest > 20) and tokens[-1].endswith("...") == (loudest < 80)


def test_tickets_draws(run, tmp_path):
    run("tickets", "--epochs", "2", "--cases", "100", "--picture", "tickets.png")
    assert [path.name for path in tmp_path.iterdir()] == ["tickets.png"]


@pytest.mark.parametrize("name", ["spam", "tickets"])
def test_texts_of_the_users_own_file_are_taken(run, tmp_path, name):
    rows = [f'"a gift, free number {n}",spam\nsee you at {n},ham\n' for n in range(12)]
    rows += [rows[3], "see you at 7,spam\n", "see you at 7,ham\n"]
    (tmp_path / "own.csv").write_text("\ufeffbody,verdict\n" + "".join(rows), encoding="utf-8")
    printed = run(name, "--csv", "own.csv", "--text", "body", "--label", "verdict", "--epochs", "2")
    assert "own.csv: 24 " in printed and "made-up" not in printed
    assert "own.csv: 4 repeats of a text dropped, 1 of them with another label.\n" in printed
    assert "convolutional network" in printed and "TF-IDF + linear SVM" in printed


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "No such file or directory: 'own.csv'"),
        (b"", "own.csv must hold texts, it is empty"),
        (b"text,label\n", "own.csv must have a row with text and label, it has none"),
        (b"text\na\n", "own.csv must have a column of labels"),
        (
            b"text,label\na, b,ham\n",
            "own.csv must have a row with text .* 1 lines with more than 2 cells are left out: 2",
        ),
        (b"text,label\n" + 9 * b"a,ham\n", "two labels of 5 different texts or more are required, got {'ham': 1}"),
        (b"text,label\n" + 9 * b"a,ham\n" + b"b,spam\n", "5 different texts or more are required, .*'spam': 1}"),
    ],
)
@pytest.mark.parametrize("name", ["spam", "tickets"])
def test_a_file_that_holds_no_labelled_texts_is_refused_by_column_and_row(refusal, tmp_path, name, content, message):
    if content is not None:
        (tmp_path / "own.csv").write_bytes(content)
    assert re.search(f"argument --csv: .*{message}", refusal(name, "--csv", "own.csv"))


def test_spam_takes_two_labels_of_any_name(run, refusal, tmp_path):
    rows = [f"see you at {n},0\nwin {n} now,1\n" for n in range(9)]
    (tmp_path / "own.csv").write_text("text,label\n" + "".join(rows))
    message = "argument --positive: one of two labels is required, got 'spam' for ['0', '1']"
    assert message in refusal("spam", "--csv", "own.csv")
    printed = run("spam", "--csv", "own.csv", "--positive", "1", "--epochs", "1", "--message", "win 12 now")
    assert "What spoke loudest for 1" in printed and "win 12 now" in printed.splitlines()[-1]


def test_rare_queues_holes_and_spellings_stop_nothing(run, tmp_path):
    rows = [(f"invoice {i} is wrong", ["billing", "billing ", "Billing"][i % 3]) for i in range(30)]
    rows += [(f"cannot log in, code {i}", "access") for i in range(30)]
    rows[5], rows[40] = ("", "billing"), (rows[40][0], "")
    rows += [("parcel lost", "delivery"), ("parcel torn", "delivery")]
    text = "".join(f"{text};{label}\n" for text, label in [("text", "label"), *rows])
    (tmp_path / "own.csv").write_bytes(text.encode("cp1252"))
    printed = run("tickets", "--csv", "own.csv", "--epochs", "1")
    assert "own.csv: of 62 rows 1 have no text (rows 6 below the names) and 1 have no label (rows 41" in printed
    assert "own.csv: labels of fewer than 5 texts are left out: {'delivery': 2}" in printed
    assert "own.csv: 58 texts of 2 labels" in printed
    assert "24 of 24 texts tested are learnt from too, but for case, digits and blanks." in printed


def test_a_saved_model_is_asked_from_the_shell(run, refusal, tmp_path):
    run("tickets", "--cases", "100", "--epochs", "1", "--save", "tickets.seqconv")
    asked = ["--load", "tickets.seqconv", "--message", "I was charged twice", "--message", "see you"]
    for name in ("tickets", "spam"):
        printed = run(name, *asked)
        assert [line.split(maxsplit=2)[2] for line in printed.splitlines()] == ["I was charged twice", "see you"]
    assert "a --message to answer is required" in refusal("tickets", "--load", "tickets.seqconv")
    assert "argument --load: 'no.seqconv' is not a file" in refusal("tickets", "--load", "no.seqconv", *asked[2:])


def test_audio_trains_compares_and_says_when_it_was_heard(run, tmp_path):
    printed = run("audio", "--epochs", "4", "--cases", "60")
    assert "60 made-up sounds" in printed and "--data real" in printed
    rows = (
        "convolutional network",
        r"MFCC statistics \+ RBF SVM",
        r"MFCC in 8 pieces \+ RBF SVM",
        r"MFCC in 8 pieces \+ forest",
    )
    for row in rows:
        assert re.search(rf"\n{row} +[01]\.\d{{4}} +[01]\.\d{{4}} +\d+\.\d\n", printed)
    assert re.search(r"from \d\.\d\d s to \d\.\d\d s, for \w+", printed)
    assert list(tmp_path.iterdir()) == []


def test_audio_draws(run, tmp_path):
    run("audio", "--epochs", "1", "--cases", "60", "--members", "2", "--picture", "sounds.png")
    assert [path.name for path in tmp_path.iterdir()] == ["sounds.png"]


def test_audio_trains_on_clips_with_their_groups(example, monkeypatch):
    class Stopped(Exception):
        pass

    def fit(self, *given):
        raise Stopped(*given)

    module = example("audio")
    monkeypatch.setattr(module.seqconv.SeqConvClassifier, "fit", fit)
    with pytest.raises(Stopped) as stopped:
        module.main(["--cases", "60"])
    (train,) = stopped.value.args
    assert len(train.groups) == len(train.y) == len(train.X)


def test_the_case_whose_stretch_tells_most_is_drawn(example, monkeypatch):
    from seqconv import explain

    results = example("results")
    y = np.array(["a"] * 20)
    predicted = y.copy()
    predicted[1::3] = "b"  # hits are 0, 2, 3, 5, 6, 8...
    hits = results.first_hits(y, predicted)
    assert hits.tolist() == [0, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17]
    assert results.first_hits(y, ["b"] * 20).tolist() == [0]  # no hit

    def occlusion(classifier, X, window, target):
        drops = np.array([[np.nan, number == 6, 0.1] for number in X])
        return types.SimpleNamespace(drops=drops, attributions=10 * drops)

    monkeypatch.setattr(explain, "occlusion", occlusion)
    case, attributions = results.most_telling(None, hits, window=3)
    assert hits[case] == 6 and attributions[1] == 10


@pytest.mark.parametrize(
    ("network", "words"),
    [
        (0.9, "seqconv is best here: F1 0.900, against 0.800 of b."),
        (0.8, "b is level"),
        (0.7, "b is better.*Use b"),
    ],
)
def test_the_better_model_is_named(example, capsys, network, words):
    example("results").print_verdict("F1", network, {"a": 0.1, "b": 0.8}, "Use b.")
    assert re.search(words, capsys.readouterr().out, re.DOTALL)


@pytest.mark.parametrize("n_epochs", [1, 2, 4, 30])
def test_a_learning_curve_shows_each_epoch_at_a_whole_number(example, n_epochs):
    plots = example("plots")
    figure, axes = plots.page(1)
    plots.learning_curve(axes, {"loss": np.linspace(2, 1, n_epochs)})
    figure.canvas.draw()
    (line,) = axes.lines
    left, right = axes.get_xlim()
    ticks = [tick for tick in axes.get_xticks() if left <= tick <= right]
    assert line.get_marker() != "None" and ticks and all(tick == round(tick) for tick in ticks)
    plots.pyplot.close(figure)


@pytest.mark.parametrize(
    ("classes", "turn"), [([*"0123456789"], 0), (["ham", "spam"], 0), ([f"sounds {n}" for n in range(10)], 45)]
)
def test_names_below_a_confusion_matrix_do_not_touch(example, classes, turn):
    plots = example("plots")
    figure, axes = plots.page(1)
    plots.confusion(axes, classes, classes, classes)
    figure.canvas.draw()
    labels = axes.get_xticklabels()
    assert [label.get_text() for label in labels] == classes and {label.get_rotation() for label in labels} == {turn}
    if turn:
        assert {(label.get_ha(), label.get_rotation_mode()) for label in labels} == {("right", "anchor")}
    else:
        boxes = [label.get_window_extent() for label in labels]
        assert all(one.x1 < other.x0 for one, other in itertools.pairwise(boxes))
    plots.pyplot.close(figure)


def test_a_sound_is_drawn_over_hertz(example):
    plots = example("plots")
    figure, axes = plots.page(1)
    spans, band_hz = np.array([[0.0, 0.1], [0.1, 0.2]]), np.array([200.0, 400.0, 1000.0, 3000.0])
    plots.explained_sound(axes, np.zeros((2, 4)), spans, band_hz, spans, np.zeros(2), "dog")
    told = dict(zip([label.get_text() for label in axes.get_yticklabels()], axes.get_yticks(), strict=True))
    assert told["1000"] == 2.5 and told["3000"] == 3.5 and 0.5 < told["250"] < 1.5 and "125" not in told
    assert "Hz" in axes.get_ylabel()
    plots.pyplot.close(figure)


def test_audio_takes_a_folder_of_the_user(run, tmp_path):
    import soundfile

    draw = np.random.default_rng(0)
    for number in range(16):
        hum = np.sin(2 * np.pi * 200 * np.arange(4000) / 8000)
        path = tmp_path / "clips" / ("hum" if number % 2 else "hiss") / f"{number}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, 0.1 * draw.normal(size=4000) + hum * (number % 2), 8000)
    (tmp_path / "clips" / "hum" / "cut.wav").write_bytes(path.read_bytes()[:100])
    with pytest.warns(UserWarning, match="1 of 17 recordings were left out: .*cut.wav"):
        printed = run("audio", "--folder", "clips", "--epochs", "1")
    assert "17 recordings of yours" in printed and "12 training and 4 test clips of 2 classes" in printed


def test_audio_refuses_a_folder_without_classes_before_training(refusal, tmp_path):
    assert "argument --folder: " in refusal("audio", "--folder", str(tmp_path))


@pytest.fixture
def write_clips(tmp_path):
    """Write so many clips of so many seconds for each class; none where it is to be no recording."""

    def write(**classes):
        import soundfile

        draw = np.random.default_rng(0)
        for name, seconds in classes.items():
            (tmp_path / "clips" / name).mkdir(parents=True)
            for number, length in enumerate(seconds):
                path = tmp_path / "clips" / name / f"{number}.wav"
                if length:
                    soundfile.write(path, 0.1 * draw.normal(size=length * 1000), 1000)
                else:
                    path.write_bytes(b"no sound")
        return "clips"

    return write


def test_audio_takes_no_folder_of_one_class(refusal, write_clips):
    folder = write_clips(dog=[1, 1, 1])
    assert "argument --folder: two classes or more are required, got 'dog'" in refusal("audio", "--folder", folder)


@pytest.mark.parametrize("n_classes, n_clips, n_test", [(4, 3, 4), (2, 2, 2), (3, 8, 6), (5, 4, 5)])
def test_audio_has_each_class_of_a_folder_in_both_parts(example, write_clips, capsys, n_classes, n_clips, n_test):
    own = datasets.list_audio(write_clips(**{name: [1] * n_clips for name in "abcde"[:n_classes]}))
    train, test = example("audio").read_sounds("folder", 0, own)
    assert len(test) == n_test and set(train.y) == set(test.y) == set(own.y)
    assert sorted([*train.groups, *test.groups]) == list(range(len(own)))
    printed = capsys.readouterr().out
    assert f"{len(own)} recordings of yours, {n_test} of them set apart for the test" in printed
    assert "lacks" not in printed


def test_audio_splits_long_recordings_of_a_folder_by_class_and_tears_none_apart(example, write_clips):
    own = datasets.list_audio(write_clips(a=[30, 1, 1], b=[1, 20], c=[25, 25, 1]))
    train, test = example("audio").read_sounds("folder", 0, own)
    assert set(train.y) == set(test.y) == {*"abc"} and len(train) + len(test) == 15
    assert set(train.groups) | set(test.groups) == set(range(8)) and not set(train.groups) & set(test.groups)


def test_audio_says_which_classes_the_test_part_of_a_folder_lacks(example, write_clips, capsys):
    own = datasets.list_audio(write_clips(a=[1] * 4, b=[1], c=[1] * 4, d=[1, 0, 0]))
    with pytest.warns(UserWarning, match="2 of 12 recordings were left out"):
        train, test = example("audio").read_sounds("folder", 0, own)
    assert set(train.y) == {*"abcd"} and set(test.y) == {*"ac"}
    assert "The test part lacks b, d: the figures say nothing about them" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("clips", "message"),
    [
        ({"a": [1, 1], "b": [0]}, "--folder: two classes or more with clips that can be read are required, got 'a'"),
        ({"a": [0], "b": [0]}, "--folder: at least one of the 2 recordings must be usable"),
        ({"a": [1], "b": [1]}, "--folder: a class of two recordings or more that can be read is required"),
    ],
)
@pytest.mark.filterwarnings("ignore:.*recordings were left out")
def test_audio_says_what_a_folder_lacks(run, write_clips, clips, message):
    with pytest.raises(SystemExit, match=message):
        run("audio", "--folder", write_clips(**clips))


def test_finance_trains_compares_and_counts_the_costs(run, tmp_path):
    printed = run("finance", "--epochs", "1", "--tickers", "3", "--bars", "400", "--cost-bp", "7")
    assert "Made-up daily bars of 3 tickers" in printed and "--data real" in printed and "cost 7 bp" in printed
    baselines = "gradient boosting", "random forest", "logistic regression", "momentum", "majority"
    for row in ("convolutional network", *baselines):
        assert re.search(rf"\n{row}.*\d +\( *-?\d+\.\d{{4}} to ", printed)
    assert list(tmp_path.iterdir()) == []


def test_finance_draws(run, tmp_path):
    run("finance", "--epochs", "1", "--tickers", "2", "--bars", "400", "--picture", "finance.png")
    assert [path.name for path in tmp_path.iterdir()] == ["finance.png"]


def test_finance_takes_prices_of_the_user(run, tmp_path):
    import pandas as pd

    from seqconv.datasets import make_prices

    made = make_prices(2, 200)
    for ticker, bars in zip(("KO", "PEP"), made.X, strict=True):
        pd.DataFrame({name: bars[name] for name in bars.dtype.names}).to_csv(tmp_path / f"{ticker}.csv", index=False)
    printed = run("finance", "--prices", "KO.csv", "PEP.csv", "--epochs", "1")
    assert "Daily bars of 2 file(s) of yours" in printed and "Made-up" not in printed
    assert re.search(r"\nmajority.*\d +\( *-?\d+\.\d{4} to ", printed)
    assert "Without" not in printed
    pd.read_csv(tmp_path / "KO.csv").drop(columns="volume").to_csv(tmp_path / "KO.csv", index=False)
    printed = run("finance", "--prices", "KO.csv", "PEP.csv", "--epochs", "1")
    assert "Without the channel of volume: no volume in KO.\n" in printed and "\nmajority" in printed


@pytest.mark.parametrize("path", ["none.csv", "."])
def test_finance_refuses_files_that_are_not_there_before_training(refusal, path):
    assert f"argument --prices: a file that exists is required, got '{path}'" in refusal("finance", "--prices", path)


BARS = "Date,Open,High,Low,Close,Volume\n" + "".join(f"2015-01-{day:02},1,1,1,1,1\n" for day in range(1, 32))


@pytest.mark.parametrize(
    "files, message",
    [
        ({"KO.csv": "Date,Close\n2015-01-05,1\n"}, "KO.csv must begin with a line of names"),
        ({"KO.csv": BARS.replace("-07,1", "-07,0")}, "KO.csv, line 8: open must be a number above 0"),
        ({"KO.csv": "\0\n"}, "KO.csv: the text must be UTF-8 without NUL byte"),
        (
            {"a/KO.csv": BARS, "b/KO.csv": BARS},
            "each file must be named after a ticker of its own, got 'a/KO.csv' and 'b/KO.csv'",
        ),
        ({"KO.csv": BARS}, "bars of 50 days after the first windows or more, got"),
        ({"KO.csv": BARS[:53]}, "a case needs"),
        (
            {"KO.csv": BARS + "".join(BARS.replace("2015-", f"{year}-")[32:] for year in range(2016, 2020))},
            "the days of the train part must have rises and falls, got none",
        ),
    ],
)
def test_finance_refuses_prices_that_cannot_be_read_or_learnt_from(refusal, tmp_path, files, message):
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert re.search(f"argument --prices: .*{message}", refusal("finance", "--prices", *files))


def test_time_series_trains_and_compares(run, tmp_path):
    printed = run("time_series", "--epochs", "1")
    assert "made-up series" in printed
    for row in ("ridge on raw values", "RBF SVM on raw values", "nearest neighbour on raw values"):
        assert re.search(rf"\n{row} +[01]\.\d{{4}} +\d+\.\d\n", printed)
    assert list(tmp_path.iterdir()) == []


def test_time_series_draws(run, tmp_path):
    run("time_series", "--epochs", "1", "--members", "2", "--picture", "series.png")
    assert [path.name for path in tmp_path.iterdir()] == ["series.png"]


def test_time_series_has_fixed_kernels_by_default(run, tmp_path):
    printed = run("time_series", "--picture", "series.png")
    ours, best = (
        float(re.search(rf"\n{row} +([01]\.\d+)", printed)[1]) for row in ("bank", "nearest neighbour on raw values")
    )
    assert ours > best + 0.1 and (tmp_path / "series.png").exists()


def test_medical_trains_on_some_patients_and_tests_on_others(run, tmp_path):
    printed = run("medical", "--epochs", "1", "--patients", "4", "--beats", "16")
    assert "Made-up recordings" in printed and "--data real" in printed and "64 beats of 4 patients" in printed
    assert "Training on 48 beats of 3 patients, testing on 16 beats of others: made" in printed
    assert printed.count("positive_predictive_value") == printed.count("macro_average_precision") == 4
    head, *rows = printed.split("\n\n")[-2].splitlines()
    assert re.fullmatch(r" +macro-F1( +F1 of [FNSV])+ +accuracy +fit s", head)
    names = ["network, in context", "trees, the beat", "trees, in context", "boosting, in context"]
    assert [row[:28].strip() for row in rows] == names
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def write_records(tmp_path):
    """Write one-lead records of so many symbols each, a second apart."""
    pytest.importorskip("wfdb", reason="wfdb is not installed: pip install seqconv[medical]")

    def write(**records):
        for name, (symbols, lead) in records.items():
            n_samples = 360 * (len(symbols) + 2)
            digital = np.random.default_rng(0).integers(-200, 200, n_samples).astype("<i2")
            folder = tmp_path / name
            folder.mkdir()
            (folder / "ecg.dat").write_bytes(digital.tobytes())
            checksum = (int(digital.sum()) + 2**15) % 2**16 - 2**15
            (folder / "ecg.hea").write_text(f"ecg 1 360 {n_samples}\necg.dat 16 200(0)/mV 12 0 0 {checksum} 0 {lead}\n")
            words = [{"N": 1, "A": 8, "V": 5, "~": 14}[symbol] << 10 | 360 for symbol in symbols]
            (folder / "ecg.atr").write_bytes(np.array([*words, 0], "<u2").tobytes())
        return [f"{name}/ecg.hea" for name in records]

    return write


def test_medical_takes_records_of_the_user_and_draws(run, tmp_path, write_records):
    # Of one file name each; the last has another lead. Split by the seed, p0 is the training part.
    paths = write_records(p0=("NV" * 10, "II"), p1=("NVA" * 7, "II"), other=("NV" * 9, "V5"))
    with pytest.warns(
        UserWarning, match="1 of 3 recordings or parts of them were left out.*other/ecg.hea: a lead 'II' is required"
    ):
        printed = run("medical", "--records", *paths, "--epochs", "1", "--picture", "beats.png")
    assert "41 beats of 2 records, each counted as another patient" in printed and "Made-up" not in printed
    assert "testing on 21 beats of others: p1/ecg." in printed  # no beat is left out for want of training
    assert "Class S has test beats only: none of them can be found." in printed
    assert len(re.findall(r"^S +0\.0000 +nan +0\.0000 +7$", printed, re.MULTILINE)) == 4
    assert (tmp_path / "beats.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "symbols, message",
    [
        ({"p0": "NV", "p1": "~~"}, "two records or more with beats that can be read are required, got 1"),
        ({"p0": "NN", "p1": "VV"}, "must have beats of two classes or more, got"),
        ({"p0": "~~", "p1": "~~"}, "--records: annotated beats are required, got none"),
    ],
)
@pytest.mark.filterwarnings("ignore:.*recordings were left out", "ignore:no recording has annotated beats")
def test_medical_says_what_records_lack(run, write_records, symbols, message):
    with pytest.raises(SystemExit, match=message):
        run("medical", "--records", *write_records(**{name: (found, "II") for name, found in symbols.items()}))


@pytest.mark.parametrize(
    "options, message",
    [
        (["--records", "none.hea", "x.hea"], "argument --records: a header that exists is required, got 'none.hea'"),
        (["--records", __file__], "argument --records: two records or more are required, got one"),
        (["--patients", "3"], "argument --patients: a whole number from 4 to 100 is required, got '3'"),
        (["--beats", "15"], "argument --beats: a whole number from 16 to 5000"),
    ],
)
def test_medical_refuses_its_options_before_training(refusal, options, message):
    assert re.search(message, refusal("medical", *options))


@pytest.mark.parametrize(
    "options, message",
    [
        (["--message", "half \udcff"], "whole Unicode, case 0"),
        (["--save", "no/folder/x"], "argument --save: the folder .*no/folder .* does not exist; make it first"),
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
        (
            ["--picture", "no/folder/x.png"],
            "argument --picture: the folder .*no/folder .* does not exist; make it first",
        ),
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
    assert "give --data real, too" in refusal("time_series", "--name", "GunPoint")
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


def test_encoders_that_an_example_offers_exist(example):
    from seqconv import encoders

    assert set(example("time_series").ENCODERS) <= set(encoders.names())


NAMES = ["audio", "finance", "medical", "picture", "spam", "tickets", "time_series"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("option", ["--help", "--nonsense"])
def test_options_are_read_before_any_library(name, option):
    code = f"""
import runpy, sys
sys.argv = ["{name}.py", "{option}"]
sys.path.insert(0, ".")
try:
    runpy.run_path("{name}.py", run_name="__main__")
except SystemExit:
    print({{"keras", "tensorflow", "jax", "librosa", "sklearn", "pandas", "scipy"}} & set(sys.modules))
"""
    environment = os.environ | {"PYTHONPATH": str(EXAMPLES.parent)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=EXAMPLES, env=environment)
    assert done.stdout.splitlines()[-1] == "set()"


def test_an_example_prints_plain_lines_and_nothing_to_stderr(tmp_path):
    environment = os.environ | {"PYTHONPATH": str(EXAMPLES.parent), "MPLCONFIGDIR": str(tmp_path)}
    environment.pop("TF_CPP_MIN_LOG_LEVEL", None)
    command = [sys.executable, EXAMPLES / "spam.py", "--cases", "100", "--epochs", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path, env=environment)
    assert done.stderr == "" and done.stdout.startswith("100 made-up messages")
    assert not set("\r\b\x1b") & set(done.stdout)
