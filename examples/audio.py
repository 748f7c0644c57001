"""Tell sounds apart: train on one part, test on the other, beside summaries of the spectrum and a support vector machine.

Without a data home the script runs on made-up sounds and says so; ``--data real`` takes spoken digits or environmental
sounds from the data home (``SEQCONV_DATA``).

    python examples/audio.py
    python examples/audio.py --data real --name spoken_digits --picture digits.png
    python examples/audio.py --data real --name esc10
"""

import argparse
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
from seqconv.augment import FrequencyMasking, FrequencyShift, RandomShift, SpeedChange, TimeMasking
from seqconv.datasets import load_esc10, load_spoken_digits, make_audio
from seqconv.encoders import FCN
from seqconv.explain import occlusion


def read_sounds(data, name, n_cases):
    """Training and test part, and the adapter that suits the set."""
    if data == "made-up":
        sounds = make_audio(n_cases, random_state=0)
        print(f"{n_cases} made-up sounds: the figures say nothing of real ones. --data real takes those.")
        print("Tested on devices that recorded no training clip.")
        train, test = next(GroupShuffleSplit(1, test_size=0.4, random_state=0).split(sounds.X, groups=sounds.groups))
        return sounds[train], sounds[test], AudioAdapter(8000, n_mels=40)
    if name == "spoken_digits":
        sounds = load_spoken_digits()
        print("Spoken digits of four speakers, all of them in both parts: the official split.")
        test = sounds.part_is("test")
        return sounds[~test], sounds[test], AudioAdapter(8000, n_mels=40, trim_db=20, range_db=40)
    sounds = load_esc10()
    print("Environmental sounds (ESC-10), tested on fold 4; benchmarks/audio.py takes all folds in turn.")
    test = sounds.part_is(4)
    return sounds[~test], sounds[test], AudioAdapter(window_seconds=0.04, hop_seconds=0.04, n_jobs=-1)


def augmentations(name):
    """What may change in a sound that is still the same; a digit has an order, so it is not turned round."""
    shift = [RandomShift(0.4, "wrap")] if name == "esc10" else [SpeedChange((0.8, 1.25))]
    return [*shift, FrequencyShift(2), TimeMasking(fill="mean"), FrequencyMasking(fill="mean")]


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


def draw_picture(classifier, test, path):
    from plots import confusion, explained_sound, learning_curve, page

    clip, adapter = test.X[:1], classifier.adapter_
    figure, axes = page(3)
    learning_curve(axes[0], classifier.history_)
    confusion(axes[1], test.y, classifier.predict(test.X), classifier.classes_)
    # The picture shows the whole clip as it was heard, whatever the adapter trimmed and scaled.
    plain = AudioAdapter(adapter.sampling_rate_hz, n_mels=adapter.n_mels, normalize=None).fit(clip)
    drops = occluded(classifier, clip).attributions[0]
    heard = plain.transform(clip)[0], plain.locate(clip)[0]
    explained_sound(axes[2], *heard, adapter.locate(clip)[0], drops, classifier.predict(clip)[0])
    figure.savefig(path, dpi=120, format="png")
    print(f"\nPicture: {path}")


def read_options(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", choices=["made-up", "real"], default="made-up")
    parser.add_argument("--name", choices=["spoken_digits", "esc10"], default="spoken_digits", help="for --data real")
    parser.add_argument("--epochs", type=whole(1), default=25, help="passes over the training part")
    # Six classes, each to be in both parts with some luck.
    parser.add_argument("--cases", type=whole(60), default=300, help="how many made-up sounds")
    parser.add_argument("--members", type=whole(1), default=1, help="networks whose probabilities are averaged")
    parser.add_argument(
        "--picture", metavar="PATH", type=picture, help="write a PNG: learning curve, confusion matrix, one sound"
    )
    parser.add_argument("--seed", type=seed, default=0)
    return parser.parse_args(arguments)


def main(arguments=None):
    options = read_options(arguments)
    train, test, adapter = read_sounds(options.data, options.name, options.cases)
    print(f"{len(train)} training and {len(test)} test clips of {len(np.unique(train.y))} classes.")
    classifier = seqconv.SeqConvClassifier(
        FCN(filters=(64, 128, 64)),
        adapter=adapter,
        augment=augmentations(options.name if options.data == "real" else "made-up"),
        pooling="mean_max",
        epochs=options.epochs,
        n_members=options.members,
        random_state=options.seed,
        verbose=1,
    )
    start = time.perf_counter()
    classifier.fit(train.X, train.y)
    seconds = time.perf_counter() - start
    svm = make_pipeline(StandardScaler(), SVC(C=10)).fit(summaries(train.X, adapter), train.y)
    print(f"\n{'':<34}{'accuracy':>9}{'macro-F1':>10}{'fit s':>8}")
    for name, predicted, spent in (
        ("convolutional network", classifier.predict(test.X), f"{seconds:>8.1f}"),
        ("MFCC statistics + RBF SVM", svm.predict(summaries(test.X, adapter)), f"{'-':>8}"),
    ):
        accuracy = np.mean(predicted == test.y)
        print(f"{name:<34}{accuracy:>9.4f}{f1_score(test.y, predicted, average='macro'):>10.4f}{spent}")
    print_loudest(classifier, test.X[:3])
    if options.picture:
        draw_picture(classifier, test, options.picture)


if __name__ == "__main__":
    main()
