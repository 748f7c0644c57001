"""Every example runs in its small setting, writes nothing unasked, and draws a picture when asked."""

import importlib.util
import pathlib
import sys

import pytest

EXAMPLES = pathlib.Path(__file__).parents[1] / "examples"


@pytest.fixture
def run(monkeypatch, tmp_path, capsys):
    monkeypatch.syspath_prepend(EXAMPLES)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SEQCONV_DATA", raising=False)

    def run(name, *arguments):
        spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, spec.name, module)
        spec.loader.exec_module(module)
        module.main(list(arguments))
        return capsys.readouterr().out

    return run


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


def test_time_series_trains_and_compares(run, tmp_path):
    printed = run("time_series", "--epochs", "1")
    assert "made-up series" in printed and "ridge on mean" in printed
    assert list(tmp_path.iterdir()) == []


def test_time_series_draws(run, tmp_path):
    run("time_series", "--epochs", "1", "--members", "2", "--picture", "series.png")
    assert [path.name for path in tmp_path.iterdir()] == ["series.png"]
