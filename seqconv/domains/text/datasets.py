"""Real labelled texts by name: the SMS spam collection and the sentence sets, with their official split."""

import csv
import difflib

import numpy as np

from seqconv.data import SequenceSet
from seqconv.domains import home
from seqconv.domains.lines import read_lines

_DIGITS = {n: tuple("012345"[:n]) for n in (2, 5, 6)}
_TOPICS = ("acq", "crude", "earn", "grain", "interest", "money-fx", "ship", "trade")
_SENTENCES = {
    "mr": (_DIGITS[2], [None]),
    "sst1": (_DIGITS[5], ["train", "dev", "test"]),
    "sst2": (_DIGITS[2], ["train", "dev", "test"]),
    "trec": (_DIGITS[6], ["train", "test"]),
    "r8": (_TOPICS, ["train", "test"]),
}


def load_sms_spam(distinct: bool = False) -> SequenceSet:
    """Load the SMS Spam Collection: 5,574 real English text messages, 747 of them spam.

    Parameters
    ----------
    distinct : bool
        True drops a message whose exact text came before: 5,171 remain, in file order, 653 of them spam. Compare models
        on these, as a test on copies of training messages is too optimistic.

    Returns
    -------
    SequenceSet
        X: list of str, letter for letter as in the file. y: ``"ham"`` or ``"spam"``. There is no official split.

    Raises
    ------
    ValueError
        If a line is not ``label<TAB>text``; the message names file and line.
    OSError
        If the missing file cannot be downloaded.

    References
    ----------
    Almeida, Gomez Hidalgo, Yamakami, Contributions to the Study of SMS Spam Filtering, DocEng 2011. CC BY 4.0.

    Examples
    --------
    >>> import os, pathlib, tempfile
    >>> from unittest import mock
    >>> home = pathlib.Path(tempfile.mkdtemp())
    >>> path = home / "text" / "sms_spam" / "SMSSpamCollection"
    >>> path.parent.mkdir(parents=True)
    >>> _ = path.write_text('ham\\tOk "lar"\\nspam\\tWIN\\nham\\tOk "lar"\\n')
    >>> with mock.patch.dict(os.environ, SEQCONV_DATA=str(home)):
    ...     s = load_sms_spam(distinct=True)
    >>> s.X, s.y
    (['Ok "lar"', 'WIN'], array(['ham', 'spam'], dtype='<U4'))
    """
    texts, labels = _read("text/sms_spam/SMSSpamCollection", ("ham", "spam"))
    if not distinct:
        return SequenceSet(texts, labels)
    label_of = {}
    for text, label in zip(texts, labels, strict=True):
        label_of.setdefault(text, label)
    return SequenceSet(list(label_of), list(label_of.values()))


def load_sentences(name: str) -> SequenceSet:
    """Load a set of sentences or news stories of the text classification literature, with its official split.

    Parameters
    ----------
    name : {"mr", "sst1", "sst2", "trec", "r8"}
        ``mr``: movie review sentences, 0 negative, 1 positive (10,662; no split: the literature takes 10 folds).
        ``sst1``: Stanford Sentiment Treebank, 0 very negative to 4 very positive (8,544, 1,101, 2,210). These are whole
        sentences, without the phrases that papers add for training. ``sst2``: the same without neutral ones, 0 or 1
        (6,920, 872, 1,821). ``trec``: questions of 6 types (5,452, 500). ``r8``: Reuters news of 8 topics (5,485,
        2,189).

    Returns
    -------
    SequenceSet
        X: list of str, words separated by blanks as in the source. y: int64, for ``r8`` the topics as strings. part:
        ``"train"``, ``"dev"``, ``"test"`` in this order; None for ``mr``.

    Raises
    ------
    ValueError
        If the name is unknown.
    ValueError
        If a line is not ``label<TAB>text``; the message names file and line.
    OSError
        If a missing file cannot be downloaded.

    References
    ----------
    Kim, Convolutional Neural Networks for Sentence Classification, EMNLP 2014, table 1.

    Examples
    --------
    >>> load_sentences("sst")
    Traceback (most recent call last):
    ...
    ValueError: name must be one of mr, sst1, sst2, trec, r8, got 'sst'; did you mean 'sst2' or 'sst1'?
    """
    if not isinstance(name, str) or name not in _SENTENCES:
        near = difflib.get_close_matches(str(name).lower(), _SENTENCES, n=2)
        offer = f"; did you mean {' or '.join(map(repr, near))}?" if near else "."
        raise ValueError(f"name must be one of {', '.join(_SENTENCES)}, got {name!r}{offer}")
    allowed, parts = _SENTENCES[name]
    files = ["mr" if part is None else f"{name}_{part}" for part in parts]
    read = [_read(f"text/{name}/{file}.tsv", allowed) for file in files]
    labels = np.array([label for _, some in read for label in some])
    return SequenceSet(
        [text for texts, _ in read for text in texts],
        labels if allowed is _TOPICS else labels.astype(np.int64),
        part=None if parts == [None] else np.repeat(parts, [len(texts) for texts, _ in read]),
    )


def load_agnews_test() -> SequenceSet:
    """Load the test part of AG News: 7,600 short news items of 4 topics, 1,900 of each. The training part is not included.

    Returns
    -------
    SequenceSet
        X: list of str, the title, a line feed and the description, letter for letter as in the file. There a backslash
        is a line end of the news, and ``#39;`` or ``quot;`` a character of HTML. y: int64, 1 World, 2 Sports, 3
        Business, 4 Sci/Tech. part: ``"test"``; a split of your own has no published figure.

    Raises
    ------
    ValueError
        If a line is not ``"class","title","description"``; the message names file and line.
    OSError
        If ``text/agnews_test/test.csv`` (or ``test.csv.gz``) is not in the data home; no plain file is known to
        download.

    References
    ----------
    Zhang, Zhao, LeCun, Character-level Convolutional Networks for Text Classification, NIPS 2015. For research, not for
    commercial use.

    Examples
    --------
    >>> import os, pathlib, tempfile
    >>> from unittest import mock
    >>> home = pathlib.Path(tempfile.mkdtemp())
    >>> path = home / "text" / "agnews_test" / "test.csv"
    >>> path.parent.mkdir(parents=True)
    >>> _ = path.write_text('"3","Oil up","Oil went up ""again"", traders said."\\n')
    >>> with mock.patch.dict(os.environ, SEQCONV_DATA=str(home)):
    ...     s = load_agnews_test()
    >>> s.X, s.y
    (['Oil up\\nOil went up "again", traders said.'], array([3]))
    """
    path = home.fetch("text/agnews_test/test.csv")
    texts, labels = [], []
    for line, row in read_lines(path):
        label, title, description = _csv_fields(row, f"{path}, line {line}")
        texts.append(f"{title}\n{description}")
        labels.append(label)
    if not texts:
        raise ValueError(f"{path} must hold at least one text, got none.")
    return SequenceSet(texts, np.array(labels, dtype=np.int64), part=["test"] * len(texts))


def _csv_fields(row, place):
    """Return topic, title and description of a line of AG News."""
    try:
        fields = next(csv.reader([row], strict=True))
    except csv.Error as error:
        raise ValueError(f'{place}: "class","title","description" is required, got {row[:40]!r} ({error}).') from error
    if len(fields) != 3 or not all(field.strip() for field in fields):
        raise ValueError(
            f'{place}: "class","title","description" is required, none of them empty, got {len(fields)} field(s), '
            f"{row[:40]!r}."
        )
    if fields[0] not in ("1", "2", "3", "4"):
        raise ValueError(f"{place}: a class must be one of 1, 2, 3, 4, got {fields[0][:40]!r}.")
    return fields


def _read(relative_path, allowed):
    """Read texts and labels of a file of ``label<TAB>text`` lines; quotes and further tabs are text."""
    path = home.fetch(relative_path)
    texts, labels = [], []
    for line, row in read_lines(path):
        label, tab, text = row.partition("\t")
        if not tab or not text.strip():
            raise ValueError(f"{path}, line {line}: a text must follow the label after a tab, got {row[:40]!r}.")
        if label not in allowed:
            raise ValueError(f"{path}, line {line}: a label must be one of {', '.join(allowed)}, got {label[:40]!r}.")
        texts.append(text)
        labels.append(label)
    if not texts:
        raise ValueError(f"{path} must hold at least one text, got none.")
    return texts, labels
