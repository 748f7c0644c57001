import csv
import gzip
import zipfile

import pandas as pd
import pytest

from seqconv.formats import read_texts

GERMAN = [(f"Die Rechnung {i} ist falsch – bitte prüfen", "billing") for i in range(6)]
GERMAN += [(f"Kann mich nicht anmelden; Fehler {i}…", "access") for i in range(6)]
TURNED = [(label, text) for text, label in GERMAN]


@pytest.fixture
def write(tmp_path):
    def write(rows, separator=",", encoding="utf-8", name="texts.csv"):
        path = tmp_path / name
        with open(path, "w", newline="", encoding=encoding) as file:
            csv.writer(file, delimiter=separator).writerows(rows)
        return path

    return write


@pytest.fixture
def put(tmp_path):
    def put(content, name="texts.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return put


def is_german(found):
    return list(zip(found.X, found.y.tolist(), strict=True)) == GERMAN


# Encodings and separators


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separator_and_encoding_are_found(write, separator, encoding):
    assert is_german(read_texts(write([("text", "label"), *GERMAN], separator, encoding)))
    assert is_german(read_texts(write([("text", "label"), *GERMAN], separator, encoding), separator=separator))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_what_is_not_utf8_is_read_as_cp1252_with_a_warning(write, separator):
    path = write([("text", "label"), *GERMAN], separator, "cp1252")
    with pytest.warns(UserWarning, match="is not UTF-8; it is read as cp1252, .*if letters are wrong in '.*–.*'"):
        found = read_texts(path)
    assert is_german(found)


@pytest.mark.filterwarnings("error")
def test_an_encoding_that_is_given_is_taken(write):
    assert is_german(read_texts(write([("text", "label"), *GERMAN], ";", "cp1252"), encoding="cp1252"))
    russian = [("text", "label"), ("счёт неверный", "a"), ("не могу войти", "b"), ("где посылка", "a")]
    assert read_texts(write(russian, ";", "cp1251"), encoding="cp1251").X[0] == "счёт неверный"
    with pytest.raises(ValueError, match="must be in utf-8, it is not .*; leave encoding out to find it"):
        read_texts(write([("text", "label"), *GERMAN], ";", "cp1252"), encoding="utf-8")
    with pytest.raises(ValueError, match="must be in utf-9, it is not .*unknown encoding"):
        read_texts(write([("text", "label"), *GERMAN]), encoding="utf-9")


@pytest.mark.parametrize("name", ["latin-1", "iso-8859-1"])
def test_signs_that_latin_1_lacks_are_kept(write, name):
    with pytest.warns(UserWarning, match="has signs that latin-1 lacks, such as dashes; it is read as cp1252"):
        found = read_texts(write([("text", "label"), *GERMAN], encoding="cp1252"), encoding=name)
    assert is_german(found)


def test_letters_that_were_lost_or_read_twice_are_warned_of(put):
    with pytest.warns(UserWarning, match="2 letters are UTF-8 read as cp1252"):
        read_texts(put("text,label\nÃ¤h â€“ ja,a\nb,b\nd,a\n"))
    with pytest.warns(UserWarning, match="1 letters were lost"):
        found = read_texts(put("text,label\näh – ja,a\nb,b\n".encode() + b"x\xe4,a\n"))
    assert found.X == ["äh – ja", "b", "x\ufffd"]


@pytest.mark.filterwarnings("error")
def test_what_excel_and_archives_add_is_understood(put, write, tmp_path):
    assert read_texts(put("sep=;\r\ntext;label;\r\nx, y;a;\r\nb;b;\r\nc;a;\r\n")).X == ["x, y", "b", "c"]
    packed = gzip.compress(write([("text", "label"), *GERMAN], ";").read_bytes())
    assert is_german(read_texts(put(packed, "texts.csv.gz")))
    with zipfile.ZipFile(tmp_path / "texts.zip", "w") as archive:
        archive.write(write([("text", "label"), *GERMAN], ";"), "in/texts.csv")
    assert is_german(read_texts(tmp_path / "texts.zip"))
    assert is_german(read_texts(tmp_path / "texts.zip" / "in" / "texts.csv"))


@pytest.mark.parametrize("name", ["texts.xlsx", "texts.parquet"])
def test_excel_and_parquet_need_a_library(put, name, monkeypatch):
    def missing(*_, **__):
        raise ImportError("no library")

    monkeypatch.setattr(pd, "read_excel", missing)
    monkeypatch.setattr(pd, "read_parquet", missing)
    with pytest.raises(ImportError, match="this kind of file needs .*; install it, or save as CSV"):
        read_texts(put(b"", name))


@pytest.mark.filterwarnings("error")
def test_tables_that_pandas_reads_are_texts_too(put, monkeypatch):
    frame = pd.DataFrame([("text", "label"), *GERMAN])
    monkeypatch.setattr(pd, "read_excel", lambda path, **_: frame)
    assert is_german(read_texts(put(b"", "texts.xlsx")))
    monkeypatch.setattr(pd, "read_parquet", lambda path: pd.DataFrame(GERMAN, columns=["text", "label"]))
    assert is_german(read_texts(put(b"", "texts.parquet")))


# Columns


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("names", "columns"),
    [
        (("text", "label"), {}),
        (("Message", " Category "), {}),
        (("body", "queue"), {}),
        (("a", "b"), {"text": "a", "label": "b"}),
        (("A ", "B"), {"text": "a", "label": "b"}),
        (("a", "b"), {"text": 0, "label": 1}),
        (("a", "b"), {"text": 0, "label": -1}),
        (("text", "b"), {"label": "b"}),
    ],
)
def test_columns_are_taken_by_name_or_position(write, names, columns):
    assert is_german(read_texts(write([names, *GERMAN]), **columns))


@pytest.mark.parametrize(
    "rows",
    [GERMAN, TURNED, [("v1", "v2"), *TURNED], [(i, *row) for i, row in enumerate(GERMAN)], [("a", "b"), *GERMAN]],
    ids=["no names", "label first", "v1, v2", "numbered", "other names"],
)
def test_columns_found_by_what_they_hold_are_warned_of(write, rows):
    with pytest.warns(UserWarning, match=r"columns \{.*\} are read; name others by text= and label="):
        found = read_texts(write(rows, ";"))
    assert is_german(found)


def test_of_several_likely_columns_the_choice_is_warned_of(write):
    rows = [("subject", "body", "label"), *[(f"s{i}", *row) for i, row in enumerate(GERMAN)]]
    with pytest.warns(UserWarning, match=r"columns \{'text': 'body', 'label': 'label'\} are read"):
        found = read_texts(write(rows))
    assert is_german(found)


def test_a_label_that_is_a_well_known_name_is_no_header(write):
    rows = [("question", "what is this"), ("title", "see here"), ("question", "why is it so")]
    with pytest.warns(UserWarning, match="are read"):
        assert read_texts(write(rows, "\t")).y.tolist() == ["question", "title", "question"]


@pytest.mark.filterwarnings("error")
def test_groups_numbers_and_rows_are_kept(write):
    rows = [("text", "label", "who"), ("a b", "0", "Ann"), ("c", "1", "Bob"), ("d", "0", "Ann")]
    found = read_texts(write(rows), group="who")
    assert found.y.tolist() == [0, 1, 0] and found.groups.tolist() == ["Ann", "Bob", "Ann"]
    assert found.about["record"].tolist() == [0, 1, 2]


def test_one_column_has_no_labels(put):
    with pytest.warns(UserWarning, match="has one column, so there are no labels; give separator="):
        found = read_texts(put("text\nwin a prize\nsee you\n"))
    assert found.X == ["win a prize", "see you"] and found.y is None


# Quotes


def test_stray_quotes_that_swallow_rows_are_characters_where_each_line_is_a_row(put):
    with pytest.warns(UserWarning, match="line 2: a quote makes several rows one text; quotes are read as characters"):
        found = read_texts(put('text,label\n"5 inch pipe,a\nb line,b\nc line,a\nthe 6" valve,b\n"d",a\n'))
    assert found.X == ['"5 inch pipe', "b line", "c line", 'the 6" valve', "d"]
    with pytest.warns(UserWarning, match="line 3: a quote is not closed. Quotes are read as characters"):
        found = read_texts(put('text,label\na,a\n"b line,b\nc line,a\nd,b\n'))
    assert found.X == ["a", '"b line', "c line", "d"]


def test_stray_quotes_beside_quoted_separators_are_named_by_line(put):
    with pytest.warns(UserWarning, match="line 3: a quote makes several rows one text; close or double the quote"):
        assert len(read_texts(put('text,label\n"x, y",a\n"b line,b\nc line,a\nthe 6" valve,b\nd,a\n'))) == 3
    with pytest.raises(ValueError, match="EOF inside string starting at row 2; close the quote"):
        read_texts(put('text,label\n"x, y",a\n"b line,b\nc line,a\nd,a\n'))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "text", ["Dear all,\nthis is long, too\n\nBye", 'say ""hello""', "one, two", 'a ""quote"", and\nbye, a friend']
)
def test_quoted_texts_of_several_lines_are_read(put, text):
    found = read_texts(put(f'text,label\n"{text}",a\nb,b\nc,a\n'))
    assert found.X == [text.replace('""', '"'), "b", "c"]


def test_lines_with_too_many_cells_raise_or_are_left_out(put):
    path = put("text,label\na,b,x\nc,y\nd,e,f,x\ng,x\nh,y\n")
    with pytest.raises(ValueError, match="Expected 2 fields in line 2, saw 3; put such texts in quotes, or leave"):
        read_texts(path)
    with pytest.warns(UserWarning, match="2 lines with more than 2 cells are left out: 2, 4"):
        found = read_texts(path, errors="skip")
    assert found.X == ["c", "g", "h"]


# Holes and labels


def test_rows_without_text_or_label_are_counted_in_one_message(write):
    rows = list(GERMAN)
    rows[3], rows[5], rows[7], rows[8] = ("", "billing"), (" ", "billing"), (rows[7][0], ""), ("x",)
    path = write([("text", "label"), *rows])
    what = r"of 12 rows 2 have no text \(rows 4, 6 below the names\) and 2 have no label \(rows 8, 9 below the names\)"
    with pytest.raises(ValueError, match=what + "; fill them, or leave them out by errors='skip'"):
        read_texts(path)
    with pytest.warns(UserWarning, match=what + "; they are left out"):
        found = read_texts(path, errors="skip")
    assert len(found) == 8 and found.about["record"].tolist() == [0, 1, 2, 4, 6, 9, 10, 11]


def test_labels_lose_their_blanks_and_those_that_differ_in_case_are_warned_of(write):
    rows = [(f"invoice {i}", ["billing", "billing ", "Billing"][i % 3]) for i in range(9)]
    path = write([("text", "label"), *rows, ("log in", "access"), ("log in now", " access")])
    with pytest.warns(UserWarning, match="labels differ only in case.*: 'billing' 6, 'Billing' 3. fold_labels=True"):
        assert sorted(set(read_texts(path).y)) == ["Billing", "access", "billing"]


@pytest.mark.filterwarnings("error")
def test_labels_are_made_one_where_asked(write):
    labels = ["billing", "Billing", "BILLING", "billing", "Cafe\u0301", "Caf\xe9", "Caf\xe9", "a  b", "a b"]
    rows = [("text", "label"), *[(f"text {i}", label) for i, label in enumerate(labels)]]
    found = read_texts(write(rows), fold_labels=True)
    assert found.y.tolist() == ["billing"] * 4 + ["Caf\xe9"] * 3 + ["a  b"] * 2


@pytest.mark.parametrize(
    ("content", "columns", "message"),
    [
        ("", {}, "must hold texts, it is empty"),
        ("\n \n", {}, "must hold texts, it is empty"),
        ("text,label\n", {}, "must have a row with text and label, it has none"),
        ("text,label\na,b\n", {"text": "body"}, "must have a column 'body' for text, it has 'text', 'label'"),
        ("text,label\na,b\n", {"label": 2}, "must have a column 2 for label, it has 2 columns"),
        ("text,label\na,b\n", {"errors": "ignore"}, "errors must be 'raise' or 'skip'"),
    ],
)
def test_what_holds_no_labelled_texts_is_rejected(put, content, columns, message):
    with pytest.raises(ValueError, match=message):
        read_texts(put(content), **columns)


def test_texts_without_a_label_yet_are_read_and_this_is_told(put):
    with pytest.warns(
        UserWarning, match="no column has values that repeat, as labels do, so there are none; name one by"
    ):
        texts = read_texts(put("id,text\n1,a b\n2,b c\n3,c d\n"))
    assert texts.X == ["a b", "b c", "c d"] and texts.y is None


# ---------------------------------------------------------------------------------------------------- several labels


def test_several_columns_of_labels_are_a_frame(write):
    rows = [
        ["comment", "toxic", "insult"],
        ["you fool", "1", "1"],
        ["good day to you", "0", "0"],
        ["go away", "1", " 0"],
    ]
    texts = read_texts(write(rows), label=["toxic", "insult"])
    assert list(texts.y) == ["toxic", "insult"] and texts.y.to_numpy().tolist() == [[1, 1], [0, 0], [1, 0]]
    assert texts.X == ["you fool", "good day to you", "go away"]
    assert read_texts(write(rows), text="comment", label=[2, 1]).y.to_numpy().tolist() == [[1, 1], [0, 0], [0, 1]]
    assert read_texts(write(rows), label=["insult"]).y.tolist() == [1, 0, 0]


def test_several_columns_that_hold_other_labels_are_rejected(write):
    rows = [["comment", "toxic", "insult"], ["you fool", "1", "yes"], ["good day to you", "0", ""]]
    with pytest.raises(ValueError, match="1 have no label 'insult' .rows 2 below"):
        read_texts(write(rows), label=["toxic", "insult"])
    with pytest.raises(ValueError, match=r"columns toxic, insult must be 0 or 1, got \['1', 'yes'\]"):
        read_texts(write(rows[:2]), label=["toxic", "insult"])
    with pytest.raises(ValueError, match="must have a column 'rude' for label"):
        read_texts(write(rows), label=["toxic", "rude"])
    for label in ([], ["toxic", None]):
        with pytest.raises(ValueError, match="label must be a column or a list of columns"):
            read_texts(write(rows), label=label)
