import random
import threading

import pytest

from seqconv.estimators.randomness import random_state_kept
from seqconv.models.landmarks import seeded


def drawn():
    return [random.random() for _ in range(3)]


def test_the_generator_is_left_as_found():
    random.seed(5)
    before = random.getstate()
    with random_state_kept(), seeded(3), random_state_kept():
        drawn()
    assert random.getstate() == before


@pytest.mark.parametrize("block", [random_state_kept, lambda: seeded(None), lambda: seeded(4)])
def test_another_thread_does_not_touch_what_is_seeded(block):
    with seeded(3):
        expected = drawn()
    inside, leave = threading.Event(), threading.Event()

    def other():
        with block():
            inside.set()
            leave.wait(0.2)
            drawn()

    thread = threading.Thread(target=other)
    thread.start()
    inside.wait()
    with seeded(3):
        leave.set()
        thread.join()
        assert drawn() == expected
