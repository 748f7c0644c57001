"""Base of the augmentations."""

import keras
from keras import ops

from seqconv import arguments
from seqconv.augment.observed import holds_nothing, with_steps


class Augmentation(keras.layers.Layer):
    """Base of the augmentations: nothing happens outside training, and no case loses all that was observed of it.

    A subclass writes `changed`, or `augmented` where targets and weights change too.

    Parameters
    ----------
    rate : float, default=0.5
        Probability that a case is changed, 0 to 1.
    seed : int, optional
        What is drawn comes from it; None takes a seed from Keras's generator when the layer is made.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Attributes
    ----------
    may_hide : bool
        Whether X without a missing value can come out with some, so that a network must know its mask.
    may_empty : bool
        Whether what a case holds could be lost altogether; then such a case stays as it was.
    mixes_cases : bool
        Whether cases are mixed with others, and with them targets and weights.

    Notes
    -----
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, channels), NaN where nothing was observed.
    Backend: all, called outside compiled graphs; x is float32 after training calls.
    """

    may_hide = False
    may_empty = False
    mixes_cases = False
    takes_tokens = False

    def __init__(self, rate=0.5, seed=None, **kwargs):
        super().__init__(autocast=False, **kwargs)
        self.rate = arguments.number("rate", rate, 0, 1)
        self.seed = arguments.whole("seed", seed, 0, 2**31 - 1, optional=True)
        self.seed_generator = keras.random.SeedGenerator(self.seed)
        self.supports_masking = True

    def __call__(self, inputs, *args, **kwargs):
        # Here and not in `call`, whose errors Keras buries in a dump of all that was given.
        if not isinstance(inputs, tuple | list) or len(inputs) != 3:
            raise ValueError(f"{type(self).__name__} takes (x, y, weight), got {_named(inputs)}; give all three.")
        self.check_x(inputs[0])
        return super().__call__(inputs, *args, **kwargs)

    def check_x(self, x):
        """Refuse X of another kind than the layer works on."""
        name, kind = type(self).__name__, keras.backend.standardize_dtype(x.dtype)
        if ("int" in kind) != self.takes_tokens:
            if self.takes_tokens:
                raise TypeError(f"{name} works on token ids, got x of {kind}; leave it out.")
            needed = "numbers with NaN where nothing was observed"
            raise TypeError(f"{name} works on {needed}, got x of {kind} (token ids); TokenDropout is for tokens.")
        if len(x.shape) != 3 and not (self.takes_tokens and len(x.shape) == 2):
            needed = "(batch, steps[, pieces])" if self.takes_tokens else "(batch, steps, channels)"
            raise ValueError(f"{name} requires x of {needed}, got shape {tuple(x.shape)}.")

    def call(self, inputs, training=None):
        x, y, weight = inputs
        if not training:
            return x, y, weight
        return self.augmented(x if self.takes_tokens else ops.cast(x, "float32"), y, weight)

    def augmented(self, x, y, weight):
        """The three after augmentation; here X alone is changed."""
        new = self.changed(x)
        x = with_steps(x, new.shape[1])
        kept = self.kept(new)
        return new if kept is None else ops.where(kept, x, new), y, weight

    def changed(self, x):
        """Every case of X changed; `augmented` chooses among old and new."""
        raise NotImplementedError

    def kept(self, new):
        """Which cases stay as they were, by chance or as nothing of them would be left, bool (batch, 1, 1); None: none."""
        by_chance = self.uniform((new.shape[0], 1, 1)) >= self.rate if self.rate < 1 else None
        if not self.may_empty:
            return by_chance
        empty = holds_nothing(new)
        return empty if by_chance is None else ops.logical_or(by_chance, empty)

    def uniform(self, shape, low=0.0, high=1.0):
        """Numbers drawn uniformly from `low` to below `high`."""
        return keras.random.uniform(shape, low, high, dtype="float32", seed=self.seed_generator)

    def normal(self, shape, mean=0.0, std=1.0):
        """Numbers drawn from a normal distribution."""
        return keras.random.normal(shape, mean, std, dtype="float32", seed=self.seed_generator)

    def get_config(self):
        return super().get_config() | {"rate": self.rate, "seed": self.seed}


def _named(inputs):
    if isinstance(inputs, tuple | list):
        return f"{len(inputs)} parts"
    return f"one array of shape {tuple(inputs.shape)}" if hasattr(inputs, "shape") else type(inputs).__name__
