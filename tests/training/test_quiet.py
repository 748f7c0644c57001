import logging

from seqconv.training.quiet import quiet

RETRACING = "5 out of the last 5 calls triggered tf.function retracing"


def is_heard(message):
    logger = logging.getLogger("tensorflow")
    return bool(logger.filter(logger.makeRecord("tensorflow", logging.WARNING, "", 0, message, (), None)))


def test_a_block_inside_another_ends_no_silence_but_its_own():
    with quiet():
        with quiet():
            assert not is_heard(RETRACING) and is_heard("something else")
        assert not is_heard(RETRACING)
    assert is_heard(RETRACING)
