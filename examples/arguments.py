"""Options that all examples share, and types that check an option before anything is read or trained."""

import argparse
import importlib.util
import os
import pathlib


def new_parser(description, shows, epochs=None, epochs_by_default="as the library chooses"):
    """Return a parser with the options of all examples; the picture shows `shows` in its last panel."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--data", choices=["made-up", "real"], default="made-up")
    parser.add_argument(
        "--epochs", type=whole(1), default=epochs, help=f"passes over the training part; default: {epochs_by_default}"
    )
    parser.add_argument(
        "--picture", metavar="PATH", type=picture, help=f"write a PNG: learning curve, confusion matrix, {shows}"
    )
    parser.add_argument("--seed", type=whole(0, 2**32 - 1), default=0)  # the range that NumPy takes
    return parser


def whole(least, most=None):
    """Return the type of a whole number within bounds."""

    def read(text):
        try:
            number = int(text)
        except ValueError:
            number = None
        if number is None or number < least or (most is not None and number > most):
            bounds = f"from {least} " + ("on" if most is None else f"to {most}")
            raise argparse.ArgumentTypeError(f"a whole number {bounds} is required, got {text!r}")
        return number

    return read


def new_file(text):
    """Check the path of a file to write."""
    path = pathlib.Path(text).resolve()
    if path.exists() and not path.is_file():
        raise argparse.ArgumentTypeError(f"the name of a file is required, got {text!r}")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"the folder {path.parent} of {text!r} does not exist; make it first")
    if not os.access(path.parent, os.W_OK):
        raise argparse.ArgumentTypeError(f"the folder {path.parent} of {text!r} is not writable; name another")
    return text


def picture(text):
    """Check the path of a picture, and that matplotlib is installed."""
    if importlib.util.find_spec("matplotlib") is None:
        raise argparse.ArgumentTypeError("a picture needs matplotlib: pip install matplotlib")
    return new_file(text)
