"""Progress on a terminal and in a file."""

import sys
import types

from seqconv.training import progress


def test_a_file_has_a_line_every_few_seconds(monkeypatch, capsys):
    monkeypatch.setattr(progress, "_LINE_SECONDS", -1.0)
    shown = progress.Progress(2, 2, "fit", 1)
    shown.end_batch(0, 0, 0.5)
    shown.end_batch(0, 1, 0.25)
    shown.end_epoch(0, {"loss": 0.25, "val_loss": 0.3, "val_accuracy": 0.9})
    shown.end_batch(1, 0, 0.125)
    shown.close()
    lines = capsys.readouterr().out.splitlines()
    assert [line.rpartition(" - ")[0] for line in lines] == [
        "fit: epoch 1/2 - loss 0.5000",
        "fit: epoch 1/2 - loss 0.2500",
        "fit: epoch 2/2 - loss 0.1250 - validation accuracy 0.9000",
        "fit: epoch 2/2 - loss 0.1250 - validation accuracy 0.9000",
    ]
    assert lines[0].endswith("first batch") and lines[1].endswith("0:00 left") and lines[-1].endswith("took 0:00")


def test_the_time_of_compilation_does_not_count_for_the_time_left(monkeypatch, capsys):
    clock = iter([0.0, 0.0, 60.0, 60.0, 61.0, 61.0, 62.0, 62.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(progress, "_LINE_SECONDS", -1.0)
    shown = progress.Progress(1, 10, "fit", 1)
    for batch in range(3):
        shown.end_batch(0, batch, 1.0)
    assert [line.rpartition(" - ")[2] for line in capsys.readouterr().out.splitlines()] == [
        "first batch",
        "0:08 left",
        "0:07 left",
    ]


def test_a_terminal_has_one_line_that_is_redrawn(monkeypatch):
    monkeypatch.setattr(progress, "_REDRAW_SECONDS", -1.0)
    written = []
    terminal = types.SimpleNamespace(isatty=lambda: True, write=written.append, flush=lambda: None)
    monkeypatch.setattr(sys, "stdout", terminal)
    shown = progress.Progress(1, 3, "fit", 1)
    for batch in range(3):
        shown.end_batch(0, batch, 1.0)
    shown.close()
    text = "".join(written)
    assert text.count("\r") == 4 and text.count("\n") == 1 and text.endswith("\n")


def test_a_silent_fit_shows_nothing(capsys):
    shown = progress.Progress(1, 1, "fit", 0)
    shown.end_batch(0, 0, 1.0)
    shown.close()
    assert capsys.readouterr().out == ""


def test_counting_shows_the_last_number_once(capsys):
    show = progress.count_up("reading", 3)
    for done in (1, 2, 3):
        show(done)
    assert capsys.readouterr().out == "reading: 3/3 - took 0:00\n"


def test_hours_are_written_out():
    assert [progress._clock(seconds) for seconds in (5, 65, 3665)] == ["0:05", "1:05", "1:01:05"]
