"""Promises of the text loaders."""

import csv
import gzip
import io
import os
import zipfile

import numpy as np
import pytest

from seqconv.datasets import load_agnews_test, load_sentences, load_sms_spam
from seqconv.domains import home as cache

MESSAGES = (
    'ham\tHe said "hi" & left\nspam\tWIN \xa3100,\tnow\nham\t  :) \nham\tone\u2028message\x85only\nham\t"\n'
    "spam\tWIN \xa3100,\tnow\nham\t:)\n"
).encode()


def real(path):
    """The real file, or skip: these tests never download."""
    if not os.environ.get("SEQCONV_DATA") or cache.present(path) is None:
        pytest.skip(f"{path} does not lie in the data home (SEQCONV_DATA)")


def put(home, relative_path, data):
    path = home / relative_path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def zipped(name, data):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
        archive.writestr("readme", "about the set")
    return buffer.getvalue()


def test_messages_are_kept_letter_for_letter(home):
    put(home, "text/sms_spam/SMSSpamCollection", MESSAGES)
    s = load_sms_spam()
    assert s.X == ['He said "hi" & left', "WIN \xa3100,\tnow", "  :) ", "one\u2028message\x85only", '"',
                   "WIN \xa3100,\tnow", ":)"]  # fmt: skip
    assert s.y.tolist() == ["ham", "spam", "ham", "ham", "ham", "spam", "ham"] and s.part is None


def test_distinct_keeps_the_first_of_exact_copies_in_file_order(home):
    put(home, "text/sms_spam/SMSSpamCollection.gz", gzip.compress(MESSAGES))
    s = load_sms_spam(distinct=True)
    assert s.X == load_sms_spam().X[:5] + [":)"]
    assert s.y.tolist() == ["ham", "spam", "ham", "ham", "ham", "ham"]


def test_missing_messages_are_fetched_from_the_original_archive(home, offer):
    source = offer("text/sms_spam/SMSSpamCollection", MESSAGES, zipped("SMSSpamCollection", MESSAGES),
                   "SMSSpamCollection", "lines")  # fmt: skip
    assert len(load_sms_spam()) == 7
    assert (home / "text/sms_spam/SMSSpamCollection").read_bytes() == MESSAGES
    assert source.member == "SMSSpamCollection"


def test_missing_sentences_are_fetched_in_their_original_layout(home, offer):
    for part, rows in (("train", b"0 What is it ? \n5 How  far ?\n"), ("test", b"3 Who ?\n")):
        ours = b"".join(b"\t".join(row.strip().split(b" ", 1)) + b"\n" for row in rows.splitlines())
        offer(f"text/trec/trec_{part}.tsv", ours, rows, layout="label")
    s = load_sentences("trec")
    assert s.X == ["What is it ?", "How  far ?", "Who ?"]
    assert s.y.dtype == np.int64 and s.y.tolist() == [0, 5, 3]
    assert s.part.tolist() == ["train", "train", "test"]


@pytest.mark.parametrize(
    "line, message",
    [
        (b"ham no tab\n", "a text must follow the label after a tab"),
        (b"ham\t\n", "a text must follow the label"),
        (b"ham\t  \n", "a text must follow the label"),
        (b"Ham\thello\n", "a label must be one of ham, spam, got 'Ham'"),
        (b"\thello\n", "a label must be one of ham, spam, got ''"),
        (b"ham\thel", "the last line must end with a line end"),
        (b"ham\t\xff\xfe\n", "the text must be UTF-8, got 0xff; save it as UTF-8"),
        ("ham\tcaf\xe9\n".encode("latin-1"), "the text must be UTF-8, got 0xe9; save it as UTF-8"),
        ("ham\tEUR \u20ac\n".encode("cp1252"), "the text must be UTF-8, got 0x80"),
        ("ham\thi\n".encode("utf-16"), "UTF-8 without NUL bytes, got binary data or UTF-16; save it as UTF-8"),
        ("ham\thi\n".encode("utf-16-le"), "UTF-8 without NUL bytes"),
        (b"\x7fELF\x02\x01\0\0", "UTF-8 without NUL bytes, got binary data"),
        (b"PK\x03\x04\x14\0\n", "UTF-8 without NUL bytes, got binary data"),
    ],
)
def test_a_broken_line_is_refused_with_its_number(home, line, message):
    put(home, "text/sms_spam/SMSSpamCollection", b"ham\tfine\n\n" + line)
    with pytest.raises(ValueError, match=f"SMSSpamCollection, line 3: .*{message}"):
        load_sms_spam()


def test_a_text_file_of_another_kind_is_refused_at_its_first_line(home):
    put(home, "text/mr/mr.tsv", "0\tbad\n1\tgood\n".encode("utf-16"))
    with pytest.raises(ValueError, match="mr.tsv, line 1: the text must be UTF-8"):
        load_sentences("mr")
    put(home, "text/mr/mr.tsv", gzip.compress(b"0\tbad\n" * 9000)[:-20])
    with pytest.raises(ValueError, match="mr.tsv, line .* the gzip file is damaged or cut"):
        load_sentences("mr")


def test_a_file_without_a_message_is_refused(home):
    put(home, "text/sms_spam/SMSSpamCollection", b"\n")
    with pytest.raises(ValueError, match="must hold at least one text"):
        load_sms_spam()


@pytest.mark.parametrize("label", [b"6", b"-1", b"01", b"1.0", b"x"])
def test_a_label_outside_the_set_is_refused(home, label):
    put(home, "text/trec/trec_train.tsv", label + b"\tWhat ?\n")
    put(home, "text/trec/trec_test.tsv", b"0\tWhat ?\n")
    with pytest.raises(ValueError, match="trec_train.tsv, line 1: a label must be one of 0, 1, 2, 3, 4, 5"):
        load_sentences("trec")


# AG News

NEWS = '"3","Oil, again","Up ""4"" %; \\\\more"\n"1","Vote \u2028 count","It #39;s on"\r\n\n"4","\u4e2d","a\\nb"\n'.encode()


def test_news_are_title_and_description_letter_for_letter(home):
    put(home, "text/agnews_test/test.csv.gz", gzip.compress(NEWS))
    s = load_agnews_test()
    assert s.X == ['Oil, again\nUp "4" %; \\\\more', "Vote \u2028 count\nIt #39;s on", "\u4e2d\na\\nb"]
    assert s.y.dtype == np.int64 and s.y.tolist() == [3, 1, 4] and s.part_is("test").all()


@pytest.mark.parametrize(
    "line, message",
    [
        (b'"3","Oil"\n', '"class","title","description" is required, none of them empty, got 2 field'),
        (b'"3","Oil","up","down"\n', "got 4 field"),
        (b'"3","Oil"," "\n', "none of them empty, got 3 field"),
        (b'"3","Oil","up\n', "is required, got .*unexpected end of data"),
        (b'"3","Oil"s","up"\n', "is required, got .*',' expected after"),
        (b'"3","Oil","u\rp",\r"\n', "is required, got"),
        (b'"5","Oil","up"\n', "a class must be one of 1, 2, 3, 4, got '5'"),
        (b'" 3","Oil","up"\n', "a class must be one of 1, 2, 3, 4, got ' 3'"),
        (b'"3","Oil","up"', "the last line must end with a line end"),
        (b'"3","Oil","\xe9"\n', "the text must be UTF-8, got 0xe9"),
        (b'"3","Oil","' + b"x" * 140_000 + b'"\n', "is required, got .*field larger than field limit"),
    ],
)
def test_a_broken_line_of_news_is_refused_with_its_number(home, line, message):
    csv.field_size_limit(131_072)  # Python's own; scipy raises it for the whole process
    put(home, "text/agnews_test/test.csv", NEWS + line)
    with pytest.raises(ValueError, match=f"test.csv, line 5: .*{message}"):
        load_agnews_test()


def test_missing_or_empty_news_say_what_to_put_where(home):
    with pytest.raises(OSError, match=r"test.csv must be in .*agnews_test .* put it at .*test.csv \(or test.csv.gz\)"):
        load_agnews_test()
    put(home, "text/agnews_test/test.csv", b"\n")
    with pytest.raises(ValueError, match="must hold at least one text"):
        load_agnews_test()


def test_the_real_news_have_their_published_size():
    real("text/agnews_test/test.csv")
    s = load_agnews_test()
    assert len(s) == 7600 and np.bincount(s.y).tolist() == [0, 1900, 1900, 1900, 1900]
    assert s.X[0].startswith("Fears for T N pension after talks\nUnions representing workers")
    assert all(text.count("\n") == 1 for text in s.X)


@pytest.mark.parametrize(
    "name, offered", [("SST2", "did you mean 'sst2'"), ("imdb", "one of mr, sst1"), (None, "one of")]
)
def test_an_unknown_name_is_refused_and_near_ones_are_offered(home, name, offered):
    with pytest.raises(ValueError, match=offered):
        load_sentences(name)


def test_the_real_sms_collection_has_its_published_size():
    real("text/sms_spam/SMSSpamCollection")
    s = load_sms_spam()
    assert len(s) == 5574 and (s.y == "spam").sum() == 747
    assert s.X[0].startswith("Go until jurong point, crazy..") and s.X[53].count('"') == 2
    assert all(text and "\n" not in text and "\r" not in text for text in s.X)


def test_the_real_sms_collection_has_5171_distinct_messages():
    real("text/sms_spam/SMSSpamCollection")
    s = load_sms_spam(distinct=True)
    assert len(s) == len(set(s.X)) == 5171 and (s.y == "spam").sum() == 653
    assert s.X == list(dict.fromkeys(load_sms_spam().X))


@pytest.mark.parametrize(
    "name, sizes, classes",
    [
        ("mr", {None: 10662}, [0, 1]),
        ("sst1", {"train": 8544, "dev": 1101, "test": 2210}, [0, 1, 2, 3, 4]),
        ("sst2", {"train": 6920, "dev": 872, "test": 1821}, [0, 1]),
        ("trec", {"train": 5452, "test": 500}, [0, 1, 2, 3, 4, 5]),
        (
            "r8",
            {"train": 5485, "test": 2189},
            ["acq", "crude", "earn", "grain", "interest", "money-fx", "ship", "trade"],
        ),
    ],
)
def test_real_sentence_sets_have_their_published_sizes_and_classes(name, sizes, classes):
    real("text/mr/mr.tsv" if name == "mr" else f"text/{name}/{name}_train.tsv")
    s = load_sentences(name)
    assert len(s) == sum(sizes.values()) and np.unique(s.y).tolist() == classes
    if name == "mr":
        assert s.part is None and np.bincount(s.y).tolist() == [5331, 5331]
    else:
        assert {part: int(s.part_is(part).sum()) for part in sizes} == sizes


@pytest.mark.parametrize("path", ["text/sms_spam/SMSSpamCollection", "text/trec/trec_train.tsv", "text/r8/r8_test.tsv"])
def test_the_pins_hold_for_what_the_original_homes_serve(path, tmp_path, monkeypatch, server):
    real(path)
    source, local = cache.registered()[path], cache.present(path)
    ours = gzip.decompress(local.read_bytes()) if local.suffix == ".gz" else local.read_bytes()
    if source.member:
        served = zipped(source.member, ours)
    elif source.layout == "label":
        served = ours.replace(b"\t", b" ")
    else:
        served = ours.removesuffix(b"\n")
    server.files["/file"] = served
    monkeypatch.setenv("SEQCONV_DATA", str(tmp_path))
    assert cache.fetch(path, source._replace(url=server.url + "/file")).read_bytes() == ours


def test_a_name_that_is_no_string_is_refused():
    with pytest.raises(ValueError, match=r"name must be one of mr, .* got \['mr'\]"):
        load_sentences(["mr"])
