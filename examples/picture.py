"""Draw the picture of the README: three made-up series, coloured by what supports their class.

    python examples/picture.py docs/series.png

The series belong to classes that differ in a short shape, which comes anywhere in noise. The colour shows how much less
probable the class is when the network does not see a stretch.
"""

import argparse

import numpy as np
from arguments import picture
from results import most_telling
from terminal import load_keras

import seqconv


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", type=picture, help="file of the PNG to write")
    path = parser.parse_args(arguments).path
    load_keras()
    from plots import explained_line, pyplot

    series = seqconv.datasets.make_series(400, 100, n_classes=3, unequal=True, random_state=0)
    train, test = series[np.arange(250)], series[np.arange(250, 400)]
    encoder = seqconv.encoders.FCN(filters=(32, 64, 32))
    classifier = seqconv.SeqConvClassifier(encoder, pooling="max", epochs=60, random_state=0, verbose=1)
    predicted = classifier.fit(train.X, train.y).predict(test.X)
    print(f"Accuracy on {len(test)} test cases: {np.mean(predicted == test.y):.3f}")
    figure, axes = pyplot.subplots(1, 3, figsize=(10, 2.6), layout="constrained")
    for name, axis in zip(classifier.classes_, axes, strict=True):
        hits = test[np.flatnonzero((predicted == test.y) & (test.y == name))]
        case, attributions = most_telling(classifier, hits.X, window=5)
        values = hits.X[case][:, 0]
        labels = {"xlabel": "step", "ylabel": "value" if name == 0 else None}
        title = f"class {name}: {len(values)} steps"
        explained_line(axis, np.arange(len(values)), values, attributions[: len(values)], name, title, **labels)
    figure.savefig(path, dpi=110, format="png")
    print(f"Picture: {path}")


if __name__ == "__main__":
    main()
