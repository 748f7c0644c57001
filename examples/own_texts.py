"""Texts of the user from a table, a saved classifier, and the linear baseline of the examples that classify texts."""

import collections
import os
import warnings

import numpy as np
from arguments import new_file

TOKEN = r"\w+|[^\w\s]+"  # also single letters and emoticons, which may be all that a text has
_FEWEST = 5  # so that training and test part get their share of each label


def add_options(parser):
    parser.add_argument("--csv", metavar="FILE", help="your own texts: a table with one text a row")
    parser.add_argument("--text", metavar="COLUMN", help="column of the texts; found if left out")
    parser.add_argument("--label", metavar="COLUMN", help="column of the labels; found if left out")
    parser.add_argument("--separator", metavar="SIGN", help="sign between the columns; found if left out")
    parser.add_argument("--encoding", metavar="NAME", help="such as utf-8 or cp1252; found if left out")
    parser.add_argument("--save", metavar="PATH", type=new_file, help="keep the classifier in this file")
    parser.add_argument("--load", metavar="PATH", help="answer --message by this saved classifier, without training")
    parser.add_argument("--message", action="append", metavar="TEXT", help="a text to classify; may be given twice")


def read_options(parser, options):
    """Return the texts that the options name, or None; end the script if they are invalid."""
    from seqconv.adapters import TextAdapter

    if options.save and options.picture and os.path.realpath(options.save) == os.path.realpath(options.picture):
        parser.error("--save and --picture must name different files")
    if options.load and (options.csv or options.save or options.picture or not options.message):
        parser.error("argument --load: a --message to answer is required, and no --csv, --save or --picture")
    if options.load and not os.path.isfile(options.load):
        parser.error(f"argument --load: {options.load!r} is not a file")
    if options.message:
        try:
            TextAdapter().check(options.message)
        except ValueError as error:
            parser.error(f"argument --message: {error}")
    if options.csv is None:
        return None
    if options.data == "real":
        return parser.error("argument --csv: your own texts and --data real exclude each other")
    try:
        return read_texts(options.csv, options.text, options.label, options.separator, options.encoding)
    except (ImportError, OSError, ValueError) as error:
        return parser.error(f"argument --csv: {error}")


def read_texts(path, text=None, label=None, separator=None, encoding=None):
    """Read texts, each once, and their labels as strings; print what is left out or in doubt."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", UserWarning)
        try:
            texts, lines = _read(path, text, label, separator=separator, encoding=encoding)
        except ValueError as error:
            raise ValueError(" ".join([str(error), *(str(one.message) for one in told)])) from error
    print(*(one.message for one in told), *lines, sep="\n", end="\n" if told or lines else "")
    return texts


def _read(path, text, label, **dialect):
    """Return the texts and lines about those left out."""
    from seqconv import SequenceSet, formats

    found = formats.read_texts(path, text, label, fold_labels=True, errors="skip", **dialect)
    if found.y is None:
        raise ValueError(f"{path} must have a column of labels.")
    # A text in both parts would make the figures too good.
    labels = {}
    for one, its in zip(found.X, found.y.astype(str).tolist(), strict=True):
        labels.setdefault(one, its)
    counts = dict(sorted(collections.Counter(labels.values()).items()))
    rare = {one: n for one, n in counts.items() if n < _FEWEST}
    if len(counts) - len(rare) < 2:
        raise ValueError(f"{path}: two labels of {_FEWEST} different texts or more are required, got {counts}.")
    lines = []
    if len(labels) < len(found):
        other = sum(labels[one] != str(its) for one, its in zip(found.X, found.y, strict=True))
        n = len(found) - len(labels)
        lines.append(f"{path}: {n:,} repeats of a text dropped, {other:,} of them with another label.")
    if rare:
        lines.append(f"{path}: labels of fewer than {_FEWEST} texts are left out: {rare}.")
    kept = [one for one in labels if labels[one] not in rare]
    return SequenceSet(kept, np.array([labels[one] for one in kept])), lines


def split(texts, fraction, seed):
    """Return training and test part; print how many texts are in both but for case, digits and blanks."""
    from sklearn.model_selection import train_test_split

    from seqconv.data.near_repeats import count_near_repeats

    train, test = train_test_split(range(len(texts)), test_size=fraction, stratify=texts.y, random_state=seed)
    train, test = texts[train], texts[test]
    if n := count_near_repeats(train.X, test.X):
        print(f"{n:,} of {len(test):,} texts tested are learnt from too, but for case, digits and blanks.")
    return train, test


def answer(classifier, messages):
    """Print the label of each message and its probability."""
    for text, row in zip(messages, classifier.predict_proba(messages), strict=True):
        print(f"  {classifier.classes_[row.argmax()]}  {row.max():.3f}  {text}")


def linear_svm(characters=True, class_weight=None):
    """Return a linear support vector machine on TF-IDF of words and pairs of words, and of characters.

    Cross-validation on training parts chose among words, characters and both. Both were best on the SMS Spam Collection
    and the made-up tickets, words alone on the made-up messages.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline, make_union
    from sklearn.svm import LinearSVC

    parts = [TfidfVectorizer(ngram_range=(1, 2), token_pattern=TOKEN, sublinear_tf=True)]
    if characters:
        parts.append(TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True))
    return make_pipeline(make_union(*parts), LinearSVC(class_weight=class_weight))


def loudest_spans(classifier, texts, target):
    """Return (drop of probability, words, text) of the three words of each text that speak most for a class.

    The largest drop comes first. Words are shown as they are in the text.
    """
    from seqconv.explain import occlusion

    found = occlusion(classifier, texts, window=3, target=target)
    loud = []
    for text, spans, windows in zip(texts, classifier.adapter_.locate(texts), found.loudest(1), strict=True):
        for start, stop, drop in windows:
            words = text[spans[start][0] : spans[min(stop, len(spans)) - 1][1]]
            loud.append((drop, " ".join(words.split()), text))
    return sorted(loud, reverse=True)


def draw_picture(classifier, test, predicted, text, target, path):
    """Draw the learning curve, the confusion matrix, and the tokens of a text that speak for a class."""
    from plots import confusion, explained_text, learning_curve, page, save

    from seqconv.explain import occlusion

    attributions = occlusion(classifier, [text], window=3, target=target).attributions[0]
    figure, axes = page(3)
    learning_curve(axes[0], classifier.history_)
    confusion(axes[1], test.y, predicted, classifier.classes_)
    explained_text(axes[2], text, classifier.adapter_.locate([text])[0], attributions, target)
    save(figure, path)
