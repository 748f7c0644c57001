"""Tell spam from ham: train, compare, explain, save, load, classify.

Without a data home the script runs on made-up messages and says so; ``--data real`` takes the SMS Spam Collection from
the data home (``SEQCONV_DATA``) or downloads it; ``--csv`` takes your own messages, labelled ham and spam.

    python examples/spam.py
    python examples/spam.py --data real --message "Free entry! Text WIN to 80086"
    python examples/spam.py --csv mails.csv --text body --label verdict
"""

import argparse
import os
import pathlib
import tempfile
import time

import own_texts
from arguments import new_file, picture, seed, whole
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

import seqconv
from seqconv.adapters import TextAdapter
from seqconv.datasets import load_sms_spam, make_messages
from seqconv.explain import occlusion


def read_messages(options):
    if options.own is not None:
        messages = options.own
        print(f"{options.csv}: {len(messages):,} messages.")
    elif options.data == "real":
        messages = load_sms_spam(distinct=True)
        print(f"SMS Spam Collection without its repeated messages: {len(messages):,} messages.")
    else:
        messages = make_messages(options.cases, random_state=0)
        print(f"{len(messages):,} made-up messages: the figures say nothing of real ones. --data real takes those.")
    return messages


def print_scores(name, y, predicted):
    precision, recall, f1, _ = precision_recall_fscore_support(
        y, predicted, pos_label="spam", average="binary", zero_division=0
    )
    (ham, false_alarm), (missed, spam) = confusion_matrix(y, predicted, labels=["ham", "spam"])
    print(f"{name:<28}{accuracy_score(y, predicted):>9.4f}{precision:>11.4f}{recall:>8.4f}{f1:>8.4f}", end="")
    print(f"{ham:>8}{false_alarm:>6}{missed:>6}{spam:>6}")


def print_loudest(classifier, texts, n):
    """The spans of three words that speak loudest for spam in these messages."""
    found = occlusion(classifier, texts, window=3, target="spam")
    spans = classifier.adapter_.locate(texts)
    loud = []
    for text, span, windows in zip(texts, spans, found.loudest(1), strict=True):
        for start, stop, drop in windows:
            loud.append((drop, text[span[start][0] : span[min(stop, len(span)) - 1][1]]))
    print("\nWhat spoke loudest for spam (how much less probable spam is without it):")
    for drop, words in sorted(loud, reverse=True)[:n]:
        print(f"  {drop:6.3f}  {words}")


def draw_picture(classifier, X, y, text, path):
    from plots import confusion, explained_text, learning_curve, page

    found = occlusion(classifier, [text], target="spam")
    figure, axes = page(3)
    learning_curve(axes[0], classifier.history_)
    confusion(axes[1], y, classifier.predict(X), classifier.classes_)
    explained_text(axes[2], text, classifier.adapter_.locate([text])[0], found.attributions[0], "spam")
    figure.savefig(path, dpi=120, format="png")
    print(f"\nPicture: {path}")


def read_options(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", choices=["made-up", "real"], default="made-up")
    parser.add_argument("--message", action="append", default=[], help="a message to classify; may be repeated")
    parser.add_argument("--save", metavar="PATH", type=new_file, help="keep the trained classifier in this file")
    parser.add_argument(
        "--picture", metavar="PATH", type=picture, help="write a PNG: learning curve, confusion matrix, one message"
    )
    parser.add_argument(
        "--epochs", type=whole(1), help="passes over the training messages; default: as the library chooses"
    )
    # A fifth is spam: of ten messages one for training, one for the test.
    parser.add_argument("--cases", type=whole(10), default=2000, help="how many made-up messages")
    parser.add_argument("--seed", type=seed, default=0)
    own_texts.add_options(parser)
    options = parser.parse_args(arguments)
    if options.message:
        try:
            TextAdapter().check(options.message)
        except ValueError as error:
            parser.error(f"argument --message: {error}")
    if options.save and options.picture and os.path.realpath(options.save) == os.path.realpath(options.picture):
        parser.error("--save and --picture must name different files")
    options.own = own_texts.read_options(parser, options, allowed=("ham", "spam"))
    return options


def main(arguments=None):
    options = read_options(arguments)
    own_texts.escape_unknown_signs()
    messages = read_messages(options)
    X, X_test, y, y_test = train_test_split(
        messages.X, messages.y, test_size=0.3, stratify=messages.y, random_state=options.seed
    )
    classifier = seqconv.SeqConvClassifier(
        adapter=TextAdapter(), epochs=options.epochs, random_state=options.seed, verbose=1
    )
    start = time.perf_counter()
    classifier.fit(X, y)
    print(f"Trained on {len(X):,} messages in {time.perf_counter() - start:.0f} s; tested on {len(X_test):,}.\n")
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), token_pattern=own_texts.TOKEN, sublinear_tf=True)
    baseline = make_pipeline(vectorizer, LinearSVC()).fit(X, y)
    print(
        f"{'':<28}{'accuracy':>9}{'precision':>11}{'recall':>8}{'F1':>8}{'ham':>8}{'->spam':>7}{'->ham':>6}{'spam':>5}"
    )
    predicted = classifier.predict(X_test)
    print_scores("convolutional network", y_test, predicted)
    print_scores("TF-IDF + linear SVM", y_test, baseline.predict(X_test))
    found = [text for text, label in zip(X_test, predicted, strict=True) if label == "spam"]
    if found:
        print_loudest(classifier, found[:100], 8)

    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(options.save or pathlib.Path(folder) / "spam.seqconv")
        classifier.save(path)
        loaded = seqconv.load(path)
        print(f"\nSaved ({path.stat().st_size / 1e6:.1f} MB) and loaded again: the verdicts of the loaded classifier")
    for text in options.message or [
        "URGENT! You have won a cash prize. Call 09061701461 now",
        "Running late, see you at 7",
    ]:
        probability = loaded.predict_proba([text])[0, list(loaded.classes_).index("spam")]
        print(f"  {'spam' if probability > 0.5 else 'ham '}  {probability:.3f}  {text}")
    if options.picture:
        draw_picture(loaded, X_test, y_test, (found or X_test)[0], options.picture)


if __name__ == "__main__":
    main()
