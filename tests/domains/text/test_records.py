import warnings

import numpy as np
import pandas as pd
import pytest

import seqconv
from seqconv.adapters import TextAdapter
from seqconv.encoders import KimCNN

UNITS = ["word", "char", "subword"]
EMPTY = ["", " \t\n", "\ufeff", "\u200b", "\x1b[0m", "\ufeff \0"]
pytestmark = pytest.mark.filterwarnings("ignore:.*control characters")


@pytest.fixture(scope="module")
def model():
    X = [f"win a free prize {i}" if i % 2 else f"see you at lunch {i}" for i in range(40)]
    return seqconv.SeqConvClassifier(KimCNN(filters=2), adapter=TextAdapter(n_dims=4), epochs=1, random_state=0).fit(
        X, ["ham", "spam"] * 20
    )


# Empty and missing texts


@pytest.mark.parametrize("text", EMPTY)
def test_a_text_without_a_unit_is_one_unknown_token(text):
    for unit in ("word", "subword"):
        adapter = TextAdapter(unit).fit(["free lunch", ""])
        assert adapter.transform([text]).shape[:2] == (1, 1) and adapter.transform([text])[0, 0].flat[0] == 1
        np.testing.assert_array_equal(adapter.transform([text]), adapter.transform([""]))
        assert adapter.locate([text])[0].tolist() == [[0, 0]]
        assert "" not in adapter.vocabulary_
        ids, names = adapter.transform([text]), adapter.names([text])
        assert names[1] == ["(empty)"] and (unit == "word" or names[ids[0, 0, 1]] == ["(empty)"])
        np.testing.assert_array_equal(adapter.pack([text, "free"])[:], adapter.transform([text, "free"]))


def test_of_characters_only_a_text_without_one_is_unknown():
    adapter = TextAdapter("char").fit(["a b"])
    for text in ("", "\ufeff", "\u200b", "\x1b[0m", "\ufeff\0"):
        assert adapter.transform([text]).tolist() == [[1]]
    assert adapter.transform([" "]).tolist() == [[adapter.vocabulary_[" "]]]


def test_many_empty_texts_to_learn_from_are_warned_of_and_few_are_not():
    with pytest.warns(UserWarning, match="2 of 20 texts to learn from are empty, the first is case 3; each counts"):
        TextAdapter().fit(["a b"] * 3 + ["", "\u200b"] + ["c"] * 15)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        TextAdapter().fit(["a b"] * 30 + [""])
    with pytest.raises(ValueError, match="min_count=1 times, none does"), pytest.warns(UserWarning, match="2 of 2"):
        TextAdapter().fit(["", " "])


def test_missing_texts_are_named_at_once_with_the_way():
    texts = ["ok"] * 996 + ["", None, float("nan"), pd.NA]
    message = (
        r"each text must be a string, case 997 is None; fill it or leave it out. 3 of 1,000 texts are invalid: cases 997, "
        r"998, 999. TextAdapter\(\).cases\(X, errors='skip'\).X leaves them out."
    )
    with pytest.raises(TypeError, match=message):
        TextAdapter().fit(texts)
    with pytest.raises(TypeError, match=r"9 of 9 texts are invalid: cases 0, 1, 2, 3, 4, \.\.\.\."):
        TextAdapter().fit([None] * 9)


def test_of_many_missing_texts_the_first_five_are_told():
    with pytest.warns(UserWarning, match="^7 of 8 texts were left out: ") as told:
        assert TextAdapter().cases(["ok", *[None] * 7], errors="skip").X == ["ok"]
    text = str(told[0].message)
    assert "case 5 is None" in text and "case 6" not in text and text.endswith(" ...")


def test_a_night_of_messages_is_answered_and_the_way_is_named(model):
    night = ["see you at lunch"] * 96 + ["", None, "\x1b[31mERROR\x1b[0m disk full", "a\x00b"]
    with pytest.raises(TypeError, match=r"case 97 is None; .*cases\(X, errors='skip'\).X leaves them out"):
        model.predict(night)
    with pytest.warns(UserWarning, match="1 of 100 texts were left out"):
        kept = model.adapter_.cases(night, errors="skip")
    assert model.predict(kept.X).shape == (99,) and kept.about["record"].tolist()[96:] == [96, 98, 99]
    assert model.predict_proba(["", "see you at lunch"]).shape == (2, 2)


def test_a_fit_takes_empty_texts():
    texts = ["win a prize", "", "see you", "lunch"] * 5
    classifier = seqconv.SeqConvClassifier(KimCNN(filters=2), adapter=TextAdapter(n_dims=4), epochs=1)
    with pytest.warns(UserWarning, match="5 of 20 texts to learn from are empty"):
        classifier.fit(texts, ["spam", "ham", "ham", "ham"] * 5)
    assert classifier.predict(["", "win"]).shape == (2,)


# Control characters


@pytest.mark.parametrize("unit", ["word", "subword"])
@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("\x1b[31mERROR\x1b[0m disk full", "ERROR disk full"),
        ("\x1b[1;38;5;9mERROR\x1b[m disk\x1b[Kfull", "ERROR disk full"),
        ("a\x00b", "a b"),
        ("h\0i\0", "h i"),
        ("a\x01\x02 b\x7f", "a b"),
        ("a\x1fb", "a b"),
    ],
)
def test_control_characters_are_white_space(unit, text, plain):
    adapter = TextAdapter(unit).fit(["ERROR disk full", "a b", "h i"])
    np.testing.assert_array_equal(adapter.transform([text]), adapter.transform([plain]))


@pytest.mark.parametrize("call", ["fit", "transform", "locate", "check"])
@pytest.mark.parametrize("text", ["h\0i\0", "\x89PNG\r\n\x1a\n", "\x7fELF\x02\x01\0\0", "a\x7f", "\x1b]0;title\x07"])
def test_binary_data_is_warned_of(call, text):
    adapter = TextAdapter("word").fit(["ok"])
    with pytest.warns(UserWarning, match=r"1 of 2 texts have control characters .*the first is case 1, .*read it anew"):
        getattr(adapter, call)(["ok", text])


def test_colours_of_a_terminal_are_not_warned_of():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        TextAdapter().fit(["\x1b[31mERROR\x1b[0m disk full", "tab\there\r\n\x0b\x0c"]).transform(["\x1b[0m"])


# What people give as texts


class Column:
    """Stands in for a column of a library that is not installed: it iterates over objects of its own."""

    def __init__(self, values):
        self.values = values

    def __len__(self):
        return len(self.values)

    def __iter__(self):
        return iter([object() for _ in self.values])

    def to_pylist(self):
        return list(self.values)


FRAME = pd.DataFrame({"text": ["win a free prize", "see you at lunch"]})
COLUMNS = {
    "frame of one column": FRAME,
    "frame of one column, other rows": FRAME.set_axis([7, 7]),
    "array of one column": FRAME.to_numpy(),
    "array of strings": FRAME.to_numpy().ravel().astype(str),
    "string column": FRAME["text"].astype("string"),
    "categorical column": FRAME["text"].astype("category"),
    "object column": FRAME["text"].astype(object),
    "index": pd.Index(FRAME["text"]),
    "extension array": FRAME["text"].array,
    "values of a dict": dict(enumerate(FRAME["text"])).values(),
    "column of another library": Column(FRAME["text"].tolist()),
}


@pytest.mark.parametrize("texts", COLUMNS.values(), ids=COLUMNS)
def test_columns_of_all_kinds_are_answered_as_lists(model, texts):
    np.testing.assert_array_equal(model.predict_proba(texts), model.predict_proba(FRAME["text"].tolist()))
    assert TextAdapter("word").fit(texts).vocabulary_ == TextAdapter("word").fit(FRAME["text"].tolist()).vocabulary_


@pytest.mark.parametrize("library", ["polars", "pyarrow"])
def test_columns_and_tables_of_other_libraries(library):
    module = pytest.importorskip(library)
    values = FRAME["text"].tolist()
    table = module.DataFrame({"text": values}) if library == "polars" else module.table({"text": values})
    for texts in (table, table["text"]):
        assert TextAdapter().check(texts) == values


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (dict(enumerate("ab")), r"got a dict; give list\(d.values\(\)\)"),
        ({"a", "b"}, "got one set; make it a list"),
        (FRAME.assign(label="a"), "texts must be one column, got a table of 2: 'text', 'label'; give the one"),
        (np.array([["a", "b"]]), r"shape \(1, 2\)"),
        (FRAME.assign(label="a").groupby("label"), "got DataFrameGroupBy; give the column before it is grouped"),
        (FRAME["text"].groupby([1, 2]), "got SeriesGroupBy"),
        (pd.Series([1, 2], name="price"), "must be strings, got int64 in column 'price'; give the column of the texts"),
        (pd.DataFrame({"day": pd.to_datetime(["2024-01-01"])}), r"got datetime64.* in column 'day'"),
        (np.array([1.5]), r"got float64; give the column of the texts, or X.astype\(str\)"),
        ([3, 4], "case 0 is 3; .* 2 of 2 texts are invalid"),
    ],
)
def test_what_cannot_be_texts_is_rejected_with_the_way(model, texts, message):
    for call in (TextAdapter().fit, model.predict):
        with pytest.raises(TypeError, match=message):
            call(texts)


def test_one_string_is_rejected_with_the_way(model):
    with pytest.raises(ValueError, match=r"got a str; give \[X\], a list of one"):
        model.predict("win a free prize")
    with pytest.raises(TypeError, match=r"got one str; make it a list, such as \[text\]"):
        TextAdapter().fit("win a free prize")
