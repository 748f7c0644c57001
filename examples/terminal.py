"""Quiet start of TensorFlow and progress of a fit, for a terminal and for a file."""

import os
import sys
import tempfile
import time

SECONDS_BETWEEN_LINES = 5


def load_keras():
    """Import Keras without the start-up lines of TensorFlow, which no setting switches off."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as lines:
        os.dup2(lines.fileno(), 2)
        try:
            import keras

            keras.ops.ones(1)  # starts the backend
        except BaseException:
            lines.seek(0)
            os.write(kept, lines.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)


def progress():
    """Return parameters of an estimator that show its fit: a bar on a terminal, else a line every few seconds."""
    if sys.stdout.isatty():
        return {"verbose": 1}
    from keras.callbacks import LambdaCallback

    last = time.monotonic()

    def print_epoch(epoch, logs):
        nonlocal last
        if time.monotonic() - last >= SECONDS_BETWEEN_LINES:
            last = time.monotonic()
            print(f"  fit, epoch {epoch + 1}: loss {logs['loss']:.4f}", flush=True)

    return {"callbacks": [LambdaCallback(on_epoch_end=print_epoch)]}


def escape_unknown_signs():
    """Escape the signs of a text that the terminal cannot show."""
    if hasattr(sys.stdout, "reconfigure"):  # not in a notebook
        sys.stdout.reconfigure(errors="backslashreplace")
