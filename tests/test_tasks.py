"""The blocks of docs/tasks.md run on made-up files of the form that each names, and are right."""

import contextlib
import io
import pathlib
import re
import runpy
import zipfile

import numpy as np
import pandas as pd
import pytest

PAGE = (pathlib.Path(__file__).parents[1] / "docs" / "tasks.md").read_text(encoding="utf-8")
TASKS = dict(re.findall(r"^## (.*?)\n.*?^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
MOST_LINES = 8
DRAW = np.random.default_rng(0)


def wave(n_steps, period, noise=0.3):
    return np.sin(2 * np.pi * (np.arange(n_steps) / period + DRAW.random())) + noise * DRAW.normal(size=n_steps)


def long_table():
    rows = []
    for walk in range(48):
        period, n_steps = (6, 14)[walk % 2], int(DRAW.integers(50, 90))
        table = pd.DataFrame({"t": np.arange(n_steps), "ax": wave(n_steps, period), "ay": wave(n_steps, 9)})
        rows.append(table.assign(person=f"p{walk // 6}", walk=walk % 6, activity=("run", "walk")[walk % 2]))
    pd.concat(rows).sample(frac=1, random_state=0).to_csv("steps.csv", index=False)


def folder_of_tables():
    for number in range(32):
        label, n_steps = ("circle", "square")[number % 2], int(DRAW.integers(40, 60))
        path = pathlib.Path("gestures", label, f"s{number // 8}_{number:02d}.csv")
        path.parent.mkdir(parents=True, exist_ok=True)
        pd.DataFrame({"t": np.arange(n_steps), "x": wave(n_steps, (5, 13)[number % 2])}).to_csv(path, index=False)


def recording():
    drilling = np.zeros(6000, bool)
    drilling[1500:3000] = drilling[5000:] = True
    table = pd.DataFrame({"x": np.where(drilling, wave(6000, 5), wave(6000, 40)), "y": DRAW.normal(size=6000)})
    table.index = pd.date_range("2024-03-01", periods=6000, freq="100ms", name="time")
    table.to_csv("machine.csv")


def klines():
    pathlib.Path("klines").mkdir()
    for ticker in ("BTCUSDT", "ETHUSDT"):
        close = 100 * np.exp(np.cumsum(0.01 * DRAW.normal(size=24 * 14)))
        start = 1_704_067_200_000 + 3_600_000 * np.arange(len(close))  # 2024-01-01 in milliseconds
        opened = np.r_[100, close[:-1]] * np.exp(0.002 * DRAW.normal(size=len(close)))
        high, low = np.maximum(opened, close) * 1.001, np.minimum(opened, close) / 1.001
        lines = [
            f"{s},{o:.4f},{h:.4f},{lo:.4f},{c:.4f},{DRAW.uniform(9, 99):.1f},{s + 3_599_999},1255.0,90,6.2,622.0,0\n"
            for s, o, h, lo, c in zip(start, opened, high, low, close, strict=True)
        ]
        for month, part in (("2024-01", lines[: 24 * 10]), ("2024-02", lines[24 * 10 :])):
            with zipfile.ZipFile(f"klines/{ticker}-1h-{month}.zip", "w") as archive:
                archive.writestr(f"{ticker}-1h-{month}.csv", "".join(part))


def sounds():
    soundfile = pytest.importorskip("soundfile")
    pathlib.Path("clips").mkdir()
    rows = []
    for number in range(32):
        label, seconds = ("bell", "horn")[number % 2], DRAW.uniform(0.3, 0.6)
        tone = 0.5 * np.sin(2 * np.pi * (1200, 300)[number % 2] * np.arange(int(8000 * seconds)) / 8000)
        soundfile.write(f"clips/{number:02d}.wav", tone + 0.05 * DRAW.normal(size=len(tone)), 8000)
        rows.append({"file": f"{number:02d}.wav", "label": label, "speaker": f"s{number // 8}"})
    pd.DataFrame(rows).to_csv("clips.csv", index=False)


def sleep():
    edfio = pytest.importorskip("edfio", reason="edfio is not installed: pip install seqconv[medical]")
    pathlib.Path("sleep").mkdir()
    stages = ["Sleep stage W", "Sleep stage 2", "Sleep stage W", "Sleep stage R"]
    for subject in range(4):
        signal = 30 * np.sin(2 * np.pi * np.cumsum(np.repeat([10, 2, 10, 5], 9000)) / 100) + 5 * DRAW.normal(size=36000)
        eeg = edfio.EdfSignal(signal, 100, label="EEG Fpz-Cz", physical_dimension="uV", physical_range=(-200, 200))
        edfio.Edf([eeg]).write(f"sleep/SC400{subject}E0-PSG.edf")
        notes = [edfio.EdfAnnotation(90 * i, 90, stage) for i, stage in enumerate(stages)]
        edfio.Edf([], annotations=notes).write(f"sleep/SC400{subject}EC-Hypnogram.edf")


def tickets():
    asked = {
        "billing": ["Die Rechnung {} ist falsch – bitte prüfen", "Warum wurde {} doppelt abgebucht?"],
        "access": ["Ich kann mich nicht anmelden, Fehler {}…", "Das Passwort zu Konto {} geht nicht"],
        "delivery": ["Wo bleibt das Paket {}?", "Die Lieferung {} fehlt"],
    }
    lines = ["Nr;Text;Queue"]
    for number in range(120):
        queue, texts = list(asked.items())[number % 3]
        text = texts[DRAW.integers(2)].format(DRAW.integers(9999))
        written = [queue, queue.title(), f"{queue} ", ""][(0, 0, 0, 1, 2, 3)[DRAW.integers(6)]]
        lines.append(f"{number};{text};{written}")
    pathlib.Path("tickets.csv").write_bytes("\r\n".join(lines).encode("cp1252"))


def the_question_is_answered(printed):
    accuracy_above(0.9)(printed)
    assert printed.endswith("['access']\n") and "Access" not in printed


def accuracy_above(least):
    def check(printed):
        found = re.search(r"accuracy (\d\.\d+)", printed) or re.search(r"^(\d\.\d+) on new", printed)
        assert float(found[1]) > least, printed

    return check


def both_states_are_found(printed):
    rows = [line.split()[-2:] for line in printed.splitlines() if line[:4] == "2024"]
    drilling = np.array([float(row[0]) for row in rows])
    assert (drilling[:9] < 0.5).all() and (drilling[12:] > 0.5).all(), printed


def three_rows_follow_one_another(printed):
    rows = [line.split() for line in printed.splitlines()[1:]]
    dates, learnt = [row[1] for row in rows], [int(row[-3]) for row in rows]
    assert len(rows) == 3 and dates == sorted(dates) and learnt == sorted(learnt), printed


MADE = {
    "A long table to a saved model and a report": (long_table, accuracy_above(0.9)),
    "A folder of CSV files, one a case": (folder_of_tables, accuracy_above(0.9)),
    "A recording to answers over time": (recording, both_states_are_found),
    "Binance klines to a walk-forward table": (klines, three_rows_follow_one_another),
    "A folder of sounds, with labels in a CSV": (sounds, accuracy_above(0.9)),
    "Sleep recordings with hypnograms, by subject": (sleep, accuracy_above(0.8)),
    "Tickets as European Excel writes them": (tickets, the_question_is_answered),
}


def test_each_task_has_its_files():
    others = {
        task for task in TASKS if task.startswith(("PTB-XL", "The challenge"))
    }  # domains/medical/test_everyday_tasks
    assert len(others) == 3 and set(MADE) | others == set(TASKS)


@pytest.mark.parametrize("task", TASKS)
def test_a_task_is_short(task):
    lines = [line for line in TASKS[task].splitlines() if line.strip() and not re.match(r"(from|import) |[) ]", line)]
    assert len(lines) <= MOST_LINES, lines


@pytest.mark.parametrize("task", MADE)
def test_a_task_runs_and_is_right(task, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    make, check = MADE[task]
    make()
    (tmp_path / "task.py").write_text(TASKS[task], encoding="utf-8")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        runpy.run_path("task.py", run_name="__main__")
    check(printed.getvalue())
