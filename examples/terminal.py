"""Quiet start of TensorFlow, and text that any terminal can show."""

import os
import sys
import tempfile


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


def escape_unknown_signs():
    """Escape the signs of a text that the terminal cannot show."""
    if hasattr(sys.stdout, "reconfigure"):  # not in a notebook
        sys.stdout.reconfigure(errors="backslashreplace")
