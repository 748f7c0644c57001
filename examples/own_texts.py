"""Texts of the user from a CSV file, and the linear baseline of the examples that classify texts."""

import warnings

import numpy as np

TOKEN = r"\w+|[^\w\s]+"  # also single letters and emoticons, which may be all that a text has
_FEWEST = 5  # so that training and test part get their share of each label


def add_options(parser):
    parser.add_argument("--csv", metavar="FILE", help="your own texts: a CSV file in UTF-8, its first line the columns")
    parser.add_argument("--text", metavar="COLUMN", default="text", help="column of the texts, default: text")
    parser.add_argument("--label", metavar="COLUMN", default="label", help="column of the labels, default: label")


def read_options(parser, options, allowed=None):
    """Return the texts that the options name, or None; end the script if they are invalid."""
    if options.csv is None:
        return None
    if options.data == "real":
        return parser.error("argument --csv: your own texts and --data real exclude each other")
    try:
        return read_texts(options.csv, options.text, options.label, allowed)
    except (OSError, ValueError) as error:
        return parser.error(f"argument --csv: {error}")


def read_texts(path, text, label, allowed=None):
    """Read texts, each once, and their labels; an error names file, column and row."""
    from seqconv import SequenceSet
    from seqconv.adapters import TextAdapter

    table = _read_table(path)
    for column in (text, label):
        if column not in table:
            raise ValueError(f"{path} must have a column {column!r}, it has {', '.join(map(repr, table))}.")
    for row, (one, its_label) in enumerate(zip(table[text], table[label], strict=True), 1):
        try:
            TextAdapter().check([one])
        except (TypeError, ValueError) as error:
            fault = str(error).replace("case 0", "this one")
            raise ValueError(f"{path}, column {text!r}, row {row} below the header: {fault}") from error
        if not isinstance(its_label, str) or not its_label.strip() or (allowed and its_label not in allowed):
            needed = f"one of {', '.join(allowed)}" if allowed else "given"
            place = f"{path}, column {label!r}, row {row} below the header"
            raise ValueError(f"{place}: a label must be {needed}, got {its_label!r:.40}.")
    kept = table.drop_duplicates(text)  # a text in both parts would make the figures too good
    counts = kept[label].value_counts()
    if len(counts) < 2 or counts.iloc[-1] < _FEWEST:
        few = f"{counts.index[-1]!r} has {counts.iloc[-1]}" if len(counts) > 1 else f"there are {len(counts)}"
        raise ValueError(
            f"{path}, column {label!r}: two labels of {_FEWEST} different texts or more are required, {few}."
        )
    if len(kept) < len(table):
        other = (table[label] != table[text].map(kept.set_index(text)[label])).sum()
        print(f"{path}: {len(table) - len(kept):,} repeats of a text dropped, {other:,} of them with another label.")
    return SequenceSet(kept[text].tolist(), np.array(kept[label].tolist()))


def _read_table(path):
    import pandas as pd

    with warnings.catch_warnings():
        # pandas would silently drop what follows a comma too many.
        warnings.simplefilter("error", pd.errors.ParserWarning)
        try:
            return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", index_col=False)
        except (ValueError, pd.errors.ParserWarning) as error:
            raise ValueError(
                f"{path} must be a CSV file in UTF-8, texts with commas in quotes: {str(error).strip()}"
            ) from error


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
