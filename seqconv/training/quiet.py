"""Suppress warnings that a user can do nothing about."""

import contextlib
import logging
from collections.abc import Iterator


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Suppress TensorFlow's warning that new networks are traced, which every fit does."""

    def is_not_about_tracing(record):
        return "triggered tf.function retracing" not in record.getMessage()

    # A new function for each block: a logger keeps one of several equal filters, and loses it with the first block.
    logger = logging.getLogger("tensorflow")
    logger.addFilter(is_not_about_tracing)
    try:
        yield
    finally:
        logger.removeFilter(is_not_about_tracing)
