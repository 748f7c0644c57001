"""Sort support tickets into queues of very unequal size: train, compare queue by queue, explain.

The script runs on made-up tickets and says so. ``--data real`` reads the Reuters news of R8, whose eight topics are as
unequal, from the data home (``SEQCONV_DATA``) or downloads them. ``--csv`` reads your own texts.

    python examples/tickets.py
    python examples/tickets.py --data real --picture tickets.png
    python examples/tickets.py --csv mails.csv --text body --label department --save mails.seqconv
    python examples/tickets.py --load mails.seqconv --message "I was charged twice"

What to expect: a queue shows in its words. So the linear model beside the network decides nearly alone, and the answers are
about those of a linear model on TF-IDF of words and characters, which fits in a second.
"""

import sys
import time

import own_texts
from arguments import new_parser, whole
from results import print_verdict
from terminal import escape_unknown_signs, load_keras

import seqconv

ADVICE = "A queue shows in its words, and a linear model learns them from fewer tickets. Use it, or compare on yours."


def read_options(arguments):
    parser = new_parser(__doc__, "one ticket")
    # The rarest queue has 2 %: of 100 tickets one for training, one for the test.
    parser.add_argument("--cases", type=whole(100), default=1500, help="number of made-up tickets")
    parser.add_argument("--max-steps", type=whole(1), default=200, help="words of a ticket that are read")
    own_texts.add_options(parser)
    options = parser.parse_args(arguments)
    options.own = own_texts.read_options(parser, options)
    return options


def read_tickets(options):
    """Return training and test part."""
    if options.own is None and options.data == "real":
        print("R8: Reuters news by topic, official split.")
        news = seqconv.datasets.load_sentences("r8")
        return news[news.part_is("train")], news[news.part_is("test")]
    if options.own is None:
        tickets = seqconv.datasets.make_tickets(options.cases, random_state=0)
        print(f"{len(tickets):,} made-up tickets: the figures say nothing about real ones.", end=" ")
        print("--data real reads Reuters news.")
    else:
        tickets = options.own
        print(f"{options.csv}: {len(tickets):,} texts of {len(set(tickets.y))} labels.")
    return own_texts.split(tickets, 0.4, seed=0)


def print_scores(name, y, predicted, classes):
    """Print the table of the queues and the spread of the mean F1 over resamples; return the mean F1."""
    from sklearn.metrics import f1_score

    def macro_f1(y, predicted):
        return f1_score(y, predicted, labels=classes, average="macro", zero_division=0)

    low, high = seqconv.metrics.bootstrap_interval(macro_f1, y, predicted, n_resamples=300, random_state=0)
    report = seqconv.metrics.class_report(y, predicted, classes)
    print(f"\n{name}\n{report}   95 % of resamples: macro_f1 {low:.4f} to {high:.4f}")
    return macro_f1(y, predicted)


def rarest_found(test, predicted):
    """Return the rarest queue of which a ticket was found, and its tickets that were found."""
    for queue in sorted(set(test.y), key=list(test.y).count):
        found = [text for text, y, label in zip(test.X, test.y, predicted, strict=True) if y == label == queue]
        if found:
            return queue, found
    return predicted[0], test.X[:1]


def main(arguments=None):
    options = read_options(arguments)
    escape_unknown_signs()
    load_keras()
    if options.load:
        return own_texts.answer(seqconv.load(options.load), options.message)
    train, test = read_tickets(options)
    classifier = seqconv.SeqConvClassifier(
        adapter=seqconv.adapters.TextAdapter(max_steps=options.max_steps, max_pieces=16),
        pooling="k_mean",  # a few places of a long text tell its queue
        class_weight="balanced",  # else the model ignores the small queues
        epochs=options.epochs,
        random_state=options.seed,
        verbose=1,
    )
    start = time.perf_counter()
    classifier.fit(train.X, train.y)
    print(f"Trained on {len(train):,} tickets in {time.perf_counter() - start:.0f} s; tested on {len(test):,}.")
    predicted = classifier.predict(test.X)
    ours = print_scores(
        "linear model and convolutional network, classes balanced", test.y, predicted, classifier.classes_
    )
    svm = own_texts.linear_svm(class_weight="balanced").fit(train.X, train.y)
    name = "TF-IDF + linear SVM, classes balanced"
    theirs = print_scores(name, test.y, svm.predict(test.X), classifier.classes_)
    print_verdict("macro-F1", ours, {"TF-IDF + linear SVM": theirs}, ADVICE)
    queue, found = rarest_found(test, predicted)
    loud = own_texts.loudest_spans(classifier, found[:50], queue)
    print(f"\nWhat spoke loudest for {queue} (by how much it makes {queue} more probable):")
    for drop, words, _ in loud[:8]:
        print(f"  {drop:6.3f}  {words}")
    if options.save:
        classifier.save(options.save)
        print(f"\nSaved. Ask it: python {sys.argv[0]} --load {options.save} --message TEXT")
    if options.message:
        own_texts.answer(classifier, options.message)
    if options.picture:
        own_texts.draw_picture(classifier, test, predicted, loud[0][2] if loud else found[0], queue, options.picture)


if __name__ == "__main__":
    main()
