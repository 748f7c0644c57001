"""Networks do not answer in a process forked from one that has used them."""

import os

import keras

_users: set[int] = set()


def check_process() -> None:
    """Raise if this process was forked from one that has used a network: TensorFlow and JAX would wait for ever.

    Raises
    ------
    RuntimeError
        The message names ways to start processes that work.
    """
    if keras.backend.backend() == "torch":
        return
    if _users and os.getpid() not in _users:
        raise RuntimeError(
            "a network was used before this process was forked, and would never answer here. Start processes with "
            "multiprocessing.get_context('spawn') or joblib's loky, or load the model in each process."
        )
    _users.add(os.getpid())
