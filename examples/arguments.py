"""What the examples take on the command line: refused here, before anything is read or trained."""

import argparse
import importlib.util
import os
import pathlib


def whole(least, most=None):
    """Type of a whole number within bounds."""

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
    """Type of the path of a file that can be written."""
    path = pathlib.Path(text).resolve()
    if path.exists() and not path.is_file():
        raise argparse.ArgumentTypeError(f"the name of a file is required, got {text!r}")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"{text!r} would lie in {path.parent}, which does not exist; make it first")
    if not os.access(path.parent, os.W_OK):
        raise argparse.ArgumentTypeError(f"{text!r} would lie in {path.parent}, where you may not write; name another")
    return text


def picture(text):
    """Type of the path of a picture."""
    if importlib.util.find_spec("matplotlib") is None:
        raise argparse.ArgumentTypeError("a picture needs matplotlib: pip install matplotlib")
    return new_file(text)


seed = whole(0, 2**32 - 1)  # what NumPy takes
