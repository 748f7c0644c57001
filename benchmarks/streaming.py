"""Speed of networks that are fed step by step, and their answers compared with those in one piece.

    python benchmarks/streaming.py speed
    SEQCONV_DATA=... python benchmarks/streaming.py digits beats

``speed`` feeds made-up sound at 16 kHz to a network of the shape of M5, in chunks of 10 to 100 ms. It prints seconds of sound
for each second of the processor, with one thread. The baseline runs the network again on the whole receptive field for each
answer. ``digits`` and ``beats`` train small causal networks, join test cases to one recording, and feed it in chunks.
"""

import os

for name in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
    os.environ.setdefault(name, "1")

import argparse
import platform
import time

import keras
import numpy as np
from sklearn.metrics import balanced_accuracy_score

import seqconv
from seqconv.adapters import AudioAdapter
from seqconv.datasets import load_heartbeats, load_spoken_digits
from seqconv.encoders import FCN, TCN
from seqconv.layers import GlobalMeanPooling1D, MaskedBatchNormalization, MaskedConv1D, MaskedMaxPooling1D
from seqconv.models import streaming

RATE_HZ = 16_000
SECONDS = 5


def raw_audio_network(padding):
    """M5 of Dai and others (2017), table 1, without zeros that look ahead; the last pool is left out."""
    x = first = keras.Input((None, 1))
    for filters, kernel_size, strides in ((128, 80, 4), (128, 3, 1), (256, 3, 1), (512, 3, 1)):
        x = MaskedConv1D(filters, kernel_size, strides, padding, use_bias=False)(x)
        x = keras.layers.ReLU()(MaskedBatchNormalization()(x))
        x = x if filters == 512 else MaskedMaxPooling1D(4)(x)
    return keras.Model(first, keras.layers.Dense(10, activation="softmax")(GlobalMeanPooling1D()(x)))


def benchmark_speed():
    """Print seconds of sound for each second of the processor."""
    sound = np.random.default_rng(0).normal(size=(SECONDS * RATE_HZ, 1)).astype("float32")
    for padding in ("causal", "valid"):
        model = raw_audio_network(padding)
        stream = streaming(model)
        for milliseconds in (10, 20, 50, 100):
            chunk = RATE_HZ * milliseconds // 1000
            ratio = SECONDS / seconds_of(fed, stream, sound, chunk)
            print(f"{padding:7} chunks of {milliseconds:3} ms: {ratio:5.1f} times real time")
        # The least that an answer needs without memory: its receptive field.
        window = sound[None, : stream.first_step + 1] if padding == "valid" else sound[None, :RATE_HZ]
        each = seconds_of(model.predict_on_batch, window)
        print(f"{padding:7} {window.shape[1]} steps again for each answer: {stream.strides / RATE_HZ / each:5.1f}")


def seconds_of(call, *arguments):
    """Seconds of the processor, after a first call that compiles."""
    call(*arguments)
    start = time.process_time()
    call(*arguments)
    return time.process_time() - start


def fed(stream, x, size):
    """Feed a recording in chunks of one size from the start, and join the answers."""
    stream.reset()
    return np.concatenate([stream.feed(x[start : start + size]) for start in range(0, len(x), size)])


def benchmark_digits():
    """Compare on joined spoken digits, as mel bands of 25 ms every 10 ms."""
    data = load_spoken_digits()
    adapter = AudioAdapter(8000, max_seconds=1.0)
    is_test = data.part == "test"
    train, test = np.flatnonzero(~is_test), np.flatnonzero(is_test)
    X = adapter.fit([data.X[i] for i in train]).transform(data.X)
    compare("digits, FCN", FCN((64, 64, 64), padding="causal"), "mean", X, data.y, train, test)
    compare("digits, TCN", TCN(filters=32, depth=5, kernel_size=5), "last", X, data.y, train, test)


def benchmark_beats():
    """Compare on joined beats of the last patients, at 125 Hz."""
    data = load_heartbeats()
    is_known = np.isin(data.y, ["N", "S", "V", "F"])
    is_test = np.isin(data.groups, np.unique(data.groups)[-4:])
    train = np.flatnonzero(~is_test & is_known)
    train = np.random.default_rng(0).permutation(train)
    # At most so many of each class: nine of ten beats are normal.
    train = np.concatenate([train[data.y[train] == label][:800] for label in ("N", "S", "V", "F")])
    test = np.flatnonzero(is_test & is_known)[::20]
    compare("beats, FCN", FCN((32, 32, 32), padding="causal"), "mean", data.X, data.y, train, test)


def compare(name, encoder, pooling, X, y, train, test):
    """Print the mean recall of whole cases and of streams, and the largest difference on a joined recording."""
    model = seqconv.SeqConvClassifier(encoder, pooling=pooling, epochs=10, random_state=0).fit(X[train], y[train])
    network = model.model_
    real = [case[~np.isnan(case).all(axis=1)] for case in X[test]]
    stream = streaming(network)
    answers = np.array([fed(stream, case, 10)[-1] for case in real])
    whole = model.predict_proba(X[test])
    print(
        f"{name}: balanced accuracy {balanced_accuracy_score(y[test], model.predict(X[test])):.4f} whole, "
        f"{balanced_accuracy_score(y[test], model.classes_[answers.argmax(axis=1)]):.4f} streamed, "
        f"one class for all {1 / len(np.unique(y[test])):.4f}, "
        f"largest difference {np.abs(answers - whole).max():.1e}"
    )
    recording = np.concatenate(real[:60])
    features = keras.Model(network.input, network.get_layer("features").output)
    expected = features.predict_on_batch(recording[None])[0]
    found = fed(streaming(features), recording, 7)
    answers, expected_answer = fed(stream, recording, 7), network.predict_on_batch(recording[None])[0]
    print(
        f"{name}: {len(recording)} steps in one piece and in chunks of 7: features differ by "
        f"{np.abs(found - expected).max():.1e} of {np.abs(expected).max():.1f}, the last answer by "
        f"{np.abs(answers[-1] - expected_answer).max():.1e}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="+", choices=("speed", "digits", "beats"))
    print(f"{platform.processor() or platform.machine()}, Keras {keras.__version__} on {keras.backend.backend()}")
    for part in parser.parse_args().parts:
        {"speed": benchmark_speed, "digits": benchmark_digits, "beats": benchmark_beats}[part]()
