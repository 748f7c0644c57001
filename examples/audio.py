"""Tell sounds apart: train on one part, test on the other, beside summaries of the spectrum and a support vector machine.

Without a data home the script runs on made-up sounds and says so; ``--data real`` takes spoken digits or environmental
sounds from the data home (``SEQCONV_DATA``); ``--folder`` takes your own WAV and FLAC files, in a folder or zip archive with
one folder a class.

    python examples/audio.py
    python examples/audio.py --data real --name spoken_digits --picture digits.png
    python examples/audio.py --data real --name esc10
    python examples/audio.py --folder clips
"""

import argparse
import sys
import time

import numpy as np
from arguments import picture, seed, whole
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupShuffleSplit
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

import seqconv
from seqconv.adapters import AudioAdapter
from seqconv.augment import (
    Equalizer,
    FrequencyMasking,
    FrequencyShift,
    FrequencyWarp,
    Mixup,
    RandomShift,
    SpeedChange,
    TimeMasking,
)
from seqconv.data.splits import split_cases
from seqconv.datasets import list_audio, load_esc10, load_spoken_digits, make_audio
from seqconv.encoders import FCN
from seqconv.explain import occlusion

MASKS = [TimeMasking(2, 0.1, "mean", rate=1), FrequencyMasking(2, 0.1, "mean", rate=1)]
# What may change in a sound that is still the same: a digit has an order, so it is not turned round.
SETTINGS = {
    "made-up": {
        "adapter": AudioAdapter(8000, n_mels=40),
        "augment": [SpeedChange((0.8, 1.25)), FrequencyShift(2), *MASKS],
        "epochs": 25,
        "batch_size": 16,
    },
    "spoken_digits": {
        "adapter": AudioAdapter(8000, n_mels=40, trim_db=20, range_db=40),
        "augment": [
            SpeedChange((0.85, 1.2), rate=1),
            FrequencyWarp((0.95, 1.05), rate=1),
            Equalizer(0.2, rate=1),
            *MASKS,
        ],
        "epochs": 20,
        "batch_size": 32,
    },
    "esc10": {
        "adapter": AudioAdapter(16_000, n_mels=40, window_seconds=0.064, hop_seconds=0.04, range_db=50, n_jobs=-1),
        "augment": [RandomShift(0.5, "wrap", rate=1), FrequencyShift(1, rate=1), *MASKS, Mixup(0.4)],
        "epochs": 80,
        "batch_size": 16,
    },
    "folder": {
        "adapter": AudioAdapter(16_000, n_mels=40, max_seconds=10, range_db=50, n_jobs=-1, verbose=1),
        "augment": [SpeedChange((0.9, 1.1)), FrequencyShift(1), *MASKS],
        "epochs": 40,
        "batch_size": 16,
    },
}


def read_folder(own):
    """Training and test part of the user's recordings, split by class; all that was cut from a long one is on one side."""
    try:
        sounds = SETTINGS["folder"]["adapter"].cases(own, errors="skip")
    except (OSError, ValueError) as error:
        sys.exit(f"--folder: {error}")
    names = np.unique(sounds.y)
    if len(names) < 2:
        sys.exit(f"--folder: two classes or more with clips that can be read are required, got {str(names[0])!r}.")
    is_test = np.isin(sounds.groups, choose_recordings(sounds))
    train, test = sounds[~is_test], sounds[is_test]
    print(f"{len(own)} recordings of yours, {len(np.unique(test.groups))} of them set apart for the test.")
    if lacking := sorted({*names} - {*test.y}):
        print(f"The test part lacks {', '.join(lacking)}: the figures say nothing of them; add recordings.")
    return train, test


def choose_recordings(sounds):
    """Recordings for the test: a quarter, or so many more that each class can have one, in proportion to the classes."""
    numbers, first = np.unique(sounds.groups, return_index=True)
    labels = sounds.y[first]
    names, counts = np.unique(labels, return_counts=True)
    if counts.max() < 2:
        sys.exit("--folder: a class of two recordings or more that can be read is required, each has one.")
    # The only recording of a class is learnt from.
    is_several = np.isin(labels, names[counts > 1])
    several = seqconv.SequenceSet(numbers[is_several], labels[is_several])
    return split_cases(several, max(0.25, (counts > 1).sum() / len(several)), random_state=0)[1].X


def read_sounds(name, n_cases, own):
    """Training and test part."""
    if name == "folder":
        return read_folder(own)
    if name == "made-up":
        sounds = make_audio(n_cases, random_state=0)
        print(f"{n_cases} made-up sounds: the figures say nothing of real ones. --data real takes those.")
        print("Tested on devices that recorded no training clip.")
        train, test = next(GroupShuffleSplit(1, test_size=0.4, random_state=0).split(sounds.X, groups=sounds.groups))
        return sounds[train], sounds[test]
    if name == "spoken_digits":
        sounds = load_spoken_digits()
        print("Spoken digits of four speakers, all of them in both parts: the official split.")
        test = sounds.part_is("test")
    else:
        sounds = load_esc10()
        print("Environmental sounds (ESC-10), tested on fold 4; benchmarks/audio.py takes all folds in turn.")
        test = sounds.part_is(4)
    return sounds[~test], sounds[test]


def summaries(clips, adapter):
    """Mean and deviation over time of 20 mel cepstra, (n_cases, 40)."""
    cepstra = AudioAdapter(adapter.sampling_rate_hz, n_mels=40, features="mfcc", normalize=None).fit_transform(clips)
    return np.concatenate([np.nanmean(cepstra, axis=1), np.nanstd(cepstra, axis=1)], axis=1)


def occluded(classifier, clips):
    """How much less probable its class is without each tenth of a second of each clip."""
    return occlusion(classifier, clips, window=max(1, round(0.1 / classifier.adapter_.hop_seconds)))


def print_loudest(classifier, clips):
    """When these clips speak loudest for what they were taken for."""
    print("\nWhat spoke loudest for the verdict (how much less probable it is without it):")
    spans, verdicts = classifier.adapter_.locate(clips), classifier.predict(clips)
    for span, verdict, windows in zip(spans, verdicts, occluded(classifier, clips).loudest(1), strict=True):
        for start, stop, drop in windows:
            print(
                f"  {drop:6.3f}  from {span[start][0]:.2f} s to {span[min(stop, len(span)) - 1][1]:.2f} s, for {verdict}"
            )


def most_telling(classifier, test, predicted):
    """Of the first dozen clips that were taken for what they are: the one whose loudest stretch counts most."""
    hits = np.flatnonzero(predicted == test.y)[:12] if (predicted == test.y).any() else np.array([0])
    drops = occluded(classifier, test[hits].X).drops
    return test[hits[np.nanmax(drops, axis=1).argmax()]]


def draw_picture(classifier, test, predicted, path):
    import librosa
    from plots import confusion, explained_sound, learning_curve, page

    clip, adapter = most_telling(classifier, test, predicted).X, classifier.adapter_
    figure, axes = page(3)
    learning_curve(axes[0], classifier.history_)
    confusion(axes[1], test.y, predicted, classifier.classes_)
    # The picture shows the whole clip as it was heard, whatever the adapter trimmed and scaled.
    plain = AudioAdapter(adapter.sampling_rate_hz, n_mels=adapter.n_mels, normalize=None).fit(clip)
    band_hz = librosa.mel_frequencies(plain.n_mels + 2, fmin=0, fmax=plain.sampling_rate_hz / 2)[1:-1]
    drops = occluded(classifier, clip).attributions[0]
    heard = plain.transform(clip)[0], plain.locate(clip)[0], band_hz
    explained_sound(axes[2], *heard, adapter.locate(clip)[0], drops, classifier.predict(clip)[0])
    figure.savefig(path, dpi=120, format="png")
    print(f"\nPicture: {path}")


def read_options(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", choices=["made-up", "real"], default="made-up")
    parser.add_argument("--name", choices=["spoken_digits", "esc10"], default="spoken_digits", help="for --data real")
    parser.add_argument("--epochs", type=whole(1), help="passes over the training part; default: 20 to 80 by set")
    parser.add_argument("--folder", help="your own clips: a folder or zip archive with one folder a class")
    # Six classes, each to be in both parts with some luck.
    parser.add_argument("--cases", type=whole(60), default=300, help="how many made-up sounds")
    parser.add_argument("--members", type=whole(1), default=1, help="networks whose probabilities are averaged")
    parser.add_argument(
        "--picture", metavar="PATH", type=picture, help="write a PNG: learning curve, confusion matrix, one sound"
    )
    parser.add_argument("--seed", type=seed, default=0)
    options = parser.parse_args(arguments)
    try:
        options.own = list_audio(options.folder) if options.folder else None
    except (OSError, ValueError) as error:
        parser.error(f"argument --folder: {error}")
    if options.own and len(names := np.unique(options.own.y)) < 2:
        parser.error(f"argument --folder: two classes or more are required, got {str(names[0])!r}")
    return options


def fit_network(train, settings, options):
    """The network, and the seconds that its fit took."""
    classifier = seqconv.SeqConvClassifier(
        FCN(filters=(64, 64, 64), kernel_sizes=(5, 5, 5)),
        adapter=settings["adapter"],
        augment=settings["augment"],
        pooling="mean_max",
        epochs=options.epochs or settings["epochs"],
        batch_size=settings["batch_size"],
        validation_fraction=0,  # few clips: all are learnt from
        n_members=options.members,
        random_state=options.seed,
        verbose=1,
    )
    start = time.perf_counter()
    classifier.fit(train)
    return classifier, time.perf_counter() - start


def fit_svm(train, adapter):
    """A support vector machine on summaries, and the seconds that its fit took."""
    start = time.perf_counter()
    svm = make_pipeline(StandardScaler(), SVC(C=10)).fit(summaries(train.X, adapter), train.y)
    return svm, time.perf_counter() - start


def print_table(test, rows):
    print(f"\n{'':<34}{'accuracy':>9}{'macro-F1':>10}{'fit s':>8}")
    for name, predicted, seconds in rows:
        accuracy = np.mean(predicted == test.y)
        print(f"{name:<34}{accuracy:>9.4f}{f1_score(test.y, predicted, average='macro'):>10.4f}{seconds:>8.1f}")


def main(arguments=None):
    options = read_options(arguments)
    name = "folder" if options.folder else options.name if options.data == "real" else "made-up"
    settings = SETTINGS[name]
    train, test = read_sounds(name, options.cases, options.own)
    print(f"{len(train)} training and {len(test)} test clips of {len(np.unique(train.y))} classes.")
    classifier, seconds = fit_network(train, settings, options)
    svm, svm_seconds = fit_svm(train, settings["adapter"])
    predicted = classifier.predict(test.X)
    by_svm = svm.predict(summaries(test.X, settings["adapter"]))
    rows = [("convolutional network", predicted, seconds), ("MFCC statistics + RBF SVM", by_svm, svm_seconds)]
    print_table(test, rows)
    print_loudest(classifier, test.X[:3])
    if options.picture:
        draw_picture(classifier, test, predicted, options.picture)


if __name__ == "__main__":
    main()
