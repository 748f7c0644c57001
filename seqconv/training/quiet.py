"""Silence where the user asked for none of it."""

import contextlib
import logging


@contextlib.contextmanager
def quiet():
    """Within the block TensorFlow does not warn that new networks are traced, which is what fitting them means."""

    def is_no_talk_of_tracing(record):
        return "triggered tf.function retracing" not in record.getMessage()

    # A function of this block's own: a logger holds one of several that are equal, and loses it with the first.
    logger = logging.getLogger("tensorflow")
    logger.addFilter(is_no_talk_of_tracing)
    try:
        yield
    finally:
        logger.removeFilter(is_no_talk_of_tracing)
