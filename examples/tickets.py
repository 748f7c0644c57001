"""Sort support tickets into queues of very unequal size: train, compare queue by queue, explain.

Without a data home the script runs on made-up tickets and says so; ``--data real`` takes the Reuters news of R8, whose
eight topics are as unequal, from the data home (``SEQCONV_DATA``) or downloads them; ``--csv`` takes your own texts.

    python examples/tickets.py
    python examples/tickets.py --data real --picture tickets.png
    python examples/tickets.py --csv mails.csv --text body --label department
"""

import argparse
import time

import numpy as np
import own_texts
from arguments import picture, seed, whole
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

import seqconv
from seqconv.adapters import TextAdapter
from seqconv.datasets import load_sentences, make_tickets
from seqconv.explain import occlusion
from seqconv.metrics import bootstrap_interval, class_report


def read_tickets(options):
    """Training and test part."""
    if options.own is None and options.data == "real":
        news = load_sentences("r8")
        print("R8: Reuters news by topic, official split.")
        return news[news.part_is("train")], news[news.part_is("test")]
    if options.own is None:
        tickets = make_tickets(options.cases, random_state=0)
        print(
            f"{len(tickets):,} made-up tickets: the figures say nothing of real ones. --data real takes Reuters news."
        )
    else:
        tickets = options.own
        print(f"{options.csv}: {len(tickets):,} texts of {len(np.unique(tickets.y))} labels.")
    train, test = train_test_split(np.arange(len(tickets)), test_size=0.4, stratify=tickets.y, random_state=0)
    return tickets[train], tickets[test]


def print_scores(name, y, predicted, classes):
    """The table of the queues, and how far the mean F1 would move with other tickets."""

    def macro_f1(y, predicted):
        return f1_score(y, predicted, labels=classes, average="macro", zero_division=0)

    low, high = bootstrap_interval(macro_f1, y, predicted, n_resamples=300, random_state=0)
    print(f"\n{name}\n{class_report(y, predicted, classes)}   95 % of resamples: macro_f1 {low:.4f} to {high:.4f}")


def rarest_found(y, predicted):
    """The rarest queue of which a ticket was found, and the positions of its tickets that were found."""
    queues, counts = np.unique(y, return_counts=True)
    for queue in queues[np.argsort(counts)]:
        found = np.flatnonzero((y == queue) & (predicted == queue))
        if len(found):
            return queue, found
    return predicted[0], np.array([0])


def loudest(classifier, texts, queue):
    """Of each ticket the three words that speak loudest for a queue: drops of probability, words, tickets; loudest first."""
    found = occlusion(classifier, texts, window=3, target=queue)
    loud = []
    for text, spans, windows in zip(texts, classifier.adapter_.locate(texts), found.loudest(1), strict=True):
        for start, stop, drop in windows:
            words = text[spans[start][0] : spans[min(stop, len(spans)) - 1][1]]
            loud.append((drop, " ".join(words.split()), text))
    return sorted(loud, reverse=True)


def draw_picture(classifier, test, predicted, text, queue, path):
    from plots import confusion, explained_text, learning_curve, page

    found = occlusion(classifier, [text], target=queue)
    figure, axes = page(3)
    learning_curve(axes[0], classifier.history_)
    confusion(axes[1], test.y, predicted, classifier.classes_)
    explained_text(axes[2], text, classifier.adapter_.locate([text])[0], found.attributions[0], queue)
    figure.savefig(path, dpi=120, format="png")
    print(f"\nPicture: {path}")


def read_options(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", choices=["made-up", "real"], default="made-up")
    # The rarest queue has 2 %: of 100 tickets one for training, one for the test.
    parser.add_argument("--cases", type=whole(100), default=1500, help="how many made-up tickets")
    parser.add_argument("--max-steps", type=whole(1), default=200, help="words of a ticket that are read")
    parser.add_argument(
        "--epochs", type=whole(1), help="passes over the training tickets; default: as the library chooses"
    )
    parser.add_argument(
        "--picture", metavar="PATH", type=picture, help="write a PNG: learning curve, confusion matrix, one ticket"
    )
    parser.add_argument("--seed", type=seed, default=0)
    own_texts.add_options(parser)
    options = parser.parse_args(arguments)
    options.own = own_texts.read_options(parser, options)
    return options


def main(arguments=None):
    options = read_options(arguments)
    own_texts.escape_unknown_signs()
    train, test = read_tickets(options)
    classifier = seqconv.SeqConvClassifier(
        adapter=TextAdapter(max_steps=options.max_steps, max_pieces=16),
        pooling="k_mean",  # the trouble stands in a few places of a long text
        class_weight="balanced",  # or a network learns that the small queues hardly exist
        epochs=options.epochs,
        random_state=options.seed,
        verbose=1,
    )
    start = time.perf_counter()
    classifier.fit(train.X, train.y)
    print(f"Trained on {len(train):,} tickets in {time.perf_counter() - start:.0f} s; tested on {len(test):,}.")
    predicted = classifier.predict(test.X)
    print_scores("convolutional network, classes balanced", test.y, predicted, classifier.classes_)
    baseline = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), token_pattern=own_texts.TOKEN, sublinear_tf=True),
        LinearSVC(class_weight="balanced"),
    ).fit(train.X, train.y)
    print_scores("TF-IDF + linear SVM, classes balanced", test.y, baseline.predict(test.X), classifier.classes_)
    queue, found = rarest_found(test.y, predicted)
    texts = [test.X[i] for i in found[:50]]
    loud = loudest(classifier, texts, queue)
    print(f"\nWhat spoke loudest for {queue} (how much less probable it is without):")
    for drop, words, _ in loud[:8]:
        print(f"  {drop:6.3f}  {words}")
    if options.picture:
        draw_picture(classifier, test, predicted, loud[0][2] if loud else texts[0], queue, options.picture)


if __name__ == "__main__":
    main()
