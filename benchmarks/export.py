"""Export every pooling and every encoder, and print how far the answers of the files are from the model's.

    python benchmarks/export.py

An FCN with each pooling, then each encoder at a tenth of its width where it has one, in ONNX, LiteRT and SavedModel. Each file
is run at three lengths, with missing values at the end and inside. Needs ``pip install ".[export]"``.
"""

import argparse
import logging
import os
import tempfile
import warnings

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras

from seqconv import encoders
from seqconv.export import to_litert, to_onnx, to_savedmodel
from seqconv.layers import pooling_names
from seqconv.models import build_classifier

FORMATS = {"ONNX": (to_onnx, ".onnx"), "LiteRT": (to_litert, ".tflite"), "SavedModel": (to_savedmodel, "")}
# Channels that an encoder needs, and lighter forms of the heaviest ones.
CHANNELS = {"deep_lob": 40}
LIGHTER = {
    "alex_net": encoders.AlexNet(dense=(64,)),
    "bank": encoders.Bank(n_steps=160),
    "char_cnn": encoders.CharCNN(32, dense=(64,)),
    "hannun_ecg": encoders.HannunECG(8),
    "hydra": encoders.Hydra(n_groups=8, n_steps=160),
    "interval_quantiles": encoders.IntervalQuantiles(n_steps=160),
    "mini_rocket": encoders.MiniRocket(840, n_steps=160),
    "multi_rocket": encoders.MultiRocket(840, n_steps=160),
    "sinc_net": encoders.SincNet(dense=(64,)),
    "vdcnn": encoders.VDCNN(9, dense=(64,)),
    "vgg": encoders.VGG(11, dense=(64,)),
    "x_res_net1d": encoders.XResNet1D(18),
}


def row(title, model):
    cells = []
    for write, ending in FORMATS.values():
        with tempfile.TemporaryDirectory() as folder:
            try:
                cells.append(f"{write(model, f'{folder}/model{ending}', n_steps=160).largest_difference:.0e}")
            except ValueError as error:
                is_other = "they differ" in str(error)
                cells.append("other answers" if is_other else "no form")
                logging.getLogger("export").info("%s: %s", title, error)
    print("| " + " | ".join([title, *cells]) + " |", flush=True)


def main():
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    for title, models in (
        ("pooling", {name: (encoders.FCN((8, 8), (5, 3)), name, 2) for name in pooling_names()}),
        ("encoder", {name: (LIGHTER.get(name, name), None, CHANNELS.get(name, 1)) for name in encoders.names()}),
    ):
        print(f"\n| {title} | {' | '.join(FORMATS)} |\n|---|{'---|' * len(FORMATS)}")
        for name, (encoder, pooling, n_channels) in models.items():
            keras.utils.set_random_seed(0)
            row(f"`{name}`", build_classifier(encoder, (None, n_channels), 3, pooling=pooling))


if __name__ == "__main__":
    main()
