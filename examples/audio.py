"""Tell sounds apart: train on one part, test on the other, compared with an SVM and a forest on MFCC.

The script runs on made-up sounds and says so. ``--data real`` reads spoken digits or environmental sounds from the data
home (``SEQCONV_DATA``). ``--folder`` reads your own files, in a folder or zip archive with one folder a class.

    python examples/audio.py
    python examples/audio.py --data real --name spoken_digits --picture digits.png
    python examples/audio.py --data real --name esc10
    python examples/audio.py --folder clips

What to expect: the network is best where the place of a sound in the clip varies (made-up sounds) or voices are new. For
words of known voices, and for one fold of ESC-10, an SVM on the means of eight pieces of the clip is level or better.
"""

import itertools
import sys
import time

import numpy as np
from arguments import new_parser, whole
from own_sounds import read_folder
from results import first_hits, most_telling, print_verdict
from terminal import load_keras

import seqconv

ADVICE = "The order of a few spectra tells the class here. Use that model where it stays ahead on your own split."


def settings_of(name):
    """Return adapter, augmentation, epochs and batch size for a set.

    The augmentation changes what may differ between sounds of a class. A digit has an order, so it is not shifted around.
    """
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

    masks = [TimeMasking(2, 0.1, "mean", rate=1), FrequencyMasking(2, 0.1, "mean", rate=1)]
    voice = [SpeedChange((0.85, 1.2), rate=1), FrequencyWarp((0.95, 1.05), rate=1), Equalizer(0.2, rate=1), *masks]
    scene = [RandomShift(0.5, "wrap", rate=1), FrequencyShift(1, rate=1), *masks, Mixup(0.4)]
    frames = {"window_seconds": 0.064, "hop_seconds": 0.04}
    return {
        "made-up": (AudioAdapter(8000, n_mels=40), [SpeedChange((0.8, 1.25)), FrequencyShift(2), *masks], 25, 16),
        "spoken_digits": (AudioAdapter(8000, n_mels=40, trim_db=20, range_db=40), voice, 20, 32),
        "esc10": (AudioAdapter(16_000, n_mels=40, **frames, range_db=50, n_jobs=-1), scene, 80, 16),
        "folder": (
            AudioAdapter(16_000, n_mels=40, max_seconds=10, range_db=50, n_jobs=-1, verbose=int(sys.stdout.isatty())),
            [SpeedChange((0.9, 1.1)), FrequencyShift(1), *masks],
            40,
            16,
        ),
    }[name]


def read_options(arguments):
    parser = new_parser(__doc__, "one sound", epochs_by_default="20 to 80 by set")
    parser.add_argument("--name", choices=["spoken_digits", "esc10"], default="spoken_digits", help="for --data real")
    parser.add_argument("--folder", help="your own clips: a folder or zip archive with one folder a class")
    # Six classes: of fewer sounds, one may be missing in a part.
    parser.add_argument("--cases", type=whole(60), default=300, help="number of made-up sounds")
    parser.add_argument("--members", type=whole(1), default=1, help="networks whose probabilities are averaged")
    options = parser.parse_args(arguments)
    try:
        options.own = seqconv.datasets.list_audio(options.folder) if options.folder else None
    except (OSError, ValueError) as error:
        parser.error(f"argument --folder: {error}")
    if options.own and len(names := np.unique(options.own.y)) < 2:
        parser.error(f"argument --folder: two classes or more are required, got {str(names[0])!r}")
    return options


def read_sounds(name, n_cases, own):
    """Return training and test part."""
    from sklearn.model_selection import GroupShuffleSplit

    if name == "folder":
        return read_folder(own, settings_of("folder")[0])
    if name == "made-up":
        sounds = seqconv.datasets.make_audio(n_cases, random_state=0)
        print(f"{n_cases} made-up sounds: the figures say nothing about real ones. --data real reads those.")
        print("The test part comes from devices that recorded no training clip.")
        train, test = next(GroupShuffleSplit(1, test_size=0.4, random_state=0).split(sounds.X, groups=sounds.groups))
        return sounds[train], sounds[test]
    if name == "spoken_digits":
        sounds = seqconv.datasets.load_spoken_digits()
        print("Spoken digits of four speakers, all of them in both parts: the official split.")
        test = sounds.part_is("test")
    else:
        sounds = seqconv.datasets.load_esc10()
        print("Environmental sounds (ESC-10), tested on fold 4; benchmarks/audio.py tests all folds in turn.")
        test = sounds.part_is(4)
    return sounds[~test], sounds[test]


def statistics(clips, rate_hz):
    """Return mean and deviation over time of 20 mel cepstra, (n_cases, 40)."""
    adapter = seqconv.adapters.AudioAdapter(rate_hz, n_mels=40, features="mfcc", normalize=None)
    cepstra = adapter.fit_transform(clips)
    return np.concatenate([np.nanmean(cepstra, axis=1), np.nanstd(cepstra, axis=1)], axis=1)


def pieces(clips, rate_hz, n_pieces=8):
    """Return mean, deviation and the means of successive pieces of 20 mel cepstra, (n_cases, 40 + 20 * n_pieces).

    Silence at both ends is cut off first, so that the pieces are comparable.
    """
    adapter = seqconv.adapters.AudioAdapter(rate_hz, n_mels=40, features="mfcc", normalize=None, trim_db=20)
    rows = []
    for case in adapter.fit_transform(clips):
        case = case[~np.isnan(case).all(axis=1)]
        edges = np.linspace(0, len(case), n_pieces + 1)
        means = [case[int(a) : max(int(a) + 1, int(b))].mean(axis=0) for a, b in itertools.pairwise(edges)]
        rows.append(np.concatenate([case.mean(axis=0), case.std(axis=0), *means]))
    return np.array(rows)


def simple_models():
    """Return features and model of each baseline."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    return {
        "MFCC statistics + RBF SVM": (statistics, make_pipeline(StandardScaler(), SVC(C=10))),
        "MFCC in 8 pieces + RBF SVM": (pieces, make_pipeline(StandardScaler(), SVC(C=10))),
        "MFCC in 8 pieces + forest": (pieces, RandomForestClassifier(300, random_state=0, n_jobs=2)),
    }


def print_row(name, test, predicted, seconds):
    from sklearn.metrics import f1_score

    accuracy = np.mean(predicted == test.y)
    print(f"{name:<34}{accuracy:>9.4f}{f1_score(test.y, predicted, average='macro'):>10.4f}{seconds:>8.1f}")
    return accuracy


def tenth_of_a_second(classifier):
    return max(1, round(0.1 / classifier.adapter_.hop_seconds))


def print_loudest(classifier, clips):
    """Print when each clip speaks loudest for its predicted class."""
    print("\nWhat spoke loudest for the verdict (by how much it makes the verdict more probable):")
    found = seqconv.explain.occlusion(classifier, clips, window=tenth_of_a_second(classifier))
    for span, verdict, windows in zip(
        classifier.adapter_.locate(clips), classifier.predict(clips), found.loudest(1), strict=True
    ):
        for start, stop, drop in windows:
            seconds = f"from {span[start][0]:.2f} s to {span[min(stop, len(span)) - 1][1]:.2f} s"
            print(f"  {drop:6.3f}  {seconds}, for {verdict}")


def draw_picture(classifier, test, predicted, path):
    import librosa
    from plots import confusion, explained_sound, learning_curve, page, save

    some = test[first_hits(test.y, predicted)]
    case, attributions = most_telling(classifier, some.X, tenth_of_a_second(classifier))
    clip, adapter = some[[case]].X, classifier.adapter_
    figure, axes = page(3)
    learning_curve(axes[0], classifier.history_)
    confusion(axes[1], test.y, predicted, classifier.classes_)
    # The whole clip as recorded, although the adapter may have trimmed and scaled it.
    plain = seqconv.adapters.AudioAdapter(adapter.sampling_rate_hz, n_mels=adapter.n_mels, normalize=None).fit(clip)
    band_hz = librosa.mel_frequencies(plain.n_mels + 2, fmin=0, fmax=plain.sampling_rate_hz / 2)[1:-1]
    recorded = plain.transform(clip)[0], plain.locate(clip)[0], band_hz
    explained_sound(axes[2], *recorded, adapter.locate(clip)[0], attributions, classifier.predict(clip)[0])
    save(figure, path)


def main(arguments=None):
    options = read_options(arguments)
    load_keras()
    name = "folder" if options.folder else options.name if options.data == "real" else "made-up"
    adapter, augment, epochs, batch_size = settings_of(name)
    train, test = read_sounds(name, options.cases, options.own)
    print(f"{len(train)} training and {len(test)} test clips of {len(np.unique(train.y))} classes.")
    classifier = seqconv.SeqConvClassifier(
        seqconv.encoders.FCN(filters=(64, 64, 64), kernel_sizes=(5, 5, 5)),
        adapter=adapter,
        augment=augment,
        pooling="mean_max",
        epochs=options.epochs or epochs,
        batch_size=batch_size,
        validation_fraction=0,  # few clips: all are used for training
        n_members=options.members,
        random_state=options.seed,
        verbose=1,
    )
    start = time.perf_counter()
    classifier.fit(train)
    seconds = time.perf_counter() - start
    predicted = classifier.predict(test.X)
    print(f"\n{'':<34}{'accuracy':>9}{'macro-F1':>10}{'fit s':>8}")
    ours = print_row("convolutional network", test, predicted, seconds)
    baselines = {}
    for name, (features, model) in simple_models().items():
        start = time.perf_counter()
        model.fit(features(train.X, adapter.sampling_rate_hz), train.y)
        seconds = time.perf_counter() - start
        by_model = model.predict(features(test.X, adapter.sampling_rate_hz))
        baselines[name] = print_row(name, test, by_model, seconds)
    print_verdict("accuracy", ours, baselines, ADVICE)
    print_loudest(classifier, test.X[:3])
    if options.picture:
        draw_picture(classifier, test, predicted, options.picture)


if __name__ == "__main__":
    main()
