"""Silence where the user asked for none of it."""

import contextlib
import logging


def _is_no_talk_of_tracing(record):
    return "triggered tf.function retracing" not in record.getMessage()


@contextlib.contextmanager
def quiet():
    """Within the block TensorFlow does not warn that new networks are traced, which is what fitting them means."""
    logger = logging.getLogger("tensorflow")
    logger.addFilter(_is_no_talk_of_tracing)
    try:
        yield
    finally:
        logger.removeFilter(_is_no_talk_of_tracing)
